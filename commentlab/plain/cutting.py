"""Cutting a run of bylines into entries.

A thread is a repeating pattern of the same kinds of line (author, date, text, buttons). Which of them comes first is
learnt from the page: text between the heading and the first byline means that bylines are signatures.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from commentlab import phrases
from commentlab.plain import bylines, furniture
from commentlab.plain.anchors import Anchor, Run
from commentlab.plain.entries import Discussion, Entry
from commentlab.plain.furniture import Furniture, Segment, is_prose, is_role, is_text
from commentlab.plain.lines import STEP, Line
from commentlab.plain.naming import NEAR, is_quoted, named_above, start_with_names, under, with_name
from commentlab.plain.sections import Section

_LEVEL = re.compile(
    r"^\W{0,3}(?:level|ebene|niveau|nivel|livello)\s(?P<level>\d{1,3})$|^#(?P<rank>\d{1,5}(?:\.\d{1,4})*)(?!\S)", re.I
)


def cut(lines: Sequence[Line], run: Run) -> Discussion:
    """Cut a run into entries; dates that stand alone first get their names."""
    anchors = [anchor for anchor in run.anchors if not is_quoted(lines, anchor)] or list(run.anchors)
    named = named_above(lines, run)
    if named:
        anchors = [with_name(lines, anchor, run.section) for anchor in anchors]
    if named or _leads(lines, run, anchors):
        return Discussion(section=run.section, entries=tuple(_leading(lines, run.section, anchors)))
    return Discussion(section=run.section, entries=tuple(_trailing(lines, run.section, anchors)))


def _leads(lines: Sequence[Line], run: Run, anchors: Sequence[Anchor]) -> bool:
    """Tell whether a byline stands before the text that it is about, not below it as a signature."""
    shapes = {anchor.byline.shape for anchor in anchors}
    if shapes <= {"said", "wrote", "mail", "ping", "clock"}:
        return True
    dated = [anchor for anchor in anchors if anchor.byline.shape not in ("ping", "said", "wrote")]
    if _repeats_names(lines, dated):
        return False
    listed = sum(lines[anchor.first].listed for anchor in dated)
    if listed >= 0.6 * len(dated) and shapes != {"date"}:
        return True
    above = [line for line in lines[run.section.start : dated[0].first] if is_text(line)]
    below = [line for line in lines[dated[-1].last + 1 : run.section.end][: furniture.EDGE] if is_text(line)]
    if run.section.heading is None:
        return not _signed(lines, dated)
    return not above or (bool(below) and not _signed(lines, dated) and not any(map(is_prose, above)))


def _repeats_names(lines: Sequence[Line], anchors: Sequence[Anchor]) -> bool:
    """Tell whether the name in a byline is also the line on top of what stands above it, as in forums."""
    tops = [lines[before.last + 1].text for before in anchors[:-1]]
    same = sum(top == anchor.byline.author for top, anchor in zip(tops, anchors[1:], strict=True))
    return len(tops) > 1 and same >= 0.6 * len(tops)


def _signed(lines: Sequence[Line], anchors: Sequence[Anchor]) -> bool:
    """Tell from the gaps whether bylines belong to what stands above them."""
    titles = Counter(furniture.pattern(lines[anchor.first - 1].text) for anchor in anchors if anchor.first)
    usual = {title for title, count in titles.items() if count > 1 and count >= 0.5 * len(anchors)}
    above = sum(_apart(lines, anchor.first, usual) for anchor in anchors[1:])
    below = sum(lines[anchor.last + 1].gap for anchor in anchors[:-1] if anchor.last + 1 < len(lines))
    return below > above


def _apart(lines: Sequence[Line], i: int, usual: set[str]) -> int:
    """Say how far a byline is from the text above it; buttons end a text, a title above each byline belongs to it."""
    before = lines[i - 1].text if i else ""
    title = lines[i - 1].gap if furniture.pattern(before) in usual else 0
    return max(lines[i].gap, title, 2 * phrases.is_leftover(before))


def _leading(lines: Sequence[Line], section: Section, anchors: Sequence[Anchor]) -> Iterator[Entry]:
    """Yield the entries of a run whose bylines stand before the texts."""
    stops = [*(anchor.first for anchor in anchors[1:]), section.end]
    names = [anchor.byline.author for anchor in anchors]
    segments = [
        Segment(start=anchor.last + 1, end=max(stop, anchor.last + 1), author=name, following=following)
        for anchor, stop, name, following in zip(anchors, stops, names, [*names[1:], None], strict=True)
    ]
    named = all(anchor.byline.author is None for anchor in anchors) and start_with_names(
        lines, segments, [segment.start for segment in segments]
    )
    if named:
        pairs = list(zip(anchors, segments, strict=True))
        anchors = [under(lines, anchor, segment.start) for anchor, segment in pairs]
        segments = [replace(segment, start=anchor.last + 1) for anchor, segment in zip(anchors, segments, strict=True)]
    known = furniture.learn(lines, segments[:-1])
    for anchor, segment in zip(anchors, segments, strict=True):
        last = segment is segments[-1]
        end = _last(lines, segment, segments[:-1], known) if last else _before_title(lines, segment)
        whole = segment if end == segment.end else replace(segment, end=end)
        yield _entry(lines, anchor, whole, known, anchor.first)


def _before_title(lines: Sequence[Line], segment: Segment) -> int:
    """Return where an entry ends whose last button has the title of the next entry below it."""
    end = segment.end
    title = end - segment.start > 1 and not is_prose(lines[end - 1]) and phrases.is_answer_button(lines[end - 2].text)
    return end - 1 if title else end


def _trailing(lines: Sequence[Line], section: Section, anchors: Sequence[Anchor]) -> Iterator[Entry]:
    """Yield the entries of a run whose bylines stand below the texts."""
    starts = [section.start, *(anchor.last + 1 for anchor in anchors[:-1])]
    if section.heading is None:
        starts[0] = max(section.start, anchors[0].first - _usual(starts[1:], anchors[1:]))
    segments = [
        Segment(start=start, end=anchor.first, author=anchor.byline.author)
        for start, anchor in zip(starts, anchors, strict=True)
    ]
    known = furniture.learn(lines, segments)
    heads = [furniture.peel(lines, segment, known)[0] for segment in segments]
    named = all(anchor.byline.author is None for anchor in anchors) and start_with_names(lines, segments, heads)
    for anchor, segment, head in zip(anchors, segments, heads, strict=True):
        first = head if head < segment.end else anchor.first
        if named and head < segment.end:
            signed = replace(under(lines, anchor, head), last=anchor.last)
            below = replace(segment, start=head + 1, author=signed.byline.author)
            yield _entry(lines, signed, below, known, first)
        else:
            yield _entry(lines, anchor, segment, known, first)


def _usual(starts: Sequence[int], anchors: Sequence[Anchor]) -> int:
    """Return the usual number of lines of an entry."""
    sizes = sorted(anchor.first - start for start, anchor in zip(starts, anchors, strict=True))
    return sizes[len(sizes) // 2] if sizes else 1


def _entry(lines: Sequence[Line], anchor: Anchor, segment: Segment, known: Furniture, first: int) -> Entry:
    start, end = furniture.peel(lines, segment, known)
    block = lines[anchor.first : start]
    byline = anchor.byline
    if byline.date is None and byline.shape == "said":
        for i in range(segment.end - 1, max(start, segment.end - NEAR) - 1, -1):
            last = bylines.of(lines[i])
            if last and last.shape == "date":
                byline = replace(byline, date=last.date, exact=last.exact)
                start, end = furniture.peel(lines, replace(segment, end=i), known)
    return Entry(
        byline=byline,
        first=min(first, anchor.first),
        start=start,
        end=end,
        indent=lines[first].indent,
        number=next((line.number for line in lines[first : anchor.last + 1] if line.number is not None), None),
        level=next(_levels(lines[max(0, anchor.first - 2) : start]), None),
        by_post_author=any(is_role(line.text) for line in block),
    )


def _levels(lines: Sequence[Line]) -> Iterator[int]:
    for line in lines:
        if match := _LEVEL.match(line.text):
            yield int(match["level"]) if match["level"] else match["rank"].count(".")


def _last(lines: Sequence[Line], segment: Segment, others: Sequence[Segment], known: Furniture) -> int:
    """Return where the last entry ends: at its closing button, a wider gap, a smaller indentation, a list of labels."""
    widest = max((line.gap for each in others for line in lines[each.start + 1 : each.end]), default=2)
    start = segment.start
    while start < segment.end and not is_text(lines[start]):
        start += 1
    column = lines[start].indent if start < segment.end else 0
    for i in range(start, segment.end):
        line = lines[i]
        names = (segment.author,)
        if line.field or phrases.is_more(line.text) or furniture.pattern(line.text, names) in known.closing:
            return i
        if i > start and (
            line.gap > max(widest, 2) or line.indent + STEP <= min(column, lines[segment.start - 1].indent)
        ):
            return i
        if i > start and line.gap and _labels(lines[i : min(i + 5, segment.end)]):
            return i
    return segment.end


def _labels(lines: Sequence[Line]) -> bool:
    """Tell whether lines are labels of links and fields, not sentences."""
    return len(lines) >= 4 and all(len(line.text.split()) <= 5 and not is_prose(line) for line in lines)
