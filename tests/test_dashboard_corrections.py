"""What people correct in the dashboard: labels, mends, and what becomes of them on the screen."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import samples
from streamlit.testing.v1 import AppTest
from test_dashboard import PASTED, ROOT, launch, send, sentence

from commentlab import batch, frames, labelstore, schemes, scoring
from commentlab.dashboard import mends, retraining, sitting, state, wording
from commentlab.dashboard.parts import labelling
from commentlab.labelstore import Store
from commentlab.records import Correction, Label, Thread

CAT = """
  2. Cat says: October 2, 2012 at 9:10 am

    No, you are wrong about that, nobody moves a boat for a bluff.
"""
CALM = {"number": 1, "comment": "", "task": "stance", "value": "no position"}


@pytest.fixture
def store(kept: Path) -> Store:
    return Store(path=kept / labelstore.FILE)


def first(app: AppTest) -> Label:
    return next(label for label in app.session_state["opened"].threads[0].labels if label.task == "stance")


def say(store: Store, app: AppTest, value: str | None = "limited threat", coder: str = "Ann") -> None:
    """Let somebody label the first comment, in another process or tab."""
    opened = app.session_state["opened"]
    thread = opened.predicted[0].thread
    comment = next(each for each in thread.comments if each.id == first(app).comment_id)
    store.label(
        Correction(
            thread_id=thread.id,
            comment_id=comment.id,
            mark=state.mending.mark(comment),
            task="stance",
            value=value,
            coder=coder,
            when=samples.START,
            scheme="threat",
            proposition=opened.predicted[0].proposition,
            text=comment.text,
        )
    )


def test_what_another_tab_corrected_is_on_the_screen_and_taken_back(store: Store) -> None:
    app = launch()
    before = first(app)
    say(store, app)
    app.run()
    assert (first(app).value, first(app).confidence, first(app).coder) == ("limited threat", 1.0, "Ann")
    assert wording.sure(first(app)) == "Ann says so"
    say(store, app, None)
    app.run()
    assert first(app) == before


def test_a_new_session_shows_what_was_corrected(store: Store) -> None:
    say(store, launch())
    app = launch()
    assert first(app).value == "limited threat"
    assert app.session_state["opened"].predicted[0].labels != app.session_state["opened"].threads[0].labels


def test_corrections_stay_when_a_thread_is_read_again_with_new_comments(store: Store) -> None:
    app = launch()
    app.text_area(key="pasted").set_value(PASTED)
    send(app)
    say(store, app)
    longer = PASTED.replace("2 thoughts", "3 thoughts").replace(
        "  1. Ann", "  1. Zoe says: October 1, 2012 at 10:00 am\n\n     Which dam is it?\n\n  2. Ann"
    )
    app.text_area(key="pasted").set_value(longer)
    send(app)
    labels = [label for label in app.session_state["opened"].threads[0].labels if label.coder]
    texts = {each.id: each.text for each in app.session_state["opened"].threads[0].thread.comments}
    assert len(texts) == 3
    assert [texts[label.comment_id] for label in labels] == ["This is a bluff, they will never open them."]


def test_a_reload_opens_again_what_was_pasted(store: Store) -> None:
    app = launch()
    assert "open" not in app.query_params
    app.text_area(key="pasted").set_value(PASTED)
    send(app)
    say(store, app)
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["open"] = app.query_params["open"]
    again.run()
    assert not again.exception
    assert "2 comments" in sentence(again)
    assert first(again).value == "limited threat"
    foreign = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    foreign.query_params["open"] = "abc"
    assert "31 comments" in sentence(foreign.run())


def test_what_found_no_comment_any_more_is_said(store: Store) -> None:
    app = launch("label")
    opened = app.session_state["opened"]
    say(store, app)
    kept = store.corrections()[0]
    store.label(replace(kept, comment_id="gone", mark="gone", text="My words from yesterday."))
    app.run()
    assert not app.exception
    assert len(app.session_state["opened"].lost) == 1
    assert app.expander[0].label == "1 label found no comment any more"
    assert "yesterday" in app.expander[0].markdown[0].value
    assert opened.base == app.session_state["opened"].base


def test_a_store_that_cannot_be_read_does_not_keep_a_thread_from_being_read(kept: Path) -> None:
    kept.mkdir()
    (kept / labelstore.FILE).write_text("no database" * 500, encoding="utf-8")
    app = launch()
    assert not app.exception
    assert "is not a database" in app.error[0].value
    assert "31 comments" in sentence(app)


def in_session(script: Callable[[], None]) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    return app


def test_what_is_pressed_is_kept_once_and_undone(store: Store) -> None:
    def script() -> None:
        import streamlit as st

        from commentlab.dashboard import sitting, state

        opened = state.opened()
        assert opened is not None
        queue = dict(state.queued(opened, 0, 10))
        one, two = list(queue)[:2]
        presses = [
            {"number": 1, "comment": one, "task": "stance", "value": "bluff"},
            {"number": 2, "comment": two, "task": "sentiment", "value": "neutral"},
        ]
        sitting.hear("k", presses, queue)
        sitting.hear("k", [*presses, {"number": 3, "comment": "foreign", "task": "stance", "value": "bluff"}], queue)
        st.session_state["middle"] = sitting.heard("k").number
        sitting.hear("k", [*presses, {"number": 4, "undo": True}], queue)
        st.session_state["end"] = (sitting.heard("k"), one, two)

    app = in_session(script)
    assert app.session_state["middle"] == 3
    end, one, two = app.session_state["end"]
    assert (end.number, end.jump) == (4, {"number": 4, "comment": two})
    history = store.history()
    assert [(row["comment_id"], row["value"], row["undone"] is not None) for row in history] == [
        (one, "bluff", False),
        (two, "neutral", True),
    ]
    assert history[0]["reason"] in wording.REASONS
    assert history[0]["text"]


def test_what_cannot_be_kept_is_tried_again(store: Store) -> None:
    def script() -> None:
        import streamlit as st

        from commentlab import labelstore
        from commentlab.dashboard import sitting, state

        opened = state.opened()
        assert opened is not None
        queue = dict(state.queued(opened, 0, 10))
        press = [{"number": 1, "comment": next(iter(queue)), "task": "stance", "value": "bluff"}]
        path = labelstore.home()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a file where the folder should be")
        sitting.hear("k", press, queue)
        st.session_state["before"] = sitting.heard("k")
        path.unlink()
        sitting.hear("k", press, queue)
        st.session_state["after"] = sitting.heard("k")

    app = in_session(script)
    assert "COMMENTLAB_HOME" in app.session_state["before"].trouble
    assert app.session_state["before"].number == 0
    assert app.session_state["after"] == sitting.Heard(number=1)
    assert len(store.corrections()) == 1


def test_a_queue_is_described_without_what_the_classifier_says() -> None:
    scored = samples.scored()
    camps = schemes.load("threat").camps
    said = Correction(
        thread_id="t1", comment_id="2", mark="m", task="relation", value="query", coder="Ann", when=samples.START
    )
    data = labelling.describe(scored, [("2", "random"), ("1", "unsure")], camps, [said])
    second, one = data["items"]
    assert second["parent"] == {"author": "Ann", "text": scored.thread.comments[0].text}
    assert (second["tasks"], second["given"]) == (["stance", "relation"], {"relation": "query"})
    assert (one["parent"], one["tasks"]) == (None, ["stance"])
    assert "bluff" not in json.dumps(data["items"]).replace(scored.thread.comments[0].text, "")
    keys = [value["key"] for task in data["tasks"] for value in task["values"]]
    assert keys == ["1", "2", "3", "4", "a", "d", "q", "n", "-", "0", "+"]


def test_progress_and_agreement_of_coders() -> None:
    def label(comment: str, coder: str, value: str) -> Correction:
        return Correction(
            thread_id="t", comment_id=comment, mark=comment, task="stance", value=value, coder=coder, when=samples.START
        )

    said = [label(str(n), "Ann", "bluff" if n % 2 else "no position") for n in range(6)]
    assert sitting.progress(said) == {"Ann": 6}
    assert sitting.agreements(said) == []
    said += [label(str(n), "Ben", "bluff" if n % 2 else "no position") for n in range(4)]
    assert sitting.progress(said) == {"Ann": 6, "Ben": 4}
    assert sitting.agreements(said) == ["stance, on 4 comments: Krippendorff’s alpha 1.00 (reliable)"]
    said += [label("4", "Ben", "bluff"), label("5", "Ben", "no position")]
    assert "too low" in sitting.agreements(said)[0]


def test_the_page_says_who_has_labelled_how_many_and_hands_out_the_labels(store: Store) -> None:
    app = launch("label")
    say(store, app)
    say(store, app, "bluff", coder="Ben *x*")
    app.run()
    assert not app.exception
    assert "1 comment labelled by 2 people" in sentence(app)
    shown = "\n".join(each.value for each in app.markdown)
    assert "Ann 1" in shown
    assert wording.plain("Ben *x*") in shown
    assert "Agreement" in shown
    next(field for field in app.text_input if field.label == "Who is labelling").set_value("Cat").run()
    assert app.query_params["coder"] == "Cat"
    assert app.session_state["coder"] == "Cat"


def test_labels_are_harmless_in_a_spreadsheet(store: Store) -> None:
    app = launch()
    say(store, app, coder="=cmd|' /C calc'!A0")
    rows = frames.encode(pd.DataFrame(store.history()), "csv").decode("utf-8-sig")
    assert ",'=cmd|' /C calc'!A0," in rows
    assert rows.startswith("thread_id,comment_id,mark,task,value,coder,when,")


def test_the_labels_lie_in_a_database_outside_of_the_code(store: Store) -> None:
    say(store, launch())
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("SELECT count(*) FROM labels").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_chosen_comment_can_be_corrected_and_the_correction_taken_back(store: Store) -> None:
    app = launch()
    before = first(app)
    shown = app.session_state["opened"]
    pills = next(each for each in app.main.get("button_group") if each.label == "Stance")
    assert pills.value == before.value
    pills.set_value("limited threat").run()
    assert not app.exception
    assert (first(app).value, first(app).coder) == ("limited threat", "me")
    assert app.session_state["opened"].key != shown.key
    assert app.session_state["opened"].base == shown.base
    assert "limited threat" in sentence(app)
    pills = next(each for each in app.main.get("button_group") if each.label.startswith("Stance"))
    assert "me says so" in pills.label
    pills.set_value(None).run()
    assert first(app) == before
    assert [row["value"] for row in store.history()] == ["limited threat", None]


def mending_page() -> None:
    import streamlit as st

    from commentlab.dashboard import mends, state

    opened = state.opened()
    assert opened is not None
    number = st.session_state.setdefault("place", 4)
    mends.draw(opened, 0, opened.threads[0].thread.comments[number].id)


def thread(app: AppTest) -> Thread:
    found: Thread = app.session_state["opened"].threads[0].thread
    return found


def test_a_comment_is_joined_and_parted_again(store: Store) -> None:
    app = in_session(mending_page)
    before = thread(app)
    next(each for each in app.button if each.label.startswith("Join")).click().run()
    assert not app.exception
    assert len(thread(app).comments) == len(before.comments) - 1
    assert thread(app).comments[3].text.endswith(before.comments[4].text)
    assert len(app.session_state["opened"].predicted[0].labels) < 3 * len(before.comments)
    next(each for each in app.button if each.label.startswith("Undo")).click().run()
    assert thread(app).comments == before.comments
    assert store.mends() == []


def test_a_comment_is_split_where_somebody_else_begins(store: Store) -> None:
    app = in_session(mending_page)
    comment = thread(app).comments[4]
    at = mends.places(comment.text)[0]
    app.selectbox[1].set_value(at)
    app.text_input[0].set_value("Zoe")
    next(each for each in app.button if each.label.startswith("Split")).click().run()
    assert not app.exception
    one, other = thread(app).comments[4:6]
    assert (one.id, one.text, other.author, other.text) == (
        comment.id,
        comment.text[:at].rstrip(),
        "Zoe",
        comment.text[at:],
    )
    assert len([label for label in app.session_state["opened"].threads[0].labels if label.comment_id == other.id]) >= 2


def test_a_comment_is_attached_elsewhere_and_that_outlasts_the_session(store: Store) -> None:
    app = in_session(mending_page)
    answers = app.selectbox[0]
    other = next(each for each in thread(app).comments if each.id not in (answers.value, thread(app).comments[4].id))
    answers.set_value(other.id).run()
    assert not app.exception
    assert thread(app).comments[4].parent_id == other.id
    app = in_session(mending_page)
    assert thread(app).comments[4].parent_id == other.id
    app.selectbox[0].set_value("").run()
    assert thread(app).comments[4].link is None
    assert [mend.kind for mend in store.mends()] == ["attach", "attach"]
    assert "attached" in [problem.code for problem in thread(app).problems]


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The result of a batch, of which `result_page` shows the only thread."""
    (tmp_path / "dam.txt").write_text(PASTED + CAT, encoding="utf-8")
    batch.run_batch(tmp_path / "dam.txt", tmp_path / "out", scheme="threat", tier="fast", workers=1, authors="keep")
    monkeypatch.setenv("RESULT", str(tmp_path / "out"))
    return tmp_path / "out"


