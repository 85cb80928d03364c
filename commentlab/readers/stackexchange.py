"""Stack Exchange comments as the API's `/posts/ID/comments` gives them.

They form no tree, but the API says whom one answers. Source: https://api.stackexchange.com/docs/types/comment.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Link, Problem, Thread

FORMAT = Format(name="stackexchange", title="Stack Exchange comments (API JSON)", extensions=(".json",))
COMMENT = Fields(
    id="comment_id",
    text="body body_markdown",
    author="owner.display_name",
    when="creation_date",
    votes="score",
    url="link",
)


def sniff(source: Source) -> Clue | None:
    """Look for comments with an id, a post's id and an owner."""
    for start in ("items.*.", "*.items.*.", "*.", ""):
        why = "its objects have comment_id, post_id and owner, as Stack Exchange's comments do"
        if found := documents.clue(source, why, f"{start}comment_id", f"{start}post_id", f"{start}creation_date"):
            return found
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each question or answer that is commented on."""
    problems: list[Problem] = []
    pages = list(documents.records(source, problems))
    if pages and fields.true(pages[-1].get("has_more")):
        problems.append(fields.missing(None, "the API has more pages"))
    rows = [row for page in pages for row in (documents.listed(page["items"]) if "items" in page else [page])]
    keyed = ((fields.string(get(row, "post_id")), row) for row in documents.objects(rows, problems))
    for key, group in documents.grouped(keyed):
        made = fields.comments(((row, None) for row in group), COMMENT, source, problems)
        linked = next((get(row, "link") for row in group if get(row, "link")), None)
        url = fields.web(fields.string(linked).partition("#")[0])
        post = fields.post(None, Fields(), source, key=f"{FORMAT.name} {key}", url=url)
        yield fields.thread(post, _answers(made, group), source, FORMAT.name, problems)
        problems = []


def _answers(comments: list[Comment], rows: list[Any]) -> Iterator[Comment]:
    """Link each comment that names an addressee to that person's last one before it; the API begins with the newest."""
    last: dict[int, str] = {}
    links: dict[str, Link] = {}
    pairs = zip(comments, rows, strict=True)
    for comment, row in sorted(pairs, key=lambda pair: fields.number(get(pair[1], "creation_date")) or 0):
        addressee = fields.number(get(row, "reply_to_user.user_id"))
        if addressee in last:
            links[comment.id] = Link(parent_id=last[addressee], origin="inferred", method="name", confidence=0.9)
        if owner := fields.number(get(row, "owner.user_id")):
            last[owner] = comment.id
    return (replace(comment, link=links.get(comment.id)) for comment in comments)
