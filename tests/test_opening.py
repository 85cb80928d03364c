"""The form that opens something: files, folders, archives and results of batches, and what is asked of them."""

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_dashboard import PASTED, ROOT, launch, send, sentence

from commentlab import batch, dashboard, reopening, scoring
from commentlab.dashboard import loading, prepared, remembering, state
from commentlab.reopening import Thing

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result")
    pages = [FIXTURES / part for part in ("unseen", "wordpress", "wxr")]
    batch.run_batch(pages, out, scheme="threat", tier="fast", workers=1, authors="keep")
    return out


def corpus_page(app: AppTest) -> AppTest:
    return app.switch_page(str(dashboard.HOME / "pages" / "corpus.py")).run()


def open_path(path: Path) -> AppTest:
    app = launch()
    app.text_input(key="path").set_value(str(path))
    return send(app)


def test_the_files_of_a_folder_open(tmp_path: Path) -> None:
    for name in ("dam", "weir"):
        (tmp_path / f"{name}.txt").write_text(PASTED.replace("dam", name), encoding="utf-8")
    app = open_path(tmp_path)
    assert not app.exception
    assert app.main.selectbox[0].options == ["1. The dam", "2. The weir"]
    corpus_page(app)
    assert not app.exception
    assert "4 comments in 2 threads" in sentence(app)


@pytest.mark.parametrize(
    ("path", "message"), [("nowhere", "check the path"), ("", "Nothing was given"), ("empty", "empty folder")]
)
def test_what_cannot_be_opened_says_why(tmp_path: Path, path: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    app = launch()
    app.text_input(key="path").set_value(str(tmp_path / path) if path else "")
    send(app)
    assert not app.exception
    assert message in app.error[0].value.replace("\\", "")
    assert "31 comments" in sentence(app)


def test_too_many_files_are_the_work_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "FILES", 2)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(PASTED, encoding="utf-8")
    app = open_path(tmp_path)
    assert "commentlab score" in app.error[0].value
    assert "more than 2 files" in app.error[0].value


def test_a_result_opens_on_its_page(result: Path) -> None:
    app = open_path(result)
    assert not app.exception
    assert [each.value for each in app.error] == []
    assert "57 comments in 21 threads" in sentence(app)
    assert str(result) in app.main.caption[0].value.replace("\\", "").replace("\u2060", "")
    for view in ("Months", "Sources", "Comments"):
        app.segmented_control(key="corpus-view").set_value(view).run()
        assert not app.exception


