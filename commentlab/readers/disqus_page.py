"""Comments of Disqus as a saved page or frame shows them: today's, and the `dsq-` markup from before 2012.

The plugin for WordPress prints the latter, too, together with pingbacks; then the reader of WordPress goes first.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="disqus_page", title="Disqus comments (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment="li.post[id^=post-],li.post:has(> [data-role=post-content])",
        proof='[data-role="post-content"],[data-role="message"],.post-message',
        id=(Spot("", "id", r"^post-(\d+)"), Spot("a.time-ago", "href", r"#comment-(\d+)")),
        author=(Spot("header .author"), Spot("[data-role=username]"), Spot("header .post-byline > span:first-child")),
        when=(Spot("a.time-ago,[data-role=relative-time]", "title"), Spot("a.time-ago,[data-role=relative-time]")),
        body=(Spot(".post-message"),),
        aside=markup.classes("see-more media-button media-container"),
        votes=(Spot("[data-role=likes]"),),
        url=(Spot("a.time-ago,[data-role=relative-time]", "href"),),
        parent=(Spot("a.parent-link,[data-role=parent-link]", "href", r"#comment-(\d+)"),),
        pending="li.post:not(:has(.post-message)) .moderation-alert,.post.pending",
        count=(Spot(".comment-count"), Spot("[data-role=post-count]")),
        more=".load-more:not(.hidden) a",
    ),
    Family(
        comment="li[id^=dsq-comment-],div.dsq-comment",
        id=(Spot("", "id", r"^dsq-comment-(\d+)"),),
        author=(Spot("[id^=dsq-author-user-]"), Spot("[id^=dsq-cite-]"), Spot(".dsq-commenter-name")),
        when=(Spot(".dsq-comment-header-time a,a.dsq-comment-header-time", "title"), Spot(".dsq-comment-header-time")),
        body=(Spot(".dsq-comment-message"), Spot(".dsq-comment-text"), Spot(".dsq-comment-body")),
        votes=(Spot(".dsq-comment-rate-points"),),
        parent=(Spot("[id^=dsq-reply-to] a,.dsq-comment-parent a", "href", r"#(?:dsq-)?comment-(\d+)"),),
        level=(Spot("", "class", r"\b(?:dsq-)?depth-(\d+)"),),
        count=(Spot("#dsq-num-posts"), Spot("#dsq-comments-count")),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the ids and roles that Disqus gives to comments."""
    return markup.sniff(source, "Disqus", _FAMILIES, score=0.85)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
