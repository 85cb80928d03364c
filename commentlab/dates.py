"""Dates as people and programs write them, in about thirty languages: string in, `When` out; nothing here raises.

Names of months, weekdays and units of time come from the Unicode CLDR, as Babel ships it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from itertools import pairwise, product
from typing import Literal

from commentlab.records import Precision, Span, When

Order = Literal["dmy", "mdy", "ymd"]

# The first language that has a word wins: "listopad" is November in Polish and Czech, October in Croatian.
_LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs sk sl hu ro ru uk bg el tr et lv lt ca gl eu is hr de_AT zh ja ko"
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
# What CLDR lacks: forms that WordPress, Blogger and mail programs print.
_MONTHS = {"sept": 9, "mrz": 3, "mär": 3, "fev": 2, "agos": 8, "dic": 12, "kvě": 5}
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2}
_ZONES |= {"eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8}
_ZONES |= {"pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12}
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_746,
    "year": 31_556_952,
}
# `When` knows no hours or weeks: a time is never said to be finer than it was written.
_FINENESS: dict[str, Precision] = {"second": "second", "minute": "minute", "hour": "day", "day": "day", "week": "month"}
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
_ONE = re.compile(r"\b(?:an?|one|ein(?:e[mnrs]?)?|une?|uno|una|uma?|een|ett?|jeden|jedną)(?=\s+[^\W\d])")

_WORD = r"(?P<m>[^\W\d_]{3,14})\.?"
_DAY = r"(?<![\d:.,/-])(?P<d>\d{1,2})(?:st|nd|rd|th|er|re|º|ª|\.)?"
_YEAR = r"(?P<y>\d{4}|['’]\d\d)(?!\d)"
_OF = r"(?:(?:of|de|del|di)\s{1,2}|d['’])?"
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        r"(?<![\d./-])(?P<y>\d{4})\s?[年년/.-]\s?(?P<m>\d{1,2})\s?[月월/.-]\s?(?P<d>\d{1,2})\s?(?:[日일.]|(?!\d|[/-]\w))",
        r"(?<![\d.,:/-])(?P<a>\d{1,2})(?P<s>[./-])\s?(?P<b>\d{1,2})(?:(?P=s)\s?|,\s)(?P<y>\d{4}|\d\d)(?![\d:]|[./-]\d)",
        rf"{_DAY}[\s./-]{{0,2}}{_OF}{_WORD}[\s,./-]{{0,2}}{_OF}(?:{_YEAR}|(?P<yy>\d\d)(?![\d:.h]))",
        rf"\b{_WORD}\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s{{1,2}}{_YEAR}",
        rf"\b{_WORD}\s{{1,2}}(?P<d>\d{{1,2}})\s(?=\d\d:\d\d)(?P<t>[\d:]{{5,8}}(?:\s(?:[A-Z]{{3,4}}|[+-]\d{{4}}))?)\s{_YEAR}",
        rf"(?<!\d){_YEAR}\.\sgada\s(?P<d>\d{{1,2}})\.\s{_WORD}",
        rf"(?<!\d){_YEAR}\.?\s(?:m\.\s)?{_WORD}\s(?P<d>\d{{1,2}})(?!\d)",
    )
)
_YEARLESS = (
    re.compile(rf"{_DAY}[\s.-]{{0,2}}{_OF}{_WORD}", re.I),
    re.compile(rf"\b{_WORD}\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)", re.I),
)
_MONTH_ONLY = re.compile(rf"^{_WORD},?\s{_OF}(?P<y>\d{{4}})$|^(?P<y2>\d{{4}})(?:[-/.](?P<m2>\d\d?))?$", re.I)
_HALF = r"(?P<{}>[ap]\.?\s?m\b\.?|[πμ]\.?\s?μ\.?|[上下]午|午[前後]|오[전후]|凌晨|早上|中午|晚上)"
_TIME = re.compile(
    rf"(?<![\d:.])(?:{_HALF.format('h1')}\s?)?(?P<H>\d{{1,2}})"
    r"(?:\s?(?:[:.時时点點시]|h(?:rs?)?)\s?(?P<M>\d\d)(?!\d)(?:\s?[:.分분]\s?(?P<S>\d\d)(?!\d)(?:\.\d{1,9})?[秒초]?)?\s?[分분]?)?"
    rf"(?:\s{{0,2}}{_HALF.format('h2')}|\s?(?P<unit>uhr|hrs?\b|h\b|時|时|点|시))?"
    r"(?:\s?\(?(?P<zone>z|[a-z]{2,4}t|[a-z]{1,2}tc|mez|mesz|msk)\b)?(?:\s?(?P<sign>[+-])(?P<oh>\d\d?):?(?P<om>\d\d)?(?!\d))?",
    re.I,
)
_GLUE = re.compile(
    r"T(?=\d\d:)|[\s.,;|/•·@(–—-]{0,4}"
    r"(?:(?:at|um|on|à|a las?|a les|alle|or[ae]|às|as|om|kl|klo|kell|[oоuvв]|d|ob|la|saat|στις)\b\.?\s{0,2})?",
    re.I,
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,14})([.,]{0,2})\s{0,2}(?:den\s|the\s)?$")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A date and its time of day inside a text, before a zone is settled."""

    day: date
    clock: time | None
    precision: Precision
    span: Span
    ambiguous: bool = False


