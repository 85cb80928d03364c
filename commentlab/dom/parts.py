"""The parts of a comment, told by what blog software and themes call them: author, date, body, votes, controls.

The names are those that recur in class attributes across programs; a part may have several candidates, ranked.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from commentlab import dates
from commentlab.dom.outlines import Outline, text_of
from commentlab.records import Span, When

# A pattern is looked for in the list of classes, each between spaces; the surest names first.
_AUTHOR = tuple(
    re.compile(pattern)
    for pattern in (
        r" fn | itemprop-name ",
        r"comment[-_]*name |author[-_]*(?:name|link)|commenter",
        r"comment[-_]*author|author[-_]*comment",
        r" (?:author|vcard|username|nickname|itemprop-author|p-author) |-author ",
    )
)
_BODY = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:comment|wc|wpd)[-_]*(?:content|text|copy|entry|message|txt) |comment[-_]?text ",
        r" (?:format_text|text|entry|content|e-content|p-content|description|entry-content|itemprop-text) ",
    )
)
_DATE = re.compile(r"date|time|meta|permalink|publish|ago ")
_HEADER = re.compile(
    r"comment[-_]*(?:meta|metadata|header?|foot(?:er)?|info|details?|date|time|number|permalink|author|count)"
    r"| (?:fn|vcard|says|byline|date|time|meta) |author[-_]|-meta "
)
_CONTROL = re.compile(
    r"[ _-](?:repl(?:y|ies)|answer|edit|u?likes?|liked|votes?|voting|ratings?|karma|reactions?|thumbs?|report|flag"
    r"|share|sharing|sharedaddy|actions?|tools?|buttons?|social|avatar|gravatar|permalink|toggle|moderation|navigation"
    r"|respond|readmore|says|form)[ _-]"
)
_VOTES = re.compile(r"vote[-_]*(?:result|count|score)|likes?[-_]*count|count[-_]*box|karma")
_PENDING = re.compile(r"moderation| unapproved ")
_BLOCKS = {"p", "blockquote", "ul", "ol", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "figure"}
_HEADS = {"b", "strong", "h3", "h4", "h5", "h6"}
_LEAD = re.compile(
    r"^(?:comment by|kommentar von|commentaire de|comentario de|by|von|de|par|por|di|door|av|af)\s", re.I
)
_TAIL = re.compile(
    r"[\s:,–—|·•-]+$|\s+(?:says?|said|writes?|wrote|sagte?|schreibt|schrieb|meinte?|dit|dice|ha detto)\s*:?$", re.I
)
_BEFORE_DATE = re.compile(r"\s(?:on|am|at|um|le|el|il|em|op|den|på)$", re.I)
_COUNT = re.compile(r"(?<![\w.,#])(\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?![\w:/]|[.,]\d)")
_ONE = re.compile(r"^(?:one|ein(?:e|en)?|une?|uno|una|um|uma|één|en|jeden|один)\s", re.I)
_NAMED = re.compile(r"[“„«»\"‘‚「].*", re.S)
_TRIED = 20  # elements that may hold a name or a date
_LONGEST = 1000  # characters of them that are read
_INSIDE = 3  # headings within an author's element that may be the name


@dataclass(slots=True)
class Parts:
    """Nodes of one comment by what they are; a pair holds the rank of the name (0 is the surest) and the node."""

    authors: list[tuple[int, int]] = field(default_factory=list)
    bodies: list[tuple[int, int]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    votes: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    aside: set[int] = field(default_factory=set)
    pending: bool = False


@dataclass(frozen=True, slots=True)
class _Roles:
    author: int | None
    body: int | None
    time: bool
    votes: bool
    aside: bool
    pending: bool


_NOTHING = _Roles(author=None, body=None, time=False, votes=False, aside=False, pending=False)


@lru_cache(maxsize=8192)
def _roles(listed: str, item: str | None) -> _Roles | None:
    """Say what an element of these classes and this item property can be, None for nothing.

    The comments of a page share their names, so each is looked at once.
    """
    names = f" {' '.join(listed.lower().split())} "
    if item:
        names += f"itemprop-{item.lower()} "
    control = bool(_CONTROL.search(names))
    author = next((rank for rank, pattern in enumerate(_AUTHOR) if pattern.search(names)), None)
    found = _Roles(
        author=None if control else author,
        body=next((rank for rank, pattern in enumerate(_BODY) if pattern.search(names)), None),
        time=bool(_DATE.search(names)),
        votes=bool(_VOTES.search(names)),
        aside=control or bool(_HEADER.search(names)),
        pending=bool(_PENDING.search(names)),
    )
    return None if found == _NOTHING else found


def parts(nodes: Outline, starts: Sequence[int], replies: Container[int], same: Container[int] = ()) -> Parts:
    """Sort the elements of one comment by what they are called.

    Args:
        nodes: The outline that holds the comment.
        starts: Its element, or its elements where a theme spreads it over siblings.
        replies: Elements of the replies inside it; what is under them is not this comment's.
        same: Elements that are the comment once more, whose names say nothing of parts.
    """
    found = Parts()
    tags = nodes.tags
    for i in _own(nodes, starts, replies):
        tag, attributes = tags[i], nodes.attributes[i]
        if attributes and ("class" in attributes or "itemprop" in attributes) and i not in same:
            listed = attributes.get("class") or nodes.classes(i)
            if roles := _roles(listed, attributes.get("itemprop")):
                _sort(found, i, roles)
        if tag == "a":
            found.links.append(i)
            _sort_link(found, i, attributes)
        elif tag in _BLOCKS:
            found.blocks.append(i)
        elif tag in ("time", "abbr"):
            found.times.append((0, i))
        elif tag == "cite":
            found.authors.append((len(_AUTHOR), i))
        if tag in _HEADS:
            found.heads.append(i)
    return found


def _own(nodes: Outline, starts: Sequence[int], replies: Container[int]) -> Iterator[int]:
    tags, ends = nodes.tags, nodes.ends
    for start in starts:
        i, stop = start + 1, ends[start]
        while i < stop:
            if tags[i] == "-text":
                i += 1
            elif i in replies:
                i = ends[i]
            else:
                yield i
                i += 1


def _sort(found: Parts, i: int, roles: _Roles) -> None:
    if roles.author is not None:
        found.authors.append((roles.author, i))
    if roles.body is not None:
        found.bodies.append((roles.body, i))
    if roles.time:
        found.times.append((1, i))
    if roles.votes:
        found.votes.append(i)
    if roles.aside:
        found.aside.add(i)
    found.pending |= roles.pending


def _sort_link(found: Parts, i: int, attributes: dict[str, str | None]) -> None:
    address = attributes.get("href") or ""
    if "replytocom=" in address or address.endswith("#respond"):
        found.aside.add(i)
    elif "#comment" in address:
        found.times.append((2, i))
    elif " url " in f" {attributes.get('class') or ''} ":
        found.authors.append((1, i))
    elif "external" in (attributes.get("rel") or "").split():
        found.authors.append((len(_AUTHOR) + 1, i))  # WordPress links commenters so; in older texts links too


def author(nodes: Outline, found: Parts, *, linked: bool = False) -> tuple[str | None, int | None]:
    """Return the name of who wrote it and the node that holds it; `linked`: else a link to elsewhere is the name."""
    candidates = [i for _, i in sorted(found.authors)]
    if linked:
        outward = [i for i in found.links if "external" in (nodes.attributes[i].get("rel") or "")]
        candidates += outward or found.links[:1]
    elif not candidates:
        body_at = min((i for _, i in found.bodies), default=len(nodes))
        candidates = [i for i in found.heads if i < body_at]
    times = {i for rank, i in found.times if rank == 0}
    for i in candidates[:_TRIED]:
        stop = nodes.ends[i]
        skip = times.union(each for each in found.aside if i < each < stop)
        inside = [j for j in found.heads if i < j < stop][:_INSIDE]
        names = (text_of(nodes, j, skip, _LONGEST)[0] for j in inside)
        shown = next(filter(None, names), "") or text_of(nodes, i, skip, _LONGEST)[0]
        name = _TAIL.sub("", _LEAD.sub("", _undated(" ".join(shown.split()))))
        if name and len(name) <= 200:
            return name, i
    return None, None


def _undated(line: str) -> str:
    spans = dates.find(line)
    return _BEFORE_DATE.sub("", _TAIL.sub("", line[: spans[0][0]])) if spans else line


def when(nodes: Outline, starts: Sequence[int], found: Parts, replies: set[int]) -> When | None:
    """Return the date: an attribute `datetime` or `title`, an element that is called so, else in what is not body."""
    fallback: When | None = None
    for rank, i in sorted(found.times)[:_TRIED]:
        attributes = nodes.attributes[i]
        for stated in (attributes.get("datetime"), attributes.get("title")):
            if stated and (dated := dates.parse(stated)).time:
                return dated
        named = _dated(text_of(nodes, i, (), _LONGEST)[0], whole=rank == 0)
        if not named and (heads := {each for each in found.heads if i < each < nodes.ends[i]}):
            # Some themes set the name in bold right before the date, without a space.
            named = _dated(text_of(nodes, i, heads, _LONGEST)[0])
        if named and named.time:
            return named
        fallback = fallback or named
    if fallback:
        return fallback
    bodies = {i for _, i in found.bodies}
    loose = [text_of(nodes, i, (), _LONGEST)[0] for _, i in found.authors[:_TRIED]]
    loose += [text_of(nodes, start, replies | bodies, _LONGEST)[0] for start in starts[:_TRIED]]
    return next((found_loose for each in loose if (found_loose := _dated(each))), None)


def _dated(shown: str, *, whole: bool = False) -> When | None:
    line = " ".join(shown.split())[:_LONGEST]
    return dates.first(line) or (dates.parse(line) if line and whole else None)


def body(
    nodes: Outline, starts: Sequence[int], found: Parts, replies: set[int], *, named: bool = False
) -> tuple[str, tuple[Span, ...]]:
    """Return the text: of the part that is called so, else the paragraphs that hold neither author nor date.

    Args:
        nodes: The outline that holds the comment.
        starts: The comment's elements.
        found: Its parts; what is `aside` is left out.
        replies: Elements of the replies inside the comment.
        named: Whether only text in a body or in paragraphs counts, as in pingbacks.
    """
    skip = replies | found.aside | {i for rank, i in found.times if rank == 0}
    for _, i in sorted(found.bodies):
        shown = text_of(nodes, i, skip - {i})
        if shown[0]:
            return shown
    marks = sorted(skip)
    good = [i for i in found.blocks if bisect_left(marks, nodes.ends[i]) == bisect_left(marks, i)]
    for start in reversed(starts):
        if good:
            return text_of(nodes, start, skip | _outside(nodes, start, good))
        if not named and (shown := text_of(nodes, start, skip))[0]:
            return shown
    return "", ()


def _outside(nodes: Outline, start: int, blocks: list[int]) -> set[int]:
    """Return the nodes under `start`, texts too, that neither are nor hold one of the blocks."""
    outside: set[int] = set()
    i = start + 1
    while i < nodes.ends[start]:
        position = bisect_left(blocks, i)
        if position < len(blocks) and blocks[position] == i:
            i = nodes.ends[i]
        elif position < len(blocks) and blocks[position] < nodes.ends[i]:
            i += 1
        else:
            outside.add(i)
            i = nodes.ends[i]
    return outside


def votes(nodes: Outline, found: Parts) -> int | None:
    """Return the number of votes that is shown."""
    for i in found.votes:
        shown = text_of(nodes, i)[0].replace("−", "-")
        if re.fullmatch(r"[+-]?\d{1,6}", shown):
            return int(shown)
    return None


def announced(shown: str) -> int | None:
    """Return the number of comments in "8 thoughts on “…”", "Kommentare (12)", "Un commentaire sur «…»"."""
    line = _NAMED.sub("", " ".join(shown.split()))[:80]
    if match := _COUNT.search(line):
        return int(re.sub(r"\D", "", match[1]))
    return 1 if _ONE.match(line) else None
