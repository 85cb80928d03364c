"""Sentences of a post that people can take a stance to."""

import re
from collections import Counter
from math import log

import pandas as pd

from commentlab import text
from commentlab.frames import Frames, rows
from commentlab.insight import sentences
from commentlab.insight.sentences import LANGUAGE

PROPOSITIONS = 5
"""Sentences suggested for each thread, at most."""

_LENGTH = (6, 60)
"""Words of a sentence that can be a proposition."""
_HANDY = 35
"""Words from which on a sentence is too long to be held in mind."""
_READ = 1000
"""Comments that tell what is discussed."""
# What a sentence does that makes or weighs a claim, and how much that says; each counts once.
_CUES = {
    "assessment": (
        1.6,
        r"how (?:seriously|likely|real|credible)|seriously|(?:un)?likely|credibl[ey]|bluff\w*|not just|whether|"
        r"doubt\w*|probab(?:le|ly)|improbable|possib(?:le|ly|ility)|risk\w*|chances?|suggests?|indicates?|"
        r"wonder\w*|remains? to be seen|certain(?:ly)?|uncertain\w*|plausible|feasible|unable|"
        r"the question is|appears? to|seems? to",
    ),
    "threat": (
        1.5,
        r"threat\w*|warn(?:s|ed|ing|ings)?|ultimatum|attack\w*|invasion|invad\w+|war|strikes?|boycott\w*|advance|"
        r"offensive|retaliat\w+|shut (?:down|off)|clos(?:e|ure)|cut off|abolish\w*|ban(?:ned|s)?|sanctions?|"
        r"or else|unless",
    ),
    "forecast": (
        1.2,
        r"will|won['’]t|would|shall|going to|could|may|might|expect(?:s|ed)?|predict\w*|forecast\w*|plans? (?:to|for)|"
        r"intends? to|about to|by (?:next|the end)|soon|one day|next (?:week|month|year|spring|summer|autumn|winter)",
    ),
    "claim": (
        0.8,
        r"claim\w*|argue[sd]?|says?|said|announc\w+|vow\w*|promis\w+|insist\w*|den(?:y|ies|ied)|believ\w+|thinks?|"
        r"must|should|need to|ought|never|nothing|nobody|cannot|can['’]t|because|therefore",
    ),
}
_PATTERNS = {kind: (weight, re.compile(rf"\b(?:{words})\b", re.I)) for kind, (weight, words) in _CUES.items()}
_SPOKEN = re.compile(r"\b(?:we|our|us)\b|^[“\"]", re.I)
_DANGLING = re.compile(r"^(?:he|she|it|they|this|that|these|those|but|and|so|or|also|then|there|here)\b", re.I)


def propositions(frames: Frames) -> pd.DataFrame:
    """Suggest sentences of each post that make or assess a claim, a threat or a forecast, the best first.

    A sentence gains by the cues of such sentences, by the words that the title, the rest of the post and the comments
    share with it, and loses where it cannot stand alone: as somebody's own words, with a pronoun in front, or as a
    question.

    Returns:
        `thread_id, rank, text, score, cues`: sentences as they stand in an English post, at most `PROPOSITIONS` of it;
        `cues` names what it does (`assessment`, `threat`, `forecast`, `claim`), joined by commas.
    """
    comments = {str(key): group for key, group in frames.comments.groupby("thread_id", sort=False)["text"]}
    found = []
    for head in rows(frames.threads):
        if text.languages([head["post_text"] or ""]) != [LANGUAGE]:
            continue
        discussed = _discussed(head["title"] or "", head["post_text"] or "", comments.get(head["thread_id"]))
        for rank, (score, words, cues) in enumerate(_ranked(head["post_text"] or "", discussed), 1):
            found.append((head["thread_id"], rank, words, round(score, 3), ", ".join(cues)))
    return pd.DataFrame(found, columns=["thread_id", "rank", "text", "score", "cues"])


def _discussed(title: str, post: str, comments: pd.Series | None) -> Counter[str]:
    """Return how often each telling word stands in the post and its title; a comment that has it counts twice."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    counts = Counter(text.words(post)) + Counter(text.words(title) * 2)
    for words in comments.head(_READ) if comments is not None else ():
        counts.update(dict.fromkeys(text.words(words), 2))
    return Counter({word: n for word, n in counts.items() if len(word) > 2 and word not in ENGLISH_STOP_WORDS})


def _ranked(post: str, discussed: Counter[str]) -> list[tuple[float, str, list[str]]]:
    found = [_rated(post[start:end], discussed) for start, end in sentences.spans(post)]
    seen: set[str] = set()
    ranked = []
    for score, words, cues in sorted((each for each in found if each[2]), key=lambda each: -each[0]):
        if text.fold(words) not in seen:
            ranked.append((score, words, cues))
            seen.add(text.fold(words))
    return ranked[:PROPOSITIONS]


def _rated(words: str, discussed: Counter[str]) -> tuple[float, str, list[str]]:
    tokens = text.words(words)
    if not _LENGTH[0] <= len(tokens) <= _LENGTH[1]:
        return 0.0, words, []
    cues = [kind for kind, (_, pattern) in _PATTERNS.items() if pattern.search(words)]
    topical = sorted((log(1 + discussed[token]) for token in set(tokens) if discussed[token] > 1), reverse=True)
    score = sum(_PATTERNS[cue][0] for cue in cues) + 0.5 * sum(topical[:4])
    score -= 1.5 * bool(_SPOKEN.search(words)) + 0.7 * bool(_DANGLING.match(words))
    score -= 1.5 * words.rstrip("”\"’'").endswith("?") + 0.1 * max(0, len(tokens) - _HANDY)
    return score, words, cues
