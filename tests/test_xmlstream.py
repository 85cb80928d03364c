"""A document is read the same whatever is broken in it and however its bytes arrive."""

import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commentlab import xmlstream
from commentlab.records import Comment, Post, Problem, Thread, When
from commentlab.xmlstream import building, tokens

ATOM = 'xmlns:n="http://www.w3.org/2005/Atom" xmlns:t="http://purl.org/syndication/thread/1.0"'

# document, the elements "b" and "c" as (name, text), the codes of the problems
DOCUMENTS: list[tuple[str | bytes, list[tuple[str, str]], list[str]]] = [
    ("<a><b>x</b><c/></a>", [("b", "x"), ("c", "")], []),
    ("junk`<?xml version='1.0'?><!-- <b>no</b> --><a><b>x</b></a> <!-- end -->", [("b", "x")], []),
    ("<a><b>1 &amp; 2 & 3 &lt; 4 < 5 &nbsp;&eacute;&#8211;&#x2013;</b></a>", [("b", "1 & 2 & 3 < 4 < 5 \xa0é––")], []),
    ("<a><x>1 & 2</x><b>&lt;p&gt;</b></a>", [("b", "<p>")], []),
    ("<a><b>&amp;amp; &amp;lt;</b></a>", [("b", "&amp; &lt;")], []),
    ("<a><b><![CDATA[x ]]]]><![CDATA[> <b>y</b> &amp;]]></b></a>", [("b", "x ]]> <b>y</b> &amp;")], []),
    ("<a><w:x>1</w:x><b y=2/><b y='3' y=\"4\">z</b></a>", [("b", ""), ("b", "z")], []),
    ("<a></q><b>x</a><a><c>y</c></a>", [("b", "x"), ("c", "y")], []),
    ("<a><b>1<b>2<b>3</b></a>", [("b", "1"), ("b", "2"), ("b", "3")], []),
    ("<a><b>1<i>2</b>3</i><c>4</c></a>", [("b", "12"), ("c", "4")], []),
    ("<a><b>cut te", [("b", "cut te")], ["cut"]),
    ("<a><b>cut <c x='3", [("b", "cut ")], ["cut"]),
    ("<a><b><![CDATA[cut]", [("b", "cut]")], ["cut"]),
    (
        '<!DOCTYPE a [<!ENTITY x "<b>no</b>"><!ENTITY y "&x;&x;&x;">]><a><b>&y;</b></a>',
        [("b", "&y;")],
        [],
    ),
    (f"<n:a {ATOM}><n:b>x</n:b><c xmlns=''>y</c></n:a>", [("b", "x"), ("c", "y")], []),
    ("<a>" + "<i>" * 5000 + "<b>x</b>" + "</i>" * 5000 + "<c>y</c></a>", [("c", "y")], []),
    ("<?xml version='1.0' encoding='utf-16'?><a><b>é</b></a>".encode("utf-16"), [("b", "é")], []),
    ((f"<a><x>{'é' * tokens.CHUNK}</x><b>é ").encode() + b"\xe9 \x93</b></a>", [("b", "é é “")], []),
    ("<?xml version='1.0' encoding='koi8-r'?><a><b>да</b></a>".encode("koi8-r"), [("b", "да")], []),
]


def read(document: str | bytes, *wanted: str) -> tuple[list[xmlstream.Element], list[str]]:
    problems: list[Problem] = []
    data = document if isinstance(document, bytes) else document.encode()
    found = list(xmlstream.elements(io.BytesIO(data), wanted or ("b", "c"), problems))
    return found, [problem.code for problem in problems]


