"""Where people stand in the picture of a network: the same places for the same network."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST = 60
"""People that are drawn at most, those who write and receive most answers."""
Person = tuple[str, str]
"""A thread and an author of it, a node of `insight.network`."""
Box = tuple[float, float, float, float]
"""Left, top, width and height."""
Points = NDArray[np.float64]

HEIGHT = 520
"""Pixels of height of the picture."""
_GAP = 0.012
"""How far two answers that go to and fro stand apart, in widths of the picture."""
LONGEST = 22
"""Letters of a name that are shown."""
_MARGIN = 0.14
_SHAPE = 1.7
"""Width of the picture in heights."""
LETTER = (7.5, 15.0)
"""Width and height of a letter in pixels, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A network that can be drawn.

    Attributes:
        people: `author, camp, answers, x, y, wide, narrow`: places in [0, 1], and whether the name has room in a wide
            and in a narrow picture.
        ties: `author, other, replies, agree, disagree, sign, x, y, x2, y2`.
        others: The names of people who are not drawn, those with more answers first.
    """

    people: pd.DataFrame
    ties: pd.DataFrame
    others: tuple[str, ...]


def place(graph: nx.DiGraph) -> Placed:
    """Give the people who answer each other their places, the same ones for the same network.

    Each group that hangs together is laid out by the distances within it (Kamada & Kawai 1989), and the groups stand
    beside each other, the biggest first.

    Args:
        graph: What `insight.network` returns for one thread.
    """
    answers = dict(graph.degree(weight="replies"))
    ranked = sorted((person for person in graph if answers[person]), key=lambda person: (-answers[person], person))
    drawn = nx.DiGraph()
    drawn.add_nodes_from(sorted(ranked[:MOST]))
    drawn.add_edges_from(graph.subgraph(ranked[:MOST]).edges(data=True))
    places = _places(drawn)
    people = pd.DataFrame(
        [
            (person[1], graph.nodes[person].get("camp", "abstained"), answers[person], *places[person])
            for person in ranked[:MOST]
        ],
        columns=["author", "camp", "answers", "x", "y"],
    )
    people = people.assign(wide=_roomy(people, 1000), narrow=_roomy(people, 300))
    return Placed(people=people, ties=_ties(drawn, places), others=tuple(author for _, author in ranked[MOST:]))


def _places(graph: nx.DiGraph) -> dict[Person, tuple[float, float]]:
    groups = sorted(nx.weakly_connected_components(graph), key=lambda group: (-len(group), min(group)))
    places: dict[Person, tuple[float, float]] = {}
    for group, (left, top, width, height) in _boxes(groups, (0.0, 0.0, 1.0, 1.0)):
        members = nx.Graph()
        members.add_nodes_from(sorted(group))
        members.add_edges_from(graph.subgraph(group).edges)
        points = _filling(np.array(list(nx.kamada_kawai_layout(members).values())))
        for person, (x, y) in zip(members, points, strict=True):
            places[person] = (left + float(x) * width, top + float(y) * height)
    return places


def _boxes(groups: Sequence[set[Person]], box: Box) -> Iterator[tuple[set[Person], Box]]:
    """Divide a box among groups by their sizes, across its longer side, as a treemap does."""
    if len(groups) < 2:
        yield from ((group, box) for group in groups)
        return
    sizes = np.cumsum([len(group) for group in groups])
    cut = max(1, int(np.searchsorted(sizes, sizes[-1] / 2, side="right")))
    share = float(sizes[cut - 1] / sizes[-1])
    left, top, width, height = box
    if width * _SHAPE >= height:
        boxes = (left, top, width * share, height), (left + width * share, top, width * (1 - share), height)
    else:
        boxes = (left, top, width, height * share), (left, top + height * share, width, height * (1 - share))
    yield from _boxes(groups[:cut], boxes[0])
    yield from _boxes(groups[cut:], boxes[1])


def _filling(points: Points) -> Points:
    """Stretch places so that they fill a box but for a margin; what has no extent stands in the middle."""
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    flat = size < 1e-6
    spread = np.where(flat, 0.5, (points - low) / np.where(flat, 1.0, size))
    return _MARGIN + (1 - 2 * _MARGIN) * spread


def _roomy(people: pd.DataFrame, width: int) -> list[bool]:
    """Tell whose names have room in a picture of this width: those with more answers get it first."""
    taken: list[tuple[float, float, float]] = []
    roomy = []
    for name, x, y in zip(people["author"], people["x"] * width, people["y"] * HEIGHT, strict=True):
        half = LETTER[0] * min(len(name), LONGEST) / 2
        free = all(abs(x - other) > half + room or abs(y - down) > LETTER[1] for other, down, room in taken)
        roomy.append(free)
        if free:
            taken.append((x, y, half))
    return roomy


def _ties(graph: nx.DiGraph, places: Mapping[Person, tuple[float, float]]) -> pd.DataFrame:
    rows = []
    for one, two, counts in graph.edges(data=True):
        (x, y), (x2, y2) = places[one], places[two]
        long = math.hypot(x2 - x, y2 - y) or 1.0
        aside = _GAP if graph.has_edge(two, one) else 0.0
        right, up = aside * (y2 - y) / long, -aside * (x2 - x) / long
        lean = counts["agree"] - counts["disagree"]
        sign = "agree" if lean > 0 else "disagree" if lean < 0 else "other"
        numbers = (counts["replies"], counts["agree"], counts["disagree"])
        rows.append((one[1], two[1], *numbers, sign, x + right, y + up, x2 + right, y2 + up))
    names = ["author", "other", "replies", "agree", "disagree", "sign", "x", "y", "x2", "y2"]
    return pd.DataFrame(rows, columns=names)
