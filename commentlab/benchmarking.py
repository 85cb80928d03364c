"""The classifiers on public sets, beside what was published: what `commentlab benchmark` does."""

import gzip
import json
import os
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commentlab import measures, models, plugin, scoring
from commentlab.errors import UnreadableError
from commentlab.measures import Flags
from commentlab.models import encoder
from commentlab.models.linear import Floats
from commentlab.plugin import Tier

SUFFIX = ".jsonl.gz"
TIERS: tuple[Tier, ...] = ("fast", "accurate", "auto")
_SEED = 0
_CHAIN = " ||| "

Row = Mapping[str, Any]
Names = NDArray[np.str_]
Figures = tuple[float, float | None, float | None, float | None]
"""The measure of the set, that of its subset, calibration error, accuracy where it was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What somebody reached on a set."""

    system: str
    figure: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A public set and how its field measures it; `benchmarks.toml` explains the fields."""

    name: str
    measure: str
    values: tuple[str, ...]
    where: str = ""
    drop: str = ""
    fold: Mapping[str, str] = field(default_factory=dict)
    only: bool = False
    parents: bool = False
    subset: str = ""
    published: tuple[Published, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one tier reached on one file; `figure` is in the measure of the set, `part` in that of its subset.

    `learnt` says that the shipped models learnt from this very file: then the figures say nothing.
    """

    task: str
    file: str
    tier: Tier
    texts: int
    known: Set
    learnt: bool
    figure: float
    part: float | None
    calibration_error: float | None
    answered: float
    accuracy_answered: float | None
    per_second: float

    def __str__(self) -> str:
        """Return it as one line of a table with the heading `HEAD`."""
        part = "" if self.part is None else f"{self.part:.3f}"
        error = "" if self.calibration_error is None else f"{self.calibration_error:.3f}"
        there = "" if self.accuracy_answered is None else f"{self.accuracy_answered:.3f}"
        name, figures = f"{self.task}/{self.file}", f"{self.texts:>6}  {self.known.measure:<13}{self.figure:>7.3f}"
        rest = f"{part:>8}{error:>8}{100 * self.answered:>8.0f} %{there:>8}{self.per_second:>10,.0f}"
        return f"{name:<38}{self.tier:<9}{figures}{rest}{'   learnt from' if self.learnt else ''}"


HEAD = (
    f"{'set':<38}{'tier':<9}{'texts':>6}  {'measure':<13}{'':>7}{'subset':>8}{'ECE':>8}{'answered':>10}{'there':>8}"
    f"{'a second':>10}"
)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("commentlab").joinpath("benchmarks.toml").read_text(encoding="utf-8"))


@cache
def known() -> tuple[Set, ...]:
    """Return the sets whose measures are known."""
    return tuple(
        Set(
            **each
            | {
                "values": tuple(each["values"]),
                "published": tuple(Published(**one) for one in each.get("published", ())),
            }
        )
        for each in _file()["sets"]
    )


def run(
    data: str | os.PathLike[str], *, tiers: Sequence[Tier] = TIERS, limit: int | None = None, only: str = ""
) -> Iterator[Result]:
    """Measure tiers on the files of a folder, one after the other.

    Args:
        data: A folder with `<task>/<name>.<part>.jsonl.gz`: JSON lines with `text`, `context` (proposition, comment
            answered, or mention), `label` and sometimes `group`. Files whose names are not known are left out.
        tiers: Tiers to measure.
        limit: Rows of a file to look at, drawn by chance, the same ones each time.
        only: Part of the names of files to look at.

    Raises:
        UnreadableError: There is no such file in the folder, or one is damaged.
    """
    found = [(path, each) for path in _paths(Path(data), only) for each in known() if path.name.startswith(each.name)]
    if not found:
        raise UnreadableError(
            str(data), f"it holds no <task>/<name>.<part>{SUFFIX} whose name is known; see without it"
        )
    for path, each in found:
        rows = _rows(path, each, limit)
        for tier in tiers:
            yield _result(path, each, rows, tier)


def _paths(folder: Path, only: str) -> list[Path]:
    paths = sorted(folder.glob(f"*/*{SUFFIX}"))
    return [path for path in paths if path.parent.name in plugin.tasks() and only in f"{path.parent.name}/{path.name}"]


