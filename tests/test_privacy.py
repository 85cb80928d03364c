"""Names out of what is written, people out of everything."""

import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commentlab as cl
from commentlab import privacy
from commentlab.privacy import Cover, Excluded
from commentlab.records import Comment, Label, Link, Post, Problem, ScoredThread, Thread

KEY = bytes(range(32))
NAMES = ("Ann Smith", "Gyre", "Will", "rose_77", "The Truth", "Ann Miller", "Käthe", "=cmd", "👍")


def thread(*texts: str, authors: tuple[str | None, ...] = NAMES, **post: Any) -> ScoredThread:
    comments = tuple(
        Comment(id=str(n), text=body, author=authors[n % len(authors)], url=f"https://example.org/p#c{n}")
        for n, body in enumerate(texts)
    )
    people = tuple(Comment(id=f"a{n}", text="Hm.", author=name) for n, name in enumerate(authors))
    head = Post(id="t", **({"title": "", "text": ""} | post))
    return ScoredThread(thread=Thread(id="t", post=head, comments=comments + people, source="s", reader="r"), labels=())


def text_of(body: str, **cover: Any) -> str:
    result = privacy.covered(thread(body), Cover(**({"authors": "pseudonym", "key": KEY} | cover)))
    assert result
    return result.thread.comments[0].text


def p(name: str) -> str:
    return privacy.pseudonym(name, KEY)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("I agree with Gyre, and GYRE agrees.", f"I agree with {p('Gyre')}, and {p('Gyre')} agrees."),
        ("@ann smith: no", f"@{p('Ann Smith')}: no"),
        ("Ann  Smith\nwrote", f"{p('Ann Smith')}\nwrote"),
        ("AnnSmith knows", f"{p('Ann Smith')} knows"),
        ("Mr. Smith and Miller", f"Mr. {p('Ann Smith')} and {p('Ann Miller')}"),
        ("Ask Ann.", f"Ask {p('ann')}."),  # two are called so
        ("an anniversary of gyres", "an anniversary of gyres"),
        ("Will they strike? I will.", "Will they strike? I will."),
        ("Will, you are wrong.", f"{p('Will')}, you are wrong."),
        ("Hi Will, hello.", f"Hi {p('Will')}, hello."),
        ("@will and I agree with Will", f"@{p('Will')} and I agree with {p('Will')}"),
        ("Will wrote: never", f"{p('Will')} wrote: never"),
        ("the truth is, The Truth said so", f"the truth is, {p('The Truth')} said so"),
        ("rose_77 and /u/rose_77", f"{p('rose_77')} and /u/{p('rose_77')}"),
        ("@Somebody_else came, u/other too", f"@{p('Somebody_else')} came, u/{p('other')} too"),
        ("KÄTHE, ja", f"{p('Käthe')}, ja"),
        ("write to a.b@example.org or @gyre@social.example", f"write to [e-mail] or @{p('gyre')}"),
        ("from 192.168.0.12, version 1.2.3", "from [IP], version 1.2.3"),
        ("2001:db8:0:1:1:1:1:1 it was", "[IP] it was"),
    ],
)
def test_names_in_texts(body: str, expected: str) -> None:
    assert text_of(body) == expected


def test_names_are_dropped() -> None:
    result = privacy.covered(thread("@Gyre: Ann Smith, no. @nobody", title="Gyre speaks"), Cover(authors="drop"))
    assert result
    assert result.thread.comments[0].text == "@[name]: [name], no. @[name]"
    assert result.thread.post.title == "[name] speaks"
    assert {comment.author for comment in result.thread.comments} == {None}


def test_names_are_kept() -> None:
    before = thread("@Gyre: Ann Smith, a.b@example.org")
    assert privacy.covered(before, Cover()) is before


def test_a_pseudonym_is_one_of_a_person_and_a_key() -> None:
    assert p("Ann  SMITH") == p("ann smith") != p("Ann")
    assert privacy.pseudonym("Ann", b"x" * 32) != p("Ann")
    assert re.fullmatch(r"person-[a-z2-7]{10}", p("Ann"))


def test_spans_move_with_their_texts() -> None:
    before = thread("> Gyre said it is a bluff\nGyre is right, a bluff.")
    body = before.thread.comments[0].text
    label = Label(
        comment_id="0",
        task="stance",
        value="bluff",
        confidence=1,
        reasons=((body.rindex("a bluff"), body.rindex("a bluff") + 7, 1.0),),
    )
    quoting = replace(before.thread.comments[0], quotes=((0, body.index("\n")),))
    before = replace(
        before, labels=(label,), thread=replace(before.thread, comments=(quoting, *before.thread.comments[1:]))
    )
    after = privacy.covered(before, Cover(authors="pseudonym", key=KEY))
    assert after
    (start, end), words = after.thread.comments[0].quotes[0], after.thread.comments[0].text
    assert words[start:end] == f"> {p('Gyre')} said it is a bluff"
    start, end, _ = after.labels[0].reasons[0]
    assert words[start:end] == "a bluff"


