"""The start: who answers whom, and where do they stand."""

import streamlit as st

from commentlab.dashboard import heading, searching, state
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import discussion
from commentlab.dashboard.state import Opened


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    frames, findings = state.answers(opened, number)
    heading.answer(findings.answer)
    wanted = searching.line(frames.comments)
    _discussion(opened, number, wanted, state.chosen())


@st.fragment
def _discussion(opened: Opened, number: int, wanted: Filter, chosen: str | None) -> None:
    # Choosing a comment runs this part alone, with the `chosen` of the start: the same data is not sent again.
    key = f"discussion-{opened.key}-{number}"
    data = state.described(opened, number)
    if wanted != Filter():
        found = state.found(opened, number, wanted)
        data = {**data, "found": found}
        _says(len(found), len(data["rows"]))
    discussion.draw(data, chosen, lambda: state.choose(st.session_state[key]["comment"]), key=key)


def _says(found: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{found:,} of {total:,} shown**, with the comments that they answer in grey.")
        st.button("Show all", on_click=searching.clear, icon=":material/close:", type="tertiary")


_page()
