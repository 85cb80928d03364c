"""The tables that describe comment pages: one `Family` for each way in which a program has marked its comments up."""

import re
from dataclasses import dataclass
from typing import NamedTuple


class Spot(NamedTuple):
    """Where a page shows something, as one row of a table.

    Attributes:
        css: Selector of the elements; "" is the comment's own element.
        attribute: The attribute that holds it; "" is the text that a person sees.
        pattern: What of it counts: the first group.
    """

    css: str
    attribute: str = ""
    pattern: str = ""


Spots = tuple[Spot, ...]
"""Places to look in, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a program, in one generation of its templates, writes a page of comments.

    Attributes:
        comment: Selector of the element that is one comment; replies may stand inside it.
        proof: Selector of what proves the program where other programs have such comments, too.
        spread: Where a comment goes on in the siblings of its element: selector of the last of them.
        lead: Selector of an element directly before a comment that belongs to it, such as a named anchor.
        themed: Whether people rewrite its templates, so that usual names are tried where the table finds nothing.
        id: The comment's own name.
        author: Who wrote it.
        accounts: Whether names are unique on the site, so that the post's author is known among the commenters.
        when: Its date.
        byline: A line that says both, name first, where neither has an element of its own.
        body: Its text; several elements are its paragraphs.
        aside: Classes of elements in the body that are no text of the commenter's.
        angled: Whether writers quote by ">" at the start of a line, for want of markup.
        votes: Its votes.
        url: Its address.
        parent: Id of the comment that it answers.
        level: How deep it stands; larger is deeper.
        around: Selector of elements that each put what is in them one level deeper.
        deleted: Selector of what only deleted comments have.
        pending: Selector of what only comments that wait for approval have.
        by_post_author: Selector of what only comments of the post's author have.
        opening: Id of the comment, by its markup, that is the post.
        title: The post's title.
        post_author: Who wrote the post.
        post_when: The post's date.
        post_byline: A line that says both, name first.
        post_body: The post's text.
        count: The number of comments that the page announces.
        more: Selector of what stands for comments that were not loaded.
    """

    comment: str
    proof: str = ""
    spread: str = ""
    lead: str = ""
    themed: bool = False
    id: Spots = ()
    author: Spots = ()
    accounts: bool = False
    when: Spots = ()
    byline: Spots = ()
    body: Spots = ()
    aside: re.Pattern[str] | None = None
    angled: bool = False
    votes: Spots = ()
    url: Spots = ()
    parent: Spots = ()
    level: Spots = ()
    around: str = ""
    deleted: str = ""
    pending: str = ""
    by_post_author: str = ""
    opening: str = ""
    title: Spots = ()
    post_author: Spots = ()
    post_when: Spots = ()
    post_byline: Spots = ()
    post_body: Spots = ()
    count: Spots = ()
    more: str = ""


def classes(names: str) -> re.Pattern[str]:
    """Return the pattern that finds one of the class names, which are separated by spaces."""
    return re.compile(f" (?:{'|'.join(map(re.escape, names.lower().split()))}) ")
