"""What the charts have in common: lines, titles, numbers, and the selection that a click makes."""

from typing import Any

import altair as alt

Chart = alt.LayerChart | alt.FacetChart
"""What a chart in layers is to the type checker."""
MARK = "mark"
"""The name of the selection in a chart whose marks can be clicked."""
EDGE = "#6f6d67"
QUIET = "#b9b5ab"
FULL = 0.82
"""What the tallest bar takes of the height of its row, and the longest of the width of its cell."""


def selection(*names: str) -> alt.Parameter:
    """Return a selection by click that states these fields of the mark that was clicked."""
    return alt.selection_point(name=MARK, fields=list(names), on="click", clear=False)


def title(words: str, ink: str, more: str = "") -> alt.TitleParams:
    """Return the title of a chart, and a line below it that says more."""
    look: dict[str, Any] = {"color": ink, "subtitleColor": ink, "fontSize": 15, "subtitleFontSize": 12.5}
    return alt.TitleParams(words, subtitle=more, anchor="start", **look)


def interval(share: float, low: float, high: float) -> str:
    """Return a share with its interval in percent."""
    return f"{100 * share:.0f} % ({100 * low:.0f}–{100 * high:.0f})"
