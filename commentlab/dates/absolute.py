"""Days with their year, in words and numbers, and months and years alone."""

import re
from collections.abc import Iterator
from datetime import date

from commentlab.dates.clocks import Found, with_time
from commentlab.dates.order import NUMERIC, Order, year_of
from commentlab.dates.words import months
from commentlab.records import Precision

WORD = r"(?P<m>[^\W\d_]{3,14})\.?"
DAY = r"(?<![\d:.,/-])(?P<d>\d{1,2})(?:st|nd|rd|th|er|re|º|ª|\.)?"
_YEAR = r"(?P<y>\d{4}|['’]\d\d)(?!\d)"
OF = r"(?:(?:of|de|del|di)\s{1,2}|d['’])?"
_FORMS = (
    re.compile(
        r"(?<![\d./-])(?P<y>\d{4})\s?[年년/.-]\s?(?P<m>\d{1,2})\s?[月월/.-]\s?(?P<d>\d{1,2})\s?(?:[日일.]|(?!\d|[/-]\w))"
    ),
    NUMERIC,
    *(
        re.compile(form, re.I)
        for form in (
            rf"{DAY}[\s./-]{{0,2}}{OF}{WORD}[\s,./-]{{0,2}}{OF}(?:{_YEAR}|(?P<yy>\d\d)(?![\d:.h]))",
            rf"\b{WORD}\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s{{1,2}}{_YEAR}",
            rf"\b{WORD}\s{{1,2}}(?P<d>\d{{1,2}})\s(?=\d\d:\d\d)(?P<t>[\d:]{{5,8}}(?:\s(?:[A-Z]{{3,4}}|[+-]\d{{4}}))?)\s{_YEAR}",
            rf"(?<!\d){_YEAR}\.\sgada\s(?P<d>\d{{1,2}})\.\s{WORD}",
            rf"(?<!\d){_YEAR}\.?\s(?:m\.\s)?{WORD}\s(?P<d>\d{{1,2}})(?!\d)",
        )
    ),
)
_LONG_YEAR = re.compile(r"\d{4}|['’]\d\d")
_SHORT = _FORMS[1:3]  # the forms that also take a year of two digits
_MONTH_ONLY = re.compile(rf"^{WORD},?\s{OF}(?P<y>\d{{4}})$|^(?P<y2>\d{{4}})(?:[-/.](?P<m2>\d\d?))?$", re.I)


def absolute(text: str, order: Order | None, *, strict: bool = False) -> Iterator[Found]:
    """Yield the dates in a text, form by form; `strict` leaves out those with neither a full year nor a time of day."""
    for form in _FORMS if _LONG_YEAR.search(text) else _SHORT:
        position = 0
        while match := form.search(text, position):
            position = match.start() + 1
            if day := _day(match, order):
                found = with_time(text, match, *day)
                if not strict or found.clock or len(match["y"] or "") == 4:
                    yield found
                position = match.end()


def _day(match: re.Match[str], order: Order | None) -> tuple[date, bool] | None:
    """Return the day that a match means, and whether day and month could be the other way round."""
    fields = match.groupdict()
    year = year_of(fields["y"] or fields.get("yy") or "")
    if "a" in fields:
        day, month = int(fields["a"]), int(fields["b"])
        # English pages write 10/1/2012 and English pages write am and pm; dots and dashes are European.
        american = order == "mdy" or (
            order is None and fields["s"] == "/" and bool(re.search(r"\d\s?[ap]\.?m", match.string, re.I))
        )
        open_question = day <= 12 and month <= 12
        if month > 12 or (open_question and american):
            day, month = month, day
        ambiguous = open_question and day != month and order is None and fields["s"] != "."
    else:
        month = int(fields["m"]) if fields["m"].isdecimal() else months().get(fields["m"].casefold(), 0)
        day, ambiguous = int(fields["d"]), False
    try:
        return (date(year, month, day), ambiguous) if is_plausible(year) else None
    except ValueError:
        return None


def is_plausible(year: int) -> bool:
    """Tell whether computers can have written a date of a year."""
    return 1970 <= year < 2100


def partial(text: str) -> Found | None:
    """Read a text that is nothing but a month with its year, or a year."""
    match = _MONTH_ONLY.match(text)
    if not match:
        return None
    month = months().get(match["m"].casefold(), 0) if match["m"] else int(match["m2"] or 1)
    year = int(match["y"] or match["y2"])
    if not (is_plausible(year) and 1 <= month <= 12):
        return None
    precision: Precision = "month" if match["m"] or match["m2"] else "year"
    return Found(day=date(year, month, 1), clock=None, precision=precision, span=match.span())
