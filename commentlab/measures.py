"""How good labels are: scores with intervals, calibration, and the level from which answers are good enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commentlab.models.linear import Floats, softmax

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Measure = Callable[[Places, Places], float]
SEED = 0
DRAWS = 200
"""Bootstrap draws, of whole groups."""
TINY = 1e-12
ACCEPTABLE = [round(0.05 * step, 2) for step in range(1, 11)]
"""Shares of wrong answers for which cards state the threshold."""
NEVER = 1.01
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Answers of about one confidence: bounds, number, mean confidence, share that is right."""

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float


def confusion(labels: Places, best: Places, classes: int) -> NDArray[np.int64]:
    """Return how often each class (row) was answered by each (column)."""
    counts: NDArray[np.int64] = np.bincount(labels * classes + best, minlength=classes**2).reshape(classes, classes)
    return counts


def f1(labels: Places, best: Places, chosen: int) -> float:
    """Return the F1 of one class; 0 where it neither occurs nor is answered."""
    hits = int(((labels == chosen) & (best == chosen)).sum())
    both = int((labels == chosen).sum()) + int((best == chosen).sum())
    return 2 * hits / both if both else 0.0


def macro_f1(labels: Places, best: Places) -> float:
    """Return the mean F1 over the classes that occur in `labels`."""
    return float(np.mean([f1(labels, best, chosen) for chosen in np.unique(labels).tolist()]))


def accuracy(labels: Places, best: Places) -> float:
    """Return the share of answers that are right."""
    return float((labels == best).mean())


def recall(labels: Places, best: Places) -> float:
    """Return the mean recall over the classes that occur in `labels`."""
    return float(np.mean([(best[labels == chosen] == chosen).mean() for chosen in np.unique(labels)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far coders agree on the items that at least two of them labelled; None where that is not defined.

    `alpha` is Krippendorff's for nominal data, `kappa` Cohen's, over the items that all of them labelled, the mean over
    pairs of coders.
    """

    coders: tuple[str, ...]
    items: int
    alpha: float | None
    kappa: float | None


def agreement(labels: Mapping[str, Sequence[str | None]]) -> Agreement:
    """Return the agreement of coders, whose labels stand in the order of the items, None where one gave none."""
    from nltk.metrics.agreement import AnnotationTask

    def task(fewest: int) -> tuple[Any, int]:
        chosen = [place for place, row in enumerate(zip(*labels.values(), strict=True)) if _given(row) >= fewest]
        data = [(coder, place, found) for coder, each in labels.items() for place in chosen if (found := each[place])]
        varied = len({label for *_, label in data}) > 1
        return (AnnotationTask(data) if varied else None), len(chosen)

    some, items = task(2)
    whole, _ = task(len(labels))
    return Agreement(
        coders=tuple(labels),
        items=items,
        alpha=round(float(some.alpha()), 4) if some else None,
        kappa=round(float(whole.kappa()), 4) if whole else None,
    )


def _given(row: Sequence[str | None]) -> int:
    return sum(label is not None for label in row)


def interval(labels: Places, best: Places, groups: Sequence[str], measure: Measure = macro_f1) -> tuple[float, float]:
    """Return the middle 95 % of a measure when groups are drawn with replacement."""
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(member, kind="stable")
    blocks = np.split(order, np.cumsum(np.bincount(member))[:-1])
    random = np.random.default_rng(SEED)
    drawn: list[float] = []
    for _ in range(DRAWS):
        chosen = np.concatenate([blocks[block] for block in random.integers(len(blocks), size=len(blocks))])
        drawn.append(measure(labels[chosen], best[chosen]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def bins(confidence: Floats, right: Flags, number: int = 10) -> list[Bin]:
    """Return the calibration curve: answers by their confidence, in bins of equal width; empty ones are left out."""
    at = np.minimum((confidence * number).astype(int), number - 1)
    return [
        Bin(
            low=each / number,
            high=(each + 1) / number,
            rows=int((at == each).sum()),
            confidence=float(confidence[at == each].mean()),
            accuracy=float(right[at == each].mean()),
        )
        for each in np.unique(at).tolist()
    ]


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy over ten bins."""
    return sum(abs(each.accuracy - each.confidence) * each.rows for each in bins(confidence, right)) / len(right)


def temperature(logits: Floats, labels: Places, weights: Floats) -> float:
    """Return the number to divide logits by so that the labels become likeliest (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(
        lambda log: surprise(logits / np.exp(log), labels, weights), bounds=(-3, 3), method="bounded"
    )
    return round(float(np.exp(best.x)), 4)


def surprise(logits: Floats, labels: Places, weights: Floats) -> float:
    """Return the mean negative logarithm of the probability of the labels."""
    chosen = softmax(logits)[np.arange(len(labels)), labels]
    return float(-np.average(np.log(chosen + TINY), weights=weights))


def threshold(confidence: Floats, right: Flags, accepted: float) -> float:
    """Return the lowest confidence above which no larger a share than `accepted` of the answers is wrong."""
    order = np.argsort(-confidence)
    errors = 1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(errors <= accepted)
    return round(float(confidence[order][good[-1]]) if len(good) else NEVER, 4)


def thresholds(confidence: Floats, right: Flags) -> dict[str, float]:
    """Return the threshold for each share of wrong answers that a user may accept."""
    return {f"{accepted:.2f}": threshold(confidence, right, accepted) for accepted in ACCEPTABLE}
