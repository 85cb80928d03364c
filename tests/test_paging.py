import pytest
import samples

from commentlab.dashboard import paging
from commentlab.dashboard.parts import discussion
from commentlab.records import Comment

# 0 ─ 1 ─ 3 ─ 4, 0 ─ 2, 5
ROWS: list[samples.Row] = [(None, parent, None, None) for parent in (None, 0, 0, 1, 3, None)]


@pytest.fixture
def comments(monkeypatch: pytest.MonkeyPatch) -> tuple[Comment, ...]:
    monkeypatch.setattr(paging, "PAGE", 2)
    return samples.made(ROWS).thread.comments


def test_pages_follow_the_reader_and_hold_what_is_answered(comments: tuple[Comment, ...]) -> None:
    pages = paging.pages(comments)
    assert pages.order == ("0", "1", "3", "4", "2", "5")
    assert pages.count == 3
    assert paging.on_page(pages, 1) == {"0": False, "1": False}
    assert paging.on_page(pages, 2) == {"1": True, "3": False, "4": False}
    assert paging.on_page(pages, 3) == {"0": True, "2": False, "5": False}


@pytest.mark.parametrize(("comment", "page"), [("0", 1), ("4", 2), ("5", 3), ("gone", None), (None, None)])
def test_a_comment_is_on_one_page(comments: tuple[Comment, ...], comment: str | None, page: int | None) -> None:
    assert paging.page_of(paging.pages(comments), comment) == page


def test_a_search_leaves_what_was_found_and_the_way_to_it(comments: tuple[Comment, ...]) -> None:
    assert paging.pages(comments, ["4"]).order == ("0", "1", "3", "4")
    assert paging.pages(comments, []).order == ()
    assert paging.pages(comments, []).count == 1


def test_a_page_is_described_with_its_depths(comments: tuple[Comment, ...]) -> None:
    only = paging.on_page(paging.pages(comments), 2)
    rows = discussion.describe(samples.made(ROWS), None, only)["rows"]
    assert [(row["id"], row["depth"], row["outside"]) for row in rows] == [
        ("1", 1, True),
        ("3", 2, False),
        ("4", 3, False),
    ]


def test_a_chain_of_many_replies_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 100)
    chain = samples.made([(None, number - 1 if number else None, None, None) for number in range(3_000)])
    pages = paging.pages(chain.thread.comments, ["2999"])
    assert len(pages.order) == 3_000
    assert len(paging.on_page(pages, 30)) == 101