def result_page() -> None:
    import os

    import streamlit as st

    from commentlab import corpus
    from commentlab.dashboard import mends, state

    if "opened" not in st.session_state:
        found = corpus.find(os.environ["RESULT"])
        assert state.show_thread(found, corpus.groups(found, "thread")["key"].item())
    opened = state.opened()
    assert opened is not None
    mends.draw(opened, 0, opened.threads[0].thread.comments[-1].id)


def said_of(app: AppTest) -> dict[tuple[str, str], Label]:
    return {(label.comment_id, label.task): label for label in app.session_state["opened"].threads[0].labels}


def test_a_thread_of_a_result_is_mended_and_what_changed_is_labelled_as_its_run_did(store: Store, result: Path) -> None:
    app = in_session(result_page)
    before, (ann, _, cat) = said_of(app), thread(app).comments
    written = {path: path.read_bytes() for path in result.rglob("*") if path.is_file()}
    app.selectbox[0].set_value(ann.id).run()
    assert not app.exception
    mended = thread(app)
    assert [(each.parent_id, each.text) for each in mended.comments][2] == (ann.id, cat.text)
    after = said_of(app)
    (whole,) = scoring.score([mended], scheme="threat", tier="fast")
    assert after[cat.id, "relation"] == next(
        label for label in whole.labels if (label.comment_id, label.task) == (cat.id, "relation")
    )
    assert {name for name, label in after.items() if label != before.get(name)} == {
        (cat.id, task) for task in wording.TASKS
    }
    next(each for each in app.button if each.label.startswith("Join")).click().run()
    assert [each.text.split(maxsplit=2)[:2] for each in thread(app).comments] == [["This", "is"], ["I", "disagree,"]]
    assert {name for name, _ in said_of(app)} == {each.id for each in thread(app).comments}
    for _ in range(2):
        next(each for each in app.button if each.label.startswith("Undo")).click().run()
    assert said_of(app) == before
    assert {path: path.read_bytes() for path in result.rglob("*") if path.is_file()} == written


