"""A person's word on the labels of the chosen comment."""

import streamlit as st

from commentlab import plugin, structure
from commentlab.dashboard import keeping, state, wording
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import plain
from commentlab.records import Label


def draw(opened: Opened, number: int, comment_id: str | None) -> None:
    """Draw a button under which each label of a comment can be corrected; nothing where it has none.

    A correction is saved at once, and the whole page is drawn again with it.
    """
    scored = opened.threads[number]
    labels = {label.task: label for label in scored.labels if label.comment_id == comment_id}
    comment = next((each for each in scored.thread.comments if each.id == comment_id), None)
    if comment is None or not labels:
        return
    name = wording.authors(scored.thread.comments)[comment.id]
    right = st.container(horizontal=True, horizontal_alignment="right")
    with right.popover(f"Correct the labels of {plain(name)}", icon=":material/edit:"):
        for task in (task for task in wording.TASKS if task in labels):
            _task(opened, number, labels[task])
        st.caption(plain(f"Saved at once as the word of “{keeping.coder()}”; the page Label names you."))
    state.redraw()


def _task(opened: Opened, number: int, label: Label) -> None:
    camps = [camp.name for camp in state.camps(opened, number)]
    values = camps if label.task == "stance" else plugin.tasks()[label.task].VALUES
    key = f"correct-{opened.key}-{label.comment_id}-{label.task}"
    st.pills(
        wording.TASKS[label.task] + ("" if not label.coder else plain(f" ({label.coder} says so)")),
        values,
        default=label.value if label.value in values else None,
        key=key,
        format_func=plain,
        on_change=_correct,
        args=(label, key),
    )


def _correct(label: Label, key: str) -> None:
    """Keep a value; where it was unchosen, take back what was said before."""
    state.correct(label.comment_id, label.task, st.session_state[key])


def shown(opened: Opened, number: int) -> str | None:
    """Return the comment that the discussion shows: the chosen one, else the first."""
    comments = opened.threads[number].thread.comments
    chosen = state.chosen()
    if any(comment.id == chosen for comment in comments):
        return chosen
    return next((comment.id for comment, _ in structure.walk(comments)), None)
