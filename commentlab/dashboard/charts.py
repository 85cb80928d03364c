"""The charts: tables of findings in, Altair out. Colours and words come from `wording`."""

from collections.abc import Mapping
from typing import Literal

import altair as alt
import pandas as pd

from commentlab.dashboard.wording import ABSTAINED

Of = Literal["comments", "people"]

_EDGE = "#6f6d67"


def shares(camps: pd.DataFrame, of: Of, colours: Mapping[str, str], ink: str) -> alt.LayerChart | alt.FacetChart:
    """Draw the camps' shares of comments or of people, with 95 % intervals below the bars.

    Args:
        camps: `Findings.camps`.
        of: What the shares are of.
        colours: A colour for each camp, "" for a hollow bar.
        ink: The colour of the words.
    """
    table = _table(camps, of)
    order = table["row"].tolist()
    fills = alt.Scale(domain=order, range=[colours[name] or "transparent" for name in camps["camp"]])
    top = min(1.0, float(camps[["high", "people_high"]].max().max()) + 0.03)
    title = alt.TitleParams(f"Share of {table['number'].sum()} {of}", anchor="start", color=ink, fontSize=15)
    # Name and share stand on two lines beside the bar, so that no bar needs to be measured.
    beside = alt.Axis(labelExpr="split(datum.label, '\\n')", domain=False, ticks=False, labelColor=ink, labelLimit=170)
    base = alt.Chart(table, title=title).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=beside),
        tooltip=["camp:N", alt.Tooltip("number:Q", title=of), alt.Tooltip("words:N", title="share (95 % interval)")],
    )
    along = alt.Scale(domain=[0, top])
    bars = base.mark_bar(height=18, cornerRadiusEnd=3, stroke=_EDGE, strokeWidth=1).encode(
        x=alt.X("share:Q", title=None, scale=along, axis=alt.Axis(format="%", tickCount=4, labelColor=ink)),
        color=alt.Color("row:N", scale=fills, legend=None),
        strokeDash=alt.condition(alt.datum.camp == ABSTAINED, alt.value([3, 3]), alt.value([1, 0])),
    )
    intervals = base.mark_rule(strokeWidth=2, yOffset=16, color=ink, opacity=0.75).encode(x="low:Q", x2="high:Q")
    return alt.layer(bars, intervals).properties(width="container", height=alt.Step(54))


def _table(camps: pd.DataFrame, of: Of) -> pd.DataFrame:
    prefix = "people_" if of == "people" else ""
    table = camps[[f"{prefix}{name}" for name in ("share", "low", "high")]].set_axis(["share", "low", "high"], axis=1)
    names = camps["camp"].replace("abstained", ABSTAINED)
    words = [_words(*values) for values in table.itertuples(index=False)]
    return table.assign(camp=names, number=camps[of], words=words, row=names + "\n" + words)


def _words(share: float, low: float, high: float) -> str:
    return f"{100 * share:.0f} % ({100 * low:.0f}–{100 * high:.0f})"
