from dataclasses import replace

import pytest

from commentlab.training import joint
from commentlab.training.joint import OWN, Case

OURS = [case for case in joint.written() if case.source == OWN.name]


def test_every_target_is_a_distribution_over_the_values_of_its_head() -> None:
    heads = joint.heads()
    assert len(OURS) > 2000
    for case in OURS:
        assert {"sentiment", "stance", joint.SCHEME} <= case.targets.keys()
        assert ("relation" in case.targets) == bool(case.item.parent)
        assert all(len(target) == len(heads[head]) and sum(target) == 1 for head, target in case.targets.items())


@pytest.mark.parametrize(
    ("label", "target"),
    [
        ("neutral", (0.0, 1.0, 0.0)),
        ("negative+neutral", (0.5, 0.5, 0.0)),
        ("1.25", (0.0, 0.5, 0.5)),
        ("-4", (1.0, 0.0, 0.0)),
    ],
)
def test_labels_and_ratings_become_distributions(label: str, target: tuple[float, ...]) -> None:
    assert joint._target(label, ("negative", "neutral", "positive")) == target


def test_balance_favours_rare_labels_and_keeps_the_sum() -> None:
    labels = ["a"] * 90 + ["b"] * 10
    whole = joint._balance(labels, 1.0)
    assert whole["a"] * 90 == pytest.approx(whole["b"] * 10)
    assert sum(whole[label] for label in labels) == pytest.approx(100)
    assert joint._balance(labels, 0.0) == {"a": 1.0, "b": 1.0}


def test_an_epoch_repeats_itself_and_shows_only_what_a_head_may_see() -> None:
    shown = joint.epoch(OURS, 3)
    assert shown == joint.epoch(OURS, 3) != joint.epoch(OURS, 4)
    assert len(shown) == joint.RECIPES[OWN.name].passes * len(OURS)
    alone = [case for case in shown if set(case.targets) == {"sentiment"}]
    assert alone
    assert not any(case.item.proposition for case in alone if not case.item.parent)
    texts = {case.item.text for case in OURS}
    said = "\n\n".join(case.item.text for case in shown)
    assert all(text in said for text in texts)
    padded = [case for case in shown if case.item.text not in texts]
    assert 0.2 < len(padded) / len([case for case in shown if joint.SCHEME in case.targets]) < 0.4
    assert all(case.targets.keys() <= {"stance", joint.SCHEME} for case in padded)


def test_strangers_never_replace_what_belongs_to_a_case() -> None:
    pair = replace(OURS[0], source="debagreement.train", targets={"relation": (1.0, 0.0, 0.0, 0.0)})
    pair = replace(pair, item=replace(pair.item, parent="The parent itself.", proposition=""))
    many = [pair] * 300 + [Case(item=case.item, targets={}, source="vast.train", group="") for case in OURS[:50]]
    views = [case for case in joint.epoch(many, 1) if case.source.startswith("debagreement")]
    assert {case.item.parent for case in views} == {"The parent itself."}
    assert len({case.item.proposition for case in views}) > 1


def test_a_teacher_also_sees_texts_with_propositions_that_nobody_labelled_them_for() -> None:
    plain, taught = joint.epoch(OURS[:200], seed=3), joint.epoch(OURS[:200], seed=3, taught=True)
    more = [case for case in taught if not case.targets]
    assert len(taught) == len(plain) + len(more)
    assert 0.2 * len(plain) < len(more) < 0.5 * len(plain)
    known = {case.item.proposition for case in OURS[:200]}
    assert all(case.item.proposition in known for case in more)
    assert joint.answerable(more[0].item, "stance")
    assert not joint.answerable(replace(more[0].item, parent=""), "relation")
