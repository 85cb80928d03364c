from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from samples import CAMPS, scored

from commentlab import insight, structure
from commentlab.frames import to_frames


@pytest.fixture(scope="module")
def found() -> insight.Findings:
    return insight.findings(to_frames([scored()]))


def test_camps_count_comments_and_people(found: insight.Findings) -> None:
    camps = found.camps.set_index("camp")
    assert list(camps.index) == [*CAMPS, "abstained"]
    assert camps["comments"].to_dict() == {
        "credible threat": 3,
        "limited threat": 0,
        "bluff": 2,
        "no position": 0,
        "abstained": 1,
    }
    assert camps["people"].to_dict() == {
        "credible threat": 2,
        "limited threat": 0,
        "bluff": 1,
        "no position": 0,
        "abstained": 0,
    }
    assert camps["share"].sum() == pytest.approx(1)
    assert (camps["low"] <= camps["share"]).all()
    assert (camps["share"] <= camps["high"]).all()


def test_exchanges_count_replies_between_camps(found: insight.Findings) -> None:
    rows = {tuple(row) for row in found.exchanges.itertuples(index=False)}
    assert rows == {
        ("bluff", "credible threat", "disagree", 1),
        ("credible threat", "bluff", "disagree", 1),
        ("credible threat", "credible threat", "agree", 1),
    }


def test_a_flip_names_both_comments(found: insight.Findings) -> None:
    assert found.flips.to_dict("records") == [
        {
            "thread_id": "t1",
            "author": "Ann",
            "from_camp": "bluff",
            "to_camp": "credible threat",
            "from_id": "3",
            "to_id": "5",
        }
    ]


def test_voices_are_verbatim_and_of_different_people(found: insight.Findings) -> None:
    table = to_frames([scored()]).comments.set_index("comment_id")
    for voice in found.voices.itertuples():
        assert voice.text == table.loc[voice.comment_id, "text"]
    assert found.voices[found.voices["camp"] == "bluff"]["comment_id"].to_list() == ["1"]


def test_the_answer_counts_few_and_shares_many(found: insight.Findings) -> None:
    assert found.answer == (
        "6 comments by 3 people: 3 credible threat, 2 bluff, 1 unclear;"
        " 2 disagreements, 1 agreement, 1 person changed their mind."
    )
    tables = to_frames([scored()])
    many = pd.concat([tables.comments.assign(thread_id=f"t{i}") for i in range(10)], ignore_index=True)
    answer = insight.findings(insight.Frames(comments=many, threads=tables.threads, problems=tables.problems)).answer
    assert answer.startswith("60 comments by 30 people: 50 % (±")


def test_threads_without_labels_have_a_shape_and_no_camps() -> None:
    found = insight.findings(to_frames([scored().thread]))
    assert found.answer == "6 comments by 3 people."
    assert len(found.camps) == len(found.exchanges) == len(found.flips) == len(found.voices) == 0
    assert found.shapes.to_dict("records") == [
        {"thread_id": "t1", "size": 7, "depth": 3, "width": 4, "roots": 4, "answered": 2}
    ]


def test_shapes_agree_with_the_structure() -> None:
    empty = replace(scored().thread, id="t2", comments=())
    shapes = insight.findings(to_frames([scored(), empty])).shapes.set_index("thread_id")
    for thread in (scored().thread, empty):
        assert shapes.loc[thread.id].to_dict() == asdict(structure.shape(thread.comments))


def test_intervals_cover_the_true_share_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        counts = rng.multinomial(100, [0.3, 0.7])
        low, high = insight.interval(counts)[0]
        hits += low <= 0.3 <= high
    assert 0.92 <= hits / 400 <= 0.98


def test_an_interval_of_nothing_is_nothing() -> None:
    assert insight.interval([0, 0]).tolist() == [[0, 0], [0, 0]]
