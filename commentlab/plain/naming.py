"""The names that belong to dates which stand alone: in the line above, in the line below, or on top of the text."""

from collections.abc import Sequence
from dataclasses import replace

from commentlab import phrases
from commentlab.plain import bylines, furniture
from commentlab.plain.anchors import Anchor, Run
from commentlab.plain.furniture import Segment, is_prose, is_role, is_text
from commentlab.plain.lines import Line
from commentlab.plain.sections import Section

NEAR = 3
"""Lines between a date and the name above it at most: a rank, a picture's label."""


def named_above(lines: Sequence[Line], run: Run) -> bool:
    """Tell whether the bylines are dates under a line with a name."""
    alone = [anchor for anchor in run.anchors if anchor.byline.shape == "date"]
    if not alone:
        return False
    above = [_name_above(lines, anchor, run.section) for anchor in alone]
    names = sum(i is not None and bylines.is_name(lines[i].text) for i in above)
    # Titles of pages that link here are long names; they stand right above the date and away from what is above them.
    titles = sum(
        i == anchor.first - 1 and lines[i].gap > lines[anchor.first].gap and not is_prose(lines[i])
        for i, anchor in zip(above, alone, strict=True)
        if i is not None
    )
    return max(names, titles) >= 0.6 * len(alone) or _opens_with_name(lines, run, alone)


def _opens_with_name(lines: Sequence[Line], run: Run, alone: Sequence[Anchor]) -> bool:
    """Tell whether one line stands between the heading and the first date, and a text follows the last one."""
    above = [line for line in lines[run.section.start : alone[0].first] if is_text(line)]
    below = [line for line in lines[alone[-1].last + 1 : run.section.end] if is_text(line)]
    return run.section.heading is not None and len(above) == 1 and bool(below) and not is_prose(above[0])


def _name_above(lines: Sequence[Line], anchor: Anchor, section: Section) -> int | None:
    for i in range(anchor.first - 1, max(section.start, anchor.first - NEAR) - 1, -1):
        line = lines[i].text
        if line and not phrases.is_leftover(line) and not furniture.is_number(line) and not is_role(line):
            return i
    return None


def is_quoted(lines: Sequence[Line], anchor: Anchor) -> bool:
    """Tell whether a date stands below "@ Somebody": a comment quotes the byline that it answers."""
    return anchor.byline.shape == "date" and anchor.first > 0 and lines[anchor.first - 1].text.startswith("@")


def with_name(lines: Sequence[Line], anchor: Anchor, section: Section) -> Anchor:
    """Return a date's anchor with the name that stands above it; others stay as they are."""
    i = _name_above(lines, anchor, section)
    if anchor.byline.shape != "date" or i is None:
        return anchor
    return replace(anchor, byline=replace(anchor.byline, author=bylines.name_of(lines[i].text)), first=i)


def under(lines: Sequence[Line], anchor: Anchor, i: int) -> Anchor:
    """Return an anchor with the name that stands in the line below it."""
    if i >= len(lines):
        return anchor
    return replace(anchor, byline=replace(anchor.byline, author=bylines.name_of(lines[i].text)), last=i)


def start_with_names(lines: Sequence[Line], segments: Sequence[Segment], heads: Sequence[int]) -> bool:
    """Tell whether most texts begin with a line that is a name; `heads` are their first lines without furniture."""
    pairs = zip(heads, segments, strict=True)
    names = [head for head, segment in pairs if head + 1 < segment.end and bylines.is_name(lines[head].text, longest=4)]
    return len(names) >= 0.7 * len(segments)
