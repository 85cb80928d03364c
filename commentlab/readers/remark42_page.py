"""Comments of remark42 as its saved frame shows them; replies stand in a thread within their thread."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="remark42_page", title="remark42 comments (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment="[id^=remark42__comment-]",
        id=(Spot("", "id", r"^remark42__comment-(\S+)"),),
        author=(Spot(".comment__username"), Spot(".comment-username")),
        when=(Spot(".comment__time"),),
        body=(Spot(".comment__text"),),
        votes=(Spot(".comment__score-value"), Spot(".comment-votes__value")),
        url=(Spot("a.comment__time", "href"),),
        parent=(Spot(".comment__link-to-parent", "href", r"#remark42__comment-(\S+)"),),
        around=".thread",
        count=(Spot(".root__comments-count,.comments-count"),),
        more=".root__show-more",
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the ids that remark42 gives to comments."""
    return markup.sniff(source, "remark42", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
