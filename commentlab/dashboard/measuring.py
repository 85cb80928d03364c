"""How good the classifiers are on what people labelled, and what their cards say of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from commentlab import evaluation, insight, mending, models, schemes
from commentlab.dashboard import retraining, wording
from commentlab.dashboard.wording import count
from commentlab.evaluation import Evaluation
from commentlab.insight import coding
from commentlab.insight.queueing import RANDOM
from commentlab.models import encoder
from commentlab.records import Correction, ScoredThread
from commentlab.reporting import cards

FEWEST = 10
"""Labelled comments from which on figures are given."""
FAIR = 20
"""Comments drawn by chance from which on they alone are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The classifiers against people; `fair` says that only comments drawn by chance were looked at."""

    evaluation: Evaluation
    fair: bool


def measure(corrections: Sequence[Correction], task: str, scheme: str | None) -> Measured | None:
    """Compare what people said with what the classifiers say of the same comments.

    Args:
        corrections: Of all threads.
        task: `stance`, `relation` or `sentiment`.
        scheme: Name or file of the scheme that stances are sorted by; None for people's own propositions.

    Returns:
        The figures; None where people labelled too few, or where a fitted scheme has learnt from these very labels.
    """
    table = _table(corrections, task, scheme)
    if table is None or len(table) < FEWEST:
        return None
    drawn = table[table["reason"] == RANDOM]
    fair = len(drawn) >= FAIR
    with TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        told = coding.grouped(drawn if fair else table)
        path.write_text(told.to_csv(index=False), encoding="utf-8", errors="replace")
        found = evaluation.evaluate(path, task=task, scheme=scheme if task == "stance" else None)
    return Measured(evaluation=found, fair=fair)


def _table(corrections: Sequence[Correction], task: str, scheme: str | None) -> pd.DataFrame | None:
    known = schemes.load(scheme) if scheme and task == "stance" else None
    if known and known.fitted:
        return None
    if known:
        given = retraining.usable(corrections, known)
    else:
        given = [each for each in corrections if each.scheme is None and each.text.strip()]
    table = insight.coded(given, task)
    return table[table["parent"].fillna("") != ""] if task == "relation" else table


def held_out(scheme: str | None) -> Mapping[str, Mapping[str, float]]:
    """Return the scores of a fitted scheme on comments that it did not learn from, by tier; empty without a fit."""
    known = schemes.load(scheme) if scheme else None
    if known is None or known.fitted is None:
        return {}
    folder = Path(known.fitted)
    card = models.card(folder.name, folder.parent)
    tiers = {tier: each["scores"] for tier, each in card["calibration"].items()}
    return {"unfitted": card["unfitted"], card["auto"]: tiers[card["auto"]]}


def divided(scored: ScoredThread, said: Sequence[Correction], task: str) -> list[tuple[str, str, str]]:
    """Return the comments of a thread of which people and the classifier say different things, the surest first.

    Args:
        scored: The thread with the classifier's labels.
        said: What people said of it.
        task: The task.

    Returns:
        Ids of thread and comment, and what the two say, in words.
    """
    labels = {label.comment_id: label for label in scored.labels if label.task == task and label.value}
    people = {
        each.comment_id: each.value
        for each in said
        if each.task == task and each.comment_id in labels and mending.concerns(scored, each)
    }
    coders = {"people": list(people.values()), "classifier": [labels[name].value for name in people]}
    table = insight.disagreements(coders, list(people))
    found = sorted(table["item"], key=lambda name: -labels[name].confidence)
    return [
        (scored.thread.id, name, _words(str(people[name]), labels[name].value, labels[name].confidence))
        for name in found
    ]


def _words(said: str, answer: str | None, confidence: float) -> str:
    return f"people: {said}; classifier: {answer}, {100 * confidence:.0f} % sure"


def described(scored: ScoredThread) -> list[str]:
    """Return what the cards say of the models that labelled a thread: what they learnt from, and where they fail."""
    found: dict[str, tuple[list[str], models.Card]] = {}
    for task, name, card in cards.named(_versions(scored)):
        found.setdefault(name, ([], card))[0].append(wording.TASKS.get(task, wording.TASKS["stance"]).lower())
    return [_card(name, tasks, card) for name, (tasks, card) in found.items()]


def figures(scored: ScoredThread) -> pd.DataFrame:
    """Return how the models that labelled a thread did on texts that they were not trained on.

    Returns:
        `task, model, set, texts, macro_f1, low, high, accuracy, calibration_error`, in words for people.
    """
    return pd.DataFrame(
        [
            {
                "task": wording.TASKS.get(each.task, wording.TASKS["stance"]),
                "model": "accurate" if each.model == encoder.NAME else "fast",
                "set": each.set,
                "texts": each.rows,
                "macro_f1": each.macro_f1,
                "low": each.low,
                "high": each.high,
                "accuracy": each.accuracy,
                "calibration_error": each.calibration_error,
            }
            for each in cards.figures(_versions(scored))
        ]
    )


def _versions(scored: ScoredThread) -> dict[str, str]:
    """Return the versions of a thread's models by task; a scheme with a head in the encoder counts as a task."""
    heads = models.card(encoder.NAME)["calibration"]
    own = scored.scheme if scored.scheme in heads else None
    return {own if own and task == "stance" else task: version for task, version in scored.models.items()}


def _card(name: str, tasks: Sequence[str], card: models.Card) -> str:
    kind = "a transformer of six layers" if name == encoder.NAME else "a linear model over words"
    rows = sum(source["rows"] for source in card["data"])
    sets = ", ".join(source["name"].removesuffix(".train") for source in card["data"])
    parts = [f"{wording.listing(sorted(set(tasks)))}: {kind} ({card['tier']} tier, version {card['package']})"]
    parts.append(f"it learnt from {count(rows, 'text')} ({sets})")
    if "threshold" in card:
        parts.append(_threshold(card))
    parts.append(f"it is known to fail at: {'; '.join(card['known_failures'])}")
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."


def _threshold(card: models.Card) -> str:
    sure, wrong = 100 * card["threshold"], 100 * card["accepted_error"]
    return f"it answers from {sure:.0f} % confidence on; of such answers at most {wrong:.0f} % were wrong"


def published() -> Iterator[tuple[str, str]]:
    """Yield public sets and what others reached on them."""
    from commentlab import benchmarking

    for each in benchmarking.known():
        if each.published:
            yield each.name, f"{each.measure}: {benchmarking.published(each)}"
