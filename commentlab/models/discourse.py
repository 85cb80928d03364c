"""Stance in a scheme, read as part of a conversation: a reply echoes or opposes what it answers.

"Exactly." and "Keep dreaming." have a stance only through their parent. So the features of the text and of the parent
are joined by the parent's own camps (as a classifier of texts alone sees them), by themselves and times the relation of
the reply to the parent; one multinomial logistic regression weighs all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from commentlab import models
from commentlab.errors import ModelError
from commentlab.models import linear
from commentlab.models.linear import Floats, Linear, product, softmax, words_for
from commentlab.plugin import Classifier, Item
from commentlab.records import Reason

PARTS = ("text", "parent")
ECHO = 2.0
"""Weight of the parent's camps beside the hashed features."""


def echoes(parents: Floats, relations: Floats, present: NDArray[np.bool_]) -> Floats:
    """Join the parents' camps with the relations to them; zeros where there is no parent.

    Args:
        parents: Probabilities of the camps for the parents, shape (n, camps).
        relations: Probabilities of the relations to the parents, shape (n, relations).
        present: Whether there is a parent.

    Returns:
        Shape (n, camps * (1 + relations)).
    """
    size = parents.shape[1] * relations.shape[1]
    crossed = (2 * parents[:, :, None] * relations[:, None, :]).reshape(len(parents), size)
    joined: Floats = ECHO * present[:, None] * np.concatenate([parents, crossed], axis=1)
    return joined


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discourse:
    """The classifier of a trained scheme; `alone` reads the parents, `relation` the replies to them."""

    values: tuple[str, ...]
    alone: Linear
    relation: Classifier
    weights: NDArray[np.float32]
    echo: Floats
    intercept: Floats
    temperature: float
    threshold: float
    version: str
    thresholds: Mapping[str, float]

    def logits(self, items: Sequence[Item]) -> Floats:
        """Return what the weights say, before calibration, shape (len(items), len(values))."""
        logits: Floats = product(items, PARTS, self.weights) + self.intercept
        replies = [item for item in items if item.parent.strip()]
        if replies:
            present = np.array([bool(item.parent.strip()) for item in items], dtype=bool)
            parents = self.alone.probabilities([Item(text=item.parent) for item in replies])
            echo = echoes(parents, self.relation.probabilities(replies), np.ones(len(replies), dtype=bool))
            logits[present] += _product(echo, self.echo)
        return logits

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities of the camps, shape (len(items), len(values))."""
        return softmax(self.logits(items) / self.temperature)

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words of the text that spoke for a camp, strongest first."""
        return words_for(item.text, self.weights, self.values.index(value))


def _product(left: Floats, right: Floats) -> Floats:
    # The sparse product adds up each row by itself; BLAS would let the last bits depend on the number of rows.
    product: Floats = sparse.csr_array(left) @ right
    return product


@cache
def load(name: str) -> Discourse:
    """Load the classifier of a trained scheme; a second call returns the same one.

    Raises:
        ModelError: The artefact is missing, damaged, made for other features, or for another relation model.
    """
    card, arrays = models.card(name), models.arrays(name)
    linear.check(card)
    if card["relation"] != models.card("relation")["sha256"]:
        raise ModelError(f"model {name}: it was trained beside another relation model; {models.AGAIN}")
    alone = linear.linear(
        card | {"parts": ["text"]}, {"weights": arrays["alone"], "intercept": arrays["alone_intercept"]}
    )
    return Discourse(
        values=tuple(card["values"]),
        alone=replace(alone, temperature=1.0),
        relation=linear.load("relation"),
        weights=arrays["weights"].astype(np.float32),
        echo=arrays["echo"],
        intercept=arrays["intercept"],
        temperature=card["temperature"],
        threshold=card["threshold"],
        version=models.version(card),
        thresholds=card["thresholds"],
    )
