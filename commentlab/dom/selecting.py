"""Elements by CSS selectors; one look at a page tells which selectors cannot fit anything on it."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from commentlab.dom.pages import Page

_PARTS = re.compile(r'"[^"]*"|.')
_QUOTED = re.compile(r'"[^"]*"')
_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)[^\]]*\]")
_CONDITION = re.compile(r":[\w-]+(?:\([^()]*\))?")
_NAME = re.compile(r"[.#\[]?[\w-]+")


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


def _possible(css: str, known: frozenset[str]) -> str:
    """Return those of a selector's alternatives whose names a page has; most pages lack most programs' names."""
    return ",".join(each for each, names in _alternatives(css) if names <= known)


@lru_cache(maxsize=1)
def _known(source: Page) -> frozenset[str]:
    """Return the names on a page as selectors write them: `li`, `[id`, `.comment`, `#comments`; case is ignored."""
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
    names = {f".{name}" for name in " ".join(filter(None, classes)).lower().split()}
    names.update(filter(None, tags), (f"[{name}" for name in attributes), (f"#{name.lower()}" for name in ids if name))
    return frozenset(names)


@lru_cache(maxsize=2048)
def _alternatives(css: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the alternatives of a selector, each with the names without which nothing fits it."""
    return tuple((each, _names(each)) for each in _split(css) if each)


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


def _names(css: str) -> frozenset[str]:
    bare, before = _ATTRIBUTE.sub(r"[\1 ", _QUOTED.sub("", css)), ""
    while bare != before:  # conditions stand inside conditions
        before, bare = bare, _CONDITION.sub("", bare)
    return frozenset(_NAME.findall(bare.lower()))
