"""The start: who answers whom, and where do they stand."""

import pandas as pd
import streamlit as st

from commentlab.dashboard import correcting, filtering, heading, paging, searching, state
from commentlab.dashboard.filtering import Places
from commentlab.dashboard.paging import PAGE
from commentlab.dashboard.parts import discussion
from commentlab.dashboard.state import Opened
from commentlab.records import Thread

Only = tuple[tuple[str, bool], ...]
"""The comments on a page, as `paging.on_page` gives them."""


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    frames, findings = state.answers(opened, number)
    heading.answer(findings.answer)
    found = searching.line(frames.comments)
    only = _page_of(opened.threads[number].thread, found)
    places = None if found is None else _places(frames.comments, found, only)
    _discussion(opened, number, places, only, state.chosen())


def _page_of(thread: Thread, found: list[str] | None) -> Only | None:
    """Draw the choice of a page where a thread is too long for one, and return which comments are on it."""
    if len(thread.comments) <= PAGE:
        return None
    pages = paging.pages(thread.comments, found)
    wanted = paging.page_of(pages, state.chosen())
    here = st.session_state.get("page")
    if here is not None and (here > pages.count or wanted not in (None, here)):
        st.session_state["page"] = wanted or 1
    with st.container(horizontal=True, vertical_alignment="center"):
        number = st.pagination(
            pages.count, default=wanted or 1, key="page", bind="query-params", on_change=state.choose, args=(None,)
        )
        first, last = (number - 1) * PAGE + 1, min(number * PAGE, len(pages.order))
        st.caption(f"Comments {first:,} to {last:,} of {len(pages.order):,}, as a reader scrolls")
    return tuple(paging.on_page(pages, number).items())


def _places(comments: pd.DataFrame, found: list[str], only: Only | None) -> Places:
    """Return which comments on the page were found, and where in them what was searched for stands."""
    here = found if only is None else set(found).intersection(dict(only))
    return filtering.places(comments[comments["comment_id"].isin(here)], st.session_state["text"])


@st.fragment
def _discussion(opened: Opened, number: int, places: Places | None, only: Only | None, chosen: str | None) -> None:
    # Choosing a comment runs this part alone, with the `chosen` of the start: the same data is not sent again.
    key = f"discussion-{opened.key}-{number}"
    found = None if places is None else [{"id": each, "places": at} for each, at in places.items()]
    data = {**state.described(opened, number, only), "found": found}
    discussion.draw(data, chosen, lambda: state.choose(st.session_state[key]["comment"]), key=key)
    correcting.draw(opened, number, correcting.shown(opened, number))


_page()
