"""Threads, months, sources or people of a corpus as rows, each with a small picture of its camps."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from commentlab.corpus import Corpus
from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.frames import rows
from commentlab.insight import By
from commentlab.insight.labels import ABSTAINED
from commentlab.reporting.colours import colours

_LEADS: dict[By, str] = {
    "thread": "Open the discussion",
    "month": "The threads of this month",
    "source": "The threads of this source",
    "author": "The threads of this person",
}


def draw(data: dict[str, Any], on_pick: Callable[[], None], *, key: str) -> str | None:
    """Draw the rows and return the key of the group that was just opened.

    When `on_pick` is called, `st.session_state[key]["picked"]` are the groups to compare.
    """
    found = part("groups")(
        key=key,
        data=data,
        default={"picked": data["picked"]},
        on_picked_change=on_pick,
        on_opened_change=_nothing,
    )
    opened: str | None = found.opened
    return opened


def describe(corpus: Corpus, by: By, found: pd.DataFrame, picked: Sequence[str]) -> dict[str, Any]:
    """Return `camps` (`title, colour`), `rows` (`id, name, note, number, shares, most`), what is `picked`, and `leads`.

    Args:
        corpus: Where the groups come from.
        by: What makes a group.
        found: `corpus.groups`.
        picked: The keys of the groups that are compared.
    """
    colour = colours({**corpus.sides})
    camps = [{"title": wording.camp(camp), "colour": colour[camp]} for camp in corpus.camps]
    return {
        "camps": camps,
        "rows": [_row(row, corpus.camps) for row in rows(found)],
        "picked": [key for key in picked if key in set(found["key"])],
        "leads": _LEADS[by],
    }


def _row(row: dict[str, Any], camps: Sequence[str]) -> dict[str, Any]:
    most = max(camps, key=lambda camp: (camp != ABSTAINED and row[camp] > 0, row[camp]), default=None)
    return {
        "id": row["key"],
        "name": name(row),
        "note": " · ".join(filter(None, (wording.span(row["first"], row["last"]), row.get("source")))),
        "number": wording.count(row["comments"], "comment"),
        "shares": [round(100 * row[camp] / row["comments"], 1) for camp in camps],
        "most": f"{wording.camp(most)} {100 * row[most] / row['comments']:.0f} %" if most else "",
    }


def name(row: dict[str, Any]) -> str:
    """Return what a group is called: a thread by its title, or by where it lies where it has none."""
    return str(row.get("title") or row.get("source") or row["key"])


def _nothing() -> None:
    """Streamlit reports a trigger only where somebody listens."""
