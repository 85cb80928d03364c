"""WordPress export files (WXR 1.0 to 1.2): RSS with a `wp:comment` for each comment, read as a stream.

E-mail and IP addresses of commenters stand in the file and are not read.
Source: https://developer.wordpress.org/reference/functions/export_wp/.
"""

import codecs
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from commentlab import dates, dom, text
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Kind, Link, Post, Problem, Span, Status, Thread, When

if TYPE_CHECKING:
    from lxml.etree import _Element

FORMAT = Format(name="wxr", title="WordPress export (WXR)", extensions=(".xml", ".wxr"))

_MARK = re.compile(r"wordpress\.org/export/1\.\d|<wp:(?:wxr_version|post_id|comment|base_site_url)\b")
# XML 1.0 allows no control characters, yet exports carry those that people pasted.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_KINDS: Mapping[str, Kind] = MappingProxyType({"pingback": "pingback", "trackback": "trackback"})
_STATUSES: Mapping[str, Status] = MappingProxyType(
    {"0": "pending", "hold": "pending", "spam": "spam", "trash": "deleted", "post-trashed": "deleted"}
)
_MAIL = re.compile(r"([^@\s]+)@[\w-]+(?:\.[\w-]+)+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_BLOCK = r"</?(?:p|div|ul|ol|li|blockquote|pre|h[1-6]|table|t[rdh]|br|hr)\b"
_LINE = re.compile(rf"({_BLOCK}[^<>]*>)?\n(?!\s*{_BLOCK})", re.I)


class _Clean:
    """A binary stream as UTF-8 without what XML forbids; it remembers how the file ends."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder(encoding)("replace")
        self.tail = ""

    def read(self, size: int = -1) -> bytes:
        while data := self.stream.read(size):
            if clean := _CONTROLS.sub("", self.decoder.decode(data)):
                self.tail = (self.tail + clean)[-200:]
                return clean.encode("utf-8", "replace")
        return b""


def sniff(source: Source) -> Clue | None:
    """Look for the namespace or the elements of an export."""
    found = _MARK.search(text.decode(source.head)[0])
    return Clue(score=0.95, why=f"it has {found[0]!r}, as WordPress exports do") if found else None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post or page that has comments; only one of them is in memory.

    A file that was cut gives what stands before the cut, and its last thread a problem "cut".
    """
    last: Thread | None = None
    with source.open() as stream:
        clean = _Clean(stream, text.decode(source.head)[1])
        for thread in _threads(clean, source):
            if last:
                yield last
            last = thread
    if last and "</rss>" not in clean.tail:
        message = "the file ends in the middle; posts and comments after that are missing; export it again"
        last = replace(last, problems=(*last.problems, Problem(code="cut", message=message)))
    if last:
        yield last


def _threads(clean: _Clean, source: Source) -> Iterator[Thread]:
    from lxml import etree

    people: dict[str, tuple[str, str]] = {}
    opened: _Element | None = None
    events = etree.iterparse(
        clean,
        events=("start", "end"),
        recover=True,
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        encoding="utf-8",
    )
    try:
        for event, element in events:
            name = _name(element)
            if event == "start":
                opened = element if name == "item" else opened
            elif name == "author" and opened is None:
                fields = _fields(element)
                shown = fields.get("author_display_name") or fields.get("author_login", "")
                people[fields.get("author_login", "")] = (shown, fields.get("author_id", ""))
            elif name == "item":
                yield from _thread(element, people, source)
                opened = None
                _forget(element)
    except etree.XMLSyntaxError:
        pass  # what stands before it was read; the missing end makes it a problem "cut"
    if opened is not None:
        yield from _thread(opened, people, source)


def _forget(element: "_Element") -> None:
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: "_Element") -> str:
    """Return the name without its namespace, or without a prefix that is bound to none."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _fields(element: "_Element") -> dict[str, str]:
    """Return the texts of an element's children by name; of two with one name the first that says something."""
    fields: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if not fields.get(name):
            fields[name] = (child.text or "").strip()
    return fields


def _thread(item: "_Element", people: dict[str, tuple[str, str]], source: Source) -> Iterator[Thread]:
    records = [_fields(child) for child in item if _name(child) == "comment"]
    records = [record for record in records if record.get("comment_id") or record.get("comment_content")]
    if not records:
        return
    fields = _fields(item)
    content = next((child.text or "" for child in item if _name(child) == "encoded"), "")
    login = fields.get("creator", "")
    author, author_id = people.get(login, (login, ""))
    post = _post(fields, author, content, source)
    comments = tuple(_comment(record, author_id, source.timezone) for record in records)
    yield Thread(id=post.id, post=post, comments=comments, source=source.name, reader=FORMAT.name)


def _post(fields: dict[str, str], author: str, content: str, source: Source) -> Post:
    title, body = text.tidy(html.unescape(fields.get("title", ""))), _shown(content)[0]
    url = fields.get("link") or None
    key = (url or "", title, body[:500])
    written = fields.get("post_date_gmt", ""), fields.get("post_date", ""), fields.get("pubDate", "")
    when = _when(*written[:2], source.timezone)
    return Post(
        id=text.fingerprint(*key) if any(key) else text.fingerprint(source.name),
        title=title,
        text=body,
        url=url,
        author=author or None,
        published=when.time if when and when.time else dates.parse(written[2]).time,
    )


def _comment(fields: dict[str, str], author_id: str, zone: tzinfo | None) -> Comment:
    body, quotes = _shown(fields.get("comment_content", ""))
    author = text.tidy(html.unescape(fields.get("comment_author", ""))) or None
    parent = fields.get("comment_parent", "0")
    return Comment(
        id=fields.get("comment_id") or text.fingerprint(author, body),
        text=body,
        author=_MAIL.sub(r"\1", author) if author else None,
        when=_when(fields.get("comment_date_gmt", ""), fields.get("comment_date", ""), zone),
        link=None if parent in ("", "0") else Link(parent_id=parent),
        quotes=quotes,
        kind=_KINDS.get(fields.get("comment_type", ""), "comment"),
        status=_STATUSES.get(fields.get("comment_approved", ""), "shown"),
        by_post_author=bool(author_id) and fields.get("comment_user_id") == author_id,
    )


def _when(gmt: str, local: str, zone: tzinfo | None) -> When | None:
    """Read the time in GMT; WordPress writes zeros there for drafts and old comments, which have a local time only."""
    when = dates.parse(gmt, zone=UTC)
    if when.time:
        return replace(when, zone_assumed=False)
    return dates.parse(local, zone=zone) if local or gmt else None


def _shown(content: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text that WordPress shows for stored content, where blank lines stand for paragraphs (`wpautop`)."""
    if "<" not in content:
        return text.tidy(html.unescape(content)), ()
    content = content.replace("\r\n", "\n")
    markup = _LINE.sub(lambda match: match[1] or "<br>", _PARAGRAPH.sub("<p>", content))
    body = dom.parse(markup).tree.body
    return dom.text_of(dom.outline(body)) if body is not None else ("", ())
