"""What a report holds: the tables of findings, put in the order in which they are read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from commentlab import insight, structure
from commentlab.frames import Frames, rows, to_frames
from commentlab.insight.labels import written
from commentlab.records import Label, ScoredThread, Side
from commentlab.reporting import cards, charts
from commentlab.reporting.colours import colours

GLYPHS = {"agree": "＋", "disagree": "－", "query": "？", "neutral": "·"}
LISTED = 12
"""Rows of a list that are printed; how many more there are stands below."""
SIDE_BY_SIDE = 50
"""Threads that are compared in one table, the largest."""
_DEEPEST_INDENT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the templates show; tables are lists of rows, `charts` holds pictures by their names."""

    sentences: tuple[str, ...]
    camps: list[dict[str, Any]]
    matrix: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    lists: dict[str, list[dict[str, Any]]]
    more: dict[str, int]
    voices: list[dict[str, Any]]
    notes: dict[str, list[dict[str, Any]]]
    phrases: dict[str, list[dict[str, Any]]]
    compared: list[dict[str, Any]]
    read: dict[str, Any]
    threads: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    figures: list[cards.Figure]
    models: dict[str, str]
    colours: Mapping[str, str]
    anchors: Mapping[tuple[str, str], str]
    quotes: bool
    date: datetime


def contents(scored: Sequence[ScoredThread], *, quotes: bool) -> Contents:
    """Return what a report of some threads shows; without `quotes` no words of comments are among it."""
    frames = to_frames(scored)
    found = insight.findings(frames)
    sides: dict[str, Side | None] = {
        row["camp"]: row["side"] for row in rows(found.camps) if row["camp"] != "abstained"
    }
    colour = colours(sides)
    lists = {name: list(rows(getattr(found, name))) for name in _LISTS}
    models = {task: version for each in scored for task, version in each.models.items()}
    camps = list(rows(found.camps))
    return Contents(
        sentences=tuple(filter(None, (found.answer, found.movement, found.said if quotes else ""))),
        camps=[row | {"chart": charts.share(row, colour[row["camp"]])} for row in camps],
        matrix=_matrix(found.exchanges, [row["camp"] for row in camps]),
        timeline=_timeline(found.timeline, colour),
        levels=_pivot(found.levels, "depth"),
        lists={name: table[:LISTED] for name, table in lists.items()},
        more={name: len(table) - LISTED for name, table in lists.items() if len(table) > LISTED},
        voices=list(rows(found.voices)) if quotes else [],
        notes=_grouped(found.notes, "kind"),
        phrases=_grouped(found.phrases, "camp"),
        compared=_compared(frames),
        read=_read(frames, scored),
        threads=[_thread(number, each, colour) for number, each in enumerate(scored)],
        problems=list(rows(frames.problems)),
        figures=cards.figures(models),
        models=models,
        colours=colour,
        anchors=_anchors(scored),
        quotes=quotes,
        date=datetime.now(UTC),
    )


_LISTS = ("conversations", "flips", "contradictions", "turns")


def _read(frames: Frames, scored: Sequence[ScoredThread]) -> dict[str, Any]:
    """Return what was read and what was not."""
    comments = written(frames)
    stance = comments["stance"] if "stance" in comments else pd.Series(dtype="str")
    why = comments.loc[stance.isna(), "stance_abstained"] if len(stance) else stance
    return {
        "announced": sum(each.thread.declared_count or 0 for each in scored),
        "comments": len(comments),
        "pingbacks": int((frames.comments["kind"] != "comment").sum()),
        "hidden": len(frames.comments) - len(comments) - int((frames.comments["kind"] != "comment").sum()),
        "unsigned": int(comments["author"].isna().sum()),
        "undated": int(comments["published"].isna().sum()),
        "stated": int((comments["parent_origin"] == "stated").sum()),
        "inferred": int((comments["parent_origin"] == "inferred").sum()),
        "unclear": dict(Counter(why.fillna("not labelled")).most_common()),
        "languages": dict(Counter(comments["language"].fillna("unknown")).most_common()),
        "sources": sorted({(each.thread.source, each.thread.reader) for each in scored}),
    }


