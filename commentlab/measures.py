"""How good labels are: scores with intervals, calibration, and the level from which answers are good enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commentlab.models.linear import Floats, softmax

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Measure = Callable[[Places, Places], float]
SEED = 0
DRAWS = 200
"""Bootstrap draws, of whole groups."""
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


def macro_f1(labels: Places, best: Places) -> float:
    """Return the mean F1 over the classes that occur in `labels`."""
    from sklearn.metrics import f1_score

    return float(f1_score(labels, best, labels=np.unique(labels), average="macro", zero_division=0))


def accuracy(labels: Places, best: Places) -> float:
    """Return the share of answers that are right."""
    return float((labels == best).mean())


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

    def loss(log: float) -> float:
        chosen = softmax(logits / np.exp(log))[np.arange(len(labels)), labels]
        return float(-np.average(np.log(chosen + 1e-12), weights=weights))

    best = minimize_scalar(loss, bounds=(-3, 3), method="bounded")
    return round(float(np.exp(best.x)), 4)


def threshold(confidence: Floats, right: Flags, accepted: float) -> float:
    """Return the lowest confidence above which no larger a share than `accepted` of the answers is wrong."""
    order = np.argsort(-confidence)
    errors = 1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(errors <= accepted)
    return round(float(confidence[order][good[-1]]) if len(good) else NEVER, 4)


def thresholds(confidence: Floats, right: Flags) -> dict[str, float]:
    """Return the threshold for each share of wrong answers that a user may accept."""
    return {f"{accepted:.2f}": threshold(confidence, right, accepted) for accepted in ACCEPTABLE}
