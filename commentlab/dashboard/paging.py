"""Long threads page by page, so that the browser never gets more comments than it can show at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from commentlab import structure
from commentlab.records import Comment

PAGE = 5_000
"""Comments on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The comments of a thread as a reader scrolls, page by page.

    Attributes:
        order: Their ids.
        parents: What each of them answers.
    """

    order: tuple[str, ...]
    parents: dict[str, str | None]

    @property
    def count(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-len(self.order) // PAGE))


def pages(comments: Sequence[Comment], found: Collection[str] | None = None) -> Pages:
    """Order the comments; where some were searched for, only those and what they answer, up to the post."""
    parents = {comment.id: comment.parent_id for comment in comments}
    kept = None if found is None else _with_ancestors(found, parents)
    order = (comment.id for comment, _ in structure.walk(comments))
    return Pages(order=tuple(each for each in order if kept is None or each in kept), parents=parents)


def page_of(pages: Pages, comment_id: str | None) -> int | None:
    """Return the page, counted from 1, that a comment is on; None where it is on none."""
    return pages.order.index(comment_id) // PAGE + 1 if comment_id in pages.order else None


def on_page(pages: Pages, number: int) -> dict[str, bool]:
    """Return the ids of the comments on a page, and of those on others that they answer: for these, True."""
    ids = pages.order[(number - 1) * PAGE : number * PAGE]
    here = set(ids)
    answered = dict.fromkeys(pages.parents[each] for each in ids)
    return {each: True for each in answered if each is not None and each not in here} | dict.fromkeys(ids, False)


def _with_ancestors(found: Collection[str], parents: dict[str, str | None]) -> set[str]:
    kept: set[str] = set()
    for each in found:
        here: str | None = each
        while here is not None and here not in kept:
            kept.add(here)
            here = parents[here]
    return kept
