"""Mastodon conversations: a status and its context (`/api/v1/statuses/ID/context`), or the context alone.

The status that starts the conversation is the post. Source: https://docs.joinmastodon.org/entities/Context/.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="mastodon", title="Mastodon conversation (status and context)", extensions=(".json",))
STATUS = Fields(
    text="content",
    author="account.display_name account.username",
    account="account.id",
    when="created_at",
    parent="in_reply_to_id",
    votes="favourites_count",
    url="url uri",
)


def sniff(source: Source) -> Clue | None:
    """Look for a context, or for a status that could be followed by one."""
    for start in ("", "context.", "*.", "*.context."):
        why = "it has ancestors and descendants, as Mastodon's contexts do"
        if found := documents.clue(source, why, f"{start}descendants", f"{start}ancestors"):
            return found
    return documents.clue(source, "it has a status of Mastodon", "in_reply_to_id", "content", "account.acct", score=0.9)


def read(source: Source) -> Iterator[Thread]:
    """Yield the conversation."""
    problems: list[Problem] = []
    parts = [part for value in documents.records(source, problems) for part in _parts(value)]
    contexts = [part for part in parts if "descendants" in part or "ancestors" in part]
    above = [each for context in contexts for each in documents.listed(get(context, "ancestors"))]
    below = [each for context in contexts for each in documents.listed(get(context, "descendants"))]
    own = [part for part in parts if "content" in part and "account" in part]
    statuses = [*above, *own, *below]
    if not statuses:
        return
    head = next((each for each in [*above, *own] if get(each, "in_reply_to_id") is None), None)
    here = {fields.string(get(each, "id")) for each in statuses}
    root = get(head, "id")
    if not own:
        answered = (fields.string(get(each, "in_reply_to_id")) for each in below)
        root = root or next((each for each in answered if each not in here), None)
        message = "the status that this context belongs to is not in the file; save it together with its context"
        problems.append(Problem(code="no-post", message=message))
    known = replace(STATUS, roots=frozenset([fields.string(root)]))
    items = [(each, None) for each in statuses if each is not head]
    comments = fields.comments(items, known, source, problems, account=get(head, "account.id"))
    post = fields.post(head, STATUS, source, key=fields.string(root))
    yield fields.thread(post, comments, source, FORMAT.name, problems)


def _parts(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a status, a context, or both where they are two keys of one object."""
    return [part for part in (value, value.get("status"), value.get("context")) if isinstance(part, dict)]
