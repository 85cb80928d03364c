"""A session that teaches its scheme: fit it to what people said, label what is open anew, or go back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from commentlab.dashboard import keeping, retraining, state
from commentlab.dashboard.retraining import Change
from commentlab.errors import CommentlabError

if TYPE_CHECKING:
    from commentlab.fitting import Fitting


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a fit came to, and which stances of what is open it changed; `base` is that of what it labelled."""

    base: int
    fitting: "Fitting"
    changes: tuple[Change, ...]


def retrain(scheme: str) -> None:
    """Fit a scheme to what people said, and label what is open anew; `taught` says what came of it."""
    before = state.opened()
    try:
        with st.spinner("Fitting the scheme …"):
            fitting = retraining.fit(scheme, keeping.store().corrections())
    except CommentlabError as error:
        state.refuse(str(error))
        return
    state.sort_by(retraining.latest(scheme))
    now = state.opened()
    if before and now:
        changes = retraining.changes(before.predicted, now.predicted)
        st.session_state["taught"] = Taught(base=now.base, fitting=fitting, changes=changes)


def do_without(scheme: str) -> None:
    """Do without the last fit of a scheme, and label what is open anew."""
    st.session_state.pop("taught", None)
    state.sort_by(retraining.back(scheme))


def taught() -> Taught | None:
    """Return what the last fit of this session came to, as long as what it labelled is open."""
    found: Taught | None = st.session_state.get("taught")
    now = state.opened()
    return found if found and now and found.base == now.base else None
