"""Names out of what is written, people out of everything."""

import json
import re
import stat
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from test_batch import tables

import commentlab as cl
from commentlab import batch, frames, labelstore, privacy, reopening
from commentlab.cli import main
from commentlab.privacy import Cover, Excluded, people
from commentlab.records import Comment, Correction, Label, Link, Post, Problem, ScoredThread, Thread
from commentlab.reopening import Thing

ROOT = Path(__file__).parents[1]
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


@pytest.mark.timing
@pytest.mark.parametrize("piece", ["a", "@a", "a.", "a@", "1.", "a:", "Gyre ", "u/", "@a@", "\n> "])
def test_a_hostile_text_takes_no_longer(piece: str) -> None:
    began = time.thread_time()
    text_of(piece * (500_000 // len(piece)))
    assert time.thread_time() - began < 10


def test_names_are_dropped() -> None:
    result = privacy.covered(thread("@Gyre: Ann Smith, no. @nobody", title="Gyre speaks"), Cover(authors="drop"))
    assert result
    assert result.thread.comments[0].text == "@[name]: [name], no. @[name]"
    assert result.thread.post.title == "[name] speaks"
    assert {comment.author for comment in result.thread.comments} == {None}


def test_names_are_kept_but_addresses_never() -> None:
    body = "@Gyre: Ann Smith, a.b@example.org from 192.0.2.7, @ann@social.example"
    before = thread(body, authors=("ann@example.org", "Gyre"), url="http://192.0.2.7/1")
    after = privacy.covered(before, Cover())
    assert after is not None
    assert after.thread.comments[0].text == "@Gyre: Ann Smith, [e-mail] from [IP], @ann@social.example"
    assert [comment.author for comment in after.thread.comments] == ["ann", "ann", "Gyre"]
    assert after.thread.post.url == "http://192.0.2.7/1"


def test_a_pseudonym_is_one_of_a_person_and_a_key() -> None:
    assert p("Ann  SMITH") == p("ann smith") != p("Ann")
    assert privacy.pseudonym("Ann", b"x" * 32) != p("Ann")
    assert re.fullmatch(r"person-[a-z2-7]{10}", p("Ann"))


@pytest.mark.parametrize("words", ["a bluff, Gyre", "a bluff", "> Gyre said it", "Gyre said", "it is", "right, a"])
def test_spans_move_with_their_texts(words: str) -> None:
    body = "> Gyre said it is\nGyre is right, a bluff, Gyre."
    start = body.index(words)
    span = (start, start + len(words))
    label = Label(comment_id="0", task="stance", value="bluff", confidence=1, reasons=((*span, 1.0),))
    before = thread(body)
    quoting = replace(before.thread.comments[0], quotes=(span,))
    held = replace(before.thread, comments=(quoting, *before.thread.comments[1:]))
    after = privacy.covered(replace(before, labels=(label,), thread=held), Cover(authors="pseudonym", key=KEY))
    assert after
    shown = after.thread.comments[0]
    ((start, end),) = shown.quotes
    assert shown.text[start:end] == words.replace("Gyre", p("Gyre"))
    assert after.labels[0].reasons == ((start, end, 1.0),)


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


def words_of(value: object) -> list[str]:
    return re.findall(r"\w+", str(value).casefold())


def test_no_name_of_any_fixture_is_left_in_the_tables() -> None:
    people = 0
    for path in sorted((ROOT / "fixtures").rglob("*.*")):
        try:
            threads = cl.read(path)
        except cl.CommentlabError:
            continue
        for found in threads:
            named = {name for name in (found.post.author, *(each.author for each in found.comments)) if name}
            spelled = [words_of(name) for name in named]
            rare = [words for words in spelled if words and (len(words) > 1 or is_rare(words[0]))]
            people += len(rare)
            shown = privacy.covered(ScoredThread(thread=found, labels=()), Cover(authors="pseudonym", key=KEY))
            assert shown
            for table in cl.to_frames([shown]).tables().values():
                for column in table.columns.difference(["source", "reader"]):
                    cells = [words_of(cell) for cell in table[column].dropna()]
                    assert [(path, column, words) for words in rare if any(holds(cell, words) for cell in cells)] == []
    assert people > 300


def is_rare(word: str) -> bool:
    return len(word) > 2 and not word.isdigit() and not people._is_ordinary(word)


def holds(cell: list[str], words: list[str]) -> bool:
    return any(cell[i : i + len(words)] == words for i in range(len(cell)))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    rows = [
        ("1", "", "Gyre", "Gyre's first words: they will never march."),
        ("2", "1", "Ann Smith", "I disagree with Gyre, they will."),
        ("3", "2", "Gyre", "=SUM(A1) is all that you have, @Ann Smith."),
        ("4", "", "Ben Miller", "Nobody asked me."),
    ]
    for number in range(3):
        lines = ["comment_id,parent_id,author,text,title"]
        lines += [
            f'{number}{i},{number if above else ""}{above},{who},"{body}",Post {number}' for i, above, who, body in rows
        ]
        (folder / f"{number}.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def everything(out: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in sorted(out.rglob("*")) if path.is_file())


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_a_person_is_forgotten(pages: Path, tmp_path: Path, format: Any) -> None:
    out = tmp_path / "out"
    options = {"scheme": "threat", "tier": "fast", "format": format}
    cl.run_batch(pages, out, **options)
    before = loaded(out, format)
    gyre, ann = (privacy.pseudonym(name, privacy.key_in(out / "pseudonym.key")) for name in ("Gyre", "Ann Smith"))
    assert sorted(set(before["author"])) == sorted({gyre, ann, *before["author"]})
    assert "Gyre" not in everything(out)
    found = batch.forget(out, authors=["gyre"])
    assert (found.threads, found.comments) == (0, 6)
    after = loaded(out, format)
    assert gyre not in set(after["author"].dropna())
    assert after["text"].str.contains("first words|SUM").sum() == 0
    assert (after["status"] == "deleted").sum() == 3  # those that Ann answers
    ben = before["text"] == "Nobody asked me."
    others = [name for name in before if name not in ("position", "text")]
    untouched = after[after["text"] == "Nobody asked me."].reset_index(drop=True)
    pd.testing.assert_frame_equal(untouched[others], before[ben].reset_index(drop=True)[others])
    assert json.loads((out / "manifest.json").read_text())["summary"]["comments"] == len(after) == 9
    assert cl.run_batch(pages, out, **options).resumed == 1
    pd.testing.assert_frame_equal(loaded(out, format), after)
    again = cl.run_batch(pages, out, resume=False, **options)
    assert again.comments == 9
    redone = loaded(out, format)
    assert redone["text"].fillna("").to_list() == after["text"].fillna("").to_list()
    assert redone["author"].fillna("").to_list() == after["author"].fillna("").to_list()


def loaded(out: Path, format: Any) -> pd.DataFrame:
    paths = sorted((out / "comments").iterdir())
    return pd.concat([frames.load(path, format) for path in paths], ignore_index=True)


def test_threads_and_comments_are_forgotten(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    cl.run_batch(pages, out, tier="fast")
    before = tables(out)
    first, second, _ = before["threads"]["thread_id"]
    result = CliRunner().invoke(main, ["forget", str(out), "--thread", first, "--comment", second, "14"])
    assert (
        result.output
        == "1 threads, 1 comments and 0 labels deleted, 1 shards written again, 0 opened things forgotten\n"
    )
    after = tables(out)
    assert first not in "".join(table.to_csv() for table in after.values())
    assert len(after["threads"]) == 2
    assert "14" not in set(after["comments"]["comment_id"])
    summary = cl.run_batch(pages, out, tier="fast", resume=False)
    assert (summary.threads, summary.comments) == (2, 7)
    manifest = json.loads((out / "manifest.json").read_text())
    assert [shard["excluded"] for shard in manifest["shards"].values()] == [1]


def test_labels_of_the_dashboard_are_forgotten_with_the_person() -> None:
    store = labelstore.standard()
    for number, author in enumerate(("Ann Smith", "ann  smith", "Ben")):
        mark = {"mark": "m", "task": "sentiment", "value": "positive", "coder": "Cy", "when": datetime.now(UTC)}
        store.label(Correction(thread_id="t", comment_id=str(number), author=author, text="Fine.", **mark))
    reopening.keep(Thing(about="a page", contents=(b"Ben says: fine.",)))
    result = CliRunner().invoke(main, ["forget", "--author", "ANN SMITH"])
    assert (
        result.output
        == "0 threads, 0 comments and 2 labels deleted, 0 shards written again, 1 opened things forgotten\n"
    )
    assert list((labelstore.home() / reopening.FOLDER).iterdir()) == []
    assert [each.author for each in store.corrections()] == ["Ben"]
    assert batch.forget(threads=["t"]).labels == 1
    assert store.history() == []


def test_what_cannot_be_forgotten(pages: Path, tmp_path: Path) -> None:
    with pytest.raises(cl.UnreadableError, match="no folder of tables"):
        batch.forget(tmp_path, authors=["Gyre"])
    cl.run_batch(pages, tmp_path / "out", tier="fast", authors="drop")
    assert tables(tmp_path / "out")["comments"]["author"].isna().all()
    mark = {"mark": "m", "task": "sentiment", "value": "positive", "coder": "Cy", "when": datetime.now(UTC)}
    labelstore.standard().label(Correction(thread_id="t", comment_id="1", author="Gyre", text="Fine.", **mark))
    with pytest.raises(cl.OptionError, match="names were dropped"):
        batch.forget(tmp_path / "out", authors=["Gyre"])
    assert labelstore.standard().authors() == ["Gyre"]  # all of it is forgotten, or nothing
    with pytest.raises(cl.OptionError, match="nothing to forget"):
        batch.forget(tmp_path / "out")


def test_the_command_writes_pseudonyms_unless_asked(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("author\nBen Miller\n")
    for suffix in ("csv", "jsonl", "html", "md"):
        out = tmp_path / f"out.{suffix}"
        command = ["report" if suffix in ("html", "md") else "score", str(pages), "--tier", "fast", "--out", str(out)]
        assert CliRunner().invoke(main, [*command]).exit_code == 0
        plain = out.read_text("utf-8").replace("\\", "")
        assert "Gyre" not in plain
        assert "Smith" not in plain
        assert privacy.pseudonym("Gyre", privacy.key_in(tmp_path / "pseudonym.key")) in plain
        CliRunner().invoke(main, [*command, "--authors", "keep", "--exclude", str(tmp_path / "list.csv")])
        plain = out.read_text("utf-8")
        assert "Gyre" in plain
        assert "Nobody asked me" not in plain
