from dataclasses import replace
from datetime import UTC, datetime

import pytest
import samples

from commentlab import links, mending, structure
from commentlab.frames import to_frames
from commentlab.mending import mark
from commentlab.records import Comment, Correction, Link, Mend, Post, Thread

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def thread(*comments: Comment) -> Thread:
    return Thread(id="t", post=Post(id="t", title="", text=""), comments=comments, source="s", reader="plaintext")


def comment(name: str, text: str, author: str | None = "Ann", parent: str | None = None) -> Comment:
    return Comment(id=name, text=text, author=author, link=Link(parent_id=parent) if parent else None)


TALK = thread(
    comment("1", "They will never march.", "Ann"),
    comment("2", "Oh yes? Ben says: they have > trucks.", "Cat", "1"),
    comment("3", "Nine of them.", "Dan", "2"),
)


def mend(kind: str, place: int, **values: object) -> Mend:
    about = TALK.comments[place]
    first = Mend(thread_id="t", kind="join", comment_id=about.id, mark=mark(about), coder="Eve", when=NOW)
    return replace(first, kind=kind, **values)  # type: ignore[arg-type]


def parents(found: Thread) -> dict[str, str | None]:
    return {each.id: each.parent_id for each in found.comments}


def test_without_mends_a_thread_stays_what_it_is() -> None:
    assert mending.mended(TALK, []) is TALK


def test_a_split_begins_a_new_comment() -> None:
    at = TALK.comments[1].text.index("they have")
    found = mending.mended(TALK, [mend("split", 1, at=at, author="Ben")])
    assert [(each.id, each.author, each.text) for each in found.comments[1:3]] == [
        ("2", "Cat", "Oh yes? Ben says:"),
        ("2.2", "Ben", "they have > trucks."),
    ]
    assert parents(found) == {"1": None, "2": "1", "2.2": "1", "3": "2"}
    assert [problem.code for problem in found.problems] == ["split"]


def test_quotes_stay_at_their_words() -> None:
    quoting = replace(TALK.comments[1], quotes=((0, 7), (18, 35)))
    found = mending.mended(
        replace(TALK, comments=(TALK.comments[0], quoting, TALK.comments[2])), [mend("split", 1, at=18)]
    )
    first, second = found.comments[1:3]
    assert [first.text[slice(*span)] for span in first.quotes] == ["Oh yes?"]
    assert [second.text[slice(*span)] for span in second.quotes] == ["they have > truck"]
    again = mending.mended(found, [replace(mend("join", 1), comment_id=second.id, mark=mark(second))])
    assert [again.comments[1].text[slice(*span)] for span in again.comments[1].quotes] == [
        "Oh yes?",
        "they have > truck",
    ]


def test_a_join_takes_the_replies_along() -> None:
    found = mending.mended(TALK, [mend("join", 1)])
    assert [each.text for each in found.comments] == [
        "They will never march.\n\nOh yes? Ben says: they have > trucks.",
        "Nine of them.",
    ]
    assert parents(found) == {"1": None, "3": "1"}


def test_a_join_with_what_answers_it_makes_no_circle() -> None:
    turned = thread(comment("1", "a", "Ann", "2"), comment("2", "b", "Ben"))
    join = Mend(thread_id="t", kind="join", comment_id="2", mark=mark(turned.comments[1]), coder="Eve", when=NOW)
    assert parents(mending.mended(turned, [join])) == {"1": None}


def test_attaching_says_whom_a_comment_answers() -> None:
    to_first = mend("attach", 2, parent_id="1", parent_mark=mark(TALK.comments[0]))
    found = mending.mended(TALK, [to_first])
    assert found.comments[2].link == Link(parent_id="1", method="person")
    back = mending.mended(TALK, [to_first, mend("attach", 2)])
    assert back.comments[2].link is None


def test_attaching_in_a_circle_is_repaired() -> None:
    circle = mend("attach", 0, parent_id="3", parent_mark=mark(TALK.comments[2]))
    found = mending.mended(TALK, [circle])
    assert len(list(structure.walk(found.comments))) == 3
    assert "cycle" in [problem.code for problem in found.problems]


