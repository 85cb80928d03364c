"""A page as lines of text: indentation, list marks, gaps; without the labels that text browsers print for pictures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from commentlab import dates

STEP = 2
"""Columns by which a nested line is indented at least."""

_MARK = re.compile(
    r"(?P<indent>[ \t]*)(?:(?:(?P<number>\d{1,4})[.)]|(?P<bullet>[•◦▪‣·*+□☆○■★◎●△–-]|(?<=\s{4})[o#]))(?:\s+|"
    r"$))?(?P<text>.*)",
    re.S,
)
# What lynx and w3m print for buttons, frames and pictures; a picture is named by its file: [b513ab7b80].
_LABELS = re.compile(r"\(BUTTON\) ?|IFRAME: \S*|^(?:\[(?!\d{1,2}\])[\w.-]{1,24}\]\s*)+(?=[^\W_]|$)")
_SPACER = re.compile(r"(?<! )( *)\[\w{1,3}\](?= {3})")
_RULE = re.compile(r"[_━─=*~-]{5,}$")
_FIELD = re.compile(r"_{8,}|\[ {6,}\]|\[_{6,}\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that says something.

    Attributes:
        indent: Columns before it, or before its mark.
        number: Number of the list item that it begins.
        bullet: Whether a bullet stands before it.
        text: What it says, without mark and label.
        gap: How many blank lines stand above it; a ruled line counts as three.
        field: Whether it is a field of a form, as text browsers draw it.
        end: Column behind its last character.
    """

    indent: int
    number: int | None = None
    bullet: bool = False
    text: str
    gap: int = 0
    field: bool = False
    end: int = 0

    @property
    def listed(self) -> bool:
        """Whether it begins an item of a list."""
        return self.bullet or self.number is not None

    @property
    def opens(self) -> bool:
        """Whether something begins with it: a paragraph or an item of a list."""
        return self.gap > 0 or self.listed


def of(content: str) -> list[Line]:
    """Return the lines of a page that say something."""
    return list(_carried(_aligned([_line(raw) for raw in content.expandtabs(4).splitlines()])))


def plain(line: Line) -> str:
    """Return a line with its mark as a person would type it."""
    mark = f"{line.number}. " if line.number is not None else "• " if line.bullet else ""
    return mark + line.text


def paragraphs(lines: Sequence[Line], width: int | None) -> str:
    """Return lines as running text: those that were broken at `width` columns are joined, blank lines kept."""
    parts = [line.text for line in lines[:1]]
    for before, line in pairwise(lines):
        if width and _broken(before, line, width):
            parts += " ", line.text
        else:
            parts += "\n\n" if line.gap else "\n", plain(line)
    return "".join(parts)


def width_of(lines: Iterable[Line]) -> int | None:
    """Return the column at which a program has broken the lines of a page, None if it has not."""
    ends = [line.end for line in lines]
    longest = max(ends, default=0)
    full = sum(end > longest - 12 for end in ends)
    return longest if full >= 3 and 40 <= longest <= 1000 else None


@lru_cache(maxsize=4096)  # much of a page repeats itself: blank lines, buttons
def _line(raw: str) -> Line:
    # A picture as wide as the indentation, as tables use it, is indentation.
    raw = _SPACER.sub(lambda spacer: " " * len(spacer[0]), raw, count=1) if "]" in raw else raw
    match = _MARK.fullmatch(raw.rstrip())
    if not match:  # never: every part of the pattern may be empty
        return Line(indent=0, text=raw.strip())
    text = match["text"].strip()
    if _RULE.match(text):
        return Line(indent=0, text="", gap=3)
    if match["number"] and _dated(raw.strip()):
        return Line(indent=len(match["indent"]), text=raw.strip(), end=len(raw.rstrip()))
    return Line(
        indent=len(match["indent"]),
        number=int(match["number"]) if match["number"] else None,
        bullet=bool(match["bullet"]),
        text=" ".join(_LABELS.sub("", text).split()),
        field=bool(_FIELD.search(text)),
        end=len(raw.rstrip()),
    )


def _dated(text: str) -> bool:
    """Tell whether what looks like the number of a list item is the day of a date ("18. Oktober 2019")."""
    spans = dates.find(text[:40])
    return bool(spans) and spans[0][0] == 0


def _aligned(lines: list[Line]) -> list[Line]:
    """Give numbers that are aligned at their right ends one column, that of the dot's right neighbour."""
    columns = Counter(line.indent + len(str(line.number)) for line in lines if line.number is not None)
    wide = {line.indent + len(str(line.number)) for line in lines if line.number is not None and line.number > 9}
    narrow = {line.indent + 1 for line in lines if line.number is not None and line.number < 10}
    aligned = {column for column in wide & narrow if columns[column] > 2}
    return [
        replace(line, indent=line.indent + len(str(line.number)) - 1)
        if line.number is not None and line.indent + len(str(line.number)) in aligned
        else line
        for line in lines
    ]


def _carried(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines that say something, with the gaps above them; a mark alone on its line goes to the next one."""
    gap = 0
    mark: Line | None = None
    for line in lines:
        if not line.text:
            gap += line.gap or not line.listed
            mark = line if line.listed and (mark is None or not mark.listed or line.number is not None) else mark
            continue
        if mark and not line.listed and not (mark.bullet and line.indent < mark.indent - STEP):
            yield replace(line, gap=gap, indent=mark.indent, number=mark.number, bullet=mark.bullet)
        else:
            yield replace(line, gap=gap) if gap else line
        gap, mark = 0, None


def _broken(line: Line, following: Line, width: int) -> bool:
    if following.gap or following.listed or abs(following.indent - line.indent) > 6:
        return False
    return line.end + 1 + len(following.text.split(maxsplit=1)[0]) > width
