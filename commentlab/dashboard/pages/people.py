"""Who answers whom, who saw something, and who was left without an answer."""

import streamlit as st

from commentlab import text
from commentlab.dashboard import app, charts, heading, pictures, state, wording
from commentlab.dashboard.charts import Placed
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import cases, discussion
from commentlab.dashboard.parts.cases import Cases
from commentlab.dashboard.wording import count, plain
from commentlab.insight import Findings

_NAMED = 40
"""Names of people who are not drawn that stand in the line below."""
_NOTES = {
    "question": ("Questions that nobody answered", "Every question got an answer, or there were none."),
    "first-hand": ("Reports at first hand", "Nobody says that they saw or heard it themselves."),
}


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    _, findings = state.answers(opened, number)
    placed = state.placed(opened, number)
    heading.answer(_answer(findings, placed))
    place = f"{opened.key}-{number}"
    _network(findings, placed, place)
    found = Cases(opened.threads[number], findings)
    for kind, (title, nothing) in _NOTES.items():
        st.subheader(title, anchor=False)
        notes = found.notes(kind)
        if not notes:
            st.caption(nothing)
        elif clicked := cases.draw(notes, key=f"{kind}-{place}"):
            app.follow(comment=clicked)


def _answer(findings: Findings, placed: Placed) -> str:
    head = findings.answer.partition(":")[0].rstrip(".")
    if placed.people.empty:
        return f"{head}; nobody answers anybody by name."
    lean = findings.ties["agree"] - findings.ties["disagree"]
    kinds = [f"{(lean < 0).sum():,} mostly disagree", f"{(lean > 0).sum():,} mostly agree"]
    people = len(placed.people) + len(placed.others)
    talking = "1 of them answers" if people == 1 else f"{people:,} of them answer or are answered"
    return f"{head}: {talking} by name, in {count(len(lean), 'pair')}, of which {wording.listing(kinds)}."


def _network(findings: Findings, placed: Placed, place: str) -> None:
    if placed.people.empty:
        st.caption("Answers to other comments are drawn here, where both are signed.")
        return
    colours = discussion.colours_of(findings)
    clicked = pictures.draw(
        lambda ink: charts.network(placed, colours, ink, pictures.paper(ink)),
        "people",
        "Arrows run from who answers to who is answered, thicker for more answers. Dots grow with the answers of a"
        " person and have the colour of their camp. Click either to read the comments.",
        key=f"people-{place}",
    )
    if placed.others:
        named = wording.listing([text.shorten(name, 40) for name in placed.others[:_NAMED]])
        more = f" and {len(placed.others) - _NAMED:,} more" if len(placed.others) > _NAMED else ""
        st.caption(plain(f"Not drawn, with fewer answers: {named}{more}."))
    if clicked:
        other = clicked.get("parent_author")
        app.follow(Filter(author=(clicked["author"],), parent_author=(other,) if other else ()))


_page()
