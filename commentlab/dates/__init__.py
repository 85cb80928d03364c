"""Dates as people and programs write them, in about thirty languages: string in, `When` out; nothing here raises.

Names of months, weekdays and units of time come from the Unicode CLDR, as Babel ships it.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from commentlab.dates import relative, yearless
from commentlab.dates.absolute import absolute, is_plausible, partial
from commentlab.dates.clocks import Found
from commentlab.dates.order import Order, order_of
from commentlab.records import Span, When

__all__ = ["Order", "find", "first", "order_of", "parse", "with_years"]

_DAY = timedelta(days=1)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_NUMBERS = re.compile(r"\d\D+\d")


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
    text = _tidy(raw)
    zone = zone or UTC
    if _EPOCH.fullmatch(text):
        number = float(text)
        stamp = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        return When(time=stamp if is_plausible(stamp.year) else None, raw=raw)
    found = next(absolute(text, order), None) or partial(text)
    if found is None and now:
        found = yearless.read(text, (now + _DAY).date()) or relative.day(text, now.date())
    if found:
        return _when(found, raw, zone)
    ago = relative.past(text) if now else None
    if now and ago:
        return When(time=now - ago[0], raw=raw, precision=ago[1])
    return When(time=None, raw=raw)


def with_years(whens: Sequence[When | None], *, zone: tzinfo | None = None) -> list[When | None]:
    """Give the dates of a thread that name no year the one that the dates around them suggest.

    Each falls into the first year in which it does not lie before the date above it (below it, where the newest comes
    first); what stands above all dates with a year, into the last in which it does not lie behind the first of them.
    Where the thread names no year at all, they stay unknown.
    """
    known = [when.time for when in whens if when and when.time]
    if not known:
        return list(whens)
    if known[0] > known[-1]:
        return with_years(whens[::-1], zone=zone)[::-1]
    before: datetime | None = None
    settled: list[When | None] = []
    for when in whens:
        told = when
        if when and when.time:
            before = when.time
        elif when and yearless.read(_tidy(when.raw), date.max):
            told = _after(when, before, zone) if before else parse(when.raw, zone=zone, now=known[0])
            before = before and (told.time or before)
        settled.append(told)
    return settled


def _after(when: When, before: datetime, zone: tzinfo | None) -> When:
    """Return a date without a year in the first year in which it is not before another."""
    ends = (datetime(year, 12, 30, tzinfo=UTC) for year in range(before.year, before.year + 5))
    readings = (parse(when.raw, zone=zone, now=end) for end in ends)
    return next((each for each in readings if each.time and each.time >= before - _DAY), when)


def _tidy(raw: str) -> str:
    return unicodedata.normalize("NFC", " ".join(raw[:200].split()))


def _when(found: Found, raw: str, zone: tzinfo) -> When:
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
    found = next(absolute(text, None, strict=True), None) if _NUMBERS.search(text) else None
    if found:
        return _when(found, text[slice(*found.span)].strip(), UTC)
    vague = yearless.spans(text) or relative.spans(text)
    return next((When(time=None, raw=text[slice(*span)]) for span in vague), None)


def find(text: str) -> list[Span]:
    """Return where dates, with their times of day and weekdays, stand in a line; a number alone is never one.

    A day without a year is found where a time of day stands beside it, and only if no date of the line has a year.
    """
    if not _NUMBERS.search(text):
        return relative.spans(text)
    spans: list[Span] = []
    for found in sorted(absolute(text, None, strict=True), key=lambda each: (each.span[0], -each.span[1])):
        if not spans or found.span[0] >= spans[-1][1]:
            start, end = found.span
            spans.append((start, start + len(text[start:end].rstrip())))
    return spans or yearless.spans(text) or relative.spans(text)
