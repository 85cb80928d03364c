"""From a path or bytes to threads: open, rank the readers by `sniff`, try until one yields, merge, repair, link."""

import io
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commentlab import links, merging, plugin, structure, unpacking
from commentlab.errors import InputError, OptionError, UnknownFormatError, UnreadableError
from commentlab.plugin import Clue, Reader, Source
from commentlab.records import Failure, Problem, Thread

_log = logging.getLogger("commentlab")

Input = str | os.PathLike[str] | bytes | Source
Merge = Callable[[Iterable[Thread]], Iterable[Thread]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A reader that was considered for a source: its clue, and what came of it ("read", "no thread", "not tried")."""

    reader: str
    clue: Clue
    outcome: str


def read(
    source: Input, *, reader: str | None = None, timezone: str | tzinfo | None = None, merge: bool = False
) -> list[Thread]:
    """Read every discussion in a file, a folder or bytes; what several files hold of one is one thread.

    Args:
        source: A path (`str` or `PathLike`; a folder is read recursively) or the content itself (`bytes`). Never an
            address on a network.
        reader: Name of the reader to use (`commentlab formats` lists them); None tries those that recognise the source.
        timezone: Zone of dates that state none (an IANA name or a `tzinfo`); UTC is assumed, and said so, without it.
        merge: The files are said to belong together: what is alike in address, title or comments is one discussion.
            Without it only those are merged whose ids prove it.

    Returns:
        The threads, repaired: parents exist, ids are unique, nothing answers itself.

    Raises:
        UnreadableError: The source cannot be opened or is no text.
        UnknownFormatError: No reader finds a discussion in it.
    """
    return list(_raising(_results([source], reader, timezone, merging.merge if merge else merging.merge_proven)))


def iter_threads(source: Input, *, reader: str | None = None, timezone: str | tzinfo | None = None) -> Iterator[Thread]:
    """Do what `read` does, one thread at a time: of a big export only one thread is in memory.

    So files are not merged. Of several files the bad ones are left out with a warning in the log `commentlab`, unless
    none can be read.
    """
    return _raising(_results([source], reader, timezone, iter))


def _raising(results: Iterable[Thread | InputError]) -> Iterator[Thread]:
    errors: list[InputError] = []
    found = False
    for result in results:
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
    merge: bool = False,
    trails: dict[str, list[Attempt]] | None = None,
) -> Iterator[Thread | Failure]:
    """Read many inputs; one that cannot be read becomes a `Failure` and the rest goes on.

    With `merge` all of them are read before the first thread is given, and merged as `read` says; without, each thread
    is given as it is read. `trails` collects, by the name of the source, which readers were considered.
    """
    for result in _results(inputs, reader, timezone, merging.merge if merge else iter, trails):
        yield Failure(source=result.source, error=str(result)) if isinstance(result, InputError) else result


def _results(
    inputs: Iterable[Input],
    reader: str | None,
    timezone: str | tzinfo | None,
    merge: Merge,
    trails: dict[str, list[Attempt]] | None = None,
) -> Iterator[Thread | InputError]:
    errors: list[InputError] = []
    opened = sources(inputs, timezone=timezone)
    for thread in merge(_delivered(opened, reader, errors, trails)):
        yield from errors
        errors.clear()
        yield finish(thread)
    yield from errors


def _delivered(
    opened: Iterable[Source | InputError],
    reader: str | None,
    errors: list[InputError],
    trails: dict[str, list[Attempt]] | None,
) -> Iterator[Thread]:
    for source in opened:
        if isinstance(source, InputError):
            errors.append(source)
            continue
        trail = trails.setdefault(source.name, []) if trails is not None else None
        try:
            yield from threads_of(source, reader=reader, trail=trail)
        except InputError as error:
            errors.append(error)
        except RecursionError:
            errors.append(UnreadableError(source.name, "it is nested too deeply to be read"))
        except unpacking.BROKEN as error:
            errors.append(UnreadableError(source.name, f"it breaks off: {error}; fetch or copy it again"))


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
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # opening a pipe waits for somebody to write into it
                raise UnreadableError(str(path), "it is no regular file (a pipe, a device?); save it to one")
            path.open("rb").close()
        except OSError as error:
            raise UnreadableError(
                str(path), f"{error.strerror or error}; check the path and its permissions"
            ) from error
        opened = unpacking.source_of(str(path), lambda: path.open("rb"), status.st_size)
    return replace(opened, timezone=zone)


def standard_input(timezone: str | tzinfo | None = None) -> Source:
    """Read standard input to its end and return it as a source."""
    data = sys.stdin.buffer.read()
    opened = unpacking.source_of("<stdin>", lambda: io.BytesIO(data), len(data))
    return replace(opened, timezone=_zone(timezone))


def threads_of(source: Source, *, reader: str | None = None, trail: list[Attempt] | None = None) -> Iterator[Thread]:
    """Yield the threads of one source as the first reader delivers them that finds any; they are not finished yet.

    `trail` collects which readers were considered.
    """
    trail = [] if trail is None else trail
    ranked = [_named(reader)] if reader else rank(source)
    for position, (candidate, clue) in enumerate(ranked):
        name = candidate.FORMAT.name
        found = candidate.read(source)
        first = next(found, None)
        trail.append(Attempt(reader=name, clue=clue, outcome="read" if first else "no thread"))
        if first is not None:
            trail += [Attempt(reader=r.FORMAT.name, clue=c, outcome="not tried") for r, c in ranked[position + 1 :]]
            yield from (_addressed(thread, source) for thread in chain([first], found))
            return
    raise UnknownFormatError(source.name, _nothing_found(reader))


def rank(source: Source) -> list[tuple[Reader, Clue]]:
    """Return the readers that recognise a source, the surest first."""
    clues = [(reader, reader.sniff(source)) for reader in plugin.readers().values()]
    ranked = [(reader, clue) for reader, clue in clues if clue]
    return sorted(ranked, key=lambda pair: (-pair[1].score, pair[0].FORMAT.name))


def _addressed(thread: Thread, source: Source) -> Thread:
    """Give a post that states no address the one from which an archive has it."""
    return replace(thread, post=replace(thread.post, url=source.url)) if source.url and not thread.post.url else thread


def finish(thread: Thread) -> Thread:
    """Repair what readers delivered; where the form cannot state replies, infer them.

    Where it can, `read` keeps to what the source says, and `score` infers the rest.
    """
    comments, problems = structure.repair(thread.comments)
    thread = replace(thread, comments=comments, problems=(*thread.problems, *problems))
    if thread.declared_count is not None and thread.declared_count != len(comments):
        message = f"the source announces {thread.declared_count} comments, {len(comments)} were found"
        thread = replace(thread, problems=(*thread.problems, Problem(code="count-differs", message=message)))
    return thread if plugin.readers()[thread.reader].FORMAT.states_replies else links.infer(thread)


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
