import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import commentlab as cl
from commentlab import plugin, scoring
from commentlab.models import linear
from commentlab.records import Comment, Kind, Link, Post, Status, Thread

SEED = Path(__file__).parents[2] / "shared" / "seed" / "sahel-thread.txt"
WORDS = "they will not come because nobody has the money and I doubt that the boats are ready for it".split()


def comment(
    name: str, text: str, parent: str | None = None, kind: Kind = "comment", status: Status = "shown"
) -> Comment:
    link = Link(parent_id=parent) if parent else None
    return Comment(id=name, text=text, link=link, kind=kind, status=status)


def thread(*comments: Comment, name: str = "t") -> Thread:
    post = Post(id=name, title="The ferry", text="The firm says it will stop the ferry.")
    return Thread(id=name, post=post, comments=comments, source="test", reader="test")


def made_up(size: int) -> list[Thread]:
    dice = random.Random(4)  # noqa: S311 - texts, not secrets
    comments = [
        comment(f"c{n}", " ".join(dice.choices(WORDS, k=dice.randrange(1, 60))), f"c{n - 1}" if n % 3 else None)
        for n in range(size)
    ]
    return [thread(*comments[:40], name="a"), thread(*comments[40:], name="b")]


def answers(scored: list[cl.ScoredThread]) -> dict[tuple[str, str], cl.Label]:
    return {(label.task, label.comment_id): label for each in scored for label in each.labels}


TALK = thread(
    comment("root", "They will never stop the ferry, that is nonsense and everybody knows it."),
    comment("yes", "I agree, you are absolutely right.", "root"),
    comment("gone", "[deleted]", status="deleted"),
    comment("answer", "No, you are wrong about that.", "gone"),
    comment("ping", "Ferry news | Another blog", kind="pingback"),
    comment("blank", " \n "),
)


def test_who_is_labelled() -> None:
    found = answers(cl.score([TALK], scheme="threat"))
    of = {task: {name for where, name in found if where == task} for task in ("sentiment", "stance", "relation")}
    assert of["sentiment"] == of["stance"] == {"root", "yes", "answer", "blank"}
    assert of["relation"] == {"yes", "answer"}


def test_abstentions_say_why() -> None:
    found = answers(cl.score([TALK], scheme="threat"))
    assert found["sentiment", "blank"].abstained == "empty"
    assert found["relation", "answer"].abstained == "empty parent"
    for label in found.values():
        assert (label.value is None) == (label.abstained is not None)
        assert label.confidence == max(label.probabilities.values(), default=0)
        if label.value:
            assert label.probabilities[label.value] == label.confidence


def test_another_language_abstains() -> None:
    german = "Das glaube ich nicht, denn die Fähre wird im Winter gebraucht, und das Geld dafür ist längst bewilligt."
    found = answers(cl.score([thread(comment("de", german), comment("kurz", "Bluff, nichts weiter."))]))
    assert {label.abstained for label in found.values()} == {"language: de"}


def test_stance_needs_something_to_be_about() -> None:
    scored = cl.score([TALK], proposition="The firm will stop the ferry.")
    assert scored[0].proposition == "The firm will stop the ferry."
    assert set(answers(scored)["stance", "root"].probabilities) == {"favor", "against", "none"}
    assert ("stance", "root") not in answers(cl.score([TALK]))
    with pytest.raises(cl.OptionError, match="proposition"):
        cl.score([TALK], tasks=["stance"])


def test_what_was_mended_is_labelled_as_if_all_were() -> None:
    (scored,) = cl.score([TALK], scheme="threat", tier="fast")
    link = Link(parent_id="root", method="person")
    moved = replace(
        TALK, comments=tuple(replace(each, link=link) if each.id == "answer" else each for each in TALK.comments)
    )
    again = scoring.score_again(scored, moved, scoring.classifiers(scheme="threat", tier="fast"))
    assert again.thread == moved
    assert answers([again]) == answers(cl.score([moved], scheme="threat", tier="fast"))
    before = answers([scored])
    assert {name for (_, name), label in answers([again]).items() if label is not before.get((_, name))} == {"answer"}


