"""Text copied off pages; the texts themselves and what is read from them are in fixtures/plaintext/."""

import json
import time
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


@pytest.mark.parametrize("name", PATTERNS)
def test_time_grows_with_the_text_alone(name: str) -> None:
    def seconds(times: int) -> float:
        page = "20 comments\n\n" + PATTERNS[name] * times
        started = time.perf_counter()
        read(page)
        return time.perf_counter() - started

    seconds(10)
    assert seconds(4000) < 20 * max(seconds(400), 0.05)


def test_fixtures_cover_the_styles() -> None:
    assert len(list(FIXTURES.glob("*.txt"))) >= 20
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in FIXTURES.glob("*.txt.json"))
