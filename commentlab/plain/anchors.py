"""Bylines on a page, grouped by what the bylines of one thread have in common: their section and their shape."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commentlab.plain import bylines, mails
from commentlab.plain.bylines import Byline
from commentlab.plain.furniture import is_text
from commentlab.plain.lines import Line
from commentlab.plain.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A byline and the lines `[first, last]` that it takes."""

    byline: Byline
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The bylines of one shape in one section."""

    section: Section
    anchors: tuple[Anchor, ...]


def runs(lines: Sequence[Line], pieces: Sequence[Section]) -> Iterator[Run]:
    """Yield the runs of bylines that may be threads; pingbacks belong to each run of their section."""
    anchors = list(_joined(lines, _anchors(lines)))
    firsts = [anchor.first for anchor in anchors]
    for section in pieces:
        groups: dict[tuple[str, bool], list[Anchor]] = defaultdict(list)
        for anchor in anchors[bisect_left(firsts, section.start) : bisect_left(firsts, section.end)]:
            groups[anchor.byline.key].append(anchor)
        pings = groups.pop(("ping", False), [])
        if pings and not groups:
            groups[("ping", False)] = []
        for group in groups.values():
            yield Run(section=section, anchors=tuple(sorted([*group, *pings], key=lambda anchor: anchor.first)))


def _anchors(lines: Sequence[Line]) -> Iterator[Anchor]:
    last = -1
    for i, line in enumerate(lines):
        if mail := mails.header(lines, i):
            byline, last = mail
            yield Anchor(byline=byline, first=i, last=last)
        elif i > last and (found := bylines.of(line) or bylines.clock(line)) and not _quotes(lines, i, found):
            yield Anchor(byline=found, first=i, last=i)


def _quotes(lines: Sequence[Line], i: int, byline: Byline) -> bool:
    """Tell whether "On Monday Gyre wrote:" introduces quoted lines within somebody else's text."""
    following = lines[i + 1].text if i + 1 < len(lines) else ""
    return byline.shape in ("said", "wrote") and following.startswith(">")


def _joined(lines: Sequence[Line], anchors: Iterator[Anchor]) -> Iterator[Anchor]:
    """Yield the anchors; a line "Gyre says:" and the date right below it become one."""
    before: Anchor | None = None
    for anchor in anchors:
        if before and before.byline.shape == "said" and not before.byline.date and not before.byline.lead:
            between = lines[before.last + 1 : anchor.first]
            if anchor.byline.shape == "date" and not any(map(is_text, between)):
                byline = replace(before.byline, date=anchor.byline.date, exact=anchor.byline.exact)
                before = Anchor(byline=byline, first=before.first, last=anchor.last)
                continue
        if before:
            yield before
        before = anchor
    if before:
        yield before
