"""Times of day, and where they stand beside a day: half of the day, seconds, zone, the weekday before the date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone, tzinfo

from commentlab.dates.words import ZONES, weekdays
from commentlab.records import Precision, Span

_HALF = r"(?P<{}>[ap]\.?\s?m\b\.?|[πμ]\.?\s?μ\.?|[上下]午|午[前後]|오[전후]|凌晨|早上|中午|晚上)"
_TIME = re.compile(
    rf"(?<![\d:.])(?:{_HALF.format('h1')}\s?)?(?P<H>\d{{1,2}})"
    r"(?:\s?(?:[:.時时点點시]|h(?:rs?)?)\s?(?P<M>\d\d)(?!\d)(?:\s?[:.分분]\s?(?P<S>\d\d)(?!\d)(?:\.\d{1,9})?[秒초]?)?\s?[分분]?)?"
    rf"(?:\s{{0,2}}{_HALF.format('h2')}|\s?(?P<unit>uhr|hrs?\b|h\b|時|时|点|시))?"
    r"(?:\s?\(?(?P<zone>z|[a-z]{2,4}t|[a-z]{1,2}tc|mez|mesz|msk)\b)?(?:\s?(?P<sign>[+-])(?P<oh>\d\d?):?(?P<om>\d\d)?(?!\d))?",
    re.I,
)
_NO_LETTER = re.compile(r"\W")
_GLUE = re.compile(
    r"T(?=\d\d:)|[\s.,;|/•·@(–—-]{0,4}"
    r"(?:(?:at|um|on|à|a las?|a les|alle|or[ae]|às|as|om|kl|klo|kell|[oоuvв]|d|ob|la|saat|στις)\b\.?\s{0,2})?",
    re.I,
)
LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,14})([.,]{0,2})\s{0,2}(?:den\s|the\s)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A date and its time of day inside a text, before a zone is settled."""

    day: date
    clock: time | None
    precision: Precision
    span: Span
    ambiguous: bool = False


def with_time(text: str, match: re.Match[str], day: date, ambiguous: bool = False) -> Found:
    """Return the day of a match with the weekday before it and the time of day that follows it or stands before it."""
    start, end = _weekday(text, match.start()), match.end()
    hour = _TIME.match(stated) if "t" in match.re.groupindex and (stated := match["t"]) else None
    if hour is None:
        for candidate in _beside(text, start, end):
            if clock(candidate):
                hour, start, end = candidate, min(start, candidate.start()), max(end, candidate.end())
                break
    told = clock(hour)
    precision: Precision = "day" if not told else "second" if hour and hour["S"] else "minute"
    return Found(day=day, clock=told, precision=precision, span=(start, end), ambiguous=ambiguous)


def _beside(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
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
    word = LAST_WORD.search(text, max(0, start - 18), start)
    if not word or word[1].casefold() not in weekdays() or (len(word[1]) == 2 and not word[2]):
        return start  # "on 1 October": two letters are a weekday only with a comma or a dot
    return word.start()


def clock(match: re.Match[str] | None) -> time | None:
    """Return the time of day of a match; None where it is only a number."""
    if not match:
        return None
    hours, minutes, seconds, before, after, unit = match.group("H", "M", "S", "h1", "h2", "unit")
    if not (minutes or before or after or unit):
        return None
    hour = int(hours)
    if (before or after) and hour <= 12:
        half = _NO_LETTER.sub("", before or after).casefold()
        late = half[0] == "p" or half in ("下午", "午後", "오후", "晚上", "中午", "μμ")
        hour = hour % 12 + 12 * late if half != "中午" or hour < 3 else hour
    try:
        return time(hour, int(minutes or 0), int(seconds or 0), tzinfo=_offset(match))
    except ValueError:
        return None


def _offset(match: re.Match[str]) -> tzinfo | None:
    zone, sign = match.group("zone", "sign")
    if sign:
        minutes = int(match["oh"]) * 60 + int(match["om"] or 0)
        return timezone(timedelta(minutes=-minutes if sign == "-" else minutes)) if minutes < 1440 else None
    hours = ZONES.get(zone.casefold()) if zone else None
    return None if hours is None else timezone(timedelta(hours=hours))
