"""Commento's export, which the first versions of Comentario and the importers of others use as well.

The flag `deleted` is never set in it; the text of what was deleted is empty or "[deleted]".
Source: https://gitlab.com/commento/commento/-/blob/master/api/domain_export.go.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="commento", title="Commento export (JSON)", extensions=(".json",))
COMMENT = Fields(
    id="commentHex",
    text="markdown",
    markup="markdown",
    author="name",
    when="creationDate",
    parent="parentHex",
    roots=frozenset(["root"]),
    votes="score",
    statuses={
        "deleted": "deleted",
        "markdown=[deleted]": "deleted",
        "state=unapproved": "pending",
        "state=flagged": "spam",
    },
)


def sniff(source: Source) -> Clue | None:
    """Look for comments with hexadecimal ids."""
    why = "its comments have commentHex and parentHex, as Commento's do"
    return documents.clue(source, why, "comments.*.commentHex", "comments.*.parentHex")


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page that is commented on."""
    document = documents.whole(source)
    problems = list(document.problems)
    commenters = documents.listed(get(document.value, "commenters"))
    names = {fields.string(get(each, "commenterHex")): get(each, "name") for each in commenters}
    rows = documents.objects(documents.listed(get(document.value, "comments")), problems)
    for url, group in documents.grouped((_page(row), row) for row in rows):
        items = [(_named(row, names), None) for row in group]
        comments = fields.comments(items, COMMENT, source, problems)
        post = fields.post(None, Fields(), source, key=url, url=fields.web(url))
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _page(row: Any) -> str:
    """Return the address of the page; Commento keeps its path in `url`, Comentario in `path`."""
    path = fields.string(get(row, "path url"))
    domain = fields.string(get(row, "host domain"))
    return path if "://" in path or not domain else f"https://{domain}/{path.lstrip('/')}"


def _named(row: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Add the commenter's name, and mark what was deleted: its text is empty where it is not "[deleted]"."""
    name = names.get(fields.string(get(row, "commenterHex")))
    return {**row, "name": name, "deleted": get(row, "deleted") or not get(row, "markdown")}
