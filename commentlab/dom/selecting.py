"""Elements by CSS selectors; one look at a page tells which selectors cannot fit anything on it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from commentlab.dom.pages import Page

_PARTS = re.compile(r'"[^"]*"|.')
_ATTRIBUTE = re.compile(r'\[\s*([\w-]+)\s*[~|^$*]?=?\s*("[^"]*"|[^\]"]*)[^\]]*\]')
_CONDITION = re.compile(r":[\w-]+(?:\([^()]*\))?")
_NAME = re.compile(r"[.#\[@]?[\w-]+")


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What a page has: names as selectors write them (`li`, `[id`, `.comment`, `#comments`), and all classes and ids.

    Case is ignored.
    """

    names: frozenset[str]
    values: str


@dataclass(frozen=True, slots=True)
class _Alternative:
    """An alternative of a selector, with the names, and the parts of classes or ids, without which nothing fits it."""

    css: str
    names: frozenset[str]
    parts: tuple[str, ...]


def select(source: Page, css: str) -> list[LexborNode]:
    """Return the elements of a selector in the order of the page; the parser gives those that fit twice, twice."""
    possible = _possible(css, _known(source))
    return list({node.mem_id: node for node in source.tree.css(possible)}.values()) if possible else []


def first(source: Page, css: str) -> LexborNode | None:
    """Return the first element of a selector on a page."""
    possible = _possible(css, _known(source))
    return source.tree.css_first(possible) if possible else None


def holds(source: Page, *selectors: str) -> bool:
    """Tell whether a page has an element of each selector."""
    known = _known(source)
    return all(_possible(css, known) for css in selectors) and all(first(source, css) for css in selectors)


def _possible(css: str, known: _Known) -> str:
    """Return those of a selector's alternatives whose names a page has; most pages lack most programs' names."""
    return ",".join(
        [
            each.css
            for each in _alternatives(css)
            if each.names <= known.names and all(part in known.values for part in each.parts)
        ]
    )


@lru_cache(maxsize=1)
def _known(source: Page) -> _Known:
    tags: set[str | None] = set()
    attributes: set[str] = set()
    classes: set[str | None] = set()
    ids: set[str | None] = set()
    for node in source.tree.root.traverse() if source.tree.root else ():
        tags.add(node.tag)
        if own := node.attributes:
            attributes.update(own)
            if "class" in own:
                classes.add(own["class"])
            if "id" in own:
                ids.add(own["id"])
    values = "\n".join(filter(None, (*classes, *ids))).lower()
    names = {f".{name}" for name in " ".join(filter(None, classes)).lower().split()}
    names.update(filter(None, tags), (f"[{name}" for name in attributes), (f"#{name.lower()}" for name in ids if name))
    return _Known(names=frozenset(names), values=values)


@lru_cache(maxsize=2048)
def _alternatives(css: str) -> tuple[_Alternative, ...]:
    return tuple(_alternative(each) for each in _split(css) if each)


def _split(css: str) -> list[str]:
    """Split a selector at the commas that stand in no brackets and quotes."""
    pieces, depth = [""], 0
    for part in _PARTS.findall(css):
        depth += (part in "([") - (part in ")]")
        if part == "," and not depth:
            pieces.append("")
        else:
            pieces[-1] += part
    return pieces


def _alternative(css: str) -> _Alternative:
    values: list[str] = []

    def named(match: re.Match[str]) -> str:
        values.append(match[2].strip('" ').lower() if match[1] in ("class", "id") else "")
        return f"[{match[1]} @{len(values) - 1} "

    bare, before = _ATTRIBUTE.sub(named, css), ""
    while bare != before:  # conditions stand inside conditions
        before, bare = bare, _CONDITION.sub("", bare)
    found = frozenset(_NAME.findall(bare.lower()))
    numbers = {name for name in found if name[0] == "@"}
    parts = tuple(filter(None, (values[int(number[1:])] for number in numbers)))
    return _Alternative(css=css, names=found - numbers, parts=parts)
