from pathlib import Path

import numpy as np
import pytest

from commentlab import plugin, schemes
from commentlab.errors import OptionError
from commentlab.plugin import Item
from commentlab.records import Camp, Reason, Scheme, Side
from commentlab.tasks import stance


class Fixed:
    """A stance classifier that always says the same."""

    values = ("favor", "against", "none")
    threshold = 0.5
    thresholds = {"0.10": 0.8}  # noqa: RUF012 - fixed, too
    version = "fixed"

    def probabilities(self, items: list[Item]) -> np.ndarray:
        return np.tile([0.6, 0.3, 0.1], (len(items), 1))

    def reasons(self, item: Item, value: str) -> tuple[Reason, ...]:  # noqa: ARG002
        return ((0, 1, float(self.values.index(value))),)


def scheme(*sides: Side) -> Scheme:
    camps = tuple(Camp(name=f"{side} {n}", side=side, meaning="x") for n, side in enumerate(sides))
    return Scheme(name="made up", title="x", proposition="x", camps=camps)


def test_every_task_keeps_the_contract() -> None:
    assert set(plugin.tasks()) == {"sentiment", "stance", "relation"}
    for name, task in plugin.tasks().items():
        assert name == task.NAME
        for tier in ("fast", "accurate", "auto"):
            classifier = task.classifier(tier, None)
            assert classifier.values == task.VALUES
            assert 0 < classifier.threshold < 1
            assert ("fast " in classifier.version) == (tier != "accurate" and not (tier == "auto" and name == "stance"))
            assert ("accurate " in classifier.version) == (tier != "fast")


def test_a_trained_scheme_answers_in_its_camps() -> None:
    threat = schemes.load("threat")
    assert stance.classifier("fast", threat).values == threat.values
    assert not isinstance(stance.classifier("fast", threat), stance.Sided)


@pytest.mark.parametrize(
    ("sides", "shares"),
    [
        (("favor", "against", "none"), [0.6, 0.3, 0.1]),
        (("favor", "against", "against", "none"), [0.6, 0.15, 0.15, 0.1]),
        (("favor", "against"), [2 / 3, 1 / 3]),
        (("none", "against"), [0.25, 0.75]),
    ],
)
def test_sides_are_shared_by_their_camps(sides: tuple[Side, ...], shares: list[float]) -> None:
    found = stance.sided(Fixed(), scheme(*sides)).probabilities([Item(text="a"), Item(text="b")])
    np.testing.assert_allclose(found, [shares, shares])


def test_reasons_for_a_camp_are_those_for_its_side() -> None:
    assert stance.sided(Fixed(), scheme("favor", "none")).reasons(Item(text="a"), "none 1") == ((0, 1, 2.0),)


def test_one_side_alone_is_no_scheme() -> None:
    with pytest.raises(OptionError, match="made up"):
        stance.sided(Fixed(), scheme("favor", "favor"))


FIXTURES = Path(__file__).parents[1] / "fixtures" / "schemes"


@pytest.mark.parametrize("name", ["toll", "office"])
def test_examples_tell_camps_of_one_side_apart(name: str) -> None:
    known = schemes.load(FIXTURES / f"{name}.toml")
    for place, camp in enumerate(known.camps):
        found = stance.classifier("accurate", known).probabilities([Item(text=text) for text in camp.examples])
        same = [other for other, each in enumerate(known.camps) if each.side == camp.side and other != place]
        assert (found[:, [place]] >= found[:, same]).all()
    fast = stance.classifier("fast", known).probabilities([Item(text="It pays for the bridge.")])[0]
    assert fast[0] == fast[1]


def test_likeness_does_not_depend_on_company() -> None:
    known = stance.classifier("accurate", schemes.load(FIXTURES / "toll.toml"))
    items = [Item(text="It pays."), Item(text=""), Item(text="Shops close. " * 40, parent="Who cares?")]
    alone = np.concatenate([known.probabilities([item]) for item in items])
    np.testing.assert_array_equal(known.probabilities(items), alone)
    assert known.probabilities([]).shape == (0, 5)


def test_without_examples_the_shares_are_even() -> None:
    known = scheme("favor", "against", "against", "none")
    found = stance.classifier("accurate", known).probabilities([Item(text="Never.", proposition="x")])[0]
    assert found[1] == found[2]
