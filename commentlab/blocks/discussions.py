"""From a page's nodes to its discussion: the likeliest groups of blocks are read, and the surest of them is it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commentlab import dom, phrases
from commentlab.blocks import bodies, dating, furniture, grouping, names, naming, rating
from commentlab.blocks.entries import Entry, entries
from commentlab.blocks.grouping import Group
from commentlab.blocks.rating import Rated
from commentlab.blocks.rows import Row, rows_of
from commentlab.blocks.scanning import Scan, scan
from commentlab.dom import Outline

_SURE = 4.5
"""Evidence from which on blocks are comments."""
_CERTAIN = 6.5
"""Evidence from which on no other group is looked at."""
_TRIED = 4
_EACH = 40
"""Characters that a comment counts for besides its text, so that many short ones outweigh few that hold several."""
_PARAGRAPH = 25
_ARTICLE = 80
_COUNTS = ("data-replycount", "data-comment-count", "data-comments-count", "data-commentcount", "data-count")
_FORUM = re.compile(r"post|topic|thread|forum|\bpid", re.I)
_NAMES = ("class", "id", "href")
_RUNNING = {"a", "b", "i", "em", "strong", "span", "font", "code", "p", "li", "blockquote"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """The comments of a page, the number that it announces, the text above them.

    `forum` says that no text stands above and the blocks are messages of a forum: then the first may be the post.
    """

    entries: tuple[Entry, ...]
    declared: int | None
    post: str
    forum: bool


def discussion(nodes: Outline) -> Discussion | None:
    """Find the comments of a page.

    Args:
        nodes: The page's body.

    Returns:
        The comments in the order of the page; None where no blocks are surely comments.
    """
    seen = scan(nodes)
    best = _best(seen)
    if best is None:
        return None
    rated, rows = best
    group = grouping.completed(seen, rated.group)
    if group is not rated.group:
        rated, rows = replace(rated, group=group), _rows(seen, group)
    post = _post(seen, group.blocks[0][0])
    return Discussion(
        entries=entries(seen, group, rows),
        declared=_declared(seen, group),
        post=post,
        forum=not post and _is_forum(seen, group),
    )


def _best(seen: Scan) -> tuple[Rated, list[Row]] | None:
    """Read the likeliest groups and return the one that is surest once it is read, where bodies count most."""
    tried: list[tuple[float, int, Rated, list[Row]]] = []
    for rated in rating.ranked(seen)[:_TRIED]:
        if _at_most(seen, rated) < _SURE:
            continue
        rows = _rows(seen, rated.group)
        score = rated.score + _told(seen, rated, rows)
        if score < _SURE:
            continue
        tried.append((score, sum(len(row.body) + _EACH for row in rows if row.author or row.when), rated, rows))
        if len(tried) == 1 and score >= _CERTAIN and _share(rows, "body", "author", "when") > 0.8:
            break
    most = max((told for _, told, _, _ in tried), default=0)
    best: tuple[float, Rated, list[Row]] | None = None
    for score, told, rated, rows in tried:
        weighed = score - (3 * (1 - told / most) if most else 0)
        if best is None or weighed > best[0] + 0.3:
            best = weighed, rated, rows
    return best[1:] if best else None


def _rows(seen: Scan, group: Group) -> list[Row]:
    """Read the blocks of a group: first the dates, beside which the names stand, and at last what is left."""
    rows = rows_of(seen, group)
    furniture.mark_labels(seen, rows)
    dating.find_dates(seen, rows)
    naming.find_authors(seen, rows)
    furniture.mark_controls(seen, rows)
    bodies.find_bodies(seen, rows)
    return rows


def _share(rows: Sequence[Row], *parts: str) -> float:
    return sum(all(getattr(row, part) for part in parts) for row in rows) / len(rows)


def _at_most(seen: Scan, rated: Rated) -> float:
    """Return what the evidence can come to once a group is read; reading costs more than all else."""
    return rated.score + 1.5 * (1 - rated.signed) + _is_agreed(seen, rated.group)


def _is_agreed(seen: Scan, group: Group) -> bool:
    return len(group.blocks) > 1 and _declared(seen, group) == len(group.blocks)


def _told(seen: Scan, rated: Rated, rows: Sequence[Row]) -> float:
    """Correct the estimate by what was read: texts in all blocks, names and dates in the same ones, as announced."""
    signed, dated, told = (_share(rows, part) for part in ("author", "when", "body"))
    torn = min(signed, dated) - _share(rows, "author", "when")
    agreed = _is_agreed(seen, rated.group)
    bare = signed + dated < (2.0 if len(rows) == 1 else 0.5) and not agreed
    return 1.5 * (signed - rated.signed) + 1.0 * agreed - 3 * torn - 6 * max(0.0, 0.7 - told) - 2 * bare


def _declared(seen: Scan, group: Group) -> int | None:
    """Return the number in the heading above the comments, or in an attribute around them."""
    start = group.blocks[0][0]
    for i, shown in reversed(seen.headings):
        if i < start and (count := phrases.announced(shown)) is not None:
            return count
    here = seen.nodes.parents[start]
    while here > 0:
        for value in (seen.nodes.attributes[here].get(name) or "" for name in _COUNTS):
            if value.isdecimal() and len(value) < 8:
                return int(value)
        here = seen.nodes.parents[here]
    return None


def _is_forum(seen: Scan, group: Group) -> bool:
    """Tell whether the blocks are the messages of a topic, so that nothing calls them comments."""
    start = group.blocks[0][0]
    said = group.roles | seen.roles[start] | grouping.around(seen, start)
    if said & names.COMMENT or len(group.blocks) < 2 or grouping.heading(seen, group):
        return False
    first = seen.nodes.attributes[start : start + 8]
    called = (str(attributes.get(name)) for attributes in first for name in _NAMES)
    return bool(_FORUM.search(f"{group.key} {' '.join(called)}"))


def _post(seen: Scan, stop: int) -> str:
    """Return the text above the comments: that of the element with most of its paragraphs."""
    nodes = seen.nodes
    held: dict[int, int] = {}
    for i in range(stop):
        if nodes.tags[i] == "-text" and (size := seen.text(i, i + 1)) > _PARAGRAPH:
            here = nodes.parents[i]
            while here > 0 and nodes.tags[here] in _RUNNING:
                here = nodes.parents[here]
            held[here] = held.get(here, 0) + size - seen.links(i, i + 1)
    best = max(held, key=lambda each: held[each], default=None)
    if best is None or held[best] < _ARTICLE:
        return ""
    end = min(stop, nodes.ends[best])
    skip = {i for i in range(best + 1, nodes.ends[best]) if nodes.ends[i] > end}
    skip.update(i for i in range(best + 1, end) if _is_no_article(seen, i))
    return dom.text_of(nodes, best, skip.union(seen.titles))[0]


def _is_no_article(seen: Scan, i: int) -> bool:
    beside = seen.roles[i] & (names.ASIDE | names.SIDE | names.COMMENT)
    return bool(beside) and seen.text(i, seen.nodes.ends[i]) < 200
