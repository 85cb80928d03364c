"""Loads what the first page needs in the background, while the server starts and the browser loads the page."""

from threading import Thread


def begin() -> None:
    """Begin to load it; nothing waits for the end, and nobody needs it: the page loads for itself what is not there."""
    Thread(target=_load, name="warming", daemon=True).start()


def _load() -> None:
    # Modules, names of months and languages, lists of words, all of which are loaded when they are first used.
    from commentlab import insight, reading
    from commentlab.dashboard import charts, loading, prepared  # noqa: F401 - every page draws charts
    from commentlab.frames import to_frames

    known = prepared.labelled(reading.read(loading.SAMPLE)[0])
    if known:
        insight.findings(to_frames([known]))
