"""Replies on pages of the IndieWeb: an `h-entry` with `u-comment h-cite` (microformats 2), webmentions too.

Source: https://microformats.org/wiki/comment and https://indieweb.org/comments.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="microformats_page", title="Page with microformats comments (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment=".u-comment,.p-comment",
        proof=".h-entry,.h-cite",
        id=(Spot("", "id", r"(\w[\w-]*)$"), Spot("a.u-url,.u-url a,link.u-url", "href"), Spot(".u-uid", "href")),
        author=(
            Spot(".p-author .p-name"),
            Spot(".p-author img", "alt"),
            Spot(".p-author"),
            Spot(".h-card .p-name"),
            Spot(".h-card"),
        ),
        when=(
            Spot(".dt-published", "datetime"),
            Spot(".dt-published", "value"),
            Spot(".dt-published"),
            Spot("time", "datetime"),
        ),
        body=(
            Spot(".e-content"),
            Spot(".p-content"),
            Spot(".p-summary"),
            Spot(".p-name:not(.p-author *):not(.h-card *)"),
        ),
        url=(Spot("a.u-url", "href"),),
        parent=(Spot(".u-in-reply-to", "href"),),
        title=(Spot(".h-entry > .p-name,.h-entry > header .p-name"), Spot("h1.p-name")),
        post_author=(Spot(".h-entry .p-author"),),
        post_when=(Spot(".h-entry .dt-published", "datetime"),),
        post_body=(Spot(".h-entry > .e-content"), Spot(".h-entry .e-content")),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the class names `u-comment` and `h-cite`."""
    return markup.sniff(source, "microformats", _FAMILIES, score=0.5)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
