"""Hacker News threads as Algolia's `/api/v1/items/ID` gives them: an item with its whole tree of children.

Source: https://hn.algolia.com/api.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="algolia", title="Hacker News thread (Algolia item)", extensions=(".json",))
ITEM = Fields(
    text="text",
    title="title",
    author="author",
    account="author",
    when="created_at created_at_i",
    parent="parent_id",
    votes="points",
    url="id",
    site="https://news.ycombinator.com/item?id={}",
    statuses={"deleted": "deleted"},
)


def sniff(source: Source) -> Clue | None:
    """Look for an item with children, a time twice and a type."""
    why = "it is an item with children and created_at_i, as Algolia gives those of Hacker News"
    for start in ("", "*."):
        if found := documents.clue(source, why, f"{start}created_at_i", f"{start}type", f"{start}author", score=0.96):
            return found
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each story; a comment that was fetched alone is the first of its thread."""
    problems: list[Problem] = []
    for item in documents.records(source, problems):
        story = get(item, "type") != "comment"
        root = fields.string(get(item, "id" if story else "story_id parent_id"))
        known = replace(ITEM, roots=frozenset([root]))
        tree = documents.walk(item.get("children") if story else [item], "children")
        head = item if story else {"id": root}
        items = [(_entry(each), above) for each, above in tree]
        comments = fields.comments(items, known, source, problems, account=get(head, "author"))
        post = fields.post(head, ITEM, source)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _entry(item: Any) -> Any:
    """Mark what was deleted: its text and its author are null."""
    gone = isinstance(item, dict) and get(item, "text") is None and get(item, "author") is None
    return {**item, "deleted": True} if gone else item
