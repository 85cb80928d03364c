"""The discussion as data for the browser: the strip, the outline and the chosen comment are drawn from it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from commentlab import structure
from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.frames import rows
from commentlab.insight import Findings
from commentlab.records import Comment, Label, ScoredThread, Side
from commentlab.reporting import GLYPHS
from commentlab.reporting.colours import RELATIONS, colours

_METHODS = {"quote": "it quotes it", "name": "it names its author"}


def draw(data: Mapping[str, Any], chosen: str | None, on_choose: Callable[[], None], *, key: str) -> None:
    """Draw a discussion; when `on_choose` is called, `st.session_state[key]["comment"]` is the id that was chosen."""
    part("discussion")(
        key=key, data={**data, "chosen": chosen}, default={"comment": chosen}, on_comment_change=on_choose
    )


def describe(
    scored: ScoredThread, findings: Findings | None = None, only: Mapping[str, bool] | None = None
) -> dict[str, Any]:
    """Return what the browser has to know of a thread; without findings it shows structure alone, no labels.

    Args:
        scored: The thread.
        findings: What stands in it.
        only: The ids of the comments that are shown, and whether each is there only because others answer it.

    Returns:
        `view` (what is shown), `camps` (`name, colour, comments`), `relations` (glyph, word and colour by name),
        `tasks` (their names for people) and `rows`: the comments as a reader scrolls, with their depths and labels.
    """
    labels: dict[str, dict[str, Label]] = {}
    for label in scored.labels if findings else ():
        labels.setdefault(label.comment_id, {})[label.task] = label
    names = wording.authors(scored.thread.comments)
    flips = set(findings.flips["to_id"]) if findings else set()
    return {
        "view": scored.thread.id if only is None else f"{scored.thread.id} {hash(tuple(only))}",
        "labelled": findings is not None,
        "camps": camps(findings) if findings else [],
        "relations": {
            name: {"glyph": glyph, "word": wording.RELATIONS[name], "colour": RELATIONS.get(name, "")}
            for name, glyph in GLYPHS.items()
        },
        "tasks": wording.TASKS,
        "rows": [
            _row(comment, depth, labels.get(comment.id, {}).values())
            | {"author": names[comment.id], "flipped": comment.id in flips}
            | {"outside": only is not None and only[comment.id]}
            for comment, depth in structure.walk(scored.thread.comments)
            if only is None or comment.id in only
        ],
    }


def camps(findings: Findings) -> list[dict[str, Any]]:
    """Return the camps in the scheme's order with their colours and sizes, the abstentions last."""
    found = list(rows(findings.camps))
    sides: dict[str, Side | None] = {camp["camp"]: camp["side"] for camp in found if camp["camp"] != "abstained"}
    colour = colours(sides)
    return [
        {
            "name": camp["camp"],
            "title": wording.ABSTAINED if camp["camp"] == "abstained" else camp["camp"],
            "colour": colour[camp["camp"]],
            "comments": camp["comments"],
        }
        for camp in found
    ]


def colours_of(findings: Findings) -> dict[str, str]:
    """Return the colour of each camp, "" for a hollow one."""
    return {camp["name"]: camp["colour"] for camp in camps(findings)}


def _row(comment: Comment, depth: int, labels: Iterable[Label]) -> dict[str, Any]:
    link = comment.link
    inferred = link is not None and link.origin == "inferred"
    return {
        "id": comment.id,
        "parent": comment.parent_id,
        "depth": depth,
        "host": comment.by_post_author,
        "date": wording.date(comment.when),
        "kind": comment.kind,
        "status": comment.status,
        "text": comment.text,
        "quotes": comment.quotes,
        "inferred": f"inferred, {link.confidence:.0%} sure: {_METHODS.get(link.method, link.method)}"
        if link and inferred
        else None,
        "labels": {label.task: _label(label) for label in labels},
    }


def _label(label: Label) -> dict[str, Any]:
    return {
        "value": label.value,
        "confidence": label.confidence,
        "sure": wording.sure(label),
        "why": wording.why(label),
        "reasons": [reason for reason in label.reasons if reason[2] > 0],
    }
