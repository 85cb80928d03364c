"""A batch result of any size through DuckDB: a folder of Parquet shards in, small tables out.

Every question is one pass over the columns that it needs, in a connection of its own that cannot write, sees no other
folder and may use `MEMORY`; so a million comments are looked at without being loaded. Statistics stay in `insight`:
from here come the counts.
"""

import os
import re
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

import pandas as pd

from commentlab import insight
from commentlab.errors import OptionError, UnreadableError
from commentlab.frames import COMMENT_COLUMNS, Frames, encode, rows
from commentlab.insight import By
from commentlab.insight.labels import ABSTAINED, Sides, scheme_of, sides_of, values

if TYPE_CHECKING:
    import duckdb

TABLES = ("comments", "threads", "problems")
MANIFEST = "manifest.json"
MEMORY = "768MB"
"""What the database may use for one question; the rest of the process comes on top."""
UNPACKED = 4 << 30
"""Bytes that a packed result may have when it is unpacked."""
Order = Literal["largest", "newest", "oldest"]

_SHARD = re.compile(rf"(?:{'|'.join(TABLES)})/\w[\w-]*\.parquet")
_KEYS: Mapping[By, str] = {"thread": "thread_id", "month": "month", "source": "source", "author": "author"}
_HOLDS: Mapping[str, str] = {
    "author": "contains(lower(author), lower($author))",
    "camp": "camp = $camp",
    "relation": "relation = $relation",
    "sentiment": "sentiment = $sentiment",
    "confidence": "stance_confidence >= $confidence",
    "since": "published::DATE >= $since",
    "until": "published::DATE <= $until",
}
_ORDERS: Mapping[Order, str] = {
    "largest": "comments DESC, key",
    "newest": "last DESC NULLS LAST, key",
    "oldest": "first NULLS LAST, key",
}


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Corpus:
    """The folder of a batch: its shards, the label columns in them, and the side of each camp."""

    path: Path
    shards: Mapping[str, tuple[str, ...]]
    tasks: Mapping[str, tuple[str, ...]]
    sides: Sides

    @property
    def camps(self) -> list[str]:
        """The camps in the scheme's order, the abstentions last; empty where stance was not labelled."""
        return [*self.sides, ABSTAINED] if self.sides else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which comments are meant: those for which all of it holds.

    Attributes:
        words: Words that all stand in the text, however they are capitalised.
        author: A part of the name or pseudonym of who wrote it, however it is capitalised.
        camp: A camp, or `abstained`.
        relation: A relation to the comment that is answered.
        sentiment: A tone.
        confidence: The least confidence of the stance, in [0, 1].
        since: The first day (UTC) on which it may have been written; without a date it is not meant.
        until: The last day, likewise.
        within: A group, such as `("month", "2012-10")`.
    """

    words: str = ""
    author: str = ""
    camp: str | None = None
    relation: str | None = None
    sentiment: str | None = None
    confidence: float = 0.0
    since: date | None = None
    until: date | None = None
    within: tuple[By, str] | None = None


ALL = Query()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How many comments there are, in how many threads and sources, and the first and last of their times (UTC)."""

    comments: int
    threads: int
    sources: int
    first: datetime | None
    last: datetime | None


def is_corpus(path: Path) -> bool:
    """Tell whether a folder is one that a batch wrote."""
    return (path / MANIFEST).is_file() and (path / "comments").is_dir()


