"""BlogML, the exchange format of .NET blogs (BlogEngine.NET, Subtext, dasBlog, Community Server) and some others.

E-mail addresses of commenters stand in the file and reach no record.
Source: the schema http://www.blogml.com/2006/09/BlogML; BlogEngine.NET adds `parentid`.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from commentlab import fields, text, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="blogml", title="BlogML export", extensions=(".xml", ".blogml"), states_replies=False)

_MARK = re.compile(r"blogml\.com|<(?:\w+:)?posts[\s>]")
_POST = {"title": "title", "author": "authors/author@ref", "when": "@date-created", "url": "@post-url", "key": "@id"}
_COMMENT = {
    "id": "@id",
    "author": "@user-name",
    "when": "@date-created",
    "parent": "@parentid",
    "approved": "@approved",
}
_TRACKBACK = {"id": "@id", "author": "@title title", "when": "@date-created", "approved": "@approved"}
_FIELDS = Fields(
    text="text",
    title="title",
    author="author",
    when="when",
    parent="parent",
    roots=frozenset(["0", "00000000-0000-0000-0000-000000000000"]),
    url="url",
    statuses={"approved=false": "pending"},
    kinds={"trackback": "trackback"},
)


def sniff(source: Source) -> Clue | None:
    """Look for the root element with the format's namespace or a list of posts."""
    is_export = xmlstream.root(source.head) == "blog" and _MARK.search(text.decode(source.head)[0])
    return Clue(score=0.96, why="its first element is <blog>, with posts") if is_export else None


def read(source: Source) -> Iterator[Thread]:
    """Yield each post that has comments or trackbacks; only one of them is in memory."""
    problems: list[Problem] = []
    with source.open() as stream:
        elements = xmlstream.elements(stream, ("author", "post"), problems)
        yield from xmlstream.concluded(_threads(elements, source), problems)


def _threads(elements: Iterator[xmlstream.Element], source: Source) -> Iterator[Thread]:
    people: dict[str, str] = {}
    for element in elements:
        if element.name == "author":
            people[element.get("@id")] = element.get("title") or element.get("@title")
            continue
        replies = [
            *_rows(element, "comments", "comment", _COMMENT),
            *({**row, "trackback": "yes"} for row in _rows(element, "trackbacks", "trackback", _TRACKBACK)),
        ]
        if replies:
            row = {**xmlstream.pick(element, _POST), "text": _content(element)}
            row["author"] = people.get(row["author"], "")
            found: list[Problem] = []
            post = fields.post(row, _FIELDS, source, key=f"{source.name} {row['key']}")
            comments = fields.comments(((each, None) for each in replies), _FIELDS, source, found)
            yield fields.thread(post, comments, source, FORMAT.name, found)


def _rows(post: xmlstream.Element, group: str, name: str, table: dict[str, str]) -> Iterator[dict[str, str]]:
    for outer in post.all(group):
        for element in outer.all(name):
            yield {**xmlstream.pick(element, table), "text": _content(element)}


def _content(element: xmlstream.Element) -> str:
    """Return the content, which some programs write in base64."""
    content = element.get("content")
    if element.get("content@type") != "base64":
        return content
    try:
        return text.decode(base64.b64decode(content, validate=False))[0]
    except (binascii.Error, ValueError):
        return content
