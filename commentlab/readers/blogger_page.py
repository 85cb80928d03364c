"""Pages of Blogger: threaded comments (since 2012) and the flat `dl#comments-block` of older ones."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot, Spots
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="blogger_page", title="Blogger page (HTML)", extensions=(".html", ".htm"))

_TITLE = (Spot(".post-title"), Spot("h3.entry-title"))
_AUTHOR = (Spot(".post-author .fn"), Spot(".post-author a"), Spot('.post [itemprop="author"] [itemprop="name"]'))
_WHEN = (
    Spot("abbr.published,time.published", "title"),
    Spot("time.published", "datetime"),
    Spot(".date-header"),
)
_COUNT = (Spot("section.comments", "data-num-comments"), Spot("#comments > h4,#comments > h3,.comments > h4"))
_SAID: Spots = (
    Spot(
        "",
        "",
        r"^(.+?)\s(?:said|hat gesagt|a dit|dijo|ha detto|disse|zei|sagde|sa|sade|napisał\S*|сказал\S*)\s?(?:…|\.\.\.)",
    ),
    Spot("", "", r"^(.+?)\s\S+\s?(?:…|\.\.\.)$"),
)

_FAMILIES = (
    Family(
        comment="li.comment",
        proof='.comment-replybox-single,a[href*="showComment="],.comment-header .datetime',
        # What the browser put together has the id on an inner element.
        id=(
            Spot("", "id", r"^c(\d+)"),
            Spot(".comment-block", "id", r"^c(\d+)"),
            Spot(".datetime a", "href", r"#c(\d+)$"),
        ),
        author=(Spot(".comment-header .user"), Spot(".comment-header cite")),
        # The page shows the blog's local time, often without the day; the link holds the moment.
        when=(Spot('.datetime a,a[href*="showComment="]', "href", r"showComment=(\d{13})"), Spot(".datetime")),
        body=(Spot(".comment-content"),),
        url=(Spot(".datetime a", "href"),),
        deleted=".deleted-comment",
        by_post_author=".comment-header .blog-author",
        more=".loadmore:not(.loaded):not(.hidden)",
        title=_TITLE,
        post_author=_AUTHOR,
        post_when=_WHEN,
        post_body=(Spot(".post-body"),),
        count=_COUNT,
    ),
    Family(
        comment="#comments-block dt",
        proof="dd.comment-body",
        spread="dd.comment-footer,dd.comment-timestamp",
        id=(Spot("", "id", r"^c(\d+)"), Spot("a[name]", "name", r"^c(\d+)")),
        author=(Spot('dt > a[rel~="nofollow"]'), *_SAID),
        when=(
            Spot('dd a[href*="showComment="]', "href", r"showComment=(\d{13})"),
            Spot("dd .comment-timestamp"),
            Spot("dd.comment-timestamp a"),
        ),
        body=(Spot("dd.comment-body"),),
        url=(Spot(".comment-timestamp a", "href"),),
        deleted=".deleted-comment",
        by_post_author="dt.blog-author",
        title=_TITLE,
        post_author=_AUTHOR,
        post_when=_WHEN,
        post_body=(Spot(".post-body"),),
        count=_COUNT,
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the names that Blogger's widgets give to comments."""
    return markup.sniff(source, "Blogger", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
