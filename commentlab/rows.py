"""Tables as rows: text with separators (CSV, TSV), Parquet, JSON objects; streamed, apart from a single JSON list."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from commentlab import documents, text
from commentlab.errors import UnreadableError
from commentlab.plugin import Source
from commentlab.records import Problem

PARQUET = b"PAR1"
"""The first bytes of a Parquet file."""
_CELL = 16 * 2**20
_FIRST = 20_000


def rows(source: Source, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, whatever its form; what is wrong with one is added to `problems`.

    Raises:
        UnreadableError: It begins like Parquet or JSON and cannot be read as such.
    """
    if source.head.startswith(PARQUET):
        return _parquet(source)
    if source.head[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return iter(())
    head = documents.peek(source)
    if head.value is None:
        return _separated(source, problems)
    return documents.records(source, problems) if head.follows or isinstance(head.value, list) else iter(())


def _parquet(source: Source) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    with source.open() as stream:
        try:
            # Its index stands at the end, which a stream out of a container cannot go to.
            table = stream if stream.seekable() else io.BytesIO(stream.read(documents.LIMIT))
            for batch in parquet.ParquetFile(table).iter_batches(batch_size=1000):
                yield from batch.to_pylist()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise UnreadableError(source.name, f"its Parquet cannot be read ({error}); export it again") from error


def _separated(source: Source, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file with a separator, which the first lines tell; nothing if they tell none."""
    head, encoding = text.decode(source.head)
    regular = {each: _regularity(head[:_FIRST], each) for each in ",\t;|"}
    separator = max(regular, key=regular.__getitem__)
    if not regular[separator]:
        return
    csv.field_size_limit(_CELL)
    with source.open() as stream:
        decoded = io.TextIOWrapper(stream, encoding, "replace", newline="")
        pieces = iter(partial(decoded.readline, _CELL + 1), "")  # a line may be as long as the file
        lines = csv.reader(pieces, delimiter=separator)
        try:
            names = [name.strip() for name in next(lines, [])]
            for cells in filter(any, lines):
                if len(cells) != len(names):
                    message = f"the row that ends on line {lines.line_num} has {len(cells)} cells, not {len(names)}"
                    problems.append(Problem(code="bad-line", message=message))
                yield dict(zip(names, cells, strict=False))
        except csv.Error as error:
            message = f"line {lines.line_num} and what follows cannot be read: {error}"
            problems.append(Problem(code="cut", message=message))


def _regularity(head: str, separator: str) -> int:
    """Return how many cells stand in rows that are as long as the first; 0 where too few rows are."""
    try:
        rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if row]
    except csv.Error:
        return 0
    width = len(rows[0]) if rows else 0
    regular = sum(len(row) == width for row in rows[1:])
    enough = 1 < width == len(set(rows[0])) and 3 * regular >= 2 * (len(rows) - 1) and regular > 0
    return width * regular if enough and all(len(name) < 80 for name in rows[0]) else 0
