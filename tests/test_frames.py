import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from samples import CAMPS, RELATIONS, scored

from commentlab import frames
from commentlab.frames import to_frames


def test_the_tables_have_the_columns_of_the_contract() -> None:
    tables = to_frames([scored()])
    labels = [*frames.label_columns("stance", CAMPS), *frames.label_columns("relation", RELATIONS)]
    assert list(tables.comments) == [*frames.COMMENT_COLUMNS, *labels]
    assert list(tables.threads) == list(frames.THREAD_COLUMNS)
    assert list(tables.problems) == list(frames.PROBLEM_COLUMNS)
    assert tables.threads.loc[0, ["comments", "pingbacks", "declared_count"]].to_list() == [6, 1, 9]
    assert tables.comments["depth"].to_list() == [0, 1, 2, 2, 0, 0, 0]


def test_the_way_back_leads_to_the_same_records() -> None:
    before = scored()
    (after,) = to_frames([before]).to_threads()
    assert after.thread.comments == before.thread.comments
    assert after.thread == before.thread
    as_set = {
        (x.comment_id, x.task, x.value, x.confidence, x.abstained, tuple(x.probabilities.items()))
        for x in before.labels
    }
    assert {
        (x.comment_id, x.task, x.value, x.confidence, x.abstained, tuple(x.probabilities.items())) for x in after.labels
    } == as_set
    assert replace(after, labels=()) == replace(before, labels=())


def test_no_threads_give_empty_tables_of_the_same_types() -> None:
    empty, full = to_frames([]), to_frames([scored()])
    assert len(empty.comments) == 0
    assert empty.to_threads() == []
    for name in frames.COMMENT_COLUMNS:
        assert empty.comments[name].dtype == full.comments[name].dtype, name


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_files_hold_every_row(format: frames.FileFormat) -> None:
    table = to_frames([scored()]).comments
    data = io.BytesIO(frames.encode(table, format))
    back = {"parquet": pd.read_parquet, "csv": pd.read_csv, "jsonl": lambda f: pd.read_json(f, lines=True)}[format](
        data
    )
    assert list(back) == list(table)
    assert back["stance"].isna().to_list() == table["stance"].isna().to_list()
    assert len(back) == 7


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_files_are_loaded_with_the_types_of_the_tables(format: frames.FileFormat, tmp_path: Path) -> None:
    for name, table in to_frames([scored()]).tables().items():
        path = tmp_path / name
        path.write_bytes(frames.encode(table, format))
        back = frames.load(path, format)
        expected = frames.neutralise(table.replace("", None)) if format == "csv" else table
        pd.testing.assert_frame_equal(back, expected)
        path.write_bytes(frames.encode(back, format))
        pd.testing.assert_frame_equal(frames.load(path, format), expected)


def test_copies_of_a_thread_stay_apart() -> None:
    first, second = scored(), scored()
    second = replace(second, thread=replace(second.thread, source="copy", comments=second.thread.comments[:2]))
    empty = replace(first, thread=replace(first.thread, comments=(), source="empty"), labels=())
    back = to_frames([first, empty, second]).to_threads()
    assert [len(each.thread.comments) for each in back] == [7, 0, 2]
    assert [each.thread.source for each in back] == [first.thread.source, "empty", "copy"]


def test_csv_cells_that_a_spreadsheet_would_run_are_neutralised() -> None:
    table = pd.DataFrame({"text": ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "fine", None], "n": range(9)})
    safe = frames.neutralise(table)
    assert safe["text"].to_list()[:7] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "' =1", "'\r=1"]
    assert safe["text"].to_list()[7] == "fine"
    assert safe["text"].isna().to_list() == table["text"].isna().to_list()
    assert table["text"][0] == "=1+1"
    assert b"'=cmd|" in frames.encode(to_frames([scored()]).comments, "csv")
