"""What the cards of the models say of those that labelled a thread."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commentlab import models

_CHECKSUM = re.compile(r"\+([0-9a-f]{8})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How well a model did on texts that it was not trained on: of a set, with the 95 % interval of its macro F1."""

    task: str
    model: str
    set: str
    rows: int
    macro_f1: float
    low: float
    high: float
    accuracy: float
    calibration_error: float


def figures(versions: Mapping[str, str]) -> list[Figure]:
    """Return the figures of models by task and version; models without a card here, such as a user's own, have none."""
    return [figure for task, name, card in named(versions) for figure in _figures(task, name, card)]


def named(versions: Mapping[str, str]) -> list[tuple[str, str, models.Card]]:
    """Return task, name and card of the models that versions name."""
    shelf = [(name, models.card(name)) for name in models.available()]
    by_sum = {models.digest(card)[:8]: (name, card) for name, card in shelf}
    return [
        (task, *by_sum[checksum])
        for task, version in sorted(versions.items())
        for checksum in _CHECKSUM.findall(version)
        if checksum in by_sum
    ]


def _figures(task: str, name: str, card: models.Card) -> Iterator[Figure]:
    part = card["calibration"].get(task, {}) if "calibration" in card else card
    for named, score in part.get("scores", {}).items():
        yield Figure(
            task=task,
            model=name,
            set=named,
            rows=score["rows"],
            macro_f1=score["macro_f1"],
            low=score["interval"][0],
            high=score["interval"][1],
            accuracy=score["accuracy"],
            calibration_error=score["calibration_error"],
        )
