"""Names out of what is written: pseudonyms for authors and for whoever is named in the texts, and people left out.

A pseudonym is a keyed hash (HMAC, RFC 2104), so that nobody without the key can try names; the key stays in the folder
that is written. What is left out is left out of everything: the person's comments, what others quote of them, and the
name. `covers` says what is to be done, `people` finds the names in texts.
"""

from collections.abc import Sequence
from dataclasses import replace

from commentlab.privacy.covers import (
    EXCLUDED,
    KEY,
    PSEUDONYM,
    Authors,
    Cover,
    Excluded,
    cover_for,
    exclude_also,
    exclusions,
    key_in,
    pseudonym,
    spelled,
)
from commentlab.privacy.people import Edit, People, applied
from commentlab.records import Comment, Post, ScoredThread, Span, Thread

__all__ = [
    "EXCLUDED",
    "KEY",
    "PSEUDONYM",
    "Authors",
    "Cover",
    "Excluded",
    "cover_for",
    "covered",
    "exclude_also",
    "exclusions",
    "key_in",
    "pseudonym",
    "spelled",
]

REMOVED = "[removed]"
"""What stands in a text in the place of the words of somebody who is left out."""
QUOTED = 20
"""Characters of the shortest line that counts as quoted from what is left out."""


def covered(scored: ScoredThread, cover: Cover) -> ScoredThread | None:
    """Return a thread as it may be written, None if it is left out as a whole.

    A comment that is left out disappears, unless others answer it: then its place stays, with nothing in it.
    """
    if scored.thread.id in cover.excluded.threads:
        return None
    gone = [comment for comment in scored.thread.comments if _is_out(scored.thread, comment, cover)]
    host_out = cover.leaves_out(scored.thread.post.author)
    people = People(scored.thread, cover)
    if gone or host_out:
        scored = _without(scored, gone, host_out=host_out)
    return _renamed(scored, people)


def _is_out(thread: Thread, comment: Comment, cover: Cover) -> bool:
    return (thread.id, comment.id) in cover.excluded.comments or cover.leaves_out(comment.author)


def _without(scored: ScoredThread, gone: Sequence[Comment], *, host_out: bool) -> ScoredThread:
    thread = scored.thread
    out = {comment.id for comment in gone}
    parents = {comment.id: comment.parent_id for comment in thread.comments}
    needed: set[str] = set()
    for comment in thread.comments:
        above = comment.parent_id if comment.id not in out else None
        while above in out and above not in needed:
            needed.add(above)
            above = parents[above]
    words = [comment.text for comment in gone] + ([thread.post.text] if host_out else [])
    comments = tuple(
        _emptied(comment) if comment.id in out else _unquoted(comment, words)
        for comment in thread.comments
        if comment.id not in out or comment.id in needed
    )
    post = Post(id=thread.post.id, title="", text="") if host_out else thread.post
    problems = tuple(problem for problem in thread.problems if problem.comment_id not in out)
    return replace(
        scored,
        thread=replace(thread, post=post, comments=comments, problems=problems),
        labels=tuple(label for label in scored.labels if label.comment_id not in out),
    )


def _emptied(comment: Comment) -> Comment:
    return Comment(id=comment.id, text="", link=comment.link, kind=comment.kind, status="deleted")


def _unquoted(comment: Comment, words: Sequence[str]) -> Comment:
    """Take out the lines of a comment that stand in what is left out, too."""
    edits: list[Edit] = []
    start = 0
    for line in comment.text.splitlines(keepends=True):
        said = line.strip(" \t\r\n>\"'“”„«»")
        if len(said) >= QUOTED and any(said in body for body in words):
            edits.append((start, start + len(line.rstrip("\r\n")), REMOVED))
        start += len(line)
    return _edited(comment, edits)


def _renamed(scored: ScoredThread, people: People) -> ScoredThread:
    thread = scored.thread
    edits = {comment.id: list(people.edits(comment.text)) for comment in thread.comments}
    post = replace(
        thread.post,
        title=people.rename(thread.post.title),
        text=people.rename(thread.post.text),
        author=people.called(thread.post.author),
        url=people.address(thread.post.url),
    )
    comments = tuple(
        replace(
            _edited(comment, edits[comment.id]), author=people.called(comment.author), url=people.address(comment.url)
        )
        for comment in thread.comments
    )
    problems = tuple(replace(problem, message=people.rename(problem.message)) for problem in thread.problems)
    labels = tuple(
        replace(label, reasons=tuple((*_moved((a, b), edits[label.comment_id]), w) for a, b, w in label.reasons))
        if label.reasons and edits.get(label.comment_id)
        else label
        for label in scored.labels
    )
    return replace(scored, thread=replace(thread, post=post, comments=comments, problems=problems), labels=labels)


def _edited(comment: Comment, edits: Sequence[Edit]) -> Comment:
    if not edits:
        return comment
    spans = (_moved(span, edits) for span in comment.quotes)
    return replace(
        comment, text=applied(comment.text, edits), quotes=tuple(span for span in spans if span[0] < span[1])
    )


def _moved(span: Span, edits: Sequence[Edit]) -> Span:
    """Return where a span of a text lies after the edits; one that begins or ends in an edit takes in all of it."""
    start, end = span
    before = sum(len(instead) - (b - a) for a, b, instead in edits if b <= start)
    inside = sum(len(instead) - (b - a) for a, b, instead in edits if start < b and a < end)
    first = next((a for a, b, _ in edits if a < start < b), start)
    last = next((b for a, b, _ in edits if a < end < b), end)
    return first + before, last + before + inside
