"""The stance of a reply in view of what it answers: two stances, and the relation between them, must fit together.

"Two cases are no pattern" is on no side by itself. Against somebody who believes a threat it doubts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from commentlab.plugin import Classifier, Item

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exchange:
    """A classifier of stances before weighing, one of relations, and the table by which `weigh` joins what they say."""

    stance: Classifier
    relation: Classifier
    table: Floats

    @classmethod
    def between(cls, stance: Classifier, relation: Classifier, told: Mapping[str, Any]) -> Self:
        """Return the exchange that a card describes."""
        return cls(stance=stance, relation=relation, table=np.array(told["table"]))

    def weighed(self, items: Sequence[Item], shares: Floats) -> Floats:
        """Return probabilities of stances, shape (len(items), stances), from those that the classifier gives."""
        places = [place for place, item in enumerate(items) if is_reply(item)]
        if not places:
            return shares
        replies = [items[place] for place in places]
        answered = self.stance.probabilities([above(item) for item in replies])
        found = shares.copy()
        found[places] = weigh(answered, self.relation.probabilities(replies), shares[places], self.table)
        return found


def is_reply(item: Item) -> bool:
    """Say whether there is a comment that an item answers."""
    return bool(item.parent.strip())


def above(item: Item) -> Item:
    """Return what an item answers, by itself."""
    return Item(text=item.parent, proposition=item.proposition)


def weigh(answered: Floats, relations: Floats, own: Floats, table: Floats) -> Floats:
    """Return probabilities of the stances of replies, in view of what they answer.

    Args:
        answered: Probabilities of the stances of what is answered, read by itself, shape (replies, stances).
        relations: Those of the relations to it, shape (replies, relations).
        own: Those of the stances of the replies, from their texts, shape (replies, stances).
        table: How much more often than by chance a stance is answered in a relation by a stance, shape (stances,
            relations, stances).
    """
    joints = answered[:, :, None, None] * relations[:, None, :, None] * own[:, None, None, :] * table
    # Added up one after another: a sum over axes may take another order for other numbers of rows.
    found: Floats = reduce(np.add, (joints[:, first, second] for first, second in np.ndindex(joints.shape[1:3])))
    found /= found.sum(axis=1, keepdims=True)
    return found
