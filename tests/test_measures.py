import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, recall_score

from commentlab import measures

DICE = np.random.default_rng(3)


@pytest.mark.parametrize(("classes", "answered"), [(2, 2), (4, 4), (4, 2), (3, 5)])
def test_scores_are_those_of_scikit_learn(classes: int, answered: int) -> None:
    labels, best = DICE.integers(classes, size=80), DICE.integers(answered, size=80)
    known = {"labels": np.unique(labels), "average": "macro", "zero_division": 0}
    assert measures.macro_f1(labels, best) == pytest.approx(f1_score(labels, best, **known))
    assert measures.recall(labels, best) == pytest.approx(recall_score(labels, best, **known))
    size = max(classes, answered)
    np.testing.assert_array_equal(
        measures.confusion(labels, best, size), confusion_matrix(labels, best, labels=range(size))
    )


def test_an_interval_is_wider_where_fewer_groups_are_drawn() -> None:
    labels = np.tile([0, 1], 100)
    best = np.where(np.arange(200) // 20 % 2 == 0, labels, 1 - labels)
    many = measures.interval(labels, best, [str(n) for n in range(200)])
    few = measures.interval(labels, best, [str(n // 20) for n in range(200)])
    assert many[0] < 0.5 < many[1]
    assert few[1] - few[0] > 2 * (many[1] - many[0])


def test_calibration() -> None:
    sure, right = np.array([0.95] * 10 + [0.5] * 10), np.array([True] * 5 + [False] * 5 + [True] * 5 + [False] * 5)
    low, high = measures.bins(sure, right)
    assert (low.low, low.high, low.rows, low.accuracy) == (0.5, 0.6, 10, 0.5)
    assert (high.rows, high.accuracy) == (10, 0.5)
    assert measures.calibration_error(sure, right) == pytest.approx(0.225)
    assert measures.bins(np.array([1.0]), np.array([True]))[0].high == 1.0


def test_temperature_undoes_overconfidence() -> None:
    heat = measures.temperature(np.tile([9.0, 0.0], (200, 1)), np.array([0, 0, 0, 1] * 50), np.ones(200))
    assert 1 / (1 + np.exp(-9 / heat)) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    ("accepted", "least"), [("0.05", 0.8), ("0.20", 0.8), ("0.25", 0.6), ("0.40", 0.5), ("0.50", 0.5)]
)
def test_thresholds_keep_the_accepted_error(accepted: str, least: float) -> None:
    confidence = np.array([0.5, 0.6, 0.7, 0.8, 0.9])
    assert measures.thresholds(confidence, np.array([False, True, False, True, True]))[accepted] == least
    assert measures.thresholds(confidence, np.zeros(5, dtype=bool))[accepted] == measures.NEVER


# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), example C: nominal data, four observers, gaps.
OBSERVERS = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}


def test_agreement_is_that_of_the_books() -> None:
    coders = {name: [None if mark == "." else mark for mark in row.split()] for name, row in OBSERVERS.items()}
    found = measures.agreement(coders)
    assert (found.coders, found.items) == (("A", "B", "C", "D"), 11)
    assert found.alpha == pytest.approx(0.743, abs=0.001)
    # Cohen (1960): 0.7 observed, 0.5 expected by chance.
    marks = [("a", "a")] * 7 + [("b", "b")] * 7 + [("a", "b")] * 3 + [("b", "a")] * 3
    two = measures.agreement({"one": [one for one, _ in marks], "two": [two for _, two in marks]})
    assert two.kappa == pytest.approx(0.4)


def test_agreement_on_one_label_is_not_defined() -> None:
    found = measures.agreement({"one": ["a", "a"], "two": ["a", None]})
    assert (found.items, found.alpha, found.kappa) == (1, None, None)
