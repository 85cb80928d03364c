"""What HTML readers share: one parse a page, its nodes as flat lists, the text that a person sees, facts of the post.

Nothing here knows a site. Nothing recurses, and what would make the parser slow is taken out before it runs.
"""

import json
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, BinaryIO, Protocol
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from commentlab import text as texts
from commentlab.errors import UnreadableError
from commentlab.records import Problem, Span

LIMIT = 64 * 2**20
"""Bytes of the largest page that is read."""
MAX_TAGS = 2_000_000
DEPTH = 512
"""Elements open at once, as browsers cap them; what is nested deeper keeps its text and loses its tags."""
_STYLES = 32
_FEW_TAGS = 3_000  # so few cannot cost the parser more than a few hundredths of a second, however they are nested

_TAG = re.compile(
    r"<(/?)(?!(?:p|li|d[dt]|t[rdh]|option|br|hr|img|input|meta|link|wbr|source)\b)([a-z][a-z0-9]*)[^>]*(?:>|$)", re.I
)
_STYLE_TAGS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "pre", "table", "hr", "figure", "fieldset"}
_PARAGRAPHS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "aside", "nav", "main", "address"}
_LINES |= {"figcaption", "form", "details", "summary", "center"}
_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "svg", "iframe", "object", "audio", "video"}
_UNSEEN |= {"canvas", "button", "select", "textarea", "input"}
_UNSEEN_CLASSES = frozenset(["screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "assistive-text"])
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PICTOGRAPHS = ("emoji", "smiley")
_GLUED = re.compile(r"<(li|div|article|section|d[dt]|ul|ol|p|span)(?=class[\s=])", re.I)
_SPACE = re.compile(r"\s+")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|div|article|section|ol|ul|li|p|table|span|h[1-6])[\s>]", re.I)
_FACTS = (
    "title,h1,h2,h3,base[href],link[rel=canonical],time[datetime],meta[property],meta[name],meta[itemprop],"
    'script[type="application/ld+json"]'
)
_ARTICLE = re.compile(r"Article|Posting|Report|Recipe|WebPage")


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
    def open(self) -> Callable[[], BinaryIO]:
        """Open it from the start."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A parsed page; `problems` says what was left out to parse it."""

    name: str
    markup: str
    tree: LexborHTMLParser
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An element and all nodes under it in the order of the page, as parallel lists.

    Node `i` has the tag `tags[i]` ("-text" for text), its `attributes[i]`, its own characters `texts[i]`, and ends
    before node `ends[i]`; `parents[i]` is -1 for the element itself.
    """

    tags: list[str]
    attributes: list[dict[str, str | None]]
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
        return f" {' '.join(listed.lower().split())} " if listed else " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says of its post outside the post's own text; dates are as written."""

    titles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    author: str | None = None
    published: str | None = None
    url: str | None = None
    base: str | None = None


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
    return parse(texts.decode(data)[0], name=source.name)


def parse(markup: str, *, name: str = "<text>") -> Page:
    """Parse the markup of a page or of a comment's body, cut to a depth that the parser can bear."""
    tags = markup.count("<")
    if tags > MAX_TAGS:
        raise UnreadableError(name, f"a page of {tags} tags; split it, or give the site's export")
    whole = safe = _GLUED.sub(r"<\1 ", markup.replace("\0", ""))
    if tags > _FEW_TAGS and _deepest(whole) > _STYLES:
        safe = _cut(whole)
    problems: tuple[Problem, ...] = ()
    if len(safe) < len(whole):
        message = f"elements are nested more than {DEPTH} deep; the deeper ones are read without their tags"
        problems = (Problem(code="too-deep", message=message),)
    return Page(name=name, markup=safe, tree=LexborHTMLParser(safe), problems=problems)


def _deepest(markup: str) -> int:
    return max(accumulate(-1 if closing else 1 for closing, _ in _TAG.findall(markup)), default=0)


def _cut(markup: str) -> str:
    """Take out the start tags that would be open beyond `DEPTH`, and the end tags that close them.

    Formatting elements are counted apart: the parser opens the unclosed ones anew in every block, so that a few
    thousand of them make millions of nodes (HTML standard, "reconstruct the active formatting elements").
    """
    depth, styles, dropped = 0, 0, 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, styles, dropped
        style, step = match[2].lower() in _STYLE_TAGS, -1 if match[1] else 1
        if step > 0 and (depth >= DEPTH or (style and styles >= _STYLES)):
            dropped += 1
            return ""
        if step < 0 and dropped:
            dropped -= 1
            return ""
        depth, styles = max(0, depth + step), max(0, styles + step * style)
        return match[0]

    return _TAG.sub(keep, markup)


def outline(node: LexborNode) -> Outline:
    """List a node and everything under it, in one walk."""
    found = Outline(tags=[], attributes=[], texts=[], parents=[], ends=[])
    stack: list[tuple[LexborNode, int]] = []
    here: LexborNode | None = node
    parent = -1
    while here is not None:
        is_text = here.is_text_node
        found.tags.append("-text" if is_text else here.tag or "-comment")
        found.attributes.append({} if is_text else here.attributes)
        found.texts.append(here.text_content or "" if is_text else "")
        found.parents.append(parent)
        found.ends.append(len(found.tags))
        if (child := here.first_child) is not None:
            stack.append((here, parent))
            here, parent = child, len(found.tags) - 1
            continue
        here = here.next if stack else None
        while here is None and stack:
            found.ends[parent] = len(found.tags)
            here, parent = stack.pop()
            here = here.next if stack else None
    return found


class _Writer:
    """Puts visible text together and knows at each moment how long it is, so that quotes keep their place."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.gap = ""  # what separates the next word from the last: "", " ", "\n" or "\n\n"
        self.open_quotes: list[int] = []  # where each begins; -1 before its first word
        self.spans: list[Span] = []

    def separate(self, gap: str) -> None:
        if len(gap) > len(self.gap) or (gap == "\n" and self.gap == " "):
            self.gap = gap

    def write(self, raw: str, *, verbatim: bool = False) -> None:
        lead, trail = raw[:1].isspace(), raw[-1:].isspace()
        words = texts.tidy(raw) if verbatim else texts.tidy(_SPACE.sub(" ", raw))
        if lead or not words:
            self.separate(" " if raw else "")
        if not words:
            return
        gap = self.gap if self.length else ""
        self.pieces += [gap, words]
        self.open_quotes = [self.length + len(gap) if start < 0 else start for start in self.open_quotes]
        self.length += len(gap) + len(words)
        self.gap = " " if trail else ""

    def close_quote(self) -> None:
        start = self.open_quotes.pop()
        if start >= 0 and not self.open_quotes:
            self.spans.append((start, self.length))


def text_of(nodes: Outline, start: int = 0, skip: Container[int] = ()) -> tuple[str, tuple[Span, ...]]:
    """Return the text that a person sees of a node, and the spans of it that are marked as quotes.

    Args:
        nodes: The outline that holds the node.
        start: Index of the node.
        skip: Indices of nodes to leave out, with all that is under them.
    """
    writer, closing, i = _Writer(), list[tuple[int, str]](), start
    while i < nodes.ends[start] or closing:
        while closing and closing[-1][0] <= i:
            _close(writer, closing.pop()[1])
        if i >= nodes.ends[start]:
            continue
        tag = nodes.tags[i]
        if i in skip or (i > start and tag != "-text" and unseen(nodes, i)):
            i = nodes.ends[i]
            continue
        if tag == "-text":
            writer.write(nodes.texts[i], verbatim=any(name == "pre" for _, name in closing))
        else:
            _open(writer, nodes, i)
            closing.append((nodes.ends[i], tag))
        i += 1
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


def _close(writer: _Writer, tag: str) -> None:
    if tag in ("blockquote", "q"):
        writer.close_quote()
    _separate(writer, tag)


def _separate(writer: _Writer, tag: str) -> None:
    if tag in _PARAGRAPHS:
        writer.separate("\n\n")
    elif tag in _LINES:
        writer.separate("\n")


def unseen(nodes: Outline, i: int) -> bool:
    """Tell whether a person who looks at the page does not see a node."""
    if nodes.tags[i] in _UNSEEN or nodes.tags[i][0] == "-":
        return True
    attributes = nodes.attributes[i]
    if not attributes:
        return False
    if "hidden" in attributes or _UNSEEN_STYLE.search(attributes.get("style") or ""):
        return True
    return not _UNSEEN_CLASSES.isdisjoint(nodes.classes(i).split())


def facts(source: Page) -> Facts:
    """Collect what a page says of its post: `<title>`, `<h1>`, meta elements, JSON-LD, canonical address."""
    titles: dict[str, list[str]] = {"ld": [], "og": [], "title": []}
    headings: list[str] = []
    said: dict[str, str] = {}
    for node in source.tree.css(_FACTS):
        attributes = node.attributes
        if node.tag == "meta":
            key = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            said.setdefault(key, attributes.get("content") or "")
        elif node.tag == "script":
            _merge(said, titles["ld"], node.text())
        elif node.tag in ("h1", "h2", "h3", "title"):
            (titles["title"] if node.tag == "title" else headings).append(_line(node.text()))
        else:
            said.setdefault(node.tag or "", attributes.get("href") or attributes.get("datetime") or "")
    titles["og"] = [_line(said.get("og:title") or said.get("twitter:title") or "")]
    base = said.get("base") or None
    address = said.get("link") or said.get("og:url") or said.get("ld:url") or ""
    return Facts(
        titles=tuple(each for kind in titles.values() for each in kind if each),
        headings=tuple(each for each in headings if texts.words(each) and each != said.get("og:site_name")),
        author=_first(said, "ld:author", "author", "article:author_name", "dc.creator", "twitter:data1"),
        published=_first(said, "article:published_time", "ld:published", "datepublished", "dc.date", "date", "time"),
        url=_web(urljoin(base or "", address)),
        base=base,
    )


def _line(shown: str) -> str:
    return texts.tidy(_SPACE.sub(" ", shown))


def _first(said: dict[str, str], *keys: str) -> str | None:
    return next((_line(said[key]) for key in keys if said.get(key, "").strip() and "://" not in said[key]), None)


def _web(address: str) -> str | None:
    return address if address.startswith(("http://", "https://")) else None


def _merge(said: dict[str, str], titles: list[str], script: str) -> None:
    """Take the headline, the author and the date of an article out of JSON-LD (schema.org)."""
    try:
        things = list(_things(json.loads(script)))
    except (ValueError, RecursionError):
        return
    people = {str(thing["@id"]): str(thing["name"]) for thing in things if "@id" in thing and "name" in thing}
    for thing in things:
        if not _ARTICLE.search(str(thing.get("@type"))):
            continue
        author = thing.get("author")
        author = author[0] if isinstance(author, list) and author else author
        if isinstance(author, dict):
            author = author.get("name") or people.get(str(author.get("@id")))
        titles += [_line(str(thing[key])) for key in ("headline",) if thing.get(key)]
        found = {"ld:author": author, "ld:published": thing.get("datePublished"), "ld:url": thing.get("url")}
        for key, value in found.items():
            if isinstance(value, str):
                said.setdefault(key, value)


def _things(document: Any) -> Iterator[dict[str, Any]]:
    stack = [document]
    while stack:
        thing = stack.pop()
        if isinstance(thing, dict):
            yield thing
        if isinstance(thing, dict | list):
            inner = list(thing.values()) if isinstance(thing, dict) else thing
            stack += [each for each in reversed(inner) if isinstance(each, dict | list)]


def title(known: Facts) -> str:
    """Choose the post's title: the longest heading that stands in the page's own title, which often adds the site's."""
    own = [f" {texts.fold(each)} " for each in known.titles]
    shown = [each for each in known.headings if any(f" {texts.fold(each)} " in other for other in own)]
    return max(shown, key=len) if shown else (*known.titles, *known.headings, "")[0]
