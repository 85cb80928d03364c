"""What is printed around every comment and is no part of its body: buttons, labels, votes, the lines with the names."""

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache

from commentlab import phrases
from commentlab.blocks import names
from commentlab.blocks.rows import Place, Row, loose, place, within
from commentlab.blocks.scanning import Scan

_LABEL = 60
"""Characters of the longest label."""
_CONTROL = 80
"""Characters in the largest element that is held for a control by its name."""
_STYLES = {"a", "b", "i", "em", "strong", "span", "small", "font", "cite", "time", "abbr", "u", "sup", "label", "bdi"}
_NUMBER = re.compile(r"\b\d+\b")
_NOTICE = re.compile(r"\bmoderation\b|moderiert|freigeschaltet|en modération|pendiente de|等待审核|待审核", re.I)
_MORE = re.compile(
    r"\W*(?:(?:see|read|show|view) (?:more|less|full)|mehr (?:lesen|anzeigen)|weiterlesen|ganzen beitrag lesen|"
    r"afficher plus|lire (?:la suite|plus)|leer más|ver más|mostrar más|leggi tutto|lees meer|展开|收起|查看全文)\W*",
    re.I,
)
# Every part ends where letters or digits end, so that a text can be taken apart in one way only.
JOINT = re.compile(
    r"(?:[\W_]|\d{1,4}(?!\d)|\d{1,2}h\d\d(?!\d)|(?:[ap]\.?m|uhr|at|on|um|by|von|par|por|le|à|a|las|el|de|em|op|om|says|"
    r"said|wrote|sagte?|schrieb|schreibt|dit|dice|dijo|posted|comment|in|and|und|et|y|id|date|datum|permalink|link|nr|no)"
    r"(?![^\W\d_]))*",
    re.I,
)
"""What only joins a name and a date: the time of day in an element of its own, "at", "says:", "#12"."""


def mark_labels(scan: Scan, rows: list[Row]) -> None:
    """Set aside buttons, notes, and the short texts that recur where they stand."""
    short = [
        [
            (i, shown, (_NUMBER.sub("#", shown), place(scan, i, row.start)[:2]))
            for i, shown in row.texts
            if len(shown) <= _LABEL
        ]
        for row in rows
    ]
    uses: Counter[tuple[str, Place]] = Counter()
    for texts in short:
        uses.update({key for _, _, key in texts})
    often = max(3, 0.3 * len(rows))
    for row, texts in zip(rows, short, strict=True):
        for i, shown, key in texts:
            inside = bool(within(scan, i, row.start) & names.BODY)
            button = _is_button(shown)
            recurs = uses[key] >= often and not inside
            note = bool(_NOTICE.search(shown)) and not inside
            row.pending |= note
            if button or recurs or note or _is_role(shown):
                row.aside.add(i)
            if button or (recurs and uses[key] > 0.7 * len(rows)):
                row.labels.add(i)


@lru_cache(maxsize=8192)
def _is_button(shown: str) -> bool:
    return phrases.is_leftover(shown) or bool(_MORE.fullmatch(shown))


@lru_cache(maxsize=8192)
def _is_role(shown: str) -> bool:
    return len(shown) <= 30 and phrases.is_role(shown) and phrases.without_role(f"x {shown}") == "x"


def mark_controls(scan: Scan, rows: list[Row]) -> None:
    """Set aside author, date and what belongs to them, and the elements that are called controls."""
    for row in rows:
        row.aside.update(row.marks)
        notes = [i for i in row.elements[1:] if scan.roles[i] and _is_control(scan, i)]
        row.pending |= any(scan.roles[i] & names.PENDING for i in notes)
        row.aside.update(notes)
        _mark_joints(scan, row)
    _mark_headers(scan, rows)


def _is_control(scan: Scan, i: int) -> bool:
    roles = scan.roles[i]
    if roles & (names.SIGNATURE | names.PENDING):
        return True
    controls = names.ASIDE | (names.PARENT if scan.nodes.tags[i] != "a" else 0)
    return bool(roles & controls) and not roles & names.BODY and scan.text(i, scan.nodes.ends[i]) <= _CONTROL


def _mark_joints(scan: Scan, row: Row) -> None:
    """Set aside what joins name and date, and the name where it is shown once more."""
    order = [i for i, _ in row.texts]
    boxes = {_box(scan, i) for i in row.marks}
    for mark in row.marks:
        position = bisect_left(order, mark)
        for near, shown in row.texts[max(0, position - 3) : position + 4]:
            beside = near < max(row.marks) or _box(scan, near) in boxes
            if beside and (JOINT.fullmatch(shown) or shown == row.author):
                row.aside.add(near)


def _box(scan: Scan, i: int) -> int:
    """Return the nearest element around a node that makes lines of its own."""
    here = scan.nodes.parents[i]
    while here > 0 and scan.nodes.tags[here] in _STYLES:
        here = scan.nodes.parents[here]
    return here


def _mark_headers(scan: Scan, rows: list[Row]) -> None:
    """Set aside the elements around name and date, as far out as nearly all text still stands outside of them."""
    inside: Counter[Place] = Counter()
    outside: Counter[Place] = Counter()
    called: set[Place] = set()
    around: list[dict[Place, int]] = []
    free = [loose(scan, row) for row in rows]
    for row, texts in zip(rows, free, strict=True):
        boxes = _boxes(scan, row)
        around.append(boxes)
        called.update(where for where, here in boxes.items() if scan.roles[here] & names.HEAD)
        for where, here in boxes.items():
            held = sum(size for i, size in texts if here < i < scan.nodes.ends[here])
            inside[where] += held
            outside[where] += sum(size for _, size in texts) - held
    headers = {where for where in inside if inside[where] < (1.5 if where in called else 0.6) * outside[where]}
    for row, texts, boxes in zip(rows, free, around, strict=True):
        for where, here in boxes.items():
            if where in headers and any(not here < i < scan.nodes.ends[here] for i, _ in texts):
                row.aside.add(here)


def _boxes(scan: Scan, row: Row) -> dict[Place, int]:
    """Return the elements around the name and the date of a row, by their places."""
    found: dict[Place, int] = {}
    for mark in row.marks:
        here = scan.nodes.parents[mark]
        while here > row.start:
            found[place(scan, here, row.start)[:2]] = here
            here = scan.nodes.parents[here]
    return found
