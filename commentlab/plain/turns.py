"""Replies that the order of a flat text gives away, where neither indentation nor words tell who answers whom.

Blog software shows replies below what they answer, so a comment that is later than those after it was moved there; and
the author of the post, who answers one reader after the other, answers the comment above.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from commentlab import phrases
from commentlab.records import Comment, Link

BY_ORDER, BY_HOST = 0.85, 0.75
"""Confidences: on our gold pages 87 % of the comments out of order, and 77 % of the hosts', answer the one above."""


def infer(comments: Sequence[Comment], known: Sequence[str] = ()) -> list[Comment]:
    """Link comments without a parent to the comment above them where the order or the author suggests it.

    Args:
        comments: The comments of one thread as the page shows them.
        known: Names that stand near the post, one of which may be its author's.

    Returns:
        The same comments, some with an inferred link (method `order` or `turn`).
    """
    moved = _moved(comments)
    host = _host(comments, known)
    linked: list[Comment] = []
    for i, comment in enumerate(comments):
        before = comments[i - 1] if i else None
        link = comment.link
        if before and link is None and comment.kind == before.kind == "comment":
            if i in moved:
                link = Link(parent_id=before.id, origin="inferred", method="order", confidence=BY_ORDER)
            elif host and comment.author == host != before.author:
                link = Link(parent_id=before.id, origin="inferred", method="turn", confidence=BY_HOST)
        linked.append(replace(comment, link=link))
    return linked


def _moved(comments: Sequence[Comment]) -> set[int]:
    """Return which comments stand out of the order of time and later than the next comment in it.

    Where the newest comment stands first, the order is that from the last to the first.
    """
    down = [(i, comment.published.timestamp()) for i, comment in enumerate(comments) if comment.published]
    order, ordered = max(
        ((way, _longest_rise([time for _, time in way])) for way in (down, down[::-1])), key=lambda pair: len(pair[1])
    )
    moved: set[int] = set()
    main = set(ordered)
    following: float | None = None
    for place in reversed(range(len(order))):
        i, time = order[place]
        if place in main:
            following = time
        elif following is not None and time > following:
            moved.add(i)
    return moved


def _longest_rise(values: Sequence[float]) -> list[int]:
    """Return the places of a longest non-decreasing subsequence (Fredman 1975), in O(n log n)."""
    tops: list[float] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect_right(tops, value)
        tops[length : length + 1] = [value]
        before.append(places[length - 1] if length else -1)
        places[length : length + 1] = [place]
    rise: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise


def _host(comments: Sequence[Comment], known: Sequence[str]) -> str | None:
    """Return who seems to have written the post: who is marked, who is named there, or who takes every other turn."""
    counts = Counter(comment.author for comment in comments if comment.author and not phrases.is_nobody(comment.author))
    marked = next((comment.author for comment in comments if comment.by_post_author), None)
    if marked:
        return marked
    named = [author for author, count in counts.most_common() if count > 1 and author in known]
    if named:
        return named[0]
    author, count = counts.most_common(1)[0] if counts else ("", 0)
    doubled = sum(a.author == author == b.author for a, b in pairwise(comments))
    steady = count > 2 and count >= 0.3 * len(comments) and doubled <= 0.2 * count
    return author if steady and comments[0].author != author else None
