"""A scheme fitted to what people said, as `commentlab train` does it, and what that changed on the screen.

A scheme of the user's own keeps its model beside its file. A built-in one is copied into the folder for what a person
keeps, and the copy stands in its place from then on.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from commentlab import insight, labelstore, schemes
from commentlab.insight import coding
from commentlab.records import Correction, Scheme, ScoredThread

if TYPE_CHECKING:
    from commentlab.fitting import Fitting

COPIES = "schemes"
"""Folder, in `labelstore.home()`, of the copies of built-in schemes that were fitted."""

_BEFORE = ".before"
"""Suffix of the folder with the fit that the last one replaced."""
_TITLE = re.compile(r'^(title = ".*)"$', re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Comments of what is open that the scheme sorts differently now: their ids, and the camps, None for unclear."""

    before: str | None
    after: str | None
    comments: tuple[tuple[str, str], ...]


def latest(scheme: str) -> str:
    """Return the file of the fitted copy of a built-in scheme where there is one, else what was given."""
    copy = _copy(scheme)
    return str(copy) if scheme in schemes.available() and schemes.fitted(copy).is_dir() else scheme


def usable(corrections: Sequence[Correction], scheme: Scheme) -> list[Correction]:
    """Return what people said in the camps of a scheme, in whichever thread."""
    return [
        each
        for each in corrections
        if each.task == "stance" and each.scheme == scheme.name and each.value in scheme.values and each.text.strip()
    ]


def lacking(corrections: Sequence[Correction], scheme: Scheme) -> str:
    """Return what is missing before a scheme can be fitted, "" if nothing is."""
    from commentlab import fitting

    labels = insight.coded(usable(corrections, scheme), "stance")["label"]
    counts = Counter(labels)
    few = [f"{camp} has {counts[camp]}" for camp in scheme.values if counts[camp] < fitting.PAIR]
    if len(labels) < fitting.FEWEST:
        return f"{fitting.FEWEST} labelled comments are needed, there are {len(labels)}"
    return f"every camp needs {fitting.PAIR} labelled comments; {', '.join(few)}" if few else ""


def fit(scheme: str, corrections: Sequence[Correction]) -> "Fitting":
    """Fit a scheme to what people said; the fit before is kept aside.

    Args:
        scheme: Name of a built-in scheme, or the path of a TOML file.
        corrections: Of all threads, in the order in which they were given.

    Raises:
        InputError: There are too few labels; the message says how many.
        UnreadableError: The model cannot be written.
    """
    from commentlab import fitting

    path = _file(scheme)
    said = coding.grouped(insight.coded(usable(corrections, schemes.load(path)), "stance"))
    aside = _aside(path)
    shutil.rmtree(aside, ignore_errors=True)
    if schemes.fitted(path).is_dir():
        shutil.copytree(schemes.fitted(path), aside)
    with TemporaryDirectory() as folder:
        table = Path(folder) / "labels.csv"
        table.write_text(said.to_csv(index=False), encoding="utf-8", errors="replace")
        return fitting.fit(path, table)


def back(scheme: str) -> str:
    """Do without the last fit of a scheme, and return what stands in its place: the fit before it, or the scheme."""
    path = _file(scheme)
    model, aside = schemes.fitted(path), _aside(path)
    shutil.rmtree(model, ignore_errors=True)
    if aside.is_dir():
        aside.rename(model)
    return str(path) if model.is_dir() or path != _copy(path.stem) else path.stem


def changes(before: Sequence[ScoredThread], after: Sequence[ScoredThread]) -> tuple[Change, ...]:
    """Return which stances of the same threads differ, the most frequent change first."""
    moved: dict[tuple[str | None, str | None], list[tuple[str, str]]] = {}
    for one, other in zip(before, after, strict=True):
        was = dict(_stances(one))
        for comment, camp in _stances(other):
            if comment in was and was[comment] != camp:
                moved.setdefault((was[comment], camp), []).append((one.thread.id, comment))
    found = [Change(before=a, after=b, comments=tuple(ids)) for (a, b), ids in moved.items()]
    return tuple(sorted(found, key=lambda change: -len(change.comments)))


def _stances(scored: ScoredThread) -> Iterator[tuple[str, str | None]]:
    return ((label.comment_id, label.value) for label in scored.labels if label.task == "stance")


def _file(scheme: str) -> Path:
    """Return the file of a scheme; a built-in one is copied first, under a title that tells it from itself."""
    if scheme not in schemes.available():
        return Path(scheme)
    copy = _copy(scheme)
    copy.parent.mkdir(parents=True, exist_ok=True)
    words = (schemes.HOME / f"{scheme}.toml").read_text(encoding="utf-8")
    copy.write_text(_TITLE.sub(r'\1 (with your labels)"', words, count=1), encoding="utf-8")
    return copy


def _copy(scheme: str) -> Path:
    return labelstore.home() / COPIES / f"{scheme}.toml"


def _aside(path: Path) -> Path:
    return schemes.fitted(path).with_suffix(_BEFORE)
