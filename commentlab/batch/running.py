"""A batch from its inputs to its manifest: what is done already, what is left to do, and what came of it."""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Unpack

from commentlab import __version__, frames, privacy, schemes
from commentlab.batch import inputs, labelling, shards
from commentlab.batch.options import Options, completed
from commentlab.batch.pool import GO_ON, Pool, StoppedError
from commentlab.batch.shards import Folder, Ledger
from commentlab.batch.worker import Setup
from commentlab.errors import OptionError, UnreadableError
from commentlab.frames import FileFormat
from commentlab.privacy import Authors, Cover

LIMIT = 300.0
"""Seconds for which a process may be at one file or document before it is ended."""
SAMPLE = 24
"""Files that are done to estimate the time of all."""
Engine = Literal["local", "dask"]
Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: files done, by this run and in all; failures among them; seconds since it began."""

    done: int
    here: int
    total: int
    failures: int
    seconds: float

    @property
    def rate(self) -> float:
        """Files that this run does in a second."""
        return self.here / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds until all is done at this rate, None where nothing is known yet."""
        return (self.total - self.done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run would do: files in all, those done already, bytes still to do, and the seconds that it may take."""

    files: int
    done: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A run: its folder, what identifies its work, its chunks by name, and those that are done."""

    folder: Folder
    about: dict[str, Any]
    options: Options
    chunks: dict[str, list[str]]
    done: frozenset[str]

    @property
    def todo(self) -> list[tuple[str, list[str]]]:
        return [(name, files) for name, files in self.chunks.items() if name not in self.done]


def run_batch(
    paths: Paths,
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    engine: Engine = "local",
    resume: bool = True,
    limit: int | None = None,
    select: Sequence[str] = (),
    timeout: float = LIMIT,
    format: FileFormat = "parquet",
    authors: Authors = "pseudonym",
    key: str | os.PathLike[str] | None = None,
    exclude: str | os.PathLike[str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    **options: Unpack[Options],
) -> BatchSummary:
    """Read and label many files into a folder of tables.

    The folder holds `comments/`, `threads/` and `problems/` in shards, `failures.jsonl` and `manifest.json`, and in
    `done/` what a later run needs to go on. What is there of other inputs or options is removed first. Files run in
    processes of their own: one that crashes, or takes too long, is tried once more and then becomes a failure, which
    the next run tries again.

    Args:
        paths: Files, folders (read recursively) and patterns such as `pages/**/*.html`; one of them or many.
        out: The folder to write into; it is made where it is missing.
        workers: Processes to use; None means one a core. They never change the tables.
        engine: Only `local` in this version.
        resume: False does everything again.
        limit: Number of files to read at most.
        select: Patterns; only files whose path or name matches one of them are read.
        timeout: Seconds for which a process may be at one file, or at one document of an archive.
        format: How shards are written: `parquet`, `csv` or `jsonl`.
        authors: `keep` names, `drop` them, or write a `pseudonym` for each, in the texts, too.
        key: File with the key of the pseudonyms, made where it is missing; None means `pseudonym.key` in the folder.
        exclude: CSV file with columns `author`, `thread_id`, `comment_id`: what is left out of everything. What
            `forget` has removed from the folder stays out, too.
        progress: Is called a few times a second.
        options: As `Options` lists them, the keyword arguments of `score` and `read` among them.

    Raises:
        OptionError: An option or scheme that does not exist.
        UnreadableError: The folder cannot be written, or another run is writing into it.
        StoppedError: The run cannot go on (the disk is full, say); what is done stays done.
    """
    if engine != "local":
        raise OptionError(f"engine {engine!r} is not in this version; use 'local'")
    began = time.monotonic()
    folder = Folder(path=Path(out), format=format)
    about = _about(completed(options), format)
    folder.prepare()
    with shards.locked(folder.path) as lock:
        cover = privacy.cover_for(folder.path, authors=authors, key=key, exclude=exclude)
        about |= _about_names(cover, exclude)
        if not resume:
            folder.clear()
        plan = _plan(inputs.find(paths, select=select, out=folder.path), limit, folder, about, completed(options))
        folder.clear(keep=plan.done)
        if plan.todo:
            _write_manifest(plan, {"complete": False, "started": _now()})
        setup = Setup(out=str(folder.path), format=format, options=plan.options, cover=cover)
        count = min(workers or os.cpu_count() or 1, max(len(plan.todo), 1))
        _work(plan, Pool(setup, workers=count, limit=timeout, lock=lock), began, progress)
        return _complete(plan, {"workers": count, "timeout": timeout}, began)


def estimate(
    paths: Paths,
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    limit: int | None = None,
    select: Sequence[str] = (),
    timeout: float = LIMIT,
    format: FileFormat = "parquet",
    authors: Authors = "pseudonym",
    key: str | os.PathLike[str] | None = None,
    exclude: str | os.PathLike[str] | None = None,
    **options: Unpack[Options],
) -> Estimate:
    """Say what `run_batch` would do with the same arguments, and how long that may take; nothing is written to `out`.

    A few files, spread over those to do, are read and labelled in a temporary folder for it.
    """
    chosen = completed(options)
    folder = Folder(path=Path(out), format=format)
    there = folder.path if (Path(key) if key else folder.path / privacy.KEY).exists() else None  # or no key is made
    cover = privacy.cover_for(there, authors=authors, key=key if there else None, exclude=exclude)
    about = _about(chosen, format) | _about_names(cover, exclude)
    plan = _plan(inputs.find(paths, select=select, out=folder.path), limit, folder, about, chosen)
    todo = [path for _, files in plan.todo for path in files]
    total = sum(max(inputs.size_of(path), 0) for path in todo)
    with tempfile.TemporaryDirectory() as aside:
        place = Folder(path=Path(aside), format=format)
        place.prepare()
        sample = todo[:: -(-len(todo) // SAMPLE) or 1]
        setup = Setup(out=aside, format=format, options=chosen, cover=cover)
        pool = Pool(setup, workers=1, limit=timeout)
        ledgers = [found[1] for found in pool.run([("0" * 16, sample)] if sample else []) if found]
    share = sum(max(each.bytes, 0) for ledger in ledgers for each in ledger.inputs) / max(total, 1)
    used = sum(ledger.seconds for ledger in ledgers)
    count = min(workers or os.cpu_count() or 1, max(len(plan.todo), 1))
    files = sum(map(len, plan.chunks.values()))
    return Estimate(
        files=files, done=files - len(todo), bytes=total, seconds=round(used / share / count, 1) if share else 0.0
    )


def _about(options: Options, format: FileFormat) -> dict[str, Any]:
    """Return what decides the content of the tables beside the files: versions, options, models, the scheme.

    Raises:
        OptionError: An option does not exist.
    """
    asked = labelling.classifiers(options)
    scheme = options["scheme"]
    return {
        "commentlab": __version__,
        "tables": frames.VERSION,
        "options": dict(options) | {"format": format},
        "models": {task: classifier.version for task, classifier in asked.items()},
        "scheme": hashlib.sha256(repr(schemes.load(scheme)).encode()).hexdigest() if scheme else None,
    }


def _about_names(cover: Cover, exclude: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Return what decides how names are written: the way, the key (as what it makes of nothing), who is left out.

    The list of what was forgotten in the folder is not part of it: that is gone from its shards already.
    """
    left_out = hashlib.sha256(Path(exclude).read_bytes()).hexdigest() if exclude else None
    made = privacy.pseudonym("", cover.key) if cover.authors == "pseudonym" else None
    return {"authors": cover.authors, "key": made, "excluded": left_out}


def _plan(files: Iterator[str], limit: int | None, folder: Folder, about: dict[str, Any], options: Options) -> _Plan:
    merge = options["merge"]
    chunks = {_name(about, chunk): chunk for chunk in inputs.chunks(islice(files, limit), whole=merge)}
    done = frozenset(name for name in chunks if folder.is_done(name))
    return _Plan(folder=folder, about=about, options=options, chunks=chunks, done=done)


def _name(about: dict[str, Any], files: Sequence[str]) -> str:
    stated = json.dumps([about, files], sort_keys=True)
    return hashlib.blake2s(stated.encode(), digest_size=8).hexdigest()


def _work(plan: _Plan, pool: Pool, began: float, progress: Callable[[Progress], None] | None) -> None:
    ledgers = (plan.folder.ledger(name) for name in plan.done)
    failures = sum(len(ledger.failures) for ledger in ledgers if ledger)
    total = sum(map(len, plan.chunks.values()))
    resumed = total - sum(len(files) for _, files in plan.todo)
    here = 0
    for found in pool.run(plan.todo):
        if found:
            name, ledger = found
            _close(plan.folder, name, ledger)
            here += len(ledger.inputs)
            failures += len(ledger.failures)
        if progress:
            seconds = time.monotonic() - began
            progress(Progress(done=resumed + here, here=here, total=total, failures=failures, seconds=seconds))


def _close(folder: Folder, name: str, ledger: Ledger) -> None:
    try:
        folder.close(name, ledger)
    except UnreadableError as error:
        raise StoppedError(f"{error}; {GO_ON}") from error


def _complete(plan: _Plan, used: dict[str, Any], began: float) -> BatchSummary:
    """Gather the failures, count, and write the manifest."""
    ledgers = dict(_ledgers(plan))
    failures = [failure for ledger in ledgers.values() for failure in ledger.failures]
    summary = BatchSummary(
        out=plan.folder.path,
        files=sum(map(len, plan.chunks.values())),
        threads=sum(ledger.threads for ledger in ledgers.values()),
        comments=sum(ledger.comments for ledger in ledgers.values()),
        failures=len(failures),
        resumed=len(plan.done),
        seconds=round(time.monotonic() - began, 3),
    )
    shards.put(plan.folder.path / "failures.jsonl", shards.json_lines(failures))
    counts = asdict(summary) | {"out": str(plan.folder.path)}
    _write_manifest(plan, {"complete": True, "finished": _now(), "summary": counts} | used, ledgers)
    return summary


def _ledgers(plan: _Plan) -> Iterator[tuple[str, Ledger]]:
    for name in plan.chunks:
        ledger = plan.folder.ledger(name)
        if ledger is None:
            raise UnreadableError(str(plan.folder.path), f"the shards of chunk {name} are gone; run it again")
        yield name, ledger


def _write_manifest(plan: _Plan, run: dict[str, Any], ledgers: dict[str, Ledger] | None = None) -> None:
    """Write what the tables were made of; times stand here and nowhere else."""
    manifest = plan.about | run | {"shards": {name: asdict(each) for name, each in (ledgers or {}).items()}}
    shards.put(plan.folder.path / "manifest.json", json.dumps(manifest, indent=1).encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
