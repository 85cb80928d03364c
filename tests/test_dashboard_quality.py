"""What the page Quality says of the classifiers, on people's labels and on texts of others."""

from dataclasses import replace
from pathlib import Path

import pytest
import samples
from test_dashboard import launch, sentence
from test_dashboard_corrections import press, say, teach

from commentlab import labelstore, scoring
from commentlab.dashboard import measuring
from commentlab.dashboard.charts import figures
from commentlab.labelstore import Store
from commentlab.measures import Bin
from commentlab.records import Correction

TEXTS = {
    "bluff": "This is all posturing, they will never do it.",
    "credible threat": "They are serious and they will do it, pack your things.",
    "no position": "Does anybody know when the council meets?",
}


@pytest.fixture
def store(kept: Path) -> Store:
    return Store(path=kept / labelstore.FILE)


def given(number: int, value: str, reason: str = "random", **values: object) -> Correction:
    first = Correction(
        thread_id="t",
        comment_id=str(number),
        mark=str(number),
        task="stance",
        value=value,
        coder="Ann",
        when=samples.START,
        scheme="threat",
        proposition="They will march.",
        reason=reason,
        author=f"P{number % 9}",
        text=f"{TEXTS[value]} I say it {number} times.",
    )
    return replace(first, **values)  # type: ignore[arg-type]


def table(number: int, reason: str = "random", start: int = 0) -> list[Correction]:
    return [given(place, list(TEXTS)[place % 3], reason) for place in range(start, start + number)]


def test_too_few_labels_are_not_measured() -> None:
    assert measuring.measure(table(measuring.FEWEST - 1), "stance", "threat") is None
    assert measuring.measure(table(30), "stance", None) is None
    assert measuring.measure(table(30), "relation", "threat") is None


def test_comments_drawn_by_chance_are_measured_alone_where_there_are_enough() -> None:
    doubtful = table(12, "unsure", start=100)
    few = measuring.measure([*table(12), *doubtful], "stance", "threat")
    many = measuring.measure([*table(24), *doubtful], "stance", "threat")
    assert few is not None
    assert many is not None
    assert (few.fair, len(few.evaluation.answers)) == (False, 24)
    assert (many.fair, len(many.evaluation.answers)) == (True, 24)
    figure = many.evaluation.macro_f1
    assert figure.low < figure.value <= figure.high or figure.value == 1


def test_relations_are_measured_where_the_parent_is_known() -> None:
    said = [
        given(place, "bluff", task="relation", scheme=None, proposition=None, parent=words, text=answer)
        for place, (words, answer) in enumerate([("They will.", "I agree."), ("They will.", "No, never.")] * 8)
    ]
    said = [replace(each, value="agree" if place % 2 == 0 else "disagree") for place, each in enumerate(said)]
    found = measuring.measure([*said, replace(said[0], comment_id="x", mark="x", parent="")], "relation", "threat")
    assert found is not None
    assert len(found.evaluation.answers) == 16
    assert found.evaluation.agreement.coders == ("people", "commentlab")


def test_disagreements_lead_to_their_comments_the_surest_first() -> None:
    scored = samples.scored()
    said = [
        given(number, "no position", proposition=scored.proposition, thread_id="t1", comment_id=comment)
        for number, comment in enumerate(("1", "2", "6"))
    ]
    agreed = given(9, "credible threat", proposition=scored.proposition, comment_id="4")
    found = measuring.divided(scored, [*said, agreed], "stance")
    assert found == [
        ("t1", "1", "people: no position; classifier: bluff, 80 % sure"),
        ("t1", "2", "people: no position; classifier: credible threat, 80 % sure"),
    ]
    assert measuring.divided(scored, [replace(each, proposition="Another.") for each in said], "stance") == []


def test_cards_say_in_words_what_labelled_a_thread() -> None:
    scored = scoring.score([samples.scored().thread], scheme="threat")[0]
    said = measuring.described(scored)
    assert len(said) == 4
    assert all("It learnt from" in each and "known to fail at: " in each for each in said)
    shown = measuring.figures(scored)
    assert set(shown["task"]) == {"Stance", "Relation", "Tone"}
    assert ((shown["low"] <= shown["macro_f1"]) & (shown["macro_f1"] <= shown["high"])).all()
    assert "threat" in set(shown.loc[(shown["task"] == "Stance") & (shown["model"] == "accurate"), "set"])
    assert measuring.figures(replace(scored, models={"stance": "own 0.1.0+00000000"})).empty
    assert any("RoBERTa" in words for _, words in measuring.published())


def test_the_calibration_picture_holds_every_bin() -> None:
    bins = [Bin(low=0.5, high=0.6, rows=4, confidence=0.55, accuracy=0.5)]
    spec = figures.calibration(bins, "#000000").to_dict()
    rows = [row for data in spec["datasets"].values() for row in data]
    assert {"confidence": 0.55, "right": 0.5, "texts": 4} in rows


def test_the_page_measures_what_people_labelled_here(store: Store) -> None:
    app = launch("quality")
    assert "Too few labels" in sentence(app)
    assert "Label at least" in app.info[0].value
    teach(store, app)
    app.run()
    assert not app.exception
    assert "stance in" in sentence(app)
    assert any("differ" in each.value for each in app.markdown)
    lines = [button for button in app.main.button if "**" in button.label]
    assert 1 <= len(lines) <= 6
    lines[0].click().run()
    assert not app.exception
    assert app.session_state["comment"] in {each.comment_id for each in store.corrections()}


def test_a_fitted_scheme_is_not_measured_on_what_it_learnt(store: Store) -> None:
    app = launch("label")
    teach(store, app)
    press(app.run(), "Retrain")
    scheme = app.session_state["opened"].question.scheme
    assert measuring.measure(store.corrections(), "stance", scheme) is None
    assert "unfitted" in measuring.held_out(scheme)
    app = launch("quality")
    assert not app.exception
    assert any("held out meanwhile" in each.value for each in app.caption)


def test_a_label_of_another_scheme_is_no_disagreement(store: Store) -> None:
    app = launch("quality")
    say(store, app, "limited threat")
    kept = store.corrections()[0]
    store.label(replace(kept, scheme="toll", value="unfair", comment_id="x", mark="x"))
    app.run()
    assert not app.exception
