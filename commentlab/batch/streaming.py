"""Standard input as documents, one discussion after another where its lines allow it: the first comes at once."""

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from commentlab import reading
from commentlab.documents import LINE
from commentlab.errors import CommentlabError
from commentlab.plugin import Source
from commentlab.unpacking import HEAD, source_of

NAME = "<stdin>"
_BLOCK = 1 << 20


def documents(stream: IO[bytes]) -> Iterator[Source]:
    """Yield the documents in a stream.

    JSON lines that hold a whole discussion each, and those that commentlab writes (`read --format jsonl`, the table of
    comments), are documents as soon as they are there. Anything else is kept in a temporary file and read as one.
    """
    first = stream.readline(LINE)
    row = _row(first)
    if row and "thread_id" in row and ("record" in row or "comment_id" in row):
        yield from _own(first, stream)
    elif row and first.endswith(b"\n") and _is_discussion(first):
        for number, line in enumerate(_lines(first, stream), 1):
            yield _held(f"{NAME} line {number}", line)
    else:
        yield from _whole(first, stream)


def _own(first: bytes, stream: IO[bytes]) -> Iterator[Source]:
    """Yield the threads of our own lines, which stand together; as a list, since one line alone is no table."""
    rows = ((str((_row(line) or {}).get("thread_id")), line) for line in _lines(first, stream))
    for thread, group in groupby(rows, key=lambda pair: pair[0]):
        yield _held(f"{NAME} thread {thread}", b"[" + b",".join(line for _, line in group) + b"]")


def _lines(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    line = first
    while line:
        if line.strip():
            yield line
        line = stream.readline(LINE)


def _row(line: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        return value if isinstance(value, dict) else None
    return None


def _is_discussion(line: bytes) -> bool:
    """Tell whether a line by itself is a discussion, not one comment of a table."""
    with suppress(CommentlabError):
        thread = next(reading.threads_of(_held(NAME, line)))
        told = thread.post.title or thread.post.text or len(thread.comments) > 1
        return bool(told) and thread.reader != "tables"
    return False


def _held(name: str, data: bytes) -> Source:
    return Source(name=name, head=data[:HEAD], open=partial(io.BytesIO, data), size=len(data))


def _whole(first: bytes, stream: IO[bytes]) -> Iterator[Source]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as kept:
            kept.write(first)
            while block := stream.read(_BLOCK):
                kept.write(block)
        yield source_of(NAME, lambda: path.open("rb"), path.stat().st_size)
