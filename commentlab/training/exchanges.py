"""What the threads written for commentlab tell of exchanges: which stance answers which one in which relation."""

from collections.abc import Collection

import numpy as np

from commentlab import plugin
from commentlab.measures import TINY, Places, surprise
from commentlab.models import Card
from commentlab.models.exchange import weigh
from commentlab.models.heads import TOWARDS
from commentlab.models.linear import Floats
from commentlab.training import data

UNSEEN = 0.5
"""Added to each count, so that nothing is held to be impossible."""
POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""What a table may be raised to: it counts the less, the more of it a classifier has found in the texts itself."""


def table(task: str, stances: tuple[str, ...], left_out: Collection[str] = ()) -> Floats:
    """Return how much more often than by chance a stance is answered in a relation by a stance.

    Args:
        task: `stance`, or `camps` for those of the built-in scheme.
        stances: Their names.
        left_out: Threads that are not looked at.

    Returns:
        Shape (stances, relations, stances).
    """
    values = plugin.tasks()["relation"].VALUES
    examples = [example for example in data.threads(task) if example.group not in left_out]
    labels = {(each.group, each.item.proposition, each.item.text): stances.index(each.label) for each in examples}
    relations = {(each.group, each.item.parent, each.item.text): each.label for each in data.threads("relation")}
    counts = np.full((len(stances), len(values), len(stances)), UNSEEN)
    for group, item in ((each.group, each.item) for each in examples if each.item.parent):
        relation = values.index(relations[group, item.parent, item.text])
        answered = labels[group, item.proposition, item.parent]
        counts[answered, relation, labels[group, item.proposition, item.text]] += 1
    if task == TOWARDS:
        # The sides of any proposition change places with those of its opposite.
        other = [stances.index(side) for side in ("against", "favor", "none")]
        counts += counts[other][:, :, other]
    shares = counts / counts.sum()
    chance = np.einsum("p,r,s->prs", shares.sum(axis=(1, 2)), shares.sum(axis=(0, 2)), shares.sum(axis=(0, 1)))
    found: Floats = shares / chance
    return found


def power(answered: Floats, relations: Floats, own: Floats, table: Floats, *, labels: Places, weights: Floats) -> float:
    """Return the power to raise a table to so that the labels of held-out replies become likeliest.

    Args:
        answered: As `weigh` takes it, like the next three.
        relations: Probabilities of the relations.
        own: Those of the replies' stances.
        table: What `table` returned.
        labels: The true stances, as numbers.
        weights: Weight of each reply.
    """
    logs = {each: np.log(weigh(answered, relations, own, table**each) + TINY) for each in POWERS}
    return min(logs, key=lambda each: surprise(logs[each], labels, weights))


def described(table: Floats, power: float, **more: str) -> Card | None:
    """Return a table as a card holds it; None where it counts for nothing."""
    return {"power": power, "table": (table**power).round(4).tolist()} | more if power else None
