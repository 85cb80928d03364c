"""remark42: the answers of its API (`/api/v1/find`, as a tree or plain) and its backups, one comment a line.

Source: https://remark42.com/docs/contributing/api/.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="remark42", title="remark42 comments (JSON)", extensions=(".json", ".ndjson"))
COMMENT = Fields(
    text="text orig",
    author="user.name",
    when="time",
    parent="pid",
    votes="score",
    statuses={"delete": "deleted"},
)


def sniff(source: Source) -> Clue | None:
    """Look for comments with a locator, or for the first line of a backup."""
    why = "its comments have pid and locator, as those of remark42 do"
    for start in ("comments.*.comment.", "comments.*.", "*.", ""):
        if found := documents.clue(source, why, f"{start}pid", f"{start}locator.url"):
            return found
    head = documents.peek(source)
    if head.follows and isinstance(head.value, dict) and head.value.keys() == {"version", "users", "posts"}:
        return Clue(score=0.9, why="its first line has version, users and posts, as remark42's backups do")
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page that is commented on."""
    problems: list[Problem] = []
    declared: dict[str, Any] = {}
    found = (row for value in documents.records(source, problems) for row in _rows(value, declared))
    rows = documents.objects(found, problems)
    for url, group in documents.grouped((fields.string(get(row, "locator.url")), row) for row in rows):
        comments = fields.comments(((row, None) for row in group), COMMENT, source, problems)
        titles = (row for row in group if get(row, "title"))
        post = fields.post(next(titles, None), Fields(title="title"), source, key=url, url=fields.web(url))
        yield fields.thread(post, comments, source, FORMAT.name, problems, declared=declared.get(url))
        problems = []


def _rows(value: dict[str, Any], declared: dict[str, Any]) -> Iterator[Any]:
    """Yield the comments of an answer or of a line; `declared` collects the counts that are announced."""
    declared[fields.string(get(value, "info.url"))] = get(value, "info.count")
    if "comments" in value:
        for each, _ in documents.walk(value["comments"], "replies"):
            yield each["comment"] if isinstance(each, dict) and "comment" in each else each
    elif "users" not in value:
        yield value
