"""What the threads of a stream still need when it has ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from commentlab.records import Comment, Problem, Thread


def concluded(threads: Iterable[Thread], problems: list[Problem]) -> Iterator[Thread]:
    """Give the last thread the problems of the whole file, which are known only at its end."""
    last: Thread | None = None
    for thread in threads:
        if last:
            yield last
        last = thread
    if last:
        yield replace(last, problems=(*last.problems, *problems))


def oldest_first(comments: Sequence[Comment]) -> list[Comment]:
    """Return comments in the order of time, as pages show them; feeds list the newest first. Undated ones stay put."""
    dated = [comment.published for comment in comments if comment.published]
    ordered = list(reversed(comments)) if dated and dated[0] > dated[-1] else list(comments)
    if len(dated) == len(ordered):
        ordered.sort(key=attrgetter("published"))
    return ordered
