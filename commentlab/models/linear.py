"""Linear classifiers over hashed features: rows of features, probabilities, reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from commentlab import models
from commentlab.errors import ModelError
from commentlab.models.features import TOKEN, VERSION, Encoding, crc, encode, mix
from commentlab.plugin import Item
from commentlab.records import Reason

Floats = NDArray[np.float64]
Matrix: TypeAlias = Any
"""A `scipy.sparse.csr_array`; SciPy ships no types."""

DIMENSION = 1 << 18
"""Columns that hashes are cut to."""
CROWD = 100
"""Number of features from which on a text counts as long: its values shrink so that they do not simply add up."""
REASONS = 5
"""Words that are named as reasons, at most."""

Part = Callable[[Sequence[Item]], list[NDArray[np.uint32]]]


def _text(items: Sequence[Item]) -> list[NDArray[np.uint32]]:
    return [encoding.hashes for encoding in encode([item.text for item in items])]


def _context(items: Sequence[Item]) -> list[NDArray[np.uint32]]:
    return [encoding.hashes for encoding in encode([item.context for item in items])]


def _parent(items: Sequence[Item]) -> list[NDArray[np.uint32]]:
    return [encoding.hashes for encoding in encode([item.parent for item in items])]


def _shared(items: Sequence[Item]) -> list[NDArray[np.uint32]]:
    texts, contexts = encode([item.text for item in items]), encode([item.context for item in items])
    return [_overlap(text, context) for text, context in zip(texts, contexts, strict=True)]


def _overlap(text: Encoding, context: Encoding) -> NDArray[np.uint32]:
    """Return the tokens that both texts have, how many of them, and how long both are, on scales of powers of two."""
    both = text.tokens[np.isin(text.tokens, context.tokens)]
    sizes = [len(both), len(text.tokens), len(context.tokens)]
    scales = [crc(f"{name} {size.bit_length()}") for name, size in zip(("both", "text", "context"), sizes, strict=True)]
    return np.concatenate([both, np.array(scales, dtype=np.uint32)])


PARTS: Mapping[str, tuple[Part, float]] = {
    "text": (_text, 1.0),
    "context": (_context, 0.4),
    "parent": (_parent, 0.4),
    "shared": (_shared, 1.0),
}
"""What a model may look at, and the weight of its values: texts around the comment speak more softly than its own."""


def rows(items: Sequence[Item], parts: Sequence[str]) -> Matrix:
    """Return the features of items, shape (len(items), DIMENSION); each part hashes into the columns in its own way."""
    blocks = [_block(name, items) for name in parts]
    return sum(blocks[1:], start=blocks[0])


def _block(name: str, items: Sequence[Item]) -> Matrix:
    part, weight = PARTS[name]
    hashes = part(items)
    sizes = np.array([len(each) for each in hashes], dtype=np.int64)
    flat = np.concatenate([*hashes, np.empty(0, dtype=np.uint32)])
    columns = (flat if name == "text" else mix(flat, crc(name))) & np.uint32(DIMENSION - 1)
    scales = weight * _scale(sizes)
    values = np.repeat(scales.astype(np.float32), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return sparse.csr_array((values, columns.astype(np.int64), starts), shape=(len(items), DIMENSION))


def _scale(sizes: NDArray[np.int64]) -> Floats:
    scale: Floats = (1 + CROWD) / (np.maximum(sizes, 1) + CROWD)
    return scale


def softmax(logits: Floats) -> Floats:
    """Turn logits into probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linear:
    """A multinomial logistic regression over `parts`; `weights` has shape (DIMENSION, len(values))."""

    values: tuple[str, ...]
    parts: tuple[str, ...]
    weights: NDArray[np.float32]
    intercept: Floats
    temperature: float
    threshold: float
    version: str

    def logits(self, items: Sequence[Item]) -> Floats:
        """Return what the weights say, before calibration, shape (len(items), len(values))."""
        products = rows(items, self.parts) @ self.weights
        logits: Floats = products.astype(np.float64) + self.intercept
        return logits

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities, shape (len(items), len(values))."""
        return softmax(self.logits(items) / self.temperature)

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words of the text that spoke for `value` against the mean of the other values, strongest first."""
        return words_for(item.text, self.weights, self.values.index(value))


def words_for(text: str, weights: NDArray[np.float32], column: int) -> tuple[Reason, ...]:
    """Sum the contributions of a text's features by word; name those that speak for a column, strongest first."""
    encoding = encode([text])[0]
    chosen = weights[encoding.hashes & np.uint32(DIMENSION - 1)]
    others = chosen.shape[1] - 1
    gains = (chosen[:, column] * (others + 1) - chosen.sum(axis=1)) / others
    totals = np.bincount(encoding.places, gains * _scale(np.array(len(gains))), minlength=len(encoding.tokens)).round(3)
    best = [int(place) for place in np.argsort(-totals, kind="stable")[: 2 * REASONS] if totals[place] > 0]
    spans = [found.span() for found in TOKEN.finditer(text)]
    named = [(*spans[place], float(totals[place])) for place in best if text[spans[place][0]].isalnum()]
    return tuple(named[:REASONS])


@cache
def load(name: str) -> Linear:
    """Load a linear classifier; a second call returns the same one.

    Raises:
        ModelError: The artefact is missing, damaged, or made for other features.
    """
    return linear(models.card(name), models.arrays(name))


def linear(card: models.Card, arrays: models.Arrays) -> Linear:
    """Put a classifier together from its card and arrays."""
    check(card)
    return Linear(
        values=tuple(card["values"]),
        parts=tuple(card["parts"]),
        weights=arrays["weights"].astype(np.float32),
        intercept=arrays["intercept"],
        temperature=card["temperature"],
        threshold=card["threshold"],
        version=version(card),
    )


def check(card: models.Card) -> None:
    """Refuse an artefact that was trained on features of another version."""
    if card["features"] != VERSION:
        message = f"it was trained on features of version {card['features']}, not {VERSION}; {models.AGAIN}"
        raise ModelError(f"model {card['name']}: {message}")


def version(card: models.Card) -> str:
    """Return the tier, the package version that trained an artefact, and the start of its checksum."""
    return f"{card['tier']} {card['package']}+{card['sha256'][:8]}"
