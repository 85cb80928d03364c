"""From bytes to one parsed page for all HTML readers; what would make the parser slow is taken out before."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Protocol

from selectolax.lexbor import LexborHTMLParser

from commentlab import text
from commentlab.errors import UnreadableError
from commentlab.records import Problem

LIMIT = 64 * 2**20
"""Bytes of the largest page that is read."""
MAX_TAGS = 2_000_000
DEPTH = 512
"""Elements open at once, as browsers cap them; what is nested deeper keeps its text and loses its tags."""
_STYLES = 32
_FEW_TAGS = 3_000  # so few cannot cost the parser more than a few hundredths of a second, however they are nested

_NAME = r"(?!(?:p|li|d[dt]|t[rdh]|option|br|hr|img|input|meta|link|wbr|source)\b)"  # these end by themselves
_NAMES = re.compile(rf"<(/?{_NAME}[a-z][^\s/>]*)", re.I)
_TAG = re.compile(rf"<(/?){_NAME}([a-z][^\s/>]*)[^>]*(?:>|$)", re.I)
_STYLE_TAGS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_GLUED = re.compile(r"<(li|div)(?=class[\s=])")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|div|article|section|ol|ul|li|p|table|span|h[1-6])[\s>]", re.I)


class Readable(Protocol):
    """The part of a `Source` that a page needs."""

    @property
    def name(self) -> str:
        """Name in messages."""

    @property
    def head(self) -> bytes:
        """The first bytes."""

    @property
    def size(self) -> int:
        """Bytes in all."""

    @property
    def open(self) -> Callable[[], IO[bytes]]:
        """Open it from the start."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A parsed page with its markup in UTF-8; `problems` says what was left out to parse it."""

    name: str
    markup: bytes
    tree: LexborHTMLParser
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=1)
def is_html(source: Readable) -> bool:
    """Tell from the first bytes whether a source is an HTML page."""
    start = source.head.replace(b"\0", b"")[:20_000]
    return not start.lstrip()[:200].startswith(b"<?xml") and bool(_HTML.search(start))


@lru_cache(maxsize=1)
def page(source: Readable) -> Page:
    """Parse a page; readers that look at the same source one after the other share the result.

    Raises:
        UnreadableError: It is larger than `LIMIT`, or holds more than `MAX_TAGS` tags.
    """
    with source.open() as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise UnreadableError(source.name, f"a page of more than {LIMIT >> 20} MB; split it, or give the site's export")
    return parse(text.decode(data)[0], name=source.name)


def parse(markup: str, *, name: str = "<text>") -> Page:
    """Parse the markup of a page or of a comment's body, cut to a depth that the parser can bear."""
    tags = markup.count("<")
    if tags > MAX_TAGS:
        raise UnreadableError(name, f"a page of {tags} tags; split it, or give the site's export")
    whole = markup.replace("\0", "") if "\0" in markup else markup
    if "<liclass" in whole or "<divclass" in whole:
        whole = _GLUED.sub(r"<\1 ", whole)
    safe = whole
    if tags > _FEW_TAGS:
        depth, styles = _deepest(whole)
        safe = _cut(whole) if depth > DEPTH or styles > _STYLES else whole
    problems: tuple[Problem, ...] = ()
    if len(safe) < len(whole):
        message = f"elements are nested more than {DEPTH} deep; the deeper ones are read without their tags"
        problems = (Problem(code="too-deep", message=message),)
    encoded = safe.encode("utf-8", "ignore")
    return Page(name=name, markup=encoded, tree=LexborHTMLParser(encoded), problems=problems)


def _deepest(markup: str) -> tuple[int, int]:
    """Return how many elements, and how many formatting elements, are open at once at most.

    An end tag closes only an element of its name: stray ones, which the parser passes over, must not count.
    """
    opened: defaultdict[str, int] = defaultdict(int)
    depth = styles = deepest = most = 0
    for name in _NAMES.findall(markup):
        if name[0] != "/":
            step = 1
        elif opened[name := name[1:]]:
            step = -1
        else:
            continue
        opened[name] += step
        depth += step
        deepest = max(deepest, depth)
        if name in _STYLE_TAGS:
            styles += step
            most = max(most, styles)
    return deepest, most


def _cut(markup: str) -> str:
    """Take out the start tags that would be open beyond `DEPTH`, and the end tags that close them.

    Formatting elements are counted apart: the parser opens the unclosed ones anew in every block, so that a few
    thousand of them make millions of nodes (HTML standard, "reconstruct the active formatting elements").
    """
    opened: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    depth = styles = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, styles
        name, step = match[2].lower(), -1 if match[1] else 1
        style = name in _STYLE_TAGS
        if step > 0 and (depth >= DEPTH or (style and styles >= _STYLES)):
            dropped[name] += 1
            return ""
        if step < 0 and dropped[name]:
            dropped[name] -= 1
            return ""
        if step > 0 or opened[name]:
            opened[name] += step
            depth, styles = depth + step, styles + step * style
        return match[0]

    return _TAG.sub(keep, markup)
