"""Comments as lines that lead to the discussion."""

from collections.abc import Iterable

import streamlit as st

from commentlab import text
from commentlab.dashboard import app, wording
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import plain


def draw(opened: Opened, found: Iterable[tuple[str, str, str]], *, key: str) -> None:
    """Draw a line for each comment, with a note behind it; a click leads to the comment.

    Args:
        opened: What is open.
        found: Ids of threads and comments, and a note on each; those that are not open are left out.
        key: Tells this list from others.
    """
    places = {scored.thread.id: number for number, scored in reversed(list(enumerate(opened.threads)))}
    with st.container(gap=None):
        for thread_id, comment_id, note in found:
            if thread_id in places:
                _line(opened, places[thread_id], comment_id, note, f"{key}-{thread_id}-{comment_id}")


def _line(opened: Opened, number: int, comment_id: str, note: str, key: str) -> None:
    thread = opened.threads[number].thread
    comment = next((each for each in thread.comments if each.id == comment_id), None)
    if comment is None:
        return
    name = wording.authors(thread.comments)[comment_id]
    if st.button(f"**{plain(name)}**: {plain(text.shorten(comment.text, 110))}", key=key, type="tertiary"):
        st.session_state["thread"] = number
        app.follow(comment=comment_id)
    if note:
        st.caption(plain(note))
