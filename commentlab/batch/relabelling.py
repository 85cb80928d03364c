"""Labels for what people mended in a thread of a result, by the models that labelled the rest of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commentlab import scoring
from commentlab.batch import labelling, stores
from commentlab.batch.options import DEFAULTS, Options, completed
from commentlab.batch.shards import Folder
from commentlab.errors import CommentlabError
from commentlab.records import ScoredThread, Thread


def score_again(folder: Path, scored: ScoredThread, thread: Thread) -> ScoredThread:
    """Label anew what people changed in a thread of a result, as its run labelled the rest; its tables stay the same.

    Where the models or the scheme of the run are not those here, what was changed has no labels (`scoring.MENDED`).

    Args:
        folder: The folder that `run_batch` wrote.
        scored: The thread as the tables have it.
        thread: The same thread, mended.
    """
    options = _options(Folder(store=stores.at(folder), format="parquet").manifest() or {})
    if options is None:
        return scoring.score_again(scored, thread, {})
    asked = labelling.classifiers(options)
    return scoring.score_again(scored, thread, asked, accepted_error=options["accepted_error"])


def _options(manifest: Mapping[str, Any]) -> Options | None:
    """Return the options of a run; None where they would not lead to the same models here, or none are stated."""
    try:
        stated = manifest["options"]
        options = completed({name: stated[name] for name in DEFAULTS})  # type: ignore[arg-type]
        here = labelling.versions(options)
        return options if all(here[name] == manifest[name] for name in ("models", "scheme")) else None
    except (CommentlabError, KeyError, TypeError):  # somebody else may have written it
        return None
