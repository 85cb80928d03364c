"""The chart of two groups side by side, and the sentence about it."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from commentlab.dashboard import wording
from commentlab.dashboard.charts.marks import Chart
from commentlab.frames import rows

_SIZES = ((0.2, "negligible"), (0.5, "small"), (0.8, "medium"))
"""What Cohen's h is called below each size (Cohen 1988)."""


def chart(compared: pd.DataFrame, names: Sequence[str], ink: str) -> Chart:
    """Draw the shares of the camps in two groups with their 95 % intervals, and the difference in words.

    Args:
        compared: `corpus.compare` of two groups.
        names: How the groups are called, in the order of `keys_of`.
        ink: The colour of marks and words.
    """
    table = _table(compared, names)
    shape = alt.Shape("group:N", title=None, sort=list(names), scale=alt.Scale(range=["circle", "diamond"]))
    legend = alt.Legend(
        orient="top", direction="vertical", labelLimit=520, labelColor=ink, symbolStrokeColor=ink, symbolStrokeWidth=2
    )
    fill = alt.Scale(domain=list(names), range=[ink, "#9a9a9a"])
    beside = alt.Axis(labelExpr="split(datum.label, '\\n')", domain=False, ticks=False, labelColor=ink, labelLimit=190)
    base = alt.Chart(table).encode(
        y=alt.Y("row:N", sort=table["row"].tolist(), title=None, axis=beside),
        yOffset=alt.YOffset("group:N", sort=list(names)),
        tooltip=["camp:N", "group:N", "words:N", alt.Tooltip("comments:Q"), "effect:N"],
    )
    along = alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4, labelColor=ink))
    points = base.mark_point(size=70, strokeWidth=2, stroke=ink, opacity=1).encode(
        x=along,
        shape=shape.legend(legend),
        fill=alt.Fill("group:N", title=None, sort=list(names), scale=fill, legend=legend),
    )
    intervals = base.mark_rule(strokeWidth=2, color=ink, opacity=0.75).encode(x=alt.X("low:Q"), x2="high:Q")
    return alt.layer(intervals, points).properties(width="container", height=alt.Step(22))


def keys_of(compared: pd.DataFrame) -> list[str]:
    """Return the keys of the groups that are compared, in the order of the rows."""
    return [str(key) for key in compared.iloc[:, 0].drop_duplicates()]


def sentence(compared: pd.DataFrame, names: Sequence[str]) -> str:
    """Say in which camp two groups differ most, how much, and whether chance could do it."""
    key = str(compared.columns[0])
    first, second = ([row for row in rows(compared) if row[key] == each] for each in keys_of(compared))
    row, other = max(zip(first, second, strict=True), key=lambda pair: abs(float(pair[0]["h"])))
    if not row["h"]:
        return "They do not differ."
    chance = "; chance alone could do that" if row["h_low"] <= 0 <= row["h_high"] else ""
    shares = f"{100 * row['share']:.0f} % in “{names[0]}”, {100 * other['share']:.0f} % in “{names[1]}”"
    return f"They differ most in “{wording.camp(row['camp'])}”: {shares}. {effect(row).capitalize()}{chance}."


def effect(row: Mapping[str, Any]) -> str:
    """Return an effect size with its interval and what it is called."""
    size = next((word for below, word in _SIZES if abs(row["h"]) < below), "large")
    return f"{size} difference: h = {row['h']:.2f} ({row['h_low']:.2f} to {row['h_high']:.2f})".replace("-", "−")


def _table(compared: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    called = dict(zip(keys_of(compared), names, strict=True))
    first = compared[compared.iloc[:, 0] == keys_of(compared)[0]]
    effects = {row["camp"]: effect(row) for row in rows(first)}
    shares = compared[["share", "low", "high"]].itertuples(index=False)
    sizes = compared["camp"].map(lambda camp: effects[camp].partition(":")[2].strip().partition(" (")[0])
    titles = compared["camp"].map(wording.camp)
    return compared.drop(columns=compared.columns[0]).assign(
        group=compared.iloc[:, 0].map(called),
        camp=titles,
        row=titles + "\n" + sizes,
        words=[f"{100 * share:.0f} % ({100 * low:.0f}–{100 * high:.0f})" for share, low, high in shares],
        effect=compared["camp"].map(effects),
    )
