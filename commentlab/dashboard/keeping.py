"""What people correct: the store behind a session, who is at work, and corrections applied to what is open."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from commentlab import labelstore, mending
from commentlab.errors import CommentlabError
from commentlab.labelstore import Store
from commentlab.records import Comment, Correction, Mend, Mending, ScoredThread, Thread

NOBODY = "me"
"""The name of a coder who gave none."""


def store() -> Store:
    """Return the store of this user."""
    return labelstore.standard()


def revision() -> int:
    """Return a number that changes with every correction that anybody makes; -1 while the store cannot be read."""
    try:
        return store().revision()
    except CommentlabError:
        return -1


def coder() -> str:
    """Return the name of who is at work, which the address of the page holds, too."""
    if wanted := st.query_params.get("coder", "").strip():
        st.session_state["coder"] = wanted
    found: str = st.session_state.get("coder", NOBODY)
    return found


def sign(name: str) -> None:
    """Let somebody else go on."""
    st.session_state["coder"] = name.strip() or NOBODY
    st.query_params["coder"] = st.session_state["coder"]


def mended(threads: Sequence[Thread]) -> tuple[tuple[Thread, ...], tuple[Mend, ...]]:
    """Return threads with their mends applied, and the mends."""
    mends = store().mends([thread.id for thread in threads])
    of = {thread.id: [mend for mend in mends if mend.thread_id == thread.id] for thread in threads}
    return tuple(mending.mended(thread, of[thread.id]) for thread in threads), tuple(mends)


def corrections(threads: Sequence[ScoredThread]) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Return what was said of the comments of threads, and what was said of comments that are not found any more."""
    given = store().corrections([scored.thread.id for scored in threads])
    found: list[Correction] = []
    lost: list[Correction] = []
    for scored in {scored.thread.id: scored for scored in threads}.values() if given else ():
        here, gone = mending.reattached(scored.thread, [each for each in given if each.thread_id == scored.thread.id])
        found += here
        lost += gone
    return tuple(found), tuple(lost)


def kept() -> list[Correction]:
    """Return what people said of all threads; nothing while the store cannot be read."""
    try:
        return store().corrections()
    except CommentlabError:
        return []


def corrected(threads: Sequence[ScoredThread], given: Sequence[Correction]) -> tuple[ScoredThread, ...]:
    """Return threads with people's labels in the place of those of the classifiers."""
    of = {scored.thread.id: [each for each in given if each.thread_id == scored.thread.id] for scored in threads}
    return tuple(mending.corrected(scored, of[scored.thread.id]) for scored in threads)


def correction(scored: ScoredThread, comment_id: str, task: str, value: str | None, reason: str) -> Correction:
    """Return what the coder at work says of a comment, as the store keeps it."""
    comments = {comment.id: comment for comment in scored.thread.comments}
    comment = comments[comment_id]
    parent = comments.get(comment.parent_id or "")
    about = {"scheme": scored.scheme, "proposition": scored.proposition} if task == "stance" else {}
    return Correction(
        thread_id=scored.thread.id,
        comment_id=comment_id,
        mark=mending.mark(comment),
        task=task,
        value=value,
        coder=coder(),
        when=datetime.now(UTC),
        reason=reason,
        author=comment.author,
        text=comment.text,
        parent=parent.text if parent else "",
        parent_id=comment.parent_id,
        parent_author=parent.author if parent else None,
        **about,
    )


def mend(
    thread: Thread,
    kind: Mending,
    comment: Comment,
    *,
    parent: Comment | None = None,
    at: int | None = None,
    author: str | None = None,
) -> Mend:
    """Return a mend by the coder at work, as the store keeps it."""
    return Mend(
        thread_id=thread.id,
        kind=kind,
        comment_id=comment.id,
        mark=mending.mark(comment),
        coder=coder(),
        when=datetime.now(UTC),
        at=at,
        author=author,
        parent_id=parent.id if parent else None,
        parent_mark=mending.mark(parent) if parent else None,
    )
