"""What was opened in the dashboard, kept so that a restart finds it again: a file for each thing, for its owner alone.

A file is a line of JSON and, behind it, the bytes of what was uploaded or pasted. It is named by a checksum of all of
it, so what is damaged, or lies there for another reason, is told by its name and passed over.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from commentlab import labelstore
from commentlab.errors import CommentlabError, UnreadableError

FOLDER = "opened"
"""Folder, in `labelstore.home()`, of what was opened."""
MOST = 16
"""Things that are kept at most."""
LIMIT = 64 << 20
"""Bytes that they have together at most."""

_ASIDE = ".part"
"""Suffix of a file that is not whole yet."""
_FILE = re.compile(rf"[0-9a-f]{{32}}({re.escape(_ASIDE)})?")


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that was opened: what JSON can say of it, and the bytes that came with it."""

    about: Any
    contents: tuple[bytes, ...]

    @cached_property
    def name(self) -> str:
        """The checksum by which it is found: the same for the same thing, on any machine."""
        return _checksum(*self.parts)

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The parts of its file."""
        head = {"about": self.about, "sizes": list(map(len, self.contents))}
        return (json.dumps(head).encode("ascii") + b"\n", *self.contents)


def keep(thing: Thing) -> None:
    """Keep a thing as the newest; the oldest go where there are more than `MOST`, or more bytes than `LIMIT`.

    What has more bytes than that by itself is not kept.

    Raises:
        CommentlabError: The folder cannot be written.
    """
    if sum(map(len, thing.parts)) > LIMIT:
        return
    path = _folder() / thing.name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(path, thing.parts)
        kept = sorted(_files(path.parent), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        sizes = accumulate(each.stat().st_size for each in kept)
        for place, (old, size) in enumerate(zip(kept, sizes, strict=True)):
            if place >= MOST or size > LIMIT:
                old.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def find(name: str) -> Thing | None:
    """Return the thing of a name; None where there is none, or it is damaged."""
    if not re.fullmatch(r"[0-9a-f]{32}", name):  # it comes from an address
        return None
    try:
        path = _folder() / name
        data = path.read_bytes() if path.is_file() and path.stat().st_size <= LIMIT else b""
        if _checksum(data) != name:
            return None
        head, _, rest = data.partition(b"\n")
        told = json.loads(head)
        spans = pairwise(accumulate(told["sizes"], initial=0))
        return Thing(about=told["about"], contents=tuple(rest[start:end] for start, end in spans))
    except (CommentlabError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def forget() -> int:
    """Delete all that is kept, and return how many things that were.

    Raises:
        CommentlabError: Something cannot be deleted.
    """
    folder, count = _folder(), 0
    try:
        for path in list(_files(folder)):
            path.unlink(missing_ok=True)
            count += path.suffix != _ASIDE
    except OSError as error:
        raise _unwritable(folder, error) from error
    return count


def _folder() -> Path:
    return labelstore.home() / FOLDER


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is ours in the folder."""
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from (path for path in folder.iterdir() if _FILE.fullmatch(path.name) and not path.is_dir())


def _put(path: Path, parts: tuple[bytes, ...]) -> None:
    """Write a file for the eyes of its owner alone, which appears whole or not at all."""
    aside = path.with_suffix(_ASIDE)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.writelines(parts)
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _checksum(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _unwritable(folder: Path, error: OSError) -> UnreadableError:
    reason = f"what was opened cannot be kept or deleted there ({error.strerror or error})"
    return UnreadableError(str(folder), f"{reason}; free the folder, or delete it")
