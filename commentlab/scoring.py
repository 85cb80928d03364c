"""Threads to labels, in batches: what is labelled, what abstains and why, and the door for loose texts."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from commentlab import frames, links, plugin, schemes, text
from commentlab.errors import OptionError
from commentlab.plugin import Classifier, Item, Tier
from commentlab.records import Comment, Label, Scheme, ScoredThread, Thread

if TYPE_CHECKING:
    import pandas as pd

BATCH = 1024
"""Comments that are labelled in one go; it bounds memory and never changes an answer."""
MENDED = "mended"
"""Why there is no label where people changed what it was given to, and nobody is there to give another."""

SchemeLike = Scheme | str | os.PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What to label: a classifier a task, the confidence that it needs, and what the stance is about."""

    classifiers: Mapping[str, Classifier]
    levels: Mapping[str, float]
    scheme: Scheme | None
    proposition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A comment to label: its item, or why there is none."""

    comment_id: str
    item: Item
    abstained: str | None = None


def score(
    threads: Iterable[Thread],
    *,
    scheme: SchemeLike | None = None,
    proposition: str | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
) -> list[ScoredThread]:
    """Label the comments of threads.

    Replies that no markup states are inferred first, from quotes and names, since a relation needs its parent.
    Every comment gets a sentiment, every reply to a comment a relation, and every comment a stance where a scheme or a
    proposition is given. Pingbacks, trackbacks and deleted comments get no label. Empty texts, other languages than
    English and unsure answers abstain, and say why.

    Args:
        threads: What `read` returns.
        scheme: A stance scheme: its name, the path of its TOML file, or the scheme itself.
        proposition: What the stance is about; a scheme has one of its own, which this replaces.
        tasks: Names of the tasks to label; None means all that apply.
        tier: `fast`, `accurate` or `auto`.
        accepted_error: Share of wrong answers, among those given, that is acceptable: less sure answers abstain. 1
            abstains from nothing for being unsure; None takes what each model was shipped with.

    Returns:
        The threads with their labels, in the same order.

    Raises:
        OptionError: An unknown task, tier, scheme or level, or a stance without scheme and proposition.
        ModelError: A trained artefact is missing or damaged.
    """
    return list(
        iter_score(
            threads, scheme=scheme, proposition=proposition, tasks=tasks, tier=tier, accepted_error=accepted_error
        )
    )


def iter_score(
    threads: Iterable[Thread],
    *,
    scheme: SchemeLike | None = None,
    proposition: str | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
    reasons: bool = True,
    batch: int = BATCH,
) -> Iterator[ScoredThread]:
    """Do what `score` does, a batch at a time: memory does not grow with the number of threads.

    Without `reasons`, which tables do not hold, labels come nearly twice as fast. A `batch` of 1 gives each thread
    before the next one is taken.
    """
    plan = _plan(scheme, proposition, tasks, tier, accepted_error)
    pending: list[Thread] = []
    size = 0
    for thread in threads:
        pending.append(thread)
        size += len(thread.comments)
        if size >= batch:
            yield from _score(pending, plan, reasons=reasons)
            pending, size = [], 0
    yield from _score(pending, plan, reasons=reasons)


def score_again(
    scored: ScoredThread,
    thread: Thread,
    classifiers: Mapping[str, Classifier],
    *,
    accepted_error: float | None = None,
) -> ScoredThread:
    """Label anew what people changed in a thread; a label stays where a comment says, and answers, the same as before.

    Args:
        scored: The thread as it was, with its labels.
        thread: The thread as it is now. Nothing is inferred in it.
        classifiers: By task, those that gave the labels. A task without one abstains, and says that it is `MENDED`.
        accepted_error: As in `score`.

    Returns:
        The thread as it is now, with its labels.
    """
    levels = {task: _level(classifier, accepted_error) for task, classifier in classifiers.items()}
    plan = _Plan(classifiers=classifiers, levels=levels, scheme=None, proposition=scored.proposition or "")
    languages = text.languages(comment.text for comment in thread.comments)
    labels: list[Label] = []
    for task in dict.fromkeys((*scored.models, *(label.task for label in scored.labels))):
        before, now = _asked(task, scored.thread, plan), _asked(task, thread, plan)
        same = {name for name, item in now.items() if item == before.get(name)}
        labels += [label for label in scored.labels if label.task == task and label.comment_id in same]
        if task in classifiers:
            cases = [case for case in _cases(task, thread, languages, plan) if case.comment_id not in same]
            labels += _labels(task, cases, classifiers[task], level=levels[task], reasons=True)
        else:
            labels += [
                Label(comment_id=name, task=task, value=None, confidence=0.0, abstained=MENDED)
                for name in now
                if name not in same
            ]
    return replace(scored, thread=thread, labels=tuple(labels))


def classifiers(
    *,
    scheme: SchemeLike | None = None,
    proposition: str | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
) -> dict[str, Classifier]:
    """Return the classifiers that `score` asks with the same options, by task; their versions name the models."""
    return dict(_plan(scheme, proposition, tasks, tier, accepted_error).classifiers)


def classify(
    task: str,
    texts: Sequence[str],
    contexts: Sequence[str | None] | None = None,
    *,
    parents: Sequence[str | None] | None = None,
    tier: Tier = "auto",
    scheme: SchemeLike | None = None,
    accepted_error: float | None = None,
) -> "pd.DataFrame":
    """Label loose texts for one task.

    Args:
        task: `sentiment`, `stance` or `relation`.
        texts: The texts to label; English is taken for granted.
        contexts: One a text: the proposition (stance), the comment answered (relation), the mention that the sentiment
            is about or None (sentiment).
        parents: For stance, the text of the comment answered, "" at a root.
        tier: `fast`, `accurate` or `auto`.
        scheme: For stance, the scheme in whose camps to answer; without one, favor | against | none.
        accepted_error: As in `score`.

    Returns:
        A row a text: `value` (missing where it abstained), `confidence`, and one `p_<value>` a value, summing to one.

    Raises:
        OptionError: An unknown task, tier, scheme or level, or lists of different lengths.
    """
    import pandas as pd

    classifier = _classifier(task, tier, _scheme(scheme) if scheme is not None else None)
    level = _level(classifier, accepted_error)
    cases = [_loose(str(row), item) for row, item in enumerate(_items(task, texts, contexts, parents))]
    labels = _labels(task, cases, classifier, level=level, complete=True)
    data: dict[str, object] = {
        "value": pd.Series([label.value for label in labels], dtype="str"),
        "confidence": pd.Series([label.confidence for label in labels], dtype="float64"),
    }
    for value in classifier.values:
        data[f"p_{value}"] = pd.Series([label.probabilities[value] for label in labels], dtype="float64")
    return pd.DataFrame(data)


def score_frame(
    frame: "pd.DataFrame",
    text: str = "text",
    parent: str | None = None,
    *,
    proposition: str | None = None,
    scheme: SchemeLike | None = None,
    tasks: Sequence[str] | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
) -> "pd.DataFrame":
    """Add label columns to a table of comments: `<task>`, `<task>_confidence`, `<task>_abstained`, `<task>_p_<value>`.

    Args:
        frame: A row a comment; it stays as it is.
        text: Column of the comments' texts.
        parent: Column of the texts of the comments answered, empty at a root; without it no relation is labelled.
        proposition: As in `score`, like all that follow.
        scheme: A stance scheme.
        tasks: Names of tasks.
        tier: Tier of the models.
        accepted_error: Share of wrong answers that is acceptable.

    Returns:
        A copy of `frame` with the columns added, its index kept.

    Raises:
        OptionError: A column, task, tier, scheme or level that does not exist.
    """
    import pandas as pd

    plan = _plan(scheme, proposition, tasks, tier, accepted_error)
    comments = _column(frame, text)
    answered = _column(frame, parent) if parent else [None] * len(frame)
    cases = [
        _loose(str(row), Item(text=comment, proposition=plan.proposition, parent=other or ""))
        for row, (comment, other) in enumerate(zip(comments, answered, strict=True))
    ]
    cells: dict[str, dict[int, Label]] = {task: {} for task in plan.classifiers}
    for start in range(0, len(cases), BATCH):  # all tasks for some rows, since they share what is read of them
        for task, classifier in plan.classifiers.items():
            some = [case for case in cases[start : start + BATCH] if case.item.parent or task != "relation"]
            labels = _labels(task, some, classifier, level=plan.levels[task], complete=True)
            cells[task].update((int(label.comment_id), label) for label in labels)
    added: dict[str, pd.Series] = {}
    for task, classifier in plan.classifiers.items():
        added |= _columns(task, classifier, [cells[task].get(row) for row in range(len(frame))], frame.index)
    return frame.assign(**added)


def _plan(
    scheme: SchemeLike | None,
    proposition: str | None,
    tasks: Sequence[str] | None,
    tier: Tier,
    accepted_error: float | None,
) -> _Plan:
    chosen = _scheme(scheme) if scheme is not None else None
    about = proposition or (chosen.proposition if chosen else "")
    names = list(plugin.tasks()) if tasks is None else list(dict.fromkeys(tasks))
    if not about and tasks is None:
        names.remove("stance")
    if not about and "stance" in names:
        raise OptionError("a stance is about something: give a scheme or a proposition")
    asked = {name: _classifier(name, tier, chosen if name == "stance" else None) for name in names}
    return _Plan(
        classifiers=asked,
        levels={name: _level(classifier, accepted_error) for name, classifier in asked.items()},
        scheme=chosen,
        proposition=about,
    )


def _scheme(given: SchemeLike) -> Scheme:
    return given if isinstance(given, Scheme) else schemes.load(given)


def _classifier(task: str, tier: Tier, scheme: Scheme | None) -> Classifier:
    if task not in plugin.tasks():
        raise OptionError(f"unknown task {task!r}; there are {', '.join(plugin.tasks())}")
    if tier not in get_args(Tier):
        raise OptionError(f"unknown tier {tier!r}; there are {', '.join(get_args(Tier))}")
    if scheme is not None and task != "stance":
        raise OptionError(f"a scheme is for stance, not for {task}; leave it out")
    return plugin.tasks()[task].classifier(tier, scheme)


def _level(classifier: Classifier, accepted_error: float | None) -> float:
    """Return the confidence that an answer needs for an accepted share of wrong ones."""
    if accepted_error is None:
        return classifier.threshold
    if not 0 < accepted_error <= 1:
        raise OptionError(f"an accepted error is a share of the answers, above 0 and up to 1, not {accepted_error}")
    if accepted_error == 1:
        return 0.0
    stated = {float(share): least for share, least in classifier.thresholds.items()}
    within = [share for share in stated if share <= accepted_error]
    if not within:
        raise OptionError(
            f"accepted error {accepted_error}: the smallest that was measured is {min(stated)}; give that"
        )
    return stated[max(within)]


def _score(threads: Sequence[Thread], plan: _Plan, *, reasons: bool) -> Iterator[ScoredThread]:
    threads = [links.infer(thread) for thread in threads]
    languages = [text.languages(comment.text for comment in thread.comments) for thread in threads]
    labels: list[list[Label]] = [[] for _ in threads]
    for task, classifier in plan.classifiers.items():
        cases = [list(_cases(task, *each, plan)) for each in zip(threads, languages, strict=True)]
        every = [case for group in cases for case in group]
        found = iter(_labels(task, every, classifier, level=plan.levels[task], reasons=reasons))
        for group, target in zip(cases, labels, strict=True):
            target += [next(found) for _ in group]
    for thread, found_here in zip(threads, labels, strict=True):
        yield ScoredThread(
            thread=thread,
            labels=tuple(found_here),
            scheme=plan.scheme.name if plan.scheme and "stance" in plan.classifiers else None,
            proposition=plan.proposition if "stance" in plan.classifiers else None,
            models={task: classifier.version for task, classifier in plan.classifiers.items()},
        )


def _cases(task: str, thread: Thread, languages: Sequence[str | None], plan: _Plan) -> Iterator[_Case]:
    asked = _asked(task, thread, plan)
    known = (None, *plugin.languages(plan.classifiers[task]))
    for comment, language in zip(thread.comments, languages, strict=True):
        if item := asked.get(comment.id):
            foreign = language not in known and bool(item.text.strip())
            yield _Case(
                comment_id=comment.id, item=item, abstained=f"language: {language}" if foreign else _missing(task, item)
            )


def _asked(task: str, thread: Thread, plan: _Plan) -> dict[str, Item]:
    """Return what a task looks at in a thread, by the ids of the comments that it labels."""
    texts = {comment.id: _words(comment) for comment in thread.comments}
    return {
        comment.id: Item(text=comment.text, proposition=plan.proposition, parent=texts.get(comment.parent_id or "", ""))
        for comment in thread.comments
        if comment.kind == "comment"
        and comment.status != "deleted"
        and (task != "relation" or comment.parent_id is not None)
    }


def _words(comment: Comment) -> str:
    return comment.text if comment.kind == "comment" and comment.status != "deleted" else ""


def _missing(task: str, item: Item) -> str | None:
    if not item.text.strip():
        return "empty"
    return "empty parent" if task == "relation" and not item.parent.strip() else None


def _loose(row: str, item: Item) -> _Case:
    return _Case(comment_id=row, item=item, abstained=None if item.text.strip() else "empty")


def _labels(
    task: str,
    cases: Sequence[_Case],
    classifier: Classifier,
    *,
    level: float,
    reasons: bool = False,
    complete: bool = False,
) -> list[Label]:
    """Label cases in slices of `BATCH`; `complete` computes probabilities for those that abstain, too.

    Answers that are less sure than `level` abstain.
    """
    labels: list[Label] = []
    for start in range(0, len(cases), BATCH):
        some = cases[start : start + BATCH]
        asked = [case.item for case in some if complete or not case.abstained]
        answers = iter(classifier.probabilities(asked).tolist() if asked else [])
        for case in some:
            row: list[float] = next(answers) if complete or not case.abstained else []
            labels.append(_label(task, case, row, classifier, level=level, reasons=reasons))
    return labels


def _label(task: str, case: _Case, row: list[float], classifier: Classifier, *, level: float, reasons: bool) -> Label:
    confidence = max(row, default=0.0)
    best = classifier.values[row.index(confidence)] if row else None
    abstained = case.abstained or ("unsure" if confidence < level else None)
    return Label(
        comment_id=case.comment_id,
        task=task,
        value=None if abstained else best,
        confidence=confidence,
        probabilities=dict(zip(classifier.values, row, strict=False)),
        reasons=classifier.reasons(case.item, best) if reasons and best else (),
        abstained=abstained,
    )


def _items(
    task: str,
    texts: Sequence[str],
    contexts: Sequence[str | None] | None,
    parents: Sequence[str | None] | None,
) -> list[Item]:
    columns: dict[str, Sequence[str | None]] = {"text": texts}
    for name, field, given in (("contexts", plugin.tasks()[task].CONTEXT, contexts), ("parents", "parent", parents)):
        if given is not None and len(given) != len(texts):
            raise OptionError(f"{name}: {len(given)} for {len(texts)} texts; give one for each")
        if given is not None:
            columns[field] = given
    return [
        Item(**{field: _plain(value) for field, value in zip(columns, row, strict=True)})
        for row in zip(*columns.values(), strict=True)
    ]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _column(frame: "pd.DataFrame", name: str) -> list[str]:
    if name not in frame.columns:
        raise OptionError(f"the table has no column {name!r}; there are {', '.join(map(str, frame.columns))}")
    return [_plain(value) for value in frame[name].tolist()]


def _columns(
    task: str, classifier: Classifier, labels: Sequence[Label | None], index: "pd.Index[int]"
) -> dict[str, "pd.Series"]:
    import pandas as pd

    cells: dict[str, list[object]] = {name: [] for name in frames.label_columns(task, classifier.values)}
    for label in labels:
        cells[task].append(label.value if label else None)
        cells[f"{task}_confidence"].append(label.confidence if label else None)
        cells[f"{task}_abstained"].append(label.abstained if label else None)
        for value in classifier.values:
            cells[f"{task}_p_{value}"].append(label.probabilities[value] if label else None)
    types = frames.label_columns(task, classifier.values)
    return {name: pd.Series(values, index=index, dtype=types[name]) for name, values in cells.items()}
