"""Blogger: the export of a blog, `feed.atom` of Google Takeout, and the comment feed of one post.

Posts and comments are entries of one Atom feed in any order. The export and the feeds name the post in
`thr:in-reply-to` and the comment answered in a link "related"; Takeout has elements of its own for both.
Source: https://developers.google.com/blogger/docs/2.0/developers_guide_protocol (a comment's id is its number there).
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from commentlab import documents, fields, text, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(
    name="blogger_atom", title="Blogger export, Takeout or comment feed (Atom)", extensions=(".xml", ".atom")
)

_MARK = re.compile(
    r"schemas\.google\.com/(?:blogger/20\d\d)|tag:blogger\.com,1999:blog-|<(?:\w+:)?generator[^>]*>Blogger<"
)
_ENTRY = {
    "kind": "category[scheme=http://schemas.google.com/g/2005#kind]@term blogger:type",
    "key": "id",
    "id": "id",
    "post": "thr:in-reply-to@ref blogger:parent",
    "page": "thr:in-reply-to@href",
    "parent": "blogger:inReplyTo link[rel=related]@href",
    "title": "title",
    "text": "content summary",
    "author": "author/name",
    "account": "author/uri",
    "when": "published blogger:created updated",
    "url": "link[rel=alternate]@href",
    "declared": "thr:total link[rel=replies]@thr:count",
    "removed": "gd:extendedProperty[name=blogger.contentRemoved]@value",
    "trashed": "blogger:trashed",
    "status": "blogger:status",
}
_FIELDS = Fields(
    text="text",
    title="title",
    author="author",
    account="account",
    when="when",
    parent="parent",
    url="url",
    statuses=MappingProxyType(
        {
            "removed": "deleted",
            "trashed": "deleted",
            "status=EMPTIED": "deleted",
            "status=SPAM": "spam",
            "status=PENDING": "pending",
        }
    ),
)
# "tag:blogger.com,1999:blog-1.post-22", ".comment-22" and ".../comments/default/22" are the comment c22 of the page.
_NUMBER = re.compile(r"(?:tag|https?):.*\D(\d+)")
_COMMENTS_ON = re.compile(r"^Comments on (?:[^:]*: )?(.+)$", re.S)


def sniff(source: Source) -> Clue | None:
    """Look for an Atom feed that carries Blogger's marks."""
    found = _MARK.search(text.decode(source.head)[0]) if xmlstream.root(source.head) == "feed" else None
    return Clue(score=0.96, why=f"an Atom feed with {found[0]!r}, as Blogger writes it") if found else None


def read(source: Source) -> Iterator[Thread]:
    """Yield each post that has comments, the oldest first; templates and settings are passed over."""
    problems: list[Problem] = []
    with source.open() as stream:
        rows = documents.grouped(_rows(xmlstream.elements(stream, ("entry", "title"), problems)))
        yield from xmlstream.concluded(_threads(rows, source), problems)


def _rows(elements: Iterator[xmlstream.Element]) -> Iterator[tuple[str, dict[str, str]]]:
    feed = ""
    for element in elements:
        if element.name == "title":
            feed = element.text
            continue
        row = xmlstream.pick(element, _ENTRY)
        kind = row["kind"].rpartition("#")[2].casefold()
        if kind in ("post", "page"):
            yield row["key"], {**row, "is": "post"}
        elif kind == "comment" or row["post"]:
            ids = {key: match[1] if (match := _NUMBER.fullmatch(row[key])) else row[key] for key in ("id", "parent")}
            yield row["post"], {**row, **ids, "feed": feed}


def _threads(groups: Iterator[tuple[str, list[Any]]], source: Source) -> Iterator[Thread]:
    for key, rows in groups:
        comments = [(row, None) for row in rows if "is" not in row]
        if not comments:
            continue
        problems: list[Problem] = []
        about = next((row for row in rows if "is" in row), None)
        if about is None:
            about = _unseen(comments[0][0])
            message = "the post itself is not in the file; what is known of it comes from its comments"
            problems.append(Problem(code="no-post", message=message))
        post = fields.post(about, _FIELDS, source, key=f"{source.name} {key}")
        made = fields.comments(comments, _FIELDS, source, problems, account=about.get("account") or None)
        yield fields.thread(
            post, xmlstream.oldest_first(made), source, FORMAT.name, problems, declared=about.get("declared")
        )


def _unseen(comment: dict[str, str]) -> dict[str, str]:
    """Return what a comment tells of a post that is not in the file, as in the comment feed of one post."""
    title = _COMMENTS_ON.match(comment["feed"].strip())
    return {
        "title": title[1] if title else "",
        "url": comment["page"] or comment["url"].partition("?")[0].partition("#")[0],
    }
