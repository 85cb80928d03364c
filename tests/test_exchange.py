import numpy as np
import pytest

import commentlab as cl
from commentlab import plugin
from commentlab.models.exchange import weigh
from commentlab.training import exchanges

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
    favor, against, _ = range(3)
    agree, disagree, query, _ = range(4)
    assert table.shape == (3, 4, 3)
    assert (table > 0).all()
    assert table[favor, agree, favor] > 2 * table[favor, agree, against]
    assert table[favor, disagree, against] > 2 * table[favor, disagree, favor]
    assert table[against, query, 2] > 1
    assert (exchanges.table("stance", SIDES, lambda thread: thread < "m") != table).any()


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


@pytest.mark.parametrize("tier", ["fast", "accurate"])
def test_camps_of_replies_rest_on_what_they_answer(tier: plugin.Tier) -> None:
    parents = ["It is an empty bluff, they never will.", "They mean it, and they will do it.", ""]
    found = cl.classify("stance", ["No, you are wrong there."] * 3, parents=parents, scheme="threat", tier=tier)
    assert found["p_credible threat"].idxmax() == 0
    assert found["p_bluff"].idxmax() == 1
