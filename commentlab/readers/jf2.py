"""jf2, the simplified microformats of XRay and of webmention.io: an entry, or a feed of entries that mention a page.

Likes and reposts are no comments. Source: https://jf2.spec.indieweb.org/ and https://github.com/aaronpk/webmention.io.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get, listed
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="jf2", title="jf2 (XRay, webmention.io)", extensions=(".json", ".jf2"))
_TEXT = "content.html content.text content.content-plain content summary name"
POST = Fields(text=_TEXT, title="name", author="author.name author", when="published", url="url")
COMMENT = Fields(
    id="wm-id uid url",
    text=_TEXT,
    author="author.name author",
    account="author.url author",
    when="published wm-received",
    url="url",
    kinds={"wm-property=mention-of": "pingback"},
)
_REPLIES = frozenset(["", "in-reply-to", "mention-of"])


def sniff(source: Source) -> Clue | None:
    """Look for webmentions, or for an entry that is a reply or has comments."""
    value = documents.peek(source).value
    if documents.has(value, "children.*.wm-property") or documents.has(value, "children.*.wm-target"):
        return Clue(score=0.97, why="its children have wm-property, as webmention.io's jf2 does")
    for start in ("data.", ""):
        kind = get(value, f"{start}type")
        answers = [key for key in ("in-reply-to", "comment", "comments") if documents.has(value, start + key)]
        if kind == "entry" and answers:
            return Clue(score=0.95, why=f"it is an entry with {answers[0]} (jf2)")
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page that is mentioned, or for an entry with comments."""
    problems: list[Problem] = []
    for value in documents.records(source, problems):
        entry = get(value, "data") or value
        if tree := listed(get(entry, "comment comments")):
            yield _thread(entry, "", documents.walk(tree, "comment comments"), source, problems)
            problems = []
        mentions = listed(get(value, "children")) or ([entry] if get(entry, "in-reply-to") else [])
        found = documents.objects(mentions, problems)
        keyed = ((_target(each), each) for each in found if _kind(each) in _REPLIES)
        for url, group in documents.grouped(keyed):
            # XRay puts what an entry refers to beside it.
            refs = get(value, "data.refs refs")
            head = refs.get(url) if isinstance(refs, dict) else None
            yield _thread(head, url, ((each, None) for each in group), source, problems)
            problems = []


def _thread(head: Any, url: str, tree: Iterator[tuple[Any, Any]], source: Source, problems: list[Problem]) -> Thread:
    account = get(head, COMMENT.account)
    comments = fields.comments(tree, COMMENT, source, problems, account=account)
    post = fields.post(head, POST, source, url=fields.web(url))
    return fields.thread(post, comments, source, FORMAT.name, problems)


def _target(entry: Any) -> str:
    return fields.string(get(entry, "wm-target in-reply-to.0.url in-reply-to.0 in-reply-to.url in-reply-to"))


def _kind(entry: Any) -> str:
    return fields.string(get(entry, "wm-property"))
