"""What stands at the spots of a table: which comment an element belongs to, its text, the number or date in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from selectolax.lexbor import LexborNode

from commentlab import dates, dom, phrases, text
from commentlab.markup.families import Family, Spot, Spots
from commentlab.records import Span, When

_NUMBER = re.compile(r"([−-]?)(?<![\w.,])(\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,9}(?:[.,]\d)?)\s?([km])?(?![\w:/])", re.I)
# What stands around the name in a byline: "Posted by:", "Verfasst von", "said in reply to …", "(not verified) on".
_EDGE = re.compile(
    r"^[^\w(]*(?:(?:[^\W\d_]+\s){0,2}(?:by|von|par|por|di|da|door|av|af|przez)(?:\s*:\s*|\s+)|[^\W\d_]+\s?:\s)|^[^\w(]+"
    rf"|[\s,](?:{phrases.SAYS})\b.*$"
    r"|[\s,|·•–—:(.-]+(?:(?:at|on|am|le|el|il|em|op|den|dne|a las|um|à)[\s,:]*)?$|\s\([^()]*\)$",
    re.I,
)
_LONGEST = 2000  # characters of a line that are looked at: names, dates and numbers are shorter
_UNITS = {"k": 1000, "m": 1_000_000}
_ANGLED = re.compile(r"^> ?\S.*(?:\n>.*)*", re.M)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holdings:
    """The comments of a page in its order; elements are named by their ids in memory.

    Attributes:
        page: The page.
        nodes: The elements of the comments.
        owners: By the element that begins or continues a comment, the comment's position.
        around: Elements that have comments in them.
    """

    page: dom.Page
    nodes: list[LexborNode]
    owners: dict[int, int]
    around: set[int]

    def owner(self, node: LexborNode | None) -> int | None:
        """Return the position of the comment that an element stands in, the innermost one."""
        here = node
        while here is not None:
            if (found := self.owners.get(here.mem_id)) is not None:
                return found
            here = here.parent
        return None

    def held(self, css: str) -> Iterator[tuple[int, LexborNode]]:
        """Yield the elements of a selector that stand in comments, each with the position of its comment."""
        if not css:
            yield from enumerate(self.nodes)
            return
        for node in dom.select(self.page, css):
            if (position := self.owner(node)) is not None:
                yield position, node

    def values(self, spots: Spots, *, until: str = "") -> list[list[str]]:
        """Return for each comment what stands at the spots, the surest first, no further than what matches `until`."""
        found: list[list[str]] = [[] for _ in self.nodes]
        for spot in spots:
            for position, node in self.held(spot.css):
                known = found[position]
                if not (known and re.search(until, known[-1])) and (value := read(node, spot)):
                    known.append(value)
        return found

    def having(self, css: str) -> set[int]:
        """Return the positions of the comments that have an element of a selector."""
        return {position for position, _ in self.held(css)} if css else set()

    def bodies(self, family: Family) -> list[tuple[str, tuple[Span, ...]]]:
        """Return for each comment its text and the spans of quotes, from the first spot that shows any."""
        found: list[tuple[str, tuple[Span, ...]]] = [("", ()) for _ in self.nodes]
        for spot in family.body:
            pieces: list[list[LexborNode]] = [[] for _ in self.nodes]
            for position, node in self.held(spot.css):
                if not found[position][0]:
                    pieces[position].append(node)
            for position, nodes in enumerate(pieces):
                if nodes:
                    found[position] = self._joined(_outermost(nodes), family)
        return found

    def outline(self, node: LexborNode) -> dom.Outline:
        """List an element without the comments in it."""
        return dom.outline(node, unless=lambda inner, _: inner.mem_id in self.owners)

    def _joined(self, nodes: list[LexborNode], family: Family) -> tuple[str, tuple[Span, ...]]:
        joined, quotes = "", list[Span]()
        for node in nodes:
            piece, spans = body(self.outline(node), family.aside)
            start = len(joined) + 2 if joined else 0
            joined = f"{joined}\n\n{piece}" if joined and piece else joined or piece
            quotes += [(start + first, start + last) for first, last in spans]
        if family.angled:
            quotes += [match.span() for match in _ANGLED.finditer(joined)]
        return joined, tuple(quotes)


def holdings(page: dom.Page, family: Family) -> Holdings:
    """Find the comments of a page, and what belongs to each beside its own element."""
    nodes = dom.select(page, family.comment)
    owners = {node.mem_id: position for position, node in enumerate(nodes)}
    ends = {node.mem_id for node in dom.select(page, family.spread)}
    for position, node in enumerate(nodes) if family.spread else ():
        here = node.next
        while here is not None and here.mem_id not in owners:
            owners[here.mem_id] = position
            here = here.next if here.mem_id not in ends else None
    for node in dom.select(page, family.lead):
        after = node.next
        while after is not None and not after.is_element_node and not (after.text_content or "").strip():
            after = after.next
        if after is not None and after.mem_id in owners:
            owners[node.mem_id] = owners[after.mem_id]
    return Holdings(page=page, nodes=nodes, owners=owners, around=_around(nodes))


def _around(nodes: list[LexborNode]) -> set[int]:
    around: set[int] = set()
    for node in nodes:
        here = node.parent
        while here is not None and here.mem_id not in around:
            around.add(here.mem_id)
            here = here.parent
    return around


def read(node: LexborNode, spot: Spot) -> str:
    """Return what an element shows at a spot, on one line; "" if nothing."""
    shown = node.attributes.get(spot.attribute) if spot.attribute else _shown(node)
    line = " ".join((shown or "").split())[:_LONGEST]
    if not spot.pattern or not line:
        return line
    match = re.search(spot.pattern, line)
    return (match[1] or "").strip() if match else ""


def _shown(node: LexborNode) -> str:
    only = node.first_child
    if only is not None and only.next is None and only.is_text_node:
        return text.tidy(only.text_content or "")  # most names and dates; it saves the walk
    return dom.text_of(dom.outline(node, most=dom.NODES))[0]


def anywhere(page: dom.Page, spots: Spots, outside: Holdings) -> Iterator[str]:
    """Yield what stands at the spots of a page outside its comments."""
    for spot in spots:
        for node in dom.select(page, spot.css):
            if outside.owner(node) is None and (value := read(node, spot)):
                yield value


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    if len(nodes) == 1:
        return nodes
    taken = {node.mem_id for node in nodes}
    kept = []
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in taken:
            above = above.parent
        if above is None:
            kept.append(node)
    return kept


def body(nodes: dom.Outline, aside: re.Pattern[str] | None) -> tuple[str, tuple[Span, ...]]:
    """Return the text of an element without what its classes say is no text, and the spans of quotes."""
    skip = {i for i in range(1, len(nodes)) if nodes.attributes[i] and aside.search(nodes.classes(i))} if aside else ()
    return dom.text_of(nodes, 0, skip)


def byline(shown: str) -> tuple[str, str]:
    """Return the name and the date of a line such as "Posted by: Ada | May 1, 2008"; "" for what is not there."""
    shown = shown[:300]
    first, last = next(iter(dates.find(shown)), (len(shown), len(shown)))
    name, before = _EDGE.sub("", shown[:first]) or shown[last:], ""
    while name != before:
        before, name = name, _EDGE.sub("", name)
    return name, shown[first:last]


def number(shown: str) -> int | None:
    """Return the number in "25.4k comments", "1,204 points", "-3"; None without one."""
    match = _NUMBER.search(shown)
    if not match:
        return None
    sign, digits, unit = -1 if match[1] else 1, match[2], (match[3] or "").lower()
    if unit:
        return sign * round(float(digits.replace(",", ".")) * _UNITS[unit])
    return sign * int(re.sub(r"\D", "", digits)) if re.fullmatch(r"\d+|\d{1,3}(?:[.,]\d{3})+", digits) else None


def moment(shown: Iterable[str], zone: tzinfo | None, order: dates.Order | None) -> When | None:
    """Return the first date that can be understood, else the first that was shown."""
    fallback: When | None = None
    for raw in shown:
        when = dates.parse(raw, zone=zone, order=order)
        if when.time:
            return when
        fallback = fallback or when
    return fallback
