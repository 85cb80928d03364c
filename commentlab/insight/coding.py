"""Several coders' labels of the same comments."""

from collections.abc import Mapping, Sequence

import pandas as pd


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
