"""Lemmy comments as `/api/v3/comment/list` gives them, with the post of `/api/v3/post` if it is in the same file.

A comment's `path` is the ids from the top to itself: "0.17.23" answers 17.
Source: https://join-lemmy.org/api/interfaces/CommentView.html.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="lemmy", title="Lemmy comment list (JSON)", extensions=(".json",))
POST = Fields(
    text="post.body",
    markup="markdown",
    title="post.name",
    author="creator.display_name creator.name",
    when="post.published",
    zone=UTC,
    url="post.ap_id post.url",
)
COMMENT = Fields(
    id="comment.id",
    text="comment.content",
    markup="markdown",
    author="creator.display_name creator.name",
    account="comment.creator_id",
    when="comment.published",
    zone=UTC,
    parent="parent",
    votes="counts.score",
    url="comment.ap_id",
    statuses={"comment.deleted": "deleted", "comment.removed": "deleted"},
)


def sniff(source: Source) -> Clue | None:
    """Look for comments with a path and an address on the fediverse."""
    for start in ("comments.*.", "*.", ""):
        why = "its comments have a path and an ap_id, as Lemmy's do"
        if found := documents.clue(source, why, f"{start}comment.path", f"{start}comment.ap_id"):
            return found
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post that the comments belong to."""
    problems: list[Problem] = []
    views: list[Any] = []
    heads: dict[str, Any] = {}
    for value in documents.records(source, problems):
        views += [value] if "comment" in value else documents.listed(get(value, "comments"))
        if head := get(value, "post_view"):
            heads[fields.string(get(head, "post.id"))] = head
    found = documents.objects((view if isinstance(get(view, "comment"), dict) else None for view in views), problems)
    keyed = ((fields.string(get(view, "comment.post_id")), view) for view in found)
    for key, group in documents.grouped(keyed):
        owner = get(group[0], "post.creator_id")
        head = heads.get(key) or {
            "post": get(group[0], "post"),
            "creator": next((get(view, "creator") for view in group if get(view, "creator.id") == owner), None),
        }
        post = fields.post(head, POST, source, key=key)
        items = [(_view(view), None) for view in group]
        comments = fields.comments(items, COMMENT, source, problems, account=get(head, "post.creator_id"))
        yield fields.thread(post, comments, source, FORMAT.name, problems, declared=get(head, "counts.comments"))
        problems = []


def _view(view: dict[str, Any]) -> dict[str, Any]:
    steps = fields.string(get(view, "comment.path")).split(".")
    return {**view, "parent": steps[-2] if len(steps) > 1 else None}
