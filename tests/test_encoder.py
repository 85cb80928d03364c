import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import commentlab as cl
from commentlab import models, plugin, schemes
from commentlab.models import encoder, heads, tokens
from commentlab.plugin import Item, Tier

ITEMS = [
    Item(
        text="They never could, and they won't now.", proposition="They will come on Friday.", parent="They will come."
    ),
    Item(text="Exactly.", parent="Nobody is coming, they have no boats."),
    Item(text=""),
    Item(text="Thanks for the lovely pictures :-) " * 200, mention="pictures"),
]
MARKS = (101, 102)


def test_a_row_holds_the_parts_with_their_roles() -> None:
    ids, roles = tokens.join(MARKS, [[1, 2], [], [3], []])
    assert ids == [101, 1, 2, 102, 3, 102]
    assert roles == [0, 0, 0, 0, 2, 2]


def test_a_long_part_keeps_its_beginning_and_its_end() -> None:
    cut = tokens.cut(range(1000), 10)
    assert list(cut) == [0, 1, 2, 3, 4, 5, 6, 997, 998, 999]
    longest = tokens.join(MARKS, [range(1000)] * len(tokens.LIMITS))
    assert len(longest[0]) == len(longest[1]) == tokens.LENGTH <= 256


@pytest.mark.parametrize("task", ["sentiment", "relation", "stance"])
@pytest.mark.parametrize("tier", ["accurate", "auto"])
def test_answers_are_the_same_in_any_company(task: str, tier: Tier) -> None:
    def fresh(items: list[Item]) -> np.ndarray:
        encoder.load()._kept.clear()
        return classifier.probabilities(items)

    classifier = plugin.tasks()[task].classifier(tier, None)
    together = fresh(ITEMS)
    np.testing.assert_allclose(together.sum(axis=1), 1)
    np.testing.assert_array_equal(together, np.concatenate([fresh([item]) for item in ITEMS]))
    np.testing.assert_array_equal(together, fresh(ITEMS[::-1])[::-1])
    assert classifier.probabilities([]).shape == (0, len(classifier.values))


def test_the_cascade_takes_each_answer_from_one_tier_and_what_has_a_mention_from_the_encoder() -> None:
    cascade = plugin.tasks()["sentiment"].classifier("auto", None)
    assert isinstance(cascade, heads.Cascade)
    asked = ITEMS[-1]
    items = [*ITEMS, replace(asked, mention="")]
    fast, accurate = cascade.fast.probabilities(items), cascade.accurate.probabilities(items)
    sure = fast.max(axis=1) >= cascade.least
    assert sure[-2:].all()
    assert not sure.all()
    sure[-2] = False
    np.testing.assert_array_equal(cascade.probabilities(items), np.where(sure[:, None], fast, accurate))
    assert cascade.reasons(asked, "positive") == cascade.accurate.reasons(asked, "positive")
    assert cascade.reasons(items[-1], "positive") == cascade.fast.reasons(items[-1], "positive")


def test_reasons_point_at_what_decided() -> None:
    sentiment = plugin.tasks()["sentiment"].classifier("accurate", None)
    item = Item(text="The hall was full, and the soup was disgusting.")
    found = sentiment.reasons(item, "negative")
    start, end, _ = found[0]
    assert item.text[start:end] == "disgusting."
    assert [weight for *_, weight in found] == sorted((weight for *_, weight in found), reverse=True)
    assert sentiment.reasons(Item(text="Disgusting"), "negative") == ((0, 10, 1.0),)
    assert sentiment.reasons(Item(text=" "), "negative") == ()


def test_a_stance_is_towards_the_proposition() -> None:
    proposition = "The union will shut the port on Monday."
    texts = ["They will do it, no doubt about that.", "They will never do it."]
    found = cl.classify("stance", texts, [proposition] * 2, tier="accurate")
    assert found["p_favor"][0] > found["p_against"][0]
    assert found["p_against"][1] > found["p_favor"][1]


def test_the_parent_decides_where_the_reply_says_little() -> None:
    threat = schemes.load("threat")
    parents = ["This is an empty bluff, they have nothing.", "They will do it, they have done it twice before."]
    found = cl.classify(
        "stance", ["Exactly."] * 2, [threat.proposition] * 2, parents=parents, scheme="threat", tier="accurate"
    )
    assert found["p_bluff"][0] > found["p_bluff"][1]
    assert found["p_credible threat"][1] > found["p_credible threat"][0]


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(models.HOME / encoder.NAME, tmp_path / encoder.NAME)
    path = tmp_path / encoder.NAME / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(cl.ModelError, match="not the file of its card"):
        models.content(encoder.NAME, "model.onnx", tmp_path)
    path.unlink()
    with pytest.raises(cl.ModelError, match="cannot be read"):
        models.content(encoder.NAME, "model.onnx", tmp_path)


def test_a_long_text_is_also_read_in_parts_where_its_whole_leaves_a_doubt() -> None:
    reader, sure = encoder.load(), "They will never come. " + "The road was built for the salt trade. " * 6
    doubtful = (
        "They say it every year. " + "Last year they did march, and took the bridge, but half of them went home. " * 3
    )
    items = [Item(text=text) for text in (doubtful, sure, doubtful[:40])]
    whole = heads.logarithms(reader, items, "threat", doubt=0.0)
    doubt = float(np.exp([whole[0].max(), whole[1].max()]).mean())
    parts = heads.logarithms(reader, items, "threat", doubt=doubt)
    assert np.exp(whole[0].max()) < doubt < np.exp(whole[1].max())
    assert (parts[0] != whole[0]).all()
    np.testing.assert_array_equal(parts[1:], whole[1:])
    np.testing.assert_array_equal(parts, heads.logarithms(reader, items[::-1], "threat", doubt=doubt)[::-1])
