"""Where the sentences of a text stand."""

import re
from collections.abc import Iterator

from commentlab.records import Span

LANGUAGE = "en"
"""The language that cues in sentences are looked for in."""

# An end: a stop with what closes behind it and a space, or the end of a line. Runs are never looked at twice.
_END = re.compile(r"(?<![.!?…])[.!?…]++[”’»\"')\]]*+(?=\s++[“‘«\"'(\[]*+(\w)|\Z|(?<=…)(?=[A-Z]))|[。！？]++|\n++|\Z")
_SHORT = re.compile(
    r"\b(?:(?:Mrs?|Ms|Drs?|Prof|Gen|Col|Lt|Sgt|Capt|St|Jr|Sr|vs|approx|e\.g|i\.e|cf|No|Inc|Ltd)|[A-Z])\.$"
)
_LONGEST_SHORT = 8


def spans(text: str) -> Iterator[Span]:
    """Yield the spans of the sentences of a text, without the space around them.

    A stop behind an abbreviation or an initial, or before a small letter, ends no sentence.
    """
    start = 0
    for end in _END.finditer(text):
        stop = end.start() if end[0].startswith("\n") else end.end()
        if end[0] == "." and (
            (end[1] or "").islower() or _SHORT.search(text[max(start, stop - _LONGEST_SHORT) : stop])
        ):
            continue
        words = text[start:stop]
        if words.strip():
            left = start + len(words) - len(words.lstrip())
            yield left, left + len(words.strip())
        start = end.end()
