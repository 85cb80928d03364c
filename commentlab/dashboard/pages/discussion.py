"""The start: who answers whom, and where do they stand."""

import streamlit as st

from commentlab.dashboard import heading, searching, state
from commentlab.dashboard.parts import discussion
from commentlab.dashboard.state import Opened


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    frames, findings = state.answers(opened, number)
    heading.answer(findings.answer)
    found = searching.line(frames.comments)
    _discussion(opened, number, found, state.chosen())


@st.fragment
def _discussion(opened: Opened, number: int, found: list[str] | None, chosen: str | None) -> None:
    # Choosing a comment runs this part alone, with the `chosen` of the start: the same data is not sent again.
    key = f"discussion-{opened.key}-{number}"
    data = {**state.described(opened, number), "found": found}
    discussion.draw(data, chosen, lambda: state.choose(st.session_state[key]["comment"]), key=key)


_page()
