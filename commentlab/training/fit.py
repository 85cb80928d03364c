"""Fitting on sparse features, and held-out logits by group."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from commentlab.measures import Places
from commentlab.models.linear import Floats

ITERATIONS = 80


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Weights of shape (features, classes), and logits of the rows `held` by models that did not see their groups."""

    weights: Floats
    intercept: Floats
    held: Places
    logits: Floats


def fit(
    matrix: sparse.csr_array,
    labels: Places,
    groups: Sequence[str],
    weights: Floats,
    *,
    texts: Sequence[str] = (),
    strength: float,
    folds: int = 5,
    rounds: int | None = None,
) -> Fitted:
    """Fit a multinomial logistic regression on everything, and on folds to see how it does on other groups.

    Args:
        matrix: Features, shape (rows, features).
        labels: Classes as numbers from 0, all of which occur.
        groups: Group of each row.
        weights: Weight of each row.
        texts: Text of each row; one that is held out in one group is not learnt from in another (VAST labels the same
            comment towards several topics).
        strength: Inverse of the L2 penalty.
        folds: Folds of groups.
        rounds: How many folds to hold out in turn; None means all.
    """
    held: list[Places] = []
    logits: list[Floats] = []
    same = np.unique(texts, return_inverse=True)[1] if len(texts) else np.arange(len(labels))
    for others, unseen in splits(groups, folds)[:rounds]:
        seen = others[~np.isin(same[others], same[unseen])]
        slopes, intercept = regression(matrix[seen], labels[seen], weights[seen], strength)
        held.append(unseen)
        logits.append(matrix[unseen] @ slopes + intercept)
    slopes, intercept = regression(matrix, labels, weights, strength)
    order = np.argsort(np.concatenate(held))
    return Fitted(
        weights=slopes,
        intercept=intercept,
        held=np.concatenate(held)[order],
        logits=np.concatenate(logits)[order],
    )


def splits(groups: Sequence[str], folds: int = 5) -> list[tuple[Places, Places]]:
    """Return for each fold the rows to learn from and those held out; a group is never in both."""
    return list(GroupKFold(folds).split(np.zeros(len(groups)), groups=groups))


def regression(matrix: sparse.csr_array, labels: Places, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Return weights, shape (features, classes), and intercept of a multinomial logistic regression."""
    used = np.unique(matrix.indices)
    model = LogisticRegression(C=strength, max_iter=ITERATIONS)
    with warnings.catch_warnings():
        # Stopping early costs nothing that held-out data could see, and it bounds the time.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(sparse.csr_matrix(matrix[:, used]), labels, sample_weight=weights)
    slopes = np.zeros((matrix.shape[1], len(model.classes_)))
    slopes[used] = model.coef_.T
    return slopes, model.intercept_
