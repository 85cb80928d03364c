"""The order of day and month in dates of numbers: what the other dates of a thread and weekdays tell."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from commentlab.dates.clocks import LAST_WORD
from commentlab.dates.words import weekdays

Order = Literal["dmy", "mdy", "ymd"]
NUMERIC = re.compile(
    r"(?<![\d.,:/-])(?P<a>\d{1,2})(?P<s>[./-])\s?(?P<b>\d{1,2})(?:(?P=s)\s?|,\s)(?P<y>\d{4}|\d\d)(?![\d:]|[./-]\d)",
    re.I,
)
"""Two numbers, of which either may be the day (`a`, `b`), and a year."""


def order_of(raws: Iterable[str]) -> Order | None:
    """Return the order of day and month that the unambiguous dates of a thread tell; None where nothing tells."""
    for raw in raws:
        for match in NUMERIC.finditer(raw[:200]):
            first, second = int(match["a"]), int(match["b"])
            if max(first, second) <= 31 and (first > 12) != (second > 12):
                return "dmy" if first > 12 else "mdy"
            if order := _order_by_weekday(raw, match, first, second):
                return order
    return None


def _order_by_weekday(text: str, match: re.Match[str], first: int, second: int) -> Order | None:
    """Return the order in which "Tue, 01/06/2009" fell on the weekday that stands before it."""
    word = LAST_WORD.search(text, max(0, match.start() - 18), match.start())
    weekday = weekdays().get(word[1].casefold()) if word else None
    if weekday is None or first == second or not (1 <= first <= 12 and 1 <= second <= 12):
        return None
    year = year_of(match["y"])
    month_first, day_first = (date(year, *pair).weekday() == weekday for pair in ((first, second), (second, first)))
    return None if month_first == day_first else "mdy" if month_first else "dmy"


def year_of(digits: str) -> int:
    """Return the year that four digits, two, or an apostrophe and two stand for."""
    number = int(digits.strip("'’"))
    return number if number > 99 else number + (1900 if number >= 70 else 2000)  # POSIX strptime, %y
