"""The line above a discussion that asks for some of its comments; the address of the page states what it asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from commentlab.dashboard import filtering
from commentlab.dashboard.filtering import SURE, Filter
from commentlab.dashboard.wording import ABSTAINED
from commentlab.insight.labels import values


def line(comments: pd.DataFrame) -> Filter:
    """Draw the search and the filters, and return what they ask for.

    Each has the name of its parameter in the address, so that a link shows the same comments again.

    Args:
        comments: The table `comments`, the rows of one thread.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
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
    return filtering.of(asked | {"text": text})


def clear() -> None:
    """Ask for nothing, so that all comments are shown."""
    for name, value in filtering.empty().items():
        st.session_state[name] = value


def _filters(comments: pd.DataFrame) -> dict[str, Any]:
    """Draw the filters and return their values by name."""
    camps = _options(comments, "stance")
    authors = sorted(comments["author"].dropna().unique(), key=str.casefold)
    asked: dict[str, Any] = {}
    if camps:
        asked["camp"] = _choice("Camp", "camp", camps)
        asked["parent_camp"] = _choice("Answers a comment of the camp", "parent_camp", camps)
    for title, task in (("Relation to the comment answered", "relation"), ("Tone", "sentiment")):
        if options := _options(comments, task):
            asked[task] = _choice(title, task, options)
    asked["author"] = _choice("Written by", "author", authors)
    asked["parent_author"] = _choice("Answers a comment by", "parent_author", authors)
    asked |= _times(comments["published"].dropna())
    if camps:
        asked["confidence"] = st.slider(
            "Confidence of the camp, %", *SURE, value=SURE, step=5, key="confidence", bind="query-params"
        )
    return asked


def _choice(title: str, name: str, options: Sequence[str]) -> list[str]:
    return st.multiselect(title, options, key=name, bind="query-params", placeholder="any")


def _options(comments: pd.DataFrame, task: str) -> list[str]:
    found = values(comments, task)
    return [*found, ABSTAINED] if found else []


def _times(times: pd.Series) -> dict[str, datetime | None]:
    """Draw the first and the last time; periods of a timeline begin before the first comment, at most by a year."""
    if times.empty:
        return {}
    first, last = datetime(times.min().year, 1, 1), datetime(times.max().year + 1, 1, 1)
    return {
        name: st.datetime_input(title, None, first, last, key=name, bind="query-params", format="DD/MM/YYYY")
        for name, title in (("since", "From (UTC)"), ("until", "Before (UTC)"))
    }
