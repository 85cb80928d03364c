"""The line above a discussion that asks for some of its comments; the address of the page states what it asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from commentlab.dashboard import filtering, wording
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.wording import ABSTAINED
from commentlab.insight.labels import values


def line(comments: pd.DataFrame) -> list[str] | None:
    """Draw the search and the filters, and return the ids of the comments that are asked for; None where all are.

    Each widget has the name of its parameter in the address, so that a link shows the same comments again.

    Args:
        comments: The table `comments`, the rows of one thread.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "Search",
            key="text",
            bind="query-params",
            placeholder="Search the comments; “in quotes” finds whole words",
            label_visibility="collapsed",
            icon=":material/search:",
        )
        with st.popover("Filters", icon=":material/filter_list:", width="content"):
            asked = _filters(comments)
        wanted = filtering.of(asked | {"text": text})
        if wanted == Filter():
            return None
        found = filtering.matching(comments, wanted)
        total = int(filtering.shown(comments).sum())
        st.markdown(f"**{len(found):,} of {total:,} shown**", width="content")
        st.button("Show all", on_click=ask, args=(Filter(),), icon=":material/close:", type="tertiary")
    return found


def ask(wanted: Filter) -> None:
    """Ask for other comments, in a callback or before the page of the discussion is opened."""
    for name, value in filtering.held(wanted).items():
        st.session_state[name] = value


def _filters(comments: pd.DataFrame) -> dict[str, Any]:
    """Draw the filters and return their values by name."""
    camps = _options(comments, "stance")
    authors = sorted(comments["author"].dropna().unique(), key=str.casefold)
    offered = {
        "camp": ("Camp", camps),
        "parent_camp": ("Answers the camp", camps),
        "author": ("Written by", authors),
        "parent_author": ("Answers the person", authors),
        "relation": ("Relation to what it answers", _options(comments, "relation")),
        "sentiment": ("Tone", _options(comments, "sentiment")),
    }
    asked: dict[str, Any] = {}
    columns = st.columns(2, gap="medium")
    for place, (name, (title, options)) in enumerate(offered.items()):
        if options:
            asked[name] = _choice(columns[place % 2], title, name, options)
    if camps:
        asked["sure"] = _choice(columns[0], "How sure the camp is", "sure", list(wording.SURE))
    return asked | _times(comments["published"].dropna())


def _choice(column: DeltaGenerator, title: str, name: str, options: Sequence[str]) -> list[str]:
    return column.multiselect(
        title, options, key=name, bind="query-params", placeholder="any", format_func=wording.calm
    )


def _options(comments: pd.DataFrame, task: str) -> list[str]:
    found = values(comments, task)
    return [*found, ABSTAINED] if found else []


def _times(times: pd.Series) -> dict[str, datetime | None]:
    """Draw the first and the last time; periods of a timeline begin before the first comment, at most by a year."""
    if times.empty:
        return {}
    first, last = datetime(times.min().year, 1, 1), datetime(times.max().year + 1, 1, 1)
    titles = {"since": "From (UTC)", "until": "Before (UTC)"}
    return {
        name: column.datetime_input(title, None, first, last, key=name, bind="query-params", format="DD/MM/YYYY")
        for column, (name, title) in zip(st.columns(2, gap="medium"), titles.items(), strict=True)
    }
