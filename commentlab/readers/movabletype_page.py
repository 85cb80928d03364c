"""Pages of Movable Type and TypePad: their default templates of all versions, whose class names themes keep.

Versions 2 and 3 sign a comment below its text ("Posted by: Ada at May 1, 2008 9:00 AM"), later ones above it.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="movabletype_page", title="Movable Type or TypePad page (HTML)", extensions=(".html", ".htm"))

_PROOF = (
    '.comments-header ~ .comments-content,[id^="mt-"],meta[content^="Movable Type"],[href*="typepad.com/"],'
    'meta[content*="typepad.com/"]'
)
_TITLE = (Spot(".asset-name"), Spot(".entry-header"), Spot("h1.entry-title"), Spot("h3.title"), Spot("div.title"))
_BODY = (Spot(".asset-content"), Spot(".entry-content"), Spot(".entry-body"), Spot("div.blogbody"))
_COUNT = (Spot(".comments-header"), Spot(".comments-head"), Spot(".comments-count"))
_SIGNED = (Spot(".comments-post"), Spot(".comment-footer"), Spot(".posted"), Spot(".comment-header .byline"))

_POSTED = (Spot("span.posted"), Spot(".asset-meta .byline"), Spot(".entry-footer"))

_FAMILIES = (
    Family(
        comment='.comment[id^="comment-"],.comments-content > .comment,.comments-body > .comment',
        proof=_PROOF,
        lead='a[id^="comment-"],a[id^="c"],a[name^="c"]',
        themed=True,
        id=(
            Spot("", "id", r"^(?:comment-|c(?=\d))(\w+)$"),
            Spot('a[id^="comment-"]', "id", r"^comment-(\w+)"),
            Spot("a[id]", "id", r"^c(\d+)$"),
            Spot("a[name]", "name", r"^c(\d+)$"),
        ),
        author=(Spot(".vcard .fn"), Spot(".comment-footer .vcard,.comment-header .vcard"), Spot(".comment-author")),
        when=(Spot("abbr.published", "title"), Spot("time", "datetime"), Spot("abbr.published")),
        byline=_SIGNED,
        body=(Spot(".comment-content"), Spot(".comment-body"), Spot(".comment-text")),
        aside=markup.classes("comment-footer comment-header comment-meta"),
        url=(Spot("a.permalink", "href"), Spot('.comment-footer a[href*="#c"],.comment-header a[href*="#c"]', "href")),
        parent=(
            Spot(
                '.comment-footer a[href*="#comment-"],.comment-header a[href*="#comment-"]', "href", r"#comment-(\w+)$"
            ),
        ),
        title=_TITLE,
        post_author=(Spot(".asset-meta .author .fn,.asset-meta .vcard"), Spot(".entry-footer .vcard .fn")),
        post_when=(Spot(".asset-meta abbr.published", "title"), Spot(".date-header,.date")),
        post_byline=_POSTED,
        post_body=_BODY,
        count=_COUNT,
    ),
    Family(
        comment=".comments-body",
        proof=".comments-post,.comments-head",
        lead="a[name]",
        themed=True,
        id=(Spot("a[name]", "name", r"^c?(\d+)$"), Spot("a[id]", "id", r"^c?(\d+)$")),
        byline=_SIGNED,
        body=(Spot(""),),
        aside=markup.classes("comments-post title posted"),
        title=_TITLE,
        post_when=(Spot("div.date,h2.date"),),
        post_byline=_POSTED,
        post_body=_BODY,
        count=_COUNT,
    ),
    Family(
        comment='a[id^="c"]:not([id="comments"]):has(+ p),a[name^="c"]:not([name="comments"]):has(+ p),'
        'div[id^="c"]:has(+ p.posted)',
        proof="p.posted",
        spread="p.posted",
        id=(Spot("", "id", r"^c(\d+)$"), Spot("", "name", r"^c(\d+)$")),
        byline=_SIGNED,
        body=(Spot("p:not(.posted),blockquote,ul,ol,pre"),),
        url=(Spot('.posted a[href*="#c"]', "href"),),
        title=_TITLE,
        post_byline=_POSTED,
        post_body=_BODY,
        count=(*_COUNT, Spot("h2#comments")),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the class names of the default templates."""
    return markup.sniff(source, "Movable Type and TypePad", _FAMILIES, score=0.8)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