def find(path: str | os.PathLike[str]) -> Corpus:
    """Look at the folder of a batch; of the shards only one is opened.

    Raises:
        UnreadableError: It is no such folder, or its shards are not Parquet.
    """
    folder = Path(path).resolve()
    if not is_corpus(folder):
        raise UnreadableError(str(folder), "it is no folder of a batch; make one with `commentlab score … --out DIR`")
    shards = {name: tuple(map(str, sorted((folder / name).glob("[!.]*.parquet")))) for name in TABLES}
    if not all(shards.values()):
        raise UnreadableError(
            str(folder), "it holds no Parquet shards; run `commentlab score … --format parquet --out DIR` once more"
        )
    with _connected(folder, shards) as connection:
        head = _table(connection, "SELECT * FROM comments LIMIT 0")
        threads = _table(connection, "SELECT DISTINCT scheme FROM threads")
    frames = Frames(comments=head, threads=threads, problems=pd.DataFrame())
    labels = [str(name).removesuffix("_confidence") for name in head if str(name).endswith("_confidence")]
    tasks = {task: tuple(values(head, task)) for task in labels if f"{task}_confidence" not in COMMENT_COLUMNS}
    return Corpus(path=folder, shards=shards, tasks=tasks, sides=sides_of(frames, scheme_of(frames)))


def of(tables: Frames) -> Corpus:
    """Return tables that are in memory as a corpus, whose folder is gone when it is."""
    aside = Path(tempfile.mkdtemp(prefix="commentlab-"))
    for name, table in tables.tables().items():
        (aside / name).mkdir()
        (aside / name / "0.parquet").write_bytes(encode(table, "parquet"))
    (aside / MANIFEST).write_text("{}", encoding="ascii")
    return _passing(aside)


def unpack(stream: IO[bytes], name: str) -> Corpus | None:
    """Return a packed result of a batch, whose folder is gone when it is; None where it is none.

    Raises:
        UnreadableError: It is damaged, or would become larger than `UNPACKED`.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            wanted = _wanted(archive)
            if sum(archive.getinfo(member).file_size for member in wanted) > UNPACKED:
                raise UnreadableError(name, f"it has more than {UNPACKED >> 30} GB; unpack it and give its folder")
            if not wanted:
                return None
            aside = Path(tempfile.mkdtemp(prefix="commentlab-"))
            for member, place in wanted.items():
                (aside / place).parent.mkdir(exist_ok=True)
                with archive.open(member) as packed, (aside / place).open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(name, f"it cannot be unpacked: {error}; pack the folder again") from error
    return _passing(aside)


def _wanted(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return what is unpacked, and where to; names of other depth or kind, such as `../x`, are left alone."""
    manifests = [name for name in archive.namelist() if name.rpartition("/")[2] == MANIFEST]
    for manifest in manifests:
        base = manifest.removesuffix(MANIFEST)
        names = [name for name in archive.namelist() if name.startswith(base)]
        shards = {name: name.removeprefix(base) for name in names if _SHARD.fullmatch(name.removeprefix(base))}
        if shards:
            return {manifest: MANIFEST, **shards}
    return {}


def _passing(folder: Path) -> Corpus:
    """Return the corpus in a folder that is removed with it."""
    try:
        found = find(folder)
    except UnreadableError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(found, shutil.rmtree, folder, ignore_errors=True)
    return found


def overview(corpus: Corpus, query: Query = ALL) -> Overview:
    """Count the comments that are meant, and what they stand in."""
    where, given = _where(query)
    ask = "SELECT count(*) AS comments, count(DISTINCT thread_id) AS threads, count(DISTINCT source) AS sources,"
    ask += f" min(published) AS first, max(published) AS last FROM written WHERE {where}"
    return Overview(**next(_rows(corpus, ask, given)))


def camps(corpus: Corpus, query: Query = ALL) -> pd.DataFrame:
    """Return `camp, side, comments, share, low, high` of the comments that are meant, as `Findings.camps` has them."""
    if not corpus.sides:
        return insight.camps_of_counts(pd.DataFrame(), pd.Series(dtype=int), {})
    where, given = _where(query)
    counts, names = _counts(corpus)
    people = f"SELECT {counts} FROM written WHERE {where} GROUP BY thread_id, coalesce(author, chr(31) || comment_id)"
    found = _ask(corpus, f"SELECT *, count(*) AS people FROM ({people}) GROUP BY ALL ORDER BY ALL", given | names)
    patterns = found.drop(columns="people").set_axis(corpus.camps, axis=1)
    return insight.camps_of_counts(patterns, found["people"], corpus.sides)


