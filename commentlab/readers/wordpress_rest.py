"""WordPress comments as the REST API gives them (`/wp-json/wp/v2/comments`), with `?_embed` also the post.

Source: https://developer.wordpress.org/rest-api/reference/comments/.
"""

from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="wordpress_rest", title="WordPress comments (REST API)", extensions=(".json",))
POST = Fields(text="content.rendered excerpt.rendered", title="title.rendered", when="date", url="link")
COMMENT = Fields(
    text="content.rendered content.raw",
    author="author_name",
    account="author",
    when="when",
    parent="parent",
    url="link",
    statuses={
        "status=hold": "pending",
        "status=unapproved": "pending",
        "status=spam": "spam",
        "status=trash": "deleted",
    },
    kinds={"type=pingback": "pingback", "type=trackback": "trackback"},
)


def sniff(source: Source) -> Clue | None:
    """Look for comments with a post, a parent and the name of their author."""
    for start in ("*.", ""):
        paths = ("post", "parent", "author_name", "content.rendered")
        why = "its objects have post, parent, author_name and content.rendered, as comments of WordPress do"
        if found := documents.clue(source, why, *(start + path for path in paths)):
            return found
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post that is commented on."""
    problems: list[Problem] = []
    rows = documents.records(source, problems)
    for key, group in documents.grouped((fields.string(get(row, "post")), row) for row in rows):
        head = next((up for row in group if (up := get(row, "_embedded.up.0"))), None)
        items = [(_entry(row), None) for row in group]
        # Guests have the account 0, and so may the post have one that is not known.
        comments = fields.comments(items, COMMENT, source, problems, account=get(head, "author") or None)
        url = fields.web(fields.string(get(group[0], "link")).partition("#")[0])
        post = fields.post(head, POST, source, key=f"{FORMAT.name} {key}", url=url)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    """Prefer the time in GMT, to which WordPress does not add that it is so."""
    gmt = fields.string(get(row, "date_gmt"))
    return {**row, "when": f"{gmt}Z" if gmt and gmt[-1:] != "Z" else gmt or get(row, "date")}
