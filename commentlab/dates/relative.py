"""Dates that only another time can tell: "3 days ago", "yesterday"."""

import re
from datetime import date, timedelta
from itertools import pairwise

from commentlab.dates.clocks import Found, with_time
from commentlab.dates.words import FINENESS, SECONDS, TOKEN, days_ago, units
from commentlab.records import Precision, Span

LONGEST = 100 * SECONDS["year"]
"""Seconds that a date can lie in the past."""

_ONE = re.compile(r"\b(?:an?|one|ein(?:e[mnrs]?)?|une?|uno|una|uma?|een|ett?|jeden|jedną)(?=\s+[^\W\d])")

_COUNTED = re.compile(r"\d[\W_]*([^\W\d_]+)")


def past(text: str) -> tuple[timedelta, Precision] | None:
    """Read "3 days ago" and "50 Minuten 46 Sekunden her": every number has a unit, and something says "ago"."""
    names, markers = units()
    tokens = TOKEN.findall(_ONE.sub("1", text.casefold()))
    seconds, finest = 0, ""
    for number, word in pairwise(tokens):
        if number.isdecimal():
            if word not in names or len(number) > 4:
                return None
            finest = names[word]
            seconds += int(number) * SECONDS[finest]
    if not finest or seconds > LONGEST or not any(token in markers for token in tokens):
        return None
    return timedelta(seconds=seconds), FINENESS.get(finest, finest)  # type: ignore[arg-type]


def day(text: str, today: date) -> Found | None:
    """Read "yesterday" and "today at 10:22"."""
    word = TOKEN.match(text)
    if not word or word[0].casefold() not in days_ago():
        return None
    return with_time(text, word, today - timedelta(days=days_ago()[word[0].casefold()]))


def spans(text: str) -> list[Span]:
    """Return where relative dates stand in a short line: a number with its unit and the word that says "ago"."""
    names, markers = units()
    text = text.casefold() if len(text) <= 200 else ""
    if names.keys().isdisjoint(_COUNTED.findall(text)):
        return []
    tokens = list(TOKEN.finditer(text))
    found: list[Span] = []
    for i, token in enumerate(tokens[:-1]):
        if token[0].isdecimal() and tokens[i + 1][0] in names:
            near = tokens[max(0, i - 3) : i + 3]
            said = [each for each in near if each[0] in markers]
            if said:
                found.append((min(token.start(), said[0].start()), max(tokens[i + 1].end(), said[-1].end())))
    return found
