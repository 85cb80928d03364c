"""Reddit threads as its API gives them (the address of a thread with `.json` behind it): Listings of things.

A `t3` is a post, a `t1` a comment, a `more` stands for comments that the file does not hold.
Source: https://www.reddit.com/dev/api/#GET_comments_{article}.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="reddit", title="Reddit thread (Listing JSON)", extensions=(".json",))
SITE = "https://www.reddit.com"
POST = Fields(
    text="selftext",
    markup="markdown",
    title="title",
    author="author",
    account="author",
    when="created_utc",
    url="permalink",
    site=SITE,
)
COMMENT = Fields(
    text="body",
    markup="markdown",
    author="author",
    account="author",
    when="created_utc",
    parent="parent_id",
    prefix="t1_",
    votes="score ups",
    url="permalink",
    site=SITE,
    by_post_author="is_submitter",
    statuses={"body=[deleted]": "deleted", "body=[removed]": "deleted"},
)


def sniff(source: Source) -> Clue | None:
    """Look for a Listing."""
    value = documents.peek(source).value
    first = value[0] if isinstance(value, list) and value else value
    if get(first, "kind") == "Listing" and documents.has(first, "data.children"):
        return Clue(score=0.97, why="it begins with a Listing, as Reddit's API does")
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a post and its comments; Listings of posts alone hold none."""
    document = documents.whole(source)
    listings = document.value if isinstance(document.value, list) else [document.value]
    things = [thing for listing in listings for thing in documents.listed(get(listing, "data.children"))]
    posts = [get(thing, "data") for thing in things if get(thing, "kind") == "t3"]
    answers = [thing for thing in things if get(thing, "kind") != "t3"]
    if not answers and not (len(listings) > 1 and len(posts) == 1):
        return
    problems = list(document.problems)
    head = posts[0] if posts else None
    found = list(documents.walk(answers, "data.replies.data.children"))
    items = [(get(thing, "data"), None) for thing, _ in found if get(thing, "kind") != "more"]
    comments = fields.comments(items, COMMENT, source, problems, account=get(head, "author"))
    problems += [_stub(get(thing, "data")) for thing, _ in found if get(thing, "kind") == "more"]
    post = fields.post(head, POST, source, key=fields.string(get(items[0][0], "link_id")) if items else "")
    yield fields.thread(post, comments, source, FORMAT.name, problems, declared=get(head, "num_comments"))


def _stub(data: Any) -> Problem:
    count = fields.number(get(data, "count")) or len(documents.listed(get(data, "children"))) or None
    parent = fields.string(get(data, "parent_id"))
    answered = parent.removeprefix("t1_") if parent.startswith("t1_") else None
    return fields.missing(count, "Reddit folds them behind “more”; load them and save the thread again", answered)
