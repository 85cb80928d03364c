"""A page's nodes as flat lists, and the text that a person sees of them; nothing here recurses."""

import math
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from commentlab import text
from commentlab.records import Span

_PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "pre", "table", "hr", "figure", "fieldset"}
_PARAGRAPHS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "aside", "nav", "main", "address"}
_LINES |= {"figcaption", "form", "details", "summary", "center"}
_GAPS = dict.fromkeys(_PARAGRAPHS, "\n\n") | dict.fromkeys(_LINES, "\n")
_SHAPING = _GAPS.keys() | {"br", "img", "td", "th", "q"}
_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "svg", "iframe", "object", "audio", "video"}
_UNSEEN |= {"canvas", "button", "select", "textarea", "input"}
NODES = 150
"""Nodes of a name or a heading that are read: one that nobody closed holds the rest of the page."""
_UNSEEN_CLASSES = frozenset(["screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "assistive-text"])
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PICTOGRAPHS = ("emoji", "smiley")


Attributes = dict[str, str | None]
_NONE: Attributes = {}  # what all share that have none, so that few objects are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An element and all nodes under it in the order of the page, as parallel lists.

    Node `i` has the tag `tags[i]` ("-text" for text), its `attributes[i]`, its own characters `texts[i]` (" " for
    white space alone), and ends before node `ends[i]`; `parents[i]` is -1 for the element itself.
    """

    tags: list[str]
    attributes: list[Attributes]
    texts: list[str]
    parents: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.tags)

    def classes(self, i: int) -> str:
        """Return the classes of a node in lower case, each between spaces.

        In `<li class even depth-1>`, which lost its quotes, the classes stand as attributes without a value.
        """
        attributes = self.attributes[i]
        listed = attributes.get("class")
        if listed is None and "class" in attributes:
            listed = " ".join(name for name, value in attributes.items() if value is None)
        return _spaced(listed) if listed else " "


@lru_cache(maxsize=8192)
def _spaced(listed: str) -> str:
    return f" {' '.join(listed.lower().split())} "


def outline(
    node: LexborNode, *, unless: Callable[[LexborNode, Attributes], bool] | None = None, most: float = math.inf
) -> Outline:
    """List a node and everything under it, in one walk.

    Args:
        node: The element.
        unless: Says that an element under it is left out, with all that is under that.
        most: Nodes after which the walk ends.
    """
    tags, attributes, texts, parents, ends = list[str](), list[Attributes](), list[str](), list[int](), list[int]()
    stack: list[tuple[LexborNode, int]] = []
    here: LexborNode | None = node
    parent = -1
    while here is not None and len(tags) < most:
        if here.is_text_node:
            tags.append("-text")
            attributes.append(_NONE)
            shown = here.text_content or ""
            texts.append(" " if shown.isspace() else shown)
            parents.append(parent)
            ends.append(len(tags))
        elif not ((own := here.attributes) and unless and stack and unless(here, own)):
            tags.append(here.tag or "-comment")
            attributes.append(own or _NONE)
            texts.append("")
            parents.append(parent)
            ends.append(len(tags))
            if (child := here.first_child) is not None:
                stack.append((here, parent))
                here, parent = child, len(tags) - 1
                continue
        here = here.next if stack else None
        while here is None and stack:
            ends[parent] = len(tags)
            here, parent = stack.pop()
            here = here.next if stack else None
    while parent >= 0:  # where the walk ended early
        ends[parent], parent = len(tags), parents[parent]
    return Outline(tags=tags, attributes=attributes, texts=texts, parents=parents, ends=ends)


class _Writer:
    """Puts visible text together and knows at each moment how long it is, so that quotes keep their place."""

    __slots__ = ("gap", "length", "open_quotes", "pieces", "spans", "verbatim")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.gap = ""  # what separates the next word from the last: "", " ", "\n" or "\n\n"
        self.verbatim = 0  # how many <pre> are open
        self.open_quotes: list[int] = []  # where each begins; -1 before its first word
        self.spans: list[Span] = []

    def separate(self, gap: str) -> None:
        if len(gap) > len(self.gap) or (gap == "\n" and self.gap == " "):
            self.gap = gap

    def write(self, raw: str) -> None:
        words = " ".join(raw.split())
        if not words:
            self.gap = self.gap or (raw and " ")
            return
        if self.verbatim:
            words = text.tidy(raw)
        elif not (words.isascii() and words.isprintable()):
            words = text.tidy(words)
        if raw[0].isspace() or not words:
            self.gap = self.gap or " "
        if not words:
            return
        gap = self.gap if self.length else ""
        if gap:
            self.pieces.append(gap)
        self.pieces.append(words)
        if self.open_quotes:
            self.open_quotes = [self.length + len(gap) if start < 0 else start for start in self.open_quotes]
        self.length += len(gap) + len(words)
        self.gap = " " if raw[-1].isspace() else ""

    def close_quote(self) -> None:
        start = self.open_quotes.pop()
        if start >= 0 and not self.open_quotes:
            self.spans.append((start, self.length))


def text_of(
    nodes: Outline, start: int = 0, skip: Container[int] = (), most: float = math.inf
) -> tuple[str, tuple[Span, ...]]:
    """Return the text that a person sees of a node, and the spans of it that are marked as quotes.

    Args:
        nodes: The outline that holds the node.
        start: Index of the node.
        skip: Indices of nodes to leave out, with all that is under them.
        most: Characters after which no other node is read; where there is such a limit, `NODES` is one as well.
    """
    writer, closing, i, stop = _Writer(), list[tuple[int, str]](), start, nodes.ends[start]
    tags, texts, ends = nodes.tags, nodes.texts, nodes.ends
    if most < math.inf:
        stop = min(stop, start + NODES)
    while i < stop and writer.length < most:
        while closing and closing[-1][0] <= i:
            _close(writer, closing.pop()[1])
        tag = tags[i]
        if i in skip:
            i = ends[i]
            continue
        if tag == "-text":
            writer.write(texts[i])
        elif i > start and unseen(nodes, i):
            i = ends[i]
            continue
        elif tag in _SHAPING:
            _open(writer, nodes, i)
            closing.append((ends[i], tag))
        i += 1
    while closing:
        _close(writer, closing.pop()[1])
    return "".join(writer.pieces), tuple(writer.spans)


def _open(writer: _Writer, nodes: Outline, i: int) -> None:
    tag = nodes.tags[i]
    if tag == "br":
        # Two line breaks in a row are how many people write paragraphs.
        writer.separate("\n\n" if writer.gap == "\n" else "\n")
    elif tag == "img" and any(word in nodes.classes(i) for word in _PICTOGRAPHS):
        writer.write(nodes.attributes[i].get("alt") or "")
    elif tag in ("td", "th"):
        writer.separate(" ")
    _separate(writer, tag)
    if tag in ("blockquote", "q"):
        writer.open_quotes.append(-1)
    writer.verbatim += tag == "pre"


def _close(writer: _Writer, tag: str) -> None:
    if tag in ("blockquote", "q"):
        writer.close_quote()
    writer.verbatim -= tag == "pre"
    _separate(writer, tag)


def _separate(writer: _Writer, tag: str) -> None:
    if gap := _GAPS.get(tag):
        writer.separate(gap)


def unseen(nodes: Outline, i: int) -> bool:
    """Tell whether a person who looks at the page does not see a node."""
    tag = nodes.tags[i]
    if tag in _UNSEEN or tag[0] == "-":
        return True
    attributes = nodes.attributes[i]
    if not attributes:
        return False
    if "class" in attributes and _unseen_class(attributes["class"] or ""):
        return True
    return "hidden" in attributes or ("style" in attributes and bool(_UNSEEN_STYLE.search(attributes["style"] or "")))


@lru_cache(maxsize=4096)
def _unseen_class(listed: str) -> bool:
    return not _UNSEEN_CLASSES.isdisjoint(listed.lower().split())
