"""The folder that a batch writes: tables in shards, and a ledger for each chunk of files, which says that it is done.

Everything appears whole or not at all: it is written aside, forced to the disk, then renamed. The ledger of a chunk
comes last, so that a chunk without one has never been done.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from commentlab import frames
from commentlab.batch.inputs import Stamp, unchanged
from commentlab.batch.stores import Store
from commentlab.errors import CommentlabError
from commentlab.frames import FileFormat, Frames
from commentlab.records import Failure, ScoredThread

TABLES = ("comments", "problems", "threads")
PART = 20_000
"""Comments from which on a chunk begins another shard: it bounds the memory of whoever writes or reads one."""
LEDGERS = "done"
MANIFEST = "manifest.json"
_AT_ONCE = 64
"""Ledgers that are read at once."""
_SHARD = re.compile(r"\.?([0-9a-f]{16})(?:-\d{5})?\.(?:parquet|csv|jsonl|json)(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of a chunk of files.

    Attributes:
        inputs: The files as they were when they were read.
        threads: Threads in the tables.
        comments: Comments and pingbacks in the tables.
        failures: What could not be read or labelled.
        excluded: Threads that were left out because they are on an exclusion list.
        parts: Shards of each table.
        again: Some failures need not come again (a process died, time ran out): the next run tries once more.
        seconds: How long it took.
    """

    inputs: tuple[Stamp, ...]
    threads: int = 0
    comments: int = 0
    failures: tuple[Failure, ...] = ()
    excluded: int = 0
    parts: int = 0
    again: bool = False
    seconds: float = 0.0

    @classmethod
    def of(cls, fields: dict[str, Any]) -> "Ledger":
        """Return what JSON made of a ledger."""
        inputs = tuple(Stamp(**each) for each in fields["inputs"])
        failures = tuple(Failure(**each) for each in fields["failures"])
        return cls(**(fields | {"inputs": inputs, "failures": failures}))

    @property
    def stands(self) -> bool:
        """Whether its files have not changed since, and nothing in it is worth another try."""
        return not self.again and all(map(unchanged, self.inputs))