def test_what_was_mended_abstains_where_nobody_can_be_asked() -> None:
    (scored,) = cl.score([replace(TALK, comments=TALK.comments[:1])], scheme="threat", tier="fast")
    found = answers([scoring.score_again(scored, replace(TALK, comments=TALK.comments[:2]), {})])
    assert {label.abstained for (_, name), label in found.items() if name == "yes"} == {scoring.MENDED}
    assert {task for task, name in found if name == "yes"} == {"sentiment", "stance", "relation"}
    assert {key: label for key, label in found.items() if key[1] == "root"} == answers([scored])


def test_provenance() -> None:
    scored = cl.score([TALK], scheme="threat", tasks=["stance", "sentiment"], tier="fast")[0]
    assert (scored.scheme, scored.thread) == ("threat", TALK)
    assert set(scored.models) == {"stance", "sentiment"}
    assert all(version.startswith("fast ") and "+" in version for version in scored.models.values())


def test_an_own_scheme_answers_in_its_camps(tmp_path: Path) -> None:
    path = tmp_path / "ferry.toml"
    camps = "".join(
        f'[[camps]]\nname = "{name}"\nside = "{side}"\nmeaning = "m"\n'
        for name, side in (("stops", "favor"), ("stays", "against"), ("open", "none"))
    )
    path.write_text(f'name = "ferry"\ntitle = "t"\nproposition = "The ferry stops."\n{camps}', encoding="utf-8")
    found = answers(cl.score([TALK], scheme=str(path)))
    assert set(found["stance", "root"].probabilities) == {"stops", "stays", "open"}


@pytest.mark.parametrize("batch", [1, 7, 1024])
def test_batches_and_order_change_nothing(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = made_up(90)
    expected = answers(cl.score(threads, scheme="threat"))
    monkeypatch.setattr(scoring, "BATCH", batch)
    assert answers(cl.score(threads[::-1], scheme="threat")) == expected
    shuffled = [replace(each, comments=each.comments[::-1]) for each in threads]
    assert answers(cl.score(shuffled, scheme="threat")) == expected


def test_scoring_streams() -> None:
    drawn: list[str] = []

    def source() -> Iterator[Thread]:
        for n in range(5):
            drawn.append(f"t{n}")
            yield thread(*(comment(f"c{k}", "Right.") for k in range(scoring.BATCH)), name=f"t{n}")

    first = next(scoring.iter_score(source(), tasks=["sentiment"]))
    assert first.thread.id == "t0"
    assert drawn == ["t0"]


def test_a_long_chain() -> None:
    chain = [comment(f"c{n}", "Exactly.", f"c{n - 1}" if n else None) for n in range(5_000)]
    assert len(cl.score([thread(*chain)], tasks=["relation"])[0].labels) == 4_999


def test_classify() -> None:
    texts = ["I agree completely, well said.", "No, that is simply wrong.", ""]
    found = cl.classify("relation", texts, ["The ferry will stop."] * 3)
    probabilities = ["p_agree", "p_disagree", "p_query", "p_neutral"]
    assert list(found.columns) == ["value", "confidence", *probabilities]
    assert found[probabilities].sum(axis=1).to_list() == pytest.approx([1, 1, 1])
    assert found["value"].to_list()[:2] == ["agree", "disagree"]
    assert found["value"].isna().to_list() == [False, False, True]
    assert len(cl.classify("sentiment", [])) == 0


def test_a_bare_reply_takes_its_stance_from_the_parent() -> None:
    parents = [
        "They do not have the money and they will never do it.",
        "They have done it before and will do it again.",
    ]
    found = cl.classify("stance", ["Exactly."] * 2, ["x"] * 2, parents=parents, scheme="threat")
    assert found["p_bluff"][0] > found["p_bluff"][1]
    assert found["p_credible threat"][0] < found["p_credible threat"][1]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("irony", ["a"]), {}, "irony"),
        (("sentiment", ["a"]), {"tier": "best"}, "best"),
        (("sentiment", ["a"]), {"scheme": "threat"}, "scheme"),
        (("relation", ["a", "b"], ["c"]), {}, "contexts"),
        (("stance", ["a", "b"]), {"parents": ["c"]}, "parents"),
        (("stance", ["a"]), {"scheme": "nonsense"}, "nonsense"),
    ],
)
def test_wrong_options(arguments: tuple[object, ...], options: dict[str, object], message: str) -> None:
    with pytest.raises(cl.OptionError, match=message):
        cl.classify(*arguments, **options)  # type: ignore[arg-type]


