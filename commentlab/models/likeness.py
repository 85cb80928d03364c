"""How alike a text and what a scheme says of its camps are to the encoder: it tells camps of one side apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commentlab.models.encoder import Encoder
from commentlab.models.linear import Floats
from commentlab.plugin import Item

FIRMNESS = 2.0
"""What a likeness of 1 adds to the logarithm of a camp's probability, before all are made to sum to one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """Vectors of what camps say, shape (texts, width), without their `centre`; `camps` lists the rows of each camp."""

    encoder: Encoder
    vectors: Floats
    centre: Floats
    camps: tuple[tuple[int, ...], ...]

    def weights(self, items: Sequence[Item]) -> Floats:
        """Return factors for the probabilities of the camps, shape (len(items), camps); a camp without texts gets 1."""
        if not items:
            return np.ones((0, len(self.camps)))
        vectors = _unit(self.encoder.vectors(items) - self.centre)
        # Sums row by row: BLAS would let the last bits depend on the number of rows.
        likeness = np.stack([(vectors * each).sum(axis=1) for each in self.vectors], axis=1)
        best = [likeness[:, rows].max(axis=1) if rows else np.zeros(len(items)) for rows in self.camps]
        weights: Floats = np.exp(FIRMNESS * np.stack(best, axis=1))
        return weights


def learn(encoder: Encoder, proposition: str, texts: Mapping[str, Sequence[str]]) -> Likeness:
    """Put together what is known of camps.

    Args:
        encoder: The encoder whose vectors are compared.
        proposition: What the camps are about.
        texts: For each camp what it says: its meaning, examples.
    """
    said = [(camp, text) for camp, each in enumerate(texts.values()) for text in each]
    vectors = encoder.vectors([Item(text=text, proposition=proposition) for _, text in said])
    centre: Floats = vectors.mean(axis=0)
    return Likeness(
        encoder=encoder,
        vectors=_unit(vectors - centre),
        centre=centre,
        camps=tuple(tuple(row for row, (camp, _) in enumerate(said) if camp == each) for each in range(len(texts))),
    )


def _unit(vectors: Floats) -> Floats:
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled
