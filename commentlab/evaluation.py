"""Labels that people gave against those of the classifiers: what `commentlab evaluate` does."""

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from commentlab import frames, insight, labelled, measures, plugin, schemes, scoring, text
from commentlab.errors import InputError, OptionError, UnreadableError
from commentlab.labelled import Table
from commentlab.measures import Agreement, Bin, Places
from commentlab.models.linear import Floats
from commentlab.plugin import Tier
from commentlab.records import Scheme

if TYPE_CHECKING:
    import pandas as pd

CODERS = ("label", "coder")
"""What the names of columns with labels begin with."""
BAR = 40
"""Characters of the longest bar."""
LISTED, QUOTED = 10, 60
"""How many divided texts are printed, and how many characters of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure with the interval in which it lies with 95 % probability."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it as a few words."""
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """How well one value is found: labels of people, answers, precision, recall, F1."""

    value: str
    labels: int
    answers: int
    precision: float
    recall: float
    f1: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One text: its line, the label of people, the most likely value, its confidence, whether it was answered."""

    line: int
    label: str
    best: str
    confidence: float
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """One text over which coders and the classifier differ: its line, its text, and the label of each who gave one."""

    line: int
    text: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How labels of people and of a classifier compare.

    All but `answered` and `accuracy_answered` take the most likely value where the classifier abstains. `confusion` has
    a row for each value that people gave, a column for each answer. `agreement` is that of the classifier with the
    people, `coders` that among the people, None where there is only one. `divided` begins with what divides most, and
    then with that of which the classifier was surest.
    """

    source: str
    task: str
    values: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    classes: tuple[Class, ...]
    macro_f1: Figure
    accuracy: Figure
    agreement: Agreement
    coders: Agreement | None
    calibration_error: float
    calibration: tuple[Bin, ...]
    answered: float
    accuracy_answered: float | None
    answers: tuple[Answer, ...]
    divided: tuple[Divided, ...]

    def __str__(self) -> str:
        """Return the result as lines of text."""
        return "\n".join(_lines(self))


def evaluate(
    path: str | os.PathLike[str],
    *,
    task: str = "stance",
    scheme: str | None = None,
    proposition: str | None = None,
    tier: Tier = "auto",
    accepted_error: float | None = None,
) -> Evaluation:
    """Compare labels in a table with those of a classifier.

    Args:
        path: A CSV file with the columns `text` and `label`, further columns of labels whose names begin with `label`
            or `coder`, and what the task looks at: `proposition` and `parent` (stance), `parent` (relation), `mention`
            (sentiment). Without a column `label`, the first coder is the reference. Columns `group`, `thread` or
            `author` say what is drawn together for the intervals.
        task: `stance`, `relation` or `sentiment`.
        scheme: For stance, the scheme in whose camps the labels are.
        proposition: For stance, what it is about where no column says so; a scheme has one of its own.
        tier: `fast`, `accurate` or `auto`.
        accepted_error: As in `score`.

    Raises:
        InputError: The table is broken or has an unknown label; the message names the line.
        OptionError: An unknown task, tier, scheme or level.
    """
    table = labelled.read(path, ("text",))
    known = schemes.load(scheme) if scheme else None
    if task not in plugin.tasks():
        raise OptionError(f"unknown task {task!r}; there are {', '.join(plugin.tasks())}")
    values = known.values if known else plugin.tasks()[task].VALUES
    coders = _coders(table, values)
    reference = next(iter(coders.values()))
    table, coders = _kept(table, coders, [label is not None for label in reference])
    found = _answers(table, task, known, proposition, tier=tier, accepted_error=accepted_error)
    return _compared(table, task, values, coders, found)


def _coders(table: Table, values: Sequence[str]) -> dict[str, list[str | None]]:
    """Return the labels by the column that holds them, the reference first."""
    columns = [name for name in table.columns if name.startswith(CODERS)]
    if not columns:
        message = f"line 1: column 'label' is missing; there are {', '.join(table.columns)}: add or rename one"
        raise InputError(table.source, message)
    columns.sort(key=lambda name: name != "label")
    return {name: [labelled.label(table, row, values, name) for row in table.rows] for name in columns}


