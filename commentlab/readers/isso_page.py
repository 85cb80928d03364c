"""Comments of Isso as a saved page shows them, with the class names before and since version 0.13."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="isso_page", title="Isso comments (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment=".isso-comment[id^=isso-]",
        id=(Spot("", "id", r"^isso-(\d+)"),),
        author=(Spot(".isso-author"), Spot(".isso-comment [role=meta] .author")),
        when=(Spot("time", "datetime"), Spot("time", "title"), Spot("time")),
        body=(Spot(".isso-text"), Spot(".text-wrapper > .text")),
        votes=(Spot(".isso-votes"), Spot(".isso-comment-footer .votes")),
        url=(Spot(".isso-permalink,[role=meta] .permalink", "href"),),
        # The note says in the page's language that a comment was deleted or waits; only a deleted one has no text.
        pending=".isso-comment:has(> * > .isso-text > *) .isso-note:not(:empty)",
        by_post_author=".isso-comment.isso-is-page-author",
        count=(Spot(".isso-thread-heading"), Spot("#isso-thread > h4")),
        more=".isso-load-hidden,.isso-loader",
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the ids and class names that Isso gives to comments."""
    return markup.sniff(source, "Isso", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
