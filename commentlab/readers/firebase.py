"""Hacker News items as its own API gives them, one alone, in a list, by id, or one a line.

An item knows its parent, not its story. Source: https://github.com/HackerNews/API.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="firebase", title="Hacker News items (Firebase API)", extensions=(".json", ".ndjson", ".jsonl"))
ITEM = Fields(
    text="text",
    title="title",
    author="by",
    account="by",
    when="time",
    parent="parent",
    votes="score",
    url="id",
    site="https://news.ycombinator.com/item?id={}",
    statuses={"deleted": "deleted", "dead": "spam"},
)


def sniff(source: Source) -> Clue | None:
    """Look for the fields of an item."""
    value = documents.peek(source).value
    some = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    for item in [value, *some[:20]]:
        known = isinstance(item, dict) and item.keys() & {"by", "deleted", "kids", "parent"}
        if known and {"id", "time"} <= item.keys() and get(item, "type") in ("story", "comment", "poll", "job"):
            return Clue(score=0.96, why="its items have id, time, type and by, as those of Hacker News do")
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each story, or for each item that is answered and not there."""
    problems: list[Problem] = []
    tops = _tops({_id(item): fields.string(get(item, "parent")) for item in _items(source, [])})
    rows = ((tops[_id(item)], item) for item in _items(source, problems))
    for top, group in documents.grouped(rows):
        head = next((item for item in group if _id(item) == top), None)
        answers = [item for item in group if item is not head and get(item, "type") != "pollopt"]
        comments = _comments(answers, top, head, source, problems)
        here = {_id(item) for item in group}
        kids = {fields.string(kid) for item in group for kid in documents.listed(get(item, "kids"))}
        if absent := len(kids - here):
            problems.append(fields.missing(absent, "other items name them as their kids"))
        if head is None:
            message = f"the item {top}, which is answered, is not in the file; it stands for the post"
            problems.append(Problem(code="no-post", message=message))
        post = fields.post(head or {"id": top}, ITEM, source)
        yield fields.thread(post, comments, source, FORMAT.name, problems, declared=get(head, "descendants"))
        problems = []


def _comments(answers: Iterable[Any], top: str, head: Any, source: Source, problems: list[Problem]) -> list[Any]:
    known = replace(ITEM, roots=frozenset([top]))
    return fields.comments(((item, None) for item in answers), known, source, problems, account=get(head, "by"))


def _items(source: Source, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    for value in documents.records(source, problems):
        yield from [value] if "id" in value else documents.objects(value.values(), problems)


def _id(item: dict[str, Any]) -> str:
    return fields.string(get(item, "id"))


def _tops(parents: dict[str, str]) -> dict[str, str]:
    """Return for each item the item above it that answers nothing here, or is not here."""
    tops: dict[str, str] = {}
    for start in parents:
        path: dict[str, None] = {}
        here = start
        while here not in tops and here not in path and parents.get(here):
            path[here] = None
            here = parents[here]
        top = tops.get(here, here)
        tops |= dict.fromkeys([*path, start], top)
    return tops
