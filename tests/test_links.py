import json
from pathlib import Path

import pytest

from commentlab import links
from commentlab.records import Comment, Link, Post, Thread

CASES = json.loads(Path(__file__).with_name("links.json").read_text(encoding="utf-8"))


def thread(comments: list[dict[str, str]], post: dict[str, str] | None = None) -> Thread:
    built = [
        Comment(
            id=str(number),
            text=each["text"],
            author=each.get("author"),
            link=Link(parent_id=each["parent"]) if "parent" in each else None,
        )
        for number, each in enumerate(comments, 1)
    ]
    about = Post(id="p", title="t", text=(post or {}).get("text", ""), author=(post or {}).get("author"))
    return Thread(id="t", post=about, comments=tuple(built), source="s", reader="r")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_infer(case: dict[str, object]) -> None:
    found = links.infer(thread(case["comments"], case.get("post")))  # type: ignore[arg-type]
    answers = {c.id: [c.parent_id, c.parent_origin, c.link.method] for c in found.comments if c.link}
    assert answers == case["links"]
    assert {p.comment_id: p.code for p in found.problems} == case.get("problems", {})
    assert links.infer(found) == found
    assert all(c.link.confidence >= links.SURE for c in found.comments if c.link)


def test_a_quote_is_marked_where_it_stands() -> None:
    found = links.infer(
        thread([{"text": "They came in nine pickup trucks."}, {"text": "“came in nine pickup trucks” - so?"}])
    )
    start, end = found.comments[1].quotes[0]
    assert found.comments[1].text[start:end] == "came in nine pickup trucks"


def test_cost_grows_with_the_text_alone() -> None:
    words = [
        {"text": f"number {i} says that “number {i - 1} says that” again", "author": f"a{i}"} for i in range(20_000)
    ]
    found = links.infer(thread(words))
    assert sum(c.link is not None for c in found.comments) == 19_999
