"""ConvoKit corpora: `utterances.jsonl`, one utterance a line.

The utterance that gives a conversation its id is the post. Kind and status, which ConvoKit has not, are in the meta
that `commentlab.convokit` writes. Source: https://convokit.cornell.edu/documentation/data_format.html.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="convokit", title="ConvoKit corpus (utterances.jsonl)", extensions=(".jsonl", ".json"))
UTTERANCE = Fields(
    text="text",
    markup="markdown",
    title="meta.title",
    author="speaker.id user.id speaker user",
    account="speaker.id user.id speaker user",
    when="timestamp",
    parent="reply-to reply_to",
    votes="meta.score",
    url="meta.permalink meta.url",
    by_post_author="meta.by_post_author",
    statuses={
        "text=[deleted]": "deleted",
        "text=[removed]": "deleted",
        "meta.status=deleted": "deleted",
        "meta.status=pending": "pending",
        "meta.status=spam": "spam",
    },
    kinds={"meta.kind=pingback": "pingback", "meta.kind=trackback": "trackback"},
)
_CONVERSATION = "conversation_id root"


def sniff(source: Source) -> Clue | None:
    """Look for utterances."""
    value = documents.peek(source).value
    first = value[0] if isinstance(value, list) and value else value
    keys = first.keys() if isinstance(first, dict) else set()
    signs = ({"conversation_id", "root"}, {"speaker", "user"}, {"reply-to", "reply_to"}, {"id"}, {"text"})
    if all(keys & sign for sign in signs):
        return Clue(
            score=0.95, why="its objects have id, conversation_id, speaker and reply-to, as utterances of ConvoKit"
        )
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each conversation."""
    problems: list[Problem] = []
    rows = documents.records(source, problems)
    for key, group in documents.grouped((fields.string(get(row, _CONVERSATION)), row) for row in rows):
        head = next((row for row in group if _is_post(row, key)), None)
        known = replace(UTTERANCE, roots=frozenset([key]))
        items = [(row, None) for row in group if row is not head]
        comments = fields.comments(items, known, source, problems, account=get(head, UTTERANCE.account))
        post = fields.post(head, UTTERANCE, source, key=key)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _is_post(row: Any, key: str) -> bool:
    return bool(key) and fields.string(get(row, "id")) == key