def _kept(
    table: Table, coders: dict[str, list[str | None]], chosen: Sequence[bool]
) -> tuple[Table, dict[str, list[str | None]]]:
    """Leave out the rows that the reference does not label."""
    if not any(chosen):
        raise InputError(table.source, f"column {next(iter(coders))!r} holds no label; label some texts")
    rows = tuple(row for row, keep in zip(table.rows, chosen, strict=True) if keep)
    labels = {name: [label for label, keep in zip(each, chosen, strict=True) if keep] for name, each in coders.items()}
    return Table(source=table.source, columns=table.columns, rows=rows), labels


def _answers(
    table: Table,
    task: str,
    scheme: Scheme | None,
    proposition: str | None,
    **options: Any,
) -> "pd.DataFrame":
    column = plugin.tasks()[task].CONTEXT
    contexts = [row.cells.get(column, "") for row in table.rows]
    if task == "stance":
        about = proposition or (scheme.proposition if scheme else "")
        contexts = [context or about for context in contexts]
    empty = next((row.line for row, context in zip(table.rows, contexts, strict=True) if not context), None)
    if empty and task != "sentiment":
        way = "; fill it in" if task == "relation" else "; fill it in, or give --proposition or --scheme"
        raise InputError(table.source, f"line {empty}: there is no {column}, which {task} is about{way}")
    parents = [row.cells.get("parent", "") for row in table.rows] if task == "stance" else None
    texts = [row.cells["text"] for row in table.rows]
    return scoring.classify(task, texts, contexts, parents=parents, scheme=scheme, **options)


def _compared(
    table: Table, task: str, values: tuple[str, ...], coders: dict[str, list[str | None]], found: "pd.DataFrame"
) -> Evaluation:
    shares = found[[f"p_{value}" for value in values]].to_numpy()
    best, sure = shares.argmax(axis=1), shares.max(axis=1)
    reference = [str(label) for label in next(iter(coders.values()))]
    labels = np.array([values.index(label) for label in reference])
    group = table.group()
    groups = [(group and row.cells[group]) or f"line {row.line}" for row in table.rows]
    answered = found["value"].notna().to_numpy()
    right = best == labels
    machine: list[str | None] = [values[place] for place in best]
    return Evaluation(
        source=table.source,
        task=task,
        values=values,
        confusion=tuple(tuple(row) for row in measures.confusion(labels, best, len(values)).tolist()),
        classes=tuple(_class(place, value, labels, best, groups) for place, value in enumerate(values)),
        macro_f1=_figure(measures.macro_f1, labels, best, groups),
        accuracy=_figure(measures.accuracy, labels, best, groups),
        agreement=measures.agreement({"people": list(reference), "commentlab": machine}),
        coders=measures.agreement(coders) if len(coders) > 1 else None,
        calibration_error=round(measures.calibration_error(sure, right), 4),
        calibration=tuple(measures.bins(sure, right)),
        answered=round(float(answered.mean()), 4),
        accuracy_answered=round(float(right[answered].mean()), 4) if answered.any() else None,
        answers=tuple(
            Answer(line=row.line, label=label, best=str(answer), confidence=round(confidence, 4), answered=given)
            for row, label, answer, confidence, given in zip(
                table.rows, reference, machine, sure.tolist(), answered.tolist(), strict=True
            )
        ),
        divided=tuple(_divided(table, coders | {"commentlab": machine}, sure)),
    )


def _divided(table: Table, coders: dict[str, list[str | None]], sure: Floats) -> Iterator[Divided]:
    order = np.argsort(-sure, kind="stable").tolist()
    labels = {coder: [given[place] for place in order] for coder, given in coders.items()}
    for row in frames.rows(insight.disagreements(labels, [str(place) for place in order])):
        said = table.rows[int(row["item"])]
        given = {coder: row[coder] for coder in coders if row[coder] is not None}
        yield Divided(line=said.line, text=said.cells["text"], labels=given)


def _class(place: int, value: str, labels: Places, best: Places, groups: Sequence[str]) -> Class:
    hits = int(((labels == place) & (best == place)).sum())
    given, answers = int((labels == place).sum()), int((best == place).sum())
    return Class(
        value=value,
        labels=given,
        answers=answers,
        precision=round(hits / answers, 4) if answers else 0.0,
        recall=round(hits / given, 4) if given else 0.0,
        f1=_figure(lambda some, others: measures.f1(some, others, place), labels, best, groups),
    )


