"""WordPress pages: what `wp_list_comments`, the comment blocks and the themes and plugins that replace them print.

WordPress marks a comment by the id `comment-123` (with prefixes such as `li-`, `div-`) and by the classes of
`comment_class()`: comment, pingback or trackback, even or odd, depth-1, bypostauthor. Themes rename what is inside.
Source: https://developer.wordpress.org/reference/classes/walker_comment/ and /reference/functions/comment_class/.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import lru_cache

from selectolax.lexbor import LexborNode

from commentlab import dates, dom, text
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Kind, Link, Post, Problem, Thread, When

FORMAT = Format(name="wordpress", title="WordPress page (HTML)", extensions=(".html", ".htm"))

# Each begins with letters that are searched for at once; one pattern with alternatives costs ten times as much.
_COMMENT = tuple(map(re.compile, (rb"comment-\d", rb"-comm-\d", rb"depth-\d")))
_MARKS = (rb"/wp-(?:content|includes|json)/", rb"wp-block-", rb'content="WordPress', rb"\.files\.wordpress\.com")
_HOUSE = tuple(map(re.compile, _MARKS))
_FORM = re.compile(rb"""comment_post_ID|id=["']?(?:respond|commentform)\b""")
_CANDIDATES = (
    '[id*="comment-"],[id*="-comm-"],[id*="comment_"],[class*="depth-"],[class*="comment even"],[class*="comment odd"],'
    '[class*="pingback"],[class*="trackback"],[id*="trackback"],[id*="pingback"],[class*="ping"]>li'
)
_ID = re.compile(r"(?:[a-z]{1,12}[-_])?comm(?:ent)?[-_](\d+)(?:_\d+)?", re.I)
_CLASS = re.compile(r" (?:comment|pingback|trackback) (?:.* )?(?:even|odd|depth-\d+) |^ (?:even|odd) .*depth-\d+ ")
_PING = re.compile(r" (pingback|trackback) ")
# Themes that keep pingbacks apart list them without classes of their own: <ul id="trackback_list"><li><a href=…>
_PING_LIST = re.compile(r"[ _-](pingback|trackback|ping)(?:s|list)?[ _-]")
_DEPTH = re.compile(r" (?:depth|(?:wc|wpd)_comment_level)-(\d{1,4}) ")

_PING_TEXT = re.compile(r"\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]", re.S)
_COUNT_PLACE = re.compile(
    r"comments?[-_]*(?:title|heading|headline|count|number|link|header|intro|info)|count-comments| comments "
)
# The surest names first; `entry` and `post` hold title and byline as well.
_POST_PARTS = (
    "entry-content",
    "post-content",
    "post_content",
    "wp-block-post-content",
    "articleBody",
    "entry-body",
    "post-entry",
    "post-body",
    "single-content",
    "article-content",
    "td-post-content",
    "format_text",
    "entry",
    "entrytext",
    "post",
)
_BODY_OF_POST = f".{',.'.join(_POST_PARTS)},[itemprop=articleBody],article"
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "legend"}
_COUNTERS = (
    '[class*="comments-title"],[class*="comment-count"],[class*="comments-count"],[class*="comments-number"],.wpdtc,'
    '.comments-link,a[href$="#comments"]'
)
_BY = re.compile(r"^(?:(?:view )?all posts by|posts by|alle beiträge (?:von|anzeigen von)|by|von|par|por)\s", re.I)
_POST_DATE = ".entry-date,.post-date,.postdate,.published,.entry-meta,.post-meta"
_POST_AUTHOR = "[rel=author],.author .fn,.entry-author,.post-author,.byline a"
_NOT_POST = re.compile(
    r"[ _-](?:comments?|respond|sharedaddy|share|sharing|related|jp-relatedposts|navigation|toc|meta)[ _-]"
)


@dataclass(slots=True, eq=False)
class _Entry:
    """A comment while it is collected: its element (Thesis gives it a second one) and what WordPress says of it."""

    nodes: list[int]
    number: str | None
    classes: str
    depth: int | None
    outer: "_Entry | None"
    same: set[int] = field(default_factory=set)