def groups(
    corpus: Corpus,
    by: By,
    query: Query = ALL,
    *,
    order: Order = "largest",
    limit: int = 50,
    offset: int = 0,
    profiles: bool = False,
) -> pd.DataFrame:
    """Return the threads, months, sources or authors in which the comments that are meant stand.

    Args:
        corpus: Where to look.
        by: What makes a group.
        query: Which comments are counted.
        order: Which groups come first.
        limit: Groups to return at most.
        offset: Groups to leave out before them.
        profiles: Allows `by="author"`, as in `insight.compare`.

    Returns:
        `key, comments, first, last, groups` (how many there are in all), a column of counts for each camp, and for
        threads `title, source`.

    Raises:
        OptionError: Authors were asked for without `profiles`.
    """
    _allow(by, profiles=profiles)
    where, given = _where(query)
    counts, names = _counts(corpus)
    ask = f"SELECT {_KEYS[by]} AS key, count(*) AS comments, min(published) AS first, max(published) AS last, {counts}"
    ask += f" count(*) OVER () AS groups FROM written WHERE {where} AND key IS NOT NULL"
    ask += f" GROUP BY ALL ORDER BY {_ORDERS[order]} LIMIT {int(limit)} OFFSET {int(offset)}"
    found = _ask(corpus, ask, given | names)
    found = found.rename(columns={f"camp{place}": camp for place, camp in enumerate(corpus.camps)})
    return _titled(corpus, found) if by == "thread" else found


def _titled(corpus: Corpus, found: pd.DataFrame) -> pd.DataFrame:
    ask = "SELECT thread_id AS key, any_value(title) AS title, min(source) AS source FROM threads"
    heads = _ask(corpus, f"{ask} WHERE list_contains($keys, thread_id) GROUP BY ALL", {"keys": found["key"].tolist()})
    return found.merge(heads, how="left", on="key")


def compare(corpus: Corpus, by: By, keys: Sequence[str], query: Query = ALL, *, profiles: bool = False) -> pd.DataFrame:
    """Measure how far each of some groups is from the others of them, as `insight.compare` does with these alone.

    Raises:
        OptionError: Authors were asked for without `profiles`.
    """
    _allow(by, profiles=profiles)
    where, given = _where(query)
    ask = f"SELECT {_KEYS[by]} AS key, camp, count(*) AS comments FROM written"
    ask += f" WHERE {where} AND list_contains($keys, key) GROUP BY ALL ORDER BY ALL"
    found = _ask(corpus, ask, given | {"keys": list(keys)})
    counts = found.pivot_table(index="key", columns="camp", values="comments", fill_value=0, aggfunc="sum")
    counts = counts.reindex(columns=corpus.camps, fill_value=0).astype(int).rename_axis(index=_KEYS[by])
    return insight.compare_counts(counts, counts.sum())


