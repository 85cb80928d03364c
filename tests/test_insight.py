import math
from dataclasses import asdict, fields, replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from samples import CAMPS, START, Row, made, scored

import commentlab as cl
from commentlab import insight, structure
from commentlab.frames import to_frames
from commentlab.insight import camps, exchanges, labels, notes, phrases, propositions, queueing, sampling, sentences
from commentlab.records import Correction, ScoredThread


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
    shape = {"thread_id": "t1", "size": 6, "pingbacks": 1, "depth": 3, "width": 3, "roots": 3, "answered": 2}
    assert found.shapes[list(shape)].to_dict("records") == [shape]


def test_shapes_agree_with_the_structure() -> None:
    empty = replace(scored().thread, id="t2", comments=())
    shapes = insight.findings(to_frames([scored(), empty])).shapes.set_index("thread_id")
    for thread in (scored().thread, empty):
        assert shapes.loc[thread.id].to_dict() == pytest.approx(asdict(structure.shape(thread.comments)), nan_ok=True)


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


def found_in(*threads: ScoredThread) -> insight.Findings:
    return insight.findings(to_frames(threads))


CREDIBLE, LIMITED, BLUFF, NONE = CAMPS


def test_corrected_shares_are_means_of_probabilities_and_leave_abstentions_alone(found: insight.Findings) -> None:
    table = found.camps.set_index("camp")
    assert table["corrected"].sum() == pytest.approx(1)
    assert table.loc["abstained", "corrected"] == pytest.approx(table.loc["abstained", "share"])
    assert table.loc["bluff", "corrected"] == pytest.approx((2 * 0.8 + 3 * 0.2 / 3) / 6)  # see samples.label
    for kind in ("", "corrected_", "people_"):
        share = table["corrected" if kind == "corrected_" else f"{kind}share"]
        assert (table[f"{kind}low"] <= share).all()
        assert (table[f"{kind}high"] >= share).all()


def test_corrected_shares_find_the_truth_where_counting_does_not() -> None:
    random = np.random.default_rng(0)
    bluff = np.where(random.random(4000) < 0.5, 0.95, 0.4)  # what is doubtful is bluff in 40 of 100 cases
    truth = random.random(4000) < bluff
    columns = {"thread_id": "t", "author": np.arange(4000).astype(str), "comment_id": "c", "position": 0}
    table = pd.DataFrame(columns | {"stance_p_bluff": bluff, "stance_p_no position": 1 - bluff})
    table["stance"] = np.where(bluff > 0.5, "bluff", "no position")
    row = camps.camps(table, {"bluff": "against", "no position": "none"}).iloc[0]
    assert row["corrected_low"] <= truth.mean() <= row["corrected_high"]
    assert not row["low"] <= truth.mean() <= row["high"]


def test_one_loud_person_widens_the_interval() -> None:
    many = [(f"P{place}", None, BLUFF if place % 2 else CREDIBLE, None) for place in range(60)]
    loud = [(f"P{place}" if place % 2 else "Loud", None, *row[2:]) for place, row in enumerate(many)]
    widths = [(row["high"] - row["low"]).iloc[0] for row in (found_in(made(rows)).camps for rows in (many, loud))]
    assert widths[1] > 1.5 * widths[0]


def test_resampling_agrees_with_the_formula_for_independent_people() -> None:
    values = (np.arange(200) < 60).astype(float)[:, None]
    low, high = sampling.middle(sampling.drawn_again(values))[0] / 200
    error = 1.96 * math.sqrt(0.3 * 0.7 / 200)
    assert (low, high) == (pytest.approx(0.3 - error, abs=0.01), pytest.approx(0.3 + error, abs=0.01))


def test_along_time_and_depth_every_comment_is_counted_once(found: insight.Findings) -> None:
    for table, key in ((found.timeline, "start"), (found.levels, "depth")):
        assert table["comments"].sum() == 6
        assert table.groupby(key)["share"].sum().to_list() == pytest.approx([1] * table[key].nunique())
    assert set(found.timeline["unit"]) == {"hour"}
    assert set(found_in(made([("A", None, BLUFF, None)] * 30)).timeline["unit"]) == {"week"}


def test_undated_comments_have_a_row_of_their_own() -> None:
    given = made([("A", None, BLUFF, None), ("B", None, CREDIBLE, None)])
    undated = tuple(replace(comment, when=None) for comment in given.thread.comments)
    table = found_in(replace(given, thread=replace(given.thread, comments=undated))).timeline
    assert table["start"].isna().all()
    assert table["comments"].sum() == 2