@pytest.mark.parametrize("manifest", [{"models": {"relation": "fast 0.0+0"}}, {"options": None}, {"options": {}}])
def test_what_was_mended_has_no_label_where_the_models_of_the_result_are_not_here(
    store: Store, result: Path, manifest: dict[str, object]
) -> None:
    path = result / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | manifest), encoding="utf-8")
    app = in_session(result_page)
    before, (ann, _, cat) = said_of(app), thread(app).comments
    app.selectbox[0].set_value(ann.id).run()
    assert not app.exception
    after = said_of(app)
    assert after[cat.id, "relation"].value is None
    assert "models that labelled the rest are not here" in wording.why(after[cat.id, "relation"])
    assert {name: label for name, label in after.items() if name[0] != cat.id} == {
        name: label for name, label in before.items() if name[0] != cat.id
    }


@pytest.mark.parametrize(
    ("words", "starts"),
    [("One.", []), ("One thing. Two things.", [11]), ("One\nBen says:\nTwo", [4, 14]), ("\n\nOne\n\n", []), ("", [])],
)
def test_places_for_a_split(words: str, starts: list[int]) -> None:
    assert mends.places(words) == starts


def teach(store: Store, app: AppTest) -> None:
    """Let a person agree with the classifier on some comments of each camp of the sample, and overrule it on others."""
    scored = app.session_state["opened"].predicted[0]
    comments = {each.id: each for each in scored.thread.comments}
    for place, label in enumerate(label for label in scored.labels if label.task == "stance" and label.value):
        comment = comments[label.comment_id]
        store.label(
            Correction(
                thread_id=scored.thread.id,
                comment_id=comment.id,
                mark=state.mending.mark(comment),
                task="stance",
                value="no position" if place % 7 == 3 else label.value,
                coder="Ann",
                when=samples.START,
                scheme="threat",
                proposition=scored.proposition,
                author=comment.author,
                text=comment.text,
            )
        )


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.main.button if button.label == label).click().run()


