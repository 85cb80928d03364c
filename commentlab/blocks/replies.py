"""Who answers whom: parent ids, levels, nesting, lists that follow a comment, links back to the comment answered."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from commentlab import phrases
from commentlab.blocks import names
from commentlab.blocks.grouping import Group
from commentlab.blocks.rows import Row
from commentlab.blocks.scanning import Scan

Parents = list[int | None]

_PARENT = re.compile(r"(?:data-)?(?:[\w-]*parent[\w-]*|[\w-]*reply-?to[\w-]*)")
_OWN = re.compile(r"id|thingid|comment-?id|data-(?:fullname|key|[\w-]*id)")
_FOREIGN = re.compile(r"user|author|parent|reply-?to|article|thread|topic|blog|site|root|member|page|story|forum|node")
_LEVEL = re.compile(
    r"(?:^|[\s_-])(?:depth|level|lvl|indent(?:ed|ation)?|nest(?:ed|ing)?|ebene|niveau|nivel|livello|tiefe|profondeur|deep"
    r"|hierarchy|stufe|branch-?level|threadlevel|commentlevel)[-_]*(\d{1,2})(?![\d%])",
    re.I,
)
_LEVELS = (
    "data-depth",
    "data-level",
    "data-indent",
    "data-nesting",
    "data-nest-level",
    "aria-level",
    "depth",
    "indent",
)
_SHIFT = re.compile(r"(?:margin|padding)-(?:inline-start|left)\s*:\s*(\d+(?:\.\d+)?)", re.I)
_SPACER = re.compile(r"spacer|blank|pixel|clear|trans|dot|/s\.gif", re.I)
_REPLIED = re.compile(
    r"(?:repl(?:y|ied|ies|ying)|respon\w+|answer\w*|antwort\w*|répon\w+|respuesta|risp\w+|reactie)\W+(?:\w+\W*){0,2}$",
    re.I,
)
_LISTS = {"ul", "ol", "dl", "dd", "blockquote"}
_NEAR = 30
"""Rows before a box among which the one stands that those in the box answer."""
_HEAD = 14
"""Elements of a block among which its id and its level stand."""


def identities(scan: Scan, rows: Sequence[Row]) -> list[str | None]:
    """Return the ids that the markup gives to the comments: their numbers, where nothing else tells them apart."""
    whole = [next(_own_ids(scan, row), None) for row in rows]
    parts = [re.fullmatch(r"(.*?)(\d+)", each or "") for each in whole]
    prefixes = {match[1] for match in parts if match}
    if all(parts) and len(prefixes) == 1 and not next(iter(prefixes))[-1:].isdigit():
        return [match[2] if match else None for match in parts]
    return whole


def _own_ids(scan: Scan, row: Row) -> Iterator[str]:
    """Yield what may be the id of a row: of its first elements, what holds a digit."""
    for i in row.elements[:_HEAD]:
        attributes = scan.nodes.attributes[i]
        for name, value in attributes.items():
            if value and _OWN.fullmatch(name) and not _FOREIGN.search(name) and any(each.isdigit() for each in value):
                yield value
        if scan.nodes.tags[i] == "a" and (value := attributes.get("name")):
            yield value


def parents(scan: Scan, group: Group, rows: Sequence[Row]) -> Parents:
    """Return for each row the number of the row that it answers, None for the post."""
    stated = _stated(scan, rows)
    nested = [outer if outer >= 0 else None for outer in group.outer]
    levels = next(filter(None, (_levels(scan, rows, kind) for kind in (_named_level, _level_attribute))), None)
    shifts = next(filter(None, (_levels(scan, rows, kind) for kind in (_shift, _spacer))), None)
    if levels:
        found = _by_level(levels)
    elif any(each is not None for each in nested):
        found = nested
    elif shifts:
        found = _by_level(shifts)
    else:
        found = _indented(scan, rows)
    linked = _linked(scan, rows)
    return [
        given if known else other if other is not None else link
        for (known, given), other, link in zip(stated, found, linked, strict=True)
    ]


def _aliases(scan: Scan, rows: Sequence[Row]) -> dict[str, int]:
    """Map every id in a row, and the number in its own id, to the row."""
    found: dict[str, int] = {}
    for number, (row, own) in enumerate(zip(rows, identities(scan, rows), strict=True)):
        for value in (*_own_ids(scan, row), *filter(None, [own])):
            found.setdefault(value, number)
            if tail := re.search(r"\d+$", value):
                found.setdefault(tail[0], number)
    return found


def _stated(scan: Scan, rows: Sequence[Row]) -> list[tuple[bool, int | None]]:
    """Say for each row whether an attribute states its parent, and which row that is."""
    found: list[tuple[bool, int | None]] = []
    aliases: dict[str, int] | None = None
    for number, row in enumerate(rows):
        value = None
        for i in row.elements[:_HEAD]:
            attributes = scan.nodes.attributes[i]
            value = value or next((each for name, each in attributes.items() if each and _PARENT.fullmatch(name)), None)
        if value:
            aliases = _aliases(scan, rows) if aliases is None else aliases
            parent = aliases.get(value.lstrip("#"))
            found.append((True, parent if parent != number else None))
        else:
            found.append((False, None))
    # Where no parent is ever found, the attribute means something else, such as the post.
    return found if any(parent is not None for _, parent in found) else [(False, None)] * len(found)


def _levels(scan: Scan, rows: Sequence[Row], kind: Callable[[Scan, Row], float | None]) -> list[float] | None:
    found = [kind(scan, row) for row in rows]
    known = [each for each in found if each is not None]
    if len(known) < 0.9 * len(rows) or len(set(known)) < 2:
        return None
    least = min(known)
    return [least if each is None else each for each in found]


def _named_level(scan: Scan, row: Row) -> float | None:
    for i in (*row.elements[:3], scan.nodes.parents[row.start]):
        listed = scan.nodes.attributes[i].get("class") if i >= 0 else None
        if listed and (match := _LEVEL.search(listed)):
            return float(match[1])
    return None


def _level_attribute(scan: Scan, row: Row) -> float | None:
    for i in row.elements[:_HEAD]:
        attributes = scan.nodes.attributes[i]
        for name in _LEVELS:
            value = attributes.get(name)
            if value and value.isdecimal():
                return float(value)
    return None


def _shift(scan: Scan, row: Row) -> float | None:
    for i in (*row.elements[:3], scan.nodes.parents[row.start]):
        style = scan.nodes.attributes[i].get("style") if i >= 0 else None
        if style and (match := _SHIFT.search(style)):
            return float(match[1])
    return 0.0


def _spacer(scan: Scan, row: Row) -> float | None:
    for i in row.elements[:8]:
        attributes = scan.nodes.attributes[i]
        width = attributes.get("width") or ""
        if width.isdecimal() and (
            (scan.nodes.tags[i] == "img" and _SPACER.search(attributes.get("src") or "")) or scan.nodes.tags[i] == "td"
        ):
            return float(width)
    return 0.0


def _by_level(levels: Sequence[float]) -> Parents:
    """Give each row the last one before it that stands on a lower level."""
    above: list[int] = []
    found: Parents = []
    for number, level in enumerate(levels):
        while above and levels[above[-1]] >= level:
            above.pop()
        found.append(above[-1] if above else None)
        above.append(number)
    return found


def _indented(scan: Scan, rows: Sequence[Row]) -> Parents:
    """Give a row inside a list or a box that follows a comment that comment, as Drupal's `div.indented`."""
    starts = [row.start for row in rows]
    known: dict[int, int | None] = {}
    found: Parents = []
    for row in rows:
        parent = None
        here = scan.nodes.parents[row.start]
        while here > 0 and parent is None:
            if here not in known:
                known[here] = _before(scan, rows, bisect_left(starts, here), here) if _nests(scan, here) else None
            parent = known[here]
            here = scan.nodes.parents[here]
        found.append(parent)
    return found


