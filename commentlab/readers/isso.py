"""Isso: the answers of its API, and the JSON that its importer takes ("generic"), which has neither ids nor parents.

Source: https://isso-comments.de/docs/reference/server-api/ and /docs/guides/advanced-migration/.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="isso", title="Isso comments (JSON)", extensions=(".json",))
COMMENT = Fields(
    text="text",
    author="author",
    when="created",
    parent="parent",
    votes="votes",
    statuses={"mode=2": "pending", "mode=4": "deleted"},
)
IMPORTED = replace(COMMENT, id="", parent="", markup="markdown")


def sniff(source: Source) -> Clue | None:
    """Look for replies with their counts, or for pages with comments and the addresses of those who wrote them."""
    why = "it has total_replies and hidden_replies, as Isso's answers do"
    if found := documents.clue(source, why, "total_replies", "hidden_replies", "replies"):
        return found
    paths = ("id", "title", "comments.*.remote_addr", "comments.*.created", "comments.*.text")
    return documents.clue(source, "its pages hold comments with remote_addr", *(f"*.{path}" for path in paths))


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of an answer, or one for each page of the importer's JSON."""
    problems: list[Problem] = []
    for page in documents.records(source, problems):
        answer = "replies" in page
        tree = list(documents.walk(page["replies"] if answer else page.get("comments"), "replies"))
        if not answer and not tree:
            continue
        items = [(_voted(each), above) for each, above in tree]
        comments = fields.comments(items, COMMENT if answer else IMPORTED, source, problems)
        hidden = [(each, fields.number(get(each, "hidden_replies")) or 0) for each, _ in [*tree, (page, None)]]
        problems += [
            fields.missing(count, "Isso folds them", fields.string(get(each, "id")) or None)
            for each, count in hidden
            if count > 0
        ]
        path = "" if answer else fields.string(get(page, "id"))
        post = fields.post(page, Fields(title="title"), source, key=path, url=fields.web(path))
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _voted(comment: Any) -> Any:
    if not isinstance(comment, dict) or "likes" not in comment:
        return comment
    likes, dislikes = (fields.number(comment.get(name)) or 0 for name in ("likes", "dislikes"))
    return {**comment, "votes": likes - dislikes}