def sniff(source: Source) -> Clue | None:
    """Look for the ids and classes that WordPress gives to comments, and for its folders."""
    if source.size > dom.LIMIT or not dom.is_html(source):
        return None
    markup = dom.page(source).markup
    marked, housed = _first(_COMMENT, markup), _first(_HOUSE, markup)
    if marked:
        return Clue(score=0.9 if housed else 0.4, why=f"comments are marked as WordPress marks them ({_said(marked)})")
    return Clue(score=0.05, why=f"the page refers to {_said(housed)}") if housed else None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page; nothing where it holds no comments and is not surely a WordPress post."""
    page = dom.page(source)
    facts = dom.facts(page)
    region = _region(page)
    nodes = dom.outline(region) if region else None
    entries = _entries(nodes) if nodes else []
    comments = _comments(nodes, entries, facts, source) if nodes else ()
    count = _declared(page, region, nodes, entries)
    if not comments and not (_first(_HOUSE, page.markup) and _FORM.search(page.markup)):
        return
    missing = Problem(code="no-comments", message="the page is a post of WordPress without comments")
    post = _post(page, facts, source)
    yield Thread(
        id=post.id,
        post=post,
        comments=comments,
        source=source.name,
        reader=FORMAT.name,
        declared_count=count,
        problems=page.problems if comments else (*page.problems, missing),
    )


def _first(patterns: Iterable[re.Pattern[bytes]], markup: bytes) -> re.Match[bytes] | None:
    return next(filter(None, (pattern.search(markup) for pattern in patterns)), None)


def _said(match: re.Match[bytes]) -> str:
    return match[0].decode()


def _region(page: dom.Page) -> LexborNode | None:
    """Return the smallest element that holds all comments and, where the theme has one, the section around them."""
    found = [node for node in dom.select(page, _CANDIDATES) if _marked(node.attributes)]
    if not found:
        return None
    first, last = list(_ancestors(found[0])), {node.mem_id for node in _ancestors(found[-1])}
    around = [node for node in first if node.mem_id in last]
    sections = [node for node in around[:5] if "comment" in f"{node.id} {node.attributes.get('class')}".lower()]
    return sections[-1] if sections and sections[-1].tag != "body" else around[0] if around else None


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    here = node.parent
    while here is not None and here.is_element_node:
        yield here
        here = here.parent


def _marked(attributes: dict[str, str | None]) -> bool:
    listed = f" {' '.join((attributes.get('class') or '').lower().split())} "
    lists = f"{listed}{(attributes.get('id') or '').lower()} "
    return bool(_ID.fullmatch(attributes.get("id") or "") or _CLASS.search(listed) or _PING_LIST.search(lists))


def _ping(nodes: dom.Outline, i: int) -> str:
    """Return the class that an unmarked pingback lacks: it says so itself, or the list that it stands in does."""
    if nodes.tags[i] not in ("li", "div", "article"):
        return ""
    said, parent = _kind_of(nodes.classes(i)), nodes.parents[i]
    if nodes.tags[i] == "li" and parent >= 0 and not said:
        said = _kind_in(f"{nodes.classes(parent)}{(nodes.attributes[parent].get('id') or '').lower()} ")
    return said


@lru_cache(maxsize=4096)
def _kind_of(classes: str) -> str:
    match = _PING.search(classes)
    return f" {match[1]} " if match else ""


@lru_cache(maxsize=4096)
def _kind_in(names: str) -> str:
    match = _PING_LIST.search(names)
    return (" trackback " if match[1] == "trackback" else " pingback ") if match else ""


def _entries(nodes: dom.Outline) -> list[_Entry]:
    entries: list[_Entry] = []
    opened: list[_Entry] = []
    widget = 0
    for i, attributes in enumerate(nodes.attributes):
        if i < widget or not ("id" in attributes or "class" in attributes or nodes.tags[i] == "li"):
            continue
        classes = nodes.classes(i)
        if " widget " in classes:
            widget = nodes.ends[i]  # of recent comments on other posts
            continue
        match = _ID.fullmatch(attributes["id"] or "") if "id" in attributes else None
        if not (match or _is_comment(classes)):
            if not (ping := _ping(nodes, i)):
                continue
            classes += ping
        while opened and nodes.ends[opened[-1].nodes[0]] <= i:
            opened.pop()
        level = _DEPTH.search(classes)
        entry = _Entry(
            nodes=[i],
            number=match[1] if match else None,
            classes=classes,
            depth=int(level[1]) if level else None,
            outer=opened[-1] if opened else None,
        )
        if entry.outer and _same(entry.outer, entry):
            entry.outer.number = entry.outer.number or entry.number
            entry.outer.depth = entry.outer.depth or entry.depth
            entry.outer.classes += entry.classes
            if _CLASS.search(classes):
                entry.outer.same.add(i)
        elif nodes.tags[i] == "dd" and entries and entry.number is None:
            entries[-1].nodes.append(i)
        else:
            entries.append(entry)
            opened.append(entry)
    return _widened(nodes, entries)


@lru_cache(maxsize=4096)
def _is_comment(classes: str) -> bool:
    return bool(_CLASS.search(classes))


def _same(outer: _Entry, inner: _Entry) -> bool:
    """Tell whether an element within a comment is the same comment again, as in `li.comment > div#div-comment-12`."""
    if outer.number and inner.number:
        return outer.number == inner.number
    return not (outer.depth and inner.depth and outer.depth != inner.depth)


def _widened(nodes: dom.Outline, entries: list[_Entry]) -> list[_Entry]:
    """Let a comment whose id stands on an inner element take in the whole block, which holds no other comment."""
    starts = sorted(entry.nodes[0] for entry in entries)

    def held(i: int) -> int:
        return bisect_left(starts, nodes.ends[i]) - bisect_left(starts, i)

    for entry in entries:
        if _CLASS.search(entry.classes) or len(entry.nodes) > 1:
            continue
        here, own = entry.nodes[0], held(entry.nodes[0])
        while nodes.parents[here] > 0 and held(nodes.parents[here]) == own:
            here = nodes.parents[here]
        if nodes.parents[here] >= 0 and held(nodes.parents[here]) > own:
            entry.nodes[0] = here
    return entries


def _parents(nodes: dom.Outline, entries: list[_Entry]) -> list[_Entry | None]:
    """Say whom each comment answers: by its depth, which stays right in broken markup, else by the nesting."""
    latest: dict[int, _Entry] = {}
    found: list[_Entry | None] = []
    for entry in entries:
        parent = entry.outer
        if entry.depth is not None and not (entry.depth == 1 and parent and _among_children(nodes, entry)):
            parent = latest.get(entry.depth - 1, parent) if entry.depth > 1 else None
            latest[entry.depth] = entry
        found.append(parent)
    return found


def _among_children(nodes: dom.Outline, entry: _Entry) -> bool:
    here = nodes.parents[entry.nodes[0]]
    while entry.outer and here > entry.outer.nodes[0]:
        if " children " in nodes.classes(here):
            return True
        here = nodes.parents[here]
    return False


def _comments(nodes: dom.Outline, entries: list[_Entry], facts: dom.Facts, source: Source) -> tuple[Comment, ...]:
    replies: dict[_Entry | None, set[int]] = defaultdict(set)
    for entry in entries:
        replies[entry.outer].update(entry.nodes)
    read_as = {entry: _comment(nodes, entry, replies[entry], facts) for entry in entries}
    order = dates.order_of(each.when.raw for each in read_as.values() if each.when)
    finished: list[Comment] = []
    for entry, parent in zip(entries, _parents(nodes, entries), strict=True):
        comment = read_as[entry]
        if comment.text or comment.author:
            when = _settled(comment.when, source.timezone, order)
            link = Link(parent_id=read_as[parent].id) if parent else None
            same = link is None and when is comment.when
            finished.append(comment if same else replace(comment, when=when, link=link))
    return tuple(finished)


def _settled(when: When | None, zone: tzinfo | None, order: dates.Order | None) -> When | None:
    """Read a date again, now that the thread's order of day and month is known."""
    if when is None or not (when.ambiguous or (zone and when.zone_assumed)):
        return when
    return dates.parse(when.raw, zone=zone, order=order)


