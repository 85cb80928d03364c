"""People's corrections, kept in one SQLite file: labels of comments and mends of threads.

A label that is given again stands behind the one before, and what is undone stays, marked so; only `forget` deletes.
Every call is one short transaction on a connection of its own, so threads, processes and browser tabs may write at the
same time, and what was written once survives a crash (write-ahead log, synced at each commit).
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from commentlab.errors import OptionError, UnreadableError
from commentlab.records import Correction, Mend

HOME = "COMMENTLAB_HOME"
"""Environment variable with the folder for what a person keeps; without it, that of the desktop for such data."""
FILE = "labels.sqlite"
WAIT = 20.0
"""Seconds to wait for somebody else's transaction."""
VERSION = 1
"""Version of the tables in the file."""

_CODE = Path(__file__).parent
_TABLES: Mapping[str, type[Correction] | type[Mend]] = {"labels": Correction, "mends": Mend}
_NUMBERS = ("at",)
_COMMENT = "thread_id = ? AND comment_id = ?"
_Kept = TypeVar("_Kept", Correction, Mend)


def home() -> Path:
    """Return the folder for what a person keeps: labels, fitted schemes.

    Raises:
        OptionError: It lies within the code, where an update would take it away.
    """
    given = os.environ.get(HOME)
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = Path(given).expanduser() if given else share / "commentlab"
    if folder.resolve().is_relative_to(_CODE):
        raise OptionError(f"{HOME}: {folder} is a folder of commentlab's code; name one outside of it")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The file with the corrections; it is made when something is first written."""

    path: Path

    def label(self, *corrections: Correction) -> None:
        """Keep labels, all of them or none."""
        self._insert("labels", corrections)

    def mend(self, mend: Mend) -> None:
        """Keep how a thread is mended."""
        self._insert("mends", [mend])

    def undo(self, thread_id: str, coder: str) -> Correction | None:
        """Take back the last label that a coder gave in a thread and return it; None where there is none left."""
        return self._undo(Correction, "labels", "thread_id = ? AND coder = ?", (thread_id, coder))

    def unmend(self, thread_id: str) -> Mend | None:
        """Take back the last mend of a thread and return it; None where there is none left."""
        return self._undo(Mend, "mends", "thread_id = ?", (thread_id,))

    def corrections(self, thread_ids: Sequence[str] | None = None) -> list[Correction]:
        """Return the last word of each coder on each comment and task, in the order in which they were given.

        Args:
            thread_ids: Threads; None for all of them.
        """
        last: dict[tuple[str | None, ...], Correction] = {}
        for each in self._select(Correction, "labels", thread_ids):
            about = (each.scheme, each.proposition) if each.task == "stance" else ()
            key = (each.thread_id, each.comment_id, each.mark, each.task, each.coder, *about)
            last.pop(key, None)
            last[key] = each
        return [each for each in last.values() if each.value is not None]

    def mends(self, thread_ids: Sequence[str] | None = None) -> list[Mend]:
        """Return the mends of threads, or of all of them, in the order in which they were made."""
        return list(self._select(Mend, "mends", thread_ids))

    def history(self) -> list[dict[str, Any]]:
        """Return every label that was ever given, as rows, with the time at which it was undone or None."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            found = connection.execute("SELECT * FROM labels ORDER BY number").fetchall()
        return [{name: row[name] for name in (*_names(Correction), "undone")} for row in found]

    def revision(self) -> int:
        """Return a number that is another one after every change, whoever makes it."""
        if not self.path.exists():
            return 0
        counts = " + ".join(f"(SELECT count(*) + count(undone) FROM {table})" for table in _TABLES)
        ever = "(SELECT coalesce(sum(seq), 0) FROM sqlite_sequence)"  # what is deleted was counted there
        with self._open() as connection:
            found: int = connection.execute(f"SELECT ({ever} << 32) + {counts}").fetchone()[0]
        return found

    def authors(self) -> list[str]:
        """Return the names of those whose comments are kept, as they are spelled."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            every = " UNION ".join(
                f"SELECT {name} FROM {table}"
                for table, name in (("labels", "author"), ("labels", "parent_author"), ("mends", "author"))
            )
            return [row[0] for row in connection.execute(every) if row[0] is not None]

    def forget(
        self,
        *,
        authors: Iterable[str] = (),
        threads: Iterable[str] = (),
        comments: Iterable[tuple[str, str]] = (),
    ) -> int:
        """Delete all that is kept of people, threads and comments, history included, and return how many labels.

        Labels of answers stay, without the words and the name of what they answered.

        Args:
            authors: Names as `authors` spells them.
            threads: Ids of threads.
            comments: Ids of a thread and of a comment in it.
        """
        if not self.path.exists():
            return 0
        answered = {"author = ?": "parent_author = ?", _COMMENT: "thread_id = ? AND parent_id = ?"}
        ways: list[tuple[str, tuple[str, ...]]] = [("author = ?", (name,)) for name in authors]
        ways += [("thread_id = ?", (thread,)) for thread in threads]
        ways += [(_COMMENT, pair) for pair in comments]
        deleted = 0
        with self._open() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with _transaction(connection):
                for where, given in ways:
                    if where in answered:
                        empty = "parent = '', parent_author = NULL"
                        connection.execute(f"UPDATE labels SET {empty} WHERE {answered[where]}", given)
                    deleted += connection.execute(f"DELETE FROM labels WHERE {where}", given).rowcount
                    connection.execute(f"DELETE FROM mends WHERE {where}", given)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    def _insert(self, table: str, records: Iterable[Correction | Mend]) -> None:
        rows = [asdict(record) | {"when": record.when.isoformat()} for record in records]
        if not rows:
            return
        names = list(rows[0])
        values = ", ".join(f":{name}" for name in names)
        with self._open() as connection, _transaction(connection):
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({values})", rows)

    def _undo(self, record: type[_Kept], table: str, where: str, given: Sequence[str]) -> _Kept | None:
        if not self.path.exists():
            return None
        with self._open() as connection, _transaction(connection):
            query = f"SELECT *, number FROM {table} WHERE {where} AND undone IS NULL ORDER BY number DESC LIMIT 1"
            row = connection.execute(query, given).fetchone()
            if row is None:
                return None
            now = datetime.now(UTC).isoformat()
            connection.execute(f"UPDATE {table} SET undone = ? WHERE number = ?", (now, row["number"]))
        return _record(record, row)

    def _select(self, record: type[_Kept], table: str, thread_ids: Sequence[str] | None) -> Iterator[_Kept]:
        if not self.path.exists():
            return
        among, given = "", []
        if thread_ids is not None:  # one value however many there are, since statements bind only so many
            among, given = "AND thread_id IN (SELECT value FROM json_each(?))", [json.dumps(list(thread_ids))]
        with self._open() as connection:
            found = connection.execute(f"SELECT * FROM {table} WHERE undone IS NULL {among} ORDER BY number", given)
            rows = found.fetchall()
        yield from (_record(record, row) for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                _prepare(connection, self.path)
                yield connection
        except (sqlite3.Error, OSError) as error:
            message = f"corrections cannot be kept there ({error}); free the disk or the file, or set {HOME}"
            raise UnreadableError(str(self.path), message) from error


def standard() -> Store:
    """Return the store of this user, `labels.sqlite` in `home()`."""
    return Store(path=home() / FILE)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing, and let nobody else write in between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise UnreadableError(str(path), f"a newer commentlab wrote it (version {version}); update commentlab")
    if version == VERSION:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    with _transaction(connection):
        for table, record in _TABLES.items():
            types = {name: "INTEGER" if name in _NUMBERS else "TEXT" for name in _names(record)}
            columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
            head = "number INTEGER PRIMARY KEY AUTOINCREMENT"
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({head}, {columns}, undone TEXT)")
            connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_of_threads ON {table} (thread_id)")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _names(record: type[Correction] | type[Mend]) -> list[str]:
    return [field.name for field in fields(record)]


def _record(record: type[_Kept], row: sqlite3.Row) -> _Kept:
    values: dict[str, Any] = {name: row[name] for name in _names(record)}
    return record(**values | {"when": datetime.fromisoformat(row["when"])})
