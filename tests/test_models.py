import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commentlab import models
from commentlab.errors import ModelError
from commentlab.models import features, linear
from commentlab.plugin import Item

CLASSIFIERS = ("sentiment", "relation", "stance", "stance-threat")
ITEMS = [
    Item(
        text="They never could, and they won't now.", proposition="They will come on Friday.", parent="They will come."
    ),
    Item(text="Exactly.", proposition="They are coming!", parent="Nobody is coming, they have no boats."),
    Item(text=""),
    Item(text="?!", parent=" "),
    Item(text="Thanks for the lovely pictures :-) " * 60, parent="Here are some."),
]


def unseen(text: str) -> features.Encoding:
    features._kept.clear()
    return features.encode([text])[0]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_encoding_does_not_depend_on_company(texts: list[str]) -> None:
    together = features.encode(texts)
    for text, encoding in zip(texts, together, strict=True):
        alone = unseen(text)
        np.testing.assert_array_equal(encoding.hashes, alone.hashes)
        np.testing.assert_array_equal(encoding.places, alone.places)


@pytest.mark.parametrize(
    ("one", "other", "family"),
    [
        ("they will come", "they will not come", "negated"),
        ("It is true. But no.", "But no. It is true.", "last"),
        ("a b c", "a c b", "pair"),
    ],
)
def test_features_see_more_than_words(one: str, other: str, family: str) -> None:
    assert set(unseen(one).hashes.tolist()) != set(unseen(other).hashes.tolist()), family


def test_negation_ends_at_a_break() -> None:
    def negated(word: str) -> int:
        return int(features.mix(features._hashes(word), features.crc("negated"))[0])

    hashes = set(unseen("I do not think so, but I hope").hashes.tolist())
    assert negated("think") in hashes
    assert negated("hope") not in hashes


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_probabilities_are_the_same_in_any_company(name: str) -> None:
    classifier = linear.load(name)
    together = classifier.probabilities(ITEMS)
    alone = np.concatenate([classifier.probabilities([item]) for item in ITEMS])
    backwards = classifier.probabilities(ITEMS[::-1])[::-1]
    assert together.shape == (len(ITEMS), len(classifier.values))
    np.testing.assert_allclose(together.sum(axis=1), 1)
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(together, backwards)
    assert classifier.probabilities([]).shape == (0, len(classifier.values))


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_reasons_are_words_of_the_text(name: str) -> None:
    classifier = linear.load(name)
    for item in ITEMS:
        for value in classifier.values:
            found = classifier.reasons(item, value)
            weights = [weight for _, _, weight in found]
            assert weights == sorted(weights, reverse=True)
            assert all(weight > 0 and item.text[start:end].isprintable() for start, end, weight in found)
            assert all(item.text[start:end][0].isalnum() for start, end, _ in found)
            assert len(found) <= linear.REASONS


def test_the_reason_for_thanks_is_thanks() -> None:
    item = Item(text="Thanks, that is a great help.")
    start, end, _ = linear.load("sentiment").reasons(item, "positive")[0]
    assert item.text[start:end] in ("Thanks", "great")


@pytest.mark.parametrize("name", models.available())
def test_cards_are_complete(name: str) -> None:
    card = models.card(name)
    assert {"data", "known_failures", "versions", "sha256"} <= card.keys()
    assert all(source["licence"] and source["rows"] for source in card["data"])
    for part in card.get("calibration", {"": card}).values():
        assert {"scores", "threshold", "thresholds", "accepted_error"} <= part.keys()
        for row in part["scores"].values():
            low, high = row["interval"]
            assert low <= row["macro_f1"] <= high
            assert row["calibration_error"] < 0.25


def test_artefacts_are_small() -> None:
    assert sum(path.stat().st_size for path in models.HOME.rglob("*") if path.suffix != ".py") < 30_000_000


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    models.save("small", {"weights": np.arange(6.0).reshape(3, 2)}, {"name": "small", "features": 0}, tmp_path)
    return tmp_path


def test_save_and_load(stored: Path) -> None:
    np.testing.assert_array_equal(models.arrays("small", stored)["weights"], np.arange(6.0).reshape(3, 2))


def spoil(stored: Path, what: str) -> None:
    folder = stored / "small"
    if what == "altered":
        np.savez_compressed(folder / "weights.npz", weights=np.ones((3, 2)))
    elif what == "cut":
        (folder / "weights.npz").write_bytes((folder / "weights.npz").read_bytes()[:40])
    elif what == "pickled":
        np.savez_compressed(folder / "weights.npz", weights=np.array([{"a": 1}], dtype=object))
    elif what == "no weights":
        (folder / "weights.npz").unlink()
    elif what == "no card":
        (folder / "card.json").unlink()
    else:
        (folder / "card.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("what", ["altered", "cut", "pickled", "no weights", "no card", "broken card"])
def test_a_spoilt_artefact_is_refused(stored: Path, what: str) -> None:
    spoil(stored, what)
    with pytest.raises(ModelError, match=r"commentlab\.training"):
        models.arrays("small", stored)


def test_other_features_are_refused(stored: Path) -> None:
    with pytest.raises(ModelError, match="features"):
        linear.check(json.loads((stored / "small" / "card.json").read_text(encoding="utf-8")))
