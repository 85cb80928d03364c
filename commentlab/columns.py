"""Which column of a table holds what: guessed from its name and, where that says nothing, from what it holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commentlab import fields
from commentlab.documents import get

Row = Mapping[str, Any]

# Names as they are compared: letters and digits alone, the likeliest first.
_NAMES = {
    "text": "text commenttext commentbody commentcontent body comment content message utterance tweet reply posttext"
    " selftext textdisplay description post kommentar texte comentario commentaire",
    "comment_id": "commentid id cid replyid utteranceid messageid msgid tweetid statusid postid uuid key"
    " nr nummer numero",
    "parent_id": "parentid parent parentcommentid parentcomment commentparent replyto replytoid inreplyto inreplytoid"
    " inreplytostatusid inreplytotweetid parentpostid answerto responseto antwortauf reponsea",
    "thread_id": "threadid thread conversationid topicid discussionid discussion linkid storyid articleid submissionid"
    " videoid pageid commentpostid postid rootid",
    "author": "author authorname commentauthor username user userlogin screenname speaker commenter name"
    " nickname nick displayname authordisplayname poster by creator from sender handle autor auteur",
    "published": "published publishedat createdat created date commentdategmt commentdate createdutc timestamp datetime"
    " time creationdate postedat posted when dategmt datum fecha",
    "votes": "votes score likes likecount points upvotes ups recommendations karma",
    "url": "permalink commenturl url link",
    "title": "threadtitle posttitle articletitle title headline subject topictitle thema sujet",
    "kind": "kind commenttype",
    "status": "status commentstatus commentapproved",
    "by_post_author": "bypostauthor issubmitter",
    "post_author": "postauthor articleauthor",
    "post_text": "articletext",
    "post_url": "posturl articleurl threadurl",
}
_PRIVATE = re.compile(r"e?mails?|ips?|ipaddress|remoteaddr|useragent|password|phone")
_PARTS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+")
_NESTED = frozenset(["text", "author", "published", "votes"])
"""Fields that may be called after the last part of a path alone: `user.screen_name`, but not `user.id`."""
_ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The column for each field, and the fields whose column was told by its content."""

    of: Mapping[str, str]
    by_content: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(f"{name} = {column!r}" for name, column in self.of.items())


def guess(rows: Sequence[Row], stated: Mapping[str, str] | None = None) -> Columns | None:
    """Say which column holds what.

    Args:
        rows: The first rows of a table; a nested value is a column, too (`user.name`).
        stated: Columns that are known, by field (`text`, `comment_id`, `parent_id`, `thread_id`, `author`, ...).

    Returns:
        The columns; None without a column of texts and one more that is typical of comments.
    """
    names = [name for name in dict.fromkeys(_flat(rows)) if not _is_private(name)]
    found = dict(stated or {})
    for field, wanted in _NAMES.items():
        free = [name for name in names if name not in found.values()]
        named = _named(free, wanted.split(), nested=field in _NESTED)
        fitting = (name for name in named if field not in found and _fits(field, _cells(rows, name)))
        if name := next(fitting, None):
            found[field] = name
    by_content = _by_content(rows, [name for name in names if name not in found.values()], found)
    found |= by_content
    others = found.keys() & {"author", "published", "comment_id", "parent_id", "thread_id"}
    return Columns(of=found, by_content=tuple(by_content)) if "text" in found and others else None


def cell(row: Row, column: str) -> Any:
    """Return what a row holds in a column, which may be the path of a nested value."""
    return row[column] if column in row else get(row, column)


def _flat(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        for name, value in row.items():
            yield from (f"{name}.{inner}" for inner in value) if isinstance(value, dict) else [str(name)]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _is_private(name: str) -> bool:
    return any(_PRIVATE.fullmatch(part.casefold()) for part in _PARTS.findall(name)) or bool(
        _PRIVATE.fullmatch(_plain(name))
    )


def _named(names: Sequence[str], wanted: Sequence[str], *, nested: bool) -> list[str]:
    """Return the columns that have one of the names, the likeliest first."""
    ranks = {name: wanted.index(_plain(name)) for name in names if _plain(name) in wanted}
    if nested:
        lasts = {name: _plain(name.rpartition(".")[2]) for name in names if name not in ranks}
        ranks |= {name: len(wanted) + wanted.index(last) for name, last in lasts.items() if last in wanted}
    return sorted(ranks, key=ranks.__getitem__)


def _cells(rows: Iterable[Row], name: str) -> list[str]:
    return [value for row in rows if (value := fields.string(cell(row, name)).strip())]


def _fits(field: str, cells: Sequence[str]) -> bool:
    """Tell whether a column that is called like a field can hold it; an empty one can."""
    if field == "text":
        return not cells or _words(cells) >= 1.5 or not all(value.isdigit() for value in cells)
    if field == "comment_id":
        return len(set(cells)) == len(cells)
    if field == "title":  # of the post, which many comments share, not of each comment
        return len(set(cells)) <= (len(cells) + 1) // 2
    return field != "published" or not cells or _dated(cells) >= _ENOUGH


def _by_content(rows: Sequence[Row], names: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    """Find the texts, the dates and the parents among columns whose names say nothing."""
    cells = {name: values for name in names if (values := _cells(rows, name))}
    told: dict[str, str] = {}
    longest = max(cells, key=lambda name: _words(cells[name]), default=None)
    if "text" not in found and longest and _words(cells[longest]) >= 4:
        told["text"] = longest
    if "published" not in found:
        dated = (name for name in cells if name != longest and _dated(cells[name]) >= _ENOUGH)
        if name := next(dated, None):
            told["published"] = name
    ids = set(_cells(rows, found["comment_id"])) if "comment_id" in found else set()
    if ids and "parent_id" not in found:
        answers = (name for name in cells if name not in told.values() and _are_in(ids, cells[name]))
        if name := next(answers, None):
            told["parent_id"] = name
    return told


def _are_in(ids: set[str], cells: Sequence[str]) -> bool:
    return len(ids.intersection(cells)) >= _ENOUGH * len(set(cells))


def _words(cells: Sequence[str]) -> float:
    return sum(len(value.split()) for value in cells) / len(cells)


def _dated(cells: Sequence[str]) -> float:
    """Return the share of cells that are dates; short numbers are none."""
    some = cells[:20]
    moments = [fields.moment(value, None) for value in some if len(value) >= 6 and len(value) < 60]
    return sum(bool(when and when.time) for when in moments) / len(some)
