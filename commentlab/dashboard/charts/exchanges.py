"""Which camp answers which, and whether it agrees."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from commentlab.dashboard.charts.marks import EDGE, FULL, QUIET, Chart, selection
from commentlab.dashboard.wording import ABSTAINED
from commentlab.reporting.colours import RELATIONS

_SAYING = {"agree": "agrees", "other": "asks, adds or unclear", "disagree": "disagrees"}
# Many fonts lack the full-width signs of the outline; these look the same.
_SIGNS = {"agree": "+", "other": "·", "disagree": "−"}
_COLOURS = [RELATIONS["agree"], QUIET, RELATIONS["disagree"]]
_CELL = 0.94
"""Width of a cell in columns; the rest is the space between two."""
_INSET = 0.04


def exchanges(counts: pd.DataFrame, order: Sequence[str], ink: str) -> Chart:
    """Draw who answers whom, camp by camp: a bar a cell, as long as there are answers, split by what they say.

    Args:
        counts: `Findings.exchanges`.
        order: The camps as they stand in rows and columns.
        ink: The colour of the words.
    """
    cells = _cells(counts, order)
    named = [ABSTAINED if name == "abstained" else name for name in order]
    wide = alt.Scale(domain=[0, len(order)], nice=False)
    y = alt.Y("parent_camp:N", axis=_down(ink), scale=alt.Scale(domain=named, paddingInner=0.06))
    told: list[Any] = [
        "words:N",
        "comments:Q",
        *(alt.Tooltip(f"{name}:Q", title=words) for name, words in _SAYING.items()),
    ]
    base = alt.Chart(cells).encode(x=alt.X("start:Q", axis=_across(named, ink), scale=wide), y=y, tooltip=told)
    ground = base.mark_rect(fill=QUIET, fillOpacity=0.13, cursor="pointer", cornerRadius=4).encode(x2="end:Q")
    write: dict[str, Any] = {"align": "left", "color": ink, "cursor": "pointer"}
    number = base.mark_text(dy=-14, fontSize=15, fontWeight=600, **write)
    split = base.mark_text(dy=19, fontSize=12, **write)
    written = [layer.encode(x="inside:Q", text=name) for layer, name in ((number, "number:N"), (split, "split:N"))]
    bars = alt.Chart(_parts(cells)).mark_bar(height=10, stroke=EDGE, strokeWidth=0.7, cursor="pointer")
    bars = bars.encode(alt.Color("relation:N", **_hues(ink)), x="start:Q", x2="end:Q", y=y, tooltip=told)
    chart = alt.layer(ground.add_params(selection("parent_camp", "camp")), bars, *written)
    return chart.properties(width="container", height=alt.Step(76))


def _across(named: Sequence[str], ink: str) -> alt.Axis:
    return alt.Axis(
        values=[place + _CELL / 2 for place in range(len(named))],
        labelExpr=f"split({json.dumps(named)}[floor(datum.value)], ' ')",
        title="answers from  →",
        titleAnchor="start",
        titleFontWeight="normal",
        titleColor=ink,
        labelColor=ink,
        labelFontSize=12,
        labelPadding=20,
        orient="top",
        grid=False,
        ticks=False,
        domain=False,
    )


def _down(ink: str) -> alt.Axis:
    return alt.Axis(
        labelExpr="split(datum.label, ' ')",
        title="answers to  ↓",
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-64,
        titleY=-12,
        titleFontWeight="normal",
        titleColor=ink,
        labelColor=ink,
        labelFontSize=12,
        ticks=False,
        domain=False,
    )


def _hues(ink: str) -> dict[str, Any]:
    words = {name: f"{_SIGNS[name]} {saying}" for name, saying in _SAYING.items()}
    legend = alt.Legend(
        title=None,
        orient="bottom",
        labelExpr=f"{json.dumps(words)}[datum.label]",
        labelColor=ink,
        labelFontSize=12,
        labelLimit=240,
        symbolStrokeWidth=0,
    )
    return {"scale": alt.Scale(domain=list(_SAYING), range=_COLOURS), "legend": legend}


def _cells(counts: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return a row a pair of camps with its numbers of answers, and its place along the columns."""
    told = counts.assign(relation=counts["relation"].where(counts["relation"].isin(list(RELATIONS)), "other"))
    table = told.pivot_table("comments", ["parent_camp", "camp"], "relation", aggfunc="sum", fill_value=0)
    pairs = pd.MultiIndex.from_product([order, order], names=["parent_camp", "camp"])
    table = table.reindex(index=pairs, columns=list(_SAYING), fill_value=0).astype(int).reset_index()
    total = table[list(_SAYING)].sum(axis=1)
    start = table["camp"].map(order.index)
    table[["parent_camp", "camp"]] = table[["parent_camp", "camp"]].replace("abstained", ABSTAINED)
    return table.assign(
        comments=total,
        number=total.astype("str").where(total > 0, ""),
        split=[
            "  ".join(f"{number} {_SIGNS[name]}" for name, number in zip(_SAYING, row, strict=True) if number)
            for row in table[list(_SAYING)].itertuples(index=False)
        ],
        words=table["camp"] + " answers " + table["parent_camp"],
        start=start,
        inside=start + _INSET,
        end=start + _CELL,
    )


def _parts(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a row a part of a bar, with the numbers of its cell."""
    length = FULL * cells[list(_SAYING)] / max(int(cells["comments"].max()), 1)
    ends = length.cumsum(axis=1).add(cells["inside"], axis=0)
    parts = [cells.assign(relation=name, start=ends[name] - length[name], end=ends[name]) for name in _SAYING]
    drawn = pd.concat(parts, ignore_index=True)
    return drawn[drawn["end"] > drawn["start"]]
