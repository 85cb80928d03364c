"""How big each camp is."""

from collections.abc import Mapping
from typing import Literal

import altair as alt
import pandas as pd

from commentlab.dashboard.charts.marks import EDGE, Chart, interval, selection, title
from commentlab.dashboard.wording import ABSTAINED

Of = Literal["comments", "people"]


def shares(camps: pd.DataFrame, of: Of, colours: Mapping[str, str], ink: str) -> Chart:
    """Draw the camps' shares of comments or of people, with 95 % intervals below the bars.

    Shares of comments are corrected for the classifier's error; where that moves one, a tick shows what was counted.

    Args:
        camps: `Findings.camps`.
        of: What the shares are of.
        colours: A colour for each camp, "" for a hollow bar.
        ink: The colour of the words.
    """
    table = _shares(camps, of)
    order = table["row"].tolist()
    fills = alt.Scale(domain=order, range=[colours[name] or "transparent" for name in camps["camp"]])
    top = min(1.0, float(camps[["high", "corrected_high", "people_high"]].max().max()) + 0.03)
    head = title(f"Share of {table['number'].sum():,} {of}", ink)
    # Name and share stand on two lines beside the bar, so that no bar needs to be measured.
    beside = alt.Axis(labelExpr="split(datum.label, '\\n')", domain=False, ticks=False, labelColor=ink, labelLimit=170)
    base = alt.Chart(table, title=head).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=beside),
        tooltip=["camp:N", alt.Tooltip("number:Q", title=of), alt.Tooltip("words:N", title="share (95 % interval)")],
    )
    along = alt.Scale(domain=[0, top])
    bars = base.mark_bar(height=18, cornerRadiusEnd=3, stroke=EDGE, strokeWidth=1, cursor="pointer").encode(
        x=alt.X("share:Q", title=None, scale=along, axis=alt.Axis(format="%", tickCount=4, labelColor=ink)),
        color=alt.Color("row:N", scale=fills, legend=None),
        strokeDash=alt.condition(alt.datum.camp == ABSTAINED, alt.value([3, 3]), alt.value([1, 0])),
    )
    intervals = base.mark_rule(strokeWidth=2, yOffset=16, color=ink, opacity=0.75).encode(x="low:Q", x2="high:Q")
    marks = [bars.add_params(selection("camp")), intervals]
    if of == "comments":
        marks.append(base.mark_tick(thickness=2, size=24, color=ink).encode(x="share_counted:Q"))
    return alt.layer(*marks).properties(width="container", height=alt.Step(54))


def _shares(camps: pd.DataFrame, of: Of) -> pd.DataFrame:
    names = {"comments": ["corrected", "corrected_low", "corrected_high"]}
    table = camps[names.get(of, [f"people_{name}" for name in ("share", "low", "high")])]
    table = table.set_axis(["share", "low", "high"], axis=1)
    camp = camps["camp"].replace("abstained", ABSTAINED)
    words = [interval(*values) for values in table.itertuples(index=False)]
    row = camp + "\n" + words
    return table.assign(camp=camp, share_counted=camps["share"], number=camps[of], words=words, row=row)
