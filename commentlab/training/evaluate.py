"""Scores by source, and the card of an artefact."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray

from commentlab.measures import SEED, Places, calibration_error, interval, macro_f1
from commentlab.models import Card
from commentlab.models.features import VERSION
from commentlab.models.linear import Floats
from commentlab.training.data import SOURCES, WRITTEN, Example


def scores(found: Floats, labels: Places, groups: Sequence[str], sources: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Score held-out probabilities by source: rows, macro F1 with a 95 % interval, accuracy, calibration error."""
    names = np.array(sources)
    return {
        name: _scores(found[names == name], labels[names == name], np.array(groups)[names == name])
        for name in dict.fromkeys(sources)
    }


def _scores(found: Floats, labels: Places, groups: NDArray[np.str_]) -> dict[str, Any]:
    best = found.argmax(axis=1)
    low, high = interval(labels, best, groups.tolist())
    return {
        "rows": len(labels),
        "macro_f1": round(macro_f1(labels, best), 4),
        "interval": [round(low, 4), round(high, 4)],
        "accuracy": round(float((best == labels).mean()), 4),
        "calibration_error": round(calibration_error(found.max(axis=1), best == labels), 4),
    }


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
