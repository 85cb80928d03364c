"""The one door from records to pandas and back; the tables are the same in Parquet, CSV, JSONL and memory."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

import pandas as pd

from commentlab import structure, text
from commentlab.records import (
    Comment,
    Kind,
    Label,
    Link,
    Origin,
    Post,
    Problem,
    ScoredThread,
    Status,
    Thread,
    When,
)

VERSION = 1
"""Version of the tables; it rises when a column changes its name or meaning."""
FileFormat = Literal["parquet", "csv", "jsonl"]

_ROW_GROUP = 20_000
_TIME = "datetime64[us, UTC]"
COMMENT_COLUMNS: dict[str, str] = {
    "thread_id": "str",
    "comment_id": "str",
    "parent_id": "str",
    "parent_origin": "str",
    "parent_method": "str",
    "parent_confidence": "float64",
    "depth": "int64",
    "position": "int64",
    "kind": "str",
    "status": "str",
    "author": "str",
    "by_post_author": "bool",
    "published": _TIME,
    "published_raw": "str",
    "url": "str",
    "text": "str",
    "language": "str",
}
THREAD_COLUMNS: dict[str, str] = {
    "thread_id": "str",
    "source": "str",
    "reader": "str",
    "title": "str",
    "post_author": "str",
    "post_published": _TIME,
    "url": "str",
    "post_text": "str",
    "declared_count": "Int64",
    "comments": "int64",
    "pingbacks": "int64",
    "scheme": "str",
    "proposition": "str",
    "models": "str",
}
PROBLEM_COLUMNS: dict[str, str] = {"thread_id": "str", "comment_id": "str", "code": "str", "message": "str"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The three tables of some threads, as `docs/tables.md` describes them."""

    comments: pd.DataFrame
    threads: pd.DataFrame
    problems: pd.DataFrame

    def to_threads(self) -> list[ScoredThread]:
        """Lead back to records.

        What the tables do not hold is gone: quote spans, votes, the precision of dates and the reasons of labels.
        Copies of one discussion, which share their id, stay apart; the problems of all of them are with the first.
        """
        comments = {str(key): list(rows(group)) for key, group in self.comments.groupby("thread_id", sort=False)}
        problems = {str(key): list(rows(group)) for key, group in self.problems.groupby("thread_id", sort=False)}
        found: list[ScoredThread] = []
        for head in rows(self.threads):
            waiting = comments.get(head["thread_id"], [])
            count = _first_copy(waiting) if head["comments"] + head["pingbacks"] else 0
            found.append(_thread(head, waiting[:count], problems.pop(head["thread_id"], [])))
            del waiting[:count]
        return found

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by their names."""
        return {"comments": self.comments, "threads": self.threads, "problems": self.problems}


def to_frames(threads: Iterable[Thread | ScoredThread], labels: Mapping[str, Sequence[str]] | None = None) -> Frames:
    """Return the tables `comments`, `threads` and `problems`, one row each; labels become columns of `comments`.

    For each task there are `<task>` (missing where the classifier abstained), `<task>_confidence`, `<task>_abstained`
    (why) and one `<task>_p_<value>` a value; where people corrected labels, `<task>_coder` names them. Times are in
    UTC; what the source shows is kept in `published_raw`. `labels`, the values of tasks, states which of these columns
    there are even where no comment has such a label.
    """
    stated = {name: type_ for task in labels or {} for name, type_ in label_columns(task, (labels or {})[task]).items()}
    comments: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for each in threads:
        scored = each if isinstance(each, ScoredThread) else ScoredThread(thread=each, labels=())
        comments += _comment_rows(scored)
        heads.append(_thread_row(scored))
        problems += [
            {"thread_id": scored.thread.id, "comment_id": p.comment_id, "code": p.code, "message": p.message}
            for p in scored.thread.problems
        ]
    return Frames(
        comments=_frame(comments, COMMENT_COLUMNS | stated),
        threads=_frame(heads, THREAD_COLUMNS),
        problems=_frame(problems, PROBLEM_COLUMNS),
    )


def label_columns(task: str, values: Iterable[str]) -> dict[str, str]:
    """Return the columns that a task adds to `comments`, with their types."""
    columns = {task: "str", f"{task}_confidence": "float64", f"{task}_abstained": "str"}
    return columns | {f"{task}_p_{value}": "float64" for value in values}


def rows(frame: pd.DataFrame | None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as plain Python values, None where something is missing."""
    if frame is None:
        return
    columns = [str(name) for name in frame.columns]
    plain = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in columns]
    for values in zip(*plain, strict=True):
        yield dict(zip(columns, values, strict=True))


