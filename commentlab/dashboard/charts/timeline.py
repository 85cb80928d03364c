"""How many say what, and when."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from commentlab.dashboard.charts.marks import EDGE, FULL, QUIET, Chart, interval, selection, title
from commentlab.dashboard.wording import ABSTAINED, count

Measure = Literal["comments", "share"]

_UNITS = {
    "hour": ("%-d %b %Y, %H:00", "utchours(datum.value) ? '%H:%M' : '%-d %b'"),
    "day": ("%-d %b %Y", "'%-d %b'"),
    "week": ("week of %-d %b %Y", "'%-d %b'"),
    "month": ("%b %Y", "utcmonth(datum.value) ? '%b' : '%Y'"),
    "year": ("%Y", "'%Y'"),
}
"""By the unit of time: how a period is written, and how the axis writes it (a Vega expression)."""
_NEXT = {
    "hour": pd.DateOffset(hours=1),
    "day": pd.DateOffset(days=1),
    "week": pd.DateOffset(weeks=1),
    "month": pd.DateOffset(months=1),
    "year": pd.DateOffset(years=1),
}
_TITLE = 84
"""Pixels of height of what stands above and below the rows."""
_ROW = 64
"""Pixels of height of a row."""


def timeline(
    periods: pd.DataFrame, of: Measure, colours: Mapping[str, str], ink: str, turn: pd.Timestamp | None = None
) -> Chart:
    """Draw a row a camp along time: how many comments, or their share in each period with its 95 % interval.

    Args:
        periods: `Findings.timeline`, the dated rows.
        of: What a row shows.
        colours: A colour for each camp, "" for a hollow one.
        ink: The colour of the words.
        turn: When the balance of the camps changed, where it did.
    """
    said = periods.groupby("camp")["comments"].sum()
    order = [name for name in dict.fromkeys(periods["camp"]) if name != "abstained" or said[name]]
    table = _table(periods[periods["camp"].isin(order)], order, of)
    most, unit = int(periods["comments"].max()), str(periods["unit"].iloc[0])
    since = f"{periods['start'].min():%-d %b %Y}"
    head = title(f"Comments in each {unit}", ink, f"from {since} on; the tallest bar is {count(most, 'comment')}")
    if of == "share":
        head = title(f"Share of the comments in each {unit}", ink, f"from {since} on; 0 to 100 %, 95 % intervals")
    base = alt.Chart(table, title=head).encode(
        tooltip=["camp:N", "when:N", "comments:Q", alt.Tooltip("words:N", title="share (95 % interval)")]
    )
    rows = alt.Y("foot:Q", axis=_names(order, ink), title=None, scale=alt.Scale(domain=[0, len(order)], nice=False))
    feet = base.mark_rule(color=QUIET, tooltip=None).encode(y=rows, x=alt.value(0), x2=alt.value("width"))
    starts = sorted(set(table["start"]))
    time = {
        "title": None,
        "scale": alt.Scale(type="utc", domain=[starts[0].isoformat(), table["end"].max().isoformat()]),
        "axis": alt.Axis(
            labelExpr=f"utcFormat(datum.value, {_UNITS[unit][1]})",
            values=[start.isoformat() for start in starts],
            grid=False,
            labelColor=ink,
            labelOverlap=True,
        ),
    }
    marks = _bars(base, time) if of == "comments" else _dots(base, time, ink)
    fills = alt.Scale(domain=[_named(name) for name in order], range=[colours[name] or "transparent" for name in order])
    marks[-1] = marks[-1].encode(alt.Fill("camp:N", scale=fills, legend=None))
    marks[-1] = marks[-1].add_params(selection("camp", "since", "until"))
    turned = [] if turn is None else _turn(turn, ink)
    return alt.layer(feet, *marks, *turned).properties(width="container", height=_TITLE + _ROW * len(order))


def _bars(base: alt.Chart, time: Mapping[str, Any]) -> list[alt.Chart]:
    bars = base.transform_filter("datum.comments > 0").mark_rect(stroke=EDGE, strokeWidth=1, cursor="pointer")
    return [bars.encode(x=alt.X("start:T", **time), x2="end:T", y="foot:Q", y2="top:Q")]


def _dots(base: alt.Chart, time: Mapping[str, Any], ink: str) -> list[alt.Chart]:
    lines = base.mark_rule(strokeWidth=1.5, color=ink, opacity=0.55)
    dots = base.mark_circle(size=80, stroke=EDGE, strokeWidth=1, opacity=1, cursor="pointer")
    return [
        lines.encode(x=alt.X("middle:T", **time), y="low_at:Q", y2="high_at:Q"),
        dots.encode(x=_again("middle"), y="top:Q"),
    ]


def _turn(turn: pd.Timestamp, ink: str) -> list[alt.Chart]:
    base = alt.Chart(pd.DataFrame({"turn": [turn]})).encode(x=_again("turn"))
    line = base.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=ink)
    words = base.mark_text(text="the balance turns", align="left", dx=5, dy=8, color=ink, fontSize=12)
    return [line, words.encode(y=alt.value(0))]


def _again(name: str) -> alt.X:
    """Return a further use of the axis."""
    return alt.X(f"{name}:T", title=None, scale=alt.Scale(type="utc"))


def _names(order: Sequence[str], ink: str) -> alt.Axis:
    """Return an axis that names the rows, from the top down."""
    named = json.dumps([_named(name) for name in order])
    return alt.Axis(
        values=[place + 0.3 for place in range(len(order))],
        labelExpr=f"split({named}[{len(order) - 1} - floor(datum.value)], ' ')",
        labelFontSize=12,
        labelColor=ink,
        labelPadding=8,
        labelBaseline="line-bottom",
        grid=False,
        ticks=False,
        domain=False,
    )


def _table(periods: pd.DataFrame, order: Sequence[str], of: Measure) -> pd.DataFrame:
    unit = str(periods["unit"].iloc[0])
    foot = len(order) - 1 - periods["camp"].map(order.index)
    end = periods["start"] + _NEXT[unit]
    height = periods["comments"] / max(int(periods["comments"].max()), 1) if of == "comments" else periods["share"]
    return pd.DataFrame(
        {
            "camp": periods["camp"].map(_named),
            "start": periods["start"],
            "middle": periods["start"] + (end - periods["start"]) / 2,
            "end": end,
            "since": periods["start"].dt.strftime("%Y-%m-%dT%H:%M"),
            "until": end.dt.strftime("%Y-%m-%dT%H:%M"),
            "when": periods["start"].dt.strftime(_UNITS[unit][0]),
            "comments": periods["comments"],
            "words": [interval(*row) for row in periods[["share", "low", "high"]].itertuples(index=False)],
            "foot": foot,
            "top": foot + FULL * height,
            "low_at": foot + FULL * periods["low"],
            "high_at": foot + FULL * periods["high"],
        }
    )


def _named(camp: str) -> str:
    return ABSTAINED if camp == "abstained" else camp
