"""What a page says of its post: title, author, date, address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from commentlab import text
from commentlab.dom.pages import Page
from commentlab.dom.selecting import select

_FACTS = (
    "title,h1,h2,h3,base[href],link[rel=canonical],time[pubdate],time.published,time.entry-date,time[itemprop=datePublished],meta[property],meta[name],meta[itemprop],"
    'script[type="application/ld+json"]'
)
_LONGEST = 1000  # characters of a heading; one that nobody closed holds the rest of the page
_ARTICLE = re.compile(r"Article|Posting|Report|Recipe|WebPage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says of its post outside the post's own text; dates are as written."""

    titles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    author: str | None = None
    published: str | None = None
    url: str | None = None
    base: str | None = None


def facts(source: Page) -> Facts:
    """Collect what a page says of its post: `<title>`, `<h1>`, meta elements, JSON-LD, canonical address."""
    titles: dict[str, list[str]] = {"ld": [], "og": [], "title": []}
    headings: list[str] = []
    said: dict[str, str] = {}
    for node in select(source, _FACTS):
        attributes = node.attributes
        if node.tag == "meta":
            key = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            said.setdefault(key, attributes.get("content") or "")
        elif node.tag == "script":
            _merge(said, titles["ld"], node.text())
        elif node.tag in ("h1", "h2", "h3", "title"):
            (titles["title"] if node.tag == "title" else headings).append(_line(node.text()))
        else:
            said.setdefault(node.tag or "", attributes.get("href") or attributes.get("datetime") or "")
    titles["og"] = [_line(said.get("og:title") or said.get("twitter:title") or "")]
    base = said.get("base") or None
    address = said.get("link") or said.get("og:url") or said.get("ld:url") or ""
    return Facts(
        titles=tuple(each for kind in titles.values() for each in kind if each),
        headings=tuple(each for each in headings if text.words(each) and each != said.get("og:site_name")),
        author=_first(said, "ld:author", "author", "article:author_name", "dc.creator", "twitter:data1"),
        published=_first(said, "article:published_time", "ld:published", "datepublished", "dc.date", "date", "time"),
        url=_web(joined(base, address)),
        base=base,
    )


def joined(base: str | None, address: str) -> str:
    """Return an address in full; "" for what is none ("http://[", which is taken for an IPv6 address)."""
    try:
        return urljoin(base or "", address)
    except ValueError:
        return ""


def _line(shown: str) -> str:
    return text.tidy(" ".join(shown[:_LONGEST].split()))


def _first(said: dict[str, str], *keys: str) -> str | None:
    return next((_line(said[key]) for key in keys if said.get(key, "").strip() and "://" not in said[key]), None)


def _web(address: str) -> str | None:
    return address if address.startswith(("http://", "https://")) else None


def _merge(said: dict[str, str], titles: list[str], script: str) -> None:
    """Take the headline, the author and the date of an article out of JSON-LD (schema.org)."""
    try:
        things = list(_things(json.loads(script)))
    except (ValueError, RecursionError):
        return
    people = {str(thing["@id"]): str(thing["name"]) for thing in things if "@id" in thing and "name" in thing}
    for thing in things:
        if not _ARTICLE.search(str(thing.get("@type"))):
            continue
        author = thing.get("author")
        author = author[0] if isinstance(author, list) and author else author
        if isinstance(author, dict):
            author = author.get("name") or people.get(str(author.get("@id")))
        titles += [_line(str(thing[key])) for key in ("headline",) if thing.get(key)]
        found = {"ld:author": author, "ld:published": thing.get("datePublished"), "ld:url": thing.get("url")}
        for key, value in found.items():
            if isinstance(value, str):
                said.setdefault(key, value)


def _things(document: Any) -> Iterator[dict[str, Any]]:
    stack = [document]
    while stack:
        thing = stack.pop()
        if isinstance(thing, dict):
            yield thing
        if isinstance(thing, dict | list):
            inner = list(thing.values()) if isinstance(thing, dict) else thing
            stack += [each for each in reversed(inner) if isinstance(each, dict | list)]


def title(known: Facts) -> str:
    """Choose the post's title: the longest heading that stands in the page's own title, which often adds the site's."""
    own = [f" {text.fold(each)} " for each in known.titles]
    shown = [each for each in known.headings if any(f" {text.fold(each)} " in other for other in own)]
    return max(shown, key=len) if shown else (*known.titles, *known.headings, "")[0]