def test_too_little_to_retrain_is_said_before_it_is_tried(store: Store) -> None:
    app = launch("label")
    say(store, app)
    app.run()
    assert "10 labelled comments are needed" in app.main.warning[0].value
    assert next(button for button in app.button if button.label == "Retrain").disabled


def test_retraining_labels_what_is_open_anew_and_can_be_undone(store: Store, kept: Path) -> None:
    app = launch("label")
    teach(store, app)
    app.run()
    before = app.session_state["opened"]
    press(app, "Retrain")
    assert not app.exception
    assert all("macro F1 changes by" in each.value for each in app.error)  # what it says where it got worse
    now = app.session_state["opened"]
    assert now.question.scheme == str(kept / "schemes" / "threat.toml")
    assert now.threads[0].scheme == "threat"
    assert now.predicted[0].models["stance"] != before.predicted[0].models["stance"]
    assert app.session_state["taught"].fitting.rows == len(store.corrections())
    assert any("macro F1 changes by" in each.value for each in (*app.success, *app.info, *app.error))
    assert any("Not to be trusted yet" in each.value for each in app.warning)
    assert "with your labels" in app.selectbox(key="scheme").options[0]
    assert [label.coder for label in now.threads[0].labels if label.task == "stance"].count("Ann") == 31 - len(
        [label for label in before.predicted[0].labels if label.task == "stance" and not label.value]
    )
    assert launch().session_state["opened"].predicted[0].models == now.predicted[0].models
    press(app, "Do without the last fit")
    assert not app.exception
    assert app.session_state["opened"].predicted == before.predicted
    assert not (kept / "schemes" / "threat.model").exists()


def test_a_second_fit_is_not_answered_from_memory_of_the_first(store: Store) -> None:
    app = launch("label")
    teach(store, app)
    press(app.run(), "Retrain")
    first_fit = app.session_state["opened"]
    say(store, app, "credible threat", coder="Ben")
    press(app.run(), "Retrain")
    second = app.session_state["opened"]
    assert second.question == first_fit.question
    assert second.predicted[0].models["stance"] != first_fit.predicted[0].models["stance"]
    press(app, "Do without the last fit")
    assert app.session_state["opened"].predicted[0].models == first_fit.predicted[0].models


def test_what_a_fit_changed_is_counted() -> None:
    before = samples.scored()
    labels = [
        replace(label, value="no position") if label.comment_id in {"1", "3"} and label.task == "stance" else label
        for label in before.labels
    ]
    change, *others = retraining.changes([before], [replace(before, labels=tuple(labels))])
    assert not others
    assert (change.before, change.after) == ("bluff", "no position")
    assert change.comments == (("t1", "1"), ("t1", "3"))
