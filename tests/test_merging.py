import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import commentlab as cl
from commentlab import matching, merging, reading
from commentlab import text as cl_text
from commentlab.batch import inputs
from commentlab.cli import main

BASE = "https://blog.example/2012/10/the-bridge"
TEXTS = (
    "Will they really close the bridge on Monday?",
    "They said the same last year and nothing came of it.",
    "I walked over it this morning, and the signs are up.",
    "Then we shall all take the ferry, as our parents did.",
    "The ferry has been sold, as far as I know.",
    "What a shame.",
)


def comment(number: int, parent: int | None = None, **changes: object) -> cl.Comment:
    made = cl.Comment(
        id=str(number),
        text=TEXTS[number % len(TEXTS)],
        author=("Ann", "Ben", "Cat")[number % 3],
        when=cl.When(time=datetime(2012, 10, 1, 9, tzinfo=UTC) + timedelta(minutes=7 * number), raw=f"date {number}"),
        link=cl.Link(parent_id=str(parent)) if parent is not None else None,
    )
    return replace(made, **changes)


def thread(source: str, *comments: cl.Comment, **changes: object) -> cl.Thread:
    post = cl.Post(id="t", title="The bridge", text="They want to close it.", url=f"{BASE}/", author="Alex")
    post = replace(post, **{name: changes.pop(name) for name in ("title", "text", "url") if name in changes})
    made = cl.Thread(id="t", post=post, comments=comments, source=source, reader="wordpress")
    return replace(made, **changes)


def told(merged: cl.Thread) -> list[tuple[str, str | None]]:
    return [(each.id, each.parent_id) for each in merged.comments]


def notes(merged: cl.Thread) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.comment_id) for problem in merged.problems]


def test_comment_pages_follow_each_other_whatever_the_order_of_the_files() -> None:
    first = thread("1.html", comment(0), comment(1, 0), id="p1", declared_count=5)
    second = thread("2.html", comment(2), comment(3, 1), comment(4, 9), id="p2", url=f"{BASE}/comment-page-2/#comments")
    for pages in ((first, second), (second, first)):
        (merged,) = merging.merge(pages)
        assert told(merged) == [("0", None), ("1", "0"), ("2", None), ("3", "1"), ("4", "9")]
        assert (merged.source, merged.declared_count, merged.post.url) == (pages[0].source, 5, f"{BASE}/")
        assert notes(merged) == [("merged", None)]
        assert pages[1].source in merged.problems[0].message


def test_the_count_is_compared_and_the_tree_repaired_after_merging() -> None:
    first = thread("1.html", comment(0), comment(2, 1), declared_count=4)
    second = thread("2.html", comment(1, 0), comment(3, 8))
    (merged,) = merging.merge([first, second])
    finished = reading.finish(merged)
    assert told(finished) == [("0", None), ("2", "1"), ("1", "0"), ("3", None)]
    assert notes(finished) == [("merged", None), ("orphan", "3")]


def test_a_page_saved_again_tells_what_was_edited_and_what_is_gone() -> None:
    before = thread("a.html", *(comment(i) for i in range(5)))
    edited = comment(1, text="I take it back: they mean it this time.")
    deleted = comment(3, text="", author=None, status="deleted")
    after = thread("b.html", comment(0), edited, deleted, comment(4), comment(5, 1))
    for files in ((before, after), (after, before)):
        (merged,) = merging.merge_proven(files)
        assert [each.id for each in merged.comments] == ["0", "1", "2", "3", "4", "5"]
        assert merged.comments[1].text == edited.text
        assert (merged.comments[3].text, merged.comments[3].status) == (TEXTS[3], "deleted")
        assert notes(merged) == [("edited", "1"), ("gone", "2"), ("gone", "3"), ("merged", None)]
        assert "'They said the same last year" in merged.problems[0].message


ANN, BEN = {"author": "Ann", "when": None}, {"author": "Ben", "when": None}
VAGUE = cl.When(time=None, raw="07:56")


