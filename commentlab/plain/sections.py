"""Where on a page a discussion can be: between a heading of comments and the form, sidebar or footer that ends it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commentlab import phrases
from commentlab.plain.furniture import pattern
from commentlab.plain.lines import Line

REACH = 40
"""Lines that a form or a notice may put between a heading and its comments."""

TEASERS = 3
"""Different numbers of comments that make a page a list of posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of lines `[start, end)`; `heading` is the line that announces comments, `declared` their number."""

    start: int
    end: int
    heading: int | None = None
    declared: int | None = None


def of(lines: Sequence[Line]) -> list[Section]:
    """Cut a page at its headings and at whatever ends a discussion; the pieces cover all lines."""
    repeated = Counter(pattern(line.text) for line in lines if len(line.text) < 200)
    counts = {phrases.announced(line.text) for line in lines if len(line.text) < 20} - {None}
    if len(counts) >= TEASERS:
        repeated.update({pattern(line.text): 3 for line in lines if phrases.announced(line.text) is not None})
    cuts = [i for i, line in enumerate(lines) if _cuts(lines, i, line, repeated)]
    return list(_sections(lines, cuts))


def _sections(lines: Sequence[Line], cuts: Sequence[int]) -> Iterator[Section]:
    if not cuts or cuts[0] > 0:
        yield Section(start=0, end=cuts[0] if cuts else len(lines))
    heading: int | None = None
    declared: int | None = None
    for cut, stop in zip(cuts, [*cuts[1:], len(lines)], strict=False):
        line = lines[cut].text
        if phrases.is_heading(line):
            count = phrases.announced(line)
            declared = count if count is not None or heading is None or cut > heading + REACH else declared
            heading = cut
        elif phrases.is_side(line) or (heading is not None and cut > heading + REACH):
            heading = declared = None
        yield Section(start=cut + 1, end=stop, heading=heading, declared=declared)


def _cuts(lines: Sequence[Line], i: int, line: Line, repeated: Counter[str]) -> bool:
    """Tell whether a discussion can begin or end with a line; what recurs on a page does neither."""
    if len(line.text) > 200 or repeated[pattern(line.text)] > 2:
        return False
    if _announces(line.text):
        return True
    opens = line.opens or i == 0 or _closes(lines[i - 1])
    return opens and (phrases.is_form(line.text) or phrases.is_side(line.text))


def _closes(line: Line) -> bool:
    return line.field or phrases.is_leftover(line.text) or len(line.text) < 30


def _announces(line: str) -> bool:
    return phrases.is_heading(line) and (phrases.announced(line) is not None or not phrases.is_leftover(line))