def test_inference_leaves_alone_what_a_person_said() -> None:
    talk = thread(comment("1", "They will never march.", "Ann"), comment("2", "@Ann: oh yes they will.", "Ben"))
    assert links.infer(talk).comments[1].parent_id == "1"
    to_post = Mend(thread_id="t", kind="attach", comment_id="2", mark=mark(talk.comments[1]), coder="Eve", when=NOW)
    assert links.infer(mending.mended(talk, [to_post])).comments[1].link is None


@pytest.mark.parametrize(
    "change",
    [
        {"mark": "other"},
        {"kind": "split", "at": 0},
        {"kind": "split", "at": 999},
        {"kind": "attach", "parent_id": "9", "parent_mark": "gone"},
        {"kind": "join", "comment_id": "1", "mark": mark(TALK.comments[0])},
    ],
)
def test_a_mend_that_fits_nothing_is_said(change: dict[str, object]) -> None:
    found = mending.mended(TALK, [replace(mend("join", 2), **change)])  # type: ignore[arg-type]
    assert found.comments == TALK.comments
    assert [problem.code for problem in found.problems] == [mending.LOST]
    assert "Eve" in found.problems[0].message


def test_mends_build_on_each_other() -> None:
    at = TALK.comments[1].text.index("they have")
    split = mend("split", 1, at=at, author="Ben")
    second = mending.mended(TALK, [split]).comments[2]
    attach = mend("attach", 2, parent_id=second.id, parent_mark=mark(second))
    assert parents(mending.mended(TALK, [split, attach]))["3"] == "2.2"


def correction(about: Comment, **values: object) -> Correction:
    first = Correction(
        thread_id="t1",
        comment_id=about.id,
        mark=mark(about),
        task="stance",
        value="no position",
        coder="Eve",
        when=NOW,
        scheme="threat",
        proposition="They will really march.",
    )
    return replace(first, **values)  # type: ignore[arg-type]


def test_corrections_find_comments_whose_ids_moved() -> None:
    scored = samples.scored()
    given = [correction(each) for each in scored.thread.comments[:3]]
    moved = tuple(replace(each, id=f"{number + 2}", link=None) for number, each in enumerate(scored.thread.comments))
    newer = replace(scored.thread, comments=(comment("1", "I am new here.", "Zoe"), *moved))
    found, lost = mending.reattached(newer, given)
    assert not lost
    assert [each.comment_id for each in found] == ["2", "3", "4"]


def test_what_cannot_be_told_apart_or_was_edited_is_lost() -> None:
    twins = thread(comment("1", "Exactly."), comment("2", "Exactly."), comment("3", "Edited words."))
    given = [
        correction(twins.comments[0]),
        correction(twins.comments[1], comment_id="9"),
        correction(comment("3", "The words before.")),
    ]
    found, lost = mending.reattached(twins, given)
    assert found == (given[0],)
    assert lost == tuple(given[1:])


def test_a_person_has_the_last_word() -> None:
    scored = samples.scored()
    first = scored.thread.comments[0]
    found = mending.corrected(
        scored,
        [correction(first), correction(first, coder="Dan", value="credible threat"), correction(first, task="x")],
    )
    label = found.labels[0]
    assert (label.value, label.confidence, label.coder, label.abstained) == ("credible threat", 1.0, "Dan", None)
    assert label.probabilities == {name: float(name == "credible threat") for name in samples.CAMPS}
    assert found.labels[1:] == scored.labels[1:]


@pytest.mark.parametrize(
    "change", [{"scheme": "toll"}, {"proposition": "They will pay."}, {"value": "a camp of yesterday"}, {"value": None}]
)
def test_a_label_about_something_else_changes_nothing(change: dict[str, object]) -> None:
    scored = samples.scored()
    found = mending.corrected(scored, [correction(scored.thread.comments[0], **change)])
    assert found.labels == scored.labels


def test_tables_name_the_coder_and_lead_back() -> None:
    scored = samples.scored()
    found = mending.corrected(scored, [correction(scored.thread.comments[5])])
    tables = to_frames([found])
    assert tables.comments["stance_coder"].tolist()[5] == "Eve"
    assert tables.comments["stance_coder"].notna().sum() == 1
    labels = tables.to_threads()[0].labels
    assert [label.coder for label in labels if label.comment_id == "6" and label.task == "stance"] == ["Eve"]
    assert "stance_coder" not in to_frames([scored]).comments
