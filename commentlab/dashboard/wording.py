"""How things are put to people: escaped text, dates, confidence in words, words for what is unclear."""

import re
from collections.abc import Sequence
from datetime import datetime

from commentlab.records import Comment, Label, When

RELATIONS = {"agree": "agrees", "disagree": "disagrees", "query": "asks", "neutral": "neither"}
TASKS = {"stance": "Stance", "relation": "Relation", "sentiment": "Tone"}
REASONS = {
    "random": "drawn by chance: such comments measure the classifier fairly",
    "unsure": "the classifier is least sure here",
    "contradiction": "by the labels it agrees with the other side, so one of them is likely to be wrong",
}
"""Why a comment is worth the look of a person."""
TIERS = {"unfitted": "without your labels", "fast": "fitted, fast tier", "accurate": "fitted, accurate tier"}
ABSTAINED = "unclear"
"""How a camp of comments without an answer is called."""

SURE = {"very sure": 0.9, "sure": 0.7, "leaning": 0.0}
"""The words for confidence, with the least that each stands for."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Emoji and icon codes, addresses of pages and of people: Streamlit looks for them in the text that is left.
_CODE = re.compile(r"(\\:(?=\w|\\/)|\\@(?=\w)|www(?=\\\.))", re.I)
# What turns the direction of letters until it is taken back: embeddings, overrides, isolates (Unicode, UAX 9).
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WHY = {
    "unsure": "the words do not decide it",
    "empty": "there is no text",
    "empty parent": "the comment answered has no text",
    "mended": "it was mended, and the models that labelled the rest are not here",
}


def plain(words: str | None) -> str:
    """Return text so that Streamlit's Markdown shows it as it is: no markup, formula, picture, link or emoji code.

    A backslash before any ASCII punctuation takes its meaning (CommonMark 0.31, section 2.4). Codes such as `:skull:`
    and bare addresses are looked for only afterwards, so an invisible word joiner breaks them up.
    """
    line = _PUNCTUATION.sub(r"\\\1", " ".join(calm(words).split()))
    return _CODE.sub("\\1\u2060", line)


def calm(words: str | None) -> str:
    """Return text of the same length in which nothing turns the direction of the letters around it."""
    return _TURNS.sub("\u2060", words or "")


def date(when: When | None) -> str:
    """Return a date as precisely as it is known, or as the source writes it; empty where there is none."""
    if when is None or when.time is None:
        return when.raw if when else ""
    time = when.time
    if when.precision == "year":
        return f"{time.year}"
    if when.precision == "month":
        return f"{time:%b %Y}"
    day = f"{time.day} {time:%b %Y}"
    return day if when.precision == "day" else f"{day}, {time:%H:%M}"


def camp(name: str) -> str:
    """Return what a camp is called on the page; that of the unanswered has a name of its own."""
    return ABSTAINED if name == "abstained" else name


def day(time: datetime | None) -> str:
    """Return the day of a time; empty where there is none."""
    return f"{time.day} {time:%b %Y}" if time else ""


def span(first: datetime | None, last: datetime | None) -> str:
    """Return from when to when, by months; empty where nothing is dated."""
    if first is None or last is None:
        return ""
    start, end = f"{first:%b %Y}", f"{last:%b %Y}"
    return start if start == end else f"{start} to {end}"


def authors(comments: Sequence[Comment]) -> dict[str, str]:
    """Return by id who wrote each comment; one that nobody signed goes by its number in the source."""
    return {comment.id: comment.author or f"Comment {number}" for number, comment in enumerate(comments, 1)}


def sure(label: Label) -> str:
    """Return the confidence of a label as a word, or whose it is where a person gave it."""
    if label.coder:
        return f"{label.coder} says so"
    return "cannot tell" if label.value is None else confidence(label.confidence)


def confidence(number: float) -> str:
    """Return the word for a confidence in [0, 1]."""
    return next(word for word, least in SURE.items() if number >= least)


def why(label: Label) -> str:
    """Return why a classifier gave no answer, and what it would have said; empty where it gave one."""
    if label.abstained is None:
        return ""
    reason = _WHY.get(label.abstained) or label.abstained.replace("language:", "its language is not read:")
    best = max(label.probabilities, key=label.probabilities.__getitem__, default=None)
    return f"{reason}; closest is {best}" if best and label.abstained == "unsure" else reason


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 reply", "2 replies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def signed(number: float) -> str:
    """Return a number with its sign and two decimals."""
    return f"{number:+.2f}".replace("-", "−")


def listing(parts: Sequence[str]) -> str:
    """Return parts as a list within a sentence: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
