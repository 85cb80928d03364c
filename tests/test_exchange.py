from dataclasses import replace

import numpy as np
import pytest

import commentlab as cl
from commentlab import models, plugin, schemes
from commentlab.models import heads, linear
from commentlab.models.exchange import weigh
from commentlab.plugin import Item
from commentlab.training import data, exchanges

SIDES = plugin.tasks()["stance"].VALUES
RELATIONS = plugin.tasks()["relation"].VALUES
UNSURE, FOR = np.full((1, 3), 1 / 3), np.array([[0.9, 0.05, 0.05]])
DOUBTED = np.array([[0.4, 0.35, 0.25]])


def relation(name: str) -> np.ndarray:
    return np.array([[0.91 if each == name else 0.03 for each in RELATIONS]])


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    return exchanges.table("stance", SIDES)


def test_a_table_compares_what_was_seen_with_chance(table: np.ndarray) -> None:
    favor, against, none = range(3)
    agree, disagree, query, _ = range(4)
    assert table.shape == (3, 4, 3)
    assert table[favor, agree, favor] > 2 > 2 * table[favor, agree, against] > 0
    assert table[favor, disagree, against] > 2 > 2 * table[favor, disagree, favor] > 0
    assert table[against, query, none] > 1


def test_the_sides_of_a_proposition_change_places_with_those_of_its_opposite(table: np.ndarray) -> None:
    other = [1, 0, 2]
    np.testing.assert_allclose(table, table[other][:, :, other])


def test_threads_that_are_left_out_do_not_count() -> None:
    threads = {example.group for example in data.threads("camps")}
    camps = schemes.load("threat").values
    some = {thread for thread in threads if thread < "m"}
    assert (exchanges.table("camps", camps, some) != exchanges.table("camps", camps)).any()
    np.testing.assert_array_equal(exchanges.table("camps", camps, threads), 1)


@pytest.mark.parametrize("task", ["camps", "stance", "relation"])
def test_no_two_comments_of_a_written_thread_say_the_same(task: str) -> None:
    said = [(example.group, example.item) for example in data.threads(task)]
    texts = [(group, item.proposition, item.text) for group, item in said]
    assert len(set(texts)) == len(texts)


def test_a_table_counts_as_much_as_it_helps(table: np.ndarray) -> None:
    dice = np.random.default_rng(2)
    sizes = {"answered": 3, "relations": 4, "own": 3}
    told = {name: dice.dirichlet(np.full(size, 0.3), 2000) for name, size in sizes.items()}
    fitting = weigh(*told.values(), table)
    drawn = {
        name: (shares.cumsum(axis=1) < dice.random((2000, 1))).sum(axis=1)
        for name, shares in {"fitting": fitting, "alone": told["own"]}.items()
    }
    found = {
        name: exchanges.power(*told.values(), table, labels=labels, weights=np.ones(2000))
        for name, labels in drawn.items()
    }
    assert found == {"fitting": 1.0, "alone": 0.0}
    assert exchanges.described(table, 0.0) is None
    described = exchanges.described(table, 0.5)
    assert described is not None
    np.testing.assert_allclose(np.array(described["table"]) ** 2, table, rtol=0.02)


@pytest.mark.parametrize(
    ("said", "expected"), [("agree", "favor"), ("disagree", "against"), ("query", "none"), ("neutral", "none")]
)
def test_a_reply_without_a_stance_of_its_own_gets_the_one_that_fits(
    table: np.ndarray, said: str, expected: str
) -> None:
    found = weigh(FOR, relation(said), UNSURE, table)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert SIDES[int(found.argmax())] == expected


def test_where_nothing_is_known_a_stance_stays_as_it_was(table: np.ndarray) -> None:
    np.testing.assert_allclose(weigh(FOR, relation("agree"), DOUBTED, np.ones_like(table)), DOUBTED)


def test_an_exchange_is_the_same_in_any_company(table: np.ndarray) -> None:
    dice = np.random.default_rng(1)
    many = [dice.dirichlet(np.ones(size), 50) for size in (3, 4, 3)]
    alone = [weigh(*(part[[row]] for part in many), table) for row in range(50)]
    np.testing.assert_array_equal(weigh(*many, table), np.concatenate(alone))


@pytest.mark.parametrize("tier", ["fast", "accurate", "auto"])
@pytest.mark.parametrize("scheme", ["threat", None])
def test_only_stances_of_replies_are_weighed_and_in_any_company_the_same(tier: plugin.Tier, scheme: str | None) -> None:
    if tier == "fast" and not scheme:
        pytest.skip("the fast tier knows nothing of propositions")
    full = plugin.tasks()["stance"].classifier(tier, schemes.load(scheme) if scheme else None)
    items = [
        Item(text=text, proposition="They will march on Friday.", parent=parent)
        for text in ("No, you are wrong there.", "Exactly.", "Which Friday, and where do they meet?")
        for parent in ("", " ", "It is an empty bluff, they never will.", "They mean it, and they will do it.")
    ]
    together = full.probabilities(items)
    np.testing.assert_array_equal(together, np.concatenate([full.probabilities([item]) for item in items]))
    np.testing.assert_array_equal(together, full.probabilities(items[::-1])[::-1])
    if not isinstance(full, heads.Cascade):
        unweighed = replace(full, exchange=None).probabilities(items)
        changed = (together != unweighed).any(axis=1)
        assert changed.tolist() == [bool(item.parent.strip()) for item in items]


@pytest.mark.parametrize("tier", ["fast", "accurate"])
def test_camps_of_replies_rest_on_what_they_answer(tier: plugin.Tier) -> None:
    threat = schemes.load("threat")
    full = plugin.tasks()["stance"].classifier(tier, threat)
    parents = {"credible threat": "It is an empty bluff, they never will.", "bluff": "They mean it, and they will."}
    for camp, parent in parents.items():
        item, place = Item(text="No, you are wrong there.", parent=parent), threat.values.index(camp)
        unweighed = replace(full, exchange=None).probabilities([item])[0, place]
        assert full.probabilities([item])[0, place] > unweighed


def test_a_table_for_another_relation_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = {name: models.card(name) for name in ("relation", "stance-threat")}
    cards["relation"]["temperature"] += 1
    monkeypatch.setattr(models, "card", lambda name, *where: cards[name])  # noqa: ARG005
    with pytest.raises(cl.ModelError, match="beside another relation model"):
        linear.load.__wrapped__("stance-threat")


def test_a_version_names_all_that_answers_follow_from() -> None:
    for name in ("encoder", "stance-threat"):
        card = models.card(name)
        version = models.version(card)
        assert models.version(card | {"known_failures": []}) == version
        told = (card["calibration"]["threat"] if "calibration" in card else card)["exchange"]
        told["table"][0][0][0] += 1
        assert models.version(card) != version
