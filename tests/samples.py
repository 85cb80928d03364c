"""Small scored threads with known findings, for the tests of everything behind the labels."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from commentlab.records import Comment, Label, Link, Post, Problem, ScoredThread, Thread, When

CAMPS = ("credible threat", "limited threat", "bluff", "no position")
RELATIONS = ("agree", "disagree", "query", "neutral")
# id, parent, author, stance, relation, text
ROWS = (
    ("1", None, "Ann", "bluff", None, "They will never march, they have nine pickup trucks and no fuel at all."),
    (
        "2",
        "1",
        "Ben",
        "credible threat",
        "disagree",
        "Nine trucks took the last town within a morning, so I would pack.",
    ),
    ("3", "2", "Ann", "bluff", "disagree", "=cmd|' /C calc'!A0"),
    ("4", "2", "Cat", "credible threat", "agree", "Exactly."),
    ("5", None, "Ann", "credible threat", None, "I was there on Monday and I take it all back: they have fuel now."),
    ("6", None, None, None, None, "<script>alert(1)</script> **hm** hm hm hm hm hm hm hm hm hm hm"),
)


def label(comment: str, task: str, value: str | None, values: tuple[str, ...]) -> Label:
    rest = 0.2 / (len(values) - 1)
    chances = (
        {each: 0.8 if each == value else rest for each in values} if value else dict.fromkeys(values, 1 / len(values))
    )
    return Label(
        comment_id=comment,
        task=task,
        value=value,
        confidence=max(chances.values()),
        probabilities=chances,
        abstained=None if value else "unsure",
    )


def scored() -> ScoredThread:
    comments = [
        Comment(
            id=name,
            text=words,
            author=author,
            link=Link(parent_id=parent) if parent else None,
            when=When(time=datetime(2012, 10, 1, 11, int(name), tzinfo=UTC), raw=f"October 1, 2012 at 11:0{name} am"),
        )
        for name, parent, author, _, _, words in ROWS
    ]
    comments.append(Comment(id="7", text="", author="Another blog", kind="pingback"))
    labels = [label(name, "stance", stance, CAMPS) for name, _, _, stance, _, _ in ROWS]
    labels += [label(name, "relation", relation, RELATIONS) for name, _, _, _, relation, _ in ROWS if relation]
    thread = Thread(
        id="t1",
        post=Post(id="t1", title="A threat", text="We will march.", author="Alex"),
        comments=tuple(comments),
        source="threat.html",
        reader="plaintext",
        declared_count=9,
        problems=(Problem(code="count-differs", message="9 announced, 7 found"),),
    )
    return ScoredThread(
        thread=thread,
        labels=tuple(labels),
        scheme="threat",
        proposition="They will really march.",
        models={"stance": "0.1.0+abc"},
    )


START = datetime(2012, 10, 1, 11, tzinfo=UTC)
Row = tuple[str | None, int | None, str | None, str | None]
"""Author, number of the comment answered, stance, relation."""


def made(rows: Sequence[Row], texts: Sequence[str] | None = None, *, post: str = "", name: str = "t") -> ScoredThread:
    """Return a thread of a comment a day, whose ids are their numbers."""
    comments = tuple(
        Comment(
            id=str(place),
            text=texts[place] if texts else f"Comment number {place} says this and that.",
            author=author,
            link=None if parent is None else Link(parent_id=str(parent)),
            when=When(time=START + timedelta(days=place), raw=""),
        )
        for place, (author, parent, _, _) in enumerate(rows)
    )
    found = [label(str(place), "stance", row[2], CAMPS) for place, row in enumerate(rows)]
    found += [label(str(place), "relation", row[3], RELATIONS) for place, row in enumerate(rows) if row[3]]
    thread = Thread(id=name, post=Post(id=name, title="", text=post), comments=comments, source="s", reader="plaintext")
    return ScoredThread(thread=thread, labels=tuple(found), scheme="threat", proposition="They will march.")
