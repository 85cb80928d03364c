"""How big is each camp, and what does it say."""

from typing import get_args

import streamlit as st

from commentlab.dashboard import app, charts, heading, pictures, state, wording
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import discussion, quotes
from commentlab.insight import Findings

_MEANING = {
    "comments": "Shares are corrected for the classifier’s error; a tick shows what was counted. Thin lines are 95 %"
    " intervals: how far a share could move by chance. Click a bar to read its comments.",
    "people": "A person stands where most of their comments stand. Thin lines are 95 % intervals."
    f" “{wording.ABSTAINED.capitalize()}” is what the classifier could not tell.",
}


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    _, findings = state.answers(opened, number)
    if findings.camps.empty:
        heading.unsorted()
        return
    heading.answer(findings.answer)
    for column, of in zip(st.columns(2, gap="large"), get_args(charts.Of), strict=True):
        with column:
            _shares(findings, of, f"{of}-{opened.key}-{number}")
    st.subheader("In their words", anchor=False)
    if findings.phrases.empty:
        st.caption("No words set a camp apart here: that takes a few people of it who use them.")
    comment, phrase = quotes.draw(findings, key=f"quotes-{opened.key}-{number}")
    if comment:
        app.follow(comment=comment)
    if phrase:
        app.follow(Filter(text=f"“{phrase['phrase']}”", camp=(phrase["camp"],)))


def _shares(findings: Findings, of: charts.Of, key: str) -> None:
    colours = discussion.colours_of(findings)
    clicked = pictures.draw(
        lambda ink: charts.shares(findings.camps, of, colours, ink), f"camps-{of}", _MEANING[of], key=key
    )
    if clicked:
        app.follow(Filter(camp=(clicked["camp"],)))


_page()
