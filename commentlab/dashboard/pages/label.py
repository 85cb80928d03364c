"""What people say of comments: a queue worth a human look, labelled by the keyboard, saved at once."""

import pandas as pd
import streamlit as st

from commentlab import frames, insight, text
from commentlab.dashboard import comments, heading, keeping, pictures, retraining, sitting, state, teaching, wording
from commentlab.dashboard.charts import figures
from commentlab.dashboard.parts import labelling
from commentlab.dashboard.state import Opened
from commentlab.dashboard.teaching import Taught
from commentlab.dashboard.wording import count, plain
from commentlab.insight import queueing
from commentlab.records import Correction


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    coder = keeping.coder()
    keeping.sign(coder)
    queue = state.queued(opened, number, st.session_state.get("queued", queueing.SIZE))
    heading.answer(_sentence(opened, number, len(queue)))
    _lost(opened, number)
    st.caption("What the classifier says is hidden here, so that it does not lead you. Each key is saved at once.")
    _work(opened, number, queue, coder)
    st.text_input(
        "Who is labelling",
        value=coder,
        key=f"signed-{coder}",
        on_change=lambda: keeping.sign(st.session_state[f"signed-{coder}"]),
        max_chars=40,
        width=260,
        help="The labels of each coder are kept apart; a second one meets the same comments.",
    )
    _retrain(opened, number)


def _sentence(opened: Opened, number: int, queued: int) -> str:
    said = state.said(opened, number)
    written = sum(comment.kind == "comment" for comment in opened.predicted[number].thread.comments)
    head = f"{queued:,} of {count(written, 'comment')} are queued for a human look"
    if not said:
        return f"{head}; nobody has labelled any yet."
    labelled = count(len({each.comment_id for each in said}), "comment")
    return f"{head}; {labelled} labelled by {count(len({each.coder for each in said}), 'person', 'people')} so far."


def _lost(opened: Opened, number: int) -> None:
    thread = opened.predicted[number].thread.id
    lost = [each for each in opened.lost if each.thread_id == thread]
    if not lost:
        return
    with st.expander(f"{count(len(lost), 'label')} found no comment any more", icon=":material/link_off:"):
        st.caption("Their comments were edited, are gone, or cannot be told from others. They stay in the CSV file.")
        for each in lost[:40]:
            words = text.shorten(each.text, 90)
            st.markdown(plain(f"{each.author or 'Not named'}: {words} ({each.task}: {each.value}, by {each.coder})"))


@st.fragment
def _work(opened: Opened, number: int, queue: list[tuple[str, str]], coder: str) -> None:
    key = f"labelling-{opened.base}-{number}-{len(queue)}-{coder}"
    said = state.said(opened, number)
    mine = [each for each in said if each.coder == coder]
    data = labelling.describe(opened.predicted[number], queue, state.camps(opened, number), mine)
    heard = sitting.heard(key)
    if heard.trouble:
        st.error(f"{plain(heard.trouble)}. The page keeps what was pressed and tries again with the next key.")
    labelling.draw(
        data | {"queue": key, "heard": heard.number, "jump": heard.jump},
        lambda: sitting.hear(key, st.session_state[key]["pressed"] or (), dict(queue)),
        key=key,
    )
    _foot(opened, number, said)


def _foot(opened: Opened, number: int, said: list[Correction]) -> None:
    people = ", ".join(f"{coder} {comments}" for coder, comments in sitting.progress(said).items())
    st.markdown(f"**Labelled so far:** {plain(people) if people else 'nothing yet'}")
    agreed = sitting.agreements(said)
    if agreed:
        st.markdown("**Agreement:** " + plain("; ".join(agreed)))
    else:
        st.caption("Krippendorff’s alpha appears here as soon as two people have labelled the same comments.")
    with st.container(horizontal=True):
        if len(state.queued(opened, number, 10**6)) > st.session_state.get("queued", queueing.SIZE):
            st.button("More comments", on_click=_more, icon=":material/add:")
        st.download_button(
            "All labels as CSV",
            lambda: frames.encode(pd.DataFrame(keeping.store().history()), "csv"),
            file_name="labels.csv",
            mime="text/csv",
            on_click="ignore",
            help="Every label that was ever given on this machine, with who, when and about what.",
        )
        st.download_button(
            "Stances for “commentlab train”",
            lambda: frames.encode(insight.coded(said, "stance"), "csv"),
            file_name="stances.csv",
            mime="text/csv",
            on_click="ignore",
            help="A row a comment of this thread, a column a coder, as “commentlab train” and “evaluate” read it.",
        )


def _more() -> None:
    st.session_state["queued"] = st.session_state.get("queued", queueing.SIZE) + queueing.SIZE


def _retrain(opened: Opened, number: int) -> None:
    st.subheader("Retrain", anchor=False)
    scheme = state.scheme(opened, number)
    if scheme is None:
        st.caption("Only a scheme can be fitted to labels: choose one at the left instead of a bare proposition.")
        return
    name = opened.question.scheme or scheme.name
    given = keeping.kept()
    labels = len(insight.coded(retraining.usable(given, scheme), "stance"))
    st.caption(
        f"Fits “{plain(scheme.title)}” to {count(labels, 'comment')} whose stance people labelled, in all threads"
        " together, and labels what is open anew. Comments that it did not learn from say whether it got better."
    )
    if lacks := retraining.lacking(given, scheme):
        st.warning(f"Too little to retrain yet: {plain(lacks)}.", icon=":material/hourglass_empty:")
    with st.container(horizontal=True):
        st.button(
            "Retrain",
            on_click=teaching.retrain,
            args=(name,),
            disabled=bool(lacks),
            type="primary",
            icon=":material/school:",
        )
        if scheme.fitted:
            st.button("Do without the last fit", on_click=teaching.do_without, args=(name,), icon=":material/undo:")
    if found := teaching.taught():
        _result(opened, found)


def _result(opened: Opened, found: Taught) -> None:
    fitting = found.fitting
    low, high = (wording.signed(each) for each in fitting.gain)
    change = f"macro F1 changes by {low} to {high} (95 %)"
    if fitting.gain[0] > 0:
        st.success(f"It got better on comments that it did not learn from: {change}.", icon=":material/trending_up:")
    elif fitting.gain[1] < 0:
        st.error(f"It got worse: {change}. Do without it, or label more.", icon=":material/trending_down:")
    else:
        st.info(f"It is not clearly better or worse yet: {change}.", icon=":material/trending_flat:")
    if fitting.doubts:
        st.warning("Not to be trusted yet: " + plain("; ".join(fitting.doubts)) + ".", icon=":material/warning:")
    table = pd.DataFrame(
        [
            {"name": wording.TIERS[name], "score": score.macro_f1, "low": score.low, "high": score.high}
            | {"now": name == fitting.auto}
            for name, score in fitting.scores.items()
        ]
    )
    pictures.draw(
        lambda ink: figures.scores(table, ink),
        "commentlab-retrained",
        "On comments that it did not learn from; lines are 95 % intervals.",
        key="retrained",
        marked=False,
    )
    moved = sum(len(change.comments) for change in found.changes)
    st.markdown(f"**The classifier now sorts {count(moved, 'comment')} of what is open differently.**")
    for number, each in enumerate(found.changes):
        named = (camp or wording.ABSTAINED for camp in (each.before, each.after))
        st.markdown(f"{plain(' → '.join(named))}: {len(each.comments)}")
        comments.draw(opened, [(*place, "") for place in each.comments[:3]], key=f"changed-{number}")


_page()
