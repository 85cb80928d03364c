"""Exports and APIs in JSON and tables: real files against independent counts, all fixtures against hostile changes."""

import json
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import commentlab as cl
from commentlab import documents, fields, frames, plugin, reading
from commentlab.readers import tables

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS = (
    "algolia comentario commento convokit discourse firebase github isso jf2 lemmy mastodon mf2 pushshift reddit"
    " remark42 stackexchange tables wordpress_rest youtube"
).split()
INPUTS = [
    path
    for name in FORMATS
    for path in sorted((FIXTURES / name).iterdir())
    if not (path.suffix == ".json" and path.with_suffix("").exists())
]
each_input = pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a document, however deep."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            yield here
        if isinstance(here, dict | list):
            stack.extend(here.values() if isinstance(here, dict) else here)


def recorded(path: Path) -> Any:
    content = path.read_text(encoding="utf-8")
    return json.loads(content.partition("\n\n")[2] if content.startswith("HTTP/") else content)


def reddit(document: Any) -> tuple[int, int]:
    found = [each["data"] for each in objects(document) if each.get("kind") == "t1"]
    return len(found), sum(each["parent_id"].startswith("t1_") for each in found)


def discourse(document: Any) -> tuple[int, int]:
    posts = [each for each in objects(document) if "cooked" in each and each["post_number"] > 1]
    return len(posts), sum((each["reply_to_post_number"] or 1) > 1 for each in posts)


def mastodon(document: Any) -> tuple[int, int]:
    statuses = [each for each in objects(document) if "in_reply_to_id" in each]
    ids = {each["id"] for each in statuses}
    return len(statuses) - 1, sum(each["in_reply_to_id"] in ids for each in statuses)  # one is the post


def remark42(document: Any) -> tuple[int, int]:
    found = [each for each in objects(document) if "pid" in each]
    return len(found), sum(bool(each["pid"]) for each in found)


def commento(document: Any) -> tuple[int, int]:
    found = [each for each in objects(document) if "commentHex" in each]
    return len(found), sum(each["parentHex"] != "root" for each in found)


def hacker_news(document: Any) -> tuple[int, int]:
    found = [each for each in objects(document) if each.get("type") == "comment"]
    ids = {each["id"] for each in found}
    return len(found), sum(each["parent"] in ids for each in found)


def youtube(document: Any) -> tuple[int, int]:
    found = [each for each in objects(document) if each.get("kind") == "youtube#comment"]
    return len(found), sum("parentId" in each["snippet"] for each in found)


def microformats(document: Any) -> tuple[int, int]:
    return sum(len(each.get("comment", ())) for each in objects(document)), 0


COUNTS: dict[str, tuple[str, Callable[[Any], tuple[int, int]]]] = {
    "api_json/reddit_funny_3hahrw.json": ("reddit", reddit),
    "api_json/reddit_redditdev_54hhwl.json": ("reddit", reddit),
    "api_json/discourse_topic.json": ("discourse", discourse),
    "api_json/mastodon_context_1.json": ("mastodon", mastodon),
    "api_json/remark42_tree.json": ("remark42", remark42),
    "api_json/remark42_commento.json": ("commento", commento),
    "api_json/xray_v0_item_14516923.json": ("firebase", hacker_news),
    "api_json/youtube_comment_threads_all_to_me.json": ("youtube", youtube),
    "mf2/rel-alternate-mf2-json.json": ("mf2", microformats),
}


@pytest.mark.parametrize("name", COUNTS)
def test_real_exports_hold_as_many_comments_and_parents_as_their_elements_say(shared: Path, name: str) -> None:
    path = shared / "threads" / "exports" / name
    reader, count = COUNTS[name]
    threads = cl.read(path)
    comments = [comment for thread in threads for comment in thread.comments]
    stated = sum(comment.parent_origin == "stated" for comment in comments)
    assert {thread.reader for thread in threads} == {reader}
    assert (len(comments), stated) == count(recorded(path))
    assert not [comment for comment in comments if comment.kind != "comment"]  # none of them knows pingbacks


def test_every_real_export_of_these_formats_is_counted(shared: Path) -> None:
    exports = shared / "threads" / "exports"
    names = {str(path.relative_to(exports)) for kind in ("api_json", "mf2") for path in (exports / kind).iterdir()}
    assert names == COUNTS.keys()


