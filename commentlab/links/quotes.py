"""Passages that comments quote, and an index that finds where they stand: its cost grows with the words alone."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from commentlab import text
from commentlab.records import Comment, Span

SHINGLE = 4
"""Words of a passage that must match in a row before it counts as a quote."""
LONG = 2 * SHINGLE
"""Words from which on a passage may differ from its source: it was trimmed, or a word was mended."""
ALIKE = 0.5
"""Share of a long passage's sequences of words that its source must have; of a shorter one, all of them."""
HOLDERS = 32
"""Places that are kept for a sequence of words: the first have said it, whoever comes later quotes as well."""
POST = -1
"""The place of the post."""

_MARKED = re.compile(
    r"“([^“”]{12,2000})”|„([^“”]{12,2000})[“”]|«([^»]{12,2000})»|\"([^\"]{12,2000})\"|^>[ >]*([^\s>].*(?:\n>.*)*)", re.M
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")

Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a comment that seems to quote, as its sequences of words."""

    span: Span
    shingles: tuple[Shingle, ...]

    @property
    def length(self) -> int:
        """Length in words."""
        return len(self.shingles) + SHINGLE - 1


def passages(comment: Comment) -> tuple[Passage, ...]:
    """Return what a comment seems to quote: marked quotes, then what stands in quotation marks or behind ">"."""
    marked = (match.span(match.lastindex or 0) for match in _MARKED.finditer(comment.text))
    spans = dict.fromkeys((*comment.quotes, *marked))
    found = (Passage(span=span, shingles=tuple(_shingles(comment.text[slice(*span)]))) for span in spans)
    return tuple(passage for passage in found if passage.shingles)


def _shingles(said: str) -> Iterator[Shingle]:
    words = text.words(_ADDRESS.sub(" ", said))
    return zip(*(words[offset:] for offset in range(SHINGLE)), strict=False)


@dataclass(frozen=True, slots=True)
class Index:
    """Where the sequences of words stand that somebody quotes, in the order in which they were taken in."""

    holders: dict[Shingle, list[int]] = field(default_factory=dict)

    def expect(self, quoted: Iterable[Sequence[Passage]]) -> None:
        """Say what will be looked for; nothing else is kept."""
        for each in quoted:
            for passage in each:
                self.holders.update((shingle, []) for shingle in passage.shingles)

    def take(self, place: int, said: str) -> None:
        """Take in the text of a place."""
        for shingle in self.holders.keys() & set(_shingles(said)) if self.holders else ():
            if len(self.holders[shingle]) < HOLDERS:
                self.holders[shingle].append(place)

    def sources(self, passage: Passage) -> list[int]:
        """Return the places that have enough of a passage, those with the most of it first, then the earliest."""
        # What everybody says tells nothing, unless the passage is nothing else.
        telling = [each for each in passage.shingles if len(self.holders[each]) < HOLDERS] or passage.shingles
        counts = Counter(place for shingle in telling for place in self.holders[shingle])
        needed = len(telling) * (ALIKE if passage.length >= LONG else 1)
        return sorted((place for place in counts if counts[place] >= needed), key=lambda place: (-counts[place], place))
