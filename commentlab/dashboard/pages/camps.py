"""How big is each camp, and what does it say."""

from typing import get_args

import streamlit as st

from commentlab.dashboard import app, charts, heading, state, wording
from commentlab.dashboard.parts import discussion, quotes

_INK = {"light": "#23221f", "dark": "#ebe9e4"}


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    _, findings = state.answers(opened, number)
    if findings.camps.empty:
        st.info("No stance was labelled here. Choose what to sort people by, then press “Read and label”.")
        return
    heading.answer(findings.answer)
    colours = {camp["name"]: camp["colour"] for camp in discussion.camps(findings)}
    ink = _INK[st.context.theme.type or "light"]
    for column, of in zip(st.columns(2, gap="large"), get_args(charts.Of), strict=True):
        column.altair_chart(charts.shares(findings.camps, of, colours, ink), width="stretch")
    st.caption(
        "Thin lines are 95 % intervals: how far the shares could move by chance alone. A person stands where most of"
        f" their comments stand. “{wording.ABSTAINED.capitalize()}” is what the classifier could not tell."
    )
    st.subheader("In their words", anchor=False)
    if clicked := quotes.draw(findings, key=f"quotes-{opened.key}-{number}"):
        state.choose(clicked)
        st.switch_page(app.pages()["discussion"], query_params={"comment": clicked})


_page()