class StoppedError(CommentlabError):
    """The whole run cannot go on: the disk is full, a model is missing, workers do not start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of shards in one format, wherever it is."""

    store: Store
    format: FileFormat

    def prepare(self) -> None:
        """Make the folder and those of the tables."""
        self.store.prepare((*TABLES, LEDGERS))

    def shard(self, table: str, chunk: str, part: int) -> str:
        """Return the name of a shard."""
        return f"{table}/{chunk}-{part:05}.{self.format}"

    def shards(self, table: str) -> list[str]:
        """Return the names of the shards of a table that are there, sorted."""
        return sorted(f"{table}/{name}" for name in self.store.names(table) if name[0] != "." and _chunk_of(name))

    def load(self, name: str) -> pd.DataFrame:
        """Return the table in a shard."""
        return frames.load(self.store.read([name])[name], self.format)

    def manifest(self) -> dict[str, Any] | None:
        """Return what `manifest.json` says, None where there is none."""
        try:
            found = json.loads(self.store.read([MANIFEST])[MANIFEST])
        except (KeyError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def ledgers(self, chunks: Iterable[str]) -> Iterator[tuple[str, Ledger]]:
        """Yield the ledgers of those chunks that are done and all of whose shards are there."""
        there = {name for table in TABLES for name in self.shards(table)}
        kept = set(self.store.names(LEDGERS))
        names = {_ledger(chunk): chunk for chunk in chunks if f"{chunk}.json" in kept}
        paths = list(names)
        for start in range(0, len(paths), _AT_ONCE):
            for name, data in self.store.read(paths[start : start + _AT_ONCE]).items():
                ledger = _parsed(data)
                if ledger and there.issuperset(self._parts(names[name], ledger)):
                    yield names[name], ledger

    def write(self, chunk: str, part: int, tables: Frames) -> None:
        """Write a shard of each table."""
        for table, frame in tables.tables().items():
            self.store.write(self.shard(table, chunk, part), frames.encode(frame, self.format))

    def close(self, chunk: str, ledger: Ledger) -> None:
        """Write the ledger of a chunk: it is done."""
        self.store.write(_ledger(chunk), json.dumps(asdict(ledger)).encode())

    def receive(self, chunk: str, ledger: Ledger, aside: "Folder", run: str) -> None:
        """Take over the shards of a chunk that were written elsewhere, then its ledger; nothing of it stays there.

        Raises:
            StoppedError: The manifest here is not that of the run that the chunk belongs to.
        """
        if (self.manifest() or {}).get("run") != run:
            reason = "another run has taken over, or not all workers see the same place here; this run ends"
            raise StoppedError(f"{self.store.place}: {reason}")
        for name in self._parts(chunk, ledger):
            self.store.write(name, aside.store.read([name])[name])
            aside.store.remove([name])
        self.trim(chunk, ledger.parts)
        self.close(chunk, ledger)

    def trim(self, chunk: str, parts: int) -> None:
        """Remove the shards of a chunk that an earlier try, which was longer, has left."""
        while any(self.store.has(self.shard(table, chunk, parts)) for table in TABLES):
            self.store.remove(self.shard(table, chunk, parts) for table in TABLES)
            parts += 1

    def clear(self, keep: frozenset[str] = frozenset()) -> None:
        """Remove the shards and ledgers of all chunks but some, ledgers first, and what was written half."""
        for folder in (LEDGERS, *TABLES):
            chunks = {name: _chunk_of(name) for name in self.store.names(folder)}
            ours = {name: chunk for name, chunk in chunks.items() if chunk}
            self.store.remove(f"{folder}/{name}" for name in ours if ours[name] not in keep or name[0] == ".")

    def _parts(self, chunk: str, ledger: Ledger) -> Iterator[str]:
        return (self.shard(table, chunk, part) for table in TABLES for part in range(ledger.parts))


class Writer:
    """Takes labelled threads of one chunk and writes them in shards of about `PART` comments."""

    def __init__(self, folder: Folder, chunk: str, labels: Mapping[str, Sequence[str]]) -> None:
        self.folder, self.chunk, self.labels = folder, chunk, labels
        self.parts = self.threads = self.comments = 0
        self.sources: dict[str, str] = {}
        self._held: list[ScoredThread] = []
        self._size = 0

    def take(self, scored: ScoredThread) -> None:
        """Take a thread; what has become a shard is written."""
        self._held.append(scored)
        self._size += len(scored.thread.comments)
        self.sources[scored.thread.source] = scored.thread.id
        if self._size >= PART:
            self.flush()

    def tables(self, scored: Sequence[ScoredThread]) -> Frames:
        """Return the tables of threads as they are written."""
        return frames.to_frames(scored, self.labels)

    def flush(self, problems: Sequence[Mapping[str, str | None]] = ()) -> None:
        """Write what is held as a shard of each table, and further problems with it."""
        tables = self.tables(self._held)
        if problems:
            added = pd.DataFrame(list(problems), columns=tables.problems.columns, dtype="str")
            tables = replace(tables, problems=pd.concat([tables.problems, added], ignore_index=True))
        self.folder.write(self.chunk, self.parts, tables)
        self.parts += 1
        self.threads += len(self._held)
        self.comments += self._size
        self._held, self._size = [], 0

    def close(self, failures: Iterable[Failure] = ()) -> tuple[Failure, ...]:
        """Write what is left, and return the failures of sources that gave no thread.

        What broke off after it had given threads is a result with a problem, not a failure. An empty chunk has a shard,
        too, so that each table has its columns.
        """
        kept: list[Failure] = []
        problems: list[Mapping[str, str | None]] = []
        for failure in failures:
            if thread_id := self.sources.get(failure.source):
                problems.append({"thread_id": thread_id, "comment_id": None, "code": "cut", "message": failure.error})
            else:
                kept.append(failure)
        if self._held or problems or not self.parts:
            self.flush(problems)
        self.folder.trim(self.chunk, self.parts)
        return tuple(kept)


def json_lines(failures: Sequence[Failure]) -> bytes:
    """Return failures as JSON lines; names that are no text keep their bytes as escapes."""
    lines = (json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in failures)
    return "".join(lines).encode("utf-8", "backslashreplace")


def _ledger(chunk: str) -> str:
    return f"{LEDGERS}/{chunk}.json"


def _parsed(data: bytes) -> Ledger | None:
    try:
        return Ledger.of(json.loads(data))
    except (ValueError, TypeError, KeyError):
        return None


def _chunk_of(name: str) -> str | None:
    """Return the chunk that a file of ours belongs to, None for a file that somebody else put here."""
    found = _SHARD.fullmatch(name)
    return found[1] if found else None