def _rows(path: Path, known: Set, limit: int | None) -> list[Row]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows: list[Row] = [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableError(str(path), f"it cannot be read ({error}); get it again") from error
    rows = [row for row in rows if not known.only or row["label"] in known.values]
    places = np.random.default_rng(_SEED).permutation(len(rows))[:limit] if limit else range(len(rows))
    return [rows[place] for place in places]


def _result(path: Path, known: Set, rows: Sequence[Row], tier: Tier) -> Result:
    task, words, name = path.parent.name, _file()["contexts"], path.name.removesuffix(SUFFIX)
    contexts = [words.get(row.get("context", ""), row.get("context", "")) for row in rows]
    parents = [row.get("group", "").split(_CHAIN)[-1] for row in rows] if known.parents else None
    texts = [row["text"] for row in rows]
    started = time.perf_counter()
    found = scoring.classify(task, texts, contexts if any(contexts) else None, parents=parents, tier=tier)
    seconds = time.perf_counter() - started
    values = plugin.tasks()[task].VALUES
    shares = _folded(found[[f"p_{value}" for value in values]].to_numpy(), values, known)
    answered = found["value"].notna().to_numpy()
    figure, part, error, there = (_classes if known.values else _ratings)(known, rows, values, shares, answered)
    return Result(
        task=task,
        file=name,
        tier=tier,
        texts=len(rows),
        known=known,
        learnt=name in _learnt(task),
        figure=figure,
        part=part,
        calibration_error=error,
        answered=round(float(answered.mean()), 4),
        accuracy_answered=there,
        per_second=round(len(rows) / seconds, 1),
    )


def _learnt(task: str) -> set[str]:
    """Return the files that the shipped models of a task learnt from, by their cards."""
    cards = [models.card(task), models.card(encoder.NAME)]
    parts = [part for card in cards for part in (card, *card.get("runs", ()))]
    return {source["name"] for part in parts for source in part.get("data", ())}


def _ratings(known: Set, rows: Sequence[Row], values: Sequence[str], shares: Floats, answered: Flags) -> Figures:  # noqa: ARG001 - as for classes
    ratings = [float(row["label"]) for row in rows]
    tone = shares[:, values.index("positive")] - shares[:, values.index("negative")]
    return round(float(np.corrcoef(ratings, tone)[0, 1]), 4), None, None, None


def _classes(known: Set, rows: Sequence[Row], values: Sequence[str], shares: Floats, answered: Flags) -> Figures:
    labels, best = np.array([row["label"] for row in rows]), np.array(values)[shares.argmax(axis=1)]
    part = np.array([bool(known.subset) and row.get("group") == known.subset for row in rows])
    right = labels == best
    return (
        _figure(known, labels, best),
        _figure(known, labels[part], best[part]) if part.any() else None,
        round(measures.calibration_error(_confidence(shares, values, labels), right), 4),
        round(float(right[answered].mean()), 4) if answered.any() else None,
    )


def _folded(shares: Floats, values: Sequence[str], known: Set) -> Floats:
    """Let answers count as the set has them: what it lacks is never the likeliest, or is added to another."""
    folded = shares.copy()
    if known.drop:
        folded[:, values.index(known.drop)] = 0
    for value, other in known.fold.items():
        folded[:, values.index(other)] += folded[:, values.index(value)]
        folded[:, values.index(value)] = 0
    return folded


def _confidence(shares: Floats, values: Sequence[str], labels: Names) -> Floats:
    """Return the highest share among the labels that the set has."""
    there = shares[:, [value in set(labels.tolist()) for value in values]]
    sure: Floats = there.max(axis=1) / there.sum(axis=1)
    return sure


def _figure(known: Set, labels: Names, best: Names) -> float:
    if known.measure == "accuracy":
        return round(float((labels == best).mean()), 4)
    each = [(labels == value, best == value) for value in known.values]
    if known.measure == "macro recall":
        return round(float(np.mean([(given & answer).sum() / max(given.sum(), 1) for given, answer in each])), 4)
    hits = [2 * (given & answer).sum() / max(given.sum() + answer.sum(), 1) for given, answer in each]
    return round(float(np.mean(hits)), 4)


def published(each: Set) -> str:
    """Return what was published on a set, as one line of text."""
    parts = [f"{one.system} {one.figure:.3f} ({one.source})" for one in each.published]
    return "; ".join(parts) or "nothing that compares"


def sources() -> str:
    """Return where the sets can be had and how they are laid out, as lines of text."""
    lines = [
        "Give a folder with <task>/<name>.<part>.jsonl.gz, where <task> is stance, relation, sentiment: a JSON object",
        'a line, {"text", "context", "label"}. The sets belong to others; their official test parts can be had here:',
        "",
    ]
    for each in known():
        lines.append(f"{each.name:<20}{each.measure:<14}{each.where or 'its authors'}")
        lines.append(f"{'':<20}published: {published(each)}")
    return "\n".join(lines)
