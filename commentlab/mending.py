"""What people corrected, applied: mends change a thread, corrections its labels. Nothing here stores anything.

A comment is found again by its id and its mark; where ids have moved, by the mark alone, if it is the only one with it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from commentlab import links, structure, text
from commentlab.records import Comment, Correction, Label, Link, Mend, Problem, ScoredThread, Thread

METHOD = "person"
"""`Link.method` of a reply that a person attached."""
LOST = "mend-lost"
"""Code of the problem that a mend fits nothing in the thread any more."""

Key = tuple[str, str]
"""Id of a comment and task."""


def mark(comment: Comment) -> str:
    """Return what a comment is known by beside its id: a fingerprint of its author and its words."""
    return text.fingerprint(comment.author, comment.text)


class Finder:
    """Finds comments again by id and mark."""

    def __init__(self, comments: Sequence[Comment]) -> None:
        marks = [mark(comment) for comment in comments]
        self._of = {comment.id: found for comment, found in zip(comments, marks, strict=True)}
        self._ids: dict[str, list[str]] = {}
        for comment, found in zip(comments, marks, strict=True):
            self._ids.setdefault(found, []).append(comment.id)

    def id(self, comment_id: str, mark: str) -> str | None:
        """Return the id that a comment has now; None where it is gone, was edited, or cannot be told from another."""
        if self._of.get(comment_id) == mark:
            return comment_id
        alike = self._ids.get(mark, [])
        return alike[0] if len(alike) == 1 else None


def mended(thread: Thread, mends: Iterable[Mend]) -> Thread:
    """Apply mends in their order.

    Each leaves a problem that says what was done; one that fits nothing any more leaves the problem `mend-lost`.
    Replies to a comment that is joined go to the one before it, those to a comment that is split stay with its first
    part.

    Returns:
        The thread, repaired again.
    """
    given = list(mends)
    if not given:
        return thread
    for mend in given:
        thread = _applied(thread, mend)
    comments, problems = structure.repair(thread.comments)
    return replace(thread, comments=comments, problems=(*thread.problems, *problems))


def _applied(thread: Thread, mend: Mend) -> Thread:
    finder = Finder(thread.comments)
    here = finder.id(mend.comment_id, mend.mark)
    place = next((place for place, comment in enumerate(thread.comments) if comment.id == here), None)
    done = None if place is None else _MENDS[mend.kind](thread.comments, place, mend, finder)
    if done is None:
        message = f"what {mend.coder} mended ({mend.kind}) fits no comment any more; mend it again, or undo it"
        return replace(thread, problems=(*thread.problems, Problem(code=LOST, message=message)))
    comments, problem = done
    return replace(thread, comments=comments, problems=(*thread.problems, problem))


_Done = tuple[tuple[Comment, ...], Problem] | None


def _split(comments: Sequence[Comment], place: int, mend: Mend, finder: Finder) -> _Done:  # noqa: ARG001 - as all mends
    whole, at = comments[place], mend.at or 0
    first, second = whole.text[:at].rstrip(), whole.text[at:]
    rest = second.lstrip()
    if not first or not rest:
        return None
    offset = at + len(second) - len(rest)
    taken = {comment.id for comment in comments}
    name = next(name for number in range(2, len(taken) + 3) if (name := f"{whole.id}.{number}") not in taken)
    one = replace(whole, text=first, quotes=tuple(span for span in whole.quotes if span[1] <= len(first)))
    quotes = tuple((start - offset, end - offset) for start, end in whole.quotes if start >= offset)
    other = Comment(id=name, text=rest, author=mend.author, link=whole.link, quotes=quotes)
    problem = Problem(code="split", message=f"{mend.coder} made two comments of one", comment_id=name)
    return (*comments[:place], one, other, *comments[place + 1 :]), problem


def _join(comments: Sequence[Comment], place: int, mend: Mend, finder: Finder) -> _Done:  # noqa: ARG001 - as all mends
    if place == 0:
        return None
    before, comment = comments[place - 1], comments[place]
    offset = len(before.text) + 2
    quotes = (*before.quotes, *((start + offset, end + offset) for start, end in comment.quotes))
    whole = replace(before, text=f"{before.text}\n\n{comment.text}", quotes=quotes)
    others = (*comments[: place - 1], whole, *comments[place + 1 :])
    problem = Problem(code="joined", message=f"{mend.coder} made one comment of two", comment_id=before.id)
    return tuple(_led(other, comment.id, before) for other in others), problem


def _led(comment: Comment, old: str, new: Comment) -> Comment:
    """Lead a reply to a comment that is gone to another one; that one itself answers what it answered."""
    if comment.link is None or comment.link.parent_id != old:
        return comment
    return replace(comment, link=None if comment.id == new.id else replace(comment.link, parent_id=new.id))


def _attach(comments: Sequence[Comment], place: int, mend: Mend, finder: Finder) -> _Done:
    comment, parent = comments[place], None
    if mend.parent_id is not None:
        parent = finder.id(mend.parent_id, mend.parent_mark or "")
        if parent is None or parent == comment.id:
            return None
    link = Link(parent_id=parent, method=METHOD) if parent else None
    message = f"{mend.coder} said that it answers {'this comment' if parent else 'the post'}"
    problem = Problem(code=links.SETTLED, message=message, comment_id=comment.id)
    return (*comments[:place], replace(comment, link=link), *comments[place + 1 :]), problem


_MENDS: Mapping[str, Callable[[Sequence[Comment], int, Mend, Finder], _Done]] = {
    "split": _split,
    "join": _join,
    "attach": _attach,
}


def reattached(
    thread: Thread, corrections: Iterable[Correction]
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Find the comments again that people labelled.

    Args:
        thread: The thread as it is read now.
        corrections: Those of this thread, in the order in which they were given.

    Returns:
        The corrections with the ids that their comments have now, and those whose comments were not found.
    """
    finder = Finder(thread.comments)
    found: list[Correction] = []
    lost: list[Correction] = []
    for correction in corrections:
        here = finder.id(correction.comment_id, correction.mark)
        if here is None:
            lost.append(correction)
        else:
            found.append(correction if here == correction.comment_id else replace(correction, comment_id=here))
    return tuple(found), tuple(lost)


