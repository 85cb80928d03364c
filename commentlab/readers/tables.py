"""Tables of comments: CSV, TSV, JSON (one object a line, or a list), Parquet; also those that commentlab writes.

Which column holds what is guessed (see `columns`), unless it is stated.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from commentlab import columns, documents, fields
from commentlab.columns import Columns
from commentlab.errors import UnknownFormatError, UnreadableError
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Problem, Thread
from commentlab.rows import PARQUET, rows

FORMAT = Format(
    name="tables",
    title="table of comments (CSV, TSV, JSONL, Parquet)",
    extensions=(".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".json"),
)
SAMPLE = 200
"""Rows from which columns are guessed."""
POST = Fields(text="post_text", markup="markdown", title="title", author="post_author", url="post_url")
COMMENT = Fields(
    id="comment_id",
    text="text",
    markup="markdown",
    author="author",
    when="published",
    parent="parent_id",
    votes="votes",
    url="url",
    by_post_author="by_post_author",
    statuses={
        "text=[deleted]": "deleted",
        "text=[removed]": "deleted",
        "status=deleted": "deleted",
        "status=removed": "deleted",
        "status=trash": "deleted",
        "status=spam": "spam",
        "status=pending": "pending",
        "status=hold": "pending",
        "status=0": "pending",
    },
    kinds={"kind=pingback": "pingback", "kind=trackback": "trackback"},
)
_OWN = frozenset(["thread_id", "comment_id", "parent_origin", "parent_method", "published_raw"])
_TAGS = re.compile(r"</?(?:p|br|a|i|b|em|strong|blockquote|div|span)\b[^<>]*>", re.I)
# What `frames.neutralise` puts before cells that a spreadsheet would run.
_NEUTRALISED = re.compile(r"'(?=\s*[=+\-@\t\r])")


def sniff(source: Source) -> Clue | None:
    """Look for columns that comments have."""
    if source.head.startswith(PARQUET):
        return Clue(score=0.9, why="it is a Parquet file")
    try:
        found = columns.guess(_sample(source))
    except UnreadableError:
        return None
    if found is None:
        return None
    told = 0.5 if "text" in found.by_content else 0.6 + 0.02 * min(len(found.of), 10)
    return Clue(score=told, why=f"it is a table with the columns {found}")


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each value of the thread's column; one if there is no such column."""
    return read_as(source, {})


def read_as(source: Source, stated: Mapping[str, str]) -> Iterator[Thread]:
    """Do what `read` does with some columns stated.

    Args:
        source: The table.
        stated: Columns by field, as for `columns.guess`.

    Raises:
        UnknownFormatError: No column holds texts.
    """
    problems: list[Problem] = []
    sample = _sample(source)
    own = bool(sample) and sample[0].keys() >= _OWN
    if own:  # ids that threads have in common would not be taken for ids
        stated = {"comment_id": "comment_id", "parent_id": "parent_id", **stated}
    found = columns.guess(sample, stated)
    if found is None:
        shown = ", ".join(map(str, sample[0])) if sample else "none"
        raise UnknownFormatError(source.name, f"no column is known to hold comments (there are: {shown}); rename one")
    if found.by_content:
        message = "columns were told by what they hold: " + str(Columns(of={n: found.of[n] for n in found.by_content}))
        problems.append(Problem(code="guessed-columns", message=message))
    table = replace(COMMENT, markup=_markup(own, found, sample), id="comment_id" if "comment_id" in found.of else "")
    entries = (_entry(row, found, own=own) for row in _joined(rows(source, problems)))
    for key, group in documents.grouped((_thread_key(entry), entry) for entry in entries):
        post = fields.post(group[0], POST, source, key=key)
        _settle_parents(group, key)
        comments = fields.comments(((entry, None) for entry in group), table, source, problems)
        if own:
            post = replace(post, id=key)
            comments = [_restored(comment, entry) for comment, entry in zip(comments, group, strict=True)]
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _sample(source: Source) -> list[dict[str, Any]]:
    head = source.head
    whole = head.startswith(PARQUET)
    first = source if whole else replace(source, open=lambda: io.BytesIO(head), size=len(head))
    return list(islice(_joined(rows(first, [])), SAMPLE))


def _joined(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows; those that `commentlab read --format jsonl` writes with what it says of their thread before them."""
    head: dict[str, Any] = {}
    for row in found:
        record = row.get("record")
        if record == "thread" and "reader" in row:
            head = {name: row.get(name) for name in ("title", "post_text", "post_author")} | {
                "post_url": row.get("url")
            }
        elif record != "problem" or "code" not in row:
            yield row | head


def _thread_key(entry: dict[str, Any]) -> str:
    return next((key for name in ("thread_id", "post_url", "title") if (key := fields.string(entry.get(name)))), "")


def _entry(row: dict[str, Any], found: Columns, *, own: bool) -> dict[str, Any]:
    entry = {name: columns.cell(row, column) for name, column in found.of.items()}
    if own:
        entry |= {name: row.get(name) for name in (*_OWN, "parent_confidence")}
        entry = {k: _NEUTRALISED.sub("", v, count=1) if isinstance(v, str) else v for k, v in entry.items()}
    return entry


def _markup(own: bool, found: Columns, sample: Sequence[Any]) -> fields.Markup:
    if own:
        return "plain"
    marked = sum(bool(_TAGS.search(fields.string(columns.cell(row, found.of["text"])))) for row in sample)
    return "html" if marked > 0.1 * len(sample) else "markdown"


def _settle_parents(entries: Iterable[dict[str, Any]], key: str) -> None:
    """Write parents as the ids are written: "12.0" is the 12 of a column with gaps, "t1_abc" is Reddit's abc."""
    ids = {fields.string(entry.get("comment_id")) for entry in entries}
    for entry in entries:
        parent = fields.string(entry.get("parent_id")).strip()
        spellings = (parent, parent.removesuffix(".0"), parent.removeprefix("t1_"))
        known = next((each for each in spellings if each in ids), parent)
        means_post = known in {"-1", key} or known.casefold() in {"nan", "none", "null", "na"} or parent[:3] == "t3_"
        entry["parent_id"] = None if means_post and known not in ids else known


def _restored(comment: Comment, entry: dict[str, Any]) -> Comment:
    """Add what commentlab's own tables say of links and dates."""
    link, when = comment.link, comment.when
    if link:
        link = replace(
            link,
            origin="inferred" if entry["parent_origin"] == "inferred" else "stated",
            method=fields.string(entry["parent_method"]) or link.method,
            confidence=fields.share(entry["parent_confidence"]),
        )
    raw = fields.string(entry["published_raw"])
    if raw:
        when = replace(when, raw=raw) if when else fields.moment(raw, None)
    return replace(comment, link=link, when=when)