def _comment(nodes: dom.Outline, entry: _Entry, replies: set[int], facts: dom.Facts) -> Comment:
    found = dom.parts(nodes, entry.nodes, replies, entry.same)
    kind = _kind(entry.classes)
    author, holder = dom.author(nodes, found, linked=kind != "comment")
    if holder is not None:
        found.aside.add(holder)
    body, quotes = dom.body(nodes, entry.nodes, found, replies, named=kind != "comment")
    if kind == "comment" and not _CLASS.search(entry.classes) and _PING_TEXT.fullmatch(body):
        kind = "pingback"  # WordPress writes the text of a pingback itself: "[…] what they said of you […]"
    return Comment(
        id=entry.number or text.fingerprint(author, body),
        text=body,
        author=author,
        when=dom.when(nodes, entry.nodes, found, replies),
        quotes=quotes,
        kind=kind,
        status="pending" if found.pending else "shown",
        by_post_author="bypostauthor" in entry.classes or "post_author" in entry.classes,
        votes=dom.votes(nodes, found),
        url=_permalink(nodes, entry, found.links, facts),
    )


def _kind(classes: str) -> Kind:
    return "pingback" if " pingback " in classes else "trackback" if " trackback " in classes else "comment"


def _permalink(nodes: dom.Outline, entry: _Entry, links: list[int], facts: dom.Facts) -> str | None:
    if entry.number is None:
        return None
    for i in links:
        address = nodes.attributes[i].get("href") or ""
        if address.endswith(f"#comment-{entry.number}"):
            full = address if address.startswith("http") else dom.joined(facts.base or facts.url, address)
            return full if full.startswith("http") else None
    return None


