"""Many files to tables on disk: chunks of files become shards, several processes at a time, and a run can be resumed.

A shard's name is a digest of its inputs and of the options, and shards appear whole or not at all (written aside, then
renamed). So a shard that is there is right, and going on after a crash is doing what is not there yet.
"""

import hashlib
import json
import os
import shutil
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from commentlab import __version__, frames, reading, schemes, scoring
from commentlab.errors import OptionError, UnreadableError
from commentlab.frames import FileFormat
from commentlab.plugin import Tier
from commentlab.records import Failure, ScoredThread, Thread

CHUNK = 64
"""Files that become one shard."""
TABLES = ("comments", "problems", "threads")  # threads last: its shard says that the chunk is done
Engine = Literal["local", "dask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What decides the content of the tables."""

    scheme: str | None = None
    proposition: str | None = None
    tasks: tuple[str, ...] | None = None
    tier: Tier = "auto"
    accepted_error: float | None = None
    reader: str | None = None
    timezone: str | None = None
    merge: bool = False
    format: FileFormat = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """What a batch did: files, threads and comments in the tables, failures, shards found done, seconds."""

    out: Path
    files: int
    threads: int
    comments: int
    failures: int
    resumed: int
    seconds: float


def score_files(
    paths: Iterable[reading.Input],
    *,
    scheme: str | None = None,
    proposition: str | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
    reader: str | None = None,
    timezone: str | None = None,
    merge: bool = False,
) -> Iterator[ScoredThread | Failure]:
    """Read and label many files, one at a time; what cannot be read comes out as a `Failure`.

    Args:
        paths: Files, folders (read recursively), or whatever else `read` takes.
        scheme: Name or TOML file of a stance scheme.
        proposition: What the stance is about; a scheme has one of its own.
        tasks: Tasks to label; None means all that apply.
        tier: `fast`, `accurate` or `auto`.
        accepted_error: Share of wrong answers that is acceptable, as in `score`.
        reader: Name of the reader to use for all files.
        timezone: Zone of dates that state none.
        merge: The files are said to belong together, as in `read`; all of them are read before the first is labelled.
    """
    options = Options(
        scheme=scheme,
        proposition=proposition,
        tasks=tuple(tasks) if tasks else None,
        tier=tier,
        accepted_error=accepted_error,
        reader=reader,
        timezone=timezone,
        merge=merge,
    )
    yield from _scored(paths, options)


def run_batch(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    engine: Engine = "local",
    resume: bool = True,
    limit: int | None = None,
    format: FileFormat = "parquet",
    scheme: str | None = None,
    proposition: str | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
    reader: str | None = None,
    timezone: str | None = None,
    merge: bool = False,
) -> BatchSummary:
    """Read and label many files into a folder of tables.

    The folder holds `comments/`, `threads/` and `problems/` with one shard a chunk of files, `failures.jsonl` and
    `manifest.json`. Shards of other inputs or options are removed when the run is complete.

    Args:
        paths: Files and folders (read recursively).
        out: The folder to write into; it is made where it is missing.
        workers: Processes to use; None means one a core, and one for a few files.
        engine: Only `local` in this version.
        resume: False does everything again.
        limit: Number of files to read at most.
        format: How shards are written: `parquet`, `csv` or `jsonl`.
        scheme: As in `score_files`, like all that follow.
        proposition: What the stance is about.
        tasks: Tasks to label.
        tier: `fast`, `accurate` or `auto`.
        accepted_error: Share of wrong answers that is acceptable, as in `score`.
        reader: Name of the reader to use for all files.
        timezone: Zone of dates that state none.
        merge: The files are said to belong together; all of them make one shard, and one process reads them.

    Raises:
        OptionError: An option or scheme that does not exist.
        UnreadableError: The folder cannot be written.
    """
    if engine != "local":
        raise OptionError(f"engine {engine!r} is not in this version; use 'local'")
    options = Options(
        scheme=scheme,
        proposition=proposition,
        tasks=tuple(tasks) if tasks else None,
        tier=tier,
        accepted_error=accepted_error,
        reader=reader,
        timezone=timezone,
        merge=merge,
        format=format,
    )
    started = time.monotonic()
    target = Path(out)
    files = (Path(str(each)) for given in paths for each in reading.expand(given))
    chunks = list(_chunks(islice(files, limit), options))
    if not resume:
        shutil.rmtree(target / "threads", ignore_errors=True)
    _prepare(target)
    todo = [(name, files) for name, files in chunks if not _shard(target, "threads", name, options).exists()]
    _work(todo, target, options, workers)
    return _complete(target, chunks, len(chunks) - len(todo), options, time.monotonic() - started)


def _scored(
    paths: Iterable[reading.Input], options: Options, *, reasons: bool = True
) -> Iterator[ScoredThread | Failure]:
    """Read and label, failures among the threads; threads are labelled in batches, so they come a little later."""
    failures: deque[Failure] = deque()

    def threads() -> Iterator[Thread]:
        for result in reading.iter_results(
            paths, reader=options.reader, timezone=options.timezone, merge=options.merge
        ):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                yield result

    scored = scoring.iter_score(
        threads(),
        scheme=options.scheme,
        proposition=options.proposition,
        tasks=options.tasks,
        tier=options.tier,
        accepted_error=options.accepted_error,
        reasons=reasons,
    )
    for each in scored:
        while failures:
            yield failures.popleft()
        yield each
    yield from failures


def _chunks(files: Iterable[Path], options: Options) -> Iterator[tuple[str, list[Path]]]:
    files = iter(files)
    about = [_stamp(path) for path in _about(options)]
    while chunk := list(islice(files, None if options.merge else CHUNK)):
        stamp = json.dumps([__version__, frames.VERSION, asdict(options), about, *map(_stamp, chunk)])
        yield hashlib.blake2s(stamp.encode(), digest_size=8).hexdigest(), chunk


def _about(options: Options) -> list[Path]:
    """Return the files beside the input that decide the labels: the user's own scheme, and the model fitted to it."""
    if options.scheme is None or options.scheme in schemes.available():
        return []
    return [Path(options.scheme), schemes.fitted(options.scheme) / "card.json"]


def _stamp(path: Path) -> list[str | int]:
    try:
        status = path.stat()
    except OSError:
        return [str(path), -1, -1]
    return [str(path), status.st_size, status.st_mtime_ns]


def _prepare(target: Path) -> None:
    try:
        for table in (*TABLES, "failures"):
            (target / table).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(str(target), f"it cannot be written: {error.strerror or error}") from error


def _shard(target: Path, table: str, name: str, options: Options) -> Path:
    return target / table / f"{name}.{'jsonl' if table == 'failures' else options.format}"


def _work(todo: Sequence[tuple[str, list[Path]]], target: Path, options: Options, workers: int | None) -> None:
    workers = workers or min(os.cpu_count() or 1, len(todo))
    if workers <= 1 or len(todo) <= 1:
        for name, files in todo:
            _write_chunk(name, files, target, options)
        return
    running: set[Future[None]] = set()
    with ProcessPoolExecutor(workers) as pool:
        for name, files in todo:
            if len(running) >= 2 * workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
            running.add(pool.submit(_write_chunk, name, files, target, options))
        for future in running:
            future.result()


def _write_chunk(name: str, files: Sequence[Path], target: Path, options: Options) -> None:
    threads: list[ScoredThread] = []
    failures: list[Failure] = []
    for result in _scored(files, options, reasons=False):
        if isinstance(result, Failure):
            failures.append(result)
        else:
            threads.append(result)
    lines = (json.dumps(asdict(failure), ensure_ascii=False) + "\n" for failure in failures)
    _replace(_shard(target, "failures", name, options), "".join(lines).encode("utf-8", "replace"))
    tables = frames.to_frames(threads).tables()
    for table in TABLES:
        _replace(_shard(target, table, name, options), frames.encode(tables[table], options.format))


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UnreadableError(str(path), f"it cannot be written: {error.strerror or error}") from error


def _complete(
    target: Path, chunks: Sequence[tuple[str, list[Path]]], resumed: int, options: Options, seconds: float
) -> BatchSummary:
    """Remove what belongs to other runs, gather the failures, count, and write the manifest."""
    names = {name for name, _ in chunks}
    for table in (*TABLES, "failures"):
        for shard in (target / table).iterdir():
            if shard.name.split(".")[0] not in names:
                shard.unlink()
    failures = b"".join(_shard(target, "failures", name, options).read_bytes() for name, _ in chunks)
    _replace(target / "failures.jsonl", failures)
    shapes = [_count(_shard(target, "threads", name, options), options.format) for name, _ in chunks]
    summary = BatchSummary(
        out=target,
        files=sum(len(files) for _, files in chunks),
        threads=sum(threads for threads, _ in shapes),
        comments=sum(comments for _, comments in shapes),
        failures=failures.count(b"\n"),
        resumed=resumed,
        seconds=round(seconds, 3),
    )
    manifest = {
        "commentlab": __version__,
        "tables": frames.VERSION,
        "options": asdict(options),
        "summary": asdict(summary) | {"out": str(target)},
        "shards": {name: [str(file) for file in files] for name, files in chunks},
    }
    _replace(target / "manifest.json", json.dumps(manifest, indent=1).encode("utf-8", "surrogateescape"))
    return summary


def _count(shard: Path, format: FileFormat) -> tuple[int, int]:
    threads = frames.load(shard, format)
    return len(threads), int((threads["comments"] + threads["pingbacks"]).sum())
