import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import scored

import commentlab as cl
from commentlab import convokit


def told(thread: cl.Thread) -> list[tuple[object, ...]]:
    return [
        (c.id, c.text, c.author, c.published, c.parent_id, c.kind, c.status, c.by_post_author) for c in thread.comments
    ]


def corpus() -> list[cl.Thread]:
    comments = (
        cl.Comment(id="1", text="R&D is &lt;b&gt; here\n\nand there", author="A & B"),
        cl.Comment(id="2", text="What?", link=cl.Link(parent_id="1"), kind="trackback", by_post_author=True),
        cl.Comment(id="3", text="gone", author="Ann", link=cl.Link(parent_id="2"), status="deleted"),
    )
    post = cl.Post(
        id="p",
        title="A &amp; B",
        text="Said.",
        url="https://blog.example/a",
        published=datetime(2012, 10, 1, tzinfo=UTC),
    )
    thread = cl.Thread(id="p", post=post, comments=comments, source="a.html", reader="wordpress")
    other = replace(thread, id="q", post=replace(post, id="q", title="Another"), comments=comments[:1])
    return [thread, other]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    thread = scored().thread
    folder = convokit.write(cl.to_frames([scored()]), tmp_path / "corpus")
    (read,) = cl.read(folder / "utterances.jsonl")
    assert (read.reader, read.post.title, read.post.text) == ("convokit", thread.post.title, thread.post.text)
    assert told(read) == told(thread)
    assert read.problems == ()


def test_ids_are_unique_in_the_corpus_and_texts_come_back_as_they_were(tmp_path: Path) -> None:
    folder = convokit.write(cl.to_frames(corpus()), tmp_path)
    lines = [json.loads(line) for line in (folder / "utterances.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["p", "q", "p/1", "2", "3", "q/1"]
    assert [line["reply-to"] for line in lines] == [None, None, "p", "p/1", "2", "q"]
    assert lines[3]["text"] == "What?"
    first, second = cl.read(folder / "utterances.jsonl")
    assert [row[1:4] for row in told(first)] == [row[1:4] for row in told(corpus()[0])]
    assert [row[5:] for row in told(first)] == [row[5:] for row in told(corpus()[0])]
    assert (first.post.title, first.post.published) == ("A &amp; B", corpus()[0].post.published)
    assert second.post.title == "Another"


def test_the_five_files_are_those_of_convokit(tmp_path: Path) -> None:
    folder = convokit.write(cl.to_frames([scored()]), tmp_path)
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert sorted(files) == ["conversations.json", "corpus.json", "index.json", "speakers.json", "utterances.jsonl"]
    utterances = [json.loads(line) for line in files["utterances.jsonl"].splitlines()]
    assert {line["speaker"] for line in utterances} == json.loads(files["speakers.json"]).keys()
    assert {line["conversation_id"] for line in utterances} == json.loads(files["conversations.json"]).keys()
    assert utterances[1]["meta"]["stance"] == "bluff"
    index = json.loads(files["index.json"])
    assert index["utterances-index"]["stance_confidence"] == ["<class 'float'>"]
    assert index["conversations-index"]["title"] == ["<class 'str'>"]


def test_a_folder_of_a_corpus_is_read_as_its_conversations(tmp_path: Path) -> None:
    folder = convokit.write(cl.to_frames(corpus()), tmp_path)
    assert [thread.reader for thread in cl.read(folder)] == ["convokit", "convokit"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already", encoding="utf-8")
    with pytest.raises(cl.UnreadableError, match="cannot be written"):
        convokit.write(cl.to_frames([scored()]), tmp_path / "file")