def encode(frame: pd.DataFrame, format: FileFormat) -> bytes:
    """Return a table as the bytes of a file; CSV is safe to open in a spreadsheet."""
    if format == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False, compression="zstd")
        return buffer.getvalue()
    if format == "csv":
        return neutralise(frame).to_csv(index=False).encode("utf-8-sig")
    return "".join(json_line(row) for row in rows(frame)).encode("utf-8", "replace")


def write(stream: IO[bytes], tables: Iterable[pd.DataFrame], format: FileFormat) -> None:
    """Write tables with the same columns as one file, as they come: only some of them are in memory."""
    if format == "parquet":
        _write_parquet(stream, tables)
        return
    for number, table in enumerate(tables):
        if format == "csv":
            data = neutralise(table).to_csv(index=False, header=not number).encode("utf-8" if number else "utf-8-sig")
        else:
            data = encode(table, format)
        stream.write(data)
        stream.flush()


def _write_parquet(stream: IO[bytes], tables: Iterable[pd.DataFrame]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with ExitStack() as stack:
        writer = None
        for group in _groups(tables):
            table = pa.Table.from_pandas(group, preserve_index=False)
            if writer is None:
                writer = stack.enter_context(parquet.ParquetWriter(stream, table.schema, compression="zstd"))
            writer.write_table(table)


def _groups(tables: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Put small tables together, since each becomes a row group of its own."""
    held: list[pd.DataFrame] = []
    for table in tables:
        held.append(table)
        if sum(map(len, held)) >= _ROW_GROUP:
            yield pd.concat(held, ignore_index=True)
            held = []
    if held:
        yield pd.concat(held, ignore_index=True)


def json_line(row: Mapping[str, Any]) -> str:
    """Return a row as one line of JSON, times in ISO 8601."""
    return json.dumps(row, ensure_ascii=False, default=lambda time: time.isoformat()) + "\n"


def load(source: Path | bytes, format: FileFormat) -> pd.DataFrame:
    """Read a table that `encode` wrote, each column with its own type; an empty text in CSV is a missing one."""
    stream = io.BytesIO(source if isinstance(source, bytes) else source.read_bytes())
    if format == "parquet":
        return pd.read_parquet(stream)
    if format == "csv":
        table = pd.read_csv(stream, encoding="utf-8-sig", dtype="str", keep_default_na=False, na_values=[""])
        return pd.DataFrame({name: _typed(str(name), column) for name, column in table.items()})
    records = [json.loads(line) for line in stream]
    names = dict.fromkeys(name for record in records for name in record)
    return pd.DataFrame({name: _typed(name, pd.Series([each.get(name) for each in records])) for name in names})


def _typed(name: str, column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give a column of a table the type that it has in memory."""
    type_: Any = (COMMENT_COLUMNS | THREAD_COLUMNS | PROBLEM_COLUMNS).get(name) or _label_type(name)
    found: Any = column
    if type_ == _TIME:
        found = pd.to_datetime(column, utc=True, format="ISO8601")
    elif type_ == "bool":
        found = column.map({"True": True, "False": False, True: True, False: False})
    elif type_ != "str":
        found = pd.to_numeric(column)
    typed: pd.Series[Any] = found.astype(type_)
    return typed


def _label_type(name: str) -> str:
    return "float64" if "_p_" in name or name.endswith("_confidence") else "str"


def neutralise(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before cells and headings that a spreadsheet would run as a formula (OWASP, CSV injection)."""
    safe = frame.copy()
    for name in safe.columns[safe.dtypes.map(pd.api.types.is_string_dtype)]:
        starts = safe[name].str.match(r"\s*[=+\-@\t\r]").fillna(False).astype(bool)
        safe.loc[starts, name] = "'" + safe.loc[starts, name]
    return safe


def _frame(records: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    types = dict(columns)
    for name in (name for record in records for name in record if name not in types):
        types[name] = _label_type(name)
    return pd.DataFrame({name: _column([row.get(name) for row in records], types[name]) for name in types})


def _column(values: list[Any], type_: str) -> pd.Series:
    try:
        return pd.Series(values, dtype=type_)
    except UnicodeEncodeError:  # bytes of a file name that are no text
        return pd.Series(
            [value and value.encode("utf-8", "backslashreplace").decode() for value in values], dtype=type_
        )


def _comment_rows(scored: ScoredThread) -> Iterator[dict[str, Any]]:
    comments = scored.thread.comments
    depth = structure.depths(comments)
    labels: dict[str, list[Label]] = {}
    for label in scored.labels:
        labels.setdefault(label.comment_id, []).append(label)
    languages = text.languages(comment.text for comment in comments)
    for position, (comment, language) in enumerate(zip(comments, languages, strict=True)):
        row = _comment_row(scored.thread.id, comment) | {
            "depth": depth[comment.id],
            "position": position,
            "language": language,
        }
        for label in labels.get(comment.id, ()):
            row |= _label_cells(label)
        yield row


def _comment_row(thread_id: str, comment: Comment) -> dict[str, Any]:
    link = comment.link
    return {
        "thread_id": thread_id,
        "comment_id": comment.id,
        "parent_id": comment.parent_id,
        "parent_origin": comment.parent_origin,
        "parent_method": link.method if link else None,
        "parent_confidence": link.confidence if link else None,
        "kind": comment.kind,
        "status": comment.status,
        "author": comment.author,
        "by_post_author": comment.by_post_author,
        "published": comment.published,
        "published_raw": comment.when.raw if comment.when else None,
        "url": comment.url,
        "text": comment.text,
    }


def _label_cells(label: Label) -> dict[str, Any]:
    cells: dict[str, Any] = {
        label.task: label.value,
        f"{label.task}_confidence": label.confidence,
        f"{label.task}_abstained": label.abstained,
    }
    if label.coder:
        cells[f"{label.task}_coder"] = label.coder
    return cells | {f"{label.task}_p_{value}": p for value, p in label.probabilities.items()}


def _thread_row(scored: ScoredThread) -> dict[str, Any]:
    thread = scored.thread
    written = sum(comment.kind == "comment" for comment in thread.comments)
    return {
        "thread_id": thread.id,
        "source": thread.source,
        "reader": thread.reader,
        "title": thread.post.title,
        "post_author": thread.post.author,
        "post_published": thread.post.published,
        "url": thread.post.url,
        "post_text": thread.post.text,
        "declared_count": thread.declared_count,
        "comments": written,
        "pingbacks": len(thread.comments) - written,
        "scheme": scored.scheme,
        "proposition": scored.proposition,
        "models": json.dumps(dict(scored.models), sort_keys=True) if scored.models else None,
    }


def _thread(head: dict[str, Any], comments: list[dict[str, Any]], problems: list[dict[str, Any]]) -> ScoredThread:
    post = Post(
        id=head["thread_id"],
        title=head["title"] or "",
        text=head["post_text"] or "",
        url=head["url"],
        author=head["post_author"],
        published=head["post_published"].to_pydatetime() if head["post_published"] else None,
    )
    thread = Thread(
        id=head["thread_id"],
        post=post,
        comments=tuple(_comment(row) for row in comments),
        source=head["source"],
        reader=head["reader"],
        declared_count=head["declared_count"],
        problems=tuple(Problem(code=p["code"], message=p["message"], comment_id=p["comment_id"]) for p in problems),
    )
    return ScoredThread(
        thread=thread,
        labels=tuple(label for row in comments for label in _labels(row)),
        scheme=head["scheme"],
        proposition=head["proposition"],
        models=json.loads(head["models"]) if head["models"] else {},
    )


def _first_copy(comments: list[dict[str, Any]]) -> int:
    """Return the number of comments up to where positions start again: there, another copy of the thread begins."""
    places = [row["position"] for row in comments]
    return next((i for i in range(1, len(places)) if places[i] <= places[i - 1]), len(places))


def _comment(row: dict[str, Any]) -> Comment:
    when = None
    if row["published"] is not None or row["published_raw"] is not None:
        time = row["published"].to_pydatetime() if row["published"] is not None else None
        when = When(time=time, raw=row["published_raw"] or "")
    link = None
    if row["parent_id"] is not None:
        link = Link(
            parent_id=row["parent_id"],
            origin=cast(Origin, row["parent_origin"]),
            method=row["parent_method"],
            confidence=row["parent_confidence"],
        )
    return Comment(
        id=row["comment_id"],
        text=row["text"] or "",
        author=row["author"],
        when=when,
        link=link,
        kind=cast(Kind, row["kind"]),
        status=cast(Status, row["status"]),
        by_post_author=row["by_post_author"],
        url=row["url"],
    )


def _labels(row: dict[str, Any]) -> Iterator[Label]:
    tasks = [
        name.removesuffix("_confidence") for name in row if name.endswith("_confidence") and name != "parent_confidence"
    ]
    for task in tasks:
        if row[f"{task}_confidence"] is None:
            continue
        start = f"{task}_p_"
        cells = {name.removeprefix(start): p for name, p in row.items() if name.startswith(start) and p is not None}
        yield Label(
            comment_id=row["comment_id"],
            task=task,
            value=row[task],
            confidence=row[f"{task}_confidence"],
            probabilities=cells,
            abstained=row[f"{task}_abstained"],
            coder=row.get(f"{task}_coder"),
        )
