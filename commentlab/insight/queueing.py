"""Which comments are worth the look of a person."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from commentlab import text
from commentlab.frames import Frames
from commentlab.insight import labels

RANDOM, UNSURE, CONTRADICTION = "random", "unsure", "contradiction"
KINDS = (RANDOM, UNSURE, CONTRADICTION)
"""Why a comment is in the queue, in the order in which the kinds take turns."""
SIZE = 60
"""Comments of a queue, in a thread that has as many."""


def queue(frames: Frames, contradictions: pd.DataFrame, size: int = SIZE) -> pd.DataFrame:
    """Choose comments to label: some drawn by chance, those that the classifier is least sure of, contradictions.

    Only what is drawn by chance measures the classifier fairly, the others teach it most; they take turns, so that
    neither waits for the other. The same thread always gives the same queue, and a longer one begins with the same
    draws, so several coders meet the same comments. A comment that was drawn counts as drawn, whatever else it is.

    Args:
        frames: Tables of one thread, with the classifier's own labels.
        contradictions: `Findings.contradictions` of the same.
        size: How many comments, at most.

    Returns:
        `comment_id, reason`, in the order in which to look at them.
    """
    shown = labels.written(frames)
    worth = shown[shown["text"].fillna("").str.strip() != ""]
    ids = worth["comment_id"].tolist()
    seed = int(text.fingerprint(*frames.threads["thread_id"]), 16)
    order = np.random.default_rng(seed).permutation(len(ids))
    drawn = [ids[place] for place in order[: max(1, size // len(KINDS))]]
    against = contradictions["comment_id"].tolist() if len(contradictions) else []
    lists = {RANDOM: drawn, UNSURE: _unsure(worth), CONTRADICTION: [each for each in against if each in set(ids)]}
    taken = set(drawn)
    for kind in (CONTRADICTION, UNSURE):
        lists[kind] = [each for each in lists[kind] if each not in taken]
        taken.update(lists[kind] if kind == CONTRADICTION else ())
    return pd.DataFrame(_in_turns(lists, size), columns=["comment_id", "reason"])


def _unsure(worth: pd.DataFrame) -> list[str]:
    """Return the comments that have probabilities, the least sure first."""
    task = next((name for name in ("stance", "relation", "sentiment") if f"{name}_confidence" in worth), None)
    if task is None or not labels.values(worth, task):
        return []
    sure = worth[worth[f"{task}_confidence"].fillna(0) > 0]
    return [str(each) for each in sure.sort_values(f"{task}_confidence", kind="stable")["comment_id"]]


def _in_turns(lists: dict[str, list[str]], size: int) -> Sequence[tuple[str, str]]:
    waiting = {kind: iter(lists[kind]) for kind in KINDS}
    found: list[tuple[str, str]] = []
    while waiting and len(found) < size:
        for kind in list(waiting):
            each = next(waiting[kind], None)
            if each is None:
                del waiting[kind]
            else:
                found.append((each, kind))
    return found[:size]
