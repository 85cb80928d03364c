"""One look at all nodes of a page: how much text stands where, and where dates, names, buttons and headings are."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

from commentlab import dates, phrases
from commentlab.blocks import names
from commentlab.dom import Outline

BYLINE = 160
"""Characters of the longest text that is looked at for a date."""
_NEAR = 60
"""Characters that may stand around a date in a byline."""
_HEADING = 120

_SKIPPED = {"script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "head", "title", "object"}
_SKIPPED |= {"-comment"}
_INLINE = {"a", "span", "img", "b", "i", "em", "strong", "br", "small", "font", "cite", "time", "abbr", "code", "input"}
_INLINE |= {"button", "label", "option", "path", "use", "picture", "source", "h1", "h2", "hr", "u", "sup"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "legend", "strong", "b", "summary", "caption", "th"}
_STATED = (
    "datetime data-timestamp data-publishtime data-time data-datetime data-created data-date data-epoch data-utime"
    " data-created-at data-date-time data-posted-at data-comment-timestamp created created-timestamp ts content title"
).split()
_STATES = frozenset(_STATED)
_NAMING = ("itemprop", "itemtype", "rel", "data-testid", "data-role")
_NAMES = frozenset(_NAMING)

_DIGIT = re.compile(r"\d")
_DATEISH = re.compile(
    r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d|['’]\d\d\b|\b\d{1,3}\s?[^\W\d_]{1,10}\.?(?:\W|$|前|전)|\d\s?[年月日天小分秒]"
)
_STAMP = re.compile(r"(?:19|20)\d\d|^\d{9,13}$")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?:\s?[ap]\.?m\.?)?(?:\s?uhr)?", re.I)
_AGE = re.compile(r"\d{1,3}(?:mo|[smhdwy])")
_TIME_OF_DAY = re.compile(r"\d{1,2}[:.h]\d\d")
_LATE = datetime(2030, 1, 1, tzinfo=UTC)
_PROFILE = re.compile(
    r"/(?:users?|members?|profil[es]?|u|author|people|membres?|usuarios?|benutzer|mitglied(?:er)?|nutzer|autor|m)/[^/]|"
    r"[?&](?:u|uid|user|userid|user_id|mode=viewprofile|author)=|member\.php|user\?id=|profile\.php|/profil|space-uid|/@\w"
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A page's nodes and, sorted by position, what stands on it.

    Attributes:
        nodes: The nodes.
        mass: How many visible characters stand before each node; one more entry for all of them.
        linked: How many of them stand inside links.
        roles: What the names of each element mean, as bits of `names`.
        dates: Nodes that state or show a date.
        authors: Elements that are called author or lead to a user's page.
        answers: Texts that are buttons only comments have.
        counts: Texts that are a number of comments.
        headings: Texts that may be the heading of a section.
        named: Elements that are called comment.
        goods: Elements that are called a product or a price.
        titles: Elements `h1`.
        pings: Elements that are called pingback or trackback.
        ids: Elements by their ids.
        classes: Elements by tag and list of classes; `numbered` by tag and the shape of their id, `bare` by parent
            and tag where they have no class, `anchors` (of type `a`) by parent and shape of id or name.
        beside: Elements that are known to stand beside what the page is about, or not to.
        places: Places that are known, with the start of the block that they belong to.
    """

    nodes: Outline
    mass: list[int]
    linked: list[int]
    roles: list[int]
    dates: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    goods: list[int] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)
    pings: list[int] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    classes: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    numbered: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    bare: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    anchors: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    beside: dict[int, bool] = field(default_factory=dict)
    places: dict[int, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def text(self, start: int, stop: int) -> int:
        """Return how many visible characters stand between two nodes."""
        return self.mass[stop] - self.mass[start]

    def links(self, start: int, stop: int) -> int:
        """Return how many of them stand inside links."""
        return self.linked[stop] - self.linked[start]


def between(positions: list[int], start: int, stop: int) -> int:
    """Count the positions in a half-open range."""
    return bisect_left(positions, stop) - bisect_left(positions, start)


def scan(nodes: Outline) -> Scan:
    """Look once at every node of a page."""
    size = len(nodes)
    found = Scan(nodes=nodes, mass=[0] * (size + 1), linked=[0] * (size + 1), roles=[0] * size)
    mass, linked, texts, ends = found.mass, found.linked, nodes.texts, nodes.ends
    total = in_links = link_end = skip = 0
    for i, tag in enumerate(nodes.tags):
        mass[i], linked[i] = total, in_links
        if i < skip:
            continue
        if tag == "-text":
            if shown := texts[i].strip():
                total += len(shown)
                in_links += len(shown) if i < link_end else 0
                if len(shown) <= BYLINE:
                    _note_text(found, i, shown)
        elif tag in _SKIPPED:
            skip = ends[i]
        else:
            link_end = ends[i] if tag == "a" else link_end
            _note_element(found, i, tag)
    mass[size], linked[size] = total, in_links
    return found


def _note_text(found: Scan, i: int, shown: str) -> None:
    kind = kind_of(shown)
    if kind == "answer":
        found.answers.append(i)
    elif kind == "count":
        found.counts.append(i)
    elif kind == "date" and not _repeats(found, i, shown):
        found.dates.append(i)
    parent = found.nodes.parents[i]
    if len(shown) < _HEADING and (found.nodes.tags[parent] in _HEADINGS or found.roles[parent] & names.COMMENT):
        found.headings.append((i, shown))


def _repeats(found: Scan, i: int, shown: str) -> bool:
    """Tell whether a date stands inside an element that states it, or is shown a second time for another width."""
    if not found.dates:
        return False
    last = found.dates[-1]
    return i < found.nodes.ends[last] or (i - last < 12 and found.nodes.texts[last].strip() == shown)


def _note_element(found: Scan, i: int, tag: str) -> None:
    attributes = found.nodes.attributes[i]
    if tag == "h1":
        found.titles.append(i)
    if not attributes:
        if tag == "cite":
            found.authors.append(i)
        elif tag not in _INLINE:
            found.bare.setdefault((found.nodes.parents[i], tag), []).append(i)
        return
    found.roles[i] = own = _roles(found, i, tag, attributes)
    if own & names.COMMENT or (own & names.TALK and own & names.BODY):
        found.named.append(i)
    if own & names.AUTHOR or tag == "cite" or (tag == "a" and is_profile(attributes.get("href") or "")):
        found.authors.append(i)
    if (not _STATES.isdisjoint(attributes) and stamp(attributes)) or (tag == "time" and not _lasts(found.nodes, i)):
        found.dates.append(i)
    if own & names.PING:
        found.pings.append(i)
    if own & names.GOODS:
        found.goods.append(i)
    _sort(found, i, tag, attributes)


def _lasts(nodes: Outline, i: int) -> bool:
    """Tell whether an element `time` states how long something lasts, as recipes do ("15 min")."""
    shown = nodes.texts[i + 1].strip() if i + 1 < nodes.ends[i] else ""
    return bool(_DIGIT.search(shown)) and not _AGE.fullmatch(shown) and kind_of(shown[:BYLINE]) != "date"


def _roles(found: Scan, i: int, tag: str, attributes: dict[str, str | None]) -> int:
    """Read the names of an element; only its item says that it is something to buy, since classes say it too often."""
    own = 0
    if listed := attributes.get("class"):
        own = names.roles(listed)
    if ident := attributes.get("id"):
        found.ids[ident] = i
        own |= names.roles(names.shape(ident))
    if "-" in tag:
        own |= names.roles(tag)
    own &= ~names.GOODS
    if not _NAMES.isdisjoint(attributes):
        for name in _NAMING:
            own |= names.roles(attributes.get(name) or "")
    return own


def _sort(found: Scan, i: int, tag: str, attributes: dict[str, str | None]) -> None:
    """Note an element under what it could share with others."""
    parent, ident = found.nodes.parents[i], attributes.get("id")
    if tag == "a":
        shape = names.shape(ident or attributes.get("name") or "")
        if "#" in shape:
            found.anchors.setdefault((parent, shape), []).append(i)
    if tag in _INLINE:
        return
    if ident and "#" in (shape := names.shape(ident)):
        found.numbered.setdefault((tag, shape), []).append(i)
    listed = attributes.get("class") or ""
    if "-" in tag:
        listed = f"{listed} {tag}"
    if listed:
        found.classes.setdefault((tag, listed), []).append(i)
    else:
        found.bare.setdefault((parent, tag), []).append(i)


@lru_cache(maxsize=32768)
def kind_of(shown: str) -> Literal["answer", "count", "date"] | None:
    """Say what a short text is: a button that only comments have, a number of comments, a date or a byline with one."""
    if phrases.is_answer_button(shown):
        return "answer"
    if not _DIGIT.search(shown):
        return None
    if len(shown) < 30 and phrases.announced(shown) is not None:
        return "count"
    return "date" if states_date(shown) else None


def states_date(shown: str) -> bool:
    """Tell whether a short text is a date, or a byline around one."""
    if not _DATEISH.search(shown):
        return bool(_CLOCK.fullmatch(shown))
    spans = dates.find(shown)
    if spans:
        return len(shown) - sum(end - start for start, end in spans) <= _NEAR
    return lacks_year(shown)


def lacks_year(shown: str) -> bool:
    """Tell whether a text is a day and a time of day without a year ("Jun 20th at 2:41 am")."""
    return len(shown) < 40 and bool(_TIME_OF_DAY.search(shown)) and dates.parse(shown, now=_LATE).time is not None


def stamp(attributes: dict[str, str | None]) -> str | None:
    """Return the date that an element states in an attribute."""
    for name in _STATED:
        value = attributes.get(name) or ""
        stated = len(value) < 60 and _STAMP.search(value)
        if stated and (name not in ("title", "content") or states_date(value)):
            return value
    return None


def is_profile(address: str) -> bool:
    """Tell whether an address looks like that of a user's own page."""
    return bool(_PROFILE.search(address))
