"""Comentario's export (version 3): pages, comments and commenters; the name of a guest stands with the comment.

Source: https://docs.comentario.app/en/kb/migration/.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="comentario", title="Comentario export (JSON)", extensions=(".json",))
NOBODY = "00000000-0000-0000-0000-000000000000"
COMMENT = Fields(
    text="markdown",
    markup="markdown",
    author="authorName name",
    when="createdTime",
    parent="parentId",
    roots=frozenset([NOBODY]),
    votes="score",
    url="url",
    statuses={"isDeleted": "deleted", "isPending": "pending", "isApproved=false": "spam"},
)


def sniff(source: Source) -> Clue | None:
    """Look for comments that belong to listed pages."""
    why = "it has pages, and comments with pageId and userCreated, as Comentario's exports do"
    return documents.clue(source, why, "pages", "comments.*.pageId", "comments.*.userCreated") or documents.clue(
        source, "it has pages with domainId, as Comentario's exports do", "version", "pages.*.domainId", score=0.9
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page that is commented on."""
    document = documents.whole(source)
    problems = list(document.problems)
    names = {fields.string(get(each, "id")): get(each, "name") for each in _list(document.value, "commenters")}
    names.pop(NOBODY, None)
    pages = {fields.string(get(each, "id")): each for each in _list(document.value, "pages")}
    rows = documents.objects(_list(document.value, "comments"), problems)
    keyed = ((fields.string(get(row, "pageId")), row) for row in rows)
    for key, group in documents.grouped(keyed):
        items = [(_named(row, names), None) for row in group]
        comments = fields.comments(items, COMMENT, source, problems)
        linked = next((get(row, "url") for row in group if get(row, "url")), None)
        url = fields.web(fields.string(linked).partition("#")[0])
        post = fields.post(pages.get(key), Fields(title="title"), source, key=key, url=url)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _list(document: Any, key: str) -> list[Any]:
    return documents.listed(get(document, key))


def _named(row: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    return {**row, "name": names.get(fields.string(get(row, "userCreated")))}
