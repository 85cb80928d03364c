"""Rows as comments: kind, status, votes, address, and whether the post's author wrote them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commentlab import dom, phrases
from commentlab.blocks import names, replies
from commentlab.blocks.grouping import Group
from commentlab.blocks.rows import Row
from commentlab.blocks.scanning import Scan
from commentlab.records import Kind, Span, Status, When

_DELETED = re.compile(
    r"\W*(?:deleted|removed|gelöscht|entfernt|supprimé|eliminado|borrado|verwijderd|"
    r"(?:(?:this|the) )?(?:comment|post|message|reply)s? (?:(?:has|have) been |was |is )?(?:deleted|removed|hidden)\b"
    r".{0,60}|(?:dieser |der )?(?:kommentar|beitrag) (?:wurde|ist)\b.{0,40}(?:gelöscht|entfernt)\W*|"
    r"(?:ce )?(?:commentaire|message) (?:a été|est) (?:supprimé|effacé|modéré)\b.{0,60}|"
    r"(?:este )?(?:comentario|mensaje) (?:ha sido|fue) (?:eliminado|borrado)\b.{0,60}|"
    r"(?:该|此|本)?(?:评论|留言|回复)已(?:被)?删除.{0,20})\W*",
    re.I,
)
# WordPress writes the text of a pingback itself: "[…] what they said of you […]".
_PING_TEXT = re.compile(r"\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]", re.S)
_VOTES = re.compile(r"[+-]?\d{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One comment as the page shows it; `parent` is the position of the entry that it answers."""

    id: str | None
    text: str
    author: str | None
    when: When | None
    parent: int | None
    quotes: tuple[Span, ...]
    kind: Kind
    status: Status
    by_post_author: bool
    votes: int | None
    url: str | None


def entries(scan: Scan, group: Group, rows: Sequence[Row]) -> tuple[Entry, ...]:
    """Return the comments that rows are; a row that is none gives its replies to what it answers."""
    answered = replies.parents(scan, group, rows)
    ids = replies.identities(scan, rows)
    known = sum(bool(row.author and row.when) for row in rows) > 0.8 * len(rows)
    kept = [number for number, row in enumerate(rows) if _is_comment(scan, row, known=known)]
    positions = {number: position for position, number in enumerate(kept)}
    found: list[Entry] = []
    for number in kept:
        parent, seen = answered[number], {number}
        while parent is not None and parent not in positions and parent not in seen:
            seen.add(parent)
            parent = answered[parent]
        found.append(_entry(scan, rows[number], ids[number], None if parent is None else positions.get(parent)))
    return tuple(found)


def _is_comment(scan: Scan, row: Row, *, known: bool) -> bool:
    """Tell whether a row is a comment; where nearly all are signed and dated, one that is neither is something else."""
    if known and not row.author and not row.when:
        return _kind(scan, row) != "comment" or _status(scan, row) == "deleted"
    return bool(row.body or row.author)


def _entry(scan: Scan, row: Row, own: str | None, parent: int | None) -> Entry:
    body, author, kind = row.body, row.author, _kind(scan, row)
    first, _, rest = body.partition("\n")
    if ping := phrases.pingback(first):
        kind = "trackback" if ping[0] == "trackback" else "pingback"
        author, body = ping[1], rest.strip()
    elif kind != "comment" and author is None:
        author, body = first, rest.strip()
    return Entry(
        id=own,
        text=body,
        author=author,
        when=row.when,
        parent=parent,
        quotes=row.quotes if body == row.body else (),
        kind=kind,
        status=_status(scan, row),
        by_post_author=_is_mine(scan, row),
        votes=_votes(scan, row),
        url=_permalink(scan, row, own),
    )


def _kind(scan: Scan, row: Row) -> Kind:
    listed = f" {(scan.nodes.attributes[row.start].get('class') or '').lower()} "
    if " trackback " in listed:
        return "trackback"
    return "pingback" if " pingback " in listed or _PING_TEXT.fullmatch(row.body) else "comment"


def _status(scan: Scan, row: Row) -> Status:
    roles = scan.roles[row.start]
    if roles & names.GONE or (len(row.body) < 120 and any(map(_DELETED.fullmatch, row.body.split("\n")))):
        return "deleted"
    return "pending" if row.pending or roles & names.PENDING else "shown"


def _is_mine(scan: Scan, row: Row) -> bool:
    """Tell whether the names of a comment, or of what holds its author, say that the post's author wrote it."""
    if scan.roles[row.start] & names.MINE or row.author_at is None:
        return bool(scan.roles[row.start] & names.MINE)
    above = scan.nodes.parents[row.author_at]
    return above > row.start and bool((scan.roles[above] | scan.roles[scan.nodes.parents[above]]) & names.MINE)


def _votes(scan: Scan, row: Row) -> int | None:
    for i in row.elements:
        if scan.roles[i] & names.VOTES and 0 < scan.text(i, scan.nodes.ends[i]) <= 8:
            shown = dom.text_of(scan.nodes, i)[0].replace("−", "-")
            if _VOTES.fullmatch(shown):
                return int(shown)
    return None


def _permalink(scan: Scan, row: Row, own: str | None) -> str | None:
    """Return the address of a comment: a link that ends in its id and is no button."""
    for i in row.elements if own else ():
        address = scan.nodes.attributes[i].get("href") or "" if scan.nodes.tags[i] == "a" else ""
        if own and address.rstrip("/").endswith(own) and "reply" not in address and "quote" not in address:
            return address
    return None
