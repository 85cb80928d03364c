import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentlab import structure
from commentlab.records import Comment, Link


def comment(name: str, parent: str | None = None) -> Comment:
    return Comment(id=name, text=name, link=Link(parent_id=parent) if parent is not None else None)


def forest(text: str) -> list[Comment]:
    """`a b>a c>b`: b answers a, c answers b."""
    pairs = [word.partition(">") for word in text.split()]
    return [comment(name, parent or None) for name, _, parent in pairs]


def links(comments: tuple[Comment, ...]) -> str:
    return " ".join(f"{c.id}>{c.parent_id}" if c.parent_id else c.id for c in comments)


@pytest.mark.parametrize(
    ("given_", "mended", "codes"),
    [
        ("a b>a c>b", "a b>a c>b", []),
        ("b>a a", "b>a a", []),
        ("a b>gone", "a b", ["orphan"]),
        ("a b>b", "a b", ["self-reply"]),
        ("a>b b>a", "a b>a", ["cycle"]),
        ("a>c b>a c>b d>c", "a b>a c>b d>c", ["cycle"]),
        ("x a>b b>a c>d d>c", "x a b>a c d>c", ["cycle", "cycle"]),
        ("a a b>a", "a a~2 b>a", ["duplicate-id"]),
        ("a a~2 a", "a a~2 a~3", ["duplicate-id"]),
        ("", "", []),
    ],
)
def test_repair(given_: str, mended: str, codes: list[str]) -> None:
    comments, problems = structure.repair(forest(given_))
    assert links(comments) == mended
    assert [problem.code for problem in problems] == codes


def test_a_comment_without_an_id_gets_one() -> None:
    comments, problems = structure.repair([comment(""), comment("")])
    assert all(c.id for c in comments)
    assert len({c.id for c in comments}) == 2
    assert [problem.code for problem in problems] == ["duplicate-id", "duplicate-id"]


names = st.sampled_from("abcdefgh")
anything = st.lists(st.builds(comment, names, st.none() | names), max_size=12)


@given(anything)
def test_repair_is_idempotent(comments: list[Comment]) -> None:
    once, _ = structure.repair(comments)
    twice, problems = structure.repair(once)
    assert twice == once
    assert problems == ()


@given(anything)
def test_every_comment_is_walked_once_and_after_its_parent(comments: list[Comment]) -> None:
    mended, _ = structure.repair(comments)
    seen: dict[str, int] = {}
    for each, depth in structure.walk(mended):
        assert each.id not in seen
        assert depth == (seen[each.parent_id] + 1 if each.parent_id else 0)
        seen[each.id] = depth
    assert len(seen) == len(comments)


@given(anything)
def test_measures_agree_with_networkx(comments: list[Comment]) -> None:
    mended, _ = structure.repair(comments)
    graph = nx.DiGraph((c.parent_id or "post", c.id) for c in mended)
    graph.add_node("post")
    sizes = structure.subtree_sizes(mended)
    assert all(sizes[c.id] == len(nx.descendants(graph, c.id)) + 1 for c in mended)
    layers = [len(layer) for layer in nx.bfs_layers(graph, "post")][1:]
    shape = structure.shape(mended)
    assert (shape.size, shape.depth, shape.width) == (len(mended), len(layers), max(layers, default=0))
    assert shape.roots == graph.out_degree("post")
    assert shape.answered == sum(graph.out_degree(c.id) > 0 for c in mended)


def test_a_chain_of_100_000_replies() -> None:
    chain = [comment("0"), *(comment(str(i), str(i - 1)) for i in range(1, 100_000))]
    mended, problems = structure.repair(chain[::-1])
    assert problems == ()
    assert structure.shape(mended).depth == 100_000
    assert structure.subtree_sizes(mended)["0"] == 100_000
