"""Days whose year only another date tells: "20 June", "14 Mar, 10:22", "März 14 um 10:22"."""

import re
from collections.abc import Iterator
from datetime import date

from commentlab.dates.absolute import DAY, OF, WORD
from commentlab.dates.clocks import Found, with_time
from commentlab.dates.words import months
from commentlab.records import Span

_FORMS = (
    re.compile(rf"{DAY}[\s.-]{{0,2}}{OF}{WORD}", re.I),
    re.compile(rf"\b{WORD}\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)", re.I),
)
_MINUTES = re.compile(r"\d\s?[:.h時时点點시]\s?\d\d")


def read(text: str, limit: date) -> Found | None:
    """Read the first day of a text in the last year in which it does not lie behind `limit`."""
    for form in _FORMS:
        match = form.search(text)
        month = months().get(match["m"].casefold(), 0) if match else 0
        if match and month:
            day = _latest(month, int(match["d"]), limit)
            return with_time(text, match, day) if day else None
    return None


def spans(text: str) -> list[Span]:
    """Return where days stand with a time of day of hours and minutes; without one, "May 3" is hardly a date."""
    return sorted(_timed(text)) if _MINUTES.search(text) else []


def _timed(text: str) -> Iterator[Span]:
    end = 0
    for form in _FORMS:
        for match in form.finditer(text):
            month = months().get(match["m"].casefold(), 0)
            day = _latest(month, int(match["d"]), date(2000, 12, 31)) if month and match.start() >= end else None
            found = with_time(text, match, day) if day else None
            if found and found.clock and _MINUTES.search(text, *found.span):
                end = found.span[1]
                yield found.span[0], found.span[0] + len(text[slice(*found.span)].rstrip())


def _latest(month: int, day: int, limit: date) -> date | None:
    for year in range(limit.year, limit.year - 5, -1):  # 29 February comes every four years
        try:
            if (found := date(year, month, day)) <= limit:
                return found
        except ValueError:
            continue
    return None
