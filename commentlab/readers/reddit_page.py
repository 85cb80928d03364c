"""Pages of Reddit in three generations: web components (since 2023), React (2018 to 2023), and old.reddit.com."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="reddit_page", title="Reddit page (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment="shreddit-comment",
        id=(Spot("", "thingid", r"t1_(\w+)"),),
        author=(Spot("", "author"),),
        accounts=True,
        when=(Spot("", "created"), Spot('[slot="commentMeta"] time', "datetime"), Spot("time", "datetime")),
        body=(Spot('[slot="comment"]'),),
        votes=(Spot("", "score"),),
        url=(Spot("", "permalink"),),
        parent=(Spot("", "parentid", r"t1_(\w+)"),),
        level=(Spot("", "depth"),),
        title=(Spot("shreddit-post", "post-title"), Spot('[slot="title"]')),
        post_author=(Spot("shreddit-post", "author"),),
        post_when=(Spot("shreddit-post", "created-timestamp"),),
        post_body=(Spot('shreddit-post [slot="text-body"]'),),
        count=(Spot("shreddit-post", "comment-count"),),
        more='faceplate-partial[src*="more-comments"]',
    ),
    Family(
        comment="div.Comment",
        proof='[id^="CommentTopMeta"],[data-testid="comment"]',
        id=(Spot("", "class", r"\bt1_(\w+)"),),
        author=(
            Spot('[data-testid="comment_author_link"]'),
            Spot('[data-testid="comment_author_icon"]', "href", r"/user/([^/?]+)"),
            Spot('a[href*="/user/"]'),
        ),
        accounts=True,
        when=(Spot('[data-testid="comment_timestamp"]'), Spot('a[id^="CommentTopMeta--Created"]')),
        body=(Spot('[data-testid="comment"]'), Spot(".RichTextJSON-root")),
        votes=(Spot('[id^="vote-arrows-"] > div'),),
        url=(Spot('[data-testid="comment_timestamp"]', "href"), Spot('a[id^="CommentTopMeta--Created"]', "href")),
        deleted='[data-testid="post-comment-header-deleted"]',
        level=(Spot("div.Comment > div > span", "", r"^level (\d+)$"),),
        title=(Spot('[data-test-id="post-content"] h1'),),
        post_author=(Spot('[data-testid="post_author_link"]', "", r"([^/]+)$"),),
        post_body=(Spot('[data-test-id="post-content"] .RichTextJSON-root'), Spot('[data-click-id="text"]')),
        count=(Spot('[data-test-id="comments-page-link-num-comments"]'),),
        more='[id^="moreComments-"],[id^="continueThread-"]',
    ),
    Family(
        comment=".thing.comment",
        id=(Spot("", "data-fullname", r"t1_(\w+)"), Spot("", "class", r"\bid-t1_(\w+)")),
        author=(Spot("", "data-author"), Spot(".tagline .author")),
        accounts=True,
        when=(Spot(".tagline time", "datetime"), Spot(".tagline time", "title"), Spot(".tagline time")),
        body=(Spot(".usertext-body .md"), Spot(".md")),
        votes=(Spot(".score.unvoted", "title"), Spot(".score.unvoted")),
        url=(Spot(".bylink", "href"), Spot("", "data-permalink")),
        deleted=".thing.comment.deleted",
        by_post_author=".tagline .author.submitter",
        title=(Spot(".thing.link a.title"),),
        post_author=(Spot(".thing.link", "data-author"), Spot(".thing.link .author")),
        post_when=(Spot(".thing.link .tagline time", "datetime"),),
        post_body=(Spot(".thing.link .expando .md"),),
        count=(
            Spot(".thing.link", "data-comments-count"),
            Spot(".thing.link a.comments"),
            Spot(".panestack-title .title"),
        ),
        more=".thing.morechildren,.thing.morerecursion",
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the ids (`t1_…`) and element names that Reddit gives to comments."""
    return markup.sniff(source, "Reddit", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
