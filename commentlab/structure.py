"""The reply tree: its repair, its walks, its measures. Nothing here recurses, so a chain of 100,000 replies is fine."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commentlab.records import Comment, Problem

Tree = dict[str | None, list[Comment]]
"""Comments by the id of what they reply to; the key None holds the replies to the post."""


def repair(comments: Sequence[Comment]) -> tuple[tuple[Comment, ...], tuple[Problem, ...]]:
    """Make the comments one forest: unique ids, parents that exist, no comment among its own ancestors.

    A comment that has to give up its parent becomes a reply to the post. Repairing twice changes nothing.

    Returns:
        The comments in the same order, and a problem for each change.
    """
    problems: list[Problem] = []
    mended = _unique(comments, problems)
    mended = _attached(mended, problems)
    return tuple(_acyclic(mended, problems)), tuple(problems)


def _unique(comments: Sequence[Comment], problems: list[Problem]) -> list[Comment]:
    taken = {comment.id for comment in comments}
    seen: set[str] = set()
    uses: Counter[str] = Counter()
    unique: list[Comment] = []
    for comment in comments:
        name = comment.id
        while name in seen or not name:
            uses[comment.id] += 1
            candidate = f"{comment.id or 'comment'}~{uses[comment.id] + 1}"
            name = candidate if candidate not in taken else name
        if name != comment.id:
            message = f"a second comment has the id {comment.id!r}; it is called {name!r} here"
            problems.append(Problem(code="duplicate-id", message=message, comment_id=name))
        seen.add(name)
        unique.append(comment if name == comment.id else replace(comment, id=name))
    return unique


def _attached(comments: list[Comment], problems: list[Problem]) -> list[Comment]:
    ids = {comment.id for comment in comments}
    attached: list[Comment] = []
    for comment in comments:
        parent = comment.parent_id
        if parent is None or (parent in ids and parent != comment.id):
            attached.append(comment)
            continue
        code, message = "self-reply", "it claims to answer itself; it is shown as a reply to the post"
        if parent != comment.id:
            code, message = "orphan", f"it answers {parent!r}, which is not here; it is shown as a reply to the post"
        problems.append(Problem(code=code, message=message, comment_id=comment.id))
        attached.append(replace(comment, link=None))
    return attached


def _acyclic(comments: list[Comment], problems: list[Problem]) -> list[Comment]:
    parent = {comment.id: comment.parent_id for comment in comments}
    order = {comment.id: position for position, comment in enumerate(comments)}
    settled: set[str | None] = {None}
    for comment in comments:
        path: list[str] = []
        on_path: set[str] = set()
        here: str | None = comment.id
        while here is not None and here not in settled and here not in on_path:
            path.append(here)
            on_path.add(here)
            here = parent[here]
        if here is not None and here in on_path:
            cycle = path[path.index(here) :]
            first = min(cycle, key=order.__getitem__)
            message = f"{len(cycle)} comments answer each other in a circle; the first is shown as a reply to the post"
            problems.append(Problem(code="cycle", message=message, comment_id=first))
            comments[order[first]] = replace(comments[order[first]], link=None)
            parent[first] = None
        settled.update(path)
    return comments


def tree(comments: Sequence[Comment]) -> Tree:
    """Group repaired comments by what they reply to, keeping their order."""
    replies: Tree = defaultdict(list)
    for comment in comments:
        replies[comment.parent_id].append(comment)
    return dict(replies)


def walk(comments: Sequence[Comment]) -> Iterator[tuple[Comment, int]]:
    """Yield each repaired comment once with its depth (0: replies to the post), parents first, as a reader scrolls."""
    replies = tree(comments)
    stack = [(comment, 0) for comment in reversed(replies.get(None, []))]
    while stack:
        comment, depth = stack.pop()
        yield comment, depth
        stack.extend((reply, depth + 1) for reply in reversed(replies.get(comment.id, [])))


def depths(comments: Sequence[Comment]) -> dict[str, int]:
    """Return the depth of each comment, 0 for a reply to the post."""
    return {comment.id: depth for comment, depth in walk(comments)}


def subtree_sizes(comments: Sequence[Comment]) -> dict[str, int]:
    """Return how many comments hang under each comment, the comment itself counted."""
    sizes = {comment.id: 1 for comment in comments}
    for comment, _ in reversed(list(walk(comments))):
        if comment.parent_id is not None:
            sizes[comment.parent_id] += sizes[comment.id]
    return sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a discussion is built. The post is the root of its tree; pingbacks are counted and otherwise left out.

    Attributes:
        size: Comments.
        pingbacks: Pingbacks and trackbacks.
        depth: Levels of comments: 1 for a flat thread, 0 for an empty one.
        width: Comments on the fullest level.
        roots: Replies to the post.
        answered: Comments that were answered.
        branching: Mean number of replies to what was answered, the post included.
        wiener: Sum of the distances between all pairs of the post and the comments (Wiener 1947).
        virality: Mean of those distances, the structural virality of Goel et al. (2016, Management Science 62).
        h_index: The level before the first one, i, that has fewer than i comments (Gómez et al. 2008, WWW).
        reciprocity: Of the ordered pairs of authors of whom one answered the other, the share that is returned; NaN
            where nobody signed.
        response: Median seconds from a comment to an answer by somebody else; NaN where times are missing.
        loudest: Share of the signed comments that the loudest tenth of the authors wrote, rounded up to a whole person.
    """

    size: int
    pingbacks: int
    depth: int
    width: int
    roots: int
    answered: int
    branching: float
    wiener: int
    virality: float
    h_index: int
    reciprocity: float
    response: float
    loudest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What of a comment its thread's shape depends on."""

    id: str
    parent_id: str | None
    author: str | None = None
    published: datetime | None = None


