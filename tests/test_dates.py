import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentlab import dates

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# raw, time against NOW (ISO 8601, null where it cannot be understood), precision, zone assumed, ambiguous
TABLE = json.loads((Path(__file__).parent / "dates.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("raw", "expected", "precision", "assumed", "ambiguous"), TABLE, ids=[row[0] for row in TABLE])
def test_parse(raw: str, expected: str | None, precision: str, assumed: bool, ambiguous: bool) -> None:
    when = dates.parse(raw, now=NOW)
    assert when.time == (datetime.fromisoformat(expected) if expected else None)
    assert (when.raw, when.precision, when.zone_assumed, when.ambiguous) == (raw, precision, assumed, ambiguous)


@pytest.mark.parametrize("raw", ["3 days ago", "yesterday", "Jun 20th at 2:41 am"])
def test_relative_dates_stay_unknown_without_a_reference_time(raw: str) -> None:
    when = dates.parse(raw)
    assert when.time is None
    assert when.raw == raw


def test_a_zone_is_used_where_none_is_stated() -> None:
    zone = timezone(timedelta(hours=2))
    assert dates.parse("1 May 2012 11:00", zone=zone).time == datetime(2012, 5, 1, 9, tzinfo=UTC)
    assert dates.parse("2012-05-01T11:00:00Z", zone=zone).time == datetime(2012, 5, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raws", "order"),
    [
        (["01/02/2012", "13/02/2012"], "dmy"),
        (["01/02/2012", "02/13/2012"], "mdy"),
        (["01/02/2012", "3 May 2012"], None),
        (["99/13/2012"], None),
    ],
)
def test_order_of(raws: list[str], order: str | None) -> None:
    assert dates.order_of(raws) == order


@pytest.mark.parametrize(("order", "month"), [("dmy", 4), ("mdy", 3)])
def test_a_known_order_settles_an_ambiguous_date(order: dates.Order, month: int) -> None:
    assert dates.parse("03/04/2012").ambiguous
    when = dates.parse("03/04/2012", order=order)
    assert when.time is not None
    assert (when.time.month, when.ambiguous) == (month, False)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Gyre says: October 1, 2012 at 11:05 am", ["October 1, 2012 at 11:05 am"]),
        ("Gyre on 01.10.12, 11:05 wrote:", ["01.10.12, 11:05"]),
        ("Monday, 1. Oktober 2012 um 11:05 Uhr Antworten", ["Monday, 1. Oktober 2012 um 11:05 Uhr"]),
        ("On Mon, 1 Oct 2012 11:05:00 +0200, X wrote:", ["Mon, 1 Oct 2012 11:05:00 +0200"]),
        ("11:05, 1 October 2012 and 2012-10-02", ["11:05, 1 October 2012", "2012-10-02"]),
        ("Gyre, 3 days ago", ["3 days ago"]),
        ("小明 写道: 2012年10月1日 上午11:05", ["2012年10月1日 上午11:05"]),
        ("8 thoughts on “…”", []),
        ("Version 10.4.12 of 3 May cost 2012 dollars", []),
        ("I was born on 3 May and had 12 cats", []),
        ("https://blog.example/2012/10/01/slug/", []),
        ("call 0123 456 2012", []),
        ("Gyre 14 Mar, 10:22 Reply", ["14 Mar, 10:22"]),
        ("Gyre schrieb am 14. März um 10:22 Uhr:", ["14. März um 10:22 Uhr"]),
        ("März 14 um 10:22", ["März 14 um 10:22"]),
        ("10:22, 14 March", ["10:22, 14 March"]),
        ("on 30 Feb, 10:22 and on 14 Marble, 10:22", []),
        ("14 Mar, 10:22 and 15 Mar 2012", ["15 Mar 2012"]),
        ("Chapter May 3 has 12 pages", []),
    ],
)
def test_find(line: str, found: list[str]) -> None:
    assert [line[start:end] for start, end in dates.find(line)] == found
    first = dates.first(line)
    assert (first.raw if first else None) in (found or [None])


@pytest.mark.parametrize(
    ("raws", "days"),
    [
        (
            ["28 Dec 2012", "30 Dec, 10:22", "2 Jan, 9:00", "1 Mar 2013"],
            ["2012-12-28", "2012-12-30", "2013-01-02", "2013-03-01"],
        ),
        (
            ["2 Jan, 9:00", "30 Dec, 10:22", "28 Dec 2012", "1 Dec 2012"],
            ["2013-01-02", "2012-12-30", "2012-12-28", "2012-12-01"],
        ),
        (["29 Feb, 10:22", "14 Mar, 9:00", "1 May 2013"], ["2012-02-29", "2013-03-14", "2013-05-01"]),
        (["14 Mar, 10:22", "3 days ago"], [None, None]),
        (["1 May 2013", "3 days ago", "?"], ["2013-05-01", None, None]),
    ],
)
def test_dates_without_a_year_follow_the_others(raws: list[str], days: list[str | None]) -> None:
    whens = dates.with_years([dates.parse(raw) for raw in raws])
    assert [when.time.date().isoformat() if when and when.time else None for when in whens] == days
    assert [when.raw for when in whens if when] == raws


def test_a_date_that_has_no_year_keeps_its_zone_and_its_gaps() -> None:
    zone = timezone(timedelta(hours=2))
    known = dates.parse("1 May 2013 9:00", zone=zone)
    (_, nothing, when) = dates.with_years([known, None, dates.parse("2 May, 11:00", zone=zone)], zone=zone)
    assert nothing is None
    assert when is not None
    assert (when.time, when.zone_assumed) == (datetime(2013, 5, 2, 9, tzinfo=UTC), True)


@pytest.mark.parametrize("raw", ["9999 years ago", "8000 months ago", "9999 weeks 9999 years ago"])
def test_a_time_before_all_calendars_is_unknown(raw: str) -> None:
    assert dates.parse(raw, now=NOW).time is None


@given(st.text() | st.from_regex(r"[\d/.:, \-]{0,40}(am|pm|Z|May|ago)?"))
def test_no_text_makes_it_raise(raw: str) -> None:
    when = dates.parse(raw, now=NOW)
    assert when.raw == raw
    assert when.time is None or when.time.tzinfo is not None
    spans = dates.find(raw)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(raw) for start, end in spans)


@pytest.mark.timing
def test_common_forms_are_fast() -> None:
    forms = ["2018-08-08T15:17:21-06:00", "October 1, 2012 at 11:05 am", "1. Oktober 2012 um 11:05 Uhr"]
    for raw in forms:  # what each of them loads when it is first met is no part of the pace
        dates.parse(raw)
    start = time.thread_time()
    for raw in forms * 1000:
        dates.parse(raw)
    assert time.thread_time() - start < 3 * 0.15  # three times the aim of 20,000 a second, for busy machines
