"""Who answers whom, and what moves: replies between camps, conversations, flips, contradictions, the turn."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from commentlab.frames import rows
from commentlab.insight.labels import ABSTAINED, Sides, camp_of, opposed
from commentlab.insight.sampling import Floats

if TYPE_CHECKING:
    import networkx as nx

TURN_AT = 0.05
"""A turn is reported if chance would make as big a one less often than this."""

_KEY = ["thread_id", "parent_id"]


def pairs_of(written: pd.DataFrame) -> pd.DataFrame:
    """Return the replies to comments, with `camp`, `relation`, `parent_camp`, `parent_author` and the confidences."""
    answered = [name for name in ("comment_id", "author", "stance", "stance_confidence") if name in written]
    parents = written[["thread_id", *answered]].rename(columns={name: f"parent_{name}" for name in answered})
    parents = parents.rename(columns={"parent_comment_id": "parent_id"}).drop_duplicates(_KEY)
    pairs = written.merge(parents, on=_KEY)
    if "stance" in written:
        pairs = pairs.assign(camp=camp_of(pairs), parent_camp=pairs["parent_stance"].astype("str").fillna(ABSTAINED))
    if "relation" in written:
        pairs["relation"] = pairs["relation"].astype("str").fillna(ABSTAINED)
    return pairs


def exchanges(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count replies: `parent_camp, camp, relation, comments`."""
    columns = ["parent_camp", "camp", "relation", "comments"]
    if "camp" not in pairs or "relation" not in pairs:
        return pd.DataFrame(columns=columns)
    return pairs.groupby(columns[:3], sort=True).size().rename("comments").reset_index()


