"""What is done to names before anything is written: how, with which key, and who is left out."""

import csv
import hmac
import io
import os
import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from commentlab.errors import OptionError, UnreadableError

Authors = Literal["keep", "pseudonym", "drop"]
KEY = "pseudonym.key"
EXCLUDED = "excluded.csv"
COLUMNS = ("author", "thread_id", "comment_id")
"""Columns of an exclusion list: an author, or a thread, or a comment of a thread in each row."""
PSEUDONYM = re.compile(r"person-[a-z2-7]{10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Who and what is left out; authors by their name in one spelling, or by their pseudonym."""

    authors: frozenset[str] = frozenset()
    threads: frozenset[str] = frozenset()
    comments: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: "Excluded") -> "Excluded":
        """Return what one of both leaves out."""
        return Excluded(
            authors=self.authors | other.authors,
            threads=self.threads | other.threads,
            comments=self.comments | other.comments,
        )

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.authors or self.threads or self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is done to names before anything is written; the key is empty where none is needed."""

    authors: Authors = "keep"
    key: bytes = b""
    excluded: Excluded = field(default_factory=Excluded)

    def leaves_out(self, name: str | None) -> bool:
        """Tell whether somebody of this name is left out."""
        known = self.excluded.authors
        return bool(name and known) and (spelled(name or "") in known or pseudonym(name or "", self.key) in known)


def cover_for(
    folder: Path | None,
    *,
    authors: Authors = "pseudonym",
    key: str | os.PathLike[str] | None = None,
    exclude: str | os.PathLike[str] | None = None,
) -> Cover:
    """Return how to cover names in what is written into a folder.

    Args:
        folder: Where `pseudonym.key` lies, or is made, and what must not come back is listed in `excluded.csv`. None
            means that nothing is kept: pseudonyms are others the next time.
        authors: `keep`, `pseudonym` or `drop`.
        key: Another file that holds the key, or shall.
        exclude: An exclusion list: a CSV file with columns `author`, `thread_id`, `comment_id`.

    Raises:
        OptionError: There is no such way to treat authors, or a list has other columns.
        UnreadableError: A file cannot be read or written.
    """
    if authors not in get_args(Authors):
        raise OptionError(f"unknown way to treat authors {authors!r}; there are {', '.join(get_args(Authors))}")
    excluded = exclusions(Path(exclude)) if exclude else Excluded()
    if folder and (folder / EXCLUDED).exists():
        excluded |= exclusions(folder / EXCLUDED)
    if authors != "pseudonym" and not excluded:
        return Cover(authors=authors)
    place = Path(key) if key else folder / KEY if folder else None
    return Cover(authors=authors, key=key_in(place) if place else secrets.token_bytes(32), excluded=excluded)


def key_in(path: Path) -> bytes:
    """Return the key in a file, which is made where there is none, for the eyes of its owner alone.

    Raises:
        UnreadableError: It cannot be read or written, or holds no key.
    """
    try:
        if not path.exists():
            _put(path, secrets.token_hex(32) + "\n")
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise UnreadableError(str(path), f"the key cannot be written or read: {error.strerror or error}") from error
    except ValueError:
        key = b""
    if len(key) < 16:
        raise UnreadableError(str(path), "it holds no key (hexadecimal digits); remove it, and names change theirs")
    return key


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of a name, the same however it is capitalised and spaced: 50 bits of an HMAC."""
    digest = hmac.digest(key, spelled(name).encode("utf-8", "replace"), "sha256")
    return f"person-{b32encode(digest)[:10].decode().lower()}"


def exclusions(path: Path) -> Excluded:
    """Read an exclusion list.

    Raises:
        OptionError: It has none of the columns.
        UnreadableError: It cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            found = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in table]
            columns = set(table.fieldnames or ())
    except (OSError, ValueError, csv.Error) as error:
        raise UnreadableError(str(path), f"the exclusion list cannot be read: {error}") from error
    if not columns & set(COLUMNS):
        raise OptionError(f"{path}: an exclusion list has the columns {', '.join(COLUMNS)}; name them in its first row")
    if lonely := next((row["comment_id"] for row in found if row["comment_id"] and not row["thread_id"]), None):
        raise OptionError(f"{path}: comment {lonely!r} needs its thread_id beside it")
    return Excluded(
        authors=frozenset(spelled(row["author"]) for row in found if row["author"]),
        threads=frozenset(row["thread_id"] for row in found if row["thread_id"] and not row["comment_id"]),
        comments=frozenset((row["thread_id"], row["comment_id"]) for row in found if row["comment_id"]),
    )


def exclude_also(path: Path, more: Excluded) -> Excluded:
    """Add to an exclusion list, and return all of it."""
    every = (exclusions(path) if path.exists() else Excluded()) | more
    rows = [(author, "", "") for author in sorted(every.authors)]
    rows += [("", thread, "") for thread in sorted(every.threads)]
    rows += [("", thread, comment) for thread, comment in sorted(every.comments)]
    table = io.StringIO(newline="")
    csv.writer(table).writerows([COLUMNS, *rows])
    try:
        _put(path, table.getvalue())
    except OSError as error:
        raise UnreadableError(str(path), f"it cannot be written: {error.strerror or error}") from error
    return every


def _put(path: Path, content: str) -> None:
    """Write a file for the eyes of its owner alone, which appears whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def spelled(name: str) -> str:
    """Return a name in the one spelling that all its spellings share: whatever its capitals and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
