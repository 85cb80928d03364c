import pandas as pd
import pytest

from commentlab import insight
from commentlab.dashboard.charts import effects

CAMPS = ["bluff", "no position", "abstained"]


def compared(one: list[int], other: list[int]) -> pd.DataFrame:
    counts = pd.DataFrame([one, other], columns=CAMPS, index=pd.Index(["a", "b"], name="month"))
    return insight.compare_counts(counts, counts.sum())


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ([30, 10, 0], [10, 30, 0], "“bluff”: 75 % in “First”, 25 % in “Second”. Large difference: h = 1.05"),
        ([3, 1, 0], [2, 2, 0], "chance alone could do that"),
        ([5, 5, 0], [5, 5, 0], "They do not differ."),
        ([1, 9, 90], [0, 0, 100], "“unclear”: 90 % in “First”, 100 % in “Second”"),
    ],
)
def test_the_sentence_names_the_largest_difference(one: list[int], other: list[int], said: str) -> None:
    assert said in effects.sentence(compared(one, other), ["First", "Second"])


def test_the_chart_holds_both_groups_with_their_intervals() -> None:
    spec = effects.chart(compared([30, 10, 0], [10, 30, 0]), ["First", "Second"], "#000000").to_dict()
    rows = next(iter(spec["datasets"].values()))
    assert {row["group"] for row in rows} == {"First", "Second"}
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
    assert {row["camp"] for row in rows} == {"bluff", "no position", "unclear"}
    assert "bluff\nh = 1.05" in {row["row"] for row in rows}
