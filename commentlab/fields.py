"""From the entries of exports and APIs to records: a table says where a format keeps what, the rest is common to all.

E-mail and IP addresses, avatars and ids of accounts stand in many exports; no table names them, and a name that is one
is not taken over.
"""

import ipaddress
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal, TypeVar
from urllib.parse import urljoin

from commentlab import dates, dom, text
from commentlab.documents import get, no_object
from commentlab.plugin import Source
from commentlab.records import Comment, Kind, Link, Post, Problem, Span, Status, Thread, When

Answer = TypeVar("Answer")
Markup = Literal["html", "markdown", "plain"]

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(?:[.,]\d+)?)?\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)?")
_NO_DATE = re.compile(r"000[01]-\d\d-\d\d.*|0|-|nan|nat|none|null", re.I)
_NAME = 500  # characters of the longest name
_MAIL = re.compile(r"([^@\s]+)@[\w-]+(?:\.[\w-]+)+")
_GONE = frozenset(["[deleted]", "[removed]", "[unknown]"])
_QUOTE = re.compile(r"^>.*(?:\n>.*)*", re.M)
_FALSE = frozenset(["", "0", "false", "no", "none", "null"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Where a format keeps what, as paths for `documents.get`: the first that holds something wins.

    `account` identifies a person better than a name does; it is compared with the post's and then forgotten. `roots`
    are the parents that mean the post, and so does one without the `prefix`. `statuses` and `kinds` have keys `path`
    (it holds something that is not false) or `path=value`; the first that fits decides. `zone` is that of dates which
    by the format's rules name none. `site` completes addresses; what stands at `url` takes the place of a `{}` in it.
    """

    id: str = "id"
    text: str = ""
    markup: Markup = "html"
    title: str = ""
    author: str = ""
    account: str = ""
    when: str = ""
    zone: tzinfo | None = None
    parent: str = ""
    prefix: str = ""
    roots: frozenset[str] = frozenset(["0"])
    votes: str = ""
    url: str = ""
    site: str = ""
    by_post_author: str = ""
    statuses: Mapping[str, Status] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def post(item: Any, fields: Fields, source: Source, *, key: str = "", url: str | None = None) -> Post:
    """Make a post of an entry.

    Args:
        item: The entry; what it lacks stays empty.
        fields: Where it keeps what.
        source: What is read.
        key: What identifies the post where it has neither address nor title nor text; the source's name otherwise.
        url: The post's address where the entry has none.
    """
    body, _ = shown(get(item, fields.text), fields.markup)
    title = line(get(item, fields.title))
    address = web(get(item, fields.url), fields.site) or url
    known = (address or "", title, body[:500])
    when = moment(get(item, fields.when), fields.zone or source.timezone)
    return Post(
        id=text.fingerprint(*known) if any(known) else text.fingerprint(key or source.name),
        title=title,
        text=body,
        url=address,
        author=person(get(item, fields.author)),
        published=when.time if when else None,
    )


def comments(
    items: Iterable[tuple[Any, Any]], fields: Fields, source: Source, problems: list[Problem], *, account: Any = None
) -> list[Comment]:
    """Make comments of entries; what is wrong with one is added to `problems`.

    Args:
        items: Entries, each with the entry above it (None: it states its parent itself, or answers the post).
        fields: Where they keep what.
        source: What is read.
        problems: Collects what was wrong.
        account: The account of the post's author.
    """
    pairs = list(items)
    order = dates.order_of(string(get(item, fields.when)) for item, _ in pairs) if not fields.zone else None
    made: list[Comment] = []
    for position, (item, above) in enumerate(pairs, 1):
        if not isinstance(item, dict):
            problems.append(no_object(position, item))
            continue
        when = moment(get(item, fields.when), fields.zone or source.timezone, order)
        own = get(item, fields.account)
        comment = _comment(item, above, fields, when, is_post_author=own is not None and own == account)
        made.append(comment)
        problems += _doubts(comment, item, fields)
    return made


def thread(
    post: Post,
    comments: Iterable[Comment],
    source: Source,
    reader: str,
    problems: Iterable[Problem] = (),
    *,
    declared: Any = None,
) -> Thread:
    """Put a thread together; `declared` is the number of comments that the source announces, if it does."""
    count = number(declared)
    return Thread(
        id=post.id,
        post=post,
        comments=tuple(comments),
        source=source.name,
        reader=reader,
        declared_count=count if count is not None and count >= 0 else None,
        problems=tuple(problems),
    )


def missing(count: int | None, what: str, comment_id: str | None = None) -> Problem:
    """Return the problem that says that comments are not in the file; `count` None: nobody knows how many."""
    amount = "comments are" if count is None else "1 comment is" if count == 1 else f"{count} comments are"
    return Problem(code="missing", message=f"{amount} not in the file: {what}", comment_id=comment_id)


def _comment(item: dict[str, Any], above: Any, fields: Fields, when: When | None, *, is_post_author: bool) -> Comment:
    body, quotes = shown(get(item, fields.text), fields.markup)
    author = person(get(item, fields.author))
    stated = string(get(item, fields.parent))
    parent = stated.removeprefix(fields.prefix) if stated.startswith(fields.prefix) else ""
    if not stated and above is not None:
        parent = string(get(above, fields.id))
    return Comment(
        id=string(get(item, fields.id)) or text.fingerprint(author, when.raw if when else "", body),
        text=body,
        author=author,
        when=replace(when, zone_assumed=False) if when and fields.zone else when,
        link=None if not parent or parent in fields.roots else Link(parent_id=parent),
        quotes=quotes,
        kind=_rule(item, fields.kinds) or "comment",
        status=_rule(item, fields.statuses) or "shown",
        by_post_author=true(get(item, fields.by_post_author)) or (is_post_author and author is not None),
        votes=number(get(item, fields.votes)),
        url=web(get(item, fields.url), fields.site),
    )


def _doubts(comment: Comment, item: dict[str, Any], fields: Fields) -> Iterable[Problem]:
    if fields.id and not string(get(item, fields.id)):
        yield Problem(code="no-id", message="it has no id; it got one from its text", comment_id=comment.id)
    if comment.when and comment.when.time is None:
        message = f"its date {text.shorten(comment.when.raw, 40)!r} is not understood"
        yield Problem(code="bad-date", message=message, comment_id=comment.id)
    if not comment.text and comment.status == "shown" and comment.kind == "comment":
        yield Problem(code="no-text", message="it has no text", comment_id=comment.id)


def _rule(item: dict[str, Any], rules: Mapping[str, Answer]) -> Answer | None:
    for rule, answer in rules.items():
        path, _, wanted = rule.partition("=")
        value = get(item, path)
        written = str(value).casefold() if isinstance(value, bool) else string(value)
        if written == wanted if wanted else true(value):
            return answer
    return None


def shown(value: Any, markup: Markup) -> tuple[str, tuple[Span, ...]]:
    """Return the text that a person reads, and the spans of it that quote somebody."""
    raw = text.mend(string(value))
    if markup == "html":
        return dom.fragment(raw)
    body = text.tidy(text.unescape(raw) if markup == "markdown" else raw)
    return body, tuple(match.span() for match in _QUOTE.finditer(body))


def person(value: Any) -> str | None:
    """Return a name for people; of an e-mail address what stands before the "@", of an IP address nothing."""
    name = _MAIL.sub(r"\1", line(value)[:_NAME])
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name if name and name not in _GONE else None
    return None


def line(value: Any) -> str:
    """Return a title or a name on one line, without entities."""
    return " ".join(text.tidy(text.unescape(text.mend(string(value)))).split())


def string(value: Any) -> str:
    """Return a string or a number as a string, without lone surrogates; "" for anything else."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value.isoformat() if isinstance(value, date) else ""
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)


def number(value: Any) -> int | None:
    """Return a whole number, also one that is written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None


def true(value: Any) -> bool:
    """Tell whether a flag is set, in whatever way it is written."""
    return bool(value) and str(value).strip().casefold() not in _FALSE


def web(value: Any, site: str = "") -> str | None:
    """Return an address on the web, completed by that of its site; None for anything else."""
    address = string(value).strip()
    try:
        if address and site:
            address = site.format(address) if "{}" in site else urljoin(site, address)
    except ValueError:  # "http://[" is taken for an IPv6 address
        return None
    return address if address.startswith(("http://", "https://")) else None


def moment(value: Any, zone: tzinfo | None, order: dates.Order | None = None) -> When | None:
    """Say when a timestamp (ISO 8601, seconds or milliseconds since 1970, or as people write) was; None without one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value) if value else None
    raw = string(value).strip()
    if not raw or _NO_DATE.fullmatch(raw):
        return None
    if match := _ISO.fullmatch(raw):
        try:
            time = datetime.fromisoformat(raw.replace(" UTC", "Z"))
        except ValueError:
            return When(time=None, raw=raw)
        assumed = time.tzinfo is None
        time = time.replace(tzinfo=zone or UTC) if assumed else time
        return When(time=time, raw=raw, precision="second" if match[1] else "minute", zone_assumed=assumed)
    return dates.parse(raw, zone=zone, order=order)


def _epoch(stamp: float) -> When:
    seconds = stamp
    while math.isfinite(seconds) and abs(seconds) > 1e11:  # milliseconds, microseconds, nanoseconds
        seconds /= 1000
    valid = 0 < seconds < 4_102_444_800  # until 2100, as for dates that people write
    return When(time=datetime.fromtimestamp(seconds, UTC) if valid else None, raw=string(stamp))


def share(value: Any) -> float:
    """Return a probability, also one that is written as a string; 1 for anything else."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return 1.0
    return found if 0 <= found <= 1 else 1.0
