"""Pages of Drupal 5 to 11, whose replies follow a comment in a `div.indented` and, since 8, name it in a hidden line.

Source: the templates comment.tpl.php and comment.html.twig of the core.
"""

from collections.abc import Iterator

from commentlab import markup
from commentlab.markup import Family, Spot
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="drupal_page", title="Drupal page (HTML)", extensions=(".html", ".htm"))

_NAME = r"^(.+?)(?:\s\([^()]*\))?$"  # "Ada (not verified)"
_PROOF = (
    'meta[content^="Drupal"],script[src*="drupal.js"],[data-drupal-selector],a[href*="/comment/reply/"],'
    '[data-comment-user-id],.comment-by-anonymous,[typeof~="sioct:Comment"]'
)
_IN_REPLY = 'p.parent a[href*="#comment-"],p.visually-hidden a[href*="#comment-"]'

_FAMILIES = (
    Family(
        comment='.comment:not(.comment-wrapper):not([id="comments"])',
        proof=_PROOF,
        lead='a[id^="comment-"]',
        themed=True,
        id=(
            Spot("", "id", r"^comment-(\d+)$"),
            Spot('a[id^="comment-"]', "id", r"^comment-(\d+)$"),
            Spot('h3 a.permalink,[property="schema:name"] a,.comment__title a,.title a', "href", r"#comment-(\d+)$"),
            Spot('a[href*="comment/reply"]', "href", r"/(\d+)(?:[?#].*)?$"),
        ),
        author=(Spot(".username", "", _NAME), Spot('[rel~="schema:author"],.comment__author', "", _NAME)),
        when=(
            Spot('[property~="schema:dateCreated"],[property~="dc:created"],[property~="dc:date"]', "content"),
            Spot("time", "datetime"),
        ),
        byline=(Spot(".submitted"), Spot('[class*="comment__submitted"],[class*="comment-submitted"]'), Spot("footer")),
        body=(
            Spot('[property~="schema:text"],[property~="content:encoded"]'),
            Spot('.field--name-comment-body,.field-name-comment-body,[class*="comment-body"]'),
            Spot(".comment__content,.comment-content,.content"),
        ),
        aside=markup.classes("links permalink comment__title title indicator new user-signature submitted username"),
        url=(
            Spot('h3 a.permalink,[property="schema:name"] a,.comment__title a', "href"),
            Spot('a.permalink,a[rel~="bookmark"]', "href"),
        ),
        parent=(Spot(_IN_REPLY, "href", r"#comment-(\d+)$"),),
        around=".indented",
        pending=".comment.unpublished,.comment-unpublished,.comment--unpublished",
        by_post_author=".comment.by-node-author,.comment.comment-by-node-author,.comment-by-author",
        title=(Spot("h1.title"), Spot("h1.page-title"), Spot("#page-title")),
        post_author=(Spot('.node .submitted .username,.node__meta .username,.node [rel~="schema:author"]'),),
        post_when=(Spot('.node [property~="dc:date"],.node [property~="schema:dateCreated"]', "content"),),
        post_byline=(Spot(".node .submitted,.node__submitted"),),
        post_body=(Spot(".node .field-name-body,.node .field--name-body"), Spot(".node__content,.node .content")),
        count=(
            Spot(".comments-header,.comment-count,.comment_comments,.comment-comments"),
            Spot("#comments h2,#comments h3"),
        ),
    ),
)


def sniff(source: Source) -> Clue | None:
    """Look for Drupal's comment links, ids and class names."""
    return markup.sniff(source, "Drupal", _FAMILIES)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page."""
    return markup.read(source, FORMAT, _FAMILIES)
