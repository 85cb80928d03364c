"""What each comment says: the element that holds it in nearly all rows, else all that is not set aside."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from commentlab import dom
from commentlab.blocks import names
from commentlab.blocks.rows import Place, Row, loose, place
from commentlab.blocks.scanning import Scan
from commentlab.records import Span

_HOLDERS = {"div", "section", "article", "p", "td", "dd", "blockquote", "span", "main", "li", "tr", "ul", "ol", "pre"}
_LINES = ("p.", "span.")

Body = tuple[str, tuple[Span, ...]]


@dataclass(slots=True)
class _Held:
    """What stands at one place in all rows; `doubled` counts the rows that have it again, `last` is the last row."""

    text: int = 0
    uses: int = 0
    doubled: int = 0
    depth: int = 0
    roles: int = 0
    last: int = -1


def find_bodies(scan: Scan, rows: list[Row]) -> None:
    """Fill in the bodies of rows, from which all else is set aside."""
    holder, width = next(((found, width) for width in (2, 1) if (found := _holder(scan, rows, width))), (None, 1))
    for row in rows:
        own = [i for i in row.elements[1:] if place(scan, i, row.start)[:width] == holder] if holder else []
        row.body, row.quotes = _read(scan, row, own[:1], row.aside | row.inner)
        if not row.body:
            only_texts = {i for i in row.aside if scan.nodes.tags[i] == "-text"}.union(row.marks)
            row.body, row.quotes = _read(scan, row, own[:1], only_texts | row.inner)


def _read(scan: Scan, row: Row, holders: list[int], skip: set[int]) -> Body:
    for i in holders:
        if (found := dom.text_of(scan.nodes, i, skip - {i}))[0]:
            return found
    return _joined(_neighbours(scan, row, skip))


def _neighbours(scan: Scan, row: Row, skip: set[int]) -> Iterator[Body]:
    i, stop = row.span
    while i < stop:
        yield dom.text_of(scan.nodes, i, skip)
        i = scan.nodes.ends[i]


def _joined(bodies: Iterator[Body]) -> Body:
    pieces: list[str] = []
    quotes: list[Span] = []
    length = 0
    for piece, spans in bodies:
        if piece:
            length += 2 * bool(pieces)
            quotes += [(start + length, end + length) for start, end in spans]
            pieces.append(piece)
            length += len(piece)
    return "\n\n".join(pieces), tuple(quotes)


def _holder(scan: Scan, rows: list[Row], width: int) -> Place | None:
    """Return the place, told by `width` elements, that holds nearly all text, once in nearly every row."""
    found: dict[Place, _Held] = {}
    whole = 0
    for number, row in enumerate(rows):
        texts = loose(scan, row)
        whole += sum(size for _, size in texts)
        for i, text in _filled(scan, row, texts):
            held = found.setdefault(place(scan, i, row.start)[:width], _Held())
            again = held.last == number
            held.text, held.uses, held.doubled = held.text + text, held.uses + (not again), held.doubled + again
            held.depth, held.roles = max(held.depth, _depth(scan, i, row.start)), scan.roles[i]
            held.last = number
    usual = {
        where: held
        for where, held in found.items()
        if held.uses >= 0.8 * len(rows) and held.doubled <= 0.05 * len(rows)
    }
    called = {where: held for where, held in usual.items() if held.roles & names.BODY and held.text >= 0.3 * whole}
    if called:
        most = max(held.text for held in called.values())
        good = {w: held for w, held in called.items() if held.text >= (0.97 if w[0].startswith(_LINES) else 0.6) * most}
        return max(good, key=lambda where: good[where].depth)
    good = {where: held for where, held in usual.items() if held.text >= 0.8 * whole and where[0] not in _LINES}
    return max(good, key=lambda where: (good[where].text > 0.97 * whole, good[where].depth), default=None)


def _filled(scan: Scan, row: Row, texts: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the elements of a row that hold loose text, with how much of it."""
    positions = [i for i, _ in texts]
    for i in row.elements[1:]:
        tag = scan.nodes.tags[i]
        if tag in _HOLDERS or "-" in tag:
            low, high = bisect_left(positions, i), bisect_left(positions, scan.nodes.ends[i])
            if low < high:
                yield i, sum(size for _, size in texts[low:high])


def _depth(scan: Scan, i: int, start: int) -> int:
    depth = 0
    while i > start:
        i, depth = scan.nodes.parents[i], depth + 1
    return depth
