"""What the encoder learns from: every data set at once, as cases with a target for each head that they speak to."""

import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from commentlab import plugin, schemes
from commentlab.plugin import Item
from commentlab.training import data
from commentlab.training.data import OPINIONS, OWN, Example

SCHEME = "threat"
HELD = 0.08
"""Share of the groups that a set without a part for development holds out; of the written threads `HELD_OWN`."""
HELD_OWN = 0.15
SURROUNDED = 0.4
"""Share of the cases that get a proposition or a parent from elsewhere, so that a head learns to ignore what is not its
business: when a thread is scored, all heads read one row."""
PADDED = 0.3
"""Share of the scheme's cases whose text stands before or behind one without a position from the same thread: a long
comment has its stance where it has it."""
GENERAL = 0.3
"""Share of the scheme's cases that are asked with its general proposition."""
AGAIN = 0.35
"""Share of the cases that a teacher, where there is one, also sees with a proposition that they have no label for."""
FORUM, POSTS = "iac_author", 0.3
"""The set whose labels are the noisiest, and the share of its posts that a teacher sees in an epoch."""
SHORT = 3
"""Letters of a word that says little about what a text is about."""
TRIED = 20
"""Propositions of other cases that are looked at to find one that a text may speak to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a set takes part: passes over it an epoch, weight of a row, values that it lacks and what they fold into.

    `balance` weighs rare labels up: 0 not at all, 1 until all weigh the same.
    """

    passes: float
    weight: float = 1.0
    fold: Mapping[str, str | None] | None = None
    balance: float = 0.0


