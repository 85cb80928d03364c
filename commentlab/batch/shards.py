"""The folder that a batch writes: tables in shards, and a ledger for each chunk of files, which says that it is done.

Everything appears whole or not at all: it is written aside, forced to the disk, then renamed. The ledger of a chunk
comes last, so that a chunk without one has never been done.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from commentlab import frames
from commentlab.batch.inputs import Stamp, unchanged
from commentlab.errors import UnreadableError
from commentlab.frames import FileFormat, Frames
from commentlab.records import Failure, ScoredThread

TABLES = ("comments", "problems", "threads")
PART = 20_000
"""Comments from which on a chunk begins another shard: it bounds the memory of whoever writes or reads one."""
LEDGERS = "done"
PATIENCE = 10.0
"""Seconds to wait for the processes of a run that was killed to let go of the folder."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of shards in one format."""

    path: Path
    format: FileFormat

    def prepare(self) -> None:
        """Make the folder and those of the tables."""
        try:
            for name in (*TABLES, LEDGERS):
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def shard(self, table: str, chunk: str, part: int) -> Path:
        """Return the path of a shard."""
        return self.path / table / f"{chunk}-{part:05}.{self.format}"

    def shards(self, table: str) -> list[Path]:
        """Return the shards of a table that are there, in the order of their names."""
        return sorted(path for path in (self.path / table).iterdir() if path.name[0] != "." and _chunk_of(path))

    def ledger(self, chunk: str) -> Ledger | None:
        """Return the ledger of a chunk, None where it is not done or not in these shards."""
        try:
            found = json.loads((self.path / LEDGERS / f"{chunk}.json").read_bytes())
            inputs = tuple(Stamp(**each) for each in found.pop("inputs"))
            failures = tuple(Failure(**each) for each in found.pop("failures"))
            ledger = Ledger(inputs=inputs, failures=failures, **found)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        parts = (self.shard(table, chunk, part) for table in TABLES for part in range(ledger.parts))
        return ledger if all(part.exists() for part in parts) else None

    def is_done(self, chunk: str) -> bool:
        """Tell whether a chunk is done, its files have not changed since, and nothing in it is worth another try."""
        ledger = self.ledger(chunk)
        return ledger is not None and not ledger.again and all(map(unchanged, ledger.inputs))

    def write(self, chunk: str, part: int, tables: Frames) -> None:
        """Write a shard of each table."""
        for table, frame in tables.tables().items():
            put(self.shard(table, chunk, part), frames.encode(frame, self.format))

    def close(self, chunk: str, ledger: Ledger) -> None:
        """Write the ledger of a chunk: it is done."""
        put(self.path / LEDGERS / f"{chunk}.json", json.dumps(asdict(ledger)).encode())

    def trim(self, chunk: str, parts: int) -> None:
        """Remove the shards of a chunk that an earlier try, which was longer, has left."""
        while any(self.shard(table, chunk, parts).exists() for table in TABLES):
            for table in TABLES:
                self.shard(table, chunk, parts).unlink(missing_ok=True)
            parts += 1

    def clear(self, keep: frozenset[str] = frozenset()) -> None:
        """Remove the shards and ledgers of all chunks but some, ledgers first, and what was written half."""
        for name in (LEDGERS, *TABLES):
            for path in list((self.path / name).iterdir()):
                chunk = _chunk_of(path)
                if chunk and (chunk not in keep or path.name[0] == "."):
                    path.unlink(missing_ok=True)


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


def put(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all, also where the power fails.

    Raises:
        UnreadableError: It cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def json_lines(failures: Sequence[Failure]) -> bytes:
    """Return failures as JSON lines; names that are no text keep their bytes as escapes."""
    lines = (json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in failures)
    return "".join(lines).encode("utf-8", "backslashreplace")


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Keep other runs out of a folder; the descriptor is that of the lock, which the system lifts when we die.

    Raises:
        UnreadableError: Another run is at work there.
    """
    try:
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _lock(descriptor, folder)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                raise UnreadableError(str(folder), "another run writes into it; wait, or name another folder") from None
            time.sleep(0.1)
        else:
            return


def _chunk_of(path: Path) -> str | None:
    """Return the chunk that a file of ours belongs to, None for a file that somebody else put here."""
    found = _SHARD.fullmatch(path.name)
    return found[1] if found else None


def _unwritable(path: Path, error: OSError) -> UnreadableError:
    return UnreadableError(str(path), f"it cannot be written: {error.strerror or error}")
