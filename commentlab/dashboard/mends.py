"""Mend what a reader made of a thread: split a comment, join it with the one before, say whom it answers."""

from collections.abc import Sequence

import streamlit as st

from commentlab import mending, text
from commentlab.dashboard import keeping, state, wording
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import count, plain
from commentlab.errors import CommentlabError
from commentlab.insight import sentences
from commentlab.records import Comment, Mend, Thread

_POST = ""
"""What stands for the post among the ids of comments."""


def draw(opened: Opened, number: int, comment_id: str | None) -> None:
    """Draw what can be mended at a comment, and how to take back what was; each mend is kept and applied at once."""
    thread = opened.threads[number].thread
    st.subheader("Mend", anchor=False)
    place = next((place for place, each in enumerate(thread.comments) if each.id == comment_id), None)
    if place is None:
        st.caption("Is a comment cut wrongly, or under the wrong one? Choose it in what was understood.")
    else:
        comment = thread.comments[place]
        name = wording.authors(thread.comments)[comment.id]
        st.markdown(f"**{plain(name)}**: {plain(text.shorten(comment.text, 110))}")
        key = f"{opened.key}-{number}-{comment.id}"
        _attach(thread, comment, key)
        _split(thread, comment, key)
        if place:
            before = wording.authors(thread.comments)[thread.comments[place - 1].id]
            st.button(
                "Join with the comment before",
                key=f"join-{key}",
                help=f"That is the one by {plain(before)}.",
                on_click=lambda: _keep(keeping.mend(thread, "join", comment)),
            )
    _undo(thread)
    state.redraw()


def _attach(thread: Thread, comment: Comment, key: str) -> None:
    comments = {each.id: each for each in thread.comments}
    names = wording.authors(thread.comments)
    options = [_POST, *(name for name in comments if name != comment.id)]
    st.selectbox(
        "It answers",
        options,
        index=options.index(comment.parent_id or _POST),
        format_func=lambda name: f"{names[name]}: {text.shorten(comments[name].text, 60)}" if name else "the post",
        key=f"attach-{key}",
        on_change=lambda: _keep(
            keeping.mend(thread, "attach", comment, parent=comments.get(st.session_state[f"attach-{key}"]))
        ),
    )


def _split(thread: Thread, comment: Comment, key: str) -> None:
    found = places(comment.text)
    if not found:
        return
    with st.form(f"split-{key}", border=False):
        at = st.selectbox(
            "Another comment begins at",
            found,
            index=None,
            placeholder="Choose the words with which it begins",
            format_func=lambda start: text.shorten(comment.text[start:], 70),
        )
        author = st.text_input("Who wrote it", placeholder="Leave it empty where nobody is named")
        if st.form_submit_button("Split it there") and at:
            _keep(keeping.mend(thread, "split", comment, at=at, author=author.strip() or None))


def places(words: str) -> list[int]:
    """Return where a comment could be split: at each line and each sentence but the first."""
    lines = [0]
    for line in words.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    starts = {start for start, _ in sentences.spans(words)} | {start for start in lines if words[start:].strip()}
    return sorted(start for start in starts if words[:start].strip())


def _undo(thread: Thread) -> None:
    made = _made(thread)
    if not made:
        return
    lost = sum(problem.code == mending.LOST for problem in thread.problems)
    hint = f"; {count(lost, 'mend')} fits nothing any more" if lost else ""
    st.button(
        "Undo the last mend",
        icon=":material/undo:",
        on_click=_unmend,
        args=(thread.id,),
        help=f"{_words(made[-1])}. {count(len(made), 'mend')} of this thread are kept{hint}.",
    )


def _made(thread: Thread) -> Sequence[Mend]:
    try:
        return keeping.store().mends([thread.id])
    except CommentlabError:
        return ()


def _words(mend: Mend) -> str:
    done = {"split": "made two comments of one", "join": "made one comment of two", "attach": "said whom one answers"}
    return plain(f"{mend.coder} {done[mend.kind]}")


def _keep(mend: Mend) -> None:
    state.keep(lambda store: store.mend(mend))


def _unmend(thread_id: str) -> None:
    state.keep(lambda store: store.unmend(thread_id))