def test_conversations_go_to_and_fro_across_the_sides() -> None:
    rows: list[Row] = [
        ("Ann", None, BLUFF, None),
        ("Ben", 0, CREDIBLE, "disagree"),
        ("Ann", 1, BLUFF, "disagree"),
        ("Cat", 1, LIMITED, "disagree"),  # once and one way only
        ("Dan", 2, LIMITED, "agree"),  # the same side
    ]
    table = found_in(made(rows)).conversations
    assert table.drop(columns="thread_id").to_dict("records") == [
        {"author": "Ann", "other": "Ben", "replies": 2, "first_id": "0", "last_id": "2"}
    ]


def test_agreement_with_the_other_side_is_suspect() -> None:
    rows: list[Row] = [
        ("Ann", None, BLUFF, None),
        ("Ben", 0, CREDIBLE, "agree"),
        ("Cat", 0, LIMITED, "agree"),
        ("Dan", 0, CREDIBLE, "disagree"),
        ("Eve", 0, NONE, "agree"),
    ]
    table = found_in(made(rows)).contradictions
    assert table["comment_id"].to_list() == ["1"]
    assert table["confidence"].to_list() == [pytest.approx(0.8)]


def test_the_network_counts_signed_replies_within_threads() -> None:
    rows: list[Row] = [
        ("Ann", None, BLUFF, None),
        ("Ben", 0, CREDIBLE, "disagree"),
        ("Ben", 0, BLUFF, "agree"),
        ("Ann", 0, BLUFF, "agree"),  # nobody answers himself
        (None, 0, BLUFF, "agree"),
    ]
    frames = to_frames([made(rows), made(rows, name="u")])
    found = insight.findings(frames)
    graph = insight.network(found.ties, insight.people_of(labels.written(frames)))
    assert isinstance(graph, nx.DiGraph)
    assert set(graph) == {(thread, name) for thread in "tu" for name in ("Ann", "Ben")}
    assert graph.number_of_edges() == 2
    assert graph.edges[("t", "Ben"), ("t", "Ann")] == {"replies": 2, "agree": 1, "disagree": 1}
    assert graph.nodes[("u", "Ann")] == {"camp": "bluff"}


def test_the_turn_is_where_the_balance_changes() -> None:
    turned = [("A", None, CREDIBLE, None)] * 12 + [("B", None, BLUFF, None)] * 15
    table = found_in(made(turned)).turns
    assert table[["comment_id", "before", "after", "before_share", "after_share"]].to_dict("records") == [
        {"comment_id": "12", "before": 12, "after": 15, "before_share": 1.0, "after_share": 0.0}
    ]
    assert found_in(made([turned[place * 11 % 27] for place in range(27)])).turns.empty


def test_turns_are_rarely_found_where_there_is_none() -> None:
    random = np.random.default_rng(3)
    found = [exchanges._turn((random.random(40) < 0.5).astype(float))[1] < exchanges.TURN_AT for _ in range(1000)]
    assert sum(found) <= 60


def test_log_odds_are_those_of_the_paper() -> None:
    # Equations 16 to 22 of Monroe et al. (2008), worked out for two words by hand.
    z = phrases.log_odds({"gain": 30, "loss": 10}, {"gain": 40, "loss": 60}, prior=10)
    delta = math.log(34 / (50 - 34)) - math.log(14 / (70 - 14))
    assert z["gain"] == pytest.approx(delta / math.sqrt(1 / 34 + 1 / 14))
    assert z["loss"] == pytest.approx(-z["gain"], rel=0.15)


def test_phrases_tell_the_camps_apart() -> None:
    said = {CREDIBLE: "The fuel trucks are loaded, pack your things {}", BLUFF: "Nothing but hot air again, says {}"}
    rows: list[Row] = [(f"P{place}", None, (CREDIBLE, BLUFF)[place % 2], None) for place in range(60)]
    texts = [said[str(row[2])].format(f"word{place}") for place, row in enumerate(rows)]
    table = found_in(made(rows, texts)).phrases
    assert set(table["camp"]) == {CREDIBLE, BLUFF}
    assert "hot air" in set(table.loc[table["camp"] == BLUFF, "phrase"])
    assert "fuel trucks" in set(table.loc[table["camp"] == CREDIBLE, "phrase"])
    assert (table["z"] >= phrases.SURE).all()
    echo = found_in(made([("P", None, row[2], None) for row in rows], texts)).phrases
    assert echo.empty  # one person sets nobody apart


