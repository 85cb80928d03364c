"""JSON as exports and APIs leave it: whole, cut off, one value a line, or recorded with the HTTP headers before it.

What was cut is read up to the cut. Nothing here knows a format.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from commentlab import text
from commentlab.errors import UnreadableError
from commentlab.plugin import Clue, Source
from commentlab.records import Problem

LIMIT = 256 * 2**20
"""Bytes of the largest document that is parsed whole."""
LINE = 16 * 2**20
"""Bytes of the longest line of a file that holds one value a line."""

_HEADERS = re.compile(r"\s*(?:HTTP/\d(?:\.\d)? \d{3}.*?\r?\n\r?\n)+", re.S)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|[{}\[\],]', re.S)
_MARGIN = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
_CLOSING = {"{": "}", "[": "]"}
_DECODER = json.JSONDecoder(strict=False)
_CUT = "the file ends or breaks off in the middle; what stands after that is missing; export it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A JSON value; `follows` says that other values come after it, `problems` what was missing."""

    value: Any
    follows: bool = False
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=4)
def peek(source: Source) -> Document:
    """Parse the first bytes of a source, as far as they go; the value is None where they are no JSON."""
    begins = source.head[:200].lstrip(_MARGIN)[:1] in (b"{", b"[", b"H")
    return (_parse(_json(source.head)) if begins else None) or Document(value=None)


def clue(source: Source, why: str, *paths: str, score: float = 0.97) -> Clue | None:
    """Return a clue that says `why` if the first value of a source holds something at each of the paths.

    A path is keys joined by dots; `*` stands for each of the first elements of a list.
    """
    value = peek(source).value
    return Clue(score=score, why=why) if all(has(value, path) for path in paths) else None


def whole(source: Source) -> Document:
    """Parse a source as one JSON value; one that was cut gives what stands before the cut.

    Raises:
        UnreadableError: It is larger than `LIMIT`, or no JSON.
    """
    with source.open() as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        way_out = "split it, or export it with one JSON value a line"
        raise UnreadableError(source.name, f"JSON of more than {LIMIT >> 20} MB; {way_out}")
    document = _parse(_json(data))
    if document is None:
        raise UnreadableError(source.name, "it is no JSON, or nested too deeply; export it again")
    return document


def records(source: Source, problems: list[Problem], within: str = "") -> Iterator[dict[str, Any]]:
    """Yield the objects of a file that holds one a line, or the elements of one list, or one object alone.

    Args:
        source: What is read; one value a line is streamed.
        problems: Collects what was wrong.
        within: Path of the list inside an API's envelope.
    """
    found = lines(source, problems) if peek(source).follows else _elements(source, problems, within)
    yield from objects(found, problems)


def objects(values: Iterable[Any], problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects among some values; each other value becomes a problem."""
    for number, value in enumerate(values, 1):
        if isinstance(value, dict):
            yield value
        else:
            problems.append(no_object(number, value))


def no_object(number: int, value: Any) -> Problem:
    """Return the problem of an entry that is no JSON object; entries count from 1."""
    shown = text.shorten(repr(value)[:100], 40)
    return Problem(code="bad-comment", message=f"entry {number} is no comment ({shown}); it is left out")


def _elements(source: Source, problems: list[Problem], within: str) -> list[Any]:
    document = whole(source)
    problems += document.problems
    inner = get(document.value, within) if within else None
    value = document.value if inner is None else inner
    return value if isinstance(value, list) else [value]


def lines(source: Source, problems: list[Problem]) -> Iterator[Any]:
    """Yield the value of each line; one that is no JSON becomes a problem."""
    number = 0
    with source.open() as stream:
        while line := stream.readline(LINE):
            number += 1
            if not line.strip(b" \t\r\n\xef\xbb\xbf"):
                continue
            try:
                yield _DECODER.decode(text.decode(line)[0].strip())
            except (ValueError, RecursionError):
                cut = not line.endswith(b"\n")
                message = _CUT if cut else f"line {number} is no JSON; it is left out"
                problems.append(Problem(code="cut" if cut else "bad-line", message=message))


def grouped(rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Gather rows by their key, keys and rows in order of appearance.

    The rows wait in a temporary database, which lives on disk once it is larger than a few megabytes, so that of a
    big file only one group is in memory.
    """
    with closing(sqlite3.connect("", check_same_thread=False)) as store:
        store.execute("CREATE TABLE line (key TEXT, value TEXT)")
        written = ((key, json.dumps(value, default=str)) for key, value in rows)
        store.executemany("INSERT INTO line VALUES (?, ?)", written)
        store.execute("CREATE INDEX by_key ON line (key)")
        for (key,) in store.execute("SELECT key FROM line GROUP BY key ORDER BY MIN(rowid)"):
            found = store.execute("SELECT value FROM line WHERE key = ? ORDER BY rowid", (key,))
            yield key, [json.loads(value) for (value,) in found]


def get(value: Any, paths: str) -> Any:
    """Return what stands at the first of the paths (separated by spaces) that holds something; None if none does.

    A path is keys joined by dots; a number picks an element of a list.
    """
    for path in _steps(paths):
        found = value
        for key in path:
            if isinstance(found, dict):
                found = found.get(key)
            else:
                found = found[int(key)] if isinstance(found, list) and key.isdigit() and int(key) < len(found) else None
        if found is not None and found not in ("", [], {}):
            return found
    return None


@cache
def _steps(paths: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(path.split(".")) for path in paths.split())


def has(value: Any, path: str) -> bool:
    """Tell whether the keys of a path are there, whatever they hold; `*` is any of the first elements of a list."""
    found = [value]
    for key in path.split("."):
        if key == "*":
            found = [inner for each in found if isinstance(each, list) for inner in each[:20]]
        else:
            found = [each[key] for each in found if isinstance(each, dict) and key in each]
    return bool(found)


def walk(items: Any, replies: str) -> Iterator[tuple[Any, Any]]:
    """Yield each item of a tree with the item above it (None at the top), parents first; `replies` are paths."""
    stack = [(item, None) for item in reversed(listed(items))]
    while stack:
        item, above = stack.pop()
        yield item, above
        stack.extend((reply, item) for reply in reversed(listed(get(item, replies))))


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def _json(data: bytes) -> str:
    """Return the text of JSON without the headers of the HTTP response that it may have been recorded with."""
    content = text.decode(data)[0]
    headers = _HEADERS.match(content[:20_000])
    return content[headers.end() :].lstrip() if headers else content.lstrip("\ufeff \t\r\n")


def _parse(content: str) -> Document | None:
    if content[:1] not in ("{", "["):
        return None
    try:
        value, end = _DECODER.raw_decode(content)
        return Document(value=value, follows=content[end : end + 100].lstrip().startswith("{"))
    except json.JSONDecodeError as error:
        return _mended(content[: error.pos])
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
        return None


def _mended(content: str) -> Document | None:
    """Parse what stands before the place where JSON breaks off, up to its last complete value."""
    opened: list[str] = []
    end = 0
    for piece in _PIECE.finditer(content):
        mark = piece[0]
        if mark in "{[":
            opened.append(_CLOSING[mark])
        elif mark in "}]" and opened:
            opened.pop()
        if mark[0] != '"':
            end = piece.start() if mark == "," else piece.end()
    try:
        value = _DECODER.decode(content[:end] + "".join(reversed(opened)))
    except (ValueError, RecursionError):
        return None
    return Document(value=value, problems=(Problem(code="cut", message=_CUT),))
