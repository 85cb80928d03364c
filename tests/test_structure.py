import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentlab import structure
from commentlab.records import Comment, Link, When


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
    assert shape.wiener == nx.wiener_index(graph.to_undirected())
    assert shape.virality == pytest.approx(nx.average_shortest_path_length(graph.to_undirected()) if mended else 0)
    assert shape.branching == pytest.approx(
        len(mended) / max(1, sum(degree > 0 for _, degree in graph.out_degree())),
    )
    assert (shape.size, shape.depth, shape.width) == (len(mended), len(layers), max(layers, default=0))
    assert shape.roots == graph.out_degree("post")
    assert shape.answered == sum(graph.out_degree(c.id) > 0 for c in mended)


# Wiener indices of the star, the path and the complete binary tree: Wiener (1947) and Dobrynin et al. (2001).
@pytest.mark.parametrize(
    ("given_", "wiener", "virality", "h_index"),
    [
        ("", 0, 0, 0),
        ("a", 1, 1, 1),
        ("a b c d", 16, 1.6, 1),  # a star of n nodes: (n - 1)²
        ("a b>a c>b d>c", 20, 2, 1),  # a path of n nodes: (n - 1) n (n + 1) / 6
        ("a b c>a d>a e>b f>b", 48, 16 / 7, 2),
        ("a b>a c>a d>b e>b f>b", None, None, 3),
        ("a b>a c>b d>b e>b", None, None, 1),  # the second level has one comment, which ends the count
    ],
)
def test_measures_of_small_trees(given_: str, wiener: int | None, virality: float | None, h_index: int) -> None:
    shape = structure.shape(forest(given_))
    assert shape.h_index == h_index
    if wiener is not None:
        assert (shape.wiener, shape.virality) == (wiener, pytest.approx(virality))


signed = st.lists(st.tuples(st.sampled_from("ABCD") | st.none(), st.integers(0, 9)), min_size=2, max_size=12)


@given(signed)
def test_reciprocity_agrees_with_networkx(rows: list[tuple[str | None, int]]) -> None:
    entries = [
        structure.Entry(id=str(place), parent_id=str(back) if back < place else None, author=author)
        for place, (author, back) in enumerate(rows)
    ]
    authors = {entry.id: entry.author for entry in entries}
    pairs = [(entry.author, authors[entry.parent_id]) for entry in entries if entry.parent_id]
    ties = [(one, other) for one, other in pairs if one and other and one != other]
    found = structure.measure(entries).reciprocity
    assert found == pytest.approx(nx.overall_reciprocity(nx.DiGraph(ties))) if ties else math.isnan(found)


def test_delays_loudness_and_pingbacks() -> None:
    start = datetime(2012, 10, 1, tzinfo=UTC)
    rows = [
        ("a", None, "Ann", 0),
        ("b", "a", "Ben", 60),
        ("c", "a", "Ann", 1),
        ("d", "b", "Ann", 360),
        ("e", "d", "Cat", 2),
    ]
    comments = [
        replace(comment(name, parent), author=author, when=When(time=start + timedelta(seconds=seconds), raw=""))
        for name, parent, author, seconds in rows
    ]
    ping = replace(comment("p"), kind="pingback", author="A blog")
    shape = structure.shape([*comments, ping, comment("f", "p")])
    assert shape.response == 180  # of 60 and 300: Ann's answer to herself and the one from before its comment are out
    assert shape.loudest == 3 / 5
    assert (shape.size, shape.pingbacks, shape.roots, shape.width) == (6, 1, 2, 2)


def test_a_chain_of_100_000_replies() -> None:
    chain = [comment("0"), *(comment(str(i), str(i - 1)) for i in range(1, 100_000))]
    mended, problems = structure.repair(chain[::-1])
    assert problems == ()
    assert structure.shape(mended).depth == 100_000
    assert structure.subtree_sizes(mended)["0"] == 100_000
