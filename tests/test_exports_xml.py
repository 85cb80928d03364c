"""Real exports hold as many comments, parents and pings as their own elements say, counted here without the readers."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commentlab import dates, plugin, reading
from commentlab.records import Thread

FIXTURES = Path(__file__).parents[1] / "fixtures"
MINE = ("blogger_atom", "blogml", "disqus_xml", "feed", "markdown_page", "movabletype_text", "staticman")
ATOM = "{http://www.w3.org/2005/Atom}"
Counts = dict[str, object]


def read(path: Path, name: str) -> list[Thread]:
    """Return what the reader itself delivers, before anything is repaired or inferred."""
    source = reading.open_source(path)
    assert reading.rank(source)[0][0].FORMAT.name == name, path
    return list(plugin.readers()[name].read(source))


def counts(threads: list[Thread]) -> Counts:
    comments = [comment for thread in threads for comment in thread.comments]
    return {
        "threads": len(threads),
        "comments": len(comments),
        "parents": sum(comment.link is not None for comment in comments),
        "pings": sum(comment.kind != "comment" for comment in comments),
        "statuses": dict(Counter(comment.status for comment in comments)),
    }


def words(text: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", (text or "").casefold()))


def disqus(path: Path) -> Counts:
    posts = re.findall(r"<post\b.*?</post>", path.read_text(encoding="utf-8"), re.S)
    statuses = Counter(
        "deleted" if "<isDeleted>true<" in post else "spam" if "<isSpam>true<" in post else "shown" for post in posts
    )
    return {
        "threads": len({re.findall(r"<thread dsq:id=\"?(\d+)", post)[0] for post in posts}),
        "comments": len(posts),
        "parents": sum("<parent " in post for post in posts),
        "pings": 0,
        "statuses": dict(statuses),
    }


def blogger(path: Path) -> Counts:
    entries = ElementTree.parse(path).getroot().iter(f"{ATOM}entry")  # noqa: S314 - a real file, which is no bomb
    kinds = [
        (entry, {each.get("term", "").rpartition("#")[2] for each in entry.iter(f"{ATOM}category")})
        for entry in entries
    ]
    comments = [entry for entry, terms in kinds if "comment" in terms]
    reply = "{http://purl.org/syndication/thread/1.0}in-reply-to"
    links = [link for entry in comments for link in entry.iter(f"{ATOM}link")]
    return {
        "threads": len({entry.find(reply).get("ref") for entry in comments}),  # type: ignore[union-attr]
        "comments": len(comments),
        "parents": sum(link.get("rel") == "related" for link in links),
        "pings": 0,
        "statuses": {"shown": len(comments)},
    }


def feed(path: Path) -> Counts:
    items = list(ElementTree.parse(path).getroot().iter("item"))  # noqa: S314 - a real file, which is no bomb
    texts = [item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded", "").strip() for item in items]
    return {
        "threads": 1,
        "comments": len(items),
        "parents": sum(text.startswith("<p>In reply to <a") for text in texts),
        "pings": sum(text.startswith("<p>[&#8230;] ") and text.endswith(" [&#8230;]</p>") for text in texts),
        "statuses": {"shown": len(items)},
    }


def staticman(path: Path) -> Counts:
    text = path.read_text(encoding="utf-8")
    parents = len(re.findall(r"^replying_to_uid: '?[\w-]+", text, re.M))
    return {"threads": 1, "comments": 1, "parents": parents, "pings": 0, "statuses": {"shown": 1}}


def markdown(path: Path) -> Counts:
    comments = re.findall(r'<li id="comment-\d+" class="(\w+)[^"]* depth-(\d+)', path.read_text(encoding="utf-8"))
    return {
        "threads": 1,
        "comments": len(comments),
        "parents": sum(int(depth) > 1 for _, depth in comments),
        "pings": sum(kind != "comment" for kind, _ in comments),
        "statuses": {"shown": len(comments)},
    }


EXPORTS: list[tuple[str, str, Callable[[Path], Counts], int]] = [
    ("disqus_xml", "disqus_xml/*.xml", disqus, 3),
    ("blogger_atom", "blogger_atom/*.xml", blogger, 2),
    ("feed", "feed/*.xml", feed, 3),
    ("staticman", "staticman/*/*.yml", staticman, 28),
    ("markdown_page", "md_html/*-comment-*.md", markdown, 2),
]


@pytest.mark.parametrize(("name", "pattern", "count", "files"), EXPORTS, ids=[each[0] for each in EXPORTS])
def test_real_exports(name: str, pattern: str, count: Callable[[Path], Counts], files: int, shared: Path) -> None:
    paths = sorted((shared / "threads" / "exports").glob(pattern))
    assert len(paths) == files
    for path in paths:
        assert counts(read(path, name)) == count(path), path


def test_files_of_one_staticman_folder_are_one_thread_by_their_ids(shared: Path) -> None:
    for folder in (shared / "threads" / "exports" / "staticman").iterdir():
        threads = [thread for path in sorted(folder.iterdir()) for thread in read(path, "staticman")]
        comments = {comment.id: comment for thread in threads for comment in thread.comments}
        assert len({thread.id for thread in threads}) == 1
        assert all(comment.parent_id is None or comment.parent_id in comments for comment in comments.values())


def test_a_feed_and_the_gold_of_its_page_have_the_same_comments(shared: Path) -> None:
    """The page and its feed are two forms of one thread; the zone of the page changed, so only minutes are compared."""
    compared = 0
    for path in sorted((shared / "threads" / "exports" / "feed").glob("*.xml")):
        slug = path.name.removesuffix("-feed-index.xml")
        gold = json.loads((shared / "threads" / "gold" / f"html__{slug}.json").read_text(encoding="utf-8"))["comments"]
        (thread,) = read(path, "feed")
        told = Counter(
            (words(each.author), each.published and each.published.minute, each.kind, each.link is not None)
            for each in thread.comments
        )
        times = [dates.parse(each["published"]).time for each in gold]
        assert told == Counter(
            (words(each["author"]), time and time.minute, each["kind"], each["parent"] is not None)
            for each, time in zip(gold, times, strict=True)
        )
        compared += 1
    assert compared == 3


@pytest.mark.parametrize("name", MINE)
def test_no_other_reader_claims_a_file_as_surely(name: str) -> None:
    for path in (path for path in (FIXTURES / name).iterdir() if path.suffix != ".json"):
        ranked = reading.rank(reading.open_source(path))
        assert ranked[0][0].FORMAT.name == name, path
        assert len(ranked) == 1 or ranked[0][1].score > ranked[1][1].score, path


@pytest.mark.parametrize("name", MINE)
def test_a_file_cut_anywhere_is_read_up_to_the_cut(name: str) -> None:
    reader = plugin.readers()[name]
    for path in (path for path in (FIXTURES / name).iterdir() if path.suffix != ".json"):
        data = path.read_bytes()
        whole = sum(len(thread.comments) for thread in reader.read(reading.open_source(data)))
        for end in range(1, len(data), 37):
            if not data[:end].strip():
                continue
            try:
                threads = list(reader.read(reading.open_source(data[:end])))
            except reading.UnreadableError:
                assert name == "staticman"  # YAML may be broken by the cut beyond repair
                continue
            assert sum(len(thread.comments) for thread in threads) <= whole


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><rss><channel><title>Posts</title><item><title>A</title><link>https://e.example/a</link>"
        b"<description>see #comment-3 there</description></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Posts</title><entry><title>A</title></entry></feed>",
        b"<html><head><title>Comments on: x</title></head><body><ol class='comment-list'></ol></body></html>",
        b"TITLE: a poem\nAUTHOR: me\n\nRoses are red",
        b"---\ntitle: A post\nid: 3\nauthor: me\ndate: 2012-01-01\ncomment: true\n---\nText of a post.\n",
        b"<blog><article>no BlogML</article></blog>",
    ],
)
def test_what_only_looks_like_an_export_is_left_alone(data: bytes) -> None:
    source = reading.open_source(data)
    assert [name for name in MINE if plugin.readers()[name].sniff(source)] == []


def test_dates_of_movable_type_have_the_month_first() -> None:
    path = FIXTURES / "movabletype_text" / "typepad.txt"
    (first, *_) = read(path, "movabletype_text")
    when = first.comments[0].when
    assert when
    assert when.time
    assert (when.time.month, when.time.day, when.ambiguous) == (2, 3, False)
