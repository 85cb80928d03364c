"""Scores with intervals, calibration error, and the card of an artefact."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from commentlab.models import Card
from commentlab.models.features import VERSION
from commentlab.models.linear import Floats
from commentlab.training.data import SOURCES, WRITTEN, Example

Places = NDArray[np.int64]
SEED = 0
DRAWS = 200
"""Bootstrap draws, of whole groups."""


def scores(found: Floats, labels: Places, groups: Sequence[str], sources: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Score held-out probabilities by source: rows, macro F1 with a 95 % interval, accuracy, calibration error."""
    names = np.array(sources)
    return {
        name: _scores(found[names == name], labels[names == name], np.array(groups)[names == name])
        for name in dict.fromkeys(sources)
    }


def _scores(found: Floats, labels: Places, groups: NDArray[np.str_]) -> dict[str, Any]:
    best = found.argmax(axis=1)
    low, high = _interval(labels, best, groups)
    return {
        "rows": len(labels),
        "macro_f1": round(_macro(labels, best), 4),
        "interval": [round(low, 4), round(high, 4)],
        "accuracy": round(float((best == labels).mean()), 4),
        "calibration_error": round(calibration_error(found.max(axis=1), best == labels), 4),
    }


def _macro(labels: Places, best: Places) -> float:
    return float(f1_score(labels, best, labels=np.unique(labels), average="macro", zero_division=0))


def _interval(labels: Places, best: Places, groups: NDArray[np.str_]) -> tuple[float, float]:
    """Return the middle 95 % of macro F1 when groups are drawn with replacement."""
    _, member = np.unique(groups, return_inverse=True)
    order = np.argsort(member, kind="stable")
    blocks = np.split(order, np.cumsum(np.bincount(member))[:-1])
    random = np.random.default_rng(SEED)
    drawn: list[float] = []
    for _ in range(DRAWS):
        chosen = np.concatenate([blocks[block] for block in random.integers(len(blocks), size=len(blocks))])
        drawn.append(_macro(labels[chosen], best[chosen]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy over bins of equal width."""
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(right[at == b].mean() - confidence[at == b].mean()) * (at == b).mean() for b in np.unique(at)]
    return float(sum(gaps))


def card(
    name: str,
    task: str,
    values: Sequence[str],
    parts: Sequence[str],
    examples: Sequence[Example],
    **more: Any,
) -> Card:
    """Return the card of an artefact; `more` holds what the fit gave."""
    listed = {source.name: source for source in (*SOURCES.get(task, ()), *WRITTEN)}
    rows = {each: sum(example.source == each for example in examples) for each in listed}
    data = [
        {"name": each, "licence": source.licence, "weight": source.weight, "rows": rows[each]}
        for each, source in listed.items()
        if rows[each]
    ]
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    return {
        "name": name,
        "task": task,
        "tier": "fast",
        "package": version("commentlab"),
        "language": "en",
        "features": VERSION,
        "values": list(values),
        "parts": list(parts),
        "data": data,
        "seed": SEED,
        "versions": versions,
    } | more


def table(cards: Sequence[Card]) -> str:
    """Return the held-out scores of cards as lines of text."""
    lines = [f"{'model':<16}{'data':<30}{'rows':>7}{'macro F1':>10}{'95 %':>16}{'accuracy':>10}{'ECE':>8}"]
    for each in cards:
        for source, row in each["scores"].items():
            interval = "{:.3f}-{:.3f}".format(*row["interval"])
            figures = f"{row['rows']:>7}{row['macro_f1']:>10.3f}{interval:>16}{row['accuracy']:>10.3f}"
            lines.append(f"{each['name']:<16}{source:<30}{figures}{row['calibration_error']:>8.3f}")
        lines.append(f"{'':<16}answers from {each['threshold']:.2f} on: {each['answered']:.0%} of held-out texts")
    return "\n".join(lines)
