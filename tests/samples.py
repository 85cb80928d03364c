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


SAID = {
    "credible threat": (
        "They did exactly this in March, and I would take it seriously this time.",
        "My cousin works at the gate, and the crews have their orders. They will do it.",
        "This is real. The barges are loaded and the pilots were sent home.",
    ),
    "bluff": (
        "It is a bluff, they need the harbour more than we do.",
        "Empty words before the talks, as every autumn. They will never close it.",
        "Nobody closes a port that pays his wages. Pure posturing.",
    ),
    "no position": (
        "Does anybody know when the council meets?",
        "Thanks for the map, it helps a lot.",
        "Which gate is the one beside the old crane?",
    ),
    "limited threat": (
        "One gate for a day or two, perhaps. The whole port for a month, no.",
        "They will try, and they will run out of money within the week.",
        "A slowdown of some kind, yes, but never the full closure that they announce.",
    ),
}
"""Sentences that plainly belong to a camp of `threat`."""
_ANSWERS = ("I agree with {0}.", "I disagree, {0}.", "What makes you think so, {0}?", "{0}, that is one way to see it.")


def wxr(number: int = 200) -> str:
    """Return a WordPress export with one post and as many comments, every second of which answers an earlier one."""
    sentences = [words for camp in SAID.values() for words in camp]
    comments = []
    for place in range(number):
        parent = place - 1 - place % 5 if place % 2 and place > 5 else None
        words = f"{sentences[(7 * place) % len(sentences)]} I say so for the {place + 1}th time."
        if parent is not None:
            words = f"{_ANSWERS[place % len(_ANSWERS)].format(f'Person {parent % 23}')} {words}"
        day, hour = divmod(place, 24)
        comments.append(
            f"<wp:comment><wp:comment_id>{place + 1}</wp:comment_id>"
            f"<wp:comment_author><![CDATA[Person {place % 23}]]></wp:comment_author>"
            f"<wp:comment_date_gmt>2026-03-{day + 1:02} {hour:02}:00:00</wp:comment_date_gmt>"
            f"<wp:comment_content><![CDATA[{words}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>"
            f"<wp:comment_parent>{0 if parent is None else parent + 1}</wp:comment_parent></wp:comment>"
        )
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour Notes</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>The crews say that they will close the port</title><link>https://harbour.example/port/</link>
<content:encoded><![CDATA[The crews say that they will close the port in April.]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type>{"".join(comments)}</item></channel></rss>
"""
