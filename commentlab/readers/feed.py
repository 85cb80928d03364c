"""Feeds of comments, RSS (0.9 to 2.0) and Atom: of one post, or of a whole site and then a thread for each post.

What marks a comment: `thr:in-reply-to`, an address that ends in `#comment-12`, a feed that is called "Comments on: …".
Source: RFC 4287 (Atom), RFC 4685 (`thr`), https://www.rssboard.org/rss-specification, and WordPress
(`wp-includes/feed-rss2-comments.php`), which writes "In reply to <a href="…#comment-7">…</a>." into the text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from commentlab import documents, fields, text, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Link, Problem, Thread

FORMAT = Format(name="feed", title="comment feed (RSS or Atom)", extensions=(".xml", ".rss", ".atom", ".rdf"))

_ITEM = {
    "guid": "guid id @about",
    "title": "title",
    "author": "dc:creator author/name author",
    "when": "pubDate published issued dc:date updated modified",
    "url": "link[rel=alternate]@href link link@href",
    "ref": "thr:in-reply-to@ref",
    "page": "thr:in-reply-to@href",
    "declared": "slash:comments thr:total link[rel=replies]@thr:count",
}
_TEXTS = ("content:encoded", "content", "description", "summary")
_FIELDS = Fields(text="text", title="title", author="author", when="when", url="url")
_COMMENT_WORD = (
    r"comment\w*|coment\w*|kommentar\w*|reacti\w*|komentar\w*|respon[sd]\w*|repl\w*|коммент\w*|评论|評論|コメント"
)
_SINGLE = re.compile(rf"^\s*(?:{_COMMENT_WORD})\s*(?:\w+\s*)?[:：]\s*(?P<post>.+)$", re.I | re.S)
_SITE = re.compile(
    rf"^\s*(?:{_COMMENT_WORD})\s+(?:on|zu|sur|en|em|su|op|til|på|к)\s+(?P<post>.+)\s(?:by|von|par|por|da|di|door|av|af|от)\s+"
    r"(?P<author>.+)$",
    re.I | re.S,
)
_BY = re.compile(r"^\s*(?:by|von|par|por|da|di|door|av|af|от|作者)\s*[:：]\s*(?P<author>.+)$", re.I | re.S)
_MAIL_NAME = re.compile(r"^\S+@\S+\s+\((.+)\)$")  # RSS: <author>mail@example.org (Name)</author>
_FRAGMENT = re.compile(r"#(?:[\w-]*comment[-_:]*|isso-|c|response-|reply-)(?P<id>[a-z_-]*\d[\w-]*)$", re.I)
_PAGE = re.compile(r"(?:comment-page-\d+/?)?(?:\?(?:cpage|showComment)=\d+)?(?:#.*)?$")
_REPLY = re.compile(
    r"^\s*(?:<p[^>]*>)?\s*[^<]{1,40}<a\s[^>]*href=[\"'](?P<url>[^\"']+)[\"'][^>]*>(?P<name>[^<]*)</a>[^<\w]{0,4}"
    r"(?:</p>|<br\s?/?>|\n|$)\s*"
)
_MARK = re.compile(
    rf"<(?:\w+:)?in-reply-to\b|<(?:link|guid|id)\b[^>]*>[^<]*{_FRAGMENT.pattern[:-1]}\s*(?:\]\]>|<)"
    rf"|<title>\s*(?:<!\[CDATA\[)?\s*(?:{_COMMENT_WORD})\s*(?:\w+\s*)?[:：]",
    re.I,
)
_OTHERS = re.compile(r"wordpress\.org/export/|<wp:|schemas\.google\.com/blogger/|tag:blogger\.com")
_PING_TEXT = re.compile(r"\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]", re.S)


def sniff(source: Source) -> Clue | None:
    """Look for a feed whose first entries are comments; feeds of posts have no comments in them."""
    if xmlstream.root(source.head) not in ("rss", "feed", "RDF"):
        return None
    start = text.decode(source.head)[0]
    found = None if _OTHERS.search(start) else _MARK.search(start)
    return Clue(score=0.9, why=f"a feed with comments in it ({' '.join(found[0].split())[:60]})") if found else None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post that has comments in the feed, the oldest comment first."""
    problems: list[Problem] = []
    names = ("item", "entry", "title", "link")
    with source.open() as stream:
        rows = documents.grouped(_rows(xmlstream.elements(stream, names, problems)))
        threads = (thread for _, group in rows for thread in _thread(group, source))
        yield from xmlstream.concluded(threads, problems)


