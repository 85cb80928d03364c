import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from samples import scored

import commentlab as cl
from commentlab import schemes
from commentlab.batch import inputs, shards
from commentlab.batch.stores import Disk

PAGE = """Post {number}: the union threatens to strike

They say they will walk out on Monday.

2 thoughts on “Post {number}”

  1. Ann says: October 1, 2012 at 11:05 am
     They never will. It is a bluff, like every year.

      • Ben says: October 1, 2012 at 11:25 am
        I disagree, this time they have the money and they mean it.

Leave a Reply
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(5):
        (pages / f"{number}.txt").write_text(PAGE.format(number=number), encoding="utf-8")
    (pages / "broken.txt").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20)
    return pages


def tables(out: Path) -> dict[str, pd.DataFrame]:
    def gather(table: str) -> pd.DataFrame:
        return pd.concat(
            [pd.read_parquet(shard) for shard in sorted((out / table).glob("*.parquet"))], ignore_index=True
        )

    return {table: gather(table) for table in shards.TABLES}


def test_score_files_yields_threads_and_failures(folder: Path) -> None:
    results = list(cl.score_files([folder], scheme="threat"))
    assert sum(isinstance(result, cl.ScoredThread) for result in results) == 5
    assert sum(isinstance(result, cl.Failure) for result in results) == 1


def test_a_batch_accounts_for_every_input(folder: Path, tmp_path: Path) -> None:
    summary = cl.run_batch([folder], tmp_path / "out", scheme="threat", workers=1)
    assert (summary.files, summary.threads, summary.comments, summary.failures) == (6, 5, 10, 1)
    failures = [json.loads(line) for line in (tmp_path / "out" / "failures.jsonl").read_text().splitlines()]
    assert [Path(failure["source"]).name for failure in failures] == ["broken.txt"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["options"]["scheme"] == "threat"
    assert sum(len(shard["inputs"]) for shard in manifest["shards"].values()) == 6
    found = tables(tmp_path / "out")
    assert len(found["comments"]) == 10
    assert found["comments"]["stance_confidence"].notna().all()


def test_two_processes_write_the_same_rows_as_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "CHUNK", 2)
    cl.run_batch([folder], tmp_path / "one", scheme="threat", workers=1, key=tmp_path / "key")
    cl.run_batch([folder], tmp_path / "two", scheme="threat", workers=2, key=tmp_path / "key")
    one, two = tables(tmp_path / "one"), tables(tmp_path / "two")
    for table in shards.TABLES:
        pd.testing.assert_frame_equal(one[table], two[table])


def test_a_run_goes_on_where_it_stopped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "CHUNK", 2)
    whole, out = tmp_path / "whole", tmp_path / "out"
    cl.run_batch([folder], whole, workers=1)
    out.mkdir()
    shutil.copy(whole / "pseudonym.key", out)
    cl.run_batch([folder], out, workers=1)
    written = sorted((out / "threads").iterdir())
    written[0].unlink()
    (out / "comments" / f".{'0' * 16}-00000.parquet.1").write_bytes(b"PAR1")
    (out / "comments" / "mine.parquet").write_bytes(b"not ours")
    summary = cl.run_batch([folder], out, workers=1)
    assert summary.resumed == len(written) - 1 > 0
    assert (out / "comments" / "mine.parquet").read_bytes() == b"not ours"
    (out / "comments" / "mine.parquet").unlink()
    assert {p.name for p in out.rglob("*.parquet*")} == {p.name for p in whole.rglob("*.parquet*")}
    for table in shards.TABLES:
        pd.testing.assert_frame_equal(tables(whole)[table], tables(out)[table])


def test_a_changed_file_is_done_again(folder: Path, tmp_path: Path) -> None:
    cl.run_batch([folder], tmp_path / "out", workers=1)
    (folder / "0.txt").write_text(PAGE.format(number="changed"), encoding="utf-8")
    assert cl.run_batch([folder], tmp_path / "out", workers=1).resumed == 0
    titles = tables(tmp_path / "out")["threads"]["title"]
    assert titles.str.startswith("Post changed").sum() == 1
    assert len(titles) == 5


def test_an_accepted_error_is_part_of_the_options(folder: Path, tmp_path: Path) -> None:
    everything = cl.run_batch([folder], tmp_path / "out", scheme="threat", tier="fast", accepted_error=1)
    assert everything.resumed == 0
    assert (tables(tmp_path / "out")["comments"]["stance_abstained"] != "unsure").all()
    assert cl.run_batch([folder], tmp_path / "out", scheme="threat", tier="fast").resumed == 0
    with pytest.raises(cl.OptionError, match="accepted error"):
        cl.run_batch([folder], tmp_path / "out", accepted_error=2, resume=False)


def test_a_limit_and_other_formats(folder: Path, tmp_path: Path) -> None:
    summary = cl.run_batch([folder], tmp_path / "out", limit=2, format="csv")
    assert summary.files == summary.threads == 2
    assert len(list((tmp_path / "out" / "comments").glob("*.csv"))) == 1


def test_errors(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match="unknown scheme"):
        cl.run_batch([folder], tmp_path / "out", scheme="nonsense")
    with pytest.raises(cl.OptionError, match="go together"):
        cl.run_batch([folder], tmp_path / "out", engine="dask")
    with pytest.raises(cl.OptionError, match="unknown engine"):
        cl.run_batch([folder], tmp_path / "out", engine="ray")  # type: ignore[arg-type]
    with pytest.raises(cl.UnreadableError, match="cannot be written"):
        cl.run_batch([folder], folder / "0.txt")


def test_every_shard_has_the_same_columns_and_types(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "CHUNK", 2)
    (folder / "lonely.csv").write_text("author,text\nAnn,I love this very much\nBen,And I do not")
    cl.run_batch([folder], tmp_path / "out", scheme="threat", tier="fast")
    for table in shards.TABLES:
        found = {str(pq.read_schema(path)) for path in (tmp_path / "out" / table).iterdir()}
        assert len(list((tmp_path / "out" / table).iterdir())) > 1
        assert len(found) == 1


def test_a_big_file_becomes_several_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shards.Folder(store=Disk(path=tmp_path), format="jsonl")
    folder.prepare()
    monkeypatch.setattr(shards, "PART", 10)
    for number in (5, 2):  # the second time there is less of it
        writer = shards.Writer(folder, "a" * 16, {})
        for _ in range(number):
            writer.take(scored())
        assert writer.close() == ()
        assert (writer.threads, writer.comments, writer.parts) == (number, 7 * number, (number + 1) // 2)
        assert folder.shards("threads") == [f"threads/{'a' * 16}-{n:05}.jsonl" for n in range(writer.parts)]


def test_a_model_or_scheme_that_changes_does_everything_again(folder: Path, tmp_path: Path) -> None:
    scheme = tmp_path / "own.toml"
    scheme.write_text((schemes.HOME / "threat.toml").read_text(encoding="utf-8"), encoding="utf-8")
    options = {"scheme": str(scheme), "tier": "fast"}
    cl.run_batch(folder, tmp_path / "out", **options)
    assert cl.run_batch(folder, tmp_path / "out", **options).resumed == 1
    scheme.write_text(scheme.read_text(encoding="utf-8").replace("title = ", 'title = "Other" # '), encoding="utf-8")
    assert cl.run_batch(folder, tmp_path / "out", **options).resumed == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert set(manifest["models"]) == {"relation", "sentiment", "stance"}


def test_only_what_changed_is_done_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "CHUNK", 2)
    options = {"tier": "fast"}
    cl.run_batch(folder, tmp_path / "out", **options)
    chunks = len(list((tmp_path / "out" / "done").iterdir()))
    os.utime(folder / "1.txt", (1, 1))  # copied, not changed
    assert cl.run_batch(folder, tmp_path / "out", **options).resumed == chunks
    (folder / "1.txt").write_text(PAGE.format(number="x"), encoding="utf-8")
    assert cl.run_batch(folder, tmp_path / "out", **options).resumed == chunks - 1
    (folder / "0a.txt").write_text(PAGE.format(number="new"), encoding="utf-8")
    assert cl.run_batch(folder, tmp_path / "out", **options).resumed >= chunks - 1


def test_unknown_options(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match="unknown option 'shceme'"):
        cl.run_batch(folder, tmp_path / "out", shceme="threat")  # type: ignore[call-arg]
    with pytest.raises(cl.OptionError, match="unknown option 'shceme'"):
        list(cl.score_files(folder, shceme="threat"))  # type: ignore[call-arg]
