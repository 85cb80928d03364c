"""A chart on a page: in the ink of its theme, with what was clicked on it, and as a file to take away."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, get_args

import streamlit as st

from commentlab.dashboard.charts import MARK, Chart

Drawing = Callable[[str], Chart]
"""Makes a chart in an ink."""

_INK = {"light": "#23221f", "dark": "#ebe9e4"}
_PAPER = {"light": "#fcfbf9", "dark": "#17181b"}
"""The colour behind a page, as the settings state it."""
_CONFIG = {"view": {"stroke": None}, "font": "Liberation Sans, Helvetica, Arial, sans-serif"}
_WIDE = 900
"""Pixels of width of a file; on the page a chart is as wide as there is room."""
_SHARP = 2
_Kind = Literal["svg", "png"]
_TYPES: Mapping[_Kind, str] = {"svg": "image/svg+xml", "png": "image/png"}


def draw(chart: Drawing, name: str, caption: str, *, key: str, marked: bool = True) -> Mapping[str, Any] | None:
    """Draw a chart with buttons that take it away, and return what the mark that was just clicked stands for.

    Args:
        chart: Makes the chart, with a selection called `MARK` if it is `marked`.
        name: What the files are called.
        caption: What stands below it.
        key: The chart's place in the session.
        marked: Whether a click on it leads somewhere.
    """
    with st.container(gap="xxsmall"):
        shown = chart(_INK[st.context.theme.type or "light"])
        clicks: Any = {"on_select": "rerun", "selection_mode": MARK} if marked else {}
        event: Any = st.altair_chart(shown, width="stretch", key=key, **clicks)
        with st.container(horizontal=True, vertical_alignment="top"):
            st.caption(caption, width="stretch")
            for kind in get_args(_Kind):
                st.download_button(
                    kind.upper(),
                    partial(_file, chart, kind),
                    file_name=f"{name}.{kind}",
                    mime=_TYPES[kind],
                    key=f"{key}-{kind}",
                    help=f"Take the chart away as {kind.upper()}",
                    type="tertiary",
                    width="content",
                    on_click="ignore",
                )
    marks = event["selection"].get(MARK) if marked and event else None
    return marks[0] if marks else None


def _file(chart: Drawing, kind: _Kind) -> bytes:
    return encode(chart(_INK["light"]), kind)


def paper(ink: str) -> str:
    """Return the colour behind an ink."""
    return _PAPER[next(theme for theme, colour in _INK.items() if colour == ink)]


def encode(chart: Chart, kind: _Kind) -> bytes:
    """Return the file of a chart, made on this machine; it loads nothing, neither while it is made nor later."""
    import vl_convert

    spec = chart.properties(width=_WIDE, background=paper(_INK["light"])).to_dict()
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(spec, config=_CONFIG, allowed_base_urls=[])).encode()
    return bytes(vl_convert.vegalite_to_png(spec, scale=_SHARP, config=_CONFIG, allowed_base_urls=[]))
