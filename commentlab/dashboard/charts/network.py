"""Who answers whom, as a signed network."""

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from commentlab.dashboard.charts.marks import EDGE, QUIET, Chart, selection
from commentlab.dashboard.charts.places import HEIGHT, LETTER, LONGEST, Placed
from commentlab.dashboard.wording import ABSTAINED, calm
from commentlab.reporting.colours import RELATIONS

_NARROW = 640
"""Pixels of width below which fewer names have room."""
_SIGNS = {
    "agree": ("mostly agrees", RELATIONS["agree"], [1, 0]),
    "disagree": ("mostly disagrees", RELATIONS["disagree"], [6, 4]),
    "other": ("neither", QUIET, [1, 0]),
}
"""Words, colour and dashes of a line."""


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
        words=placed.ties["author"].map(calm) + " answers " + placed.ties["other"].map(calm),
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
    drawn: Chart = chart.properties(width="container", height=HEIGHT)
    return drawn


def _people(people: pd.DataFrame, colours: Mapping[str, str], ink: str, paper: str) -> list[alt.Chart]:
    """Return the layers of the people: dots as big as they have answers, and the names that have room."""
    camps = [camp for camp in colours if camp in set(people["camp"])]
    fills = alt.Scale(domain=camps, range=[colours[camp] or paper for camp in camps])
    named = {camp: ABSTAINED if camp == "abstained" else camp for camp in camps}
    dot = {"symbolType": "circle", "symbolStrokeColor": EDGE, "symbolStrokeWidth": 1}
    legend = _legend(named, ink, orient="bottom", columns=3, **dot)
    signed = people.assign(name=people["author"].map(calm))  # the author is what a click asks for
    told: list[Any] = [alt.Tooltip("name:N", title="author"), "camp:N", "answers:Q"]
    base = alt.Chart(signed).encode(x=_across("x"), y=_down("y"), tooltip=told)
    dots = base.mark_circle(stroke=EDGE, strokeWidth=1, opacity=1, cursor="pointer").encode(
        alt.Fill("camp:N", scale=fills, legend=legend),
        alt.Size("answers:Q", scale=alt.Scale(domain=[0, int(people["answers"].max())], range=[60, 620]), legend=None),
    )
    roomy = alt.expr(f"(width > {_NARROW} ? datum.wide : datum.narrow) ? 1 : 0")
    write: dict[str, Any] = {"dy": -18, "fontSize": 12.5, "limit": LETTER[0] * LONGEST, "opacity": roomy}
    halo = base.mark_text(color=paper, stroke=paper, strokeWidth=4, **write).encode(text="name:N")
    return [dots, halo, base.mark_text(color=ink, **write).encode(text="name:N")]


def _legend(named: Mapping[str, str], ink: str, **symbol: Any) -> alt.Legend:
    shown = f"{json.dumps(named)}[datum.label]"
    return alt.Legend(
        title=None, labelExpr=shown, labelColor=ink, labelFontSize=12, labelLimit=300, symbolSize=150, **symbol
    )


def _across(name: str) -> alt.X:
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))


def _down(name: str) -> alt.Y:
    return alt.Y(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