RECIPES: Mapping[str, Recipe] = {
    "goemotions": Recipe(passes=0.4),
    "semeval_tweets2013_16": Recipe(passes=0.4),
    "sentence_polarity": Recipe(passes=0.2, weight=0.7, fold={"neutral": None}),
    "newsmtsc": Recipe(passes=1.3),
    "vader_amazon": Recipe(passes=1),
    "debagreement": Recipe(passes=2.5, fold={"query": "neutral"}),
    "iac_pairs": Recipe(passes=0.5, weight=0.4, fold={"query": "neutral"}),
    "rumoureval2019": Recipe(passes=2, balance=0.75),
    "vast": Recipe(passes=1.3),
    "mtcsd": Recipe(passes=0.6, balance=0.3),
    "semeval2016": Recipe(passes=2.5),
    "perspectrum": Recipe(passes=0.7, weight=0.7, fold={"none": None}),
    "iac_author": Recipe(passes=0.05, weight=0.3),
    OWN.name: Recipe(passes=3),
    OPINIONS.name: Recipe(passes=4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An item with a distribution over the values of each head that it speaks to.

    `taught` is what a teacher says of it: logits of the values of all heads side by side.
    """

    item: Item
    targets: Mapping[str, tuple[float, ...]]
    source: str
    group: str
    weight: float = 1.0
    taught: tuple[float, ...] = ()

    @property
    def recipe(self) -> Recipe:
        """How the set of this case takes part."""
        return RECIPES[name(self.source)]


def heads() -> dict[str, tuple[str, ...]]:
    """Return the values of each head: the tasks, and the camps of the built-in scheme."""
    values = {task: plugin.tasks()[task].VALUES for task in ("sentiment", "relation", "stance")}
    return values | {SCHEME: schemes.load(SCHEME).values}


def name(source: str) -> str:
    """Return the name of a set without the name of its part."""
    return source.split(".", maxsplit=1)[0]


def load(root: Path) -> tuple[list[Case], list[Case]]:
    """Return the cases to learn from, and those held out for calibration and for the scores of the card."""
    learnt: list[Case] = []
    held: list[Case] = []
    for task in ("sentiment", "relation", "stance"):
        rows = list(_cases(data.public(root, task, encoder=True), task))
        parts = {name(row.source) for row in rows if row.source.endswith(".dev")}
        for row in rows:
            apart = row.source.endswith(".dev") if name(row.source) in parts else _drawn(row.group, HELD)
            (held if apart else learnt).append(row)
    unseen = {row.item.text for row in held}
    learnt = [row for row in learnt if row.item.text not in unseen]
    for row in written():
        (held if is_held(row.group) else learnt).append(row)
    return learnt, held


def is_held(thread: str) -> bool:
    """Say whether one of the written threads is held out."""
    return _drawn(thread, HELD_OWN)


def _cases(examples: Sequence[Example], task: str) -> Iterator[Case]:
    values = heads()[task]
    for source in dict.fromkeys(example.source for example in examples):
        some = [example for example in examples if example.source == source]
        balance = _balance([example.label for example in some], RECIPES[name(source)].balance)
        for example in some:
            yield Case(
                item=example.item,
                targets={task: _target(example.label, values)},
                source=source,
                group=example.group,
                weight=balance.get(example.label, 1.0) * RECIPES[name(source)].weight,
            )


def _balance(labels: Sequence[str], power: float) -> dict[str, float]:
    """Return weights that favour rare labels; a power of 1 makes all equal, 0 leaves them as they are."""
    counts = {label: labels.count(label) for label in set(labels)}
    raw = {label: (len(labels) / count) ** power for label, count in counts.items()}
    mean = sum(raw[label] * counts[label] for label in counts) / len(labels)
    return {label: weight / mean for label, weight in raw.items()}


def _target(label: str, values: Sequence[str]) -> tuple[float, ...]:
    """Turn a label, several joined by "+", or a mean rating from -4 to 4 into a distribution."""
    if label.lstrip("-").replace(".", "").isdigit():
        side = max(-1.0, min(1.0, float(label) / 2.5))
        return (max(-side, 0.0), 1 - abs(side), max(side, 0.0))
    named = label.split("+")
    return tuple((value in named) / len(named) for value in values)


def written() -> Iterator[Case]:
    """Join the labels that the threads written for commentlab hold for each comment."""
    values = heads()
    joined: dict[tuple[str, str, Item], dict[str, tuple[float, ...]]] = {}
    for head, task in {"sentiment": "sentiment", "relation": "relation", "stance": "stance", SCHEME: "camps"}.items():
        for example in data.threads(task):
            targets = joined.setdefault((example.source, example.group, example.item), {})
            targets[head] = _target(example.label, values[head])
    for (source, group, item), targets in joined.items():
        yield Case(item=item, targets=targets, source=source, group=group)


def _drawn(group: str, share: float) -> bool:
    return zlib.crc32(group.encode()) % 1000 < share * 1000


def epoch(cases: Sequence[Case], seed: int, *, taught: bool = False) -> list[Case]:
    """Return what one epoch shows: each set as often as its recipe says, seen with other surroundings each time.

    With a teacher there are also cases without targets, of which it alone knows what to say.
    """
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    idle = _idle(cases)
    shown = [
        _padded(_view(case, chance, cases), chance, idle)
        for case in cases
        for _ in range(int(case.recipe.passes) + (chance.random() < case.recipe.passes % 1))
    ]
    if taught:
        shown += _unlabelled(cases, shown, chance)
    chance.shuffle(shown)
    return shown


def _unlabelled(cases: Sequence[Case], shown: Sequence[Case], chance: random.Random) -> list[Case]:
    """Return texts with propositions that others were labelled with: of a few, the one nearest in words."""
    about = {case.item.proposition: _content(case.item.proposition) for case in cases if case.item.proposition}
    propositions = list(about)
    some = [case for case in shown if chance.random() < AGAIN]
    some += [case for case in cases if name(case.source) == FORUM and chance.random() < POSTS]
    found: list[Case] = []
    for case in some:
        words = _content(case.item.text)
        nearest = max(chance.choices(propositions, k=TRIED), key=lambda each: len(words & about[each]))
        found.append(replace(case, item=replace(case.item, proposition=nearest), targets={}))
    return found


def _content(text: str) -> set[str]:
    return {word for word in text.lower().split() if len(word) > SHORT}


def _idle(cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return the texts without a position by the thread of the scheme that they are from."""
    texts: dict[str, list[str]] = {}
    for case in cases:
        if case.targets.get(SCHEME, ())[-1:] == (1.0,):
            texts.setdefault(case.group, []).append(case.item.text)
    return texts


def _padded(case: Case, chance: random.Random, idle: Mapping[str, Sequence[str]]) -> Case:
    if SCHEME not in case.targets or chance.random() >= PADDED or case.group not in idle:
        return case
    parts = [case.item.text, *chance.choices(idle[case.group], k=chance.choice((1, 1, 2)))]
    chance.shuffle(parts)
    targets = {head: target for head, target in case.targets.items() if head in ("stance", SCHEME)}
    return replace(case, item=replace(case.item, text="\n\n".join(parts)), targets=targets)


_FIELDS = {
    "sentiment": ("mention",),
    "relation": ("parent",),
    "stance": ("proposition", "parent"),
    SCHEME: ("proposition", "parent"),
}
"""What `classify` shows each head beside the text."""
_VIEWS = (
    (("proposition", "parent"), ("sentiment", "relation", "stance", SCHEME)),
    (_FIELDS[SCHEME], ("stance", SCHEME)),
    (_FIELDS["relation"], ("relation",)),
    (_FIELDS["sentiment"], ("sentiment",)),
)
"""What a classifier may be shown of a case with labels of several heads, and the heads that are asked then."""


def _view(case: Case, chance: random.Random, others: Sequence[Case]) -> Case:
    if case.source in (OWN.name, OPINIONS.name):
        return _own_view(case, chance)
    item = case.item
    if "stance" in case.targets and item.parent and chance.random() < SURROUNDED:
        item = replace(item, parent="")
    if chance.random() < SURROUNDED:
        stranger = chance.choice(others).item
        if "stance" not in case.targets and not item.mention:
            item = replace(item, proposition=item.proposition or stranger.proposition)
        item = replace(item, parent=item.parent or stranger.parent or stranger.text)
    return replace(case, item=item)


def answerable(item: Item, head: str) -> bool:
    """Say whether an item has what a head cannot answer without: a parent the relation, a proposition a stance."""
    return head == "sentiment" or bool(item.parent if head == "relation" else item.proposition)


def asked(item: Item, head: str) -> Item:
    """Return an item as `classify` hands it to a head: the text, and what the head looks at beside it."""
    return Item(text=item.text, **{field: getattr(item, field) for field in _FIELDS[head]})


def _own_view(case: Case, chance: random.Random) -> Case:
    shown, asked = chance.choice([view for view in _VIEWS if case.targets.keys() & view[1]])
    targets = {head: target for head, target in case.targets.items() if head in asked}
    item = Item(text=case.item.text, **{field: getattr(case.item, field) for field in shown})
    if item.proposition and SCHEME in case.targets and chance.random() < GENERAL:
        item = replace(item, proposition=schemes.load(SCHEME).proposition)
    return replace(case, item=item, targets=targets)