THRESHOLDS = {"0.05": 1.01, "0.10": 0.9, "0.30": 0.5}


@pytest.fixture
def stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fast sentiment state thresholds for accepted errors."""
    model = replace(linear.load("sentiment"), thresholds=THRESHOLDS)
    monkeypatch.setattr(plugin.tasks()["sentiment"], "classifier", lambda *_: model)


@pytest.mark.usefixtures("stated")
@pytest.mark.parametrize(
    ("accepted", "least"), [(0.05, 1.01), (0.1, 0.9), (0.29, 0.9), (0.3, 0.5), (0.99, 0.5), (1, 0.0)]
)
def test_an_accepted_error_decides_who_abstains(accepted: float, least: float) -> None:
    texts = [comment.text for thread in made_up(60) for comment in thread.comments]
    found = cl.classify("sentiment", texts, accepted_error=accepted)
    assert found["value"].notna().to_list() == (found["confidence"] >= least).to_list()
    frame = cl.score_frame(pd.DataFrame({"text": texts}), tasks=["sentiment"], accepted_error=accepted)
    assert frame["sentiment"].notna().to_list() == found["value"].notna().to_list()
    labels = cl.score(made_up(60), tasks=["sentiment"], accepted_error=accepted)
    for label in (label for each in labels for label in each.labels):
        assert label.abstained == (None if label.confidence >= least else "unsure")


@pytest.mark.usefixtures("stated")
@pytest.mark.parametrize("accepted", [0, -0.1, 1.01, float("nan"), 0.04])
def test_an_accepted_error_that_means_nothing(accepted: float) -> None:
    with pytest.raises(cl.OptionError, match="accepted error"):
        cl.classify("sentiment", ["a"], accepted_error=accepted)


def test_score_frame() -> None:
    frame = pd.DataFrame(
        {"body": ["They will do it.", "No, you are wrong.", None], "above": [None, "They will do it.", ""]},
        index=[7, 7, 9],
    )
    found = cl.score_frame(frame, text="body", parent="above", scheme="threat")
    assert found.index.to_list() == [7, 7, 9]
    assert list(frame.columns) == ["body", "above"]
    assert {"stance_p_bluff", "stance_p_no position", "relation_confidence", "sentiment_abstained"} <= set(
        found.columns
    )
    assert found["relation_confidence"].isna().to_list() == [True, False, True]
    assert found["sentiment_abstained"].to_list()[2] == "empty"
    with pytest.raises(cl.OptionError, match="nowhere"):
        cl.score_frame(frame, text="nowhere")


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed is not here")
def test_the_seed_thread() -> None:
    scored = cl.score(cl.read(SEED), scheme="threat")[0]
    stance = {label.comment_id: label for label in scored.labels if label.task == "stance"}
    by_start = {each.text[:12]: stance.get(each.id) for each in scored.thread.comments}
    assert len(stance) == 4
    bluff = by_start["Invading the"]
    assert bluff is not None
    assert bluff.value == "bluff"
    for start in ("I seriously ", "I fully agre"):
        label = by_start[start]
        assert label is not None
        assert max(label.probabilities, key=label.probabilities.__getitem__) in ("bluff", "limited threat")
        assert label.value in (None, "bluff", "limited threat")
    assert "credible threat" not in {label.value for label in stance.values()}
