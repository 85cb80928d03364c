"""What was found, in three sentences that are made of counts and quotes alone."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from commentlab import text
from commentlab.frames import rows
from commentlab.insight.labels import ABSTAINED, Sides

FEW = 20
"""Below this many comments a sentence gives counts, not percentages."""
LONGEST = 240
"""Characters of a quote within a sentence; a longer one is cut at a word, which three dots show."""


def answer(written: pd.DataFrame, camps: pd.DataFrame, relations: pd.DataFrame, flips: pd.DataFrame) -> str:
    """Return how many stand where, and how they answer each other."""
    people = int(written.dropna(subset=["author"]).groupby(["thread_id", "author"]).ngroups)
    head = f"{count(len(written), 'comment')} by {count(people, 'person', 'people')}"
    if not people:
        head = f"{count(len(written), 'comment')}, no authors named"
    parts = [_share(row, len(written)) for row in rows(camps) if row["comments"]]
    counted = dict(zip(relations["relation"], relations["comments"], strict=True)) if len(relations) else {}
    turns = [count(int(counted[name]), f"{name}ment") for name in ("disagree", "agree") if name in counted]
    if len(flips):
        changed = flips[["thread_id", "author"]].drop_duplicates()
        turns.append(f"{count(len(changed), 'person', 'people')} changed their mind")
    sentence = f"{head}: {', '.join(parts)}" if parts else head
    return f"{sentence}; {', '.join(turns)}." if turns else f"{sentence}."


def movement(exchanges: pd.DataFrame, conversations: pd.DataFrame, turns: pd.DataFrame, questions: int) -> str:
    """Return what happens between the camps."""
    parts = []
    if len(exchanges):
        known = exchanges[(exchanges["camp"] != ABSTAINED) & (exchanges["parent_camp"] != ABSTAINED)]
        both, same = _total(known), _total(known[known["camp"] == known["parent_camp"]])
        words = f"of {count(_total(exchanges), 'answer')} to comments"
        stay, cross = "stays" if same == 1 else "stay", "crosses" if both - same == 1 else "cross"
        parts.append(f"{words}, {same} {stay} within a camp, {both - same} {cross} to another")
        told = rows(known[known["relation"] != ABSTAINED])
        top = max(told, key=lambda row: int(row["comments"]), default=None)
        if top and top["comments"] > 1:
            kind = f"{top['camp']} answers {top['parent_camp']} ({top['relation']})"
            parts.append(f"most often {kind}, {top['comments']} times")
    if len(conversations):
        verb = "argues" if len(conversations) == 1 else "argue"
        parts.append(f"{count(len(conversations), 'pair')} of people {verb} to and fro across the camps")
    if len(turns):
        parts.append(f"the balance turns in {count(len(turns), 'thread')}")
    if questions:
        parts.append(f"{count(questions, 'comment')} {'asks' if questions == 1 else 'ask'} what nobody answered")
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if parts else ""


def quoting(voices: pd.DataFrame, sides: Sides) -> str:
    """Return the most telling sentence of the first voice of each camp that takes a side."""
    first = voices.drop_duplicates("camp")
    parts = [_quote(voice) for voice in rows(first) if sides.get(voice["camp"]) != "none"]
    return f"In their words, {'; '.join(parts)}." if parts else ""


def _quote(voice: Mapping[str, Any]) -> str:
    who = f"{voice['author'] or 'not named'}, comment {voice['comment_id']}"
    return f"{voice['camp']}: “{text.shorten(voice['sentence'], LONGEST)}” ({who})"


def _total(exchanges: pd.DataFrame) -> int:
    return int(exchanges["comments"].sum())


def _share(row: Mapping[str, Any], total: int) -> str:
    if total < FEW:
        return f"{row['comments']} {_named(row['camp'])}"
    return f"{100 * row['share']:.0f} % (±{50 * (row['high'] - row['low']):.0f}) {_named(row['camp'])}"


def _named(camp: str) -> str:
    return "unclear" if camp == ABSTAINED else camp


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
