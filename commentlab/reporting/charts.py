"""Pictures as inline SVG: they need no script, print well, and hold no words but their titles."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from commentlab import structure
from commentlab.records import Comment, Label
from commentlab.reporting.colours import RELATIONS

DRAWN = 200
"""Comments of the largest thread whose tree is drawn; a bigger one is wallpaper."""

Row = Mapping[str, Any]
_STEP, _LEVEL, _BAR = 14, 22, 12
_EDGE = 'stroke="currentColor" stroke-width="1" vector-effect="non-scaling-stroke"'


def share(row: Row, colour: str) -> str:
    """Draw a counted share as a bar, its interval as a line, and the corrected share as a tick."""
    low, high, tick = (1000 * row[name] for name in ("low", "high", "corrected"))
    title = f"{_percent(row['share'])}, interval {_percent(row['low'])} to {_percent(row['high'])}"
    dash = "" if colour else ' stroke-dasharray="3 3"'
    bar = f'<rect x="0" y="2" width="{1000 * row["share"]:.1f}" height="14" fill="{colour or "none"}" {_EDGE}{dash}/>'
    line = f'<path d="M{low:.1f} 21H{high:.1f}" {_line(2)}/>'
    mark = f'<path d="M{tick:.1f} 17V25" {_line(3)}/>' if row["camp"] != "abstained" else ""
    rest = '<path d="M0 16H1000" stroke="currentColor" opacity=".25" vector-effect="non-scaling-stroke"/>'
    return _picture("0 0 1000 27", title, rest + bar + line + mark, stretched=True)


def timeline(rows: Sequence[Row], colour: str, most: int) -> str:
    """Draw how many comments of a camp each period has; `most` is the number that fills the height."""
    bars = [
        f'<rect x="{20 * place + 2}" y="{40 - 38 * row["comments"] / most:.1f}" width="16"'
        f' height="{38 * row["comments"] / most:.1f}" fill="{colour or "none"}" {_EDGE}/>'
        for place, row in enumerate(rows)
        if row["comments"]
    ]
    base = f'<path d="M0 40H{20 * len(rows)}" {_line(1)}/>'
    return _picture(f"0 0 {20 * len(rows)} 41", f"{rows[0]['camp']} along time", "".join(bars) + base, stretched=True)


def tree(comments: Sequence[Comment], labels: Mapping[str, Mapping[str, Label]], colours: Mapping[str, str]) -> str:
    """Draw a thread from left to right as it is read, a level a row, each comment tied to the one that it answers.

    Bars have the colour of their camp, hollow where there is none; ties that of the relation, disagreement is dashed.
    Empty for a thread without comments or with more than `DRAWN`.
    """
    walked = [(comment, depth) for comment, depth in structure.walk(comments) if comment.kind == "comment"]
    if not 0 < len(walked) <= DRAWN:
        return ""
    places = {comment.id: (_STEP * x, _LEVEL * depth) for x, (comment, depth) in enumerate(walked)}
    ties, bars = [], []
    for comment, _ in walked:
        found = {task: label.value for task, label in labels.get(comment.id, {}).items()}
        place = places[comment.id]
        if comment.parent_id in places:
            ties.append(_tie(places[comment.parent_id], place, found.get("relation")))
        bars.append(_bar(place, found.get("stance"), comment.author, colours))
    width, height = _STEP * len(walked), max(y for _, y in places.values()) + _LEVEL
    return _picture(f"0 -2 {width} {height}", "The tree of replies", "".join(ties + bars), width=width)


def _tie(parent: tuple[int, int], place: tuple[int, int], relation: str | None) -> str:
    dash = ' stroke-dasharray="3 2"' if relation == "disagree" else ""
    colour = RELATIONS.get(relation or "", "#8a8a90")
    path = f"M{parent[0] + 4} {parent[1] + _BAR}V{place[1] + _BAR // 2}H{place[0]}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'


def _bar(place: tuple[int, int], camp: str | None, author: str | None, colours: Mapping[str, str]) -> str:
    colour = colours.get(camp or "", "")
    dash = "" if colour else ' stroke-dasharray="2 2"'
    title = escape(f"{author or 'not named'}: {camp or 'unclear'}")
    box = f'x="{place[0]}" y="{place[1]}" width="{_STEP - 4}" height="{_BAR}" rx="2"'
    return f'<rect {box} fill="{colour or "none"}" {_EDGE}{dash}><title>{title}</title></rect>'


def _line(width: int) -> str:
    return f'fill="none" stroke="currentColor" stroke-width="{width}" vector-effect="non-scaling-stroke"'


def _picture(box: str, title: str, content: str, *, width: int | None = None, stretched: bool = False) -> str:
    ratio = ' preserveAspectRatio="none"' if stretched else ""
    limit = f' style="max-width:{width}px"' if width else ""
    return f'<svg viewBox="{box}" role="img"{ratio}{limit}><title>{escape(title)}</title>{content}</svg>'


def _percent(number: float) -> str:
    return f"{100 * number:.0f} %"
