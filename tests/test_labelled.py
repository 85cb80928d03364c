from pathlib import Path

import pytest

from commentlab import labelled
from commentlab.errors import InputError, UnreadableError

ROWS = [("They never will, says Ann.", "bluff"), ("Größer, 5 € dearer – “naturally”.", "no position")]


def table(separator: str, end: str = "\n") -> str:
    lines = [separator.join((" Text", "LABEL", "thread"))]
    lines += [separator.join((f'"{text}"', label, str(number))) for number, (text, label) in enumerate(ROWS)]
    return end.join([*lines, "", f"{separator}{separator}", ""])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_encodings(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(table(separator, end).encode(encoding))
    found = labelled.read(path, ("text", "label"))
    assert found.columns == ("text", "label", "thread")
    assert [(row.cells["text"], row.cells["label"]) for row in found.rows] == ROWS
    assert [row.line for row in found.rows] == [2, 3]
    assert found.group() == "thread"


def test_lines_are_counted_through_cells_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('text,label\n"one\n\ntwo",a\nthree\n', encoding="utf-8")
    found = labelled.read(path, ("text", "label"))
    assert [(row.line, row.cells["label"]) for row in found.rows] == [(2, "a"), (5, "")]
    assert found.group() is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"\x00\x01\x02PK\x03\x04\x00\x00\x00\x05", "it is no text"),
        (b"text,label\n", "no rows"),
        (b"text,camp\nx,a\n", "line 1: column 'label' is missing; there are text, camp"),
        (b"comment;label\nx;a\n", "line 1: column 'text' is missing; there are comment, label"),
        (b"text,label\nx,a\n  ,b\n", "line 3: the text is empty"),
        (b"text,label\nx,a\ny, and so on,b\n", "line 3: 3 cells for 2 columns"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"labels\.csv: ") as caught:
        labelled.read(path, ("text", "label"))
    assert message in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"):
        labelled.read(tmp_path / "labels.csv", ("text",))


def test_labels_are_the_values_however_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("text,label\na,No_Position\nb,\nc,bluff \nd,bluf\n", encoding="utf-8")
    found = labelled.read(path, ("text", "label"))
    values = ("bluff", "no position")
    assert [labelled.label(found, row, values) for row in found.rows[:3]] == ["no position", None, "bluff"]
    with pytest.raises(InputError, match=r"line 5: label 'bluf' is none of bluff, no position"):
        labelled.label(found, found.rows[3], values)
