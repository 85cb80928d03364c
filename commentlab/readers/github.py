"""GitHub comments on issues and pull requests: lists of the REST API, and what `gh issue view --json` writes.

An issue that stands in the same file is the post. Source: https://docs.github.com/en/rest/issues/comments.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="github", title="GitHub issue comments (JSON)", extensions=(".json",))
POST = Fields(
    text="body",
    markup="markdown",
    title="title",
    author="user.login author.login",
    when="created_at createdAt",
    url="html_url url",
)
COMMENT = Fields(
    text="body",
    markup="markdown",
    author="user.login author.login",
    account="user.login author.login",
    when="created_at createdAt",
    parent="in_reply_to_id",
    votes="reactions.+1",
    url="html_url url",
    statuses={"minimizedReason=spam": "spam", "minimizedReason=SPAM": "spam"},
)
_WHY = "its objects have user.login, html_url and body, as GitHub's comments do"


def sniff(source: Source) -> Clue | None:
    """Look for comments of the API, or for an issue with its comments."""
    for start in ("*.", "", "comments.*."):
        for names in ("issue_url user.login body", "pull_request_url user.login body", "comments_url user.login body"):
            if found := documents.clue(source, _WHY, *(start + name for name in names.split())):
                return found
    return documents.clue(source, "it is an issue as gh writes it", "comments.*.author.login", "title", "url")


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each issue or pull request."""
    problems: list[Problem] = []
    found = (row for value in documents.records(source, problems) for row in _rows(value))
    rows = documents.objects(found, problems)
    for url, group in documents.grouped((_issue(row), row) for row in rows):
        head = next((row for row in group if "title" in row), None)
        items = [(row, None) for row in group if row is not head]
        account = get(head, COMMENT.account)
        comments = fields.comments(items, COMMENT, source, problems, account=account)
        post = fields.post(head, POST, source, url=url or None)
        count = get(head, "comments")
        declared = count if isinstance(count, int) else None
        yield fields.thread(post, comments, source, FORMAT.name, problems, declared=declared)
        problems = []


def _rows(value: dict[str, Any]) -> Iterator[Any]:
    """Yield an issue and then the comments that it holds; or those that stand beside it; or a comment alone."""
    inner = documents.listed(value.get("comments"))
    head = value.get("issue", value) if inner else value
    yield head
    for each in inner:
        # gh gives its comments addresses of their own, which need not begin with that of the issue.
        yield {**each, "issue": get(head, "html_url url")} if isinstance(each, dict) else each


def _issue(row: Any) -> str:
    return fields.string(get(row, "issue") or get(row, "html_url url")).partition("#")[0]
