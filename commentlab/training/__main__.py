"""Build every shipped artefact: `python -m commentlab.training DATA [--out FOLDER] [--base FOLDER]`."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from commentlab import models, plugin, schemes
from commentlab.measures import Places, temperature, threshold, thresholds
from commentlab.models import linear
from commentlab.models.exchange import weigh
from commentlab.models.linear import Floats, softmax
from commentlab.plugin import Item
from commentlab.training import data, evaluate, exchanges
from commentlab.training.fit import fit, splits

PARTS = {
    "sentiment": ("text",),
    "relation": ("text", "parent", "shared parent"),
    "stance": ("text", "proposition", "parent", "shared proposition"),
    "camps": ("text",),
}
STRENGTH = {"sentiment": 0.15, "relation": 0.3, "stance": 0.1, "camps": 0.5}
FOLDS: dict[str, dict[str, int]] = {
    "sentiment": {"folds": 10, "rounds": 1},
    "relation": {"folds": 5},
    "stance": {"folds": 10, "rounds": 1},
}
ACCEPTED = {"sentiment": 0.25, "relation": 0.3, "stance": 0.3, "camps": 0.3}
"""Share of wrong answers, among those given, from which the threshold follows."""
FAILURES = {
    "sentiment": [
        "irony",
        "target-dependent sentiment: the mention is not looked at",
        "texts in other languages than English",
    ],
    "relation": ["bare answers whose sense lies in the parent", "irony", "partial agreement that counters in the end"],
    "stance": [
        "propositions on topics without training data: little better than chance, so it mostly abstains",
        "irony",
        "stance that needs knowledge of the topic",
    ],
    "camps": [
        "irony",
        "stance that follows from facts about the situation alone",
        "limited threat against its neighbours",
        "a reply, where what it answers or the relation to it is misread",
    ],
}


def main() -> None:
    """Train, save and print the table of held-out scores."""
    parser = argparse.ArgumentParser(prog="python -m commentlab.training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--out", type=Path, default=models.HOME, help="folder to write the artefacts into")
    parser.add_argument("--base", type=Path, help="folder of the base model: build the encoder, too (extra: training)")
    parser.add_argument("--teacher", type=Path, help="folder of MPNet, to teach the encoder (extra: training; a GPU)")
    parser.add_argument("--again", action="store_true", help="go on with the encoder that is there (extra: training)")
    parser.add_argument("--only", action="store_true", help="leave the linear models as they are")
    parser.add_argument("--work", type=Path, default=Path("out/training"), help="folder for the encoder's checkpoints")
    parser.add_argument("--epochs", type=float, help="passes over the data; 0 only exports and calibrates anew")
    options = parser.parse_args()
    if not options.only:
        print(evaluate.table(_linear(options.data, options.out)))
    if options.base or options.again:
        from commentlab.training import accurate

        card = accurate.train(
            options.data, options.base, options.work, options.out, epochs=options.epochs, teacher=options.teacher
        )
        heads = [{"name": head, **found, "answered": float("nan")} for head, found in card["calibration"].items()]
        print(evaluate.table(heads))


def _linear(root: Path, out: Path) -> list[models.Card]:
    """Train the linear models of all tasks and of the built-in scheme."""
    # One thread: sums in another order would give other checksums.
    with threadpool_limits(1):
        cards = [train(root, task, out)[0] for task in ("sentiment", "stance")]
        card, replies = train(root, "relation", out)
        return [*cards, card, train_scheme("threat", replies, out)]


def train(root: Path, task: str, out: Path) -> tuple[models.Card, dict[Item, Floats]]:
    """Train one task on all of its data.

    Returns:
        The card, and the held-out probabilities of our own threads by item.
    """
    examples = data.load(root, task)
    values = plugin.tasks()[task].VALUES
    matrix = linear.rows([example.item for example in examples], PARTS[task])
    weights = _weights(task, examples)
    labels = _labels(examples, values)
    groups, texts = [e.group for e in examples], [e.item.text for e in examples]
    found = fit(matrix, labels, groups, weights, texts=texts, strength=STRENGTH[task], **FOLDS[task])
    held = [examples[row] for row in found.held]
    heat = temperature(found.logits, labels[found.held], weights[found.held])
    shares = softmax(found.logits / heat)
    described = _described(task, shares, labels[found.held], held)
    card = evaluate.card(task, task, values, PARTS[task], examples, temperature=heat, **described)
    models.save(task, {"weights": found.weights.astype(np.float16), "intercept": found.intercept}, card, out)
    own = {example.item: row for example, row in zip(held, shares, strict=True) if example.source == data.OWN.name}
    return models.card(task, out), own


def train_scheme(name: str, relations: Mapping[Item, Floats], out: Path) -> models.Card:
    """Train the classifier of a scheme on our own threads; `relations` are held-out probabilities, by reply."""
    examples = data.threads("camps")
    values = schemes.load(name).values
    labels, groups, weights = _labels(examples, values), [e.group for e in examples], np.ones(len(examples))
    matrix = linear.rows([example.item for example in examples], PARTS["camps"])
    found = fit(matrix, labels, groups, weights, strength=STRENGTH["camps"])
    heat = temperature(found.logits, labels, weights)
    shares = softmax(found.logits / heat)
    places = {
        (group, example.item.text): place for place, (group, example) in enumerate(zip(groups, examples, strict=True))
    }
    replies = [place for place, example in enumerate(examples) if example.item.parent]
    items = [examples[place].item for place in replies]
    answered = shares[[places[groups[place], item.parent] for place, item in zip(replies, items, strict=True)]]
    related, own = np.array([relations[item] for item in items]), shares[replies]
    table = exchanges.table("camps", values)
    power = exchanges.power(answered, related, own, table, labels=labels[replies], weights=weights[replies])
    for _, unseen in splits([groups[place] for place in replies]):
        others = exchanges.table("camps", values, {groups[replies[place]] for place in unseen}) ** power
        shares[[replies[place] for place in unseen]] = weigh(answered[unseen], related[unseen], own[unseen], others)
    exchange = exchanges.described(table, power, relation=models.digest(models.card("relation", out)))
    described = _described("camps", shares, labels, examples)
    card = evaluate.card(
        f"stance-{name}", "stance", values, PARTS["camps"], examples, temperature=heat, exchange=exchange, **described
    )
    models.save(card["name"], {"weights": found.weights.astype(np.float16), "intercept": found.intercept}, card, out)
    return models.card(card["name"], out)


def _weights(task: str, examples: list[data.Example]) -> Floats:
    weight = {source.name: source.weight for source in (*data.SOURCES[task], *data.WRITTEN)}
    return np.array([weight[example.source] for example in examples])


def _labels(examples: list[data.Example], values: tuple[str, ...]) -> Places:
    return np.array([values.index(example.label) for example in examples])


def _described(task: str, shares: Floats, labels: Places, held: Sequence[data.Example]) -> dict[str, Any]:
    """Return what the card says of calibrated held-out probabilities."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    least = threshold(sure, right, ACCEPTED[task])
    return {
        "threshold": least,
        "thresholds": thresholds(sure, right),
        "accepted_error": ACCEPTED[task],
        "answered": round(float((sure >= least).mean()), 4),
        "known_failures": FAILURES[task],
        "scores": evaluate.scores(shares, labels, [e.group for e in held], [e.source for e in held]),
    }


if __name__ == "__main__":
    main()
