"""Pages that mark their comments up in the words of schema.org, as microdata or RDFa.

Source: https://schema.org/Comment, https://schema.org/Answer and https://html.spec.whatwg.org/multipage/microdata.html.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="schema_page", title="Page with schema.org comments (HTML)", extensions=(".html", ".htm"))

_AT = (
    '[itemprop="dateCreated"],[itemprop="datePublished"],[itemprop="commentTime"],[property~="schema:dateCreated"],'
    '[property~="schema:datePublished"],[property="dateCreated"],[property="datePublished"]'
)
_BODY = '[itemprop="text"],[itemprop="commentText"],[property~="schema:text"],[property="text"]'
_FAMILY = Family(
    comment='[itemtype$="schema.org/Comment"],[itemtype$="schema.org/UserComments"],[itemtype$="schema.org/Answer"],'
    '[typeof~="schema:Comment"],[typeof~="Comment"],[typeof~="schema:Answer"],[typeof~="Answer"]',
    proof="html:not(:has([itemtype$=FAQPage])),[itemtype$=QAPage]",
    id=(
        Spot("", "id", r"(\d[\w-]*)$"),
        Spot("", "itemid", r"([^/#]+)/?$"),
        Spot("", "resource", r"([^/#]+)/?$"),
        Spot("", "about", r"([^/#]+)/?$"),
        Spot('[itemprop="url"]:not([itemprop="author"] *):not([itemprop="creator"] *)', "href", r"([^/#]+)/?$"),
    ),
    author=(
        Spot('[itemprop="author"] meta[itemprop="name"],[itemprop="creator"] meta[itemprop="name"]', "content"),
        Spot('[itemprop="author"] [itemprop="name"],[itemprop="creator"] [itemprop="name"]'),
        Spot('meta[itemprop="author"],meta[itemprop="creator"]', "content"),
        Spot('[itemprop="author"],[itemprop="creator"]'),
        Spot('[property~="schema:author"] [property~="schema:name"],[property="author"] [property="name"]'),
        Spot('[property~="schema:author"],[rel~="schema:author"],[property="author"]'),
    ),
    when=(Spot(_AT, "datetime"), Spot(_AT, "content"), Spot(_AT)),
    body=(Spot(_BODY), Spot('[itemprop="description"],[itemprop="articleBody"]')),
    aside=markup.classes("bbCodeBlock-expandLink js-expandLink"),
    votes=(Spot('[itemprop="upvoteCount"]', "content"), Spot('[itemprop="upvoteCount"]')),
    url=(Spot('[itemprop="url"]:not([itemprop="author"] *):not([itemprop="creator"] *)', "href"),),
    parent=(Spot('[itemprop="parentItem"]', "href", r"(\d[\w-]*)$"),),
    by_post_author=".comment-by-author,.bypostauthor,.by-post-author",
    post_author=(
        Spot('[itemprop="author"] [itemprop="name"],[itemprop="creator"] [itemprop="name"]'),
        Spot('[itemprop="author"],[itemprop="creator"]'),
        Spot('[property~="schema:author"],[property="author"]'),
    ),
    post_when=(Spot(_AT, "datetime"), Spot(_AT, "content")),
    post_body=(Spot('[itemprop="articleBody"],[property~="schema:articleBody"],[property="articleBody"]'), Spot(_BODY)),
    count=(
        Spot('[itemprop="commentCount"],[itemprop="answerCount"]', "content"),
        Spot('[itemprop="commentCount"],[itemprop="answerCount"]'),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for elements whose type is Comment or Answer."""
    return markup.sniff(source, "schema.org", (_FAMILY,), score=0.5)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page; answers that nobody signed are a site's own and no discussion."""
    for thread in markup.read(source, FORMAT, (_FAMILY,)):
        if any(comment.author or comment.when for comment in thread.comments):
            yield thread
