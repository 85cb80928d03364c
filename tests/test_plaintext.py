"""Text copied off pages; the texts themselves and what is read from them are in fixtures/plaintext/."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import commentlab as cl
from commentlab.plain import bylines, lines, turns
from commentlab.records import Comment, When

FIXTURES = Path(__file__).parents[1] / "fixtures" / "plaintext"


def read(text: str) -> cl.Thread:
    (thread,) = cl.read(text.encode(), reader="plaintext")
    return thread


def byline(line: str) -> tuple[str, str | None, str | None] | None:
    found = bylines.of(lines.of(line)[0])
    return (found.shape, found.author, found.date) if found else None


@pytest.mark.parametrize(
    ("line", "shape", "author", "date"),
    [
        ("Gyre says:", "said", "Gyre", None),
        ("Gyresays:", "said", "Gyre", None),
        ("Gyre said…", "said", "Gyre", None),
        ("  1. Gyre schreibt:", "said", "Gyre", None),
        ("[ab12cd] Gyre sagt:", "said", "Gyre", None),
        ("Gyre dit :", "said", "Gyre", None),
        ("Gyre dijo:", "said", "Gyre", None),
        ("李四写道：", "said", "李四", None),
        ("Gyre says: October 1, 2012 at 11:05 am", "said", "Gyre", "October 1, 2012 at 11:05 am"),
        ("Gyre on October 1, 2012 at 11:05 am said:", "said", "Gyre", "October 1, 2012 at 11:05 am"),
        ("On Mon, 1 Oct 2012, Gyre wrote:", "wrote", "Gyre", "Mon, 1 Oct 2012"),
        ("Am 01.10.2012 um 11:05 schrieb Gyre:", "wrote", "Gyre", "01.10.2012 um 11:05"),
        ("Le 3 mars 2014 à 12h30, Paul a écrit :", "wrote", "Paul", "3 mars 2014 à 12h30"),
        ("Posted by: Gyre at October 1, 2012 11:05 AM", "signed", "Gyre", "October 1, 2012 11:05 AM"),
        ("Kommentar von Gyre — 1.10.2012 @ 11:05", "signed", "Gyre", "1.10.2012 @ 11:05"),
        ("by Gyre » Mon Oct 01, 2012 11:05 am", "signed", "Gyre", "Mon Oct 01, 2012 11:05 am"),
        ("happymellon 3 hours ago | parent | next [–]", "named", "happymellon", "3 hours ago"),
        ("Gyre Jun 20th at 2:41 am", "named", "Gyre", "Jun 20th at 2:41 am"),
        ("GyreMay 30, 2019 at 1:06 PM", "named", "Gyre", "May 30, 2019 at 1:06 PM"),
        ("Gyre, Do 9 Apr 2020 / 08:34 Antworten", "named", "Gyre", "9 Apr 2020 / 08:34"),
        ("18. Oktober 2019 um 15:05 Uhr", "date", None, "18. Oktober 2019 um 15:05 Uhr"),
        ("#2.1  —  4. Mai 2017, 12:40 Uhr 3", "date", None, "4. Mai 2017, 12:40 Uhr"),
        ("50 Minuten 46 Sekunden her", "date", None, "50 Minuten 46 Sekunden her"),
    ],
)
def test_shapes_of_bylines(line: str, shape: str, author: str | None, date: str | None) -> None:
    assert byline(line) == (shape, author, date)


@pytest.mark.parametrize(
    "line",
    [
        "The cat says that it rained on May 3, 2012 and nobody believed it.",
        "I was there on May 3, 2012. It was raining.",
        "The road is 12:30 minutes longer than last year, is it not?",
        "Reply",
        "Version 2.0.1 is out",
        "6 Comments",
    ],
)
def test_sentences_are_no_bylines(line: str) -> None:
    assert byline(line) is None


def test_the_answered_author_is_told_from_the_author() -> None:
    found = bylines.of(lines.of("Gyre → Wabe • 5 years ago")[0])
    assert found
    assert (found.author, found.answers) == ("Gyre", "Wabe")


def test_lines_know_marks_gaps_and_pictures() -> None:
    page = lines.of("    1.\n   [tom.jpg] Tom says:\n\n\n  • point\n(BUTTON) Share\n18. Oktober 2019")
    assert [(line.indent, line.number, line.bullet, line.text, line.gap) for line in page] == [
        (4, 1, False, "Tom says:", 0),
        (2, None, True, "point", 2),
        (0, None, False, "Share", 0),
        (0, None, False, "18. Oktober 2019", 0),
    ]


def test_lines_broken_for_width_are_joined_and_others_kept() -> None:
    comments = read((FIXTURES / "w3m.txt").read_text(encoding="utf-8")).comments
    assert "am Anleger vorbeigegangen" in comments[0].text
    assert "tut.\nDanke!" in comments[0].text


@pytest.mark.parametrize("name", ["overview", "article"])
def test_teasers_and_quotations_are_no_comments(name: str) -> None:
    assert read((FIXTURES / f"{name}.txt").read_text(encoding="utf-8")).comments == ()


def test_missing_numbers_are_a_problem() -> None:
    problems = read((FIXTURES / "main_content.txt").read_text(encoding="utf-8")).problems
    assert [problem.code for problem in problems] == ["gap", "gap", "count-differs"]


def test_addresses_in_mail_headers_never_reach_a_record() -> None:
    text = "From: gyre@list.example\nDate: Mon, 1 Oct 2012 11:05:00 +0200\nSubject: x\n\nMove the server.\n\n"
    thread = read(text + text.replace("gyre@", "Wabe <wabe@").replace("example", "example>", 1))
    assert [comment.author for comment in thread.comments] == [None, "Wabe"]
    assert "list.example" not in repr(thread)


def comments(*rows: tuple[str, int]) -> list[Comment]:
    made = []
    for i, (author, day) in enumerate(rows):
        when = (
            cl.read(f"{author} says:\nMay {day}, 2016 at 9:00 am\nhm".encode(), reader="plaintext")[0].comments[0].when
        )
        assert isinstance(when, When)
        made.append(Comment(id=str(i), text="x", author=author, when=when))
    return made


@pytest.mark.parametrize(
    ("rows", "parents"),
    [
        ([("a", 1), ("b", 5), ("c", 2), ("d", 3)], [None, "0", None, None]),
        ([("a", 9), ("b", 10), ("c", 7), ("d", 5)], [None, "0", None, None]),
        ([("a", 1), ("h", 2), ("b", 3), ("h", 4), ("c", 5), ("h", 6)], [None, "0", None, "2", None, "4"]),
        ([("a", 1), ("b", 2), ("c", 3), ("d", 4)], [None, None, None, None]),
        ([("a", 2), ("b", 3), ("c", 4), ("d", 1)], [None, None, None, None]),
    ],
)
def test_order_and_turns_tell_replies(rows: list[tuple[str, int]], parents: list[str | None]) -> None:
    linked = turns.infer(comments(*rows))
    assert [comment.parent_id for comment in linked] == parents
    assert all(comment.parent_origin == "inferred" for comment in linked if comment.link)


def test_the_seed_is_read_whole(shared: Path) -> None:
    (thread,) = cl.read(shared / "seed" / "sahel-thread.txt")
    first, reply, second, third, ping = thread.comments
    assert thread.declared_count == 8
    assert [each.kind for each in thread.comments] == ["comment"] * 4 + ["pingback"]
    assert [each.parent_id for each in thread.comments] == [None, first.id, None, second.id, None]
    assert third.link
    assert third.link.method == "quote"
    assert "Baobab has a look" in first.text
    assert "Thanks for the link on the Sudans" in reply.text
    assert ping.author
    assert thread.post.title.startswith("Mali’s Islamist Coalition")
    assert thread.post.text.endswith("but to repel new attacks.")
    assert "Logo" not in ping.text
    assert {problem.code for problem in thread.problems} == {"count-differs", "unidentified-name"}
    assert any("Gyre" in problem.message for problem in thread.problems)


PATTERNS: dict[str, Any] = {
    "bylines": "Gyre says:\nOctober 1, 2012 at 11:05 am\n\nNo.\n\nReply\n",
    "items": "  1. x\n\n    • y\n",
    "dates": "3 May 2012 12:30 ?\n",
    "buttons": "reply to x 2012 reply to x 2012 reply to x 2012 like 12\n",
    "dashes": "- — - — on - — at 3 May 2012\n",
    "spaces": " " * 300 + "x\n",
}


@pytest.mark.timing
@pytest.mark.parametrize("name", PATTERNS)
def test_time_grows_with_the_text_alone(name: str) -> None:
    def seconds(times: int) -> float:
        page = "20 comments\n\n" + PATTERNS[name] * times
        started = time.thread_time()
        read(page)
        return time.thread_time() - started

    seconds(10)
    assert seconds(4000) < 20 * max(seconds(400), 0.05)


LONG: dict[str, Callable[[], str]] = {
    "one line of 10 MB": lambda: "a sentence of 3 May 2012 says: " * 330_000,
    "one word of 10 MB": lambda: "x" * 10_000_000,
    "a million short lines": lambda: "a\n" * 1_000_000,
    "a hundred thousand different lines": lambda: "".join(f"line {i} is\n" for i in range(100_000)),
    "thousands of authors": lambda: "".join(f"Gyre{i} says:\n\nNo, {i}.\n\n" for i in range(20_000)),
    "thousands of headings": lambda: "".join(
        f"{i % 9} comments on {chr(97 + i // 99)}{i}\nAnn says:\nhm\n" for i in range(20_000)
    ),
    "thousands of names near a long post": lambda: (
        "A name of 4 words\n" * 20_000 + "9 comments\n" + "".join(f"Gyre{i} Lee says:\nNo.\n" for i in range(9_000))
    ),
}


@pytest.mark.timing
@pytest.mark.parametrize("name", LONG)
def test_a_hostile_text_takes_seconds(name: str) -> None:
    page = LONG[name]()
    started = time.thread_time()
    read(page)
    assert time.thread_time() - started < 5


@pytest.mark.timing
def test_a_megabyte_of_comments_takes_a_second() -> None:
    said = "The bridge is closed, as it was last year, and nobody has seen a worker on it since. " * 6
    page = "9 comments\n\n" + "".join(
        f"Gyre{i % 90} says:\nMay {i % 28 + 1}, 2012 at 9:00 am\n\n{said}{i}\n\nReply\n\n" for i in range(2_000)
    )
    started = time.thread_time()
    assert len(read(page).comments) == 2_000
    assert time.thread_time() - started < 3 * len(page) / 1e6  # three times the aim, for busy machines


def test_dates_without_a_year_take_it_from_the_others_and_a_problem_says_so() -> None:
    thread = read((FIXTURES / "yearless.txt").read_text(encoding="utf-8"))
    whens = [comment.when for comment in thread.comments]
    assert [when.time.date().isoformat() for when in whens if when and when.time] == [
        "2012-12-28", "2012-12-30", "2013-01-02", "2013-03-14",
    ]  # fmt: skip
    assert [problem.code for problem in thread.problems] == ["year-assumed"]
    assert "3 dates" in thread.problems[0].message


def test_dates_without_a_year_stay_unknown_where_no_date_has_one() -> None:
    thread = read("2 comments\n\nAnn says:\n14 Mar, 10:22\n\nHello.\n\nBen says:\n15 Mar, 9:01\n\nSo it is.\n")
    assert [(c.when.time, c.when.raw) for c in thread.comments if c.when] == [
        (None, "14 Mar, 10:22"),
        (None, "15 Mar, 9:01"),
    ]
    assert thread.problems == ()


def test_fixtures_cover_the_styles() -> None:
    assert len(list(FIXTURES.glob("*.txt"))) >= 20
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in FIXTURES.glob("*.txt.json"))
