"""A user's own scheme as `commentlab train` fits it: one regression over words, the encoder's vectors and its guess.

The guess is what the scheme answers unfitted, which helps where labels are few. The fast tier has a regression of its
own, over the words alone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse

from commentlab import models
from commentlab.errors import ModelError
from commentlab.models import encoder, features, linear
from commentlab.models.encoder import Encoder
from commentlab.models.linear import Floats, Linear, softmax, words_for
from commentlab.plugin import Classifier, Item, Tier
from commentlab.records import Reason, Scheme

AGAIN = "fit it again with `commentlab train`, or remove the folder to do without"
"""What to do about a model that cannot be used."""
TIERS = ("fast", "accurate")
_TINY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guess:
    """The encoder's vectors beside the logarithms of what the scheme answers unfitted, as features."""

    encoder: Encoder
    unfitted: Classifier

    def features(self, items: Sequence[Item]) -> Floats:
        """Return features, shape (len(items), width of the vectors + camps)."""
        logs = np.log(self.unfitted.probabilities(items) + _TINY)
        return np.concatenate([self.encoder.vectors(items), logs - logs.mean(axis=1, keepdims=True)], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Own:
    """The classifier of a fitted scheme; `slopes`, shape (features of the guess, camps), is not in the fast tier."""

    words: Linear
    languages: tuple[str, ...]
    guess: Guess | None = None
    slopes: Floats | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The camps, in the order of the columns of `probabilities`."""
        return self.words.values

    @property
    def threshold(self) -> float:
        """Confidence below which the answer is "don't know"."""
        return self.words.threshold

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The same for accepted shares of wrong answers."""
        return self.words.thresholds

    @property
    def version(self) -> str:
        """Versions of the fitted model and of the encoder."""
        return self.words.version + (f", {self.guess.encoder.version}" if self.guess else "")

    def probabilities(self, items: Sequence[Item]) -> Floats:
        """Return calibrated probabilities, shape (len(items), len(values))."""
        seen = items if "parent" in self.words.parts else [replace(item, parent="") for item in items]
        logits = self.words.logits(seen)
        if self.guess and items:
            # The sparse product adds up each row by itself; BLAS would let the last bits depend on the number of rows.
            logits += sparse.csr_array(self.guess.features(seen)) @ self.slopes
        return softmax(logits / self.words.temperature)

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:
        """Return the words of the text that spoke for a camp, strongest first."""
        return words_for(item.text, self.words.weights, self.values.index(value))


def digest(scheme: Scheme) -> str:
    """Return a checksum of what a scheme says of its camps: with it, a fitted model knows its scheme again."""
    said = [[camp.name, camp.side, camp.meaning, *camp.examples] for camp in scheme.camps]
    return hashlib.sha256(json.dumps([scheme.proposition, *said]).encode()).hexdigest()


def load(folder: Path, scheme: Scheme, tier: Tier, unfitted: Callable[[], Classifier]) -> Own:
    """Load the model that was fitted to a scheme.

    Args:
        folder: Where it lies.
        scheme: The scheme as it is now.
        tier: `auto` is the tier that did better in the cross-validation.
        unfitted: Loads the classifier of the scheme without the model.

    Raises:
        ModelError: It is damaged, or was fitted to another scheme, beside another encoder or on other features.
    """
    card = models.card(folder.name, folder.parent, AGAIN)
    chosen: str = card["auto"] if tier == "auto" else tier
    _check(folder, card, scheme, chosen)
    arrays = models.arrays(folder.name, folder.parent, AGAIN)
    weights = np.zeros((linear.DIMENSION, len(scheme.values)), dtype=np.float32)
    weights[arrays["columns"]] = arrays[f"{chosen}_words"]
    calibration = card["calibration"][chosen]
    words = Linear(
        values=scheme.values,
        parts=tuple(card["parts"]),
        weights=weights,
        intercept=arrays[f"{chosen}_intercept"],
        temperature=calibration["temperature"],
        threshold=calibration["threshold"],
        thresholds=calibration["thresholds"],
        version=models.version(card),
    )
    if chosen == "fast":
        return Own(words=words, languages=(card["language"],))
    guess = Guess(encoder=encoder.load(), unfitted=unfitted())
    return Own(words=words, languages=(card["language"],), guess=guess, slopes=arrays["slopes"])


def _check(folder: Path, card: models.Card, scheme: Scheme, tier: str) -> None:
    if tuple(card["values"]) != scheme.values:
        camps = f"its camps are {', '.join(card['values'])}, those of the scheme {', '.join(scheme.values)}"
        raise ModelError(f"{folder}: {camps}; {AGAIN}")
    if card["scheme"] != digest(scheme):
        raise ModelError(f"{folder}: proposition, sides, meanings or examples of the scheme have changed; {AGAIN}")
    if card["features"] != features.VERSION:
        raise ModelError(f"{folder}: it was fitted on features of version {card['features']}; {AGAIN}")
    if tier == "accurate" and card["encoder"] != models.digest(models.card(encoder.NAME)):
        raise ModelError(f"{folder}: it was fitted beside another encoder than the one that is here; {AGAIN}")
