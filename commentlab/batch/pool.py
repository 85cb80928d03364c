"""Worker processes and whom to blame: a process that dies or hangs costs the file that it was at, after one retry.

Workers are interpreters of their own, told apart by pipes: a reader that crashes the interpreter, eats all memory or
never comes back takes nothing with it but its process.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import IO, Any

from commentlab.batch.shards import Ledger, StoppedError
from commentlab.batch.worker import Job, Setup
from commentlab.models import encoder

TICK = 0.2
"""Seconds between two looks at the clock."""
START = 120.0
"""Seconds in which a worker has to be ready."""
STRIKES = 2
"""Processes that a file may cost before it is given up."""
GO_ON = "what is done stays done: mend that, and run it again"
_CODE = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from commentlab.batch.worker import main; main()"

Finished = tuple[str, Ledger]


@dataclass(slots=True, kw_only=True, eq=False)
class _Task:
    """A chunk on its way: how often each source took a process with it, and what is left out for that."""

    chunk: str
    files: tuple[str, ...]
    skip: dict[str, str] = field(default_factory=dict)
    strikes: Counter[str] = field(default_factory=Counter)
    careful: bool = False
    again: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class _Worker:
    """A process, the task it has, the source it is at (None where that is not known), and until when we wait."""

    process: "subprocess.Popen[bytes]"
    deadline: float
    task: _Task | None = None
    source: str | None = None
    ready: bool = False
    late: bool = False


class Pool:
    """Keeps workers busy with chunks; every decision is taken in one thread, which others only tell what they read.

    As a context, it ends its workers; they stay for one `run` after another.

    Args:
        setup: What the workers are told.
        workers: How many there are at most.
        limit: Seconds for which a worker may be at one file or document.
        lock: A descriptor that the workers hold open, so that the folder stays locked until the last of them is gone.
        threads: Threads that each worker computes with; None means its share of the cores.
    """

    def __init__(
        self, setup: Setup, *, workers: int, limit: float, lock: int | None = None, threads: int | None = None
    ) -> None:
        self._setup, self._size, self._limit, self._lock = setup, workers, limit, lock
        self._threads = threads or max(1, (os.cpu_count() or 1) // workers)
        self._said: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._false_starts = 0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self, chunks: Iterable[tuple[str, Sequence[str]]], skip: Mapping[str, str] | None = None
    ) -> Iterator[Finished | None]:
        """Do chunks and yield each with its ledger as it is done, and None whenever time has passed.

        Args:
            chunks: Their names and files.
            skip: Sources that are left out, and why.

        Raises:
            StoppedError: The run cannot go on. What is done stays done.
        """
        waiting = deque(_Task(chunk=chunk, files=tuple(files), skip=dict(skip or {})) for chunk, files in chunks)
        while waiting or any(worker.task for worker in self._workers):
            self._employ(waiting)
            try:
                worker, message = self._said.get(timeout=TICK)
            except queue.Empty:
                self._hurry()
                yield None
                continue
            self._hurry()
            if finished := self._hear(worker, message, waiting):
                yield finished

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            _reap(worker)
        self._workers.clear()

    def _employ(self, waiting: deque[_Task]) -> None:
        """Give a task to each worker that has none, and start workers while there are more tasks."""
        for worker in self._workers:
            if waiting and worker.ready and not worker.task:
                self._give(worker, waiting.popleft())
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._size and starting < len(waiting):
            self._workers.append(self._start())
            starting += 1

    def _start(self) -> _Worker:
        environment = {encoder.THREADS: str(self._threads), "OMP_NUM_THREADS": "1"} | os.environ
        process = subprocess.Popen(
            [sys.executable, "-c", _CODE, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us; we end them
            pass_fds=() if self._lock is None or sys.platform == "win32" else (self._lock,),
        )
        worker = _Worker(process=process, deadline=time.monotonic() + max(START, self._limit))
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        _send(worker, self._setup.message())
        return worker

    def _listen(self, worker: _Worker) -> None:
        stream: IO[bytes] = worker.process.stdout  # type: ignore[assignment]
        with stream:
            for line in stream:
                if line.endswith(b"\n"):
                    self._said.put((worker, json.loads(line)))
        self._said.put((worker, None))

    def _give(self, worker: _Worker, task: _Task) -> None:
        worker.task, worker.source = task, None
        worker.deadline = time.monotonic() + self._limit
        job = Job(chunk=task.chunk, files=task.files, skip=task.skip, careful=task.careful)
        _send(worker, asdict(job))

    def _hurry(self) -> None:
        """Kill the workers whose time is over; their end is heard like any other."""
        now = time.monotonic()
        for worker in self._workers:
            if now > worker.deadline and (worker.task or not worker.ready):
                worker.late = True
                worker.process.kill()

    def _hear(self, worker: _Worker, message: dict[str, Any] | None, waiting: deque[_Task]) -> Finished | None:
        if message is None:
            self._bury(worker, waiting)
            return None
        worker.deadline = time.monotonic() + self._limit + message.get("extra", 0.0)
        if "at" in message:
            worker.source = message["at"]
        elif "labelling" in message and worker.task and not worker.task.careful:
            worker.source = None  # comments of several files are labelled together
        elif "writing" in message:
            worker.source = None
        elif "ready" in message:
            worker.ready, self._false_starts = True, 0
        elif "stop" in message:
            raise StoppedError(f"{message['stop']}; {GO_ON}")
        elif worker.task and "fault" in message:
            task, worker.task = worker.task, None
            reason = f"reading it failed ({message['fault']}); please report this with the file"
            waiting.appendleft(_blamed(task, worker.source, reason, sure=True))
        elif worker.task and "done" in message:
            task, worker.task = worker.task, None
            return task.chunk, replace(Ledger.of(message["ledger"]), again=task.again)
        return None

    def _bury(self, worker: _Worker, waiting: deque[_Task]) -> None:
        """Take note of the end of a process, and let its task be tried again."""
        self._workers.remove(worker)
        code = _reap(worker)
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts > STRIKES:
                raise StoppedError(f"worker processes do not start ({_cause(code)}); what they say stands above")
        if task := worker.task:
            cause = f"it took more than {self._limit:g} s" if worker.late else f"the process died ({_cause(code)})"
            waiting.appendleft(_blamed(task, worker.source, f"{cause}, twice; it is left out"))


def _blamed(task: _Task, source: str | None, reason: str, *, sure: bool = False) -> _Task:
    """Put down to a source what it has cost; where nobody knows which, do one at a time from now on.

    Where even that does not tell, as when files are merged, the fault is that of all files. What is `sure` to happen
    again needs no retry, now or in the next run.
    """
    known = source is not None or task.careful
    task.careful = True
    if known:
        guilty = task.files if source is None else (source,)
        task.strikes[guilty[0]] += 1
        if sure or task.strikes[guilty[0]] >= STRIKES:
            task.skip |= dict.fromkeys(guilty, reason)
            task.again |= not sure
    return task


def _reap(worker: _Worker) -> int:
    stream: IO[bytes] = worker.process.stdin  # type: ignore[assignment]
    with suppress(OSError):
        stream.close()
    return worker.process.wait()


def _send(worker: _Worker, message: dict[str, Any]) -> None:
    stream: IO[bytes] = worker.process.stdin  # type: ignore[assignment]
    with suppress(OSError):  # where it is dead already, `_bury` hears of it
        stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{name}; out of memory?" if code == -signal.SIGKILL else name