def test_voices_are_of_their_camp_and_their_sentence_is_verbatim(found: insight.Findings) -> None:
    for voice in found.voices.itertuples():
        assert voice.sentence in voice.text
    assert found.voices.groupby("camp").size().max() <= insight.VOICES
    assert not found.voices.duplicated(["camp", "thread_id", "author"]).any()


def test_voices_differ_from_each_other() -> None:
    texts = ["They will never march, it is all hot air and show for the cameras."] * 5
    texts += ["Their trucks have no fuel, so nothing will come of it, never mind the speeches."]
    found = found_in(made([(f"P{place}", None, BLUFF, None) for place in range(6)], texts))
    assert found.voices["comment_id"].to_list()[:2] == ["0", "5"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("I just came back from the port. Nothing moves.", {"first-hand": "I just came back from the port."}),
        ("My brother works there and he says so.", {"first-hand": "My brother works there and he says so."}),
        (
            "Somebody wrote that “I was there myself on Monday” in the paper.",
            {"quote": "“I was there myself on Monday”"},
        ),
        ("See https://example.org/a?b=12 for that.", {"link": "https://example.org/a?b=12"}),
        ("It cost 30 % more. One thing is sure.", {"number": "It cost 30 % more."}),
        ("Only 3 trucks came.", {"number": "Only 3 trucks came."}),
        ("Point 2) is a joke, v1.2 as well.", {}),
        ("Who pays? We do. When does it start?", {"question": "When does it start?"}),
        ("", {}),
    ],
)
def test_notes(words: str, kinds: dict[str, str]) -> None:
    table = found_in(made([("Ann", None, BLUFF, None)], [words])).notes
    assert dict(zip(table["kind"], table["text"], strict=True)) == kinds


def test_a_question_is_open_until_somebody_else_replies() -> None:
    texts = ["Who pays for it?", "I asked first, you know.", "The county does."]
    own: list[Row] = [("Ann", None, NONE, None), ("Ann", 0, NONE, "neutral"), ("Ben", None, NONE, None)]
    assert "question" in set(found_in(made(own, texts)).notes["kind"])
    assert "question" not in set(found_in(made([*own[:2], ("Ben", 0, NONE, "neutral")], texts)).notes["kind"])


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Halden said “No.” Then he left.", ["Mr. Halden said “No.”", "Then he left."]),
        ("At 3.5 km, e.g. in J. R. Town, it stops…We go on", ["At 3.5 km, e.g. in J. R. Town, it stops…", "We go on"]),
        ("a line\n\nanother", ["a line", "another"]),
        ("...", ["..."]),
        (" \n ", []),
    ],
)
def test_sentences(words: str, parts: list[str]) -> None:
    assert [words[start:end] for start, end in sentences.spans(words)] == parts


@pytest.mark.parametrize("words", ["." * 200_000, ". " * 100_000, "a" * 200_000, "?!" * 100_000, "“" * 200_000])
def test_hostile_texts_take_no_time(words: str) -> None:
    list(sentences.spans(words))
    list(notes._notes(words, answered=False))


def test_propositions_make_or_weigh_a_claim_and_stand_in_the_post() -> None:
    post = (
        "Thanks for reading this blog. The mayor warned on Monday that the company will close the bridge in spring."
        " It rained all week. How seriously should we take it? I made soup."
    )
    table = propositions.propositions(
        to_frames([made([("A", None, BLUFF, None)], ["That bridge stays open."], post=post)])
    )
    assert table["text"].iloc[0] == "The mayor warned on Monday that the company will close the bridge in spring."
    assert all(words in post for words in table["text"])
    assert "I made soup." not in set(table["text"])


def test_cues_are_looked_for_in_english_alone() -> None:
    words = "Das war die Warnung, die ich will: Der Bürgermeister sagt, die Brücke war zu alt und wird bald gesperrt."
    frames = to_frames([made([("A", None, BLUFF, None)], [words], post=words)])
    assert propositions.propositions(frames).empty