@pytest.mark.parametrize(("document", "expected", "codes"), DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_what_can_be_read_is_read(document: str | bytes, expected: list[tuple[str, str]], codes: list[str]) -> None:
    found, problems = read(document)
    assert [(each.name, each.text) for each in found] == expected
    assert problems == codes


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_does_not_matter_how_bytes_arrive(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [read(document) for document, _, _ in DOCUMENTS if isinstance(document, str)]
    monkeypatch.setattr(tokens, "CHUNK", size)
    pieces = [read(document) for document, _, _ in DOCUMENTS if isinstance(document, str)]
    assert [([e.text for e in found], codes) for found, codes in pieces] == [
        ([e.text for e in found], codes) for found, codes in whole
    ]


def test_names_have_the_usual_prefix_and_paths_find_them() -> None:
    (entry,), _ = read(
        f'<n:feed {ATOM}><n:entry k="1"><t:in-reply-to ref="r"/><n:link href="self"/><n:link rel="alternate" href="x"/>'
        "<n:author><n:name> </n:name></n:author><n:author><n:name> Ann </n:name></n:author></n:entry></n:feed>",
        "entry",
    )
    table = {
        "a": "author/name",
        "b": "thr:in-reply-to@ref",
        "c": "@k",
        "d": "link[rel=alternate]@href",
        "e": "x @k",
        "f": "x",
    }
    expected = {"a": "Ann", "b": "r", "c": "1", "d": "x", "e": "1", "f": ""}
    assert xmlstream.pick(entry, table) == expected


def test_markup_is_what_was_written_as_elements() -> None:
    found, _ = read(
        f'<a {ATOM}><b><d xmlns="http://www.w3.org/1999/xhtml" id="&quot;">1 &lt; 2<br/></d></b><c>&lt;p></c></a>'
    )
    assert [each.markup for each in found] == [
        '<d xmlns="http://www.w3.org/1999/xhtml" id="&quot;">1 &lt; 2<br></br></d>',
        "<p>",
    ]


def test_a_huge_element_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "LARGEST", 1000)
    monkeypatch.setattr(tokens, "CHUNK", 100)
    found, codes = read(f"<a><b>{'x' * 5000}</b><b>{'<i/>' * 500}</b><b>y</b></a>")
    assert [len(each.text) <= 1000 and len(each.parts) <= 16 for each in found] == [True, True, True]
    assert found[2].text == "y"
    assert codes == ["too-long", "too-long"]


def test_memory_stays_flat() -> None:
    class Endless(io.RawIOBase):
        left = 5

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:  # noqa: ARG002
            self.left -= 1
            return b"<b><d>some text &amp; more</d></b>" * 10_000 if self.left > 0 else b""

    stream: Any = Endless()
    tracemalloc.start()
    try:
        assert sum(1 for _ in xmlstream.elements(stream, ("b",), [])) == 40_000
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "start", ["<", "<a b='", '<a "', "<!--", "<![CDATA[", "&", "<!DOCTYPE [", "<a ", "</", "<a b=\"<a b='"]
)
def test_nothing_takes_more_than_linear_time(start: str) -> None:
    begun = datetime.now(tz=UTC)
    read("<a><b>" + start * 100_000)
    assert datetime.now(tz=UTC) - begun < timedelta(seconds=5)


def test_the_last_thread_has_the_problems_of_the_file() -> None:
    threads = [
        Thread(id=name, post=Post(id=name, title="", text=""), comments=(), source="", reader="") for name in "ab"
    ]
    problem = Problem(code="cut", message="")
    assert [thread.problems for thread in xmlstream.concluded(threads, [problem])] == [(), (problem,)]


def test_comments_come_in_the_order_of_time() -> None:
    def comment(name: str, day: int | None) -> Comment:
        return Comment(id=name, text="", when=When(time=datetime(2020, 1, day, tzinfo=UTC), raw="") if day else None)

    cases = {"d3 c2 b2 a1": "abcd", "a1 c3 b2": "abc", "c3 b0 a1": "abc", "a1 b0 c3": "abc", "a0 b0": "ab"}
    for given, expected in cases.items():
        comments = [comment(each[0], int(each[1])) for each in given.split()]
        assert "".join(each.id for each in xmlstream.oldest_first(comments)) == expected
