"""Comments as lines that lead to the discussion."""

from collections.abc import Iterable

import streamlit as st

from commentlab import text
from commentlab.dashboard import app, state, wording
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
    for thread_id, comment_id, note in found:
        thread = opened.threads[places[thread_id]].thread if thread_id in places else None
        comment = next((each for each in thread.comments if each.id == comment_id), None) if thread else None
        if thread is None or comment is None:
            continue
        name = wording.authors(thread.comments)[comment_id]
        words = f"**{plain(name)}**: {plain(text.shorten(comment.text, 110))}"
        behind = f" · {plain(note)}" if note else ""
        if st.button(words + behind, key=f"{key}-{thread_id}-{comment_id}", type="tertiary"):
            st.session_state["thread"] = places[thread_id]
            state.choose(comment_id)
            st.switch_page(app.pages()["discussion"], query_params={"comment": comment_id})
