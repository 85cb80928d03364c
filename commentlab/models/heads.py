"""Classifiers on top of the encoder: one head of it, calibrated, and the cascade that asks the fast tier first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commentlab import models, plugin, text
from commentlab.models import encoder, linear, wording
from commentlab.models.encoder import Encoder
from commentlab.models.exchange import Exchange
from commentlab.models.linear import REASONS, Floats, softmax
from commentlab.plugin import Classifier, Item, Tier
from commentlab.records import Reason

PIECES = 10
"""Pieces of a text that are left out in turn to find the reasons of a label, at most."""
LONG = 40
"""Words from which on a head also looks at the parts of a text, if the whole leaves a doubt."""
PARTS = 3
"""Parts of a long text, of whole sentences, at most."""
TOWARDS, RELATION = "stance", "relation"
"""The heads that are asked for a stance towards any proposition, and for the relation to what is answered."""
TINY = 1e-9
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """One head of the encoder as a classifier, mixed with the fast tier where that helps.

    With an `exchange`, what it says of a reply also rests on what the reply answers.
    """

    encoder: Encoder
    name: str
    values: tuple[str, ...]
    temperature: float
    threshold: float
    version: str
    fast: Classifier | None
    mix: float
    doubt: float
    thresholds: Mapping[str, float]
    exchange: Exchange | None = None

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities, shape (len(items), len(values))."""
        logs = logarithms(self.encoder, items, self.name, doubt=self.doubt)
        if self.fast and self.mix:
            logs += self.mix * np.log(self.fast.probabilities(items) + TINY)
        shares = softmax(logs / self.temperature)
        return self.exchange.weighed(items, shares) if self.exchange else shares

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the pieces of the text without which the value would be less likely, strongest first (occlusion)."""
        spans = list(_pieces(item.text))
        if len(spans) < 2:
            return tuple((start, end, 1.0) for start, end in spans)
        without = [replace(item, text=item.text[:start] + item.text[end:]) for start, end in spans]
        logs = np.log(self.probabilities([item, *without])[:, self.values.index(value)])
        found = [(*span, round(float(logs[0] - log), 3)) for span, log in zip(spans, logs[1:], strict=True)]
        return tuple(sorted((each for each in found if each[2] > 0), key=lambda each: -each[2])[:REASONS])


def logarithms(reader: Encoder, items: Sequence[Item], head: str, *, doubt: float) -> Floats:
    """Return logarithms of what a head says of items, before calibration, shape (len(items), values of the head).

    A long text whose whole leaves a doubt, with no probability of `doubt` or more, gets the mean of what the head says
    of the whole and of its parts taken singly: who writes at length often takes a stance in one sentence and tells a
    story in the others.
    """
    whole = softmax(_logits(reader, items, head))
    logs: Floats = np.log(whole + TINY)
    unsure = np.flatnonzero(whole.max(axis=1) < doubt).tolist()
    if unsure:
        parts = {place: _parts(items[place].text) for place in unsure if len(items[place].text.split()) >= LONG}
        single = [replace(items[place], text=part, parent="") for place, some in parts.items() for part in some]
        shares = iter(softmax(_logits(reader, single, head)))
        for place, some in parts.items():
            mean = np.mean([next(shares) for _ in some], axis=0)
            logs[place] = (logs[place] + np.log(mean + TINY)) / 2
    return logs


def _logits(reader: Encoder, items: Sequence[Item], head: str) -> Floats:
    """Return what a head says where the proposition is put plainly; a stance is turned if that turned the proposition.

    The camps of a scheme are about what stands there; all other heads are asked the same, so that a text is read once.
    """
    if head not in plugin.tasks():
        return reader.logits(items, head)
    plain = [wording.plain(item.proposition) for item in items]
    asked = [replace(item, proposition=words) for item, (words, _) in zip(items, plain, strict=True)]
    found = reader.logits(asked, head)
    if head == TOWARDS:
        favor, against = (reader.heads[head].index(side) for side in ("favor", "against"))
        turned = np.array([turned for _, turned in plain], dtype=bool)
        found[turned, favor], found[turned, against] = found[turned, against], found[turned, favor]
    return found


def _parts(whole: str) -> list[str]:
    """Return runs of sentences of a text, as many in each but the last one, `PARTS` of them at most."""
    sentences = text.sentences(whole) or [whole]
    size = -(-len(sentences) // PARTS)
    return [" ".join(sentences[start : start + size]) for start in range(0, len(sentences), size)]


def _pieces(whole: str) -> Iterator[tuple[int, int]]:
    """Yield spans of a text: its words, or runs of words of one length where there are more than `PIECES`."""
    words = [found.span() for found in _WORD.finditer(whole)]
    size = -(-len(words) // PIECES) or 1
    for first in range(0, len(words), size):
        run = words[first : first + size]
        yield run[0][0], run[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cascade:
    """The fast tier where it sees all that is asked and is at least as sure as `least`; the accurate one elsewhere."""

    fast: Classifier
    accurate: Head
    least: float

    @property
    def values(self) -> tuple[str, ...]:
        """The labels, in the order of the columns of `probabilities`."""
        return self.accurate.values

    @property
    def threshold(self) -> float:
        """Confidence below which the answer is "don't know"."""
        return self.accurate.threshold

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The same for accepted shares of wrong answers."""
        return self.accurate.thresholds

    @property
    def version(self) -> str:
        """Versions of both tiers."""
        return f"{self.fast.version}, {self.accurate.version}"

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities, shape (len(items), len(values))."""
        found: Floats = self.fast.probabilities(items)
        unsure = np.flatnonzero(~self._sure(items, found)).tolist()
        if unsure:
            found[unsure] = self.accurate.probabilities([items[place] for place in unsure])
        return found

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words that spoke for `value` in the tier that answered, strongest first."""
        sure = self._sure([item], self.fast.probabilities([item])).all()
        return (self.fast if sure else self.accurate).reasons(item, value)

    def _sure(self, items: Sequence[Item], shares: Floats) -> NDArray[np.bool_]:
        sure: NDArray[np.bool_] = (shares.max(axis=1) >= self.least) & np.fromiter(map(seen, items), dtype=bool)
        return sure


