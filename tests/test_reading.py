import io
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import commentlab as cl
from commentlab import plugin, reading

PAGE = """A post

Its body.

2 thoughts on “A post”

  1. First comment.

    • A reply to it.

Leave a Reply
"""
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>&i;</title><wp:comment>'
    "<wp:comment_id>1</wp:comment_id><wp:comment_content>&i;</wp:comment_content></wp:comment></item></channel></rss>"
)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty.txt": lambda: b"",
    "blank.txt": lambda: b" \n\n\t ",
    "photo.jpg": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + os.urandom(20_000),
    "huge.txt": lambda: b"a" * (200 << 20),
    "long-lines.txt": lambda: b"1. " + b"a" * (20 << 20),
    "deep.html": lambda: b"<html><body>" + b"<div>" * 5000 + b"deep",
    "deeper.html": lambda: b"<html><body><ol class=commentlist>" + b"<li class=comment><ul>" * 80_000,
    "bomb.xml": BOMB.encode,
    "brackets.txt": lambda: b"[" * 1_000_000,
    "numbers.txt": lambda: b"".join(b"%d. x\n\n" % i for i in range(9999)),
    "says.txt": lambda: b"3 comments\n\n" + b"a says: " * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_quickly_in_threads_or_a_named_error(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, HOSTILE[name]())
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (result, *_) = reading.iter_results([path])
    assert result.source == str(path)
    assert isinstance(result, cl.Thread) or str(path) in result.error
    assert time.monotonic() - started < 20
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # other tests have had their own peaks
    assert more < 1 << 20  # kilobytes: one gigabyte


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    (thread,) = cl.read(write(tmp_path / "page.txt", PAGE.encode(encoding)))
    assert [comment.text for comment in thread.comments] == ["First comment.", "A reply to it."]
    assert thread.declared_count == 2


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda s: s.encode("utf-8", "surrogatepass")))
@example(PAGE.encode()[:70])
@settings(max_examples=300)
def test_any_bytes_give_threads_or_a_commentlab_error(data: bytes) -> None:
    try:
        threads = cl.read(data)
    except cl.CommentlabError:
        return
    for thread in threads:
        ids = {comment.id for comment in thread.comments}
        assert len(ids) == len(thread.comments)
        assert all(comment.parent_id in ids | {None} for comment in thread.comments)


@given(st.integers(0, len(PAGE.encode())))
def test_a_file_cut_in_the_middle_gives_what_is_there(length: int) -> None:
    try:
        (thread,) = cl.read(PAGE.encode()[:length])
    except cl.UnreadableError:
        assert not PAGE[:length].strip()
        return
    assert len(thread.comments) <= 2


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden"):
        write(tmp_path / name, PAGE.replace("A post", f"Post {name}").encode())
    assert [thread.post.title for thread in cl.read(tmp_path)] == ["Post a.txt", "Post b.txt", "Post sub/c.txt"]


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"")
    write(tmp_path / "b.txt", PAGE.encode())
    failure, thread = reading.iter_results([tmp_path])
    assert isinstance(failure, cl.Failure)
    assert "a.txt" in failure.source
    assert isinstance(thread, cl.Thread)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cl.read("no/such/file"), "no/such/file"),
        (lambda: cl.read(PAGE.encode(), reader="nothing"), "plaintext"),
        (lambda: cl.read(PAGE.encode(), timezone="Mars/Olympus"), "Europe/Berlin"),
    ],
)
def test_errors_name_the_way_out(call: Callable[[], object], words: str) -> None:
    with pytest.raises(cl.CommentlabError, match=words):
        call()


def test_the_same_source_gives_the_same_ids(tmp_path: Path) -> None:
    first = cl.read(write(tmp_path / "a.txt", PAGE.encode()))[0]
    second = cl.read(write(tmp_path / "b.txt", PAGE.replace("A reply", "New first.\n\n    • A reply").encode()))[0]
    assert first.id == second.id
    assert {c.text: c.id for c in first.comments}.items() <= {c.text: c.id for c in second.comments}.items()


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    (thread,) = cl.read(reading.standard_input())
    assert thread.source == "<stdin>"


def test_every_reader_keeps_its_contract() -> None:
    for name, reader in plugin.readers().items():
        assert name == reader.FORMAT.name
        assert reader.FORMAT.title


def test_two_comments_with_the_same_words_are_two_comments() -> None:
    page = PAGE.replace("A reply to it.", "First comment.")
    (thread,) = cl.read(page.encode())
    assert len({comment.id for comment in thread.comments}) == 2
    assert [problem.code for problem in thread.problems] == []
