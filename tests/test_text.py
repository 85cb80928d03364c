import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentlab import text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("naïve – “so”".encode(), "naïve – “so”"),
        ("naïve – “so”".encode("utf-8-sig"), "naïve – “so”"),
        ("naïve – “so”".encode("utf-16"), "naïve – “so”"),
        ("Who answers whom, naïve".encode("utf-16-le"), "Who answers whom, naïve"),
        ("Who answers whom, naïve".encode("utf-16-be"), "Who answers whom, naïve"),
        ("naïve – “so”".encode("cp1252"), "naïve – “so”"),
        ('<meta charset="koi8-r"> Привет'.encode("koi8-r"), '<meta charset="koi8-r"> Привет'),
        ('<meta charset="iso-8859-1"> “so”'.encode("cp1252"), '<meta charset="iso-8859-1"> “so”'),
        ('<meta charset="no-such"> ü'.encode("cp1252"), '<meta charset="no-such"> ü'),
        ("charactère coupé".encode()[:-1], "charactère coup\ufffd"),
        ("viele Grüße, schöne Wörter, ".encode() + b"f\xfcr", "viele Grüße, schöne Wörter, für"),
        (b"", ""),
    ],
)
def test_decode(data: bytes, expected: str) -> None:
    assert text.decode(data)[0] == expected


@given(st.binary(max_size=200))
def test_decode_reads_any_bytes(data: bytes) -> None:
    text.decode(data)


@pytest.mark.parametrize(
    ("sample", "binary"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01" + bytes(range(256)), True),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde", True),
        ("Who answers whom?".encode("utf-16"), False),
        ("Who answers whom?".encode("utf-16-le"), False),
        (b"Who answers whom?", False),
        (b"one stray \x0b control", False),
    ],
)
def test_is_binary(sample: bytes, binary: bool) -> None:
    assert text.is_binary(sample) is binary


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("  two \t spaces\r\nand  a line \n\n\n\n and a paragraph ", "two spaces\nand a line\n\nand a paragraph"),
        ("reorder\u202eed\u2066 text\u200f", "reordered text"),
        ("bell\x07 and null\x00", "bell and null"),
        ("e\u0301", "é"),
    ],
)
def test_tidy(given_: str, expected: str) -> None:
    assert text.tidy(given_) == expected


@given(st.text(max_size=200))
def test_tidy_is_idempotent(given_: str) -> None:
    once = text.tidy(given_)
    assert text.tidy(once) == once


def test_mend_turns_mojibake_back_and_leaves_the_rest() -> None:
    assert text.mend("weâ€™ll see, mon chÃ©ri") == "we’ll see, mon chéri"
    assert text.mend("Château, naïve, “so”") == "Château, naïve, “so”"


def test_fingerprints_ignore_case_and_spacing_but_not_words() -> None:
    assert text.fingerprint("Ann", "A  bluff!") == text.fingerprint("ann", "a bluff")
    assert text.fingerprint("Ann", "a bluff") != text.fingerprint("Ann", "no bluff")
    assert text.fingerprint("👍") != text.fingerprint("👎")


@pytest.mark.parametrize(
    ("given_", "width", "expected"),
    [("short", 10, "short"), ("a line\nand another", 12, "a line and…"), ("unbreakable", 6, "unbre…")],
)
def test_shorten(given_: str, width: int, expected: str) -> None:
    assert text.shorten(given_, width) == expected


def test_a_short_text_has_the_language_of_its_thread() -> None:
    english = "I was there last week and nobody believes that they will really march on the capital. " * 2
    german = (
        "Ich war letzte Woche dort, und niemand glaubt, dass sie wirklich auf die Hauptstadt marschieren werden. " * 3
    )
    assert text.languages([english, "bluff", english, "Total bluff, mate", german, ""]) == [*["en"] * 4, "de", "en"]
    plain = {body: text._is_plainly_english(body) for body in (english, german, english + german, german + english, "")}
    assert [body for body, answer in plain.items() if answer] == [english]
    assert text.languages(["", "!!"]) == [None, None]


def test_sentences() -> None:
    whole = (
        "They won't come. “Why should they?” Ann asked.\nOh no!\nNobody there has 3.5 tons of fuel…  And so on and on"
    )
    assert text.sentences(whole) == [
        "They won't come.",
        "“Why should they?",
        "Nobody there has 3.5 tons of fuel…",
        "And so on and on",
    ]
