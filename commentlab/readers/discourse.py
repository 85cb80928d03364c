"""Discourse topics as `/t/ID.json` gives them: the first post is what is discussed, the others are comments.

Source: https://docs.discourse.org/#tag/Topics/operation/getTopic.
"""

import re
from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Thread

FORMAT = Format(name="discourse", title="Discourse topic (JSON)", extensions=(".json",))
POST = Fields(text="cooked", title="title", author="username name", when="created_at")
COMMENT = Fields(
    id="post_number id",
    text="cooked",
    author="username name",
    account="username",
    when="created_at",
    parent="reply_to_post_number",
    roots=frozenset(["0", "1"]),
    votes="likes",
    statuses={"deleted_at": "deleted", "user_deleted": "deleted", "hidden": "pending"},
)
_SMALL_ACTION = 3
_LIKE = 2
# The line "sam:" above a quote is Discourse's, not the writer's.
_QUOTED = re.compile(r'<div class="title">.*?</div>\s*(?=<blockquote)', re.S)


def sniff(source: Source) -> Clue | None:
    """Look for a stream of posts with cooked bodies."""
    return documents.clue(source, "it has a post_stream, as Discourse's topics do", "post_stream.posts.*.cooked")


def read(source: Source) -> Iterator[Thread]:
    """Yield the topic; notes such as "closed this topic" are no comments."""
    document = documents.whole(source)
    topic, problems = document.value, list(document.problems)
    entries = [_entry(each) for each in documents.listed(get(topic, "post_stream.posts"))]
    first = next((each for each in entries if get(each, "post_number") == 1), None)
    items = [(each, None) for each in entries if each is not first and get(each, "post_type") != _SMALL_ACTION]
    comments = fields.comments(items, COMMENT, source, problems, account=get(first, "username"))
    here = {fields.string(get(each, "id")) for each in entries}
    absent = [each for each in documents.listed(get(topic, "post_stream.stream")) if fields.string(each) not in here]
    if absent:
        problems.append(fields.missing(len(absent), "the topic has more pages; save it with ?print=true"))
    head = {**(first or {}), "title": get(topic, "title fancy_title")}
    post = fields.post(head, POST, source, key=fields.string(get(topic, "id")))
    count = fields.number(get(topic, "posts_count"))
    declared = count - 1 if count else None
    yield fields.thread(post, comments, source, FORMAT.name, problems, declared=declared)


def _entry(each: Any) -> Any:
    if not isinstance(each, dict):
        return each
    likes = [
        get(action, "count") for action in documents.listed(get(each, "actions_summary")) if get(action, "id") == _LIKE
    ]
    return {**each, "likes": next(iter(likes), None), "cooked": _QUOTED.sub("", fields.string(get(each, "cooked")))}
