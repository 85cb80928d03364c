"""The comments of several files of one discussion as one list: matched, in order, with notes on what differs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count, groupby

from commentlab import matching, text
from commentlab.matching import Index, combined
from commentlab.records import Comment, Problem, Thread

_NOTES = {
    "edited": "its text changed between {before} and {now}, which is kept; before it was {said!r}",
    "gone": "it is in {before}, but no longer in {now}",
    "text-differs": "its text in {now}, which is kept, is not that in {before}: {said!r}",
}


def join(threads: Sequence[Thread]) -> tuple[tuple[Comment, ...], tuple[Problem, ...]]:
    """Gather the comments of threads that are one discussion, the oldest state of it first.

    Comments of one file that share an id stay as they are, and so do links that lead nowhere: they are for the repair.

    Returns:
        The comments, each once, and the problems: those of the threads, then what changed from one to the next.
    """
    gathered = _Gathered()
    for thread in threads:
        gathered.take(thread)
    notes = (gathered.notes[key] for key in sorted(gathered.notes))
    return tuple(gathered.index.comments[place] for place in gathered.order), (*gathered.problems, *notes)


@dataclass(slots=True, eq=False)
class _Gathered:
    """What has been gathered so far; a comment is known by its place in the index, which never changes."""

    index: Index = field(default_factory=Index)
    order: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)
    latest: dict[str, list[int]] = field(default_factory=dict)
    notes: dict[tuple[int, str], Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, thread: Thread) -> None:
        """Take in the comments of one more file."""
        self.index.start()
        known = len(self.sources)
        found = [self.index.find(comment, thread.reader) for comment in thread.comments]
        edits = _edits(thread.comments, found, self.latest.get(thread.reader, []), self.index.comments)
        places = [
            self._new(comment, thread) if place is None else place
            for comment, place in zip(thread.comments, map(edits.get, count(), found), strict=True)
        ]
        names: dict[str, str] = {}
        for comment, place in zip(thread.comments, places, strict=True):
            names.setdefault(comment.id, self.index.comments[place].id)
        self.ids.update(names.values())
        for comment, place in zip(thread.comments, places, strict=True):
            self._write(comment, place, thread, names, new=place >= known)
        self.problems += [_renamed(problem, names) for problem in thread.problems]
        self._note_gone(thread, places)
        self._put_in_order(places, known)
        self.latest[thread.reader] = places

    def _new(self, comment: Comment, thread: Thread) -> int:
        """Return the place of a new comment, with an id that no other file uses."""
        name, number = comment.id, 1
        while name in self.ids:
            number += 1
            name = f"{comment.id}~{number}"
        if number > 1:
            message = f"a comment of another file has the id {comment.id!r}; it is called {name!r} here"
            self.problems.append(Problem(code="duplicate-id", message=message, comment_id=name))
        self.sources.append(thread.source)
        return self.index.add(replace(comment, id=name), thread.reader)

    def _write(self, comment: Comment, place: int, thread: Thread, names: dict[str, str], *, new: bool) -> None:
        """Write down what a file says of a comment; its parent may have another id by now."""
        link = comment.link and replace(
            comment.link, parent_id=names.get(comment.link.parent_id, comment.link.parent_id)
        )
        before = self.index.comments[place]
        if new:
            self.index.change(place, replace(before, link=link), thread.reader)
            return
        self.notes.pop((place, "gone"), None)
        if link and before.link and before.link.parent_id not in self.ids:
            before = replace(before, link=None)  # its parent is in none of the files; the other form may know better
        other_form = self.index.readers[place] != thread.reader
        merged, code = combined(before, replace(comment, link=link), other_form=other_form)
        if code:
            self._note(code, place, thread)
        self.index.change(place, merged, thread.reader)
        self.sources[place] = thread.source

    def _note(self, code: str, place: int, thread: Thread) -> None:
        before = self.index.comments[place]
        said = text.shorten(before.text, 80)
        message = _NOTES[code].format(before=self.sources[place], now=thread.source, said=said)
        self.notes[place, code] = Problem(code=code, message=message, comment_id=before.id)

    def _note_gone(self, thread: Thread, places: Collection[int]) -> None:
        """Note what an earlier file of this form has and this one has not, although it covers the same part.

        Comment pages and feeds of the latest comments hold parts of a discussion: what stands before the first or
        behind the last comment of both may be on another page, unless all the comments that are announced are here.
        """
        before, found = self.latest.get(thread.reader, []), set(places)
        shared = [i for i, place in enumerate(before) if place in found]
        if not shared or 2 * len(shared) < min(len(before), len(found)):
            return
        whole = thread.declared_count == len(found)
        for place in before if whole else before[shared[0] : shared[-1]]:
            if place not in found:
                self._note("gone", place, thread)

    def _put_in_order(self, places: Sequence[int], known: int) -> None:
        """Put new comments behind those that they follow in their file."""
        followers: dict[int | None, list[int]] = defaultdict(list)
        last: int | None = None
        for place in places:
            if place >= known:
                followers[last].append(place)
            else:
                last = place
        first = next((place for place in places if place < known), None)
        leading = followers.pop(None, [])
        at = self._before(leading) if first is None else self.order.index(first)
        order = [*self.order[:at], *leading, *self.order[at:]]
        self.order = [each for place in order for each in (place, *followers.get(place, ()))] if followers else order

    def _before(self, places: Sequence[int]) -> int:
        """Return where comments belong of which none is known: among those that answer the post, by time."""
        new = list(self._roots(places))
        first, last = next(self._roots(self.order), None), next(self._roots(reversed(self.order)), None)
        if not (new and first and last):
            return len(self.order)
        start = new[0][1]
        newest_first = first[1] > last[1] if first != last else start > new[-1][1]
        if not newest_first and start >= last[1]:
            return len(self.order)
        after = (place for place, time in self._roots(self.order) if (time < start if newest_first else time > start))
        behind = next(after, None)
        return len(self.order) if behind is None else self.order.index(behind)

    def _roots(self, places: Iterable[int]) -> Iterator[tuple[int, datetime]]:
        for place in places:
            comment = self.index.comments[place]
            if comment.link is None and comment.published:
                yield place, comment.published


def _renamed(problem: Problem, names: dict[str, str]) -> Problem:
    name = names.get(problem.comment_id) if problem.comment_id else None
    return replace(problem, comment_id=name) if name else problem


def _edits(
    comments: Sequence[Comment], found: Sequence[int | None], before: Sequence[int], known: Sequence[Comment]
) -> dict[int, int]:
    """Find the comments whose text was rewritten between two files of one form that gives them no lasting ids.

    Such a comment stands between the same neighbours, and nothing speaks against its author and time.

    Args:
        comments: The comments of the later file.
        found: The places of those that were found again, None for the others.
        before: The places of the comments of the earlier file, in its order.
        known: The comment of each place.

    Returns:
        The place of each rewritten comment, by its number in the later file.
    """
    at = {place: number for number, place in enumerate(before)}
    again = {place for place in found if place is not None}
    rewritten: dict[int, int] = {}
    for start, end in _gaps(found):
        above = at.get(found[start - 1], -1) if start else -1  # type: ignore[arg-type]
        below = at.get(found[end], len(before)) if end < len(found) else len(before)  # type: ignore[arg-type]
        left = [place for place in before[above + 1 : below] if place not in again]
        alone = len(left) == end - start == 1 and above >= 0 and below < len(before)
        for number in range(start, end):
            fitting = (
                place for place in left[: matching.LOOKED_AT] if _may_be(known[place], comments[number], alone=alone)
            )
            if again and (place := next(fitting, None)) is not None:
                rewritten[number] = place
                left.remove(place)
    return rewritten


def _gaps(found: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Yield from where to where nothing was found again."""
    for missing, group in groupby(range(len(found)), key=lambda number: found[number] is None):
        numbers = list(group)
        if missing:
            yield numbers[0], numbers[-1] + 1


def _may_be(one: Comment, other: Comment, *, alone: bool) -> bool:
    """Tell whether author and time are the same; of single comments between the same two, whether none differs."""
    author = matching.same_author(one, other)
    time = matching.agree(one.when, other.when)
    if time is None and one.when and other.when and one.when.raw == other.when.raw:
        time = True
    return one.kind == other.kind and (author is time is True or (alone and False not in (author, time)))
