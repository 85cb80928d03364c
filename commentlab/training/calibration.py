"""Calibrate the heads of an exported encoder on what it never saw, and say how good they are."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from commentlab import models
from commentlab.measures import TINY, Places, surprise, temperature, threshold, thresholds
from commentlab.models import Card, linear
from commentlab.models.encoder import Encoder
from commentlab.models.exchange import Exchange, above, is_reply
from commentlab.models.heads import RELATION, TOWARDS, Head, logarithms, seen
from commentlab.models.linear import Floats, Linear, softmax
from commentlab.training import data, evaluate, exchanges, joint
from commentlab.training.fit import regression
from commentlab.training.joint import Case

ACCEPTED = {"sentiment": 0.25, "relation": 0.3, "stance": 0.3, joint.SCHEME: 0.3}
"""Share of wrong answers, among those given, from which the thresholds follow."""
LOSS = 0.0075
"""Accuracy that the cascade may lose against the encoder alone, on average over sets: on some, a point is lost then."""
FAST = {"sentiment": "sentiment", "relation": "relation", joint.SCHEME: f"stance-{joint.SCHEME}"}
"""Artefacts of the fast tier, by head; towards a proposition that nobody trained on it is worth nothing."""
STRENGTH = {"sentiment": 0.15, "relation": 0.3, joint.SCHEME: 0.5}
DOUBTS = {"stance": 0.55, joint.SCHEME: 0.7}
"""Probability, before calibration, below which a head also looks at the parts of a long text: so far this helped."""
MIXES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Weights of the fast tier's logarithms beside the encoder's; each head takes the one that is likeliest to be right."""
MOST = 1500
"""Held-out cases of a set that are looked at, drawn by their texts' checksums."""


def calibrated(reader: Encoder, held: Sequence[Case], learnt: Sequence[Case], out: Path) -> Card:
    """Return by head what its classifier needs beside the encoder, and how good it is on held-out cases.

    `out` is the folder of the artefacts, with those of the fast tier.
    """
    apart = {case.group for case in held}
    cases = {head: _chosen(held, head) for head in joint.heads()}
    twins = {head: _twin(head, learnt, out) for head in FAST}
    unweighed = {head: _unweighed(reader, head, some, twins.get(head)) for head, some in cases.items()}
    calibration: Card = {}
    for head, each in unweighed.items():
        told = _told(unweighed, head, cases[head], apart)
        full = replace(each, exchange=Exchange.between(each, unweighed[RELATION], told)) if told else each
        calibration[head] = {
            "temperature": each.temperature,
            "mix": each.mix,
            "doubt": each.doubt,
            "exchange": told,
        } | _levels(full, cases[head], _weighed_twin(twins, head, apart, out) if head in FAST else None)
    return calibration


def _chosen(held: Sequence[Case], head: str) -> list[Case]:
    """Return the held-out cases of a head, at most `MOST` of a set; noisy labels say nothing about calibration."""
    counts: dict[str, int] = {}
    chosen: list[Case] = []
    for case in sorted(held, key=lambda case: zlib.crc32(case.item.text.encode())):
        if head in case.targets and max(case.targets[head]) == 1 and joint.name(case.source) != "iac_author":
            counts[case.source] = counts.get(case.source, 0) + 1
            if counts[case.source] <= MOST:
                chosen.append(case)
    return chosen


def _twin(head: str, learnt: Sequence[Case], out: Path) -> Linear:
    """Return a fast tier, before weighing, that did not see the held-out cases, as warm as the one in `out`."""
    card = models.card(FAST[head], out)
    cases = [case for case in learnt if head in case.targets and max(case.targets[head]) == 1]
    weight = {joint.name(source.name): source.weight for source in (*data.SOURCES.get(head, ()), *data.WRITTEN)}
    weights = np.array([weight[joint.name(case.source)] or 1.0 for case in cases])
    matrix = linear.rows([joint.asked(case.item, head) for case in cases], card["parts"])
    slopes, intercept = regression(matrix, _labels(cases, head), weights, STRENGTH[head])
    return Linear(
        values=joint.heads()[head],
        parts=tuple(card["parts"]),
        weights=slopes.astype(np.float32),
        intercept=intercept,
        temperature=card["temperature"],
        threshold=0.0,
        version="",
        thresholds={},
    )


def _weighed_twin(twins: Mapping[str, Linear], head: str, apart: Collection[str], out: Path) -> Linear:
    told = models.card(FAST[head], out).get("exchange")
    if not told:
        return twins[head]
    table = _table(head, apart) ** told["power"]
    return replace(twins[head], exchange=Exchange(stance=twins[head], relation=twins[RELATION], table=table))


