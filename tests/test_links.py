import json
import runpy
import time
from pathlib import Path

import pytest

from commentlab import links
from commentlab.records import Comment, Link, Post, Thread

ROOT = Path(__file__).parents[1]
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


def seconds(comments: list[dict[str, str]]) -> float:
    made = thread(comments, {"text": "They said it again and again and again. " * 50})
    started = time.thread_time()
    links.infer(made)
    return time.thread_time() - started


@pytest.mark.timing
@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("number {} says that “number {} says that” again", 10_000),
        ("“we shall all see what comes of it” {}", 10_000),
        ("@Ann {} @Ann", 2),
        ("Thanks Ann, {}", 2),
        ("I agree with Gyre{}", 10_000),
        ("“{}", 10_000),
    ],
)
def test_cost_grows_with_the_text_alone(text: str, authors: int) -> None:
    def made(size: int) -> list[dict[str, str]]:
        names = ["Ann", *(f"a{i}" for i in range(authors - 1))]
        return [{"text": text.format(i, i - 1), "author": names[i % authors]} for i in range(size)]

    seconds(made(10))
    assert seconds(made(10_000)) < 20 * max(seconds(made(1_000)), 0.05)


def test_each_of_many_quotes_finds_its_source() -> None:
    words = [
        {"text": f"number {i} says that “number {i - 1} says that” again", "author": f"a{i}"} for i in range(5_000)
    ]
    found = links.infer(thread(words))
    assert sum(c.link is not None for c in found.comments) == 4_999


def test_a_long_line_of_quotation_marks_costs_little() -> None:
    assert seconds([{"text": "“" * 100_000, "author": "Ann"}, {"text": '"' * 100_000, "author": "Ben"}]) < 3


def test_links_between_real_comments_are_right(shared: Path) -> None:
    bench = runpy.run_path(str(ROOT / "benchmarks" / "links.py"))
    found = bench["measure"](bench["nested"](), bench["inferred"])["all"]
    assert found.precision >= 0.9
    assert found.recall >= 0.12
