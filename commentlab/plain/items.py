"""Entries of a page whose bylines an extractor has dropped: the items of the list that the page was, or its lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from commentlab import phrases
from commentlab.plain import bylines, furniture, sections
from commentlab.plain.bylines import Byline
from commentlab.plain.entries import Discussion, Entry
from commentlab.plain.furniture import Segment, is_prose
from commentlab.plain.lines import STEP, Line
from commentlab.plain.sections import Section

NEAR = 16
"""Lines of a form or a notice that may stand between a heading and the list of comments."""
BARE = Byline(shape="none")


def find(lines: Sequence[Line], pieces: Sequence[Section]) -> Discussion | None:
    """Return the discussion that numbers and bullets tell; the section with the most items wins."""
    found = [
        Discussion(section=section, entries=_named(lines, tuple(_bare(lines, section, list(_items(lines, section))))))
        for section in pieces
        if section.heading is not None and section.start <= section.heading + NEAR
    ]
    written = [each for each in found if _is_written(lines, each)]
    return max(written, key=lambda each: len(each.entries), default=None)


def _is_written(lines: Sequence[Line], discussion: Discussion) -> bool:
    """Tell whether most items hold sentences, as comments do and lists of links do not."""
    entries = discussion.entries
    prose = [any(is_prose(line) for line in lines[entry.start : entry.end]) for entry in entries]
    return 2 * sum(prose) >= len(entries) > 0


def completed(lines: Sequence[Line], discussion: Discussion) -> Discussion:
    """Add the list's items without a byline to entries whose bylines mostly begin items of that list."""
    entries, section = discussion.entries, discussion.section
    listed = {entry.first: entry for entry in entries if lines[entry.first].listed}
    columns = {(line.bullet, line.indent) for line in map(lines.__getitem__, listed)}
    start = entries[0].first if section.heading is None else section.start
    extra = [
        i
        for i in _items(lines, section)
        if i >= start and (lines[i].bullet, lines[i].indent) in columns and not phrases.is_leftover(lines[i].text)
    ]
    if len(listed) < 0.6 * len(entries) or not set(extra) - set(listed):
        return discussion
    signed = {entry.first: entry for entry in entries}
    firsts = sorted({*signed, *extra})
    stops = [*firsts[1:], section.end]
    merged = [
        replace(signed[first], end=min(signed[first].end, stop)) if first in signed else _item(lines, first, stop)
        for first, stop in zip(firsts, stops, strict=True)
    ]
    return replace(discussion, entries=_named(lines, merged))


def _named(lines: Sequence[Line], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give the name on the first line of an item to its author, where several items begin with one."""
    starts = [entry.start for entry in entries if entry.byline is BARE and _begins_with_name(lines, entry)]
    if len(starts) < 2:
        return tuple(entries)
    return tuple(
        replace(entry, byline=replace(BARE, author=bylines.name_of(lines[entry.start].text)), start=entry.start + 1)
        if entry.start in starts and entry.byline is BARE
        else entry
        for entry in entries
    )


def _begins_with_name(lines: Sequence[Line], entry: Entry) -> bool:
    name = lines[entry.start].text
    alone = entry.end > entry.start + 1 and lines[entry.start + 1].gap > 0
    return alone and name[-1:].isalnum() and bylines.is_name(name, longest=4)


def by_count(lines: Sequence[Line], pieces: Sequence[Section]) -> Discussion | None:
    """Return the lines, the paragraphs, or the texts under names, of which there are about as many as are announced."""
    best: tuple[float, Discussion] | None = None
    for section in pieces:
        if section.heading is None or not section.declared or section.start > section.heading + sections.REACH:
            continue
        inside = replace(section, end=_stop(lines, section))
        for way in (_names, _breaks):
            entries = tuple(islice(way(lines, inside), 2 * section.declared))
            ratio = len(entries) / section.declared
            if 0.6 <= ratio <= 1.5 and (best is None or abs(1 - ratio) < best[0]):
                best = abs(1 - ratio), Discussion(section=section, entries=entries)
    return best[1] if best else None


def _stop(lines: Sequence[Line], section: Section) -> int:
    inside = range(section.start, section.end)
    return next((i for i in inside if lines[i].field or phrases.is_more(lines[i].text)), section.end)


def _items(lines: Sequence[Line], section: Section) -> Iterator[int]:
    """Yield the lines that begin with the next number or a bullet of the page's own list."""
    top: int | None = None
    last = 0
    for i in range(section.start, section.end):
        line = lines[i]
        column = line.indent if top is None else top
        if line.number is not None and abs(line.indent - column) < STEP and line.number > last:
            top, last = column, line.number
            yield i
        # The points of a list that somebody typed stand on neighbouring lines; a reply has a blank line before it.
        elif line.bullet and line.gap and (top is None or line.indent >= top + STEP):
            yield i


def _bare(lines: Sequence[Line], section: Section, firsts: Sequence[int]) -> Iterator[Entry]:
    for first, stop in zip(firsts, [*firsts[1:], section.end], strict=False):
        yield _item(lines, first, stop)


def _item(lines: Sequence[Line], first: int, stop: int) -> Entry:
    line = lines[first]
    ping = phrases.pingback(line.text)
    byline = Byline(shape="ping", author=ping[1]) if ping else BARE
    # What stands further left than the item does not belong to it.
    outside = (i for i in range(first + 1, stop) if lines[i].gap and lines[i].indent < line.indent)
    end = next(outside, stop)
    return Entry(byline=byline, first=first, start=first + bool(ping), end=end, indent=line.indent, number=line.number)


def _names(lines: Sequence[Line], section: Section) -> Iterator[Entry]:
    """Yield the texts that stand under lines with a name."""
    inside = range(section.start, section.end)
    firsts = [i for i in inside if lines[i].gap and _is_name(lines, i, section)]
    for first, stop in zip(firsts, [*firsts[1:], section.end], strict=False):
        byline = replace(BARE, author=bylines.name_of(lines[first].text))
        yield Entry(byline=byline, first=first, start=first + 1, end=stop, indent=lines[first].indent)


def _is_name(lines: Sequence[Line], i: int, section: Section) -> bool:
    line = lines[i].text
    following = lines[i + 1] if i + 1 < section.end else None
    return (
        following is not None
        and following.gap > 0
        and line[:1].isupper()
        and bylines.is_name(line, longest=4)
        and not line.endswith((":", ",", ")"))
    )


def _breaks(lines: Sequence[Line], section: Section) -> Iterator[Entry]:
    """Yield what stands between simple line breaks: extractors set blank lines between paragraphs only."""
    inside = [i for i in range(section.start, section.end) if not phrases.is_leftover(lines[i].text)]
    firsts = [i for i in inside if not lines[i].gap or i == section.start]
    known = furniture.learn(lines, [])
    for first, stop in zip(firsts, [*firsts[1:], section.end], strict=False):
        segment = Segment(start=first, end=stop)
        start, end = furniture.peel(lines, segment, known)
        if start < end:
            yield Entry(byline=BARE, first=first, start=start, end=end, indent=lines[first].indent)
