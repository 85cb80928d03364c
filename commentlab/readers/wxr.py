"""WordPress export files (WXR 1.0 to 1.2): RSS with a `wp:comment` for each comment, read as a stream.

E-mail and IP addresses of commenters stand in the file and are not read.
Source: https://developer.wordpress.org/reference/functions/export_wp/.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, tzinfo

from commentlab import dates, dom, fields, text, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread, When

FORMAT = Format(name="wxr", title="WordPress export (WXR)", extensions=(".xml", ".wxr"))

_MARK = re.compile(r"wordpress\.org/export/1\.\d|<wp:(?:wxr_version|post_id|comment|base_site_url)\b")
_PERSON = {"login": "wp:author_login", "name": "wp:author_display_name wp:author_login", "id": "wp:author_id"}
_ITEM = {
    "key": "wp:post_id",
    "title": "title",
    "text": "content:encoded",
    "login": "dc:creator",
    "url": "link",
    "gmt": "wp:post_date_gmt",
    "local": "wp:post_date",
    "published": "pubDate",
}
_COMMENT = {
    "id": "wp:comment_id",
    "text": "wp:comment_content",
    "author": "wp:comment_author",
    "account": "wp:comment_user_id",
    "parent": "wp:comment_parent",
    "type": "wp:comment_type",
    "approved": "wp:comment_approved",
    "gmt": "wp:comment_date_gmt",
    "local": "wp:comment_date",
}
_FIELDS = Fields(
    text="text",
    title="title",
    author="author",
    account="account",
    when="local gmt",
    parent="parent",
    url="url",
    statuses={
        "approved=0": "pending",
        "approved=hold": "pending",
        "approved=spam": "spam",
        "approved=trash": "deleted",
        "approved=post-trashed": "deleted",
    },
    kinds={"type=pingback": "pingback", "type=trackback": "trackback"},
)


def sniff(source: Source) -> Clue | None:
    """Look for the namespace or the elements of an export."""
    found = _MARK.search(text.decode(source.head)[0]) if xmlstream.root(source.head) == "rss" else None
    return Clue(score=0.95, why=f"it has {found[0]!r}, as WordPress exports do") if found else None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post or page that has comments; only one of them is in memory."""
    problems: list[Problem] = []
    with source.open() as stream:
        elements = xmlstream.elements(stream, ("wp:author", "item"), problems)
        yield from xmlstream.concluded(_threads(elements, source), problems)


def _threads(elements: Iterator[xmlstream.Element], source: Source) -> Iterator[Thread]:
    people: dict[str, dict[str, str]] = {}
    for element in elements:
        if element.name == "item":
            yield from _thread(element, people, source)
        else:
            person = xmlstream.pick(element, _PERSON)
            people[person["login"]] = person


def _thread(item: xmlstream.Element, people: dict[str, dict[str, str]], source: Source) -> Iterator[Thread]:
    rows = [xmlstream.pick(each, _COMMENT) for each in item.all("wp:comment")]
    rows = [row | {"text": dom.paragraphs(row["text"])} for row in rows if row["id"] or row["text"]]
    if not rows:
        return
    about = xmlstream.pick(item, _ITEM)
    person = people.get(about["login"], {"name": about["login"], "id": ""})
    about |= {"author": person["name"], "text": dom.paragraphs(about["text"])}
    when = _when(about, source.timezone)
    published = when.time if when and when.time else dates.parse(about["published"]).time
    post = fields.post(about, _FIELDS, source, key=f"{source.name} {about['key']}")
    problems: list[Problem] = []
    comments = fields.comments(((row, None) for row in rows), _FIELDS, source, problems, account=person["id"] or None)
    dated = [replace(comment, when=_when(row, source.timezone)) for comment, row in zip(comments, rows, strict=True)]
    yield fields.thread(replace(post, published=published), dated, source, FORMAT.name, problems)


def _when(row: dict[str, str], zone: tzinfo | None) -> When | None:
    """Read the time in GMT; WordPress writes zeros there for drafts and old comments, which have a local time only."""
    when = fields.moment(row["gmt"], UTC)
    return replace(when, zone_assumed=False) if when and when.time else fields.moment(row["local"], zone)