def concerns(scored: ScoredThread, correction: Correction) -> bool:
    """Tell whether a correction is about what a thread was scored for: a stance has to be about the same."""
    if correction.task != "stance":
        return True
    return (correction.scheme, correction.proposition) == (scored.scheme, scored.proposition)


def corrected(scored: ScoredThread, corrections: Iterable[Correction]) -> ScoredThread:
    """Let what people said stand in the place of what the classifiers said; the last word counts.

    Args:
        scored: A thread with the classifiers' labels.
        corrections: Those of its comments (`reattached`), in the order in which they were given.

    Returns:
        The thread with people's labels: confidence 1, the coder named, no reasons.
    """
    last: dict[Key, Correction] = {
        (correction.comment_id, correction.task): correction
        for correction in corrections
        if correction.value is not None and concerns(scored, correction)
    }
    if not last:
        return scored
    labels = (_said(label, last.get((label.comment_id, label.task))) for label in scored.labels)
    return replace(scored, labels=tuple(labels))


def _said(label: Label, correction: Correction | None) -> Label:
    if correction is None or correction.value is None:
        return label
    if label.probabilities and correction.value not in label.probabilities:  # the camps have other names by now
        return label
    chances = dict.fromkeys(label.probabilities, 0.0) | {correction.value: 1.0}
    return Label(
        comment_id=label.comment_id,
        task=label.task,
        value=correction.value,
        confidence=1.0,
        probabilities=chances,
        coder=correction.coder,
    )
