"""Which comments are shown: what was asked for, as the page's address states it, and the comments that are like it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from commentlab import text
from commentlab.dashboard import wording
from commentlab.dashboard.wording import ABSTAINED

Places = dict[str, list[tuple[int, int]]]
"""By the id of a comment: where in it what was searched for begins and ends, in characters."""

_QUOTED = re.compile(r"^[“\"](.+)[”\"]$")
_VALUES = ("camp", "relation", "sentiment", "author", "parent_camp", "parent_author", "sure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a comment has to be like to be shown; a field that is empty asks for nothing.

    Attributes:
        text: Words that follow each other in the comment; the last may go on, unless all of them stand in quotes.
        camp: Camps, any of which will do; `wording.ABSTAINED` for comments without an answer.
        relation: Relations to the comment answered.
        sentiment: Tones.
        author: Who wrote it.
        parent_camp: Camps of the comment answered.
        parent_author: Who wrote the comment answered.
        since: The earliest time (UTC, without a zone).
        until: The time (UTC, without a zone) before which it was written.
        sure: Words of `wording.SURE` for the confidence of the camp.
    """

    text: str = ""
    camp: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    parent_camp: tuple[str, ...] = ()
    parent_author: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    sure: tuple[str, ...] = ()


def of(values: Mapping[str, Any]) -> Filter:
    """Return what widgets of these names ask for; a name without a value asks for nothing."""
    given = {field.name: values.get(field.name) for field in fields(Filter)}
    frozen: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return replace(Filter(), **{name: value for name, value in frozen.items() if value})


def held(wanted: Filter) -> dict[str, Any]:
    """Return by name what the widgets hold that ask for this."""
    values = {field.name: getattr(wanted, field.name) for field in fields(Filter)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def address(wanted: Filter) -> dict[str, list[str]]:
    """Return the parameters of an address that asks for this; those that ask for nothing are left out."""
    return {name: _words(value) for name, value in held(wanted).items() if value}


def shown(comments: pd.DataFrame) -> pd.Series:
    """Tell which rows are comments that are shown: no pingbacks, nothing deleted."""
    return (comments["kind"] == "comment") & (comments["status"] == "shown")


def matching(comments: pd.DataFrame, wanted: Filter) -> list[str]:
    """Return the ids of the comments of one thread that are as wanted, in the order of the table.

    Args:
        comments: The table `comments`, the rows of one thread.
        wanted: What they have to be like; a label that nobody gave is like nothing.
    """
    known = _columns(comments)
    kept = shown(comments)
    for name in _VALUES:
        if asked := getattr(wanted, name):
            kept &= known[name].isin(asked)
    if wanted.text.strip():
        kept &= comments["text"].fillna("").str.contains(_pattern(wanted.text))
    if wanted.since:
        kept &= comments["published"] >= wanted.since.replace(tzinfo=UTC)
    if wanted.until:
        kept &= comments["published"] < wanted.until.replace(tzinfo=UTC)
    found: list[str] = comments.loc[kept, "comment_id"].tolist()
    return found


def places(comments: pd.DataFrame, words: str) -> Places:
    """Return for each of some comments where the text of a filter stands in it; nowhere if it asks for nothing."""
    said = zip(comments["comment_id"], comments["text"].fillna(""), strict=True)
    if not words.strip():
        return {name: [] for name, _ in said}
    pattern = _pattern(words)
    return {name: [hit.span() for hit in pattern.finditer(each)] for name, each in said}


def _columns(comments: pd.DataFrame) -> pd.DataFrame:
    """Return what a filter asks of each comment and of the comment that it answers, missing where there is none."""
    table = pd.DataFrame({"author": comments["author"], "camp": _answers(comments, "stance")})
    for task in ("relation", "sentiment"):
        table[task] = _answers(comments, task)
    sure = table["camp"].where(table["camp"] != ABSTAINED)
    if "stance" in comments:
        sure = comments["stance_confidence"].where(sure.notna()).map(wording.confidence, na_action="ignore")
    table["sure"] = sure
    parents = table.set_index(comments["comment_id"])
    for name in ("camp", "author"):
        table[f"parent_{name}"] = comments["parent_id"].map(parents[name])
    return table


def _answers(comments: pd.DataFrame, task: str) -> pd.Series:
    if task not in comments:
        return pd.Series(pd.NA, index=comments.index, dtype="str")
    asked = comments[f"{task}_confidence"].notna()
    return comments[task].astype("str").where(comments[task].notna() | ~asked, ABSTAINED)


def _pattern(words: str) -> re.Pattern[str]:
    whole = _QUOTED.match(words.strip())
    said = text.words(whole[1] if whole else words)
    # Words are what `text.words` finds: what was typed without any is looked for as it stands.
    pattern = r"\W+".join(map(re.escape, said)) if said else re.escape(words.strip())
    start, end = (r"(?<!\w)" if said else "", r"(?!\w)" if whole and said else "")
    return re.compile(f"{start}{pattern}{end}", re.I)


def _words(value: Any) -> list[str]:
    if isinstance(value, datetime):
        return [value.isoformat(timespec="minutes")]
    return value if isinstance(value, list) else [str(value)]
