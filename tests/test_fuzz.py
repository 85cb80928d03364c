"""A slice of the fuzzing in tests/fuzz/, and what fuzzing found, cut down."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz import mutate, verdict

SLICE = 200
PAGE = (mutate.ROOT / "fixtures" / "wordpress" / "classic.html").read_bytes()
COMMENT = (
    b'<html><body><ol class="commentlist"><li class="comment %s" id="comment-1"><cite>Ann</cite>%s<p>Yes.</p></ol>'
)
FEED = b"<rss><channel><title>Comments on: Mill</title><item><title>By: %s</title><guid>http://example.org/#comment-1"
FEED += b"</guid><description>So it is.</description></item></channel></rss>"
SCHEMA = b"<html><body>"
ANSWER = b'<div itemscope itemtype="http://schema.org/Comment"><span itemprop="author">A%d</span>'
ANSWER += b'<time itemprop="dateCreated" datetime="2010-01-01">x</time><div itemprop="text">So it is %d.'
DRUPAL = b'<html><head><meta name="Generator" content="Drupal 7"><body>'
SIGNED = b'<div class="comment"><a id="comment-%d"></a><div class="comment-author"><b>A</b><p>So it is %d.'


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.html", data)
    return buffer.getvalue()


def mastodon(**status: object) -> bytes:
    return json.dumps({"ancestors": [], "descendants": [{"content": "So it is.", **status}]}).encode()


FOUND: dict[str, Callable[[], bytes]] = {
    "a depth of 5000 digits": lambda: COMMENT % (b"depth-" + b"9" * 5000, b""),
    "a character of 5000 digits": lambda: FEED % (b"&#" + b"9" * 5000 + b";"),
    "a name of 200,000 characters": lambda: FEED % (b"a" * 200_000),
    "a date around everything": lambda: COMMENT % (b"", b'<div class="date">' * 200 + b"words " * 100_000),
    "an address that is none": lambda: (
        COMMENT
        % (b"", b'<base href="http://[b"><link rel="canonical" href="http://[a"><a href="/#comment-1">May 2, 2016</a>')
    ),
    "an id that is a list": lambda: mastodon(id=["1"], in_reply_to_id="2"),
    "a parent that is an object": lambda: mastodon(id="1", in_reply_to_id={"id": 2}),
    "a zip that begins too late": lambda: zipped(PAGE)[:30] + zipped(PAGE)[99:],
    "a zip that was changed": lambda: zipped(PAGE + b"." * 90_000).replace(b"....", b"...,", 1),
    "an xml tag without an end": lambda: FEED % (b"a<" + b"in-" * 60_000),
    "an xml attribute without an end": lambda: FEED % (b"a<b " + b"x" * 200_000 + b">"),
    "end tags of nothing": lambda: b"<html><body>" + b"<div></h1>" * 60_000,
    "end tags of something else": lambda: b"<html><body>" + b"<x-y></x-z>" * 80_000,
    "headings in headings": lambda: b"<html><head><title>a</title><body>" + b"<h1>" * 400 + b"words " * 400_000,
    "comments in comments": lambda: SCHEMA + b"".join(ANSWER % (i, i) for i in range(400)),
    "authors in authors": lambda: DRUPAL + b"".join(SIGNED % (i, i) for i in range(600)),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_fuzzing_found_stays_mended(name: str) -> None:
    assert verdict.fault(FOUND[name]()) is None


def test_a_gz_in_a_gz_is_read() -> None:
    packed = gzip.compress(gzip.compress(PAGE))
    assert verdict.fault(packed) is None


def test_damaged_files_end_in_threads_or_a_named_error() -> None:
    results = [mutate.tried(0, number) for number in range(SLICE)]
    assert not [result for result in results if result.fault]


def test_a_case_is_always_the_same() -> None:
    assert mutate.case(3, 14) == mutate.case(3, 14)
    assert mutate.case(3, 14) != mutate.case(3, 15)


def test_the_verdict_sees_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict.cl, "read", lambda _: [])
    assert "lost" in str(verdict.fault(PAGE))
    monkeypatch.setattr(verdict.cl, "read", lambda _: {}["nothing"])
    assert "KeyError" in str(verdict.fault(PAGE))
    monkeypatch.setattr(verdict, "LIMIT", 0.05)
    monkeypatch.setattr(verdict.cl, "read", lambda _: [None for _ in iter(int, 1)])
    assert "more than" in str(verdict.fault(PAGE))


def test_originals_are_real_files_and_no_golden_ones() -> None:
    assert len(mutate.originals()) > 80
    assert Path(mutate.ROOT / "fixtures" / "wordpress" / "classic.html.json") not in mutate.originals()
