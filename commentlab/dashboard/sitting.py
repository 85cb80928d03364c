"""A coder at work: what was pressed is kept in the order in which it was pressed, and how far coders agree."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from commentlab import insight, measures, plugin
from commentlab.dashboard import state, wording
from commentlab.dashboard.wording import count
from commentlab.insight.coding import CODER
from commentlab.measures import Agreement
from commentlab.records import Correction

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's alpha from which on labels are reliable, or good for tentative conclusions (2004, chapter 11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How far the server has kept what was pressed; `jump` is the comment to go to, `trouble` why it stopped."""

    number: int = 0
    jump: Mapping[str, Any] | None = None
    trouble: str = ""


def heard(key: str) -> Heard:
    """Return how far a queue was heard in this session."""
    found: Heard = st.session_state.get(f"heard-{key}") or Heard()
    return found


def hear(key: str, pressed: Iterable[Mapping[str, Any]], queue: Mapping[str, str]) -> None:
    """Keep what was pressed and was not heard yet; at the first that cannot be kept it stops, to try again later.

    Args:
        key: The queue's.
        pressed: What the browser tells, as `labelling.draw` says.
        queue: Why each comment is in the queue, by its id.
    """
    now = heard(key)
    for press in pressed:
        if press["number"] <= now.number:
            continue
        jump = now.jump
        if press.get("undo"):
            undone = state.undo()
            jump = {"number": press["number"], "comment": undone.comment_id} if undone else jump
            kept = not state.trouble()
        else:
            kept = _keep(press, queue)
        if not kept:
            now = replace(now, trouble=state.trouble()[0])
            break
        now = Heard(number=press["number"], jump=jump)
    st.session_state[f"heard-{key}"] = now


def _keep(press: Mapping[str, Any], queue: Mapping[str, str]) -> bool:
    """Keep a label; what names no comment of the queue or no task is no label."""
    comment, task = press["comment"], press["task"]
    if comment not in queue or task not in plugin.tasks():
        return True
    return state.correct(comment, task, press["value"], reason=queue[comment])


def progress(said: Iterable[Correction]) -> dict[str, int]:
    """Return how many comments each coder has labelled, the busiest first."""
    pairs = {(each.coder, each.comment_id) for each in said}
    return dict(Counter(coder for coder, _ in sorted(pairs)).most_common())


def agreements(said: Sequence[Correction]) -> list[str]:
    """Return how far coders agree, a phrase for each task that two or more have labelled the same comments for."""
    found = {task: agreement(said, task) for task in wording.TASKS}
    return [_phrase(task, each) for task, each in found.items() if each]


def agreement(said: Sequence[Correction], task: str) -> Agreement | None:
    """Return the agreement of coders on a task; None where no two of them labelled the same comment."""
    table = insight.coded(said, task)
    coders = {
        str(name).removeprefix(CODER): [label or None for label in table[name].fillna("")]
        for name in table.columns
        if str(name).startswith(CODER)
    }
    found = measures.agreement(coders) if len(coders) > 1 else None
    return found if found and found.items else None


def _phrase(task: str, found: Agreement) -> str:
    where = f"{wording.TASKS[task].lower()}, on {count(found.items, 'comment')}"
    if found.alpha is None:
        return f"{where}: all labels are the same, so alpha is not defined"
    words = "reliable" if found.alpha >= RELIABLE else "tentative" if found.alpha >= TENTATIVE else "too low to rely on"
    return f"{where}: Krippendorff’s alpha {found.alpha:.2f} ({words})"
