"""Reddit comments, and posts if they are there, one JSON object a line, as Pushshift and its successors publish them.

Comments of many posts are mixed. Source: https://files.pushshift.io/reddit/ and Baumgartner et al. 2020, "The Pushshift
Reddit Dataset".
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="pushshift", title="Reddit dump (Pushshift NDJSON)", extensions=(".ndjson", ".jsonl", ".json"))
SITE = "https://www.reddit.com"
POST = Fields(text="selftext", markup="markdown", title="title", author="author", when="created_utc")
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
    """Look for the fields that Reddit gives a comment."""
    why = "its objects have link_id, parent_id and body, as comments of Reddit do"
    for start in ("", "*.", "data.*."):
        found = documents.clue(source, why, *(start + name for name in ("link_id", "parent_id", "body", "created_utc")))
        if found or (start != "data.*." and documents.clue(source, why, start + "selftext", start + "num_comments")):
            return Clue(score=0.96, why=why)
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post that comments answer."""
    problems: list[Problem] = []
    rows = documents.records(source, problems, within="data")
    for key, group in documents.grouped((_post_id(row), row) for row in rows):
        comments = [row for row in group if "body" in row or "link_id" in row]
        if not comments:
            continue
        head = next((row for row in group if row not in comments), None)
        url = f"{SITE}/comments/{key}" if key else None
        post = fields.post(head, POST, source, url=url)
        items = ((row, None) for row in comments)
        made = fields.comments(items, COMMENT, source, problems, account=get(head, "author"))
        yield fields.thread(post, made, source, FORMAT.name, problems, declared=get(head, "num_comments"))
        problems = []


def _post_id(row: dict[str, Any]) -> str:
    return fields.string(row.get("link_id") or ("" if "body" in row else row.get("id"))).removeprefix("t3_")
