"""The top of a page: which thread this is, and one sentence that answers the page's question."""

import streamlit as st

from commentlab import text
from commentlab.dashboard import searching, state, wording
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import plain
from commentlab.records import ScoredThread


def draw(opened: Opened | None) -> int | None:
    """Draw the title, with a choice where several threads are open, and return the thread's number.

    Where there is nothing to show, it says what to do next and returns None.
    """
    if opened is None and st.session_state.get("corpus"):
        st.info("The result of a batch is open: choose a thread on the page “Corpus”.", icon=":material/lightbulb:")
        return None
    if opened is None:
        empty("Nothing is open yet. Paste a discussion or drop a file at the left, or begin with the sample.")
        return None
    number = _choice(opened)
    thread = opened.threads[number].thread
    st.caption(_name(opened.threads[number], sample=opened.sample))
    for failure in opened.failures:
        st.warning(f"Left out: {plain(failure.error)}", icon=":material/warning:")
    if not thread.comments:
        empty("No comments were recognised here. The page “Read” shows what was; or look at the sample.")
        return None
    return number


def answer(sentence: str) -> None:
    """Draw the sentence that answers the page's question."""
    kept_together = plain(sentence).replace(" \\%", "\u00a0\\%")
    st.markdown(f"### {kept_together}")


def empty(message: str) -> None:
    """Say that there is nothing, what to do next, and offer the sample."""
    st.info(message, icon=":material/lightbulb:")
    st.button("Open the sample", on_click=state.show_sample)


def unsorted() -> None:
    """Say that nobody was sorted into camps, and what to do next."""
    st.info("No stance was labelled here. Choose what to sort people by, then press “Read and label”.")


def _name(scored: ScoredThread, *, sample: bool) -> str:
    parts = [f"**{plain(scored.thread.post.title or scored.thread.source)}**"]
    if scored.proposition:
        parts.append(plain(f"“{scored.proposition}”"))
    if sample:
        parts.append("a sample: open your own at the left (»)")
    return " · ".join(parts)


def _choice(opened: Opened) -> int:
    if len(opened.threads) == 1:
        return 0
    places = range(len(opened.threads))
    number: int = st.selectbox(
        "Thread",
        places,
        index=st.session_state["thread"],
        key=f"thread-{opened.key}",
        format_func=lambda place: (
            f"{place + 1}. {wording.calm(text.shorten(opened.threads[place].thread.post.title, 90))}"
        ),
        label_visibility="collapsed",
        on_change=searching.ask,
        args=(Filter(),),
    )
    st.session_state["thread"] = number
    return number