def parse(raw: str, *, zone: tzinfo | None = None, now: datetime | None = None, order: Order | None = None) -> When:
    """Say when `raw` was.

    Args:
        raw: One date as it was written, perhaps with a word or two around it.
        zone: Zone of a date that states none; UTC where it is None.
        now: Time (aware) against which "3 days ago" and "June 20" are read; without it they stay unknown.
        order: Order of day, month and year in purely numeric dates.

    Returns:
        The date with its precision; `time` is None where it cannot be understood.
    """
    text = unicodedata.normalize("NFC", " ".join(raw[:200].split()))
    zone = zone or UTC
    if _EPOCH.fullmatch(text):
        number = float(text)
        stamp = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        return When(time=stamp if _plausible(stamp.year) else None, raw=raw)
    if found := next(_absolute(text, order), None) or _partial(text, now):
        return _when(found, raw, zone)
    ago = _relative(text) if now else None
    if now and ago:
        return When(time=now - ago[0], raw=raw, precision=ago[1])
    return When(time=None, raw=raw)


def _when(found: _Found, raw: str, zone: tzinfo) -> When:
    clock = found.clock or time()
    return When(
        time=datetime.combine(found.day, clock, clock.tzinfo or zone),
        raw=raw,
        precision=found.precision,
        zone_assumed=clock.tzinfo is None,
        ambiguous=found.ambiguous,
    )


def first(text: str) -> When | None:
    """Return the first date that stands in a line, as `find` sees it, with UTC where it states no zone."""
    if not any(character.isdigit() for character in text):
        return None
    found = next(_absolute(text, None, strict=True), None)
    if found:
        return _when(found, text[slice(*found.span)].strip(), UTC)
    return next((When(time=None, raw=text[slice(*span)]) for span in _phrases(text)), None)


def find(text: str) -> list[Span]:
    """Return where dates, with their times of day and weekdays, stand in a line; a number alone is never one."""
    if not any(character.isdigit() for character in text):
        return []
    spans: list[Span] = []
    for found in sorted(_absolute(text, None, strict=True), key=lambda each: (each.span[0], -each.span[1])):
        if not spans or found.span[0] >= spans[-1][1]:
            start, end = found.span
            spans.append((start, start + len(text[start:end].rstrip())))
    return spans or _phrases(text)


def order_of(raws: Iterable[str]) -> Order | None:
    """Return the order of day and month that the unambiguous dates of a thread tell; None where nothing tells."""
    for raw in raws:
        for match in _FORMS[1].finditer(raw[:200]):
            first, second = int(match["a"]), int(match["b"])
            if max(first, second) <= 31 and (first > 12) != (second > 12):
                return "dmy" if first > 12 else "mdy"
            if order := _order_by_weekday(raw, match, first, second):
                return order
    return None