def copied(number: int, text: str | None = None, **changes: object) -> cl.Comment:
    """A comment of a form that states no ids, so that its id changes with its text."""
    made = comment(number, **changes)
    said = text or made.text
    return replace(made, id=cl_text.fingerprint(made.author, said), text=said)


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        ([copied(0), copied(1), copied(2)], [copied(0), copied(1, "Not a word of it is true."), copied(2)], ["edited"]),
        ([copied(0), copied(1)], [copied(0), copied(1, "Not a word of it is true.")], ["edited"]),
        ([copied(0, "All of it is new."), copied(1)], [copied(0), copied(1)], ["edited"]),
        (
            [copied(0, **ANN), copied(1, **BEN), copied(2, **ANN)],
            [copied(0, **ANN), copied(1, "Not a word of it.", **BEN), copied(2, **ANN)],
            ["edited"],
        ),
        (
            [copied(0), copied(1, author="Ben", when=VAGUE)],
            [copied(0), copied(1, "Not a word of it.", author="Ben", when=VAGUE)],
            ["edited"],
        ),
        ([copied(0), copied(1, **BEN)], [copied(0), copied(3, "Not a word of it.", **BEN)], []),
        (
            [copied(0), copied(1), copied(2)],
            [copied(0), copied(1, "No, it is not.", author="Eve"), copied(2)],
            ["gone"],
        ),
        ([copied(0), copied(1), copied(2)], [copied(0), copied(4, "No, it is not."), copied(2)], ["gone"]),
        ([copied(1)], [copied(1, "Quite another text of the same minute.")], []),
    ],
)
def test_an_edit_is_told_where_ids_come_from_the_text(
    before: list[cl.Comment], after: list[cl.Comment], noted: list[str]
) -> None:
    (merged,) = merging.merge([thread("a.txt", *before), thread("b.txt", *after)])
    assert [code for code, _ in notes(merged)] == [*noted, "merged"]
    assert len(merged.comments) == len(before) + (noted != ["edited"])


def test_comments_at_the_ends_are_gone_only_if_the_later_file_has_all() -> None:
    before = thread("a.html", *(comment(i) for i in range(5)))
    after = thread("b.html", *(comment(i) for i in range(1, 6)))
    assert notes(merging.merge([before, after])[0]) == [("merged", None)]
    complete = replace(after, declared_count=5)
    assert notes(merging.merge([before, complete])[0]) == [("gone", "0"), ("merged", None)]


def test_pages_that_show_the_newest_first_stay_so() -> None:
    pages = [thread("1.html", comment(5), comment(4)), thread("2.html", comment(3), comment(2), url=f"{BASE}?cpage=2")]
    for files in (pages, pages[::-1]):
        assert [each.id for each in merging.merge(files)[0].comments] == ["5", "4", "3", "2"]


def test_new_replies_stand_where_their_file_has_them() -> None:
    before = thread("a.html", comment(0), comment(1))
    after = thread("b.html", comment(0), comment(4, 0), comment(5, 4), comment(1), comment(3))
    assert [each.id for each in merging.merge([before, after])[0].comments] == ["0", "4", "5", "1", "3"]


def test_a_parent_outside_a_feed_is_found_in_the_page_under_its_id_there() -> None:
    page = thread("p.html", comment(0), comment(1, 0))
    feed = thread("f.xml", comment(1, link=cl.Link(parent_id="x0"), id="x1"), reader="feed")
    for files in ((page, feed), (feed, page)):
        (merged,) = merging.merge(files)
        assert [each.parent_id for each in merged.comments] == [None, "0"]


def test_a_comment_that_comes_back_is_not_gone() -> None:
    whole = [comment(i) for i in range(5)]
    files = [thread("a", *whole), thread("b", *whole[:2], *whole[3:]), thread("c", *whole)]
    assert notes(merging.merge(files)[0]) == [("merged", None)]


def test_forms_without_common_ids_meet_by_author_time_and_text() -> None:
    page = thread("a.html", comment(0), comment(1, 0), comment(2), comment(5, text="+1"), id="p")
    own = [
        replace(each, id=f"x{i}", link=None, when=replace(each.when, time=each.when.time + timedelta(hours=2)))
        for i, each in enumerate(page.comments)
    ]
    zoned = [replace(each, when=replace(each.when, zone_assumed=True)) for each in own]
    copy = thread("a.txt", *zoned, comment(4, id="x9"), id="c", reader="plaintext", url=None, title="Blog", text="")
    (merged,) = merging.merge([page, copy])
    assert told(merged) == [("0", None), ("1", "0"), ("2", None), ("5", None), ("x9", None)]
    assert not any(each.when.zone_assumed for each in merged.comments)


def test_an_excerpt_is_no_edit_and_the_links_of_the_fuller_form_are_kept() -> None:
    feed = thread("f.xml", comment(2, 1, text="I walked over it this mor"), reader="feed", text="", url=None)
    page = thread("p.html", comment(1), comment(2))
    for files in ((feed, page), (page, feed)):
        (merged,) = merging.merge(files)
        assert told(merged)[-1] == ("2", "1")
        assert merged.comments[-1].text == TEXTS[2]
        assert merged.post.text == "They want to close it."
        assert "text-differs" not in [code for code, _ in notes(merged)]


