"""What HTML readers share: one parse a page, its nodes as flat lists, visible text, the post, the parts of a comment.

Nothing here knows a site, and nothing recurses.
"""

from commentlab.dom.facts import Facts, facts, joined, title
from commentlab.dom.fragments import fragment, paragraphs
from commentlab.dom.outlines import NODES, Outline, outline, text_of, unseen
from commentlab.dom.pages import LIMIT, Page, is_html, page, parse
from commentlab.dom.parts import Parts, announced, author, body, parts, votes, when
from commentlab.dom.selecting import first, holds, select

__all__ = [
    "LIMIT",
    "NODES",
    "Facts",
    "Outline",
    "Page",
    "Parts",
    "announced",
    "author",
    "body",
    "facts",
    "first",
    "fragment",
    "holds",
    "is_html",
    "joined",
    "outline",
    "page",
    "paragraphs",
    "parse",
    "parts",
    "select",
    "text_of",
    "title",
    "unseen",
    "votes",
    "when",
]
