import io
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import samples

from commentlab import batch, corpus, frames, insight
from commentlab.corpus import Corpus, Query
from commentlab.errors import CommentlabError, OptionError, UnreadableError
from commentlab.frames import Frames, to_frames
from commentlab.insight.labels import written

FIXTURES = Path(__file__).parents[1] / "fixtures"
PARTS = ("unseen", "wxr", "wordpress", "reddit", "convokit", "generic", "github", "discourse", "plaintext", "tables")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("batch")
    out, key = place / "it's a result", place / "key"
    key.write_text("07" * 32)  # pseudonyms that are asked for below must not be drawn anew
    batch.run_batch([FIXTURES / part for part in PARTS], out, scheme="threat", tier="fast", workers=1, key=key)
    return out


@pytest.fixture(scope="module")
def found(folder: Path) -> Corpus:
    return corpus.find(folder)


@pytest.fixture(scope="module")
def tables(folder: Path) -> Frames:
    """Everything in memory, as `insight` wants it."""
    shards = {name: sorted((folder / name).glob("*.parquet")) for name in corpus.TABLES}
    return Frames(**{name: pd.concat(map(pd.read_parquet, paths), ignore_index=True) for name, paths in shards.items()})


def counts(table: pd.DataFrame, camps: list[str]) -> pd.DataFrame:
    return table.set_index("key").sort_index()[camps].astype(int)


def test_it_is_not_a_toy(tables: Frames) -> None:
    assert len(tables.comments) > 200
    assert {"pingback", "comment"} <= set(tables.comments["kind"])
    assert tables.threads["thread_id"].nunique() > 20


def test_what_the_whole_is_equals_findings(found: Corpus, tables: Frames) -> None:
    counted, looked = insight.findings(tables).camps, corpus.camps(found)
    same = ["camp", "side", "comments", "share"]
    pd.testing.assert_frame_equal(looked[same], counted[same], check_dtype=False)
    # Both draw the authors a thousand times, but not the same ones.
    assert (looked[["low", "high"]] - counted[["low", "high"]]).abs().max().max() < 0.03
    comments = written(tables)
    about = corpus.overview(found)
    assert about.comments == len(comments)
    assert about.threads == comments["thread_id"].nunique()
    assert about.last == comments["published"].max().tz_localize(None)


@pytest.mark.parametrize("by", ["thread", "month", "source", "author"])
def test_groups_have_the_counts_of_compare(found: Corpus, tables: Frames, by: insight.By) -> None:
    counted = insight.compare(tables, by, profiles=True)
    key = counted.columns[0]
    wide = counted.pivot_table(index=key, columns="camp", values="comments", aggfunc="sum")
    looked = corpus.groups(found, by, limit=100_000, profiles=True)
    assert looked["groups"].eq(len(wide)).all()
    assert len(looked) == len(wide)
    expected = wide[found.camps].rename_axis(index="key", columns=None).astype(int)
    pd.testing.assert_frame_equal(counts(looked, found.camps), expected)


@pytest.mark.parametrize("by", ["thread", "month", "source", "author"])
def test_two_groups_compare_as_insight_says(found: Corpus, tables: Frames, by: insight.By) -> None:
    keys = corpus.groups(found, by, limit=2, profiles=True)["key"].tolist()
    name = insight.compare(tables, by, profiles=True).columns[0]
    comments = tables.comments.assign(month=tables.comments["published"].dt.strftime("%Y-%m"))
    sources = tables.threads.groupby("thread_id")["source"].min()
    comments = comments.assign(source=comments["thread_id"].map(sources))
    two = comments[comments[name].isin(keys)].drop(columns=["month", "source"])
    alone = Frames(comments=two, threads=tables.threads, problems=tables.problems)
    expected = insight.compare(alone, by, profiles=True)
    looked = corpus.compare(found, by, keys, profiles=True)
    pd.testing.assert_frame_equal(looked, expected, check_dtype=False, check_column_type=False)


def _never(comments: pd.DataFrame) -> "pd.Series[bool]":
    return comments["text"].str.lower().str.contains("never")


