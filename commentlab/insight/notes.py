"""What a reader wants to follow up: reports at first hand, evidence, questions that nobody answered."""

import re
from collections.abc import Iterator

import pandas as pd

from commentlab.frames import rows
from commentlab.insight import sentences
from commentlab.insight.sentences import LANGUAGE

KINDS = ("first-hand", "link", "number", "quote", "question")

_COLUMNS = ["kind", "thread_id", "comment_id", "author", "text"]
_KIN = (
    r"(?:brother|sister|wife|husband|son|daughter|father|mother|cousin|uncle|aunt|nephew|friend|neighbou?r|colleague)s?"
)
_FIRST_HAND = re.compile(
    r"\b(?:I|we)(?:['’]ve| have)? (?:(?:just|only|also|recently|once|personally|both|all) )*"
    r"(?:came? back|got back|returned|was (?:there|in|at|on|told)|were (?:there|in|at|on|told)|been (?:there|to)|"
    r"live[ds]? (?:in|near|there|here|on|next)|saw|seen|heard|met|spoke (?:to|with)|talked (?:to|with)|walked|visited|"
    r"worked? (?:in|at|for|there|with|on)|served|witnessed|watched|asked|tried|rang|called)\b"
    r"|\bI (?:was|am|['’]m) (?:talking|speaking) (?:to|with)\b"
    rf"|\bmy (?:\w+ )?{_KIN} (?:is|was|are|were|has|have|works?|worked|lives?|lived|saw|told|said|says|heard)\b"
    r"|\b(?:told|assured|showed|wrote) me\b|\bwith my own eyes\b|\b(?:as|being) an? (?:former |retired )?(?:\w+ ){1,3}"
    r"(?:myself|here)\b",
    re.I,
)
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"”’)\]]+")
# A number that counts something: with money before it, a second digit or a unit, so that "one thing" and "2)" are none.
_NUMBER = re.compile(
    r"\d(?<![\w.,#/:-]\d)(?:(?<=[$€£]\d)|\d[\d.,]*+(?![\w/:-])|[\d.,]*+\s?(?:%|(?:per ?cent|percent|million|billion|"
    r"thousand|hundred|km|miles?|met(?:re|er)s?|kg|tons?|tonnes?|men|people|trucks?|pickups?|soldiers?|troops|days?|"
    r"weeks?|months?|years?|hours?|votes?|euros?|dollars?|pounds?)\b))",
    re.I,
)
_QUOTE = re.compile(r"“[^“”\n]{20,600}”|«[^«»\n]{20,600}»|(?<!\w)\"[^\"\n]{20,600}\"(?!\w)")
_QUESTION = re.compile(r"\?[”’»\"')\]]*$")
_OTHERS = {"link": _LINK, "quote": _QUOTE}
_OWN = {"first-hand": _FIRST_HAND, "number": _NUMBER}


def notes(written: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """List sentences that report at first hand or give numbers, links, quotes, and questions that nobody answered.

    A question counts as unanswered if nobody but its author replied to the comment; those that the comment answers
    itself cannot be told apart from it. Only its last question is listed. Reports at first hand are found in English.

    Returns:
        `kind, thread_id, comment_id, author, text`, by kind and then in the order of the source; `text` is a part of
        the comment as it stands there, a whole sentence but for links and quotes.
    """
    others = pairs[pairs["author"].isna() | (pairs["author"] != pairs["parent_author"])]
    answered = set(zip(others["thread_id"], others["parent_id"], strict=True))
    found = [
        (kind, row["thread_id"], row["comment_id"], row["author"], words)
        for row in rows(written[["thread_id", "comment_id", "author", "text", "language"]])
        for kind, words in _notes(row["text"], answered=(row["thread_id"], row["comment_id"]) in answered)
        if kind != "first-hand" or row["language"] in (None, LANGUAGE)
    ]
    table = pd.DataFrame(found, columns=_COLUMNS)
    return table.sort_values("kind", key=lambda kinds: kinds.map(KINDS.index), kind="stable", ignore_index=True)


def _notes(words: str, *, answered: bool) -> Iterator[tuple[str, str]]:
    own = words
    for kind, pattern in _OTHERS.items():
        yield from ((kind, found[0]) for found in pattern.finditer(words))
        own = pattern.sub(_blank, own)  # what somebody else says is no report or question of this writer's
    kinds = [(kind, pattern) for kind, pattern in _OWN.items() if pattern.search(own)]
    asks = "?" in own and not answered
    if not kinds and not asks:
        return
    question = None
    for start, end in sentences.spans(words):
        yield from ((kind, words[start:end]) for kind, pattern in kinds if pattern.search(own, start, end))
        if asks and _QUESTION.search(own, max(start, end - 4), end):
            question = words[start:end]
    if question:
        yield "question", question


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
