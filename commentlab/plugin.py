"""The contracts that readers, tasks and classifiers keep, and their discovery.

A plugin is a module: `readers/NAME.py` keeps the contract `Reader`, `tasks/NAME.py` the contract `Task`.
Adding the file is all it takes; no list is edited, and order never matters.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from types import ModuleType
from typing import IO, TYPE_CHECKING, Literal, Protocol, cast

from commentlab.records import Reason, Scheme, Thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tier = Literal["fast", "accurate", "auto"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Something to read: its name in messages, its first bytes, and a way to open it from the start.

    `url` is the address that an archive gives for it, `fetched` the time (aware) at which it was saved. Two sources are
    equal only if they are the same object, so that a page that several readers look at is parsed once.
    """

    name: str
    head: bytes
    open: Callable[[], IO[bytes]]
    size: int
    timezone: tzinfo | None = None
    url: str | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What a reader says of its format: name, a line for people, usual file extensions.

    `states_replies` is False where the form has no means to say who answers whom, so that reading it has to infer.
    """

    name: str
    title: str
    extensions: tuple[str, ...] = ()
    states_replies: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """Why a reader believes that a source is its own; `score` in (0, 1] ranks it among the readers."""

    score: float
    why: str


class Reader(Protocol):
    """One input format. `sniff` looks, `read` yields threads; neither opens files nor raises on bad comments."""

    FORMAT: Format

    def sniff(self, source: Source) -> Clue | None:
        """Say how sure it is that `source` has this format; None if it has not."""

    def read(self, source: Source) -> Iterator[Thread]:
        """Yield the threads of `source`, one at a time; nothing if there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One comment to label, with what a classifier may look at beside it; "" where there is none.

    `proposition` is what the stance is about, `parent` the text of the comment answered, `mention` the person or thing
    in the text that the sentiment is about.
    """

    text: str
    proposition: str = ""
    parent: str = ""
    mention: str = ""


class Classifier(Protocol):
    """A trained model for one task."""

    @property
    def values(self) -> tuple[str, ...]:
        """The labels, in the order of the columns of `probabilities`."""

    @property
    def threshold(self) -> float:
        """Confidence below which the answer is "don't know"."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The same for shares of wrong answers that a user may accept, from "0.05" on; above 1 where out of reach."""

    @property
    def version(self) -> str:
        """Version and checksum of the artefact, for provenance."""

    def probabilities(self, items: Sequence[Item]) -> "NDArray[np.float64]":
        """Return calibrated probabilities, shape (len(items), len(values)), rows summing to one."""

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words of `item.text` that spoke for `value`, strongest first."""


LANGUAGE = "en"
"""The language of the shipped models."""


def languages(classifier: Classifier) -> tuple[str, ...]:
    """Return the languages that a classifier answers in; one that reads others than the shipped models says so."""
    found: tuple[str, ...] = getattr(classifier, "languages", (LANGUAGE,))
    return found


class Task(Protocol):
    """One label set and the way to its classifier."""

    NAME: str
    VALUES: tuple[str, ...]
    """Labels without a scheme."""
    CONTEXT: str
    """The field of an `Item` that `classify` fills with its contexts."""

    def classifier(self, tier: Tier, scheme: Scheme | None) -> Classifier:
        """Load the classifier of a tier; `scheme` is None, or the scheme whose camps it shall answer in."""


def _modules(package: str) -> dict[str, ModuleType]:
    names = [info.name for info in pkgutil.iter_modules(importlib.import_module(package).__path__)]
    return {name: importlib.import_module(f"{package}.{name}") for name in sorted(names) if name[0] != "_"}


@cache
def readers() -> dict[str, Reader]:
    """Return every reader by the name of its format."""
    found = [cast(Reader, module) for module in _modules("commentlab.readers").values()]
    return {reader.FORMAT.name: reader for reader in found}


@cache
def tasks() -> dict[str, Task]:
    """Return every task by its name."""
    found = [cast(Task, module) for module in _modules("commentlab.tasks").values()]
    return {task.NAME: task for task in found}
