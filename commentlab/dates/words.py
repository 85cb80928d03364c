"""The words that dates are made of, as data: months, weekdays, units of time, zones; about thirty languages.

Names come from the Unicode CLDR, as Babel ships it; the tables hold what it lacks.
"""

import re
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Literal

from commentlab.records import Precision

# The first language that has a word wins: "listopad" is November in Polish and Czech, October in Croatian.
_LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs sk sl hu ro ru uk bg el tr et lv lt ca gl eu is hr de_AT zh ja ko"
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
# What CLDR lacks: forms that WordPress, Blogger and mail programs print.
_MONTHS = {"sept": 9, "mrz": 3, "mär": 3, "fev": 2, "agos": 8, "dic": 12, "kvě": 5}
ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2}
ZONES |= {"eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8}
ZONES |= {"pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12}
SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_746,
    "year": 31_556_952,
}
# `When` knows no hours or weeks: a time is never said to be finer than it was written.
FINENESS: dict[str, Precision] = {"second": "second", "minute": "minute", "hour": "day", "day": "day", "week": "month"}
_DAYS_AGO = {0: "today heute aujourd'hui hoy oggi hoje vandaag idag dzisiaj сегодня 今天 今日 오늘"}
_DAYS_AGO[1] = "yesterday gestern hier ayer ieri ontem gisteren igår wczoraj вчера 昨天 昨日 어제"
_UNITS = {
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
    "dager": "day",
}
_AGO = {"ago", "her", "zuvor", "atrás", "atras", "earlier"}
TOKEN = re.compile(r"\d+|[^\W\d_]+")


@cache
def months() -> dict[str, int]:
    """Return the months by their names, January is 1."""
    from babel.dates import get_month_names

    table = dict(_MONTHS)
    for language, width, context in product(_LANGUAGES.split(), _WIDTHS, _CONTEXTS):
        for number, name in get_month_names(width, context, language).items():
            table.setdefault(name.casefold().strip("."), number)
    return table


@cache
def weekdays() -> dict[str, int]:
    """Return the weekdays by their names, Monday is 0; the first language that has a word wins."""
    from babel.dates import get_day_names

    table: dict[str, int] = {}
    for language, width in product(_LANGUAGES.split(), _WIDTHS):
        for number, name in get_day_names(width, "format", language).items():
            table.setdefault(name.casefold().strip("."), number)
    return table


@cache
def days_ago() -> dict[str, int]:
    """Return how many days ago "today" and "yesterday" were."""
    return {word: days for days, words in _DAYS_AGO.items() for word in words.split()}


@cache
def units() -> tuple[dict[str, str], frozenset[str]]:
    """Return the unit that a word stands for, and the words that say that a span of time lies in the past."""
    from babel.dates import format_timedelta

    table = dict(_UNITS)
    markers = set(_AGO)
    for language, unit, width, count in product(_LANGUAGES.split(), SECONDS, ("long", "short"), (1, 2, 5)):
        past = timedelta(seconds=-count * SECONDS[unit])
        phrase = format_timedelta(past, unit, 1e9, add_direction=True, format=width, locale=language)  # type: ignore[arg-type]
        before, *after = re.split(r"[-−]?\d+", phrase.casefold())
        following = TOKEN.findall("".join(after))
        if following:
            table.setdefault(following[0], unit)
            markers.update(word for word in (*TOKEN.findall(before), *following[1:]) if len(word) > 1 or word == "전")
            # Chinese and Japanese write unit and "ago" as one word.
            markers.update(word for word in following if word.endswith("前"))
    return table, frozenset(markers)
