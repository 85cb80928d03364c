"""The reply tree: its repair, its walks, its measures. Nothing here recurses, so a chain of 100,000 replies is fine."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    """How big a discussion is.

    Comments, levels, comments on the fullest level, replies to the post, comments that were answered.
    """

    size: int
    depth: int
    width: int
    roots: int
    answered: int


def shape(comments: Sequence[Comment]) -> Shape:
    """Measure a repaired forest; `depth` counts levels, so that a flat thread has depth 1 and an empty one 0."""
    levels = Counter(depth for _, depth in walk(comments))
    parents = {comment.parent_id for comment in comments} - {None}
    return Shape(
        size=len(comments),
        depth=max(levels, default=-1) + 1,
        width=max(levels.values(), default=0),
        roots=levels[0],
        answered=len(parents),
    )
