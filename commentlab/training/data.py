"""The labelled texts that the shipped models are trained on: public data sets, and threads written for commentlab."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commentlab import plugin, schemes
from commentlab.errors import UnreadableError
from commentlab.plugin import Item

Row = dict[str, Any]
_RATING = 0.8
"""Mean rating (-4 to 4) from which a rated text counts as negative or positive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled item; examples of one group never stand on both sides of a split."""

    item: Item
    label: str
    group: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A data set: file name, licence, weight of an example, how a row gives group and label (None: left out).

    Linear models learn from those with a weight; the encoder learns from all, by the recipes of `joint`, and takes
    from each row what `soft` gives.
    """

    name: str
    licence: str
    weight: float
    group: Callable[[Row], str] = lambda row: str(row["id"])
    label: Callable[[Row], str | None] = lambda row: str(row["label"])
    soft: Callable[[Row], str | None] = lambda row: str(row["label"])


def _single(row: Row) -> str | None:
    return row["label"] if row["label"] in ("negative", "neutral", "positive") else None


def _clear(row: Row) -> str | None:
    return None if "ambiguous" in row["label"] else str(row["label"])


def _rating(row: Row) -> str:
    rating = float(row["label"])
    return "positive" if rating > _RATING else "negative" if rating < -_RATING else "neutral"


def _context(row: Row) -> str:
    return str(row["context"])


def _chain(row: Row) -> str:
    return str(row.get("group") or row["id"]).split(" ||| ", maxsplit=1)[0]


OWN = Source(name="threat", licence="Apache-2.0, written for commentlab", weight=12.0)
"""The invented threads beside the scheme: closest to the texts that commentlab is for."""
OPINIONS = Source(name="opinions", licence="Apache-2.0, written for commentlab", weight=4.0)
"""Invented threads about questions of opinion, each comment with its stance towards three propositions."""
WRITTEN = {OWN: schemes.HOME / OWN.name, OPINIONS: Path(__file__).parent / OPINIONS.name}
"""Where the threads that were written for commentlab lie."""

SOURCES: dict[str, tuple[Source, ...]] = {
    "sentiment": (
        Source(name="goemotions.train", licence="Apache-2.0", weight=1.0, label=_single, soft=_clear),
        Source(name="goemotions.dev", licence="Apache-2.0", weight=0.0, soft=_clear),
        Source(name="semeval_tweets2013_16.train", licence="see SemEval", weight=0.7),
        Source(name="sentence_polarity.train", licence="CC BY 4.0", weight=0.5),
        Source(name="newsmtsc.train", licence="MIT", weight=0.7),
        Source(name="vader_amazon.rated", licence="MIT", weight=1.0, label=_rating),
    ),
    "relation": (
        Source(
            name="debagreement.train",
            licence="none stated",
            weight=1.0,
            group=lambda row: str(row.get("group") or row["id"]),
        ),
        Source(name="iac_pairs.train", licence="please cite", weight=0.2, group=_context),
        Source(name="rumoureval2019.train", licence="MIT", weight=0.3, group=_context),
        Source(name="rumoureval2019.dev", licence="MIT", weight=0.0, group=_context),
    ),
    "stance": (
        Source(name="vast.train", licence="none stated", weight=1.0, group=_context),
        Source(name="mtcsd.train", licence="none stated", weight=0.7, group=_chain),
        Source(name="semeval2016.train", licence="no restrictions", weight=1.0),
        Source(name="perspectrum.train", licence="CC BY-SA 4.0", weight=0.5, group=_context),
        Source(name="vast.dev", licence="none stated", weight=0.0, group=_context),
        Source(name="mtcsd.dev", licence="none stated", weight=0.0, group=_chain),
        Source(name="semeval2016.dev", licence="no restrictions", weight=0.0),
        Source(name="perspectrum.dev", licence="CC BY-SA 4.0", weight=0.0, group=_context),
        Source(name="iac_author.noisy", licence="please cite", weight=0.0),
    ),
}


def load(root: Path, task: str) -> list[Example]:
    """Return the examples of a task, the threads written for commentlab last.

    Args:
        root: The folder that holds `<task>/<name>.<split>.jsonl.gz`.
        task: `sentiment`, `relation` or `stance` (towards a proposition).

    Raises:
        UnreadableError: A file is missing or damaged.
    """
    return public(root, task) + threads(task)


def public(root: Path, task: str, *, encoder: bool = False) -> list[Example]:
    """Return the examples of public data sets for a task: those for linear models, or those for the encoder."""
    return [
        example
        for source in SOURCES[task]
        if source.weight or encoder
        for example in _examples(root / task, source, task, source.soft if encoder else source.label)
    ]


def _examples(folder: Path, source: Source, task: str, label_of: Callable[[Row], str | None]) -> Iterator[Example]:
    for row in _rows(folder / f"{source.name}.jsonl.gz"):
        label = label_of(row)
        if label is None:
            continue
        context = str(_NATURAL.get(row["context"], row["context"]))
        item = Item(text=row["text"], **{plugin.tasks()[task].CONTEXT: context})
        if source.name.startswith("mtcsd"):
            # Only the chains of MT-CSD say what a comment answers: their last part.
            item = replace(item, parent=row.get("group", "").split(" ||| ")[-1])
        yield Example(item=item, label=label, group=source.group(row), source=source.name)


def _rows(path: Path) -> Iterator[Row]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableError(str(path), f"{error}; give the folder of the training data") from error


_NATURAL = {
    "abortion": "legalization of abortion",
    "atheism": "atheism",
    "climate": "climate change is a real concern",
    "feminist": "the feminist movement",
    "hillary": "Hillary Clinton",
}
"""The targets of SemEval-2016 in words."""

_SIDES = {"credible_threat": "favor", "limited_threat": "against", "bluff": "against", "no_position": "none"}


def threads(task: str) -> list[Example]:
    """Return the examples of a task, or of the scheme (task `camps`), in the threads written for commentlab."""
    return [
        example
        for source, folder in WRITTEN.items()
        if task != "camps" or source == OWN
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for example in _thread(json.loads(line), task, source)
    ]


def _thread(thread: Row, task: str, source: Source) -> Iterator[Example]:
    texts = {comment["id"]: comment["text"] for comment in thread["comments"]}
    for comment in thread["comments"]:
        parent = texts.get(comment["parent"], "")
        if task == "relation" and not parent:
            continue
        for proposition, label in _asked(thread, comment, task):
            item = Item(text=comment["text"], proposition=proposition, parent=parent)
            yield Example(item=item, label=label, group=thread["id"], source=source.name)


def _asked(thread: Row, comment: Row, task: str) -> Iterator[tuple[str, str]]:
    """Yield the propositions that a comment is shown with, and its labels; only stances differ between them."""
    if "propositions" in thread:
        sides = list(zip(thread["propositions"], comment["stance"], strict=True))
        yield from sides if task == "stance" else [(thread["propositions"][0], comment[task])]
    elif task == "camps":
        yield thread["proposition"], comment["stance"].replace("_", " ")
    else:
        yield thread["proposition"], _SIDES[comment["stance"]] if task == "stance" else comment[task]
