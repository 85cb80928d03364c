"""Stance: towards a proposition (favor, against, none), or in the camps of a scheme.

A scheme that was trained (`models/stance-NAME`, or by the user) answers in its camps by itself. Any other gets the
stance towards its proposition: the probability of a side is shared evenly by the camps on that side, and that of a side
without camps is left out. Where the scheme gives examples, the encoder compares a comment with them and with the
meanings of the camps, which tells camps of one side apart and may correct the side; the fast tier cannot do that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from commentlab import models
from commentlab.errors import OptionError
from commentlab.models import encoder, heads, likeness, own
from commentlab.models.likeness import Likeness
from commentlab.models.linear import Floats
from commentlab.plugin import Classifier, Item, Tier
from commentlab.records import Reason, Scheme

NAME = "stance"
VALUES = ("favor", "against", "none")
CONTEXT = "proposition"


def classifier(tier: Tier, scheme: Scheme | None) -> Classifier:
    """Load the classifier of a tier."""
    if scheme is None:
        return heads.choose(tier, NAME, NAME)
    if scheme.fitted:
        return own.load(Path(scheme.fitted), scheme, tier, partial(before, "accurate", scheme))
    return before(tier, scheme)


def before(tier: Tier, scheme: Scheme) -> Classifier:
    """Load the classifier of a tier for a scheme that no user fitted: the shipped one, where there is one."""
    trained = f"{NAME}-{scheme.name}"
    if trained in models.available() and tuple(models.card(trained)["values"]) == scheme.values:
        return heads.choose(tier, scheme.name, trained)
    return unfitted(tier, scheme)


def unfitted(tier: Tier, scheme: Scheme) -> Classifier:
    """Load the classifier of a tier for a scheme that no model was trained for."""
    towards = heads.choose(tier, NAME, NAME)
    return sided(towards, scheme, None if tier == "fast" else _likeness(scheme))


def _likeness(scheme: Scheme) -> Likeness | None:
    if not any(camp.examples for camp in scheme.camps):
        return None
    said = {camp.name: (camp.meaning, *camp.examples) for camp in scheme.camps}
    return likeness.learn(encoder.load(), scheme.proposition, said)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sided:
    """A stance classifier that answers in camps; `shares` has shape (sides, camps)."""

    base: Classifier
    values: tuple[str, ...]
    sides: tuple[str, ...]
    shares: Floats
    likeness: Likeness | None = None

    @property
    def threshold(self) -> float:
        """Confidence below which the answer is "don't know"."""
        return self.base.threshold

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The same for accepted shares of wrong answers."""
        return self.base.thresholds

    @property
    def version(self) -> str:
        """Version of the stance classifier behind it."""
        return self.base.version

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return probabilities of the camps, shape (len(items), len(values))."""
        found = self.base.probabilities(items)
        camps: Floats = (found[:, :, None] * self.shares).sum(axis=1)
        if self.likeness:
            camps *= self.likeness.weights(items)
        camps /= camps.sum(axis=1, keepdims=True)
        return camps

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words that spoke for the side of a camp, strongest first."""
        return self.base.reasons(item, self.sides[self.values.index(value)])


def sided(base: Classifier, scheme: Scheme, alike: Likeness | None = None) -> Sided:
    """Let a stance classifier answer in the camps of a scheme.

    Raises:
        OptionError: All camps are on one side.
    """
    sides = tuple(camp.side for camp in scheme.camps)
    if len(set(sides)) < 2:
        raise OptionError(f"scheme {scheme.name!r}: all camps are on the side {sides[0]!r}; give one another side")
    member = np.array([[float(side == value) for side in sides] for value in base.values])
    shares = member / np.maximum(member.sum(axis=1, keepdims=True), 1)
    return Sided(base=base, values=scheme.values, sides=sides, shares=shares, likeness=alike)
