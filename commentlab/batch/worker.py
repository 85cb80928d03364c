"""A process that reads and labels chunks of files, and tells its driver, a JSON line at a time, what it is at.

It takes its orders on standard input and answers on what was standard output: readers and models may print whatever
they like elsewhere. When its driver is gone, so is it.
"""

import ctypes
import json
import os
import platform
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from commentlab import privacy, scoring
from commentlab.batch import inputs, labelling
from commentlab.batch.options import Options
from commentlab.batch.shards import Folder, Ledger, Writer
from commentlab.batch.stores import Disk
from commentlab.errors import CommentlabError, OptionError
from commentlab.frames import FileFormat
from commentlab.privacy import Cover, Excluded
from commentlab.records import Failure

FAST_DISK = 20e6
"""Bytes a second at which a file is read at least, to learn its checksum."""
SLOWEST = 0.1
"""Seconds that a comment takes to be labelled at most."""
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a worker needs to know once: the folder it writes into, how, and the `versions` that it must have."""

    out: str
    format: FileFormat
    options: Options
    cover: Cover
    versions: Mapping[str, Any]

    def message(self) -> dict[str, Any]:
        """Return it in types that JSON knows."""
        cover = self.cover
        lists = {name: sorted(getattr(cover.excluded, name)) for name in ("authors", "threads", "comments")}
        told = {"authors": cover.authors, "key": cover.key.hex(), "excluded": lists}
        about = {"options": self.options, "versions": self.versions}
        return {"out": self.out, "format": self.format, "cover": told} | about

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Setup":
        """Return what `message` was made of."""
        told, lists = message["cover"], message["cover"]["excluded"]
        excluded = Excluded(
            authors=frozenset(lists["authors"]),
            threads=frozenset(lists["threads"]),
            comments=frozenset((thread, comment) for thread, comment in lists["comments"]),
        )
        cover = Cover(authors=told["authors"], key=bytes.fromhex(told["key"]), excluded=excluded)
        return cls(**(message | {"cover": cover}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A chunk of files to do: sources to leave out and why, and whether to label each thread by itself."""

    chunk: str
    files: tuple[str, ...]
    skip: Mapping[str, str]
    careful: bool = False


class Reporter:
    """Says what the worker is at, and how many seconds beyond the usual limit that may take."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def say(self, **message: Any) -> None:
        """Send a message."""
        self._stream.write(json.dumps(message) + "\n")
        self._stream.flush()

    def reading(self, source: str) -> None:
        """Tell that a source is about to be read."""
        self.say(at=source, extra=0.0)

    def labelling(self, comments: int) -> None:
        """Tell that comments may be labelled now."""
        self.say(labelling=comments, extra=comments * SLOWEST)


def do(job: Job, setup: Setup, labels: Mapping[str, Sequence[str]], reporter: Reporter) -> Ledger:
    """Read, label and write a chunk of files; its ledger is returned, not written."""
    began = time.monotonic()
    stamps = tuple(_stamps(job.files, reporter))
    writer = Writer(Folder(store=Disk(path=Path(setup.out)), format=setup.format), job.chunk, labels)
    failures: list[Failure] = []
    excluded = 0
    results = labelling.scored(
        job.files,
        setup.options,
        watch=reporter,
        skip=job.skip,
        reasons=False,
        batch=1 if job.careful else scoring.BATCH,
    )
    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
            continue
        shown = privacy.covered(result, setup.cover)
        if shown is None:
            excluded += 1
            continue
        if job.careful:
            writer.tables([shown])  # what cannot be written shows while we know whose it is
        writer.take(shown)
    reporter.say(writing=job.chunk, extra=0.0)
    kept = writer.close(failures)
    return Ledger(
        inputs=stamps,
        threads=writer.threads,
        comments=writer.comments,
        failures=kept,
        excluded=excluded,
        parts=writer.parts,
        seconds=round(time.monotonic() - began, 3),
    )


def _stamps(files: Iterable[str], reporter: Reporter) -> Iterable[inputs.Stamp]:
    for path in files:
        reporter.say(at=path, extra=max(inputs.size_of(path), 0) / FAST_DISK)
        yield inputs.stamp(path)


def main() -> None:
    """Do what comes on standard input, a job a line, until it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    reporter = Reporter(answers)
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()
    setup = Setup.of(orders.get())
    try:
        known = labels(setup)
    except CommentlabError as error:
        reporter.say(stop=str(error))
        return
    reporter.say(ready=True, extra=0.0)
    while True:
        job = Job(**orders.get())
        try:
            ledger = do(job, setup, known, reporter)
        except CommentlabError as error:
            reporter.say(stop=str(error))
        except Exception as error:  # the edge: a fault of ours in one file must not take the others with it
            reporter.say(fault=f"{type(error).__name__}: {error}")
        else:
            reporter.say(done=job.chunk, ledger=asdict(ledger))


def labels(setup: Setup) -> dict[str, Sequence[str]]:
    """Load the models and return the labels of each task.

    Raises:
        OptionError: Here are other versions than where the run was begun, so the tables would be others.
    """
    here = labelling.versions(setup.options)
    if other := [name for name, version in setup.versions.items() if here[name] != version]:
        raise OptionError(
            f"on {platform.node()}, {other[0]} is another than where the run began: install the same there"
        )
    return {task: each.values for task, each in labelling.classifiers(setup.options).items()}


def _listen(stream: IO[bytes], orders: "queue.SimpleQueue[dict[str, Any]]") -> None:
    for line in stream:
        orders.put(json.loads(line))
    os._exit(0)  # the driver is gone, or has no more to do


if __name__ == "__main__":
    main()
