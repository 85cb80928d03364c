"""From tags and text to the elements that somebody asked for; everything else is forgotten at once."""

import re
from collections.abc import Collection, Iterator
from typing import IO

from commentlab.records import Problem
from commentlab.xmlstream.elements import Element
from commentlab.xmlstream.tokens import decoded, tokens, unescape

DEPTH = 100
"""Elements open at once; the tags of what is nested deeper are left out."""
LARGEST = 1 << 24
"""Characters kept of one element that is asked for."""
_COST = 64  # of an element, in characters

Scope = dict[str, str]
"""The usual prefix for each prefix of a document; "" is the prefix of names without one."""

_NAMES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://disqus.com": "disqus",
    "http://disqus.com/disqus-internals": "dsq",
    "http://schemas.google.com/blogger/2018": "blogger",
    "http://schemas.google.com/g/2005": "gd",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_WXR = re.compile(r"http://wordpress\.org/export/[\d.]+/(excerpt/)?")
_ATTRIBUTE = re.compile(r"(?<![^\s=/\"'<>])([^\s=/\"'<>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]*[^\s\"'<>/]))")


def elements(stream: IO[bytes], wanted: Collection[str], problems: list[Problem]) -> Iterator[Element]:
    """Yield the outermost elements of the names that are wanted; no other element stays in memory.

    Args:
        stream: The document, from its start.
        wanted: Names as in `Element.name`.
        problems: What was wrong with the document is added here; all of it only when the last element was yielded.
    """
    builder = _Builder(frozenset(wanted), problems)
    for kind, value, rest in tokens(decoded(stream)):
        if kind == "text":
            builder.write(value)
        elif kind == "start":
            yield from builder.start(value, rest)
        else:
            yield from builder.end(value)
    if builder.opened:
        message = "the file ends in the middle; what stands after that is missing; export it again"
        problems.append(Problem(code="cut", message=message))
        yield from builder.end(builder.opened[0][0])


class _Builder:
    """Puts elements together from tags and text; elements that nobody asked for only keep their place."""

    def __init__(self, wanted: frozenset[str], problems: list[Problem]) -> None:
        self.wanted = wanted
        self.problems = problems
        self.opened: list[tuple[str, Scope, Element | None]] = []
        self.home = ""
        self.deeper = 0
        self.length = 0

    def write(self, value: str) -> None:
        inner = self.opened[-1][2] if self.opened else None
        if inner is not None and value and self._fits(len(value)):
            inner.parts.append(value)

    def start(self, raw: str, rest: str) -> Iterator[Element]:
        empty = rest.endswith("/")
        if len(self.opened) >= DEPTH:
            self.deeper += not empty
            return
        attributes = {m[1]: unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(rest)} if rest else {}
        scope = _widened(self.opened[-1][1] if self.opened else {}, attributes)
        if not self.opened:
            prefix = raw.rpartition(":")[0]
            self.home = scope.get(prefix, prefix)
        name = self._name(raw, scope)
        if name in self.wanted and any(each and each.name == name for _, _, each in self.opened):
            yield from self.end(raw)  # its end tag is missing: entries of one list do not stand in each other
        named = {self._name(key, scope) if ":" in key else key: value for key, value in attributes.items()}
        self.opened.append((raw, scope, self._attached(Element(name=name, attributes=named), len(rest))))
        if empty:
            yield from self.end(raw)

    def _attached(self, element: Element, characters: int) -> Element | None:
        """Return an element where it has its place: in one that is wanted, or wanted itself; None elsewhere."""
        outer = self.opened[-1][2] if self.opened else None
        if outer is None:
            self.length = 0
            return element if element.name in self.wanted else None
        if not self._fits(_COST + characters):
            return None
        outer.parts.append(element)
        return element

    def _fits(self, characters: int) -> bool:
        if self.length <= LARGEST < self.length + characters:
            name = next(element.name for _, _, element in self.opened if element)
            message = f"an element {name!r} of more than {LARGEST >> 20} million characters is cut there"
            self.problems.append(Problem(code="too-long", message=message))
        self.length += characters
        return self.length <= LARGEST

    def end(self, raw: str) -> Iterator[Element]:
        if self.deeper:
            self.deeper -= 1
            return
        if not (self.opened and self.opened[-1][0] == raw) and all(name != raw for name, _, _ in self.opened):
            return
        while self.opened:
            name, _, element = self.opened.pop()
            if element and not (self.opened and self.opened[-1][2]):
                yield element
            if name == raw:
                return

    def _name(self, raw: str, scope: Scope) -> str:
        prefix, _, local = raw.rpartition(":")
        usual = scope.get(prefix, prefix)
        return local if usual in ("", self.home) else f"{usual}:{local}"


def _widened(scope: Scope, attributes: dict[str, str]) -> Scope:
    if not attributes:
        return scope
    spaces = {key[6:]: value for key, value in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
    return {**scope, **{prefix: _usual(space, prefix) for prefix, space in spaces.items()}} if spaces else scope


def _usual(space: str, prefix: str) -> str:
    export = _WXR.fullmatch(space)
    return ("excerpt" if export[1] else "wp") if export else _NAMES.get(space, prefix)
