"""YouTube comments as the Data API's `commentThreads` gives them, one page or several.

Source: https://developers.google.com/youtube/v3/docs/commentThreads.
"""

import html
from collections.abc import Iterator
from typing import Any

from commentlab import documents, fields
from commentlab.documents import get
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="youtube", title="YouTube comments (commentThreads JSON)", extensions=(".json",))
COMMENT = Fields(
    text="body",
    author="snippet.authorDisplayName",
    account="snippet.authorChannelId.value",
    when="snippet.publishedAt",
    parent="snippet.parentId",
    votes="snippet.likeCount",
    statuses={
        "snippet.moderationStatus=heldForReview": "pending",
        "snippet.moderationStatus=likelySpam": "spam",
        "snippet.moderationStatus=rejected": "deleted",
    },
)


def sniff(source: Source) -> Clue | None:
    """Look for comment threads."""
    for start in ("items.*.", "*.items.*.", "*.", ""):
        why = "it has topLevelComment snippets, as YouTube's API does"
        if found := documents.clue(source, why, f"{start}snippet.topLevelComment"):
            return found
    return None


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each video or channel that is discussed."""
    problems: list[Problem] = []
    pages = list(documents.records(source, problems))
    found = [each for page in pages for each in (documents.listed(page["items"]) if "items" in page else [page])]
    if pages and get(pages[-1], "nextPageToken"):
        problems.append(fields.missing(None, "there is a next page"))
    for key, group in documents.grouped((_about(each), each) for each in documents.objects(found, problems)):
        items = [pair for each in group for pair in _items(each)]
        owner = get(group[0], "snippet.channelId")
        comments = fields.comments(items, COMMENT, source, problems, account=owner)
        problems += [problem for each in group for problem in _withheld(each)]
        kind = "watch?v=" if get(group[0], "snippet.videoId") else "channel/"
        post = fields.post(None, Fields(), source, url=f"https://www.youtube.com/{kind}{key}" if key else None)
        yield fields.thread(post, comments, source, FORMAT.name, problems)
        problems = []


def _about(thread: Any) -> str:
    return fields.string(get(thread, "snippet.videoId snippet.topLevelComment.snippet.videoId snippet.channelId"))


def _items(thread: Any) -> Iterator[tuple[Any, Any]]:
    top = get(thread, "snippet.topLevelComment") or thread
    yield _entry(top), None
    for reply in documents.listed(get(thread, "replies.comments")):
        yield _entry(reply), top


def _withheld(thread: Any) -> Iterator[Problem]:
    total = fields.number(get(thread, "snippet.totalReplyCount")) or 0
    absent = total - len(documents.listed(get(thread, "replies.comments")))
    if absent > 0:
        what = "the API gives only some replies of a thread; fetch the others with comments.list"
        yield fields.missing(absent, what, fields.string(get(thread, "snippet.topLevelComment.id id")))


def _entry(comment: Any) -> Any:
    """Add the body as HTML: the original is plain text, and what is displayed is so if that was asked for."""
    if not isinstance(comment, dict):
        return comment
    body = fields.string(get(comment, "snippet.textDisplay"))
    if original := fields.string(get(comment, "snippet.textOriginal")):
        body = html.escape(original, quote=False)
    return {**comment, "body": body if "<br" in body else body.replace("\n", "<br>")}