def _both(comments: pd.DataFrame) -> "pd.Series[bool]":
    return (comments["relation"] == "disagree") & (comments["sentiment"] == "negative")


def _days(comments: pd.DataFrame) -> "pd.Series[str]":
    return comments["published"].dt.strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (Query(words="THEY never"), lambda c: c["text"].str.lower().str.contains("they") & _never(c)),
        (Query(words="100%_"), lambda c: c["text"].str.contains("100%_", regex=False)),
        (Query(camp="bluff"), lambda c: c["stance"] == "bluff"),
        (Query(camp="abstained"), lambda c: c["stance"].isna()),
        (Query(relation="disagree", sentiment="negative"), _both),
        (Query(confidence=0.9), lambda c: c["stance_confidence"] >= 0.9),
        (Query(author="SON-I"), lambda c: c["author"].str.contains("son-i", na=False)),
        (Query(since=date(2012, 10, 2)), lambda c: _days(c) >= "2012-10-02"),
        (Query(until=date(2012, 10, 2)), lambda c: _days(c) <= "2012-10-02"),
        (Query(since=date(2012, 10, 2), until=date(2012, 10, 2)), lambda c: _days(c) == "2012-10-02"),
        (Query(since=date(2012, 10, 2), until=date(2012, 10, 1)), lambda c: c["text"].isna()),
        (Query(within=("month", "2012-10")), lambda c: c["published"].dt.strftime("%Y-%m") == "2012-10"),
    ],
)
def test_a_query_means_what_it_says(found: Corpus, tables: Frames, query: Query, meant: object) -> None:
    comments = written(tables)
    chosen = comments[meant(comments)]  # type: ignore[operator]
    looked = corpus.comments(found, query, limit=100_000)
    assert sorted(looked["text"]) == sorted(chosen["text"])
    assert corpus.overview(found, query).comments == len(chosen)
    assert looked["stance_confidence"].is_monotonic_decreasing or looked["stance_confidence"].isna().any()


@pytest.mark.parametrize("query", [Query(author="person-i"), Query(since=date(2012, 10, 1), until=date(2012, 10, 2))])
def test_who_and_when_hold_for_all_that_is_counted(found: Corpus, query: Query) -> None:
    meant = corpus.overview(found, query).comments
    assert 0 < meant < corpus.overview(found).comments
    assert corpus.camps(found, query)["comments"].sum() == meant
    looked = corpus.groups(found, "thread", query, limit=100_000)
    assert looked["comments"].sum() == meant
    two = corpus.compare(found, "thread", looked["key"].tolist()[:2], query)
    assert two["comments"].sum() == looked["comments"][:2].sum()


NAMES = ("Ann_100%", "ANNA", "ann", "Émile", "x') OR 1=1 --", "a\\b", None)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("nn", ["Ann_100%", "ANNA", "ann"]),
        ("ANN", ["Ann_100%", "ANNA", "ann"]),
        ("ÉM", ["Émile"]),
        ("_", ["Ann_100%"]),
        ("%", ["Ann_100%"]),
        ("\\", ["a\\b"]),
        ("') or 1=1 --", ["x') OR 1=1 --"]),
        ("' OR author IS NULL OR '", []),
        ("", list(NAMES)),
    ],
)
def test_a_part_of_a_name_is_taken_as_it_is_written(author: str, names: list[str | None]) -> None:
    held = corpus.of(to_frames([samples.made([(name, None, "bluff", None) for name in NAMES])]))
    looked = corpus.comments(held, Query(author=author))["author"]
    assert sorted(looked.dropna()) == sorted(filter(None, names))
    assert looked.isna().sum() == names.count(None)


def test_pages_of_groups_follow_each_other(found: Corpus) -> None:
    whole = corpus.groups(found, "thread", order="newest", limit=30)
    parts = [corpus.groups(found, "thread", order="newest", limit=10, offset=place) for place in (0, 10, 20)]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    assert whole["last"].dropna().is_monotonic_decreasing