def _nests(scan: Scan, i: int) -> bool:
    return scan.nodes.tags[i] in _LISTS or bool(scan.roles[i] & names.NEST)


def _before(scan: Scan, rows: Sequence[Row], first: int, box: int) -> int | None:
    """Return the last row that ends before a box, whose own rows begin with `first`, in the same element as the box."""
    around = scan.nodes.parents[box]
    for number in range(first - 1, max(-1, first - 1 - _NEAR), -1):
        start, stop = rows[number].span
        if start <= around:
            return None
        here = scan.nodes.parents[start]
        while here > around and not _nests(scan, here):
            here = scan.nodes.parents[here]
        if here == around and stop <= box:
            return number
    return None


def _linked(scan: Scan, rows: Sequence[Row]) -> Parents:
    """Follow the links that say what a comment answers: "in reply to", "@name", "parent"."""
    aliases = _aliases(scan, rows)
    found: Parents = []
    for number, row in enumerate(rows):
        parent, i = None, row.start
        while i < row.span[1]:
            if i in row.inner:
                i = scan.nodes.ends[i]
                continue
            address = (scan.nodes.attributes[i].get("href") or "") if scan.nodes.tags[i] == "a" else ""
            target = aliases.get(address.rpartition("#")[2]) if "#" in address else None
            if target is not None and target < number and _answers(scan, i):
                parent = target
            i += 1
        found.append(parent)
    return found


def _answers(scan: Scan, i: int) -> bool:
    """Tell whether a link to an earlier comment says that it is answered; it may be hidden, as Drupal's is."""
    nodes = scan.nodes
    shown = " ".join(nodes.texts[i + 1].split()) if i + 1 < nodes.ends[i] else ""
    before = " ".join(nodes.texts[i - 1].split())
    if (scan.roles[i] | scan.roles[nodes.parents[i]]) & names.PARENT or shown.startswith(("@", "↑", ">>")):
        return True
    return shown.casefold() == "parent" or bool(phrases.answered(f"{before} {shown}") or _REPLIED.search(before))
