"""The same work on a Dask cluster: a task is a chunk, and each thread of a Dask worker has a pool of one process.

Dask spreads chunks over machines, and does a chunk again where a worker was lost. A file that crashes or hangs costs a
process of the pool, as on one machine, and Dask need not know. Where a file takes the Dask worker with it, Dask gives
up every chunk that it had sent there; those are done one at a time at the end, so that it shows which file it was.
"""

import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from commentlab.batch import stores
from commentlab.batch.pool import GO_ON, START, TICK, Finished, Pool
from commentlab.batch.shards import Folder, Ledger, StoppedError
from commentlab.batch.stores import Disk
from commentlab.batch.worker import Setup
from commentlab.errors import CommentlabError, MissingExtraError, OptionError

if TYPE_CHECKING:
    from collections.abc import Generator

    from distributed import Client, Future

RETRIES = 2
"""Times that a chunk is done again where that failed by an error; the store may have been out of reach."""
LINGER = 60.0
"""Seconds for which a crew waits for its driver before it makes room for others; that driver may have died."""
_KILLED = "the cluster's worker died whenever it was read; it is left out"

Chunk = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a Dask worker needs to know to do chunks of a run.

    Attributes:
        setup: What its processes are told; `out` is where the tables go in the end.
        limit: Seconds for which a process may be at one file or document.
        run: The name of the run, as the manifest states it.
    """

    setup: Setup
    limit: float
    run: str

    @property
    def folder(self) -> Folder:
        """The folder that the tables go to."""
        return Folder(store=stores.at(self.setup.out), format=self.setup.format)


def distributed() -> ModuleType:
    """Return Dask's package.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import distributed as found
    except ImportError as error:
        raise MissingExtraError(f"the engine 'dask' needs more: {stores.INSTALL}") from error
    return found


def run(
    chunks: Iterable[Chunk], order: Order, *, scheduler: str, at_once: int | None = None
) -> "Generator[Finished | None]":
    """Do chunks on a cluster and yield each with its ledger when it is done and closed, and None meanwhile.

    Args:
        chunks: Their names and files, which the workers find under the same paths.
        order: What the workers are told.
        scheduler: Address of the scheduler.
        at_once: Chunks that are under way at most; None means enough for all threads of all workers.

    Raises:
        OptionError: No cluster answers there.
        StoppedError: The run cannot go on. What is done stays done.
    """
    with _connected(scheduler) as client:
        lost: list[Chunk] = []
        yield from _together(client, order, deque(chunks), at_once, lost)
        for chunk, files in lost:
            yield from _alone(client, order, chunk, files)


