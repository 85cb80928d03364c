"""What recurs around the entries of a page and belongs to none of them: buttons, votes, ranks, avatars' labels.

It is learnt from repetition: a line that stands at the edge of many entries, whatever its numbers and whosever name it
holds, was printed by software.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commentlab import phrases
from commentlab.plain.lines import Line

EDGE = 12
"""Lines at either end of an entry that may be furniture."""
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"^[+−-]?\d{1,6}(?:[.,]\d{1,3})?\s?[km]?$|^\W{0,3}#?\d{1,5}\W{0,2}$|^\d\d?:\d\d(?:\s?[ap]\.?m\.?)?$", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The lines between two bylines, `[start, end)`, and the names in those bylines."""

    start: int
    end: int
    author: str | None = None
    following: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Patterns of lines that recur at the edges of entries, and those of them that end most entries."""

    patterns: frozenset[str]
    closing: frozenset[str]


def pattern(line: str, names: Iterable[str | None] = ()) -> str:
    """Return what a line has in common with its likes on other entries: without numbers and the authors' names."""
    key = line.casefold()
    for name in names:
        if name and len(name) > 2:
            key = key.replace(name.casefold(), "@")
    return _DIGITS.sub("0", key)


def is_number(line: str) -> bool:
    """Tell whether a line is only a number: votes, a rank, the number of a post."""
    return bool(_NUMBER.match(line))


def learn(lines: Sequence[Line], segments: Sequence[Segment]) -> Furniture:
    """Return what recurs at the edges of the segments of one page."""
    edges: Counter[str] = Counter()
    closing: Counter[str] = Counter()
    writers: dict[str, set[str | None]] = defaultdict(set)
    for segment in segments:
        names = (segment.author, segment.following)
        size = segment.end - segment.start
        head = range(segment.start, segment.start + min(EDGE, size))
        tail = range(segment.end - min(EDGE, size), segment.end)
        edge = [lines[i].text for i in {*head, *tail} if not _is_body(lines[i].text)]
        found = {key for line in edge for key in (pattern(line, names), _label(line)) if key}
        edges.update(found)
        for key in found:
            writers[key].add(segment.author)
        closing.update({pattern(lines[i].text, names) for i in tail if phrases.is_leftover(lines[i].text)})
    often, most = max(3, 0.5 * len(segments)), max(3, 0.8 * len(segments))
    # How one person always signs is no furniture.
    alone = {key for key, who in writers.items() if len(who) == 1 and who != {None}}
    return Furniture(
        patterns=frozenset(key for key, count in edges.items() if count >= (most if key.endswith(" …") else often))
        - alone
        | {"0"},
        closing=frozenset(key for key, count in closing.items() if count >= max(2, 0.6 * len(segments))),
    )


def peel(lines: Sequence[Line], segment: Segment, known: Furniture) -> tuple[int, int]:
    """Return a segment without the furniture at its edges, as `(start, end)`."""
    names = (segment.author, segment.following)
    start, end = segment.start, segment.end
    while start < end and _is_furniture(lines[start].text, names, known):
        start += 1
    while end > start and _is_furniture(lines[end - 1].text, names, known):
        end -= 1
    return start, end


def is_text(line: Line) -> bool:
    """Tell whether a line may be part of a text: it is no button, number or rank."""
    return bool(line.text) and not (phrases.is_leftover(line.text) or is_number(line.text) or is_role(line.text))


def is_prose(line: Line) -> bool:
    """Tell whether a line is a sentence, not a label or a title."""
    return len(line.text) > 160 or line.text.endswith((".", "!", "?", "…"))


def is_role(line: str) -> bool:
    """Tell whether a whole line marks the author of the post."""
    return phrases.is_role(line) and len(line.split()) <= 3


def _label(line: str) -> str:
    """Return the label of a line such as "Location: Norway" or "Posts 312"; empty where it has none."""
    if len(line) > 60:
        return ""
    label, colon, _ = line.partition(":")
    words = line.split()
    if colon and len(label.split()) <= 3:
        return f"{label.casefold()}:"
    return f"{words[0].casefold()} …" if 2 <= len(words) <= 4 else ""


def _is_body(line: str) -> bool:
    """Tell whether a line is a sentence or the excerpt of a page that links here, which may be repeated or quoted."""
    return len(line) >= 100 or line.endswith((".", "!", "?", "…")) or line.startswith(("[…]", "[...]"))


def _is_furniture(line: str, names: tuple[str | None, ...], known: Furniture) -> bool:
    return (
        not line
        or phrases.is_leftover(line)
        or is_number(line)
        or (not known.patterns.isdisjoint((pattern(line, names), _label(line))) and not phrases.is_nobody(line))
        or is_role(line)
    )