def conversations(pairs: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Find pairs of people who answer each other across the camps, both ways, the longest first.

    Returns:
        `thread_id, author, other, replies, first_id, last_id`: how many replies went to and fro between comments of
        opposed sides, the first comment answered, and the last reply.
    """
    columns = ["thread_id", "author", "other", "replies", "first_id", "last_id"]
    if not sides or pairs.empty:
        return pd.DataFrame(columns=columns)
    across = pairs[opposed(pairs["camp"], pairs["parent_camp"], sides)].dropna(subset=["author", "parent_author"])
    across = across[across["author"] != across["parent_author"]].sort_values("position")
    one = across["author"] < across["parent_author"]
    across = across.assign(
        first=across["author"].where(one, across["parent_author"]),
        second=across["parent_author"].where(one, across["author"]),
    )
    found = across.groupby(["thread_id", "first", "second"]).agg(
        replies=("comment_id", "size"),
        directions=("author", "nunique"),
        first_id=("parent_id", "first"),
        last_id=("comment_id", "last"),
    )
    both = found[found["directions"] == 2].sort_values("replies", ascending=False, kind="stable").reset_index()
    return both.rename(columns={"first": "author", "second": "other"})[columns]


def flips(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Find authors who change sides within a thread: `thread_id, author, from_camp, to_camp, from_id, to_id`."""
    columns = ["thread_id", "author", "from_camp", "to_camp", "from_id", "to_id"]
    taking = [name for name, side in sides.items() if side != "none"]
    if not taking:
        return pd.DataFrame(columns=columns)
    sided = written[written["stance"].isin(taking) & written["author"].notna()].sort_values("position")
    before = sided.groupby(["thread_id", "author"])[["stance", "comment_id"]].shift()
    pairs = sided.assign(from_camp=before["stance"], from_id=before["comment_id"]).dropna(subset=["from_camp"])
    changed = pairs[pairs["from_camp"].map(sides) != pairs["stance"].map(sides)]
    return changed.rename(columns={"stance": "to_camp", "comment_id": "to_id"})[columns].reset_index(drop=True)


def contradictions(pairs: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Find replies that agree with a comment of the opposed side: one of the three labels is likely to be wrong.

    Few are left where the stance was weighed against the other two (`commentlab.models.exchange`).

    Returns:
        `thread_id, comment_id, parent_id, camp, parent_camp, suspect, confidence`: the label that is least sure
        (`stance`, `relation` or `parent_stance`) and its confidence, the least sure first.
    """
    columns = ["thread_id", "comment_id", "parent_id", "camp", "parent_camp", "suspect", "confidence"]
    if not sides or "relation" not in pairs or pairs.empty:
        return pd.DataFrame(columns=columns)
    found = pairs[opposed(pairs["camp"], pairs["parent_camp"], sides) & (pairs["relation"] == "agree")]
    sure = found[["stance_confidence", "relation_confidence", "parent_stance_confidence"]]
    suspects = np.array([str(name).removesuffix("_confidence") for name in sure.columns])
    numbers = sure.to_numpy(dtype=float)
    least = numbers.argmin(axis=1) if len(found) else np.zeros(0, dtype=int)
    found = found.assign(suspect=suspects[least], confidence=numbers.min(axis=1, initial=1.0))
    return found.sort_values("confidence", kind="stable")[columns].reset_index(drop=True)


def ties(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count the replies from each author of a thread to each other one.

    Returns:
        `thread_id, author, other, replies, agree, disagree`; nobody is followed from one thread to another.
    """
    columns = ["thread_id", "author", "other", "replies", "agree", "disagree"]
    named = pairs.dropna(subset=["author", "parent_author"])
    named = named[named["author"] != named["parent_author"]]
    relation = named["relation"] if "relation" in named else pd.Series("", index=named.index)
    named = named.assign(other=named["parent_author"], agree=relation == "agree", disagree=relation == "disagree")
    counts = named.groupby(columns[:3], sort=False).agg(
        replies=("comment_id", "size"), agree=("agree", "sum"), disagree=("disagree", "sum")
    )
    return counts.reset_index()[columns]


def network(found: pd.DataFrame, people: pd.DataFrame | None = None) -> "nx.DiGraph":
    """Return the signed reply network of `ties`: authors of threads as nodes, `replies, agree, disagree` on its edges.

    Args:
        found: What `ties` returns.
        people: What `people_of` returns, for the attribute `camp` of the nodes.
    """
    import networkx as nx

    graph: nx.DiGraph = nx.DiGraph()
    for person in rows(people):
        graph.add_node((person["thread_id"], person["author"]), camp=person["camp"])
    for tie in rows(found):
        ends = [(tie["thread_id"], tie[name]) for name in ("author", "other")]
        graph.add_edge(*ends, replies=tie["replies"], agree=tie["agree"], disagree=tie["disagree"])
    return graph


def turns(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Find where the balance of the sides changed most within a thread, if chance is a poor explanation.

    The largest deviation of the cumulated sum is compared with a Brownian bridge (Page 1955, Biometrika 42; its limit
    is Kolmogorov's distribution), which for short threads finds too few turns rather than too many.

    Returns:
        `thread_id, comment_id, before, after, before_share, after_share, p`: the first comment after the turn, the
        comments of either side before it and from it on, and the shares in favour among them.
    """
    columns = ["thread_id", "comment_id", "before", "after", "before_share", "after_share", "p"]
    side = written["stance"].map(sides) if sides else pd.Series(dtype="str")
    sided = written[side.isin(["favor", "against"])] if sides else written[:0]
    found = []
    for thread_id, group in sided.sort_values("position").groupby("thread_id", sort=False):
        favor = np.array([sides[camp] == "favor" for camp in group["stance"]], dtype=float)
        cut, p = _turn(favor)
        if p < TURN_AT:
            shares = favor[:cut].mean(), favor[cut:].mean()
            found.append((thread_id, group["comment_id"].iloc[cut], cut, len(favor) - cut, *shares, p))
    return pd.DataFrame(found, columns=columns)


def _turn(favor: Floats) -> tuple[int, float]:
    """Return after how many comments the balance changes most, and how often chance alone does as much."""
    spread = favor.std()
    if not spread:
        return 0, 1.0
    sums = np.abs(np.cumsum(favor - favor.mean()))[:-1] / (spread * np.sqrt(len(favor)))
    terms = np.arange(1, 101)
    p = 2 * np.sum((-1.0) ** (terms - 1) * np.exp(-2 * (terms * sums.max()) ** 2))
    return int(sums.argmax()) + 1, float(min(1.0, max(0.0, p)))
