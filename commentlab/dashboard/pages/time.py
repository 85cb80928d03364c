"""How the camps move along time, and how they answer each other."""

from typing import get_args

import pandas as pd
import streamlit as st

from commentlab.dashboard import app, charts, filtering, heading, pictures, state, wording
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import cases, discussion
from commentlab.dashboard.parts.cases import Cases
from commentlab.frames import Frames
from commentlab.insight import Findings


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    frames, findings = state.answers(opened, number)
    heading.answer(f"{_when(frames)}. {findings.movement}")
    if findings.camps.empty:
        heading.unsorted()
        return
    place = f"{opened.key}-{number}"
    _timeline(frames, findings, place)
    _exchanges(findings, place)
    found = Cases(opened.threads[number], findings)
    _cases("Changed their mind", found.flips(), "Nobody takes one side and later the other.", f"flips-{place}")
    _cases(
        "Conversations across the camps",
        found.conversations(),
        "No two people of opposed sides answer each other both ways.",
        f"conversations-{place}",
    )
    _cases(
        "Labels to check: agreement with the other side",
        found.contradictions(),
        "No answer agrees with a comment of the other side.",
        f"contradictions-{place}",
    )


def _when(frames: Frames) -> str:
    written = frames.comments[filtering.shown(frames.comments)]
    times = written["published"].dropna()
    if times.empty:
        return f"{wording.count(len(written), 'comment')}, none with a date"
    first, last = (f"{time.day} {time:%b %Y, %H:%M}" for time in (times.min(), times.max()))
    return f"{wording.count(len(written), 'comment')} from {first} to {last}"


def _timeline(frames: Frames, findings: Findings, place: str) -> None:
    st.subheader("Stance over time", anchor=False)
    periods = findings.timeline.dropna(subset=["start"])
    if periods.empty:
        st.caption("No comment has a date.")
        return
    of = st.segmented_control(
        "What a row shows", get_args(charts.Measure), default="comments", key="measure", required=True,
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip
    colours = discussion.colours_of(findings)
    turn = _turn(frames, findings)
    undated = int(findings.timeline.loc[findings.timeline["start"].isna(), "comments"].sum())
    without = f" {wording.count(undated, 'comment')} without a date left out." if undated else ""
    clicked = pictures.draw(
        lambda ink: charts.timeline(periods, of, colours, ink, turn),
        f"stance-over-time-{of}",
        f"Times are in UTC.{without} Click a bar or a dot to read its comments.",
        key=f"time-{of}-{place}",
    )
    if clicked:
        since, until = (pd.Timestamp(clicked[name]).to_pydatetime() for name in ("since", "until"))
        app.follow(Filter(camp=(clicked["camp"],), since=since, until=until))


def _turn(frames: Frames, findings: Findings) -> pd.Timestamp | None:
    if findings.turns.empty:
        return None
    at = frames.comments["comment_id"] == findings.turns["comment_id"].iloc[0]
    time = frames.comments.loc[at, "published"].iloc[0]
    return None if pd.isna(time) else time


def _exchanges(findings: Findings, place: str) -> None:
    st.subheader("Which camp answers which", anchor=False)
    if findings.exchanges.empty:
        st.caption("No comment answers another one.")
        return
    order = [camp["name"] for camp in discussion.camps(findings) if camp["comments"]]
    clicked = pictures.draw(
        lambda ink: charts.exchanges(findings.exchanges, order, ink),
        "exchanges",
        "A bar is as long as there are answers. Click a cell to read them.",
        key=f"exchanges-{place}",
    )
    if clicked:
        app.follow(Filter(camp=(clicked["camp"],), parent_camp=(clicked["parent_camp"],)))


def _cases(title: str, found: list[cases.Case], nothing: str, key: str) -> None:
    st.subheader(title, anchor=False)
    if not found:
        st.caption(nothing)
        return
    if clicked := cases.draw(found, key=key):
        app.follow(comment=clicked)


_page()