def _figure(measure: measures.Measure, labels: Places, best: Places, groups: Sequence[str]) -> Figure:
    low, high = measures.interval(labels, best, groups, measure)
    return Figure(value=round(measure(labels, best), 4), low=round(low, 4), high=round(high, 4))


def write(found: Evaluation, out: str | os.PathLike[str]) -> None:
    """Write the figures as JSON, or the answer for every text as CSV, by the suffix of the file.

    Raises:
        OptionError: The suffix is neither.
        UnreadableError: The file cannot be written.
    """
    path = Path(out)
    data: dict[str, Any] = asdict(found)
    answers = data.pop("answers")
    del data["divided"]  # texts; the answers say which they are
    if path.suffix == ".json":
        content = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    elif path.suffix == ".csv":
        buffer = io.StringIO()
        rows = csv.DictWriter(buffer, list(answers[0]), lineterminator="\n")
        rows.writeheader()
        rows.writerows(answers)
        content = buffer.getvalue()
    else:
        raise OptionError(f"an evaluation cannot be written as {path.suffix!r}; name the file .json or .csv")
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise UnreadableError(str(path), f"it cannot be written: {error.strerror or error}") from error


def _lines(found: Evaluation) -> Iterator[str]:
    yield f"{len(found.answers)} texts of {found.source}, {found.task}"
    yield ""
    yield from _matrix(found)
    yield ""
    wide = max(len(value) for value in found.values) + 2
    yield f"{'':<{wide}}{'labels':>7}{'answers':>9}{'precision':>11}{'recall':>8}   F1 (95 % interval)"
    for each in found.classes:
        counts = f"{each.labels:>7}{each.answers:>9}{each.precision:>11.3f}{each.recall:>8.3f}"
        yield f"{each.value:<{wide}}{counts}   {each.f1}"
    yield ""
    yield f"Macro F1            {found.macro_f1}"
    yield f"Accuracy            {found.accuracy}"
    yield _agreed("Agreement", found.agreement)
    if found.coders:
        yield _agreed("Among the people", found.coders)
    share = "" if found.accuracy_answered is None else f", accuracy there {found.accuracy_answered:.3f}"
    yield f"Answered            {100 * found.answered:.0f} %{share}"
    yield f"Calibration error   {found.calibration_error:.3f}"
    yield ""
    yield "Confidence   texts   right"
    for part in found.calibration:
        expected = round(part.confidence * BAR)
        bar = "█" * round(part.accuracy * BAR)
        marked = bar.ljust(BAR)[:expected] + "|" + bar.ljust(BAR)[expected + 1 :]
        yield f"{part.low:.1f} to {part.high:.1f}{part.rows:>8}{part.accuracy:>8.2f}   {marked.rstrip()}"
    yield f"{'':<30}| is where the bar would end if the confidence were right"
    if found.divided:
        yield ""
        yield f"Labels differ over {len(found.divided)} of {len(found.answers)} texts"
        for some in found.divided[:LISTED]:
            given = ", ".join(f"{coder} {label}" for coder, label in some.labels.items())
            yield f"line {some.line}: {given}: {text.shorten(' '.join(some.text.split()), QUOTED)}"


def _matrix(found: Evaluation) -> Iterator[str]:
    wide = max(len(value) for value in found.values) + 2
    cells = [max(len(value), 6) + 2 for value in found.values]
    yield "Labels (rows), answers (columns)"
    yield " " * wide + "".join(f"{value:>{cell}}" for value, cell in zip(found.values, cells, strict=True))
    for value, row in zip(found.values, found.confusion, strict=True):
        yield f"{value:<{wide}}" + "".join(f"{count:>{cell}}" for count, cell in zip(row, cells, strict=True))


def _agreed(name: str, found: Agreement) -> str:
    alpha, kappa = ("not defined" if each is None else f"{each:.3f}" for each in (found.alpha, found.kappa))
    return f"{name:<20}Krippendorff's alpha {alpha}, Cohen's kappa {kappa} ({found.items} texts)"