def shape(comments: Sequence[Comment]) -> Shape:
    """Measure a repaired forest."""
    entries = [
        Entry(id=each.id, parent_id=each.parent_id, author=each.author, published=each.published)
        for each in comments
        if each.kind == "comment"
    ]
    return measure(entries, pingbacks=len(comments) - len(entries))


def measure(entries: Sequence[Entry], *, pingbacks: int = 0) -> Shape:
    """Measure a forest in linear time; whoever answers something that is not among the entries answers the post."""
    place = {entry.id: number for number, entry in enumerate(entries, 1)}
    parents = [0, *(place.get(entry.parent_id or "", 0) for entry in entries)]
    order, depth = _downwards(parents)
    levels = Counter(depth[1:])
    answered = set(parents[1:])
    wiener = _wiener(parents, order)
    size = len(entries)
    replies = [(entries[parent - 1], entry) for parent, entry in zip(parents[1:], entries, strict=True) if parent]
    return Shape(
        size=size,
        pingbacks=pingbacks,
        depth=max(levels, default=0),
        width=max(levels.values(), default=0),
        roots=levels[1],
        answered=len(answered - {0}),
        branching=size / max(len(answered), 1),
        wiener=wiener,
        virality=2 * wiener / (size * (size + 1)) if size else 0.0,
        h_index=next(level for level in range(1, size + 2) if levels[level] < level) - 1,
        reciprocity=_reciprocity(replies),
        response=_response(replies),
        loudest=_loudest([entry.author for entry in entries if entry.author]),
    )


def _downwards(parents: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the nodes of a tree, parents before children, and their depths; node 0 is the root."""
    children: list[list[int]] = [[] for _ in parents]
    for node, parent in enumerate(parents[1:], 1):
        children[parent].append(node)
    order, depth = [0], [0] * len(parents)
    for node in order:
        for child in children[node]:
            depth[child] = depth[node] + 1
        order += children[node]
    return order, depth


def _wiener(parents: Sequence[int], order: Sequence[int]) -> int:
    """Return the Wiener index: a link with s nodes below it lies between s (n - s) pairs (Wiener 1947)."""
    below = [1] * len(parents)
    total = 0
    for node in reversed(order[1:]):
        total += below[node] * (len(parents) - below[node])
        below[parents[node]] += below[node]
    return total


def _reciprocity(replies: Sequence[tuple[Entry, Entry]]) -> float:
    ties = {(reply.author, parent.author) for parent, reply in replies if _between_two(parent, reply)}
    return sum((other, one) in ties for one, other in ties) / len(ties) if ties else math.nan


def _response(replies: Sequence[tuple[Entry, Entry]]) -> float:
    """Return the median delay; an answer that is dated before its comment says that a clock was wrong."""
    delays = [
        (reply.published - parent.published).total_seconds()
        for parent, reply in replies
        if parent.published and reply.published and (parent.author is None or parent.author != reply.author)
    ]
    return statistics.median([delay for delay in delays if delay >= 0] or [math.nan])


def _between_two(parent: Entry, reply: Entry) -> bool:
    return parent.author is not None and reply.author is not None and parent.author != reply.author


def _loudest(authors: Sequence[str]) -> float:
    counts = [count for _, count in Counter(authors).most_common()]
    return sum(counts[: math.ceil(len(counts) / 10)]) / len(authors) if authors else math.nan
