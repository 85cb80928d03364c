"""When each comment was written: of all dates in a row, the one that stands where most rows have a different one."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from commentlab import dates, dom
from commentlab.blocks import names
from commentlab.blocks.rows import Place, Row, place, within
from commentlab.blocks.scanning import Scan, lacks_year, stamp
from commentlab.records import When

_CLOCK = re.compile(r"\d{1,2}\s?[:.h时點点]\s?\d\d")
_JOINED = re.compile(
    r"join|regist|since|member|seit|membre|inscri|miembro|desde|iscritto|lid sinds|anmeld|dabei|"
    r"last (?:seen|active|visit)|注册|加入|最后登录",
    re.I,
)
_EDITED = re.compile(r"edit|bearbeit|geändert|modif|updated|aktualisiert|actualiz|编辑", re.I)


def find_dates(scan: Scan, rows: list[Row]) -> None:
    """Fill in the dates of rows."""
    scores: dict[Place, float] = defaultdict(float)
    values: dict[Place, set[str]] = defaultdict(set)
    options = [list(_candidates(scan, row)) for row in rows]
    for row, candidates in zip(rows, options, strict=True):
        seen: set[Place] = set()
        for where, i, when in candidates:
            if where not in seen:
                scores[where] += _worth(scan, row, i, when)
                values[where].add(when.raw)
                seen.add(where)
    for where, raws in values.items():
        scores[where] += 0.5 * len(raws)
    for row, candidates in zip(rows, options, strict=True):
        best = max(candidates, key=lambda each: (scores[each[0]], -each[1]), default=None)
        if best and scores[best[0]] > 0:
            _, row.when_at, row.when = best


def _candidates(scan: Scan, row: Row) -> Iterator[tuple[Place, int, When]]:
    own = set(row.elements).union(i for i, _ in row.texts)
    first, last = (bisect_left(scan.dates, i) for i in row.span)
    for i in scan.dates[first:last]:
        if i in own and (when := _stated(scan, i) or _shown(scan, i, row.start)):
            yield place(scan, i, row.start), i, when


def _stated(scan: Scan, i: int) -> When | None:
    raw = stamp(scan.nodes.attributes[i]) if scan.nodes.tags[i] != "-text" else None
    when = dates.parse(raw) if raw else None
    return when if when and when.time else None


def _shown(scan: Scan, i: int, start: int) -> When | None:
    """Read a date that is shown, with the time of day that a neighbouring element may hold."""
    nodes = scan.nodes
    line = " ".join(dom.text_of(nodes, i)[0].split())
    when = dates.first(line)
    if when is None and (_CLOCK.fullmatch(line) or nodes.tags[i] == "time" or lacks_year(line)):
        return When(time=None, raw=line)
    above = nodes.parents[i]
    for _ in range(2):
        if not (when and when.time and when.precision == "day") or above <= start:
            break
        if scan.text(above, nodes.ends[above]) <= 100:
            wider = dates.first(" ".join(dom.text_of(nodes, above)[0].split()))
            if wider and wider.time and wider.time.date() == when.time.date():
                when = wider
        above = nodes.parents[above]
    return when


def _worth(scan: Scan, row: Row, i: int, when: When) -> float:
    """Say how much a date looks like that of a comment, and not like one in it or one of its author's."""
    roles = within(scan, i, row.start)
    near = scan.nodes.texts[i] if scan.nodes.tags[i] == "-text" else ""
    before = next((shown for j, shown in reversed(row.texts) if j < i), "") if near else ""
    context = f"{before[-25:]} {near[:40]}"
    worth = 1.0 + 0.5 * (scan.nodes.tags[i] == "time") + 0.5 * bool(roles & names.DATE)
    worth += 0.5 * (when.precision in ("second", "minute")) + 0.3 * (when.time is not None)
    worth -= 1.0 * bool(roles & names.BODY and not roles & names.DATE)
    return worth - 2.0 * bool(_JOINED.search(context)) - 1.5 * bool(_EDITED.search(context))
