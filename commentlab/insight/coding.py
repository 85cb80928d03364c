"""Several coders' labels of the same comments."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from commentlab.records import Correction

CODER = "coder_"
"""What the columns of `coded` with the labels of a person begin with, as `commentlab evaluate` has it."""
FEW_THREADS = 5
"""Below this many threads, what one person wrote is what belongs together, instead of a thread."""
_FIRST = ("thread", "comment_id", "author", "text", "parent", "proposition", "reason", "label")


def coded(corrections: Iterable[Correction], task: str) -> pd.DataFrame:
    """Return what people said as a table that `commentlab train` and `commentlab evaluate` read.

    Args:
        corrections: The last word of each coder on each comment, in the order in which they were given.
        task: The task whose labels are wanted.

    Returns:
        A row a comment: `thread, comment_id, author, text, parent, proposition, reason` (why the comment was first
        looked at), `label` (the last word) and a column `coder_<name>` for each person, missing where one gave none.
    """
    found: dict[tuple[str | None, ...], dict[str, str | None]] = {}
    names: list[str] = []
    for each in corrections:
        if each.task != task or each.value is None:
            continue
        row = found.setdefault((each.thread_id, each.comment_id, each.mark, each.proposition), _row(each))
        name = CODER + each.coder
        names += [] if name in names else [name]
        row |= {"label": each.value, name: each.value}
    return pd.DataFrame(list(found.values()), columns=[*_FIRST, *names], dtype="str")


def grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `coded` so that what belongs together is not too few: threads, or authors in a few threads."""
    return table.drop(columns="thread") if table["thread"].nunique() < FEW_THREADS else table


def _row(correction: Correction) -> dict[str, str | None]:
    return {
        "thread": correction.thread_id,
        "comment_id": correction.comment_id,
        "author": correction.author,
        "text": correction.text,
        "parent": correction.parent,
        "proposition": correction.proposition,
        "reason": correction.reason,
    }


def disagreements(labels: Mapping[str, Sequence[str | None]], items: Sequence[str]) -> pd.DataFrame:
    """List the items to which coders gave different labels; a classifier is one more coder.

    Args:
        labels: The labels of each coder, in the order of the items, None where one gave none.
        items: Ids of the items.

    Returns:
        `item`, a column for each coder, and `labels`, how many different ones there are; the most divided first.
    """
    table = pd.DataFrame({"item": list(items), **{coder: list(given) for coder, given in labels.items()}})
    table["labels"] = table[list(labels)].nunique(axis=1)
    divided = table[table["labels"] > 1]
    return divided.sort_values("labels", ascending=False, kind="stable", ignore_index=True)