def test_equal_ids_of_different_comments_stay_two_comments() -> None:
    one = thread("a.txt", comment(1), comment(2, 1))
    other = thread("b.txt", comment(4, id="1"), comment(5, 1, id="2"), id="u", reader="plaintext")
    (merged,) = merging.merge([one, other])
    assert told(merged) == [("1", None), ("2", "1"), ("1~2", None), ("2~2", "1~2")]
    assert notes(merged)[:2] == [("duplicate-id", "1~2"), ("duplicate-id", "2~2")]


def test_a_double_post_stays_double_and_problems_keep_their_comment() -> None:
    twice = comment(0, id="8")
    problem = cl.Problem(code="bad-date", message="?", comment_id="x")
    one = thread("a.html", comment(0), twice, comment(1))
    other = thread("b.xml", comment(0), twice, comment(1, id="x"), reader="feed", problems=(problem,))
    (merged,) = merging.merge([one, other])
    assert [each.id for each in merged.comments] == ["0", "8", "1"]
    assert notes(merged) == [("bad-date", "1"), ("merged", None)]


@pytest.mark.parametrize(
    ("changes", "together"),
    [
        ({"id": "u", "url": "http://www.blog.example/2012/10/the-bridge?cpage=2#comment-9"}, True),
        ({"id": "u", "url": f"{BASE}/feed/", "title": "Comments"}, True),
        ({"id": "u", "url": None, "text": ""}, True),
        ({"id": "u", "url": None, "title": "", "text": ""}, True),
        ({"id": "u", "url": f"{BASE}-again/"}, False),
        ({"id": "u", "url": None, "title": "Another bridge"}, False),
        ({"id": "u", "url": None, "text": "Quite another text."}, False),
    ],
)
def test_what_belongs_together_by_its_post(changes: dict[str, str | None], together: bool) -> None:
    files = [thread("a", comment(0)), thread("b", comment(1), **changes)]
    assert len(merging.merge(files)) == (1 if together else 2)
    assert len(merging.merge_proven(files)) == 2


def test_a_file_that_names_no_post_joins_only_if_there_is_one_discussion() -> None:
    nameless = thread("c", comment(2), id="v", url=None, title="", text="")
    two = [thread("a", comment(0)), thread("b", comment(1), id="u", url="https://blog.example/x", title="X", text="x")]
    assert len(merging.merge([*two, nameless])) == 3
    assert len(merging.merge([two[0], nameless])) == 1
    assert len(merging.merge([nameless, replace(nameless, id="w", source="d")])) == 1
    assert len(merging.merge([nameless, replace(nameless, id="w")])) == 2  # one file tells them apart


@pytest.mark.parametrize(
    ("one", "other", "proof"),
    [
        (thread("a", comment(0)), thread("b", comment(1)), True),
        (thread("a", comment(0)), thread("b", comment(0)), True),
        (thread("a", comment(0)), thread("b", comment(4, id="0")), False),
        (thread("x/a", comment(0), url=None, text=""), thread("x/b", comment(1), url=None, text=""), False),
        (thread("x/a", title="", url=None, text=""), thread("x/b", title="", url=None, text=""), True),
        (thread("x/a", title="", url=None, text=""), thread("y/b", title="", url=None, text=""), False),
        (thread("x/a", title="", url=None, text=""), thread("x/a", title="", url=None, text=""), False),
    ],
)
def test_what_ids_prove(one: cl.Thread, other: cl.Thread, proof: bool) -> None:
    assert len(merging.merge_proven([one, other])) == (1 if proof else 2)


