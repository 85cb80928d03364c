"""Topics of Discourse: what it serves to crawlers and browsers without scripts, and what its app renders.

The first post is the topic's own. A reply names a person, not a post, so that all answer the topic here.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="discourse_page", title="Discourse topic (HTML)", extensions=(".html", ".htm"))

_ASIDE = markup.classes("quote-controls title meta onebox clicks cooked-selection-barrier")
_TITLE = (Spot("#topic-title .fancy-title"), Spot("#topic-title h1"), Spot("h1"))

_FAMILIES = (
    Family(
        comment=".crawler-post",
        id=(Spot("", "id", r"^post_(\d+)"), Spot('[itemprop="position"]', "", r"(\d+)")),
        author=(Spot('[itemprop="author"] [itemprop="name"]'), Spot('[itemprop="author"]')),
        accounts=True,
        when=(Spot("time.post-time", "datetime"), Spot("time", "datetime")),
        body=(Spot(".post"),),
        aside=_ASIDE,
        votes=(Spot(".post-likes"),),
        opening="1",
        title=_TITLE,
        count=(Spot('[itemprop="commentCount"]', "content"),),
    ),
    Family(
        comment="article[data-post-id]",
        id=(Spot("", "id", r"^post_(\d+)"), Spot("", "data-post-number")),
        author=(Spot(".names .username a"), Spot(".names a[data-user-card]", "data-user-card")),
        accounts=True,
        when=(Spot(".post-date .relative-date", "data-time"), Spot(".relative-date", "data-time")),
        body=(Spot(".cooked"),),
        aside=_ASIDE,
        votes=(Spot(".like-count"),),
        url=(Spot("a.post-date", "href"),),
        deleted=".deleted article[data-post-id],article.deleted",
        opening="1",
        title=_TITLE,
        count=(Spot(".topic-map .replies .number"),),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the names that Discourse gives to posts."""
    return markup.sniff(source, "Discourse", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page, without the topic's own post."""
    return markup.read(source, FORMAT, _FAMILIES)