def _order_by_weekday(text: str, match: re.Match[str], first: int, second: int) -> Order | None:
    """Return the order in which "Tue, 01/06/2009" fell on the weekday that stands before it."""
    word = _LAST_WORD.search(text, max(0, match.start() - 18), match.start())
    weekday = _weekdays().get(word[1].casefold()) if word else None
    if weekday is None or first == second or not (1 <= first <= 12 and 1 <= second <= 12):
        return None
    year = _year(match["y"])
    month_first, day_first = (date(year, *pair).weekday() == weekday for pair in ((first, second), (second, first)))
    return None if month_first == day_first else "mdy" if month_first else "dmy"


def _absolute(text: str, order: Order | None, *, strict: bool = False) -> Iterator[_Found]:
    for form in _FORMS:
        position = 0
        while match := form.search(text, position):
            position = match.start() + 1
            if day := _day(match, order):
                found = _with_time(text, match, *day)
                if not strict or found.clock or len(match["y"] or "") == 4:
                    yield found
                position = match.end()


def _day(match: re.Match[str], order: Order | None) -> tuple[date, bool] | None:
    """Return the day that a match means, and whether day and month could be the other way round."""
    fields = match.groupdict()
    year = _year(fields["y"] or fields.get("yy") or "")
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
        month = int(fields["m"]) if fields["m"].isdecimal() else _months().get(fields["m"].casefold(), 0)
        day, ambiguous = int(fields["d"]), False
    try:
        return (date(year, month, day), ambiguous) if _plausible(year) else None
    except ValueError:
        return None


def _year(digits: str) -> int:
    number = int(digits.strip("'’"))
    return number if number > 99 else number + (1900 if number >= 70 else 2000)  # POSIX strptime, %y


def _plausible(year: int) -> bool:
    return 1970 <= year < 2100


def _with_time(text: str, match: re.Match[str], day: date, ambiguous: bool = False) -> _Found:
    """Add the weekday, and the time of day that follows the date or stands before it."""
    start, end = _weekday(text, match.start()), match.end()
    hour = _TIME.match(stated) if (stated := match.groupdict().get("t")) else None
    if hour is None:
        for candidate in _times_beside(text, start, end):
            if _clock(candidate):
                hour, start, end = candidate, min(start, candidate.start()), max(end, candidate.end())
                break
    clock = _clock(hour)
    precision: Precision = "day" if not clock else "second" if hour and hour["S"] else "minute"
    return _Found(day=day, clock=clock, precision=precision, span=(start, end), ambiguous=ambiguous)


def _times_beside(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    glue = _GLUE.match(text, end)
    if after := _TIME.match(text, glue.end() if glue else end):
        yield after
    position = max(0, start - 24)
    while before := _TIME.search(text, position, start):
        if _GLUE.fullmatch(text, before.end(), start):
            yield before
        position = before.end()


def _weekday(text: str, start: int) -> int:
    """Return where a date begins that may have a weekday before it."""
    word = _LAST_WORD.search(text, max(0, start - 18), start)
    if not word or word[1].casefold() not in _weekdays() or (len(word[1]) == 2 and not word[2]):
        return start  # "on 1 October": two letters are a weekday only with a comma or a dot
    return word.start()


def _clock(match: re.Match[str] | None) -> time | None:
    """Return the time of day of a match; None where it is only a number."""
    if not match or not (match["M"] or match["h1"] or match["h2"] or match["unit"]):
        return None
    hour, half = int(match["H"]), re.sub(r"\W", "", match["h1"] or match["h2"] or "").casefold()
    if half and hour <= 12:
        late = half[0] == "p" or half in ("下午", "午後", "오후", "晚上", "中午", "μμ")
        hour = hour % 12 + 12 * late if half != "中午" or hour < 3 else hour
    try:
        return time(hour, int(match["M"] or 0), int(match["S"] or 0), tzinfo=_offset(match))
    except ValueError:
        return None


def _offset(match: re.Match[str]) -> tzinfo | None:
    hours = _ZONES.get((match["zone"] or "").casefold())
    if match["sign"]:
        minutes = int(match["oh"]) * 60 + int(match["om"] or 0)
        return timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes)) if minutes < 1440 else None
    return None if hours is None else timezone(timedelta(hours=hours))


