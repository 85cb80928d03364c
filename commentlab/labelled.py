"""Tables of texts that people labelled: CSV with any usual encoding and separator; errors name the line."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commentlab import text
from commentlab.errors import InputError, UnreadableError

SEPARATORS = ",;\t|"
GROUPS = ("group", "thread", "thread_id", "author")
"""Columns that say which rows belong together, the first that there is."""
_CELL = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line on which it begins, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of labelled texts; column names are in lower case."""

    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def group(self) -> str | None:
        """Return the column that says which rows belong together; None if there is none."""
        return next((name for name in GROUPS if name in self.columns), None)


def read(path: str | os.PathLike[str], needed: Sequence[str]) -> Table:
    """Read a table.

    Args:
        path: A CSV file; the separator may be a comma, semicolon, tab or bar.
        needed: Columns that it has to have; cells of `text` may not be empty.

    Raises:
        UnreadableError: It cannot be opened, or is no text.
        InputError: A column is missing, or a row is broken; the message names the line.
    """
    source = str(path)
    lines, separator = _opened(source, needed)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
    columns = _names(next(reader))
    if missing := [name for name in needed if name not in columns]:
        message = f"line 1: column {missing[0]!r} is missing; there are {', '.join(columns)}: add or rename one"
        raise InputError(source, message)
    rows: list[Row] = []
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(_row(source, line, columns, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(source, f"line {line}: {error}; save it as CSV again") from error
    if not rows:
        raise InputError(source, "it has no rows below the names of its columns; add some")
    return Table(source=source, columns=columns, rows=tuple(rows))


def _opened(source: str, needed: Sequence[str]) -> tuple[str, str]:
    """Return the text of a file, and the separator with which its first line has most of the columns."""
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise UnreadableError(source, f"it cannot be read: {error.strerror or error}") from error
    if text.is_binary(data[:4096]):
        raise UnreadableError(source, "it is no text; save the table as CSV")
    lines = text.decode(data)[0].lstrip("\ufeff\r\n ")
    if not lines.strip():
        raise UnreadableError(source, "it is empty; give a table with the columns " + ", ".join(needed))
    csv.field_size_limit(_CELL)
    head = lines.splitlines()[0]

    def found(separator: str) -> tuple[int, int]:
        names = _names(next(csv.reader([head], delimiter=separator)))
        return len(set(names).intersection((*needed, "label", "parent", *GROUPS))), len(names)

    return lines, max(SEPARATORS, key=found)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip().casefold() for cell in cells)


def _row(source: str, line: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(columns):
        message = (
            f"line {line}: {len(cells)} cells for {len(columns)} columns; put texts that hold separators in quotes"
        )
        raise InputError(source, message)
    row = dict.fromkeys(columns, "") | dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    if "text" in row and not row["text"]:
        raise InputError(source, f"line {line}: the text is empty; fill it in or take the row out")
    return Row(line=line, cells=row)


def label(table: Table, row: Row, values: Sequence[str], column: str = "label") -> str | None:
    """Return the value that a row is labelled with, written as in `values`; None where the cell is empty.

    Upper case and underscores for spaces are the same label.

    Raises:
        InputError: It is none of the values.
    """
    given = row.cells[column]
    known = {_plain(value): value for value in values}
    if given and _plain(given) not in known:
        message = f"line {row.line}: {column} {given!r} is none of {', '.join(values)}; use one of them"
        raise InputError(table.source, message)
    return known.get(_plain(given))


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
