"""Comments that were found in a corpus as data for the browser."""

from typing import Any

import pandas as pd

from commentlab import text
from commentlab.corpus import Corpus
from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.frames import rows
from commentlab.insight.labels import ABSTAINED
from commentlab.reporting.colours import colours

LONGEST = 600
"""Characters of a comment that are shown; its discussion has all of it."""
_SHADES = {"": "hollow", "#0072B2": "deep", "#F0E442": "pale"}


def draw(data: dict[str, Any], *, key: str) -> tuple[str, str] | None:
    """Draw the comments and return the ids of the thread and of the comment that was just clicked."""
    place = part("hits")(key=key, data=data, on_opened_change=_nothing).opened
    return (place[0], place[1]) if place else None


def describe(corpus: Corpus, found: pd.DataFrame, words: str) -> dict[str, Any]:
    """Return the comments (`thread, id, author, camp, colour, note, title, text`) and the words to mark in them.

    Args:
        corpus: Where they come from.
        found: `corpus.comments`.
        words: What was looked for.
    """
    colour = colours({**corpus.sides})
    return {"words": words.lower().split(), "hits": [_hit(row, colour, words) for row in rows(found)]}


def _hit(row: dict[str, Any], colour: dict[str, str], words: str) -> dict[str, Any]:
    camp = row["camp"]
    shade = colour.get(camp or "", "")
    sure = f"{100 * row['stance_confidence']:.0f} % sure" if row["stance_confidence"] and camp != ABSTAINED else None
    relation = wording.RELATIONS.get(row["relation"] or "")
    return {
        "thread": row["thread_id"],
        "id": row["comment_id"],
        "author": row["author"] or "Not named",
        "camp": wording.camp(camp) if camp else "",
        "colour": shade,
        "shade": _SHADES.get(shade, ""),
        "note": " · ".join(filter(None, (sure, relation, wording.day(row["published"])))),
        "title": row["title"] or "",
        "text": _around(row["text"] or "", words),
    }


def _around(said: str, words: str) -> str:
    """Return the part of a long comment in which the first of the words stands."""
    place = min((said.lower().find(word) for word in words.lower().split() if word in said.lower()), default=0)
    start = max(0, place - LONGEST // 3) if place > LONGEST // 2 else 0
    return ("… " if start else "") + text.shorten(said[start:], LONGEST)


def _nothing() -> None:
    """Streamlit reports a trigger only where somebody listens."""