def comments(corpus: Corpus, query: Query = ALL, *, limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """Return the comments that are meant, the surest first, without their probabilities, and their thread's `title`."""
    where, given = _where(query)
    order = "stance_confidence DESC NULLS LAST, " if corpus.sides else ""
    # What is sorted is a place in a shard; the texts are fetched for the few that are shown.
    places = f"SELECT filename, file_row_number FROM written WHERE {where}"
    places += f" ORDER BY {order}thread_id, position LIMIT {int(limit)} OFFSET {int(offset)}"
    shown = "w.thread_id, comment_id, position, author, published, text, camp, relation, sentiment"
    sure = "stance_confidence" if corpus.sides else "NULL::DOUBLE AS stance_confidence"
    ask = f"WITH p AS ({places}), t AS (SELECT thread_id, any_value(title) AS title FROM threads GROUP BY ALL)"
    ask += f" SELECT {shown}, {sure}, title FROM p JOIN written w USING (filename, file_row_number)"
    return _ask(corpus, f"{ask} LEFT JOIN t ON t.thread_id = w.thread_id ORDER BY {order}w.thread_id, position", given)


def frames(corpus: Corpus, thread_id: str) -> Frames:
    """Return the tables of one thread, of which only the shards that hold it are read.

    Raises:
        OptionError: There is no such thread.
    """
    found = {}
    for table in TABLES:
        ask = f"SELECT DISTINCT filename FROM {table} WHERE thread_id = $id ORDER BY ALL"
        held = [row["filename"] for row in _rows(corpus, ask, {"id": thread_id})] or corpus.shards[table][:1]
        parts = [pd.read_parquet(shard, filters=[("thread_id", "==", thread_id)]) for shard in held]
        found[table] = pd.concat(parts, ignore_index=True)
    if found["threads"].empty:
        raise OptionError(f"there is no thread {thread_id!r} in {corpus.path}; its page “Corpus” lists them")
    return Frames(**found)


def _allow(by: By, *, profiles: bool) -> None:
    if by == "author" and not profiles:
        raise OptionError("profiles of authors over several threads are off; switch them on with profiles=True")


def _where(query: Query) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {}
    parts = ["kind = 'comment'", "status = 'shown'"]
    for number, word in enumerate(query.words.split()):
        given[f"word{number}"] = word
        parts.append(f"contains(lower(text), lower($word{number}))")
    for name, holds in _HOLDS.items():
        if value := getattr(query, name):
            given[name] = value
            parts.append(holds)
    if query.within:
        by, given["within"] = query.within
        parts.append(f"{_KEYS[by]} = $within")
    return " AND ".join(parts), given


def _counts(corpus: Corpus) -> tuple[str, dict[str, str]]:
    """Return what counts the comments of each camp, each with a comma, and the names that it needs."""
    names = {f"name{place}": camp for place, camp in enumerate(corpus.camps)}
    counts = [f"count(*) FILTER (camp = $name{place}) AS camp{place}," for place in range(len(names))]
    return " ".join(counts), names


def _rows(corpus: Corpus, ask: str, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return rows(_ask(corpus, ask, given))


def _ask(corpus: Corpus, ask: str, given: Mapping[str, Any]) -> pd.DataFrame:
    with _connected(corpus.path, corpus.shards) as connection:
        connection.execute(f"CREATE VIEW written AS {_written(corpus)}")
        return _table(connection, ask, given)


def _table(connection: "duckdb.DuckDBPyConnection", ask: str, given: Mapping[str, Any] | None = None) -> pd.DataFrame:
    found: pd.DataFrame = connection.sql(ask, params=dict(given or {})).to_arrow_table().to_pandas()
    return found


@contextmanager
def _connected(folder: Path, shards: Mapping[str, Sequence[str]]) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open a database that holds nothing but views of the shards, and close it.

    Raises:
        UnreadableError: A shard is damaged, or the question needs more than `MEMORY`.
    """
    import duckdb

    closed: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY, **closed})
    try:
        for table in TABLES:
            held = list(shards[table])
            connection.read_parquet(held, filename=True, file_row_number=True).create_view(table)
        connection.execute(f"SET allowed_directories = [{_quoted(str(folder))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(str(folder), f"{reason}; run `commentlab score` on it again") from error
    finally:
        connection.close()


def _written(corpus: Corpus) -> str:
    """Return the view of comments with what they can be grouped and asked by; times are in UTC without saying so.

    A function of the zone would need an extension (ICU), so microseconds since 1970 are taken instead.
    """
    time = "make_timestamp(epoch_us(published))"
    camp = f"coalesce(stance, '{ABSTAINED}')" if corpus.sides else "NULL::VARCHAR"
    more = "".join(f", NULL::VARCHAR AS {task}" for task in ("relation", "sentiment") if task not in corpus.tasks)
    source = "SELECT thread_id, min(source) AS source FROM threads GROUP BY ALL"
    ask = f"SELECT c.* REPLACE ({time} AS published), {camp} AS camp, strftime({time}, '%Y-%m') AS month, source{more}"
    return f"{ask} FROM comments c LEFT JOIN ({source}) USING (thread_id)"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
