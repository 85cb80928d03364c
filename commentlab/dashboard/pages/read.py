"""What was given, what was understood of it, and what was wrong with it."""

from collections import Counter

import streamlit as st

from commentlab import reopening, structure, text
from commentlab.dashboard import heading, loading, mends, state, wording
from commentlab.dashboard.parts import discussion
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import count, plain
from commentlab.records import ScoredThread, Thread


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        _forget()
        return
    heading.answer(_understood(opened.threads[number].thread))
    _columns(opened, number)


@st.fragment
def _columns(opened: Opened, number: int) -> None:
    scored = opened.threads[number]
    source, problems, found = st.columns([5, 4, 5], gap="medium")
    with source:
        _source(loading.source_text(opened.documents, scored.thread.source))
        _forget()
    with found:
        chosen = _found(scored, key=f"read-{opened.key}-{number}")
    with problems:
        _problems(scored.thread)
        mends.draw(opened, number, chosen)


def _understood(thread: Thread) -> str:
    kinds = Counter(comment.kind for comment in thread.comments)
    links = Counter(comment.parent_origin for comment in thread.comments)
    parts = [count(number, kind) for kind, number in kinds.items()] or ["no comments"]
    replies = f"{count(links['stated'], 'reply', 'replies')} as the source states them, {links['inferred']} inferred"
    declared = "" if thread.declared_count is None else f"; the source announces {thread.declared_count}"
    return f"{wording.listing(parts)} found{declared}; {replies}."


def _source(content: str | None) -> None:
    st.subheader("The source", anchor=False)
    if content is None:
        st.caption("It was in a packed file or has moved, so it cannot be shown.")
        return
    st.code(wording.calm(content), language=None, wrap_lines=True, height=560)
    if len(content) >= loading.SEEN // 4:
        st.caption(f"The first {loading.SEEN // 1000:,} kB are shown at most.")


def _forget() -> None:
    """Say what stays on this computer of all that was opened, and offer to forget it."""
    st.caption(
        f"The last {reopening.MOST} things that you opened are kept on this computer, up to"
        f" {reopening.LIMIT >> 20} MB, so that a reload or a restart finds them by the address of the page."
    )
    st.button(
        "Forget what was opened",
        icon=":material/delete:",
        on_click=state.forget,
        help="Deletes them and shows the sample. Labels and mends stay, and so do your own files.",
    )


def _problems(thread: Thread) -> None:
    st.subheader(count(len(thread.problems), "problem"), anchor=False)
    if not thread.problems:
        st.caption("Nothing had to be guessed, repaired or left out.")
    comments = {comment.id: comment for comment in thread.comments}
    names = wording.authors(thread.comments)
    with st.container(height=340 if len(thread.problems) > 4 else "content", border=False):
        for problem in thread.problems[:40]:
            st.markdown(f"**{plain(problem.code.replace('-', ' ').capitalize())}**  \n{plain(problem.message)}")
            if comment := comments.get(problem.comment_id or ""):
                st.caption(plain(f"{names[comment.id]}: {text.shorten(comment.text, 90)}"))
    if len(thread.problems) > 40:
        st.caption(f"{len(thread.problems) - 40:,} more; the table “problems” holds all of them.")


def _found(scored: ScoredThread, *, key: str) -> str | None:
    """Draw what was understood, and return the id of the comment that is chosen there."""
    thread = scored.thread
    shape = structure.shape(thread.comments)
    st.subheader("What was understood", anchor=False)
    facts = [f"read as {thread.reader}", thread.post.author and f"post by {thread.post.author}"]
    facts += [count(shape.depth, "level"), f"{count(shape.roots, 'reply', 'replies')} to the post"]
    st.caption(plain(" · ".join(fact for fact in facts if fact)))
    discussion.draw(discussion.describe(scored), None, lambda: None, key=key)
    chosen: str | None = st.session_state[key]["comment"]
    return chosen


_page()