def test_stubs_of_reddit_are_problems(shared: Path) -> None:
    path = shared / "threads" / "exports" / "api_json" / "reddit_funny_3hahrw.json"
    stubs = [each["data"] for each in objects(recorded(path)) if each.get("kind") == "more"]
    (thread,) = cl.read(path)
    missing = [problem for problem in thread.problems if problem.code == "missing"]
    numbers = [int(found[0]) for problem in missing if (found := re.match(r"\d+", problem.message))]
    assert len(missing) == len(stubs) > 0
    assert sum(numbers) == sum(stub["count"] for stub in stubs)


@each_input
def test_the_reader_is_found_without_being_named(path: Path) -> None:
    ranked = reading.rank(reading.open_source(path))
    assert ranked[0][0].FORMAT.name == path.parent.name
    assert len(ranked) == 1 or ranked[1][1].score < ranked[0][1].score
    assert ranked[0][1].why


def try_to_read(data: bytes, name: str) -> list[cl.Thread]:
    """Read what may be broken: threads or an error that commentlab raises on purpose, nothing else."""
    try:
        return cl.read(data, reader=name)
    except cl.InputError:
        return []


@each_input
def test_a_file_cut_anywhere_gives_what_is_left(path: Path) -> None:
    data = path.read_bytes()
    whole = sum(len(thread.comments) for thread in cl.read(data, reader=path.parent.name))
    found = 0
    for end in range(1, len(data), max(1, len(data) // 40)):
        threads = try_to_read(data[:end], path.parent.name) if data[:end].strip() else []
        found = max(found, sum(len(thread.comments) for thread in threads))
    assert whole / 2 <= found <= whole + 1


@each_input
def test_no_type_is_trusted(path: Path) -> None:
    """Every value may be anything: some hundred times one is replaced, and what comes out is still a thread."""
    content = path.read_text(encoding="utf-8", errors="replace").partition("\r\n\r\n")
    parts = (
        (content[2] or content[0]).splitlines() if path.suffix in (".ndjson", ".jsonl") else [content[2] or content[0]]
    )
    chance = random.Random(path.name)  # noqa: S311
    for _ in range(120):
        changed = [changed_json(part, chance) for part in parts]
        for thread in try_to_read("\n".join(changed).encode("utf-8", "surrogatepass"), path.parent.name):
            ids = {comment.id for comment in thread.comments}
            assert len(ids) == len(thread.comments)
            assert all(comment.parent_id in ids | {None} for comment in thread.comments)
            assert all(isinstance(comment.author, str | None) for comment in thread.comments)


def changed_json(part: str, chance: random.Random) -> str:
    try:
        document = json.loads(part)
    except ValueError:
        return part
    holders = [each for each in objects([document]) if each]
    if holders:
        holder = chance.choice(holders)
        values = (None, True, -1, 1e300, float("nan"), "", "\ud800", "x", "9" * 30, [], [None], {}, {"id": []})
        holder[chance.choice(list(holder))] = chance.choice(values)
    return json.dumps(document)


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_own_tables_lead_back_to_threads(format: frames.FileFormat, tmp_path: Path) -> None:
    threads = [
        thread for name in ("reddit/thread.json", "wordpress_rest/comments.json") for thread in cl.read(FIXTURES / name)
    ]
    dangerous = replace(threads[0].comments[0], text='=1+1 is\n\n> "quoted", &amp; two', author="@ann")
    threads[0] = replace(threads[0], comments=(dangerous, *threads[0].comments[1:]))
    path = tmp_path / f"comments.{format}"
    path.write_bytes(frames.encode(cl.to_frames(threads).comments, format))
    assert [(thread.id, thread.reader) for thread in cl.read(path)] == [(thread.id, "tables") for thread in threads]
    for before, after in zip(threads, tables.read(plain_source(path)), strict=True):
        assert after.id == after.post.id == before.id
        for old, new in zip(before.comments, after.comments, strict=True):
            kept = ("id", "text", "author", "link", "kind", "status", "by_post_author", "url", "published")
            assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]
            assert (new.when.raw if new.when else None) == (old.when.raw if old.when else None)


def plain_source(path: Path) -> plugin.Source:
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    return plugin.Source(name=str(path), head=head, open=lambda: path.open("rb"), size=path.stat().st_size)


def test_columns_can_be_stated() -> None:
    data = b"a;b;c\nthe first of the texts;x;someone\nthe second of the texts;y;another\n"
    source = reading.open_source(data)
    (thread,) = tables.read_as(source, {"text": "a", "comment_id": "b", "author": "c"})
    assert [(each.id, each.author, each.text) for each in thread.comments] == [
        ("x", "someone", "the first of the texts"),
        ("y", "another", "the second of the texts"),
    ]
    with pytest.raises(cl.UnknownFormatError, match="there are: n1, n2"):
        list(tables.read_as(reading.open_source(b"n1,n2\n1,2\n3,4\n"), {}))


def test_columns_are_told_by_what_they_hold() -> None:
    rows = "".join(f"{i};2012-10-{i:02} 09:00;{max(0, i - 1)};this is the text of number {i}\n" for i in range(1, 20))
    (thread,) = cl.read(f"id;q1;q2;q3\n{rows}".encode(), reader="tables")
    assert [problem.code for problem in thread.problems] == ["guessed-columns"]
    assert [comment.parent_id for comment in thread.comments] == [None, *(str(i) for i in range(1, 19))]
    assert all(comment.published for comment in thread.comments)


NOT_TABLES = {
    "prose": b"Dear all,\n\nI think, therefore I am, I think.\nYours,\nRen\xc3\xa9\n" * 5,
    "numbers": b"x,y\n1,2\n3,4\n",
    "configuration": b'{"name": "commentlab", "text": "A laboratory", "author": "someone"}',
    "coordinates": b'[{"lat": 1, "lon": 2}, {"lat": 3, "lon": 4}]',
}


@pytest.mark.parametrize("name", NOT_TABLES)
def test_what_is_no_table_of_comments_is_not_taken(name: str) -> None:
    assert tables.sniff(reading.open_source(NOT_TABLES[name])) is None


def test_headers_of_http_are_seen_through() -> None:
    body = (FIXTURES / "firebase" / "items.ndjson").read_bytes().splitlines()[1]
    heads = b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/2 200\ncontent-type: application/json\n\n"
    assert reading.rank(reading.open_source(heads + body))[0][0].FORMAT.name == "firebase"
    assert cl.read(heads + body)[0].comments == cl.read(body)[0].comments


def test_what_is_too_large_or_too_deep_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b'{"id": 1, "children": [' * 100_000
    with pytest.raises(cl.UnreadableError, match="nested too deeply"):
        cl.read(deep, reader="algolia")
    assert documents.peek(reading.open_source(deep)).value is None
    monkeypatch.setattr(documents, "LIMIT", 1000)
    with pytest.raises(cl.UnreadableError, match="one JSON value a line"):
        cl.read(FIXTURES / "reddit" / "thread.json")


def test_many_threads_need_no_more_memory_than_one(tmp_path: Path) -> None:
    path = tmp_path / "big.ndjson"
    comment = {"parent_id": "t3_0", "author": "ann", "created_utc": 1, "body": "word " * 100}
    with path.open("w") as stream:
        stream.writelines(
            json.dumps({"id": str(i), "link_id": f"t3_{i % 500}", **comment}) + "\n" for i in range(10_000)
        )
    tracemalloc.start()
    count = sum(len(thread.comments) for thread in plugin.readers()["pushshift"].read(plain_source(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert peak < path.stat().st_size / 4


def test_a_chain_of_replies_may_be_long() -> None:
    rows = [
        {"id": i, "by": "ann", "parent": i - 1, "text": "x", "time": 1496923200, "type": "comment"}
        for i in range(1, 20_000)
    ]
    started = time.monotonic()
    (thread,) = cl.read("\n".join(map(json.dumps, rows)).encode())
    assert len(thread.comments) == len(rows)
    assert time.monotonic() - started < 20


VALUES = [
    (1349082300, "2012-10-01T09:05:00+00:00"),
    (1349082300.5, "2012-10-01T09:05:00.500000+00:00"),
    (1349082300123, "2012-10-01T09:05:00.123000+00:00"),
    ("2012-10-01T09:05:00.123456789Z", "2012-10-01T09:05:00.123456+00:00"),
    ("2012-10-01 09:05", "2012-10-01T09:05:00+00:00"),
    ("0001-01-01T00:00:00Z", None),
    ("2012-13-41T09:05:00Z", None),
    (float("inf"), None),
    (True, None),
    ([], None),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=repr)
def test_moments(value: Any, expected: str | None) -> None:
    when = fields.moment(value, None)
    assert (when.time.isoformat() if when and when.time else None) == expected


PEOPLE = [
    ("Ann &amp; Ben", "Ann & Ben"),
    ("ann@mail.example", "ann"),
    ("192.0.2.1", None),
    ("[deleted]", None),
    (7, "7"),
]


@pytest.mark.parametrize(("value", "expected"), PEOPLE)
def test_people(value: Any, expected: str | None) -> None:
    assert fields.person(value) == expected
