"""Microformats2 as JSON: an `h-entry` with the comments on it, or entries that say what they are in reply to.

Likes and reposts are no comments.
Source: https://microformats.org/wiki/microformats2-parsing and https://microformats.org/wiki/comment.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get, listed
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="mf2", title="microformats2 (JSON)", extensions=(".json",))
_TEXT = (
    "properties.content.0.html properties.content.0.value properties.content.0 properties.summary.0 properties.name.0"
)
_URL = "properties.url.0 properties.uid.0"
POST = Fields(text=_TEXT, title="properties.name.0", author="name", when="properties.published.0", url=_URL)
COMMENT = Fields(
    id=_URL,
    text=_TEXT,
    author="name",
    account="account",
    when="properties.published.0",
    parent="parent",
    url=_URL,
)


def sniff(source: Source) -> Clue | None:
    """Look for items with a type and properties that are comments, or in reply to something."""
    if not documents.clue(source, "", "items.*.type", "items.*.properties"):
        return None
    for entry in _entries(documents.peek(source).value):
        if listed(get(entry, "properties.comment")) or _target(entry):
            return Clue(score=0.96, why="it has an h-entry with comments or in-reply-to (microformats2)")
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each entry with comments, and for each address that entries of this file reply to."""
    document = documents.whole(source)
    problems = list(document.problems)
    entries = list(_entries(document.value))
    names = {
        _url(entry): get(entry, "properties.name.0") for entry in entries if "h-card" in listed(get(entry, "type"))
    }
    posts = [entry for entry in entries if listed(get(entry, "properties.comment"))]
    nested = [
        (_url(post), post, documents.walk(get(post, "properties.comment"), "properties.comment")) for post in posts
    ]
    known = {_url(entry): entry for entry in entries}
    loose = [entry for entry in entries if _target(entry) and entry not in posts]
    answered = dict.fromkeys(_target(entry) for entry in loose if _target(entry) not in {_url(each) for each in loose})
    flat = [(url, known.get(url), ((entry, None) for entry in _below(url, loose))) for url in answered]
    for url, head, tree in [*nested, *flat]:
        items = [(_entry(each, names, url), above) for each, above in tree]
        owner = _entry(head, names, "") if head else None
        comments = fields.comments(items, COMMENT, source, problems, account=get(owner, "account"))
        post = fields.post(owner, POST, source, url=fields.web(url))
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _entries(document: Any) -> Iterator[Any]:
    """Yield the items of a document and of its feeds."""
    return (item for item, _ in documents.walk(get(document, "items"), "children"))


def _url(entry: Any) -> str:
    return fields.string(get(entry, _URL))


def _target(entry: Any) -> str:
    """Return the address that an entry replies to, "" if it is no reply."""
    found = get(
        entry, "properties.in-reply-to.0.properties.url.0 properties.in-reply-to.0.value properties.in-reply-to.0"
    )
    return fields.string(found)


def _below(url: str, entries: list[Any]) -> Iterator[Any]:
    """Yield the entries that reply to an address, or to one that does."""
    reached = {url}
    for entry in entries:
        if _target(entry) in reached:
            reached.add(_url(entry))
            yield entry


def _entry(entry: Any, names: dict[str, Any], post_url: str) -> Any:
    """Add the author's name and address, and the entry that is answered where that is not the post."""
    if not isinstance(entry, dict):
        return entry
    author = get(entry, "properties.author.0")
    account = get(author, "properties.url.0") or fields.string(author)
    name = get(author, "properties.name.0") or names.get(fields.string(account)) or get(author, "value") or author
    target = _target(entry)
    return {
        **entry,
        "name": None if fields.web(name) else name,
        "account": account or None,
        "parent": target if target != post_url else None,
    }
