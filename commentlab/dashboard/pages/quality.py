"""How far the labels can be trusted: on what people labelled here, and on texts of others."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from commentlab.dashboard import comments, heading, measuring, pictures, state, wording
from commentlab.dashboard.charts import figures
from commentlab.dashboard.measuring import Measured
from commentlab.dashboard.state import Opened
from commentlab.dashboard.wording import count, plain
from commentlab.records import ScoredThread

_SHOWN = 15
"""Disagreements that are listed."""
_COLUMNS = {
    "task": "Task",
    "model": "Tier",
    "set": "Set",
    "texts": "Texts",
    "macro_f1": "Macro F1",
    "low": "from (95 %)",
    "high": "to",
    "accuracy": "Accuracy",
    "calibration_error": "Calibration error",
}


def _page() -> None:
    opened = state.opened()
    number = heading.draw(opened)
    if opened is None or number is None:
        return
    found = {task: each for task in wording.TASKS if (each := state.measured(opened, task))}
    fitted = measuring.held_out(opened.question.scheme)
    heading.answer(_sentence(opened.predicted[number], found))
    st.subheader("On what people labelled here", anchor=False)
    _own(found, fitted)
    _task(opened, number, found)
    st.subheader("On texts of others", anchor=False)
    _others(opened.predicted[number])


def _sentence(scored: ScoredThread, found: Mapping[str, Measured]) -> str:
    written = count(sum(comment.kind == "comment" for comment in scored.thread.comments), "comment")
    parts = [
        f"{wording.TASKS[task].lower()} in {100 * figure.value:.0f} % ({100 * figure.low:.0f}–{100 * figure.high:.0f})"
        for task, each in found.items()
        if (figure := each.evaluation.accuracy)
    ]
    if parts:
        return f"{written}; where people labelled, the classifiers’ best guess is right: {wording.listing(parts)}."
    return f"Too few labels of these {written} were checked by people; what is known comes from texts of others."


def _own(found: Mapping[str, Measured], fitted: Mapping[str, Mapping[str, float]]) -> None:
    rows = [
        _row(f"Stance, {wording.TIERS[tier]}", score["macro_f1"], score["low"], score["high"], now=tier != "unfitted")
        for tier, score in fitted.items()
    ]
    for task, each in found.items():
        f1 = each.evaluation.macro_f1
        texts = count(len(each.evaluation.answers), "comment")
        rows.append(_row(f"{wording.TASKS[task]}, {texts}", f1.value, f1.low, f1.high, now=True))
    if not rows:
        st.info(
            f"Label at least {measuring.FEWEST} comments on the page Label to see figures here; {measuring.FAIR} that"
            " were drawn by chance give figures that hold for whole threads.",
            icon=":material/lightbulb:",
        )
        return
    notes = ["Macro F1 counts each label alike: 1 is perfect. Lines are 95 % intervals, drawn by threads or authors."]
    if any(not each.fair for each in found.values()):
        notes.append("So far too few comments were drawn by chance; the doubtful ones among them make figures low.")
    if fitted:
        notes.append(
            "The scheme has learnt from these stances, so its figures are those of comments held out meanwhile."
        )
    table = pd.DataFrame(rows)
    _picture(lambda ink: figures.scores(table, ink), "own-labels", " ".join(notes))


def _row(name: str, score: float, low: float, high: float, *, now: bool) -> dict[str, object]:
    return {"name": name, "score": score, "low": low, "high": high, "now": now}


def _task(opened: Opened, number: int, found: Mapping[str, Measured]) -> None:
    said = state.said(opened, number)
    tasks = [task for task in wording.TASKS if task in found or any(each.task == task for each in said)]
    if not tasks:
        return
    task = st.segmented_control(
        "Look at", tasks, default=tasks[0], required=True, format_func=wording.TASKS.__getitem__, key="judged"
    )
    left, right = st.columns([4, 5], gap="large")
    with left:
        _calibration(found.get(task))
    with right:
        divided = measuring.divided(opened.predicted[number], said, task)
        st.markdown(f"**{count(len(divided), 'comment')} of this thread where people and the classifier differ**")
        comments.draw(opened, divided[:_SHOWN], key=f"divided-{task}")
        if len(divided) > _SHOWN:
            st.caption(f"{len(divided) - _SHOWN} more, of which it was less sure.")


def _calibration(found: Measured | None) -> None:
    st.markdown("**Does its confidence mean what it says?**")
    if found is None:
        st.caption(f"A picture stands here once {measuring.FEWEST} comments are labelled that it did not learn from.")
        return
    shown = found.evaluation
    alpha = shown.agreement.alpha
    agreed = "" if alpha is None else f" Krippendorff’s alpha with people: {alpha:.2f}."
    _picture(
        lambda ink: figures.calibration(shown.calibration, ink),
        "calibration",
        "Each dot holds the answers of about one confidence; the number is how many. On the dashed line confidence is"
        f" right, below it the classifier is too sure. Mean gap: {100 * shown.calibration_error:.0f} points. It answers"
        f" {100 * shown.answered:.0f} % and says of the rest that it does not know.{agreed}",
    )


def _picture(chart: pictures.Drawing, name: str, caption: str) -> None:
    pictures.draw(chart, f"commentlab-{name}", caption, key=name, marked=False)


def _others(scored: ScoredThread) -> None:
    table = measuring.figures(scored)
    if not table.empty:
        sets = table["set"].str.replace(r"\.(train|dev|rated)$", "", regex=True)
        rows = table.assign(name=table["task"] + ": " + sets, score=table["macro_f1"])
        best = rows[rows["model"] == "accurate"] if (rows["model"] == "accurate").any() else rows
        _picture(
            lambda ink: figures.scores(best.assign(now=True), ink),
            "public-sets",
            "Parts of public and invented sets on which the models were not trained, as their cards state.",
        )
    st.markdown("\n".join(f"- {plain(words)}" for words in measuring.described(scored)))
    with st.expander("All figures of the cards, and what others published"):
        st.dataframe(table.rename(columns=_COLUMNS), hide_index=True)
        st.markdown("\n".join(f"- **{plain(name)}**: {plain(words)}" for name, words in measuring.published()))


_page()
