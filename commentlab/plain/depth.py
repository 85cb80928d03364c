"""How deep an entry of a text is nested: by a level that the page states, by links to neighbours, by its column."""

import re
from collections.abc import Sequence

from commentlab.plain.entries import Entry
from commentlab.plain.lines import STEP

_LINKS = re.compile(r"\b(?:root|parent|prev|next)\b")


def columns(entries: Sequence[Entry]) -> list[int]:
    """Return a column for each entry; it answers the nearest one above that stands `STEP` columns further left."""
    levels = [entry.level for entry in entries if entry.level is not None]
    if len(levels) == len(entries):
        return [level * STEP for level in levels]
    links = [frozenset(_LINKS.findall(entry.byline.buttons.casefold())) for entry in entries]
    if sum("parent" in each for each in links) > 0.3 * len(links):
        return [level * STEP for level in _linked(links)]
    return [entry.indent for entry in entries]


def _linked(links: Sequence[frozenset[str]]) -> list[int]:
    """Return the levels that the links "parent", "prev" and "next" of entries tell, which stand depth first.

    The first answer to an entry stands right below it and has no link to a previous sibling; any other follows the
    deepest entry above it that has a link to a next one.
    """
    levels: list[int] = []
    open_: list[int] = []
    for each in links:
        if "parent" not in each:
            level, open_ = 0, []
        elif "prev" not in each and levels:
            level = levels[-1] + 1
        else:
            level = open_.pop() if open_ else 1
        levels.append(level)
        open_ = [other for other in open_ if other < level] + [level] * ("next" in each)
    return levels
