"""Inferred reply links against stated ones: hide the parents of real nested threads, infer them, compare.

    .venv/bin/python benchmarks/links.py            precision and recall by evidence, beside two baselines
    .venv/bin/python benchmarks/links.py --speed    seconds for threads of 1,000 to 100,000 comments, made by rule

The threads are the gold pages and exports of ../shared/threads in which at least a fifth of the comments are stated
replies; where fewer are, people answered each other without the button, and the first level states nothing. A link is
right if it leads to the stated parent; one that is given to a comment which answers the post is wrong. Recall is the
share of the replies whose parent is found again.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import commentlab as cl
from commentlab import links

THREADS = Path(__file__).parents[2] / "shared" / "threads"
SIZES = (1_000, 10_000, 100_000)
NESTED = 0.2
"""Share of stated replies from which on a thread is nested."""

Guess = tuple[str, str | None, str]
"""The id of a comment, that of the parent guessed for it, and the kind of evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many links were given and right, of how many replies among how many comments."""

    given: int
    right: int
    replies: int

    @property
    def precision(self) -> float:
        """Share of the links given that are right."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of the replies whose parent was found."""
        return self.right / self.replies if self.replies else 0.0


def nested() -> list[cl.Thread]:
    """Return the real threads that are nested."""
    files = [path for name in ("html", "exports") for path in sorted((THREADS / name).rglob("*")) if path.is_file()]
    folders = {path.parent if path.suffix == ".yml" else path for path in files}
    read = (thread for path in sorted(folders) for thread in _read(path))
    return [thread for thread in read if replies(thread) >= max(1, NESTED * len(thread.comments))]


def replies(thread: cl.Thread) -> int:
    """Return how many comments state a parent."""
    return sum(comment.parent_origin == "stated" for comment in thread.comments)


def _read(path: Path) -> list[cl.Thread]:
    try:
        return cl.read(path)
    except cl.CommentlabError:  # an export that holds posts alone
        return []


def hidden(thread: cl.Thread) -> cl.Thread:
    """Return a thread as if nothing stated who answers whom."""
    return replace(thread, comments=tuple(replace(comment, link=None) for comment in thread.comments))


def inferred(thread: cl.Thread) -> Iterator[Guess]:
    """Yield what is inferred for each comment, with the kind of evidence."""
    for comment in links.infer(hidden(thread)).comments:
        yield comment.id, comment.parent_id, comment.link.method if comment.link else ""


def previous(thread: cl.Thread) -> Iterator[Guess]:
    """Yield the comment above each."""
    above: str | None = None
    for comment in thread.comments:
        yield comment.id, above, "previous comment"
        above = comment.id


def measure(threads: list[cl.Thread], guess: Callable[[cl.Thread], Iterator[Guess]]) -> dict[str, Score]:
    """Return the score of each kind of evidence, and of `all` together."""
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    hidden_replies = 0
    for thread in threads:
        stated = {comment.id: comment.parent_id for comment in thread.comments}
        hidden_replies += replies(thread)
        for name, parent, kind in guess(thread):
            if parent is not None:
                given.update([kind, "all"])
                right.update([kind, "all"] if stated[name] == parent else [])
    return {name: Score(given=given[name], right=right[name], replies=hidden_replies) for name in given}


def _row(name: str, score: Score) -> str:
    return f"{name:<28}{score.given:>7}{score.right:>7}{score.precision:>11.3f}{score.recall:>8.3f}"


def quality() -> None:
    """Print the table of kinds of evidence and of baselines."""
    links.METHODS = {kind: kind for kind in links.METHODS}
    threads = nested()
    comments = sum(len(thread.comments) for thread in threads)
    found, baseline = measure(threads, inferred), measure(threads, previous)
    roots = comments - found["all"].replies
    print(f"{len(threads)} threads, {comments} comments, {found['all'].replies} of them stated replies")
    print(f"{'evidence':<28}{'links':>7}{'right':>7}{'precision':>11}{'recall':>8}")
    for name, score in sorted(found.items(), key=lambda pair: -pair[1].given):
        print(_row(name, score))
    print(_row("baseline: previous comment", baseline["all"]))
    print(f"baseline: reply to the post {0:>7}{0:>7}{'-':>11}{0:>8.3f}   (right for {roots} of {comments} comments)")


def made(size: int) -> cl.Thread:
    """Return a thread of comments made by rule, of which a fifth quote one of the earlier ones, many the same one."""
    chance = random.Random(size)  # noqa: S311 - no secret
    words = [f"word{number}" for number in range(5_000)]
    texts: list[str] = []
    for number in range(size):
        said = " ".join(chance.choices(words, k=40))
        if number and chance.random() < 0.2:
            source = texts[0 if chance.random() < 0.5 else chance.randrange(number)].split()
            said = f"“{' '.join(source[-12:])}” {said}"
        texts.append(said)
    comments = tuple(cl.Comment(id=str(i), text=said, author=f"a{i % 500}") for i, said in enumerate(texts))
    post = cl.Post(id="p", title="t", text=" ".join(chance.choices(words, k=2_000)))
    return cl.Thread(id="t", post=post, comments=comments, source="made", reader="plaintext")


def speed() -> None:
    """Print the seconds that inferring takes for threads of growing size."""
    for size in SIZES:
        thread = made(size)
        started = time.process_time()
        found = links.infer(thread)
        seconds = time.process_time() - started
        count = sum(comment.link is not None for comment in found.comments)
        print(f"{size:>7} comments  {count:>6} links  {seconds:>7.2f} s  {1e6 * seconds / size:>7.1f} µs a comment")


if __name__ == "__main__":
    speed() if "--speed" in sys.argv[1:] else quality()
