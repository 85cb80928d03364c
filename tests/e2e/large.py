"""The dashboard on a made thread: `streamlit run large.py -- 5000` opens one of 5,000 comments without labelling it."""

import random
import sys
from datetime import UTC, datetime, timedelta

import streamlit as st

from commentlab.dashboard import app
from commentlab.dashboard.loading import Question
from commentlab.dashboard.state import Opened
from commentlab.records import Comment, Label, Link, Post, ScoredThread, Thread, When

CAMPS = ("credible threat", "limited threat", "bluff", "no position")
RELATIONS = ("agree", "disagree", "query", "neutral")
WORDS = "they will never march over the bridge because there is no fuel left and the trucks are old".split()
START = datetime(2025, 10, 1, 8, tzinfo=UTC)

MARKUP = "<b>Bold</b><img src=x onerror='window.ran=5'> ![x](http://evil.example/x.png)"
"""The name of somebody who hopes that it is run."""


def label(comment: str, task: str, values: tuple[str, ...], draw: random.Random) -> Label:
    chances = [draw.random() for _ in values]
    shares = {value: chance / sum(chances) for value, chance in zip(values, chances, strict=True)}
    best = max(shares, key=shares.__getitem__)
    return Label(
        comment_id=comment,
        task=task,
        value=best if shares[best] > 0.3 else None,
        confidence=shares[best],
        probabilities=shares,
        reasons=((0, 4, 0.5),),
        abstained=None if shares[best] > 0.3 else "unsure",
    )


def thread(size: int) -> ScoredThread:
    """Return a thread whose comments answer one of the last fifty, or the post, and have all three labels."""
    draw = random.Random(7)  # noqa: S311 - nothing here is secret
    comments, labels = [], []
    for number in range(size):
        parent = None if draw.random() < 0.2 or not number else str(draw.randint(max(0, number - 50), number - 1))
        text = " ".join(draw.choices(WORDS, k=draw.randint(5, 120)))
        time = START + timedelta(minutes=number)
        link = None if parent is None else Link(parent_id=parent)
        author = MARKUP if number % 10 == 0 else f"Person {draw.randint(1, 2 + size // 8)}"
        comments.append(Comment(id=str(number), text=text, author=author, link=link, when=When(time=time, raw="")))
        labels.append(label(str(number), "stance", CAMPS, draw))
        labels.append(label(str(number), "sentiment", ("negative", "neutral", "positive"), draw))
        if parent is not None:
            labels.append(label(str(number), "relation", RELATIONS, draw))
    post = Post(id="made", title=f"A made thread of {size:,} comments", text="They say that they will march.")
    made = Thread(id="made", post=post, comments=tuple(comments), source="made", reader="plaintext")
    return ScoredThread(thread=made, labels=tuple(labels), scheme="threat", proposition="They will march.")


@st.cache_resource
def opened(size: int) -> Opened:
    return Opened(key=size, documents=(), question=Question(scheme="threat"), threads=(thread(size),))


if "opened" not in st.session_state:
    st.session_state["opened"] = opened(int(sys.argv[1]))
    st.session_state["thread"] = 0
app.run()
