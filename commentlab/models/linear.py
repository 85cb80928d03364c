"""Linear classifiers over hashed features: rows of features, probabilities, reasons."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from commentlab import models
from commentlab.errors import ModelError
from commentlab.models.exchange import Exchange
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
REASONS = 4
"""Phrases that are named as reasons, at most."""
PHRASE = 4
"""Words of a phrase, at most."""
EMPTY = frozenset(
    "a an the this that these those it its i me my we us our you your he him his she her they them their who which what"
    " and or as at by for from in into of on to with about than then there here am is are was were be been being has"
    " have had do does did s t re ve ll d m".split()
)
"""Words without a meaning of their own: none is a reason by itself."""

Part = Callable[[Sequence[Item]], list[NDArray[np.uint32]]]


def _part(name: str) -> Part:
    return lambda items: [encoding.hashes for encoding in encode([getattr(item, name) for item in items])]


def _shared(name: str) -> Part:
    def shared(items: Sequence[Item]) -> list[NDArray[np.uint32]]:
        texts, others = encode([item.text for item in items]), encode([getattr(item, name) for item in items])
        return [_overlap(text, other) for text, other in zip(texts, others, strict=True)]

    return shared


def _overlap(text: Encoding, other: Encoding) -> NDArray[np.uint32]:
    """Return the tokens that both texts have, how many of them, and how long both are, on scales of powers of two."""
    known = set(other.tokens.tolist())
    both = [token for token in text.tokens.tolist() if token in known] if known else []
    sizes = {"both": len(both), "text": len(text.tokens), "other": len(other.tokens)}
    return np.array([*both, *(_scaled(name, size.bit_length()) for name, size in sizes.items())], dtype=np.uint32)


@cache
def _scaled(name: str, bits: int) -> int:
    return crc(f"{name} {bits}")


PARTS: Mapping[str, tuple[Part, float]] = {
    "text": (_part("text"), 1.0),
    "proposition": (_part("proposition"), 0.4),
    "parent": (_part("parent"), 0.4),
    "shared proposition": (_shared("proposition"), 1.0),
    "shared parent": (_shared("parent"), 1.0),
}
"""What a model may look at, and the weight of its values: texts around the comment speak more softly than its own."""


def rows(items: Sequence[Item], parts: Sequence[str]) -> Matrix:
    """Return the features of items, shape (len(items), DIMENSION); each part hashes into the columns in its own way."""
    blocks = [_block(name, items) for name in parts]
    return sum(blocks[1:], start=blocks[0])


def product(items: Sequence[Item], parts: Sequence[str], weights: NDArray[np.float32]) -> Floats:
    """Return `rows(items, parts) @ weights`, part by part: adding up sparse matrices costs more than multiplying."""
    products = [_block(name, items) @ weights for name in parts]
    total: Floats = sum(products[1:], start=products[0]).astype(np.float64)
    return total


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
    """A multinomial logistic regression over `parts`; `weights` has shape (DIMENSION, len(values)).

    With an `exchange`, what it says of a reply also rests on what the reply answers.
    """

    values: tuple[str, ...]
    parts: tuple[str, ...]
    weights: NDArray[np.float32]
    intercept: Floats
    temperature: float
    threshold: float
    version: str
    thresholds: Mapping[str, float]
    exchange: Exchange | None = None

    def logits(self, items: Sequence[Item]) -> Floats:
        """Return what the weights say, before calibration, shape (len(items), len(values))."""
        return product(items, self.parts, self.weights) + self.intercept

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities, shape (len(items), len(values))."""
        shares = softmax(self.logits(items) / self.temperature)
        return self.exchange.weighed(items, shares) if self.exchange else shares

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words of the text that spoke for `value` against the mean of the other values, strongest first."""
        return words_for(item.text, self.weights, self.values.index(value))


def words_for(text: str, weights: NDArray[np.float32], column: int) -> tuple[Reason, ...]:
    """Sum the contributions of a text's features by word; name the phrases that speak for a column, strongest first.

    A feature of several words counts where it begins, so a phrase of up to `PHRASE` words is named rather than its
    first word, and none that has only words without a meaning of their own.
    """
    encoding = encode([text])[0]
    chosen = weights[encoding.hashes & np.uint32(DIMENSION - 1)]
    others = chosen.shape[1] - 1
    gains = (chosen[:, column] * (others + 1) - chosen.sum(axis=1)) / others
    scaled = gains * _scale(np.array(len(gains)))
    totals = np.bincount(encoding.places, scaled, minlength=len(encoding.tokens)).astype(np.float64)
    spans = [found.span() for found in TOKEN.finditer(text)]
    phrases = sorted(_phrases(text, spans, totals), key=lambda phrase: -phrase[2] / (phrase[1] - phrase[0]) ** 0.5)
    chosen_phrases: list[tuple[int, int, float]] = []
    for first, end, gain in phrases:
        if all(end <= a or first >= b for a, b, _ in chosen_phrases):
            chosen_phrases.append((first, end, gain))
        if len(chosen_phrases) == REASONS:
            break
    named = ((spans[first][0], spans[end - 1][1], round(gain, 3)) for first, end, gain in chosen_phrases)
    return tuple(sorted(named, key=lambda reason: -reason[2]))


def _phrases(
    text: str, spans: Sequence[tuple[int, int]], totals: NDArray[np.float64]
) -> Iterator[tuple[int, int, float]]:
    """Yield the runs of words (first, end, gain) that begin and end with a gain and hold a word with a meaning."""
    words = [text[start:end].casefold() for start, end in spans]
    gains = totals.tolist()
    for first, gain in enumerate(gains):
        if gain <= 0:
            continue
        total, meant = 0.0, False
        for end, word in enumerate(words[first : first + PHRASE], first + 1):
            if not word[0].isalnum():
                break
            total += gains[end - 1]
            meant = meant or word not in EMPTY
            if meant and gains[end - 1] > 0:
                yield first, end, total


@cache
def load(name: str) -> Linear:
    """Load a linear classifier; a second call returns the same one.

    Raises:
        ModelError: The artefact is missing, damaged, made for other features, or beside another relation model.
    """
    card = models.card(name)
    unweighed = linear(card, models.arrays(name))
    told = card.get("exchange")
    if not told:
        return unweighed
    if told["relation"] != models.digest(models.card("relation")):
        raise ModelError(f"model {name}: it was trained beside another relation model; {models.AGAIN}")
    return replace(unweighed, exchange=Exchange.between(unweighed, load("relation"), told))


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
        version=models.version(card),
        thresholds=card["thresholds"],
    )


def check(card: models.Card) -> None:
    """Refuse an artefact that was trained on features of another version."""
    if card["features"] != VERSION:
        message = f"it was trained on features of version {card['features']}, not {VERSION}; {models.AGAIN}"
        raise ModelError(f"model {card['name']}: {message}")