def test_a_thread_comes_back_as_it_is(found: Corpus, tables: Frames) -> None:
    key = corpus.groups(found, "thread", limit=1)["key"].item()
    looked = corpus.frames(found, key)
    expected = tables.comments[tables.comments["thread_id"] == key].reset_index(drop=True)
    pd.testing.assert_frame_equal(looked.comments, expected)
    assert looked.to_threads()[0].thread.id == key
    with pytest.raises(OptionError, match="no thread 'x'"):
        corpus.frames(found, "x")


def test_profiles_are_off(found: Corpus) -> None:
    with pytest.raises(OptionError, match="profiles"):
        corpus.groups(found, "author")
    with pytest.raises(OptionError, match="profiles"):
        corpus.compare(found, "author", ["a", "b"])


def test_what_is_asked_cannot_leave_the_folder_or_write(found: Corpus) -> None:
    hostile = Query(words="x') OR 1=1 --", within=("author", "'; DROP VIEW written; --"))
    assert corpus.overview(found, hostile).comments == 0
    for ask in ("SELECT * FROM read_csv('/etc/hostname')", "SET memory_limit = '9GB'", "COPY threads TO '/tmp/t.csv'"):
        with pytest.raises(CommentlabError):
            corpus._ask(found, ask, {})


def test_labels_may_be_missing(tmp_path: Path) -> None:
    batch.run_batch(FIXTURES / "wordpress", tmp_path / "out", tasks=["sentiment"], tier="fast", workers=1)
    bare = corpus.find(tmp_path / "out")
    assert bare.camps == []
    assert corpus.camps(bare).empty
    assert corpus.groups(bare, "thread")["comments"].sum() == corpus.overview(bare).comments
    assert len(corpus.comments(bare, Query(sentiment="neutral")))


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_other_shards_say_how_to_get_parquet(tmp_path: Path, format: frames.FileFormat) -> None:
    batch.run_batch(FIXTURES / "isso", tmp_path / "out", tier="fast", workers=1, format=format)
    with pytest.raises(UnreadableError, match="--format parquet"):
        corpus.find(tmp_path / "out")


def test_a_damaged_shard_is_named(folder: Path, tmp_path: Path) -> None:
    zipped(folder, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        archive.extractall(tmp_path / "copy")
    next((tmp_path / "copy" / "comments").glob("*.parquet")).write_bytes(b"PAR1 and then nothing PAR1")
    with pytest.raises(UnreadableError, match="copy"):
        corpus.overview(corpus.find(tmp_path / "copy"))


def test_no_folder_of_a_batch(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no folder of a batch"):
        corpus.find(tmp_path)


def zipped(folder: Path, out: Path, base: str = "") -> None:
    with zipfile.ZipFile(out, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, f"{base}{path.relative_to(folder)}")


@pytest.mark.parametrize("base", ["", "tables/", "a/b/"])
def test_a_packed_result_is_unpacked_and_cleaned_up(folder: Path, found: Corpus, tmp_path: Path, base: str) -> None:
    zipped(folder, tmp_path / "it.zip", base)
    with (tmp_path / "it.zip").open("rb") as stream:
        packed = corpus.unpack(stream, "it.zip")
    assert packed
    aside = packed.path
    assert corpus.overview(packed) == corpus.overview(found)
    assert not (aside / "done").exists()
    del packed
    assert not aside.exists()


def test_what_is_in_memory_can_be_asked_the_same(found: Corpus, tables: Frames) -> None:
    held = corpus.of(tables)
    pd.testing.assert_frame_equal(corpus.groups(held, "month"), corpus.groups(found, "month"))


def packed(**files: str) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream


def test_other_archives_are_none() -> None:
    assert corpus.unpack(packed(**{"a.html": "x"}), "it.zip") is None
    assert corpus.unpack(packed(**{"manifest.json": "{}", "comments/../../evil.parquet": "x"}), "it.zip") is None


def test_a_zip_cannot_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "UNPACKED", 50)
    with pytest.raises(UnreadableError, match="unpack it"):
        corpus.unpack(packed(**{"manifest.json": "{}", "comments/a.parquet": "x" * 100}), "it.zip")
    with pytest.raises(UnreadableError, match="pack the folder again"):
        corpus.unpack(io.BytesIO(b"PK"), "it.zip")
