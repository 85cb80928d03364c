"""Comments of Commento and of its heir Comentario as a saved page shows them."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="commento_page", title="Commento or Comentario comments (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment="[id^=commento-comment-card-]",
        id=(Spot("", "id", r"^commento-comment-card-(\w+)"),),
        author=(Spot("[id^=commento-comment-name-]"), Spot(".commento-name")),
        when=(Spot("[id^=commento-comment-timeago-]", "title"), Spot(".commento-timeago")),
        body=(Spot("[id^=commento-comment-text-]"), Spot("[id^=commento-comment-body-]"), Spot(".commento-body")),
        votes=(Spot("[id^=commento-comment-score-]"),),
        deleted=".commento-name.commento-deleted",
        pending=".commento-dark-card,.commento-card-unapproved",
        by_post_author=".commento-name.commento-op",
    ),
    Family(
        comment=".comentario-card",
        id=(Spot(".comentario-card-self", "id", r"^comentario-(\S+)"), Spot("", "id", r"^comentario-(\S+)")),
        author=(Spot(".comentario-name"),),
        when=(Spot(".comentario-subtitle [title]", "title"), Spot(".comentario-subtitle time", "datetime")),
        body=(Spot(".comentario-card-body"),),
        votes=(Spot(".comentario-score"),),
        url=(Spot(".comentario-subtitle a", "href"),),
        deleted=".comentario-card-self.comentario-deleted,.comentario-card.comentario-deleted",
        pending=".comentario-card-self.comentario-pending,.comentario-badge-pending",
        count=(Spot(".comentario-comment-count"),),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the ids and class names of comment cards."""
    return markup.sniff(source, "Commento and Comentario", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
