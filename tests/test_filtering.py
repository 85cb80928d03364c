from datetime import UTC, datetime

import pytest
import samples

from commentlab import insight
from commentlab.dashboard import filtering
from commentlab.dashboard.filtering import Filter
from commentlab.frames import to_frames

TEXTS = (
    "They will march, and they have fuel.",
    "Nine pickup trucks; nine!",
    "Pickup, trucks: all the same.",
    "The march went on.",
    "(no words) …?!",
)
ROWS: tuple[samples.Row, ...] = (
    ("Ann", None, "bluff", None),
    ("Ben", 0, "credible threat", "disagree"),
    ("Ann", 1, "bluff", "disagree"),
    ("Cat", 1, "credible threat", "agree"),
    (None, 3, None, "query"),
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), "01234"),
        (Filter(text="  "), "01234"),
        (Filter(text="march"), "03"),
        (Filter(text="MAR"), "03"),
        (Filter(text="“mar”"), ""),
        (Filter(text="arch"), ""),
        (Filter(text='"pickup trucks"'), "12"),
        (Filter(text="pickup truck"), "12"),
        (Filter(text="“pickup truck”"), ""),
        (Filter(text="?!"), "4"),
        (Filter(text="(.*"), ""),
        (Filter(camp=("bluff",)), "02"),
        (Filter(camp=("bluff", "unclear")), "024"),
        (Filter(camp=("bluff",), parent_camp=("credible threat",)), "2"),
        (Filter(relation=("disagree",)), "12"),
        (Filter(relation=("nonsense",)), ""),
        (Filter(author=("Ann",)), "02"),
        (Filter(author=("Ann",), parent_author=("Ben",)), "2"),
        (Filter(sentiment=("negative",)), ""),
        (Filter(sure=("sure",)), "0123"),
        (Filter(sure=("very sure",)), ""),
        (Filter(since=datetime(2012, 10, 3, 11)), "234"),
        (Filter(until=datetime(2012, 10, 3, 11)), "01"),
        (Filter(text="march", author=("Cat",)), "3"),
    ],
)
def test_comments_are_found(wanted: Filter, found: str) -> None:
    comments = to_frames([samples.made(ROWS, TEXTS)]).comments
    assert filtering.matching(comments, wanted) == list(found)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("MARCH", {"0": ["march"], "3": ["march"]}),
        ("th", {"0": ["Th", "th"], "2": ["th"], "3": ["Th"]}),
        ("pickup truck", {"1": ["pickup truck"], "2": ["Pickup, truck"]}),
        ("“nine”", {"1": ["Nine", "nine"]}),
        (".", {"0": ["."], "2": ["."], "3": ["."]}),
        ("(.*", {}),
        ("  ", {}),
    ],
)
def test_what_was_searched_for_has_its_places(words: str, places: dict[str, list[str]]) -> None:
    comments = to_frames([samples.made(ROWS, TEXTS)]).comments
    found = filtering.places(comments, words)
    said = {name: [TEXTS[int(name)][start:end] for start, end in at] for name, at in found.items()}
    assert {name: each for name, each in said.items() if each} == places
    assert words.isspace() or filtering.matching(comments, Filter(text=words)) == list(places)


def test_pingbacks_and_missing_columns_are_found_by_nothing() -> None:
    scored = samples.scored()
    assert "7" not in filtering.matching(to_frames([scored]).comments, Filter())
    bare = to_frames([scored.thread]).comments
    assert filtering.matching(bare, Filter(camp=("bluff",))) == []
    assert filtering.matching(bare, Filter(sure=("sure",))) == []
    assert filtering.matching(bare, Filter(author=("Cat",))) == ["4"]


def test_what_widgets_hold_leads_back_to_the_filter() -> None:
    wanted = Filter(text="a b", camp=("bluff",), since=datetime(2012, 10, 1, tzinfo=UTC).replace(tzinfo=None))
    assert filtering.of(filtering.held(wanted)) == wanted
    assert filtering.of({"camp": [], "text": "", "since": None}) == Filter()
    assert filtering.address(wanted) == {"text": ["a b"], "camp": ["bluff"], "since": ["2012-10-01T00:00"]}
    assert filtering.address(Filter()) == {}


def test_a_phrase_leads_to_as_many_comments_as_are_told() -> None:
    said = {"bluff": "Trucks that are pickup trucks.", "credible threat": "Trucks fail, and the pickup too."}
    rows: list[samples.Row] = [(f"P{number}", None, tuple(said)[number % 2], None) for number in range(60)]
    texts = [said[stance or ""] for _, _, stance, _ in rows]
    frames = to_frames([samples.made(rows, texts)])
    phrases = insight.findings(frames).phrases
    assert "pickup trucks" in set(phrases["phrase"])
    for phrase in phrases.itertuples():
        wanted = Filter(text=f"“{phrase.phrase}”", camp=(phrase.camp,))
        assert len(filtering.matching(frames.comments, wanted)) == phrase.comments
