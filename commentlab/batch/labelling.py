"""From files to labelled threads, with an account of what is being worked at and a failure for what goes wrong."""

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, Unpack

from commentlab import __version__, frames, reading, schemes, scoring
from commentlab.batch.options import Options, completed
from commentlab.errors import InputError
from commentlab.plugin import Classifier, Source
from commentlab.records import Failure, ScoredThread, Thread


class Watch(Protocol):
    """Is told what happens next, so that somebody else knows whom to blame."""

    def reading(self, source: str) -> None:
        """A file or a document in it is about to be opened and read."""

    def labelling(self, comments: int) -> None:
        """Comments may be labelled before anything else is read."""


class _Nobody:
    def reading(self, source: str) -> None:
        pass

    def labelling(self, comments: int) -> None:
        pass


def score_files(
    paths: reading.Input | Iterable[reading.Input], **options: Unpack[Options]
) -> Iterator[ScoredThread | Failure]:
    """Read and label many files, one at a time; what cannot be read comes out as a `Failure`.

    Args:
        paths: Files, folders (read recursively), or whatever else `read` takes; one of them or many.
        options: As `Options` lists them, the keyword arguments of `score` and `read` among them.

    Raises:
        OptionError: An option, task, tier or scheme that does not exist.
    """
    given = [paths] if isinstance(paths, str | os.PathLike | bytes | Source) else paths
    return scored(given, completed(options))


def classifiers(options: Options) -> dict[str, Classifier]:
    """Return the classifiers that the options ask for, by task.

    Raises:
        OptionError: An option, task, tier or scheme that does not exist.
    """
    return scoring.classifiers(
        scheme=options["scheme"],
        proposition=options["proposition"],
        tasks=options["tasks"],
        tier=options["tier"],
        accepted_error=options["accepted_error"],
    )


def versions(options: Options) -> dict[str, Any]:
    """Return what decides the content of labels beside texts and options: versions, models, the scheme's content.

    Raises:
        OptionError: An option does not exist.
    """
    scheme = options["scheme"]
    return {
        "commentlab": __version__,
        "tables": frames.VERSION,
        "models": {task: classifier.version for task, classifier in classifiers(options).items()},
        "scheme": hashlib.sha256(repr(schemes.load(scheme)).encode()).hexdigest() if scheme else None,
    }


def scored(
    inputs: Iterable[reading.Input],
    options: Options,
    *,
    watch: Watch | None = None,
    skip: Mapping[str, str] | None = None,
    reasons: bool = True,
    batch: int = scoring.BATCH,
) -> Iterator[ScoredThread | Failure]:
    """Read and label, failures among the threads; threads are labelled in batches, so they come a little later.

    Args:
        inputs: What to read.
        options: All of them.
        watch: Is told what is read and labelled.
        skip: Sources that are not read, and why; each comes out as a failure.
        reasons: Whether labels say which words decided them.
        batch: Comments that are labelled in one go.
    """
    watch = watch or _Nobody()
    failures: deque[Failure] = deque()
    threads = _threads(_sources(inputs, options, failures, watch, skip or {}), options, failures, watch)
    labelled = scoring.iter_score(
        threads,
        scheme=options["scheme"],
        proposition=options["proposition"],
        tasks=options["tasks"],
        tier=options["tier"],
        accepted_error=options["accepted_error"],
        reasons=reasons,
        batch=batch,
    )
    for each in labelled:
        while failures:
            yield failures.popleft()
        yield each
    yield from failures


def _threads(sources: Iterable[Source], options: Options, failures: deque[Failure], watch: Watch) -> Iterator[Thread]:
    waiting = 0
    for result in reading.iter_results(sources, reader=options["reader"], merge=options["merge"]):
        if isinstance(result, Failure):
            failures.append(result)
            continue
        waiting = (waiting if waiting < scoring.BATCH else 0) + len(result.comments)
        watch.labelling(waiting)
        yield result
        watch.reading(result.source)


def _sources(
    inputs: Iterable[reading.Input],
    options: Options,
    failures: deque[Failure],
    watch: Watch,
    skip: Mapping[str, str],
) -> Iterator[Source]:
    """Yield the documents in files and containers, but for those to skip."""
    for given in inputs:
        name = given.name if isinstance(given, Source) else "<bytes>" if isinstance(given, bytes) else os.fspath(given)
        if name in skip:
            failures.append(Failure(source=name, error=f"{name}: {skip[name]}"))
            continue
        watch.reading(name)
        for source in reading.sources([given], timezone=options["timezone"]):
            if isinstance(source, InputError):
                failures.append(Failure(source=source.source, error=str(source)))
            elif source.name in skip:
                failures.append(Failure(source=source.name, error=f"{source.name}: {skip[source.name]}"))
            else:
                watch.reading(source.name)
                yield source
                watch.reading(name)