def _rows(elements: Iterator[xmlstream.Element]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what the feed says of each entry, by the address of the post that it belongs to."""
    feed = {"title": "", "link": ""}
    for element in elements:
        if element.name in ("title", "link"):
            is_page = element.name == "title" or element.attributes.get("rel", "alternate") == "alternate"
            said = (element.text or element.attributes.get("href", "")).strip()
            feed[element.name] = feed[element.name] or (said if is_page else "")
            continue
        row = xmlstream.pick(element, _ITEM)
        row["text"] = next((markup for name in _TEXTS for each in element.all(name) if (markup := _markup(each))), "")
        row |= _signed(row)
        fragment = _FRAGMENT.search(row["url"]) or _FRAGMENT.search(row["guid"])
        row["id"] = fragment["id"] if fragment else row["guid"] or row["url"]
        single = _SINGLE.match(feed["title"])
        is_comment = bool(fragment or row["ref"] or row["page"] or single)
        address = feed["link"] if single and is_comment else _PAGE.sub("", row["url"] or row["page"])
        about = {"about": address, "of": row["of"] or (single["post"].strip() if single else "")}
        yield _PAGE.sub("", address), row | about | ({} if is_comment else {"is": "post"})


def _markup(element: xmlstream.Element) -> str:
    plain = element.name in ("content", "summary") and element.attributes.get("type", "text") in ("text", "text/plain")
    return escape(element.text) if plain else element.markup


def _signed(row: dict[str, str]) -> dict[str, str]:
    """Return the author and the title of the post, which may stand in the title of a comment alone."""
    site, by = _SITE.match(row["title"]), _BY.match(row["title"])
    named = _MAIL_NAME.match(row["author"])
    author = named[1] if named else row["author"] or (site or by or {"author": ""})["author"]
    return {"author": author, "of": site["post"].strip() if site else ""}


def _thread(rows: list[Any], source: Source) -> Iterator[Thread]:
    replies = [row for row in rows if "is" not in row]
    if not replies:
        return
    problems: list[Problem] = []
    about = next((row for row in rows if "is" in row), {"title": replies[0]["of"], "url": replies[0]["about"]})
    key = f"{source.name} {replies[0]['about']}"
    post = fields.post(about, _FIELDS, source, key=key)
    comments = fields.comments(((row, None) for row in replies), _FIELDS, source, problems)
    ids = {row["guid"]: row["id"] for row in replies}
    authors = {comment.id: comment.author for comment in comments}
    linked = [_linked(comment, row, ids, authors) for comment, row in zip(comments, replies, strict=True)]
    declared = about.get("declared")
    yield fields.thread(post, xmlstream.oldest_first(linked), source, FORMAT.name, problems, declared=declared)


def _linked(comment: Comment, row: dict[str, str], ids: dict[str, str], authors: dict[str, str | None]) -> Comment:
    """Add the parent, take WordPress's "In reply to" out of the text, and tell pingbacks, which feeds do not mark."""
    parent = ids.get(row["ref"], "")
    if not parent and (fragment := _FRAGMENT.search(row["page"]) or _FRAGMENT.search(row["ref"])):
        parent = fragment["id"]
    notice = _REPLY.match(row["text"])
    fragment = _FRAGMENT.search(notice["url"]) if notice else None
    if notice and fragment and _names(notice["name"], authors.get(fragment["id"])):
        parent = parent or fragment["id"]
        body, quotes = fields.shown(row["text"][notice.end() :], "html")
        comment = replace(comment, text=body, quotes=quotes)
    if _PING_TEXT.fullmatch(comment.text):
        comment = replace(comment, kind="pingback")
    return replace(comment, link=Link(parent_id=parent)) if parent else comment


def _names(shown: str, author: str | None) -> bool:
    """Tell whether a link shows the name of the author that it leads to; one that is not in the feed may be anyone."""
    return author is None or fields.line(shown).casefold() == author.casefold()