def _partial(text: str, now: datetime | None) -> _Found | None:
    """Read a month, a year, or a day whose year only `now` can tell."""
    if match := _MONTH_ONLY.match(text):
        month = _months().get(match["m"].casefold(), 0) if match["m"] else int(match["m2"] or 1)
        year = int(match["y"] or match["y2"])
        if not (_plausible(year) and 1 <= month <= 12):
            return None
        precision: Precision = "month" if match["m"] or match["m2"] else "year"
        return _Found(day=date(year, month, 1), clock=None, precision=precision, span=match.span())
    for form in _YEARLESS if now else ():
        match = form.search(text)
        month = _months().get(match["m"].casefold(), 0) if match else 0
        if now and match and month:
            day = _latest(month, int(match["d"]), now.date() + timedelta(days=1))
            return _with_time(text, match, day) if day else None
    word = _TOKEN.match(text)
    if now and word and word[0].casefold() in _days_ago():
        return _with_time(text, word, now.date() - timedelta(days=_days_ago()[word[0].casefold()]))
    return None


def _latest(month: int, day: int, limit: date) -> date | None:
    for year in range(limit.year, limit.year - 5, -1):  # 29 February comes every four years
        try:
            if (found := date(year, month, day)) <= limit:
                return found
        except ValueError:
            continue
    return None


def _relative(text: str) -> tuple[timedelta, Precision] | None:
    """Read "3 days ago" and "50 Minuten 46 Sekunden her": every number has a unit, and something says "ago"."""
    units, markers = _units()
    tokens = _TOKEN.findall(_ONE.sub("1", text.casefold()))
    seconds, finest = 0, ""
    for number, word in pairwise(tokens):
        if number.isdecimal():
            if word not in units or len(number) > 4:
                return None
            finest = units[word]
            seconds += int(number) * _SECONDS[finest]
    if not finest or not any(token in markers for token in tokens):
        return None
    return timedelta(seconds=seconds), _FINENESS.get(finest, finest)  # type: ignore[arg-type]


def _phrases(text: str) -> list[Span]:
    """Return where relative dates stand in a short line: a number with its unit and the word that says "ago"."""
    units, markers = _units()
    tokens = list(_TOKEN.finditer(text.casefold())) if len(text) <= 200 else []
    spans: list[Span] = []
    for i, token in enumerate(tokens[:-1]):
        if token[0].isdecimal() and tokens[i + 1][0] in units:
            near = tokens[max(0, i - 3) : i + 3]
            said = [each for each in near if each[0] in markers]
            if said:
                spans.append((min(token.start(), said[0].start()), max(tokens[i + 1].end(), said[-1].end())))
    return spans


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names

    table = dict(_MONTHS)
    for language, width, context in product(_LANGUAGES.split(), _WIDTHS, _CONTEXTS):
        for number, name in get_month_names(width, context, language).items():
            table.setdefault(name.casefold().strip("."), number)
    return table


@cache
def _weekdays() -> dict[str, int]:
    """Return the weekdays by their names, Monday is 0; the first language that has a word wins."""
    from babel.dates import get_day_names

    table: dict[str, int] = {}
    for language, width in product(_LANGUAGES.split(), _WIDTHS):
        for number, name in get_day_names(width, "format", language).items():
            table.setdefault(name.casefold().strip("."), number)
    return table


@cache
def _days_ago() -> dict[str, int]:
    return {word: days for days, words in _DAYS_AGO.items() for word in words.split()}


@cache
def _units() -> tuple[dict[str, str], frozenset[str]]:
    """Return the unit that a word stands for, and the words that say that a span of time lies in the past."""
    from babel.dates import format_timedelta

    units = dict(_UNITS)
    markers = set(_AGO)
    for language, unit, width, count in product(_LANGUAGES.split(), _SECONDS, ("long", "short"), (1, 2, 5)):
        past = timedelta(seconds=-count * _SECONDS[unit])
        phrase = format_timedelta(past, unit, 1e9, add_direction=True, format=width, locale=language)  # type: ignore[arg-type]
        before, *after = re.split(r"[-−]?\d+", phrase.casefold())
        following = _TOKEN.findall("".join(after))
        if following:
            units.setdefault(following[0], unit)
            markers.update(word for word in (*_TOKEN.findall(before), *following[1:]) if len(word) > 1 or word == "전")
            # Chinese and Japanese write unit and "ago" as one word.
            markers.update(word for word in following if word.endswith("前"))
    return units, frozenset(markers)