def seen(item: Item) -> bool:
    """Say whether the fast tier sees all that is asked of it: it does not look at a mention."""
    return not item.mention


def load(name: str, fast: str) -> Head:
    """Load a head of the encoder, beside the artefact of the fast tier.

    Raises:
        ModelError: An artefact is missing or damaged.
    """
    unweighed = _unweighed(name, fast)
    told = models.card(encoder.NAME)["calibration"][name]["exchange"]
    if not told:
        return unweighed
    return replace(unweighed, exchange=Exchange.between(unweighed, _unweighed(RELATION, RELATION), told))


def _unweighed(name: str, fast: str) -> Head:
    card = models.card(encoder.NAME)
    calibration = card["calibration"][name]
    reader = encoder.load()
    return Head(
        encoder=reader,
        name=name,
        values=reader.heads[name],
        temperature=calibration["temperature"],
        threshold=calibration["threshold"],
        version=models.version(card),
        fast=replace(linear.load(fast), exchange=None) if calibration["mix"] else None,
        mix=calibration["mix"],
        doubt=calibration["doubt"],
        thresholds=calibration["thresholds"],
    )


def choose(tier: Tier, name: str, fast: str) -> Classifier:
    """Return the classifier of a tier, from a head of the encoder and the artefact of the fast tier.

    `auto` is the cascade where the card allows one, and the encoder elsewhere.
    """
    if tier == "fast":
        return linear.load(fast)
    least = models.card(encoder.NAME)["calibration"][name]["cascade"]
    if tier == "auto" and least is not None:
        return Cascade(fast=linear.load(fast), accurate=load(name, fast), least=least)
    return load(name, fast)