def _unweighed(reader: Encoder, head: str, cases: Sequence[Case], twin: Linear | None) -> Head:
    """Return a calibrated head, before its stances are weighed against what replies answer."""
    values = joint.heads()[head]
    labels, weights = _labels(cases, head), _weights(cases)
    items = [joint.asked(case.item, head) for case in cases]
    doubt = DOUBTS.get(head, 0.0)
    logs = logarithms(reader, items, head, doubt=doubt)
    mixed = {0.0: logs}
    if twin:
        fast = np.log(twin.probabilities(items) + TINY)
        mixed |= {mix: logs + mix * fast for mix in MIXES}
    folded = {mix: np.log(_folded(softmax(each), cases, values) + TINY) for mix, each in mixed.items()}
    heats = {mix: temperature(each, labels, weights) for mix, each in folded.items()}
    mix = min(heats, key=lambda each: surprise(folded[each] / heats[each], labels, weights))
    return Head(
        encoder=reader,
        name=head,
        values=values,
        temperature=heats[mix],
        threshold=0.0,
        version="",
        fast=twin,
        mix=mix,
        doubt=doubt,
        thresholds={},
    )


def _told(unweighed: Mapping[str, Head], head: str, cases: Sequence[Case], apart: Collection[str]) -> Card | None:
    """Return what a head of stances should know of exchanges, from the threads that are learnt from."""
    if head not in (TOWARDS, joint.SCHEME):
        return None
    replies = [case for case in cases if is_reply(case.item)]
    items = [joint.asked(case.item, head) for case in replies]
    answered = unweighed[head].probabilities([above(item) for item in items])
    relations, own = unweighed[RELATION].probabilities(items), unweighed[head].probabilities(items)
    table, labels, weights = _table(head, apart), _labels(replies, head), _weights(replies)
    return exchanges.described(table, exchanges.power(answered, relations, own, table, labels=labels, weights=weights))


def _table(head: str, apart: Collection[str]) -> Floats:
    return exchanges.table("camps" if head == joint.SCHEME else head, joint.heads()[head], apart)


def _levels(full: Head, cases: Sequence[Case], twin: Linear | None) -> dict[str, Any]:
    """Return from which confidence on a head, and the fast tier in its place, is good enough, and the scores.

    It is asked as `classify` asks: with what the task looks at, and nothing else.
    """
    labels, sources = _labels(cases, full.name), [case.source for case in cases]
    items = [joint.asked(case.item, full.name) for case in cases]
    shares = _folded(full.probabilities(items), cases, full.values)
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    cascade = None
    if twin:
        fast = twin.probabilities(items)
        lost = right.astype(float) - (_folded(fast, cases, full.values).argmax(axis=1) == labels)
        cascade = _cascade(cases, fast.max(axis=1), lost)
    return {
        "threshold": threshold(sure, right, ACCEPTED[full.name]),
        "thresholds": thresholds(sure, right),
        "accepted_error": ACCEPTED[full.name],
        "cascade": cascade,
        "scores": evaluate.scores(shares, labels, [case.group for case in cases], sources),
    }


def _cascade(cases: Sequence[Case], sure: Floats, lost: Floats) -> float | None:
    """Return the confidence from which the fast tier may answer instead, at a loss of at most `LOSS`; None: never.

    What one set gains does not make up for what another one loses; what it does not see, the encoder reads in any case.

    Args:
        cases: Held-out cases.
        sure: How sure the fast tier is of each.
        lost: 1 where the encoder alone is right, -1 where the fast tier alone is, 0 where they are both right or wrong.
    """
    names = np.array([case.source if seen(case.item) else "" for case in cases])
    sets = [names == name for name in set(names) - {""}]
    for least in np.arange(0.4, 1.0, 0.01):
        if np.mean([max(0.0, np.mean(lost[some] * (sure[some] >= least))) for some in sets]) <= LOSS:
            return round(float(least), 2)
    return None


def _folded(shares: Floats, cases: Sequence[Case], values: Sequence[str]) -> Floats:
    """Move the shares of values that a set does not have to those that it counts them as."""
    folded = shares.copy()
    for row, case in enumerate(cases):
        for value, other in (case.recipe.fold or {}).items():
            if value in values:
                if other:
                    folded[row, values.index(other)] += folded[row, values.index(value)]
                folded[row, values.index(value)] = 0
    folded /= folded.sum(axis=1, keepdims=True)
    return folded


def _labels(cases: Sequence[Case], head: str) -> Places:
    return np.array([int(np.argmax(case.targets[head])) for case in cases])


def _weights(cases: Sequence[Case]) -> Floats:
    """Return weights by which all sets count the same."""
    sources = [case.source for case in cases]
    return np.array([1 / sources.count(source) for source in sources])
