"""Who answers whom, as a signed network in fixed places."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from commentlab.dashboard.charts.marks import EDGE, QUIET, Chart, selection
from commentlab.dashboard.wording import ABSTAINED
from commentlab.reporting.colours import RELATIONS

MOST = 60
"""People that are drawn at most, those who write and receive most answers."""
Person = tuple[str, str]
"""A thread and an author of it, a node of `insight.network`."""
Box = tuple[float, float, float, float]
"""Left, top, width and height."""
Points = NDArray[np.float64]

_HEIGHT = 520
_NARROW = 640
"""Pixels of width below which fewer names have room."""
_GAP = 0.012
"""How far two answers that go to and fro stand apart, in widths of the picture."""
_LONGEST = 22
"""Letters of a name that are shown."""
_MARGIN = 0.14
_SHAPE = 1.7
"""Width of the picture in heights."""
_LETTER = (7.5, 15.0)
"""Width and height of a letter in pixels, about."""
_SIGNS = {
    "agree": ("mostly agrees", RELATIONS["agree"], [1, 0]),
    "disagree": ("mostly disagrees", RELATIONS["disagree"], [6, 4]),
    "other": ("neither", QUIET, [1, 0]),
}
"""Words, colour and dashes of a line."""


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
    for name, x, y in zip(people["author"], people["x"] * width, people["y"] * _HEIGHT, strict=True):
        half = _LETTER[0] * min(len(name), _LONGEST) / 2
        free = all(abs(x - other) > half + room or abs(y - down) > _LETTER[1] for other, down, room in taken)
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


def network(placed: Placed, colours: Mapping[str, str], ink: str, paper: str) -> Chart:
    """Draw who answers whom: an arrow from who answers to who is answered, green for agreement, dashed orange against.

    Args:
        placed: The people and their answers, with their places.
        colours: A colour for each camp, "" for a hollow one.
        ink: The colour of the words.
        paper: The colour behind them.
    """
    ties = placed.ties.assign(
        middle_x=0.45 * placed.ties["x"] + 0.55 * placed.ties["x2"],
        middle_y=0.45 * placed.ties["y"] + 0.55 * placed.ties["y2"],
        words=placed.ties["author"] + " answers " + placed.ties["other"],
        parent_author=placed.ties["other"],
    )
    told: list[Any] = ["words:N", alt.Tooltip("replies:Q", title="answers"), "agree:Q", "disagree:Q"]
    legend = _legend({sign: words for sign, (words, _, _) in _SIGNS.items()}, ink, orient="top", symbolType="stroke")
    hues = alt.Scale(domain=list(_SIGNS), range=[colour for _, colour, _ in _SIGNS.values()])
    dashes = alt.Scale(domain=list(_SIGNS), range=[dash for _, _, dash in _SIGNS.values()])
    wide = alt.Scale(domain=[1, max(2, int(ties["replies"].max()))], range=[1.5, 5])
    base = alt.Chart(ties).encode(alt.Color("sign:N", scale=hues, legend=legend), tooltip=told)
    lines = base.mark_rule(cursor="pointer", opacity=0.9).encode(
        alt.StrokeDash("sign:N", scale=dashes, legend=legend),
        alt.Size("replies:Q", scale=wide, legend=None),
        x=_across("x"),
        y=_down("y"),
        x2="x2:Q",
        y2="y2:Q",
    )
    turned = alt.expr("atan2((datum.x2 - datum.x) * width, (datum.y2 - datum.y) * height) * 180 / PI")
    heads = base.mark_point(shape="triangle", filled=True, size=90, angle=turned, opacity=1, cursor="pointer")
    heads = heads.encode(x=_across("middle_x"), y=_down("middle_y"))
    lines = lines.add_params(selection("author", "parent_author"))
    chart = alt.layer(lines, heads, *_people(placed.people, colours, ink, paper)).resolve_scale(size="independent")
    drawn: Chart = chart.properties(width="container", height=_HEIGHT)
    return drawn


def _people(people: pd.DataFrame, colours: Mapping[str, str], ink: str, paper: str) -> list[alt.Chart]:
    """Return the layers of the people: dots as big as they have answers, and the names that have room."""
    camps = [camp for camp in colours if camp in set(people["camp"])]
    fills = alt.Scale(domain=camps, range=[colours[camp] or paper for camp in camps])
    named = {camp: ABSTAINED if camp == "abstained" else camp for camp in camps}
    dot = {"symbolType": "circle", "symbolStrokeColor": EDGE, "symbolStrokeWidth": 1}
    legend = _legend(named, ink, orient="bottom", columns=3, **dot)
    base = alt.Chart(people).encode(x=_across("x"), y=_down("y"), tooltip=["author:N", "camp:N", "answers:Q"])
    dots = base.mark_circle(stroke=EDGE, strokeWidth=1, opacity=1, cursor="pointer").encode(
        alt.Fill("camp:N", scale=fills, legend=legend),
        alt.Size("answers:Q", scale=alt.Scale(domain=[0, int(people["answers"].max())], range=[60, 620]), legend=None),
    )
    roomy = alt.expr(f"(width > {_NARROW} ? datum.wide : datum.narrow) ? 1 : 0")
    write: dict[str, Any] = {"dy": -18, "fontSize": 12.5, "limit": _LETTER[0] * _LONGEST, "opacity": roomy}
    halo = base.mark_text(color=paper, stroke=paper, strokeWidth=4, **write).encode(text="author:N")
    return [dots, halo, base.mark_text(color=ink, **write).encode(text="author:N")]


def _legend(named: Mapping[str, str], ink: str, **symbol: Any) -> alt.Legend:
    shown = f"{json.dumps(named)}[datum.label]"
    look: dict[str, Any] = {
        "orient": "top",
        "labelColor": ink,
        "labelFontSize": 12,
        "labelLimit": 300,
        "symbolSize": 150,
    }
    return alt.Legend(title=None, labelExpr=shown, **look, **symbol)


def _across(name: str) -> alt.X:
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))


def _down(name: str) -> alt.Y:
    return alt.Y(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
