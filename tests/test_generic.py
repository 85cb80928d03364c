"""The generic reader: pages of many platforms with golden files, pages that only look like threads, hostile pages."""

import json
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import commentlab as cl
from commentlab.blocks import names
from commentlab.readers import generic
from commentlab.reading import open_source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "generic"
PAGES = sorted(path for path in FIXTURES.glob("*.html") if not path.name.startswith("no_"))
OTHERS = sorted(FIXTURES.glob("no_*.html"))


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_platform_is_read_as_its_golden_file_says(path: Path, update_golden: bool) -> None:
    golden = path.with_name(f"{path.name}.json")
    rows = [asdict(thread) | {"source": path.name} for thread in cl.read(path, reader="html")]
    read = json.loads(json.dumps(rows, default=plain))
    if update_golden:
        golden.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert read == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_pages_without_a_thread_hold_no_comments(path: Path) -> None:
    assert list(generic.read(open_source(path))) == []


def test_fixtures_cover_threads_and_their_likes() -> None:
    assert len(PAGES) >= 10
    assert len(OTHERS) >= 6


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_that_is_cut_never_raises(path: Path) -> None:
    page = path.read_bytes()
    for share in range(1, 12):
        for thread in generic.read(open_source(page[: len(page) * share // 12])):
            assert all(comment.id for comment in thread.comments)


def test_families_are_tried_before_it() -> None:
    clue = generic.sniff(open_source(PAGES[0]))
    assert clue is not None
    assert clue.score == 0.2
    assert generic.sniff(open_source(b"Just a line of text.\n")) is None


def block(number: int, inner: str = "", parent: str = "") -> str:
    return (
        f'<div class="reply" id="reply-{number}" data-parent-id="{parent}"><b class="user">Name {number}</b>'
        f'<time datetime="2020-01-02T03:04:{number % 60:02}Z">then</time>'
        f'<p class="text">Body number {number}.</p>{inner}</div>'
    )


def page_of(blocks: str) -> bytes:
    return f"<html><body><h1>Title</h1><div id=comments><h2>Comments</h2>{blocks}</div></body></html>".encode()


def test_parents_that_run_in_a_circle_are_repaired() -> None:
    (thread,) = cl.read(page_of(block(1, parent="2") + block(2, parent="1") + block(3, parent="2")), reader="html")
    assert [comment.parent_id for comment in thread.comments] == [None, "1", "2"]
    assert {problem.code for problem in thread.problems} >= {"cycle"}


def test_replies_are_nested_as_deep_as_the_parser_allows() -> None:
    nested = ""
    for number in range(150, 0, -1):
        nested = block(number, inner=nested)
    (thread,) = cl.read(page_of(nested), reader="html")
    assert [comment.parent_id for comment in thread.comments] == [None, *map(str, range(1, 150))]
    assert thread.comments[-1].text == "Body number 150."


@pytest.mark.timing
def test_time_grows_with_the_page_and_not_with_its_square() -> None:
    def seconds(count: int) -> float:
        boxed = "".join(f'<div class="thread">{block(number)}</div>' for number in range(1, count + 1))
        source = open_source(page_of(f"<ol>{boxed}</ol>"))
        started = time.thread_time()
        (thread,) = generic.read(source)
        assert len(thread.comments) == count
        return time.thread_time() - started

    seconds(100)
    assert seconds(4000) < 25 * seconds(400)


@pytest.mark.parametrize(
    ("listed", "role", "expected"),
    [
        ("mtbnewsCommentList", names.COMMENT, True),
        ("c-reactie__naam", names.AUTHOR, True),
        ("commentator-board", names.COMMENT, False),
        ("last-updated", names.DATE, True),
        ("candidate-context", names.DATE | names.BODY, False),
        ("by-post-author", names.MINE, True),
        ("message-signature", names.SIGNATURE, True),
    ],
)
def test_names_mean_what_their_words_mean(listed: str, role: int, expected: bool) -> None:
    assert bool(names.roles(listed) & role) is expected


def test_rows_of_both_colours_share_a_name() -> None:
    assert names.tokens("row odd") == names.tokens("row even")
    assert names.tokens("depth-2 depth-3") == ("depth-#",)


def test_alone_it_reads_the_real_pages(shared: Path) -> None:
    """With every other reader off it finds the comments of all gold pages, and none where there are none."""
    found = expected = hits = 0
    for golden in sorted((shared / "threads" / "gold").glob("*.json")):
        gold = json.loads(golden.read_text(encoding="utf-8"))
        if "comments" not in gold:
            continue
        threads = list(generic.read(open_source(shared / "threads" / gold["file"])))
        shown = {" ".join(comment.text.split()).casefold() for thread in threads for comment in thread.comments}
        texts = {" ".join(each["text"].split()).casefold() for each in gold["comments"] if not each.get("deleted")}
        assert texts or not shown, gold["file"]
        found, expected, hits = found + len(shown), expected + len(texts), hits + len(shown & texts)
    assert 2 * hits / (found + expected) >= 0.97