WHENS = {
    "second": cl.When(time=datetime(2012, 10, 1, 9, 5, 40, tzinfo=UTC), raw=""),
    "minute": cl.When(time=datetime(2012, 10, 1, 9, 5, tzinfo=UTC), raw="", precision="minute"),
    "summer": cl.When(time=datetime(2012, 10, 1, 11, 5, tzinfo=UTC), raw="", precision="minute", zone_assumed=True),
    "later": cl.When(time=datetime(2012, 10, 1, 9, 12, tzinfo=UTC), raw="", precision="minute", zone_assumed=True),
    "day": cl.When(time=datetime(2012, 10, 1, tzinfo=UTC), raw="", precision="day"),
    "year": cl.When(time=datetime(2012, 1, 1, tzinfo=UTC), raw="", precision="year"),
    "swapped": cl.When(time=datetime(2012, 1, 10, 9, 5, tzinfo=UTC), raw="", ambiguous=True),
    "none": cl.When(time=None, raw="yesterday"),
}


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        ("minute", True),
        ("summer", True),
        ("later", False),
        ("day", True),
        ("year", True),
        ("swapped", None),
        ("none", None),
    ],
)
def test_dates_agree_up_to_their_precision_and_zone(other: str, answer: bool | None) -> None:
    assert matching.agree(WHENS["second"], WHENS[other]) is answer
    assert matching.agree(WHENS[other], WHENS["second"]) is answer


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (None, ""),
        ("https://www.Blog.example/a/", "blog.example/a"),
        ("http://blog.example/a/comment-page-12/#comments", "blog.example/a"),
        ("https://blog.example/?p=7&cpage=2", "blog.example?p=7"),
        ("https://blog.example/a.html?m=1&utm_source=x", "blog.example/a.html"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_the_part_of_an_address_that_names_the_post(url: str | None, page: str) -> None:
    assert merging.page_of(url) == page


SOME = st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=8)


@given(st.lists(SOME, min_size=1, max_size=4))
def test_nothing_is_lost_nothing_doubled_and_merging_again_changes_nothing(
    files: list[list[tuple[int, int | None]]],
) -> None:
    threads = [
        thread(f"{i}.html", *(comment(n, parent) for n, parent in dict(rows).items())) for i, rows in enumerate(files)
    ]
    (merged,) = merging.merge(threads)
    ids = [each.id for each in merged.comments]
    assert sorted(ids) == sorted({each.id for one in threads for each in one.comments})
    assert merging.merge([merged]) == [merged]
    assert reading.finish(merged).comments == reading.finish(reading.finish(merged)).comments


def page(*numbers: int, title: str = "The bridge") -> str:
    items = "".join(
        f'<li class="comment even" id="comment-{n}"><div class="comment-author"><cite class="fn">Ann{n}</cite></div>'
        f"<p>{TEXTS[n]}</p></li>"
        for n in numbers
    )
    return (
        f'<html><head><title>{title}</title></head><body><h1 class="entry-title">{title}</h1>'
        f'<div class="entry-content"><p>They want to close it.</p></div><ol class="comment-list">{items}</ol>'
        "</body></html>"
    )


def test_read_merges_a_folder_by_proof_and_the_command_by_word(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(page(0, 1, 2), encoding="utf-8")
    (folder / "b.html").write_text(page(3, title="Another post"), encoding="utf-8")
    (folder / "c.html").write_text(page(1, 2, 4), encoding="utf-8")
    (folder / "d.html").write_bytes(b"")
    assert [len(each.comments) for each in cl.read(folder)] == [4, 1]
    assert [len(each.comments) for each in cl.iter_threads(folder)] == [3, 1, 3]
    result = CliRunner().invoke(main, ["read", str(folder), "--merge"])
    assert result.exit_code == 1
    assert result.stdout.count("2 files hold this discussion") == 1
    assert len([each for each in cl.score_files([folder], merge=True) if isinstance(each, cl.ScoredThread)]) == 2
    summary = cl.run_batch([folder], tmp_path / "out", merge=True, workers=2)
    assert (summary.threads, summary.comments, summary.failures) == (2, 5, 1)


def test_a_batch_that_merges_makes_one_shard_of_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (tmp_path / f"{number}.html").write_text(page(number), encoding="utf-8")
    monkeypatch.setattr(inputs, "CHUNK", 2)
    assert cl.run_batch([tmp_path], tmp_path / "out", merge=True, workers=1).threads == 1


def test_without_merging_threads_come_while_they_are_read(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.html").write_text(page(0, title=f"Post {number}"), encoding="utf-8")
    threads = cl.iter_threads(tmp_path)
    assert next(threads).post.title == "Post 0"
    for file in tmp_path.iterdir():
        file.unlink()
    assert list(threads) == []


@pytest.mark.timing
def test_thousands_of_files_and_of_equal_comments_take_seconds() -> None:
    started = time.thread_time()
    entries = [thread(f"{i}.yml", comment(i, i - 1 if i % 5 else None)) for i in range(3000)]
    (merged,) = merging.merge_proven(entries)
    assert [each.id for each in merged.comments] == [str(i) for i in range(3000)]
    flood = [comment(0, id=f"x{i}", text="+1", when=None) for i in range(10_000)]
    page = thread("a", *flood)
    feed = thread("b", *(replace(each, id=f"y{i}") for i, each in enumerate(flood)), reader="feed")
    (merged,) = merging.merge([page, feed])
    assert len(merged.comments) == 10_000
    assert time.thread_time() - started < 20
