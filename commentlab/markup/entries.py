"""From the comments of a page and a table to comment records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo

from selectolax.lexbor import LexborNode

from commentlab import dates, dom, fields, text
from commentlab.markup import spots
from commentlab.markup.families import Family
from commentlab.markup.spots import Holdings
from commentlab.records import Comment, Link, Span

# What programs print in place of a comment that is gone.
_GONE = re.compile(
    r"\[(?:deleted|removed|flagged|dead)\](?:\s\[(?:deleted|removed|flagged|dead)\])*"
    r"|\W?(?:this )?(?:comment|message|post|topic) (?:has been |was )?(?:deleted|removed|withdrawn)"
    r"(?: by [\w\s]{1,40})?\W{0,2}"
    r"|\W?(?:dieser |der )?(?:kommentar|beitrag) wurde (?:[\w\s-]{1,30} )?(?:gelöscht|entfernt)\W{0,2}"
    r"|\W?(?:ce |le )?commentaire (?:a été )?supprimé(?: par [\w\s]{1,30})?\W{0,2}"
    r"|\W?(?:este |el )?comentario (?:fue |ha sido )?(?:eliminado|borrado)(?: por [\w\s]{1,30})?\W{0,2}",
    re.I,
)
_YEAR = r"\d{4}"  # a date with a year, or seconds since 1970, needs no other to be understood
_NEVER = r"(?!)"
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a comment shows; its date in all the ways in which it is shown, the surest first."""

    author: str
    dates: list[str]
    body: str
    quotes: tuple[Span, ...] = ()


def comments(family: Family, held: Holdings, site: str, zone: tzinfo | None) -> list[Comment]:
    """Make the comments of a page, in its order; `site` completes their addresses."""
    found = list(_parts(family, held))
    order = dates.order_of(shown for each in found for shown in each.dates)
    deleted, pending, own = (held.having(css) for css in (family.deleted, family.pending, family.by_post_author))
    votes, urls = held.values(family.votes, until=r"\d"), held.values(family.url, until=_NEVER)
    ids = _ids(family, held, found)
    made: list[Comment] = []
    for i, (each, parent) in enumerate(zip(found, _parents(family, held, ids), strict=True)):
        # A comment that waits has a text; one that a note is in place of is gone.
        gone = i in deleted or bool(_GONE.fullmatch(each.body)) or (i in pending and not each.body)
        comment = Comment(
            id=ids[i],
            text="" if gone else each.body,
            author=fields.person(each.author),
            when=spots.moment(each.dates, zone, order),
            link=Link(parent_id=parent) if parent else None,
            quotes=() if gone else each.quotes,
            status="deleted" if gone else "pending" if i in pending else "shown",
            by_post_author=i in own,
            votes=next((count for shown in votes[i] if (count := spots.number(shown)) is not None), None),
            url=_address(urls[i], ids[i], site),
        )
        if gone or comment.text or comment.author:
            made.append(comment)
    return made


def _address(shown: list[str], own: str, site: str) -> str | None:
    """Return the address that ends in the comment's own id, else the first; others may be those of its parent."""
    best = next((each for each in shown if each.endswith(own)), next(iter(shown), None))
    return fields.web(best, site) if best else None


def _ids(family: Family, held: Holdings, found: list[_Parts]) -> list[str]:
    stated = held.values(family.id)
    return [
        own[0] if own else text.fingerprint(each.author, each.body) for own, each in zip(stated, found, strict=True)
    ]


def _parts(family: Family, held: Holdings) -> Iterator[_Parts]:
    names, lines = held.values(family.author), held.values(family.byline)
    moments = held.values(family.when, until=_YEAR)
    for i, (body, quotes) in enumerate(held.bodies(family)):
        name, day = spots.byline(lines[i][0]) if lines[i] else ("", "")
        name = next((each for each in names[i] if len(each) <= _LONGEST_NAME), name)
        days = [*moments[i], day] if day else moments[i]
        parts = _Parts(author=name.strip(" :,·|"), dates=days, body=body, quotes=quotes)
        yield _completed(parts, held, held.nodes[i]) if family.themed else parts


def _completed(parts: _Parts, held: Holdings, node: LexborNode) -> _Parts:
    """Look for what the table did not find by the names that parts of a comment usually have."""
    if parts.author and parts.dates and parts.body:
        return parts
    nodes = held.outline(node)
    found = dom.parts(nodes, [0], set())
    author, holder = dom.author(nodes, found)
    found.aside |= {holder} if holder is not None else set()
    if not parts.body:
        body, quotes = dom.body(nodes, [0], found, set())
        parts = replace(parts, body=body, quotes=quotes)
    when = None if parts.dates else dom.when(nodes, [0], found, set())
    return replace(parts, author=parts.author or author or "", dates=[when.raw] if when else parts.dates)


def _parents(family: Family, held: Holdings, ids: list[str]) -> Iterator[str | None]:
    """Say whom each comment answers: as it states, else by how deep it stands, else by what it stands in."""
    levels, known = _levels(family, held), set(ids)
    opened: list[tuple[int, str]] = []
    for i, stated in enumerate(held.values(family.parent, until=_NEVER)):
        nested = held.owner(held.nodes[i].parent)
        above = ids[nested] if nested is not None else None
        level = levels[i]
        if level is not None:
            while opened and opened[-1][0] >= level:
                opened.pop()
            above = opened[-1][1] if opened else None
            opened.append((level, ids[i]))
        others = [each for each in stated if each != ids[i]]
        yield next((each for each in others if each in known), above or next(iter(others), None))


def _levels(family: Family, held: Holdings) -> list[int | None]:
    shown = held.values(family.level)
    levels = [spots.number(each[0]) if each else None for each in shown]
    if not family.around:
        return levels
    wrappers = {node.mem_id for node in dom.select(held.page, family.around)}
    return [_depth(node, wrappers) if levels[i] is None else levels[i] for i, node in enumerate(held.nodes)]


def _depth(node: LexborNode, wrappers: set[int]) -> int:
    depth, here = 0, node.parent
    while here is not None:
        depth += here.mem_id in wrappers
        here = here.parent
    return depth