def _matrix(exchanges: pd.DataFrame, camps: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each camp that answers, with a cell for each that is answered: replies by relation."""
    cells: dict[tuple[str, str], Counter[str]] = {}
    for row in rows(exchanges):
        cells.setdefault((row["camp"], row["parent_camp"]), Counter())[row["relation"]] += row["comments"]
    named = [camp for camp in camps if any(camp in key for key in cells)]
    return [
        {"camp": camp, "cells": [{"parent_camp": other, "relations": cells.get((camp, other), {})} for other in named]}
        for camp in named
    ]


def _timeline(table: pd.DataFrame, colour: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the chart of each camp that has comments, over all periods between the first and the last."""
    dated = table.dropna(subset=["start"])
    most = int(dated["comments"].max()) if len(dated) else 0
    if not most or dated["start"].nunique() < 2:
        return []
    unit = {"hour": "h", "day": "D", "week": "W-MON", "month": "MS", "year": "YS"}[dated["unit"].iloc[0]]
    every = pd.date_range(dated["start"].min(), dated["start"].max(), freq=unit)
    charted = []
    for camp, group in dated.groupby("camp", sort=False):
        counts = group.set_index("start")["comments"].reindex(every, fill_value=0)
        periods = [{"camp": camp, "comments": int(number)} for number in counts]
        row = {"camp": camp, "unit": dated["unit"].iloc[0], "comments": int(counts.sum()), "most": int(counts.max())}
        row |= {"first": every[0], "last": every[-1], "chart": charts.timeline(periods, colour[str(camp)], most)}
        charted.append(row)
    return [row for row in charted if row["comments"]]


def _pivot(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, int]] = {}
    for row in rows(table):
        found.setdefault(row[key], {})[row["camp"]] = row["comments"]
    return [{key: value, "camps": camps} for value, camps in found.items()]


def _grouped(table: pd.DataFrame, key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(table):
        found.setdefault(row[key], []).append(row)
    return found


def _compared(frames: Frames) -> list[dict[str, Any]]:
    """Return the largest threads with their camps, where there are several."""
    if frames.threads["thread_id"].nunique() < 2:
        return []
    titles = {row["thread_id"]: row["title"] or row["source"] for row in rows(frames.threads)}
    groups = _grouped(insight.compare(frames, "thread"), "thread_id")
    found = [
        {"title": titles[name], "comments": sum(row["comments"] for row in camps), "camps": camps}
        for name, camps in groups.items()
    ]
    return sorted(found, key=lambda row: -row["comments"])[:SIDE_BY_SIDE]


def _anchors(scored: Sequence[ScoredThread]) -> dict[tuple[str, str], str]:
    return {
        (each.thread.id, comment.id): f"c{number}-{place}"
        for number, each in enumerate(scored)
        for place, comment in enumerate(each.thread.comments)
    }


def _thread(number: int, scored: ScoredThread, colour: Mapping[str, str]) -> dict[str, Any]:
    comments = scored.thread.comments
    labels: dict[str, dict[str, Label]] = {}
    for label in scored.labels:
        labels.setdefault(label.comment_id, {})[label.task] = label
    places = {comment.id: place for place, comment in enumerate(comments)}
    entries = [
        {
            "comment": comment,
            "anchor": f"c{number}-{places[comment.id]}",
            "indent": min(depth, _DEEPEST_INDENT),
            "labels": labels.get(comment.id, {}),
            "glyph": _glyph(labels.get(comment.id, {}).get("relation")),
        }
        for comment, depth in structure.walk(comments)
    ]
    drawn = charts.tree(comments, labels, colour)
    return {
        "scored": scored,
        "thread": scored.thread,
        "entries": entries,
        "shape": structure.shape(comments),
        "tree": drawn,
    }


def _glyph(relation: Label | None) -> str:
    return GLYPHS.get(relation.value or "", "") if relation else ""
