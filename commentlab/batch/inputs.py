"""What goes into a batch: files found and chosen, cut into chunks, and told apart by what they hold."""

import hashlib
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import has_magic, iglob
from pathlib import Path

from commentlab import reading

CHUNK = 64
"""Files that become one chunk, on average."""
_LARGEST = 4
"""Chunks of the average size that one chunk may be as large as."""
_HEAVY = 64 << 20
"""Bytes of files from which on a chunk takes no more of them."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """By what a file is known again; `sha256` is None where it could not be read, `bytes` -1 where it was not there."""

    path: str
    bytes: int
    modified: int
    sha256: str | None = None


def find(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, select: Sequence[str] = (), out: Path | None
) -> Iterator[str]:
    """Yield the files that paths name, each of them once: files, folders (with subfolders), and patterns with `**`.

    Args:
        paths: One of them, or many.
        select: Patterns; a file is chosen if its path or its name matches one of them. None chooses all.
        out: The folder that results are written to; it is no input.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    seen: set[str] = set()
    for path in (each for one in given for each in _expanded(os.fspath(one))):
        chosen = not select or any(fnmatch(path, each) or fnmatch(Path(path).name, each) for each in select)
        if chosen and path not in seen and not (out and out in Path(path).parents):
            seen.add(path)
            yield path


def _expanded(path: str) -> Iterator[str]:
    pattern = has_magic(path) and not os.path.lexists(path)
    found = sorted(iglob(path, recursive=True)) if pattern else [path]  # noqa: PTH207 - it may be absolute
    for each in found or [path]:
        yield from (str(file) for file in reading.expand(each))


def chunks(files: Iterable[str], *, whole: bool = False) -> Iterator[list[str]]:
    """Cut a list of files into chunks, or into one if they are a whole.

    Where a chunk ends depends on the name of a file and of its folder, not on its place: a new file changes one chunk,
    not all that follow.
    """
    chunk: list[str] = []
    weight = 0
    for path in files:
        chunk.append(path)
        weight += max(size_of(path), 0)
        full = len(chunk) >= _LARGEST * CHUNK or weight >= _HEAVY
        if not whole and (full or _ends_chunk(path)):
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk


def _ends_chunk(path: str) -> bool:
    return zlib.crc32(os.fsencode("/".join(Path(path).parts[-2:]))) % CHUNK == 0


def size_of(path: str) -> int:
    """Return the bytes of a file, -1 where there is none."""
    return _status(path).bytes


def stamp(path: str) -> Stamp:
    """Return by what a file is known again, its content included."""
    status = _status(path)
    try:
        return Stamp(path=path, bytes=status.bytes, modified=status.modified, sha256=_checksum(path))
    except OSError:
        return status


def unchanged(before: Stamp) -> bool:
    """Tell whether a file is as it was; one that could not be read is not, since that may have been mended.

    Size and time are trusted where both are the same; where only the time differs, the content decides.
    """
    if before.sha256 is None:
        return False
    now = _status(before.path)
    if now.bytes != before.bytes:
        return False
    return now.modified == before.modified or stamp(before.path).sha256 == before.sha256


def _status(path: str) -> Stamp:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return Stamp(path=path, bytes=-1, modified=-1)
    return Stamp(path=path, bytes=found.st_size, modified=found.st_mtime_ns)


def _checksum(path: str) -> str | None:
    if not stat.S_ISREG(Path(path).stat().st_mode):
        return None
    with Path(path).open("rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