def test_comparing_threads_and_months_and_never_people_unasked() -> None:
    one = made([("A", None, BLUFF, None)] * 30 + [("B", None, CREDIBLE, None)] * 10)
    other = made([("A", None, BLUFF, None)] * 10 + [("B", None, CREDIBLE, None)] * 30, name="u")
    frames = to_frames([one, other])
    table = insight.compare(frames, "thread").set_index(["thread_id", "camp"])
    row = table.loc[("t", "bluff")]
    h = 2 * math.asin(math.sqrt(0.75)) - 2 * math.asin(math.sqrt(0.25))
    assert (row["comments"], row["share"], row["h"]) == (30, 0.75, pytest.approx(h))
    assert (row["h_low"], row["h_high"]) == tuple(
        pytest.approx(h + way * sampling.Z * math.sqrt(1 / 20)) for way in (-1, 1)
    )
    months = insight.compare(frames, "month")
    assert set(months["month"]) == {"2012-10", "2012-11"}
    assert months["comments"].sum() == 80
    with pytest.raises(cl.OptionError, match="profiles=True"):
        insight.compare(frames, "author")
    assert set(insight.compare(frames, "author", profiles=True)["author"]) == {"A", "B"}
    assert insight.compare(to_frames([one.thread]), "thread").empty


def test_disagreements_of_coders() -> None:
    labels = {"ann": ["a", "b", None, "a"], "ben": ["a", "c", "c", "b"], "machine": ["a", "a", "c", "b"]}
    table = insight.disagreements(labels, ["i", "j", "k", "l"])
    assert table["item"].to_list() == ["j", "l"]
    assert table["labels"].to_list() == [3, 2]


def test_two_copies_of_a_thread_do_not_multiply_its_replies() -> None:
    frames = to_frames([scored(), scored()])
    assert insight.findings(frames).exchanges["comments"].sum() == 6


def test_nothing_at_all() -> None:
    empty = insight.findings(to_frames([]))
    assert empty.answer == "0 comments, no authors named."
    tables = [getattr(empty, field.name) for field in fields(empty) if field.type is pd.DataFrame]
    assert all(table.empty for table in tables)


def test_the_seed(shared: Path) -> None:
    found = insight.findings(to_frames(cl.score(cl.read(shared / "seed" / "sahel-thread.txt"), scheme="threat")))
    assert found.answer.startswith("4 comments")
    relations = found.relations.set_index("relation")["comments"]
    assert relations["agree"] > 0
    assert relations["disagree"] == 0
    assert found.flips.empty
    assert (found.camps["high"] - found.camps["low"]).min() > 0.4
    assert any(
        "nothing but a bluff" in words for words in found.voices.loc[found.voices["camp"] == "bluff", "sentence"]
    )
    assert "southern advance" in " ".join(found.propositions["text"].head(3))


def queued(scored: ScoredThread, size: int) -> pd.DataFrame:
    frames = to_frames([scored])
    return insight.queue(frames, insight.findings(frames).contradictions, size)


def test_a_queue_mixes_what_was_drawn_with_what_is_doubtful() -> None:
    rows: list[Row] = [("Ann", None, "bluff", None)]
    rows += [(f"P{n}", 0, "credible threat" if n % 3 else "bluff", "agree") for n in range(1, 40)]
    found = queued(made(rows), 12)
    assert len(found) == 12
    assert found["comment_id"].is_unique
    assert found["reason"].tolist()[:3] == list(queueing.KINDS)
    assert found["reason"].value_counts().min() >= 4
    pd.testing.assert_frame_equal(found, queued(made(rows), 12))
    longer = queued(made(rows), 30)
    drawn = found.loc[found["reason"] == queueing.RANDOM, "comment_id"].tolist()
    assert longer.loc[longer["reason"] == queueing.RANDOM, "comment_id"].tolist()[:4] == drawn


def test_the_least_sure_come_first_and_a_small_thread_is_queued_as_a_whole() -> None:
    found = queued(scored(), 60)
    assert set(found["comment_id"]) == {"1", "2", "3", "4", "5", "6"}
    assert set(found["reason"]) <= {queueing.RANDOM, queueing.UNSURE}
    assert len(queued(made([]), 10)) == 0


def test_what_people_said_becomes_a_table_with_a_column_a_coder() -> None:
    first = Correction(
        thread_id="t",
        comment_id="1",
        mark="m",
        task="stance",
        value="bluff",
        coder="Ann",
        when=START,
        reason=queueing.RANDOM,
        text="Never.",
    )
    given = [
        first,
        replace(first, comment_id="2", mark="n", value="no position"),
        replace(first, coder="Ben", value="no position", reason="chosen"),
        replace(first, task="relation", value="agree"),
    ]
    table = insight.coded(given, "stance")
    assert table[["comment_id", "label", "reason"]].values.tolist() == [
        ["1", "no position", queueing.RANDOM],
        ["2", "no position", queueing.RANDOM],
    ]
    assert table["coder_Ann"].tolist() == ["bluff", "no position"]
    assert table["coder_Ben"].isna().tolist() == [False, True]
    assert insight.coded(given, "sentiment").empty
