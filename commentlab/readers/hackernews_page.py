"""Pages of Hacker News: today's, and those from before 2014, whose only sign of depth is the width of a spacer."""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="hackernews_page", title="Hacker News page (HTML)", extensions=(".html", ".htm"))

_FAMILIES = (
    Family(
        comment="tr.comtr,tr:not(.comtr):has(> td.default):not(.comtr *)",
        id=(Spot("tr.comtr", "id"), Spot('.comhead a[href*="item?id="]', "href", r"id=(\d+)")),
        author=(Spot(".hnuser"), Spot('.comhead a[href*="user?id="]')),
        accounts=True,
        when=(
            Spot(".age", "title", r" (\d{9,10})$"),
            Spot(".age", "title", r"(\S+)"),
            Spot(".comhead", "", r"(\d+ (?:minute|hour|day|month|year)s? ago)"),
        ),
        body=(Spot(".commtext"), Spot(".comment font[color]"), Spot(".comment")),
        aside=markup.classes("reply navs"),
        angled=True,
        votes=(Spot(".score"), Spot(".comhead", "", r"(-?\d+) points?\b")),
        url=(Spot(".age a", "href"), Spot('.comhead a[href*="item?id="]', "href")),
        level=(Spot(".ind", "indent"), Spot('td > img[src*="s.gif"]', "width")),
        title=(Spot(".titleline > a"), Spot("td.title > a")),
        post_author=(Spot(".fatitem .hnuser"), Spot('.subtext a[href*="user?id="]')),
        post_when=(Spot(".fatitem .age", "title", r" (\d{9,10})$"), Spot(".fatitem .age", "title", r"(\S+)")),
        post_body=(Spot(".toptext"), Spot(".fatitem .commtext")),
        count=(Spot('.subtext a[href*="item?id="]', "", r"^(\d+) comments?$"),),
        more="a.morelink",
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for the names that Hacker News gives to the rows of its tables."""
    return markup.sniff(source, "Hacker News", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
