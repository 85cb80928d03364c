"""How far shares may be off: intervals by formula, by drawing people again, and between two groups."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z = 1.959964
"""Standard errors on either side of a 95 % interval."""
DRAWS = 1000
"""Times that people are drawn again."""
SEED = 0


def interval(counts: Sequence[float] | NDArray[np.generic]) -> Floats:
    """Return 95 % intervals of the shares of some counts, shape (len(counts), 2), in [0, 1]; zeros where all are zero.

    Wilson's score interval (Wilson 1927, JASA 22): it stays honest for a few comments, and for a camp that has none.
    """
    found = np.asarray(counts, dtype=float)
    return wilson(found, np.full_like(found, found.sum()))


def wilson(counts: Floats, totals: Floats) -> Floats:
    """Return Wilson's interval of each of some counts among its own total, shape (len(counts), 2)."""
    of = np.maximum(totals, 1)
    share, spread = counts / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * np.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    found: Floats = np.stack([middle - half, middle + half], axis=1).clip(0, 1)
    return np.where((totals > 0)[:, None], found, 0.0)


def drawn_again(sums: Floats, times: NDArray[np.integer[Any]] | None = None) -> Floats:
    """Return what the sums over all rows come to when rows are drawn with replacement, shape (DRAWS, columns).

    Args:
        sums: A row for each person, or for whatever else is drawn as a whole (the cluster bootstrap of Field & Welsh
            2007, JRSS B 69).
        times: How many persons have such a row; None means one each. Rows that are drawn together cost as one.
    """
    random = np.random.default_rng(SEED)
    rows = len(sums)
    if not rows:
        return np.zeros((DRAWS, sums.shape[1]))
    if times is not None:
        drawn: Floats = random.multinomial(times.sum(), times / times.sum(), size=DRAWS) @ sums
        return drawn
    draws = (np.bincount(random.integers(rows, size=rows), minlength=rows) @ sums for _ in range(DRAWS))
    return np.stack(list(draws))


def middle(draws: Floats) -> Floats:
    """Return the middle 95 % of each column, shape (columns, 2)."""
    found: Floats = np.quantile(draws, [0.025, 0.975], axis=0).T
    return found


def wider(one: Floats, other: Floats) -> Floats:
    """Return the intervals that hold both of two."""
    return np.stack([np.minimum(one[:, 0], other[:, 0]), np.maximum(one[:, 1], other[:, 1])], axis=1)


def cohens_h(one: Floats, of_one: Floats, other: Floats, of_other: Floats) -> Floats:
    """Return the effect size of differences between shares with its 95 % interval, shape (len(one), 3).

    Cohen's h is the difference of the arcsines of the roots (Cohen 1988, chapter 6): .2 is small, .5 medium, .8 large.
    NaN where a group is empty.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        h = 2 * np.arcsin(np.sqrt(one / of_one)) - 2 * np.arcsin(np.sqrt(other / of_other))
        half = Z * np.sqrt(1 / of_one + 1 / of_other)
    return np.stack([h, h - half, h + half], axis=1)
