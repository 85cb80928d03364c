"""Where on a page a discussion can be: between a heading of comments and the form, sidebar or footer that ends it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commentlab import phrases
from commentlab.plain.furniture import pattern
from commentlab.plain.lines import Line

REACH = 40
"""Lines that a form or a notice may put between a heading and its comments."""

LONGEST = 200
"""Characters of a line that can open or close a section."""

OFTEN = 3
"""Lines of one pattern that are too many for headings."""

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
    texts = Counter(line.text for line in lines if len(line.text) <= LONGEST)
    rare = _rare(texts)
    announcing = {text for text in rare if _announces(text)}
    closing = {text for text in rare - announcing if phrases.is_form(text) or phrases.is_side(text)}
    cuts = [i for i, line in enumerate(lines) if line.text in announcing or (line.text in closing and _opens(lines, i))]
    return list(_sections(lines, cuts))


def _rare(texts: Counter[str]) -> set[str]:
    """Return the lines with which a discussion can begin or end; what recurs on a page does neither."""
    patterns = {text: pattern(text) for text in texts}
    uses: Counter[str] = Counter()
    for text, count in texts.items():
        uses[patterns[text]] += count
    announced = {text: phrases.announced(text) for text in texts}
    teasers = {count for text, count in announced.items() if len(text) < 20} - {None}
    often = {text for text, count in announced.items() if count is not None} if len(teasers) >= TEASERS else set()
    return {text for text in texts if uses[patterns[text]] < OFTEN} - often


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


def _opens(lines: Sequence[Line], i: int) -> bool:
    """Tell whether a line begins something: it stands apart, or behind a field, a button or a label."""
    return lines[i].opens or i == 0 or _closes(lines[i - 1])


def _closes(line: Line) -> bool:
    return line.field or phrases.is_leftover(line.text) or len(line.text) < 30


def _announces(line: str) -> bool:
    return phrases.is_heading(line) and (phrases.announced(line) is not None or not phrases.is_leftover(line))
