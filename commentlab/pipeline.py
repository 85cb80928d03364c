"""Labels and the shapes of discussions as features: transformers for a pipeline of scikit-learn."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from commentlab import scoring, structure
from commentlab.errors import OptionError
from commentlab.plugin import Tier
from commentlab.records import Thread
from commentlab.scoring import SchemeLike
from commentlab.structure import Shape

Table = pd.DataFrame | Sequence[str]


class CommentLabels(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns comments into the probabilities of their labels, `<task>_p_<value>` each.

    Nothing is learned from what it is fitted to: the classifiers are those of `score`.

    Args:
        text: Column of the texts, where a table is given; a sequence of texts needs none.
        parent: Column of the texts of the comments answered. Without it no relation is labelled; where it is empty,
            the probabilities of relations are 0.
        proposition: As in `score`, like all that follow.
        scheme: A stance scheme.
        tasks: Names of tasks.
        tier: Tier of the models.
    """

    def __init__(
        self,
        text: str = "text",
        parent: str | None = None,
        *,
        proposition: str | None = None,
        scheme: SchemeLike | None = None,
        tasks: Sequence[str] | None = None,
        tier: Tier = "fast",
    ) -> None:
        self.text = text
        self.parent = parent
        self.proposition = proposition
        self.scheme = scheme
        self.tasks = tasks
        self.tier = tier

    def fit(self, X: Table, y: object = None) -> "CommentLabels":  # noqa: ARG002, N803 - scikit-learn's names
        """Load the classifiers.

        Raises:
            OptionError: A column, task, tier or scheme that does not exist.
        """
        self._table(X)
        asked = scoring.classifiers(scheme=self.scheme, proposition=self.proposition, tasks=self.tasks, tier=self.tier)
        kept = [task for task in asked if self.parent or task != "relation"]
        self.feature_names_out_ = [f"{task}_p_{value}" for task in kept for value in asked[task].values]
        return self

    def transform(self, X: Table) -> NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
        """Return the probabilities, a row a comment, a column a label.

        Raises:
            OptionError: A column that does not exist.
        """
        check_is_fitted(self)
        scored = scoring.score_frame(
            self._table(X),
            self.text,
            self.parent,
            proposition=self.proposition,
            scheme=self.scheme,
            tasks=self.tasks,
            tier=self.tier,
        )
        return scored[self.feature_names_out_].fillna(0.0).to_numpy(dtype=np.float64)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the columns that `transform` gives."""
        check_is_fitted(self)
        return np.array(self.feature_names_out_, dtype=object)

    def _table(self, given: Table) -> pd.DataFrame:
        """Return a table of the texts alone, in the given order.

        Raises:
            OptionError: A column does not exist.
        """
        if not isinstance(given, pd.DataFrame):
            if self.parent:
                raise OptionError(f"texts alone have no column {self.parent!r}; give a table, or leave out `parent`")
            return pd.DataFrame({self.text: list(given)})
        wanted = [name for name in (self.text, self.parent) if name]
        if missing := [name for name in wanted if name not in given.columns]:
            raise OptionError(f"the table has no column {missing[0]!r}; there are {', '.join(map(str, given.columns))}")
        return given[wanted].reset_index(drop=True)


class ThreadShapes(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns discussions, as `read` gives them, into the measures of their shape: size, depth, virality and the like.

    Where something cannot be measured, as delays without times, there is a NaN.
    """

    def fit(self, X: Iterable[Thread], y: object = None) -> "ThreadShapes":  # noqa: ARG002, N803 - scikit-learn's names
        """Do nothing: there is nothing to learn."""
        return self

    def transform(self, X: Iterable[Thread]) -> NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
        """Return the measures, a row a discussion."""
        rows = [astuple(structure.shape(thread.comments)) for thread in X]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(fields(Shape)))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the measures."""
        return np.array([field.name for field in fields(Shape)], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        """Tell that it works as it is."""
        return True
