"""Charts of how good labels are: scores with their intervals, and confidence against what was right."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from commentlab.dashboard.charts.marks import Chart
from commentlab.measures import Bin

_NOW, _THEN = "#0072B2", "#999999"


def scores(table: pd.DataFrame, ink: str) -> Chart:
    """Draw scores as dots with 95 % intervals, each beside its name and figures.

    Args:
        table: `name, score, low, high, now`; `now` marks what is in use.
        ink: The colour of the words.
    """
    words = [f"{row.score:.2f} ({row.low:.2f}–{row.high:.2f})" for row in table.itertuples()]
    rows = table.assign(row=table["name"] + "\n" + pd.Series(words, index=table.index))
    beside = alt.Axis(
        labelExpr="split(datum.label, '\\n')", domain=False, ticks=False, labelColor=ink, labelLimit=240, labelOffset=-6
    )
    axis = alt.Axis(format=".1f", tickCount=6, labelColor=ink, titleColor=ink)
    base = alt.Chart(rows).encode(y=alt.Y("row:N", sort=rows["row"].tolist(), title=None, axis=beside))
    lines = base.mark_rule(strokeWidth=2, color=ink, opacity=0.75).encode(
        x=alt.X("low:Q", title="Macro F1, 0 to 1", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high:Q"
    )
    shape = alt.Shape("now:N", scale=alt.Scale(domain=[True, False], range=["circle", "diamond"]), legend=None)
    colour = alt.Color("now:N", scale=alt.Scale(domain=[True, False], range=[_NOW, _THEN]), legend=None)
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x="score:Q", color=colour, shape=shape)
    return alt.layer(lines, dots).properties(width="container", height=alt.Step(40))


def calibration(bins: Sequence[Bin], ink: str) -> Chart:
    """Draw how often answers of about one confidence were right: on the line, confidence means what it says.

    Args:
        bins: As `measures.bins` gives them.
        ink: The colour of the words and of the line.
    """
    rows = pd.DataFrame(
        {
            "confidence": [each.confidence for each in bins],
            "right": [each.accuracy for each in bins],
            "texts": [each.rows for each in bins],
        }
    )
    percent = alt.Axis(format="%", tickCount=5, labelColor=ink, titleColor=ink)
    whole = alt.Scale(domain=[0, 1])
    line = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(color=ink, opacity=0.5, strokeDash=[4, 4])
    dots = alt.Chart(rows).encode(
        x=alt.X("confidence:Q", title="How sure it was", scale=whole, axis=percent),
        y=alt.Y("right:Q", title="How often it was right", scale=whole, axis=percent),
        tooltip=["texts:Q", alt.Tooltip("confidence:Q", format=".0%"), alt.Tooltip("right:Q", format=".0%")],
    )
    sized = alt.Size("texts:Q", scale=alt.Scale(range=[60, 700]), legend=None)
    layers = [
        line.encode(x=alt.X("x:Q", scale=whole), y=alt.Y("y:Q", scale=whole)),
        dots.mark_circle(color=_NOW, opacity=0.85).encode(size=sized),
        dots.mark_text(dy=-18, color=ink, fontSize=12).encode(text="texts:Q"),
    ]
    return alt.layer(*layers).properties(width="container", height=330)
