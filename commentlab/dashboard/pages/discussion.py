"""The start: who answers whom, and where do they stand."""

import streamlit as st

from commentlab.dashboard import correcting, heading, state
from commentlab.dashboard.parts import discussion
from commentlab.dashboard.state import Opened


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    _, findings = state.answers(opened, number)
    heading.answer(findings.answer)
    _discussion(opened, number, state.chosen())


@st.fragment
def _discussion(opened: Opened, number: int, chosen: str | None) -> None:
    # Choosing a comment runs this part alone, with the `chosen` of the start: the same data is not sent again.
    key = f"discussion-{opened.key}-{number}"
    discussion.draw(
        state.described(opened, number),
        chosen,
        lambda: state.choose(st.session_state[key]["comment"]),
        key=key,
    )
    correcting.draw(opened, number, correcting.shown(opened, number))


_page()
