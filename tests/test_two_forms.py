"""A page and its feed of comments are two forms of one thread, so both readers have to say the same."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import commentlab as cl
from commentlab import reading, text

NAMES = {
    "whizzy_2009-05-08-absolute-beginners-guide-to-google-maps-javascript": 13,
    "whizzy_2009-06-27-custom-paint-job": 6,
    "whizzy_2015-12-10-online-searches-in-the-dash-to-be-off-by-default": 33,
}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest, shared: Path) -> tuple[Path, Path]:
    threads = shared / "threads"
    return threads / f"html/{request.param}.html", threads / f"exports/feed/{request.param}-feed-index.xml"


def told(thread: cl.Thread) -> dict[str, tuple[object, ...]]:
    return {c.id: (text.fold(c.text), c.author, c.kind, c.parent_id) for c in thread.comments}


def test_a_page_and_its_feed_give_the_same_comments(pair: tuple[Path, Path]) -> None:
    (page,), (feed,) = map(cl.read, pair)
    assert len(page.comments) == NAMES[pair[0].stem]
    assert (page.reader, feed.reader) == ("wordpress", "feed")
    assert page.post.title == feed.post.title
    assert told(page) == told(feed)


def test_a_page_and_its_feed_give_the_same_dates(pair: tuple[Path, Path]) -> None:
    (page,), (feed,) = map(cl.read, pair)
    seconds = {comment.id: comment.published for comment in feed.comments}
    for comment in page.comments:
        gap = seconds[comment.id] - comment.published
        assert -HOUR <= gap < HOUR  # the page shows London's time and names no zone
        assert gap % HOUR < MINUTE  # and it shows no seconds


def test_a_page_and_its_feed_are_one_thread_with_nothing_doubled(pair: tuple[Path, Path]) -> None:
    (page,) = cl.read(pair[0])
    for order in (pair, pair[::-1]):
        (merged,) = reading.iter_results(order, merge=True)
        assert told(merged) == told(page)
        assert [comment.text for comment in merged.comments] == [comment.text for comment in page.comments]
        assert [problem.code for problem in merged.problems] == ["merged"]
        assert (merged.source, merged.id, merged.post.text) == (str(order[0]), page.id, page.post.text)
        assert all(comment.when.precision == "second" for comment in merged.comments)


def test_pages_and_feeds_of_several_posts_find_each_other(shared: Path) -> None:
    files = [*sorted((shared / "threads/html").glob("whizzy*")), *sorted((shared / "threads/exports/feed").glob("*"))]
    merged = list(reading.iter_results(files, merge=True))
    assert len(merged) == len(files) - len(NAMES)
    assert sorted(len(thread.comments) for thread in merged) == [4, 6, 9, 13, 33]


def test_the_entries_of_a_folder_are_one_thread_and_replies_find_their_parents(shared: Path) -> None:
    folder = shared / "threads/exports/staticman"
    entries = [(path.parent.name, path.read_text("utf-8")) for path in sorted(folder.rglob("*.yml"))]
    files = Counter(name for name, _ in entries)
    replies = Counter(name for name, entry in entries if re.search(r"^replying_to_uid: *'?\w", entry, re.M))
    threads = cl.read(folder)
    assert [len(thread.comments) for thread in threads] == list(files.values())
    assert [sum(c.link is not None for c in thread.comments) for thread in threads] == list(replies.values())
    assert [[problem.code for problem in thread.problems] for thread in threads] == [["merged"], ["merged"]]
