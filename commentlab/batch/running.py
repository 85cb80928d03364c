"""A batch from its inputs to its manifest: what is done already, what is left to do, and what came of it."""

import hashlib
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Unpack, get_args

from commentlab import privacy
from commentlab.batch import cluster, inputs, labelling, shards, stores
from commentlab.batch.options import Options, completed
from commentlab.batch.pool import GO_ON, Finished, Pool
from commentlab.batch.shards import Folder, Ledger, StoppedError
from commentlab.batch.stores import Disk
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
    """What a batch did: files, threads and comments in the tables, failures, shards found done, seconds.

    `out` is the folder as a path, or the URL that was given.
    """

    out: Path | str
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
    """A run: its own name, its folder, what identifies its work, its chunks, and the failures of those done."""

    run: str
    folder: Folder
    about: dict[str, Any]
    options: Options
    chunks: dict[str, list[str]]
    done: dict[str, int]

    @property
    def todo(self) -> list[tuple[str, list[str]]]:
        return [(name, files) for name, files in self.chunks.items() if name not in self.done]


def run_batch(
    paths: Paths,
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    engine: Engine = "local",
    scheduler: str | None = None,
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
        out: The folder to write into; it is made where it is missing. With the extra `cluster` also a URL that fsspec
            knows, such as `s3://bucket/tables`.
        workers: Processes to use; None means one a core, or all that a cluster has. They never change the tables.
        engine: `local`, or `dask`: a Dask cluster (extra `cluster`) whose workers find the files under the same paths.
        scheduler: Address of the cluster's scheduler, such as `tcp://10.0.0.1:8786`.
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
        MissingExtraError: A cluster or a URL is named, and the extra is not installed.
        OptionError: An option, scheme or cluster that does not exist.
        UnreadableError: The folder cannot be written, or another run is writing into it.
        StoppedError: The run cannot go on (the disk is full, say); what is done stays done.
    """
    _check_engine(engine, scheduler)
    began = time.monotonic()
    folder = Folder(store=stores.at(out), format=format)
    versions = labelling.versions(completed(options))
    folder.prepare()
    with stores.locked(folder.store) as lock:
        with stores.at_hand(folder.store, (privacy.KEY, privacy.EXCLUDED)) as place:
            cover = privacy.cover_for(place, authors=authors, key=key, exclude=exclude)
        setup = Setup(out=folder.store.place, format=format, options=completed(options), cover=cover, versions=versions)
        if not resume:
            folder.clear()
        plan = _plan(inputs.find(paths, select=select, out=folder.store.local), limit, folder, setup, exclude)
        folder.clear(keep=frozenset(plan.done))
        if plan.todo:
            _write_manifest(plan, {"complete": False, "started": _now()})
        if scheduler:
            order = cluster.Order(setup=setup, limit=timeout, run=plan.run)
            work = cluster.run(plan.todo, order, scheduler=scheduler, at_once=workers)
        else:
            workers = _processes(workers, plan)
            work = _here(plan, setup, workers=workers, limit=timeout, lock=lock)
        _work(plan, work, began, progress)
        return _complete(plan, {"engine": engine, "workers": workers, "timeout": timeout}, began)


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
    folder = Folder(store=stores.at(out), format=format)
    with stores.at_hand(folder.store, (privacy.KEY, privacy.EXCLUDED)) as here:
        there = here if (Path(key) if key else here / privacy.KEY).exists() else None  # or a key would be made
        cover = privacy.cover_for(there, authors=authors, key=key if there else None, exclude=exclude)
    setup = Setup(out="", format=format, options=chosen, cover=cover, versions=labelling.versions(chosen))
    plan = _plan(inputs.find(paths, select=select, out=folder.store.local), limit, folder, setup, exclude)
    todo = [path for _, files in plan.todo for path in files]
    total = sum(max(inputs.size_of(path), 0) for path in todo)
    with tempfile.TemporaryDirectory() as aside:
        Folder(store=Disk(path=Path(aside)), format=format).prepare()
        sample = todo[:: -(-len(todo) // SAMPLE) or 1]
        with Pool(replace(setup, out=aside), workers=1, limit=timeout) as pool:
            ledgers = [found[1] for found in pool.run([("0" * 16, sample)] if sample else []) if found]
    share = sum(max(each.bytes, 0) for ledger in ledgers for each in ledger.inputs) / max(total, 1)
    used = sum(ledger.seconds for ledger in ledgers)
    count = _processes(workers, plan)
    files = sum(map(len, plan.chunks.values()))
    return Estimate(
        files=files, done=files - len(todo), bytes=total, seconds=round(used / share / count, 1) if share else 0.0
    )


def _check_engine(engine: Engine, scheduler: str | None) -> None:
    if engine not in get_args(Engine):
        raise OptionError(f"unknown engine {engine!r}; there are {', '.join(get_args(Engine))}")
    if (engine == "dask") != (scheduler is not None):
        raise OptionError("the engine 'dask' and the address of its scheduler go together: give both or none")
    if engine == "dask":
        cluster.distributed()


def _processes(workers: int | None, plan: _Plan) -> int:
    return min(workers or os.cpu_count() or 1, max(len(plan.todo), 1))


def _about_names(cover: Cover, exclude: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Return what decides how names are written: the way, the key (as what it makes of nothing), who is left out.

    The list of what was forgotten in the folder is not part of it: that is gone from its shards already.
    """
    left_out = hashlib.sha256(Path(exclude).read_bytes()).hexdigest() if exclude else None
    made = privacy.pseudonym("", cover.key) if cover.authors == "pseudonym" else None
    return {"authors": cover.authors, "key": made, "excluded": left_out}


def _plan(
    files: Iterator[str], limit: int | None, folder: Folder, setup: Setup, exclude: str | os.PathLike[str] | None
) -> _Plan:
    options = {"options": dict(setup.options) | {"format": folder.format}}
    about = dict(setup.versions) | options | _about_names(setup.cover, exclude)
    merge = setup.options["merge"]
    chunks = {_name(about, chunk): chunk for chunk in inputs.chunks(islice(files, limit), whole=merge)}
    done = {name: len(ledger.failures) for name, ledger in folder.ledgers(chunks) if ledger.stands}
    run = secrets.token_hex(8)
    return _Plan(run=run, folder=folder, about=about, options=setup.options, chunks=chunks, done=done)


def _name(about: dict[str, Any], files: Sequence[str]) -> str:
    stated = json.dumps([about, files], sort_keys=True)
    return hashlib.blake2s(stated.encode(), digest_size=8).hexdigest()


def _here(plan: _Plan, setup: Setup, *, workers: int, limit: float, lock: int | None) -> Generator[Finished | None]:
    """Do what is to do in processes of this machine; they write straight into a folder, and aside for other places."""
    with tempfile.TemporaryDirectory() as place:
        aside = Folder(store=Disk(path=Path(place)), format=plan.folder.format)
        if not plan.folder.store.local:
            aside.prepare()
            setup = replace(setup, out=place)
        with Pool(setup, workers=workers, limit=limit, lock=lock) as pool:
            for found in pool.run(plan.todo):
                if found:
                    _close(plan, *found, aside)
                yield found


def _close(plan: _Plan, name: str, ledger: Ledger, aside: Folder) -> None:
    try:
        if plan.folder.store.local:
            plan.folder.close(name, ledger)
        else:
            plan.folder.receive(name, ledger, aside, plan.run)
    except UnreadableError as error:
        raise StoppedError(f"{error}; {GO_ON}") from error


def _work(
    plan: _Plan, work: Generator[Finished | None], began: float, progress: Callable[[Progress], None] | None
) -> None:
    """Let the work be done, and tell how far it is."""
    failures = sum(plan.done.values())
    total = sum(map(len, plan.chunks.values()))
    resumed = total - sum(len(files) for _, files in plan.todo)
    here = 0
    with closing(work):
        for found in work:
            if found:
                here += len(found[1].inputs)
                failures += len(found[1].failures)
            if progress:
                seconds = time.monotonic() - began
                progress(Progress(done=resumed + here, here=here, total=total, failures=failures, seconds=seconds))


def _complete(plan: _Plan, used: dict[str, Any], began: float) -> BatchSummary:
    """Gather the failures, count, and write the manifest."""
    failures: list[bytes] = []
    found: dict[str, dict[str, Any]] = {}
    for name, ledger in plan.folder.ledgers(plan.chunks):
        failures.append(shards.json_lines(ledger.failures))
        found[name] = asdict(ledger) | {"failures": len(ledger.failures)}
    if gone := plan.chunks.keys() - found.keys():
        raise UnreadableError(plan.folder.store.place, f"the shards of chunk {min(gone)} are gone; run it again")
    summary = BatchSummary(
        out=plan.folder.store.local or plan.folder.store.place,
        files=sum(map(len, plan.chunks.values())),
        threads=sum(each["threads"] for each in found.values()),
        comments=sum(each["comments"] for each in found.values()),
        failures=sum(each["failures"] for each in found.values()),
        resumed=len(plan.done),
        seconds=round(time.monotonic() - began, 3),
    )
    plan.folder.store.write("failures.jsonl", b"".join(failures))
    counts = asdict(summary) | {"out": str(summary.out)}
    _write_manifest(plan, {"complete": True, "finished": _now(), "summary": counts} | used, found)
    return summary


def _write_manifest(plan: _Plan, run: dict[str, Any], chunks: dict[str, dict[str, Any]] | None = None) -> None:
    """Write what the tables were made of; times stand here and nowhere else."""
    manifest = plan.about | {"run": plan.run} | run | {"shards": chunks or {}}
    plan.folder.store.write(shards.MANIFEST, json.dumps(manifest, indent=1).encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