@contextmanager
def _connected(scheduler: str) -> "Iterator[Client]":
    dask = distributed()
    try:
        client = dask.Client(scheduler, set_as_default=False, name="commentlab")
    except (OSError, ValueError) as error:  # asyncio's TimeoutError is an OSError
        raise OptionError(f"no scheduler of Dask answers at {scheduler}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=START)
        except TimeoutError as error:
            raise StoppedError(f"the cluster at {scheduler} has no workers; {GO_ON}") from error
        try:
            yield client
        finally:
            with suppress(Exception):  # the cluster may be gone, and its crews with it
                client.run(dismiss)


class _Patience:
    """Waits for a cluster that has lost its workers, but not for ever: nobody may come to start others."""

    def __init__(self, client: "Client") -> None:
        self._threads: Callable[[], dict[str, int]] = client.nthreads
        self._seen = time.monotonic()

    def threads(self) -> int:
        """Return how many threads all workers have at this moment.

        Raises:
            StoppedError: There have been none for too long.
        """
        found = sum(self._threads().values())
        now = time.monotonic()
        if found:
            self._seen = now
        elif now - self._seen > START:
            raise StoppedError(f"the cluster has had no workers for {START:.0f} s; {GO_ON}")
        return found


def _together(
    client: "Client", order: Order, waiting: deque[Chunk], at_once: int | None, lost: list[Chunk]
) -> "Generator[Finished | None]":
    """Do as many chunks at a time as there are threads, with some in reserve; gather those that Dask gives up."""
    patience = _Patience(client)
    futures: dict[Future[Ledger], Chunk] = {}
    while waiting or futures:
        threads = patience.threads()  # asked for even where it does not decide: there may be none any more
        room = at_once or 2 * threads
        while waiting and len(futures) < room:
            chunk, files = waiting.popleft()
            futures[_submitted(client, order, chunk, files, {})] = chunk, files
        for future in _ended(futures.keys()):
            chunk, files = futures.pop(future)
            if ledger := _ledger(future):
                yield chunk, ledger
            else:
                lost.append((chunk, files))
        yield None


def _alone(client: "Client", order: Order, chunk: str, files: Sequence[str]) -> "Generator[Finished | None]":
    """Do a chunk that Dask gave up while nothing else is done, which could be to blame.

    If that fails, too, its files are tried one at a time, and the chunk is done without those that cost a worker; if
    even that fails, without all of them.
    """
    guilty: dict[str, str] = {}
    ledger = yield from _tried(client, order, chunk, files, guilty)
    if ledger is None and not order.setup.options["merge"]:
        for path in files:
            if (yield from _tried(client, order, chunk, [path], guilty, trial=True)) is None:
                guilty[path] = _KILLED
        ledger = yield from _tried(client, order, chunk, files, guilty)
    if ledger is None:
        ledger = yield from _tried(client, order, chunk, files, dict.fromkeys(files, _KILLED))
    if ledger is None:
        raise StoppedError(f"the workers of the cluster die without reading anything; {GO_ON}")
    yield chunk, ledger


def _tried(
    client: "Client", order: Order, chunk: str, files: Sequence[str], skip: Mapping[str, str], *, trial: bool = False
) -> "Generator[None, None, Ledger | None]":
    future = _submitted(client, order, chunk, files, skip, trial=trial)
    patience = _Patience(client)
    while not _ended([future]):
        patience.threads()
        yield None
    return _ledger(future)


def _submitted(
    client: "Client", order: Order, chunk: str, files: Sequence[str], skip: Mapping[str, str], *, trial: bool = False
) -> "Future[Ledger]":
    return client.submit(perform, order, chunk, files, dict(skip), trial=trial, pure=False, retries=RETRIES)


def _ended(futures: "Collection[Future[Ledger]]") -> "list[Future[Ledger]]":
    """Return the tasks that have ended, after a moment if there are none."""
    until = time.monotonic() + TICK
    while not (ended := [future for future in futures if future.status != "pending"]) and time.monotonic() < until:
        time.sleep(TICK / 10)
    return ended


def _ledger(future: "Future[Ledger]") -> Ledger | None:
    """Return what a task gave, None if it cost more workers than the scheduler allows.

    Raises:
        StoppedError: It failed by itself.
    """
    try:
        return future.result()
    except distributed().KilledWorker:
        return None
    except StoppedError:
        raise
    except Exception as error:  # the edge: whatever went wrong elsewhere ends the run, not what is done
        reason = str(error) or type(error).__name__
        raise StoppedError(f"the cluster does not go on ({reason}); {GO_ON}") from error


def perform(order: Order, chunk: str, files: Sequence[str], skip: Mapping[str, str], *, trial: bool = False) -> Ledger:
    """Do a chunk on a Dask worker: its shards go to the store, its ledger follows; on trial, only see if that can be.

    Raises:
        StoppedError: The run cannot go on.
    """
    crew = _hired(order)
    try:
        found = list(filter(None, crew.pool.run([(chunk, files)], skip)))
        ledger = replace(found[0][1], again=found[0][1].again or bool(skip))
        if not trial:
            order.folder.receive(chunk, ledger, crew.aside, order.run)
        crew.aside.clear()
    except CommentlabError as error:  # others have arguments that do not travel
        crew.close()
        raise StoppedError(f"{error}; {GO_ON}" if not isinstance(error, StoppedError) else str(error)) from None
    except BaseException:
        crew.close()
        raise
    crew.since = time.monotonic()
    with _door:
        _idle.append(crew)
    return ledger


class Crew:
    """A process with its models, and the folder that it writes into; it serves one order, a chunk at a time.

    `since` is when it was last at work.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.since = time.monotonic()
        self._place = tempfile.mkdtemp(prefix="commentlab-", dir=distributed().get_worker().local_directory)
        self.aside = Folder(store=Disk(path=Path(self._place)), format=order.setup.format)
        self.aside.prepare()
        self.pool = Pool(replace(order.setup, out=self._place), workers=1, limit=order.limit, threads=1)

    def close(self) -> None:
        """End the process and remove the folder."""
        self.pool.close()
        shutil.rmtree(self._place, ignore_errors=True)


_idle: list[Crew] = []
_door = threading.Lock()


def _hired(order: Order) -> Crew:
    """Return a crew of this order that is idle, or a new one; those that were idle for too long go."""
    with _door:
        ours = next((crew for crew in _idle if crew.order == order), None)
        gone = [crew for crew in _idle if crew is not ours and time.monotonic() - crew.since > LINGER]
        _idle[:] = [crew for crew in _idle if crew is not ours and crew not in gone]
    for crew in gone:
        crew.close()
    return ours or Crew(order)


def dismiss() -> None:
    """End the crews that are idle on this Dask worker."""
    with _door:
        gone, _idle[:] = list(_idle), []
    for crew in gone:
        crew.close()
