"""Disqus exports: every thread of a forum, then every post in the order of time.

E-mail and IP addresses and account names stand in the file and reach no record.
Source: https://help.disqus.com/en/articles/1717164-comments-export and http://disqus.com/api/schemas/1.0/disqus.xsd.
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from commentlab import documents, fields, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="disqus_xml", title="Disqus export (XML)", extensions=(".xml",))

_THREAD = {
    "text": "message",
    "title": "title",
    "author": "author/name",
    "account": "author/username",
    "when": "createdAt",
    "url": "link",
}
_POST = {
    "id": "@dsq:id id",
    "text": "message",
    "author": "author/name",
    "account": "author/username",
    "when": "createdAt",
    "parent": "parent@dsq:id",
    "deleted": "isDeleted",
    "spam": "isSpam",
    "approved": "isApproved",
}
_FIELDS = Fields(
    text="text",
    title="title",
    author="author",
    account="account",
    when="when",
    parent="parent",
    url="url",
    statuses=MappingProxyType({"deleted=true": "deleted", "spam=true": "spam", "approved=false": "pending"}),
)


def sniff(source: Source) -> Clue | None:
    """Look for the root element."""
    is_export = xmlstream.root(source.head) == "disqus"
    return Clue(score=0.97, why="its first element is <disqus>") if is_export else None


def read(source: Source) -> Iterator[Thread]:
    """Yield each thread that has posts; a post whose thread is not in the file makes one without title."""
    problems: list[Problem] = []
    with source.open() as stream:
        rows = documents.grouped(_rows(xmlstream.elements(stream, ("thread", "post"), problems)))
        yield from xmlstream.concluded(_threads(rows, source), problems)


def _rows(elements: Iterator[xmlstream.Element]) -> Iterator[tuple[str, dict[str, str]]]:
    for element in elements:
        if element.name == "thread":
            yield element.get("@dsq:id"), {"is": "thread", **xmlstream.pick(element, _THREAD)}
        else:
            yield element.get("thread@dsq:id"), xmlstream.pick(element, _POST)


def _threads(groups: Iterator[tuple[str, list[Any]]], source: Source) -> Iterator[Thread]:
    for key, rows in groups:
        posts = [(row, None) for row in rows if "is" not in row]
        if not posts:
            continue
        about = next((row for row in rows if "is" in row), None)
        problems: list[Problem] = []
        if about is None:
            message = (
                f"the file holds comments on a thread {key!r}, but not that thread; its title and address are unknown"
            )
            problems.append(Problem(code="no-post", message=message))
        post = fields.post(about, _FIELDS, source, key=f"{source.name} {key}")
        account = about["account"] if about else None
        comments = fields.comments(posts, _FIELDS, source, problems, account=account)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