@given(st.text(alphabet="Gyre @an.bS,mith:\n_7\U0001f600", max_size=60))
def test_no_text_is_damaged(body: str) -> None:
    shown = text_of(body)
    assert len(shown.splitlines()) == len(body.splitlines())
    assert "gyre" not in re.findall(r"\w+", shown.casefold())


def test_addresses_that_spell_a_name_are_left_out() -> None:
    before = thread("x", url="https://example.org/@gyre/1")
    after = privacy.covered(before, Cover(authors="pseudonym", key=KEY))
    assert after
    assert after.thread.post.url is None
    assert after.thread.comments[0].url == "https://example.org/p#c0"


def test_who_is_left_out_is_out_of_everything() -> None:
    rows = (
        ("1", None, "Gyre", "They will never march, this is a bluff."),
        ("2", "1", "Ann", "> They will never march, this is a bluff.\nGyre is wrong."),
        ("3", "2", "gyre", "So be it."),
        ("4", None, "Ben", "I agree with Gyre"),
    )
    comments = tuple(
        Comment(id=i, text=body, author=author, link=Link(parent_id=above) if above else None)
        for i, above, author, body in rows
    )
    labels = tuple(Label(comment_id=i, task="stance", value="bluff", confidence=1) for i, *_ in rows)
    problems = (Problem(code="x", message="of Gyre", comment_id="3"), Problem(code="y", message="Gyre twice"))
    before = ScoredThread(
        thread=Thread(
            id="t",
            post=Post(id="t", title="", text=""),
            comments=comments,
            source="s",
            reader="r",
            problems=problems,
        ),
        labels=labels,
    )
    for entry in ("gyre", p("Gyre")):
        after = privacy.covered(before, Cover(key=KEY, excluded=Excluded(authors=frozenset([entry]))))
        assert after
        assert [(c.id, c.author, c.status, c.text) for c in after.thread.comments] == [
            ("1", None, "deleted", ""),
            ("2", "Ann", "shown", "[removed]\n[name] is wrong."),
            ("4", "Ben", "shown", "I agree with [name]"),
        ]
        assert [label.comment_id for label in after.labels] == ["2", "4"]
        assert [problem.message for problem in after.thread.problems] == ["[name] twice"]
    one = privacy.covered(before, Cover(key=KEY, excluded=Excluded(comments=frozenset([("t", "4")]))))
    assert one
    assert [c.id for c in one.thread.comments] == ["1", "2", "3"]
    assert privacy.covered(before, Cover(key=KEY, excluded=Excluded(threads=frozenset(["t"])))) is None
    host = replace(before, thread=replace(before.thread, post=Post(id="t", title="T", text="P", author="Gyre")))
    silent = privacy.covered(host, Cover(key=KEY, excluded=Excluded(authors=frozenset(["gyre"]))))
    assert silent
    assert (silent.thread.post.title, silent.thread.post.text, silent.thread.post.author) == ("", "", None)


def test_the_key_lies_in_the_folder(tmp_path: Path) -> None:
    first = privacy.cover_for(tmp_path)
    assert privacy.cover_for(tmp_path).key == first.key
    assert stat.S_IMODE((tmp_path / "pseudonym.key").stat().st_mode) == 0o600
    assert privacy.cover_for(None).key != privacy.cover_for(None).key
    privacy.cover_for(tmp_path, key=tmp_path / "other")
    assert (tmp_path / "other").read_text() != (tmp_path / "pseudonym.key").read_text()
    (tmp_path / "pseudonym.key").write_text("not a key")
    with pytest.raises(cl.UnreadableError, match="holds no key"):
        privacy.cover_for(tmp_path)


def test_exclusion_lists(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("author,thread_id,comment_id\n Gyre ,,\n,t1,\n,t2,c\n", encoding="utf-8-sig")
    found = privacy.exclusions(path)
    expected = Excluded(authors=frozenset(["gyre"]), threads=frozenset(["t1"]), comments=frozenset([("t2", "c")]))
    assert found == expected
    assert privacy.exclude_also(path, Excluded(threads=frozenset(["t3"]))) == expected | Excluded(
        threads=frozenset(["t3"])
    )
    assert privacy.exclusions(path).threads == {"t1", "t3"}
    path.write_text("name\nGyre\n")
    with pytest.raises(cl.OptionError, match="has the columns"):
        privacy.exclusions(path)
    path.write_text("comment_id\nc\n")
    with pytest.raises(cl.OptionError, match="needs its thread_id"):
        privacy.exclusions(path)
    with pytest.raises(cl.UnreadableError, match="cannot be read"):
        privacy.exclusions(tmp_path / "missing.csv")
    with pytest.raises(cl.OptionError, match="unknown way"):
        privacy.cover_for(None, authors="hide")  # type: ignore[arg-type]
