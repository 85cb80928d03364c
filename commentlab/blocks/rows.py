"""Blocks of one shape as rows: what stands in each outside the blocks inside it, and at which place.

A place is what is the same in all rows: the tag and the names of an element and of the two around it.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from commentlab import dom
from commentlab.blocks import names
from commentlab.blocks.grouping import Group
from commentlab.blocks.scanning import Scan
from commentlab.records import Span, When

Place = tuple[str, ...]


@dataclass(slots=True)
class Row:
    """One block while it is read.

    Attributes:
        span: Its nodes, a half-open range.
        inner: Where the blocks directly inside it begin.
        elements: Its visible elements outside of those.
        texts: Its visible texts, with their nodes.
        author: Who wrote it, and `author_at` the text node that says so.
        when: When, and `when_at` the node that says so.
        aside: Nodes that are no part of its body, with all that is under them.
        labels: Those of its texts that are buttons or stand in nearly all rows.
        pending: Whether a note says that it waits for approval.
        body: What its author wrote, with the spans that quote somebody.
    """

    span: Span
    inner: set[int] = field(default_factory=set)
    elements: list[int] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    author: str | None = None
    author_at: int | None = None
    when: When | None = None
    when_at: int | None = None
    aside: set[int] = field(default_factory=set)
    labels: set[int] = field(default_factory=set)
    pending: bool = False
    body: str = ""
    quotes: tuple[Span, ...] = ()

    @property
    def start(self) -> int:
        """Its first node."""
        return self.span[0]

    @property
    def marks(self) -> list[int]:
        """The nodes that state author and date."""
        return [i for i in (self.author_at, self.when_at) if i is not None]


def rows_of(scan: Scan, group: Group) -> list[Row]:
    """Return the blocks of a group as rows, with nothing known of their parts."""
    found = [Row(span=span) for span in group.blocks]
    for row, outer in zip(found, group.outer, strict=True):
        if outer >= 0:
            found[outer].inner.add(row.start)
    for row in found:
        _fill(scan, row)
    return found


def _fill(scan: Scan, row: Row) -> None:
    nodes = scan.nodes
    i, stop = row.span
    while i < stop:
        if i in row.inner or (i > row.start and nodes.tags[i] != "-text" and dom.unseen(nodes, i)):
            i = nodes.ends[i]
            continue
        if nodes.tags[i] != "-text":
            row.elements.append(i)
        elif shown := nodes.texts[i].strip():
            row.texts.append((i, shown))
        i += 1


def place(scan: Scan, i: int, start: int) -> Place:
    """Return the place of an element, or of the element around a text, in the block that begins at `start`."""
    nodes = scan.nodes
    here = i if nodes.tags[i] != "-text" else nodes.parents[i]
    if (known := scan.places.get(here)) and known[0] == start:
        return known[1]
    steps: list[str] = []
    above = here
    while above > start and len(steps) < 3:
        steps.append(_step(nodes.tags[above], nodes.attributes[above].get("class") or ""))
        above = nodes.parents[above]
    found = tuple(steps)
    scan.places[here] = start, found
    return found


@lru_cache(maxsize=16384)
def _step(tag: str, listed: str) -> str:
    return f"{tag}.{'.'.join(names.tokens(listed)[:3])}"


def within(scan: Scan, i: int, start: int, depth: int = 4) -> int:
    """Return the roles of the elements around a node, `depth` of them at most and none beyond its block."""
    nodes, roles = scan.nodes, 0
    here = nodes.parents[i] if nodes.tags[i] == "-text" else i
    while here > start and depth:
        roles |= scan.roles[here]
        here, depth = nodes.parents[here], depth - 1
    return roles


def loose(scan: Scan, row: Row) -> list[tuple[int, int]]:
    """Return the text nodes of a row that are not set aside, each with its number of characters."""
    found: list[tuple[int, int]] = []
    for i, shown in row.texts:
        here = i
        while here > row.start and here not in row.aside:
            here = scan.nodes.parents[here]
        if here <= row.start:
            found.append((i, len(shown)))
    return found