def test_people_are_not_followed_until_asked(result: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("commentlab.dashboard.parts.groups.draw", lambda data, *_, **__: shown.append(data["rows"]))
    app = open_path(result)
    assert len(shown) == 1
    app.segmented_control(key="corpus-view").set_value("People").run()
    assert "do not judge anybody" in app.warning[0].value
    assert len(shown) == 1
    app.toggle(key="corpus-profiles").set_value(True).run()
    assert not app.exception
    assert len(shown) == 2


def test_filters_narrow_the_comments(result: Path) -> None:
    app = open_path(result)
    app.text_input(key="corpus-words").set_value("never").run()
    assert " of " in sentence(app)
    app.selectbox(key="corpus-camp").set_value("bluff").run()
    assert not app.exception
    app.text_input(key="corpus-words").set_value("no such word anywhere").run()
    assert "Take a filter away" in app.main.info[0].value


def test_comments_are_found_by_who_wrote_them_and_when(result: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[list[dict[str, str]]] = []
    monkeypatch.setattr("commentlab.dashboard.parts.groups.draw", lambda data, *_, **__: shown.append(data["rows"]))
    app = open_path(result)
    app.date_input(key="corpus-since").set_value(date(2012, 10, 1)).run()
    app.date_input(key="corpus-until").set_value(date(2012, 10, 1)).run()
    assert not app.warning
    assert "6 of 57 comments" in sentence(app)
    assert sum(int(row["number"].split()[0]) for row in shown[-1]) == 6
    app.text_input(key="corpus-author").set_value(" % ").run()
    assert not app.exception
    assert "Take a filter away" in app.main.info[0].value
    assert "do not judge anybody" in app.warning[0].value


def test_a_thread_of_a_result_opens_with_its_labels(result: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_path(result)
    found = app.session_state["corpus"]
    key = state.corpus.groups(found, "thread", limit=1)["key"].item()
    monkeypatch.setattr("commentlab.dashboard.parts.groups.draw", lambda *_, **__: key)
    corpus_page(app)
    monkeypatch.undo()
    assert not app.exception
    opened = app.session_state["opened"]
    assert opened.threads == tuple(state.corpus.frames(found, key).to_threads())
    assert app.session_state["corpus"] == found
    app.selectbox(key="tier").set_value("fast")
    send(app)  # asks it anew
    assert not app.exception
    assert app.session_state["opened"].threads[0].labels[0].reasons
    assert app.session_state["corpus"] == found


def test_two_groups_are_compared(result: Path) -> None:
    app = open_path(result)
    found = app.session_state["corpus"]
    keys = state.corpus.groups(found, "thread", limit=2)["key"].tolist()
    app.session_state["corpus-picked"] = {(found.path, "thread"): keys}
    corpus_page(app)
    assert not app.exception
    assert any("They differ most in" in each.value for each in app.main.markdown)


def test_a_packed_result_opens_and_other_archives_are_read(result: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "result.zip", "w") as archive:
        for path in result.rglob("*"):
            archive.write(path, f"tables/{path.relative_to(result)}")
    app = launch()
    upload = ("result.zip", (tmp_path / "result.zip").read_bytes(), "application/zip")
    app.file_uploader(key="dropped").set_value([upload])
    send(app)
    assert not app.exception
    assert "57 comments in 21 threads" in sentence(app)
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("dam.txt", PASTED)
    app.file_uploader(key="dropped").set_value(
        [("pages.zip", (tmp_path / "pages.zip").read_bytes(), "application/zip")]
    )
    send(app)
    assert not app.exception
    assert app.session_state["corpus"] is None
    assert app.session_state["opened"].threads[0].thread.post.title == "The dam"


def test_a_result_in_csv_says_how_to_get_parquet(tmp_path: Path) -> None:
    batch.run_batch(FIXTURES / "isso", tmp_path / "out", tier="fast", workers=1, format="csv")
    app = open_path(tmp_path / "out")
    assert "parquet" in app.error[0].value


def test_the_post_suggests_propositions_and_what_is_open_is_asked_again() -> None:
    app = launch()
    choice = app.selectbox(key="proposition")
    assert choice.options
    app.selectbox(key="scheme").set_value("own")
    choice.set_value(choice.options[0])
    send(app)
    assert not app.exception
    opened = app.session_state["opened"]
    assert opened.sample
    assert opened.question.proposition == choice.options[0]
    assert {label.value for label in opened.threads[0].labels if label.task == "stance"} <= {
        "favor",
        "against",
        "none",
        None,
    }


def test_an_accepted_error_makes_it_answer_always() -> None:
    app = launch()
    app.selectbox(key="error").set_value(1.0)
    app.selectbox(key="tier").set_value("fast")
    send(app)
    assert not app.exception
    labels = app.session_state["opened"].threads[0].labels
    assert all(label.value for label in labels if label.abstained != "empty")


def test_many_comments_are_left_to_the_fast_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 1)
    app = launch()
    app.text_area(key="pasted").set_value(PASTED.replace("dam", "lock"))
    send(app)
    assert app.session_state["opened"].threads[0].models["stance"].startswith("fast")


def test_pseudonyms_of_a_batch_stay_what_they_are(tmp_path: Path) -> None:
    batch.run_batch(FIXTURES / "wordpress", tmp_path / "out", tier="fast", workers=1)
    app = open_path(tmp_path / "out")
    found = app.session_state["corpus"]
    threads = state.corpus.groups(found, "thread")["key"]
    held = [thread for key in threads for thread in state.corpus.frames(found, key).to_threads()]
    assert any(state._has_pseudonyms(each.thread) for each in held)
    assert not any(state._has_pseudonyms(each.thread) for each in launch().session_state["opened"].threads)


def restarted(name: str) -> AppTest:
    """Return a session of a server that remembers nothing, with an address from before."""
    st.cache_resource.clear()
    st.cache_data.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["open"] = name
    app.run()
    assert not app.exception
    return app


def test_what_was_pasted_and_dropped_outlasts_a_restart() -> None:
    app = launch()
    app.text_area(key="pasted").set_value(PASTED)
    app.file_uploader(key="dropped").set_value([("weir.txt", PASTED.replace("dam", "weir").encode(), "text/plain")])
    app.selectbox(key="scheme").set_value("own")
    app.selectbox(key="proposition").set_value(app.selectbox(key="proposition").options[0])
    app.selectbox(key="error").set_value(0.2)
    app.selectbox(key="tier").set_value("fast")
    before = send(app).session_state["opened"]
    name = app.query_params["open"]
    app = restarted(name)
    assert app.main.selectbox[0].options == ["1. The weir", "2. The dam"]
    after = app.session_state["opened"]
    assert (after.documents, after.question, after.threads) == (before.documents, before.question, before.threads)
    assert app.query_params["open"] == name


def test_a_path_and_a_thread_of_a_result_are_read_again_after_a_restart(
    result: Path, tmp_path: Path, kept: Path
) -> None:
    page = tmp_path / "dam.txt"
    page.write_text(PASTED, encoding="utf-8")
    name = open_path(page).query_params["open"]
    page.write_text(PASTED.replace("dam", "weir"), encoding="utf-8")
    assert restarted(name).session_state["opened"].threads[0].thread.post.title == "The weir"
    assert b"gates" not in (kept / "opened" / name).read_bytes()
    page.unlink()
    assert "31 comments" in sentence(restarted(name))
    key = state.corpus.groups(state.corpus.find(result), "thread", limit=1)["key"].item()
    documents = (loading.Document(name=str(result), thread_id=key),)
    remembering.hold(documents, loading.AS_IT_IS)
    app = restarted(remembering.name(documents, loading.AS_IT_IS))
    assert [each.thread.id for each in app.session_state["opened"].threads] == [key]


QUESTION = {"scheme": "threat", "proposition": None, "tier": None, "accepted_error": None}
PASTE = {"name": "what you pasted", "thread_id": None, "is_path": False}


@pytest.mark.parametrize(
    "about",
    [
        None,
        {},
        {"documents": [PASTE], "question": []},
        {"documents": [PASTE], "question": QUESTION | {"scheme": 5}},
        {"documents": [PASTE], "question": QUESTION | {"scheme": "gone.toml"}},
        {"documents": [PASTE], "question": QUESTION | {"tier": "slow"}},
        {"documents": [PASTE | {"name": None}], "question": QUESTION},
        {"documents": [PASTE, PASTE], "question": QUESTION},
        {"documents": [PASTE | {"is_path": True, "thread_id": "t"}], "question": QUESTION},
        {"documents": [], "question": QUESTION},
    ],
)
def test_what_was_kept_and_cannot_be_understood_is_passed_over(about: object) -> None:
    thing = Thing(about=about, contents=(PASTED.encode(),))
    reopening.keep(thing)
    assert "31 comments" in sentence(restarted(thing.name))


def test_a_damaged_file_is_passed_over(kept: Path) -> None:
    app = launch()
    app.text_area(key="pasted").set_value(PASTED)
    name = send(app).query_params["open"]
    (kept / "opened" / name).write_bytes(b"damaged")
    assert "31 comments" in sentence(restarted(name))


def test_what_was_opened_is_forgotten(kept: Path) -> None:
    app = launch()
    app.text_area(key="pasted").set_value(PASTED)
    app.file_uploader(key="dropped").set_value([("weir.txt", PASTED.replace("dam", "weir").encode(), "text/plain")])
    name = send(app).query_params["open"]
    app.switch_page(str(dashboard.HOME / "pages" / "read.py")).run()
    next(button for button in app.button if button.label == "Forget what was opened").click().run()
    assert not app.exception
    assert "31 comments" in sentence(app)
    assert "open" not in app.query_params
    assert app.text_area(key="pasted").value == ""
    (uploader,) = app.file_uploader
    assert not uploader.value
    assert list((kept / "opened").iterdir()) == []
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["open"] = name
    assert "31 comments" in sentence(again.run())


def test_the_labels_of_the_sample_are_those_of_the_models(update_golden: bool) -> None:
    threads, _ = loading.read((loading.sample(),))
    (scored,) = scoring.score(threads, scheme="threat")
    if update_golden:
        written = json.dumps(prepared.described(scored), ensure_ascii=False, indent=1)
        prepared.STORED.write_text(written + "\n", encoding="utf-8")
    stored = prepared.labelled(threads[0])
    assert stored
    assert stored.thread == scored.thread
    assert stored.models == scored.models
    assert stored.proposition == scored.proposition
    assert len(stored.labels) == len(scored.labels)
    for known, label in zip(stored.labels, scored.labels, strict=True):
        said = ("comment_id", "task", "value", "abstained")
        assert [getattr(known, name) for name in said] == [getattr(label, name) for name in said]
        assert known.probabilities == pytest.approx(label.probabilities, abs=1e-3)
        assert [reason[:2] for reason in known.reasons] == [reason[:2] for reason in label.reasons]


def test_a_sample_that_was_mended_is_labelled_anew() -> None:
    threads, _ = loading.read((loading.sample(),))
    shorter = replace(threads[0], comments=threads[0].comments[:-1])
    assert prepared.labelled(shorter) is None
