"""People who deleted their accounts, as Reddit's API, dumps of it and pages show them."""

import json
from typing import Any

import pytest
from samples import label

import commentlab as cl
from commentlab import links, merging

VALUES = ("favor", "against", "none")
ROWS = (
    ("1", "[deleted]", "I am here still.", None),
    ("2", "[deleted]", "So am I, and I have seen it.", "1"),
    ("3", "Ann", "Neither of you is.", "2"),
    ("4", "[deleted]", "[deleted]", None),
    ("5", "[deleted]", "[removed]", None),
)


def entry(name: str, author: str, body: str, parent: str | None) -> dict[str, Any]:
    above = f"t1_{parent}" if parent else "t3_p"
    row = {"id": name, "author": author, "body": body, "parent_id": above, "link_id": "t3_p", "created_utc": 1.4e9}
    return row | {"score": 1, "replies": ""}


def listing() -> bytes:
    post = {"id": "p", "title": "The bridge", "selftext": "Is it shut?", "author": "[deleted]", "num_comments": 5}
    children = [{"kind": "t1", "data": entry(*row)} for row in ROWS]
    halves = ([{"kind": "t3", "data": post}], children)
    return json.dumps([{"kind": "Listing", "data": {"children": half}} for half in halves]).encode()


def dump() -> bytes:
    return "\n".join(json.dumps(entry(*row)) for row in ROWS).encode()


def page() -> bytes:
    things = "".join(
        f'<div class="thing comment {"deleted" if body.startswith("[") else ""}" data-fullname="t1_{name}">'
        f'<p class="tagline">{"<em>[deleted]</em>" if author == "[deleted]" else f"<a class=author>{author}</a>"}'
        f'<time datetime="2014-05-13T16:53:20+00:00">x</time></p>'
        f'<div class="usertext-body"><div class="md"><p>{body}</p></div></div></div>'
        for name, author, body, _ in ROWS
    )
    head = '<div class="thing link" data-author="[deleted]"><a class="title">The bridge</a></div>'
    return f"<html><body>{head}<div class='commentarea'>{things}</div></body></html>".encode()


@pytest.mark.parametrize("form", [listing, dump, page])
def test_deleted_authors_are_missing_and_their_words_stay(form: Any) -> None:
    (thread,) = cl.read(form())
    assert [comment.author for comment in thread.comments] == [None, None, "Ann", None, None]
    assert [comment.status for comment in thread.comments] == ["shown"] * 3 + ["deleted"] * 2
    assert [comment.text for comment in thread.comments[:3]] == [body for _, _, body, _ in ROWS[:3]]
    assert thread.post.author is None
    assert not any(comment.by_post_author for comment in thread.comments)


def test_two_deleted_authors_are_not_one_person() -> None:
    (thread,) = cl.read(listing())
    stances = ("favor", "against", "favor")
    labels = [label(str(i), "stance", stance, VALUES) for i, stance in enumerate(stances, 1)]
    found = cl.findings(cl.to_frames([cl.ScoredThread(thread=thread, labels=tuple(labels), proposition="It is shut.")]))
    camps = found.camps.set_index("camp")
    assert camps["comments"].to_dict() == {"favor": 2, "against": 1, "none": 0, "abstained": 0}
    assert camps["people"].to_dict() == {"favor": 1, "against": 0, "none": 0, "abstained": 0}
    assert found.flips.empty


def test_a_deleted_author_may_be_quoted_by_another() -> None:
    said = "So am I, and I have seen it all from here."
    rows = (cl.Comment(id="1", text=said), cl.Comment(id="2", text=f"> {said}\nWhat was it?"))
    post = cl.Post(id="p", title="The bridge", text="")
    thread = cl.Thread(id="p", post=post, comments=rows, source="s", reader="reddit")
    assert links.infer(thread).comments[1].parent_id == "1"


def test_comments_of_deleted_authors_are_merged_by_their_ids_alone() -> None:
    (thread,) = cl.read(listing())
    (merged,) = merging.merge([thread, thread])
    assert [comment.id for comment in merged.comments] == [name for name, *_ in ROWS]