def _declared(
    page: dom.Page, region: LexborNode | None, nodes: dom.Outline | None, entries: list[_Entry]
) -> int | None:
    """Read the number in "8 thoughts on …": in a heading before the first comment, else in a counter of the page."""
    stop = entries[0].nodes[0] if entries else 0
    for i in range(stop):
        if nodes and (nodes.tags[i] in _HEADINGS or _counts(nodes.classes(i))):
            shown = dom.text_of(nodes, i)[0] if nodes.ends[i] <= stop else ""
            if (number := dom.announced(shown)) is not None:
                return number
    for node in [*_before(region), *dom.select(page, _COUNTERS)]:
        if (number := dom.announced(node.text(separator=" "))) is not None:
            return number
    return None


@lru_cache(maxsize=4096)
def _counts(classes: str) -> bool:
    return bool(_COUNT_PLACE.search(classes))


def _before(region: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the nearest headings before the comments, which old themes leave without a section around both."""
    here = region.prev if region else None
    for _ in range(10):
        if here is None:
            return
        if here.tag in _HEADINGS:
            yield here
        here = here.prev


def _post(page: dom.Page, facts: dom.Facts, source: Source) -> Post:
    title = dom.title(facts)
    body = ""
    found = [(_rank(node), node) for node in dom.select(page, _BODY_OF_POST)]
    if found:
        best = min(rank for rank, _ in found)
        named = [node for rank, node in found if rank == best]
        longest = max(named, key=lambda node: len(node.text())) if len(named) > 1 else named[0]
        body = dom.text_of(dom.outline(longest, unless=_is_beside))[0]
    published = dates.parse(facts.published or _shown(page, _POST_DATE), zone=source.timezone).time
    key = (facts.url or "", title, body[:500])
    return Post(
        id=text.fingerprint(*key) if any(key) else text.fingerprint(source.name),
        title=title,
        text=body,
        url=facts.url,
        author=_BY.sub("", facts.author or _BY.sub("", _shown(page, _POST_AUTHOR))) or None,
        published=published,
    )


def _rank(node: LexborNode) -> int:
    names = f" {node.attributes.get('class') or ''} {node.attributes.get('itemprop') or ''} "
    return next((rank for rank, name in enumerate(_POST_PARTS) if f" {name} " in names), len(_POST_PARTS))


def _shown(page: dom.Page, css: str) -> str:
    node = dom.first(page, css)
    return " ".join(node.text().split()) if node else ""


def _is_beside(_: LexborNode, attributes: dict[str, str | None]) -> bool:
    """Tell whether an element in the post is called something that is no part of its text."""
    return _not_post(attributes.get("class"), attributes.get("id"))


@lru_cache(maxsize=4096)
def _not_post(classes: str | None, ident: str | None) -> bool:
    names = f" {' '.join((classes or '').split())} {ident} "
    return bool(_NOT_POST.search(names.lower()))
