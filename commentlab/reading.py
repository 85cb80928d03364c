"""From a path or bytes to threads: open, rank the readers by `sniff`, try them until one yields, repair, link."""

import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commentlab import links, plugin, structure, unpacking
from commentlab.errors import InputError, OptionError, UnknownFormatError, UnreadableError
from commentlab.plugin import Clue, Format, Reader, Source
from commentlab.records import Failure, Problem, Thread

_log = logging.getLogger("commentlab")

Input = str | os.PathLike[str] | bytes | Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A reader that was considered for a source: its clue, and what came of it ("read", "no thread", "not tried")."""

    reader: str
    clue: Clue
    outcome: str


def read(source: Input, *, reader: str | None = None, timezone: str | tzinfo | None = None) -> list[Thread]:
    """Read every discussion in a file, a folder or bytes.

    Args:
        source: A path (`str` or `PathLike`; a folder is read recursively) or the content itself (`bytes`). Never an
            address on a network.
        reader: Name of the reader to use (`commentlab formats` lists them); None tries those that recognise the source.
        timezone: Zone of dates that state none (an IANA name or a `tzinfo`); UTC is assumed, and said so, without it.

    Returns:
        The threads, repaired: parents exist, ids are unique, nothing answers itself.

    Raises:
        UnreadableError: The source cannot be opened or is no text.
        UnknownFormatError: No reader finds a discussion in it.
    """
    return list(iter_threads(source, reader=reader, timezone=timezone))


def iter_threads(source: Input, *, reader: str | None = None, timezone: str | tzinfo | None = None) -> Iterator[Thread]:
    """Do what `read` does, one thread at a time: of a big export only one thread is in memory.

    Of several files the bad ones are left out with a warning in the log `commentlab`, unless none can be read.
    """
    errors: list[InputError] = []
    found = False
    for result in _results([source], reader, timezone):
        if isinstance(result, InputError):
            errors.append(result)
        else:
            found = True
            yield result
    if errors and not found:
        raise errors[0]
    for error in errors:
        _log.warning("left out: %s", error)


def iter_results(
    inputs: Iterable[Input],
    *,
    reader: str | None = None,
    timezone: str | tzinfo | None = None,
    trails: dict[str, list[Attempt]] | None = None,
) -> Iterator[Thread | Failure]:
    """Read many inputs; one that cannot be read becomes a `Failure` and the rest goes on.

    `trails` collects, by the name of the source, which readers were considered.
    """
    for result in _results(inputs, reader, timezone, trails):
        yield Failure(source=result.source, error=str(result)) if isinstance(result, InputError) else result


def _results(
    inputs: Iterable[Input],
    reader: str | None,
    timezone: str | tzinfo | None,
    trails: dict[str, list[Attempt]] | None = None,
) -> Iterator[Thread | InputError]:
    for source in sources(inputs, timezone=timezone):
        if isinstance(source, InputError):
            yield source
            continue
        trail = trails.setdefault(source.name, []) if trails is not None else None
        try:
            yield from threads_of(source, reader=reader, trail=trail)
        except InputError as error:
            yield error


def sources(inputs: Iterable[Input], *, timezone: str | tzinfo | None = None) -> Iterator[Source | InputError]:
    """Yield the documents in files, folders and containers, and an error for what cannot be opened."""
    for each in (each for given in inputs for each in expand(given)):
        try:
            opened = open_source(each, timezone=timezone)
        except InputError as error:
            yield error
        else:
            yield from unpacking.unpack(opened)


def expand(given: Input) -> Iterator[Input]:
    """Yield the files of a folder, its subfolders' too, by name and without hidden ones; anything else as it is."""
    if not isinstance(given, str | os.PathLike) or not Path(given).is_dir():
        yield given
        return
    for base, folders, names in os.walk(given):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(base) / name for name in sorted(names) if not name.startswith("."))


def open_source(given: Input, *, timezone: str | tzinfo | None = None) -> Source:
    """Open a file or bytes; only the first bytes are read here."""
    if isinstance(given, Source):
        return given
    zone = _zone(timezone)
    if isinstance(given, bytes):
        opened = unpacking.source_of("<bytes>", lambda: io.BytesIO(given), len(given))
    else:
        path = Path(given)
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError as error:
            raise UnreadableError(
                str(path), f"{error.strerror or error}; check the path and its permissions"
            ) from error
        opened = unpacking.source_of(str(path), lambda: path.open("rb"), size)
    return replace(opened, timezone=zone)


def standard_input(timezone: str | tzinfo | None = None) -> Source:
    """Read standard input to its end and return it as a source."""
    data = sys.stdin.buffer.read()
    opened = unpacking.source_of("<stdin>", lambda: io.BytesIO(data), len(data))
    return replace(opened, timezone=_zone(timezone))


def threads_of(source: Source, *, reader: str | None = None, trail: list[Attempt] | None = None) -> Iterator[Thread]:
    """Yield the threads of one source by the first reader that finds any; `trail` collects what was considered."""
    trail = [] if trail is None else trail
    ranked = [_named(reader)] if reader else rank(source)
    for position, (candidate, clue) in enumerate(ranked):
        name = candidate.FORMAT.name
        found = candidate.read(source)
        try:
            first = next(found, None)
        except RecursionError as error:
            raise UnreadableError(source.name, "it is nested too deeply to be read") from error
        trail.append(Attempt(reader=name, clue=clue, outcome="read" if first else "no thread"))
        if first is not None:
            trail += [Attempt(reader=r.FORMAT.name, clue=c, outcome="not tried") for r, c in ranked[position + 1 :]]
            yield from (finish(thread, candidate.FORMAT, source) for thread in chain([first], found))
            return
    raise UnknownFormatError(source.name, _nothing_found(reader))


def rank(source: Source) -> list[tuple[Reader, Clue]]:
    """Return the readers that recognise a source, the surest first."""
    clues = [(reader, reader.sniff(source)) for reader in plugin.readers().values()]
    ranked = [(reader, clue) for reader, clue in clues if clue]
    return sorted(ranked, key=lambda pair: (-pair[1].score, pair[0].FORMAT.name))


def finish(thread: Thread, format: Format, source: Source) -> Thread:
    """Repair what a reader delivered; where the form cannot state replies, infer them.

    Where it can, `read` keeps to what the source says, and `score` infers the rest.
    """
    if source.url and not thread.post.url:
        thread = replace(thread, post=replace(thread.post, url=source.url))
    comments, problems = structure.repair(thread.comments)
    thread = replace(thread, comments=comments, problems=(*thread.problems, *problems))
    if thread.declared_count is not None and thread.declared_count != len(comments):
        message = f"the source announces {thread.declared_count} comments, {len(comments)} were found"
        thread = replace(thread, problems=(*thread.problems, Problem(code="count-differs", message=message)))
    return thread if format.states_replies else links.infer(thread)


def _zone(timezone: str | tzinfo | None) -> tzinfo | None:
    if not isinstance(timezone, str):
        return timezone
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise OptionError(f"unknown time zone {timezone!r}; give an IANA name such as Europe/Berlin") from error


def _named(name: str) -> tuple[Reader, Clue]:
    try:
        return plugin.readers()[name], Clue(score=1.0, why="it was asked for")
    except KeyError:
        raise OptionError(f"unknown reader {name!r}; there are {', '.join(plugin.readers())}") from None


def _nothing_found(reader: str | None) -> str:
    if reader:
        return f"the reader {reader!r} finds no discussion in it; leave the reader out to try all of them"
    return "no reader finds a discussion in it; `commentlab formats` lists what can be read"
