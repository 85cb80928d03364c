"""The words and phrases that set a camp apart from the others."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from commentlab import text
from commentlab.insight.labels import Sides

PHRASES = 8
"""Phrases for each camp, at most."""
SURE = 1.96
"""Standard deviations from which on a phrase sets a camp apart."""
PRIOR = 500.0
"""Weight of the prior, in words: as if each camp had said this many as everybody says them."""
TOGETHER = 2_000
"""Pairs of words that are looked at, those that stand together most tellingly."""

_FEWEST = 3
_COLUMNS = ["camp", "phrase", "comments", "elsewhere", "z"]


def phrases(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Rank the phrases that a camp uses more than the rest do.

    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16) over
    words and over pairs that stand together more often than chance (log-likelihood ratio, Dunning 1993). Comments are
    counted, not words, so that nobody sets a camp apart by saying a thing twice; and a phrase has to come from at least
    two people.

    Returns:
        `camp, phrase, comments, elsewhere, z`: comments of the camp and of all others that have the phrase, and how
        many standard deviations the log-odds are from none.
    """
    answered = written.dropna(subset=["stance"]) if sides else written[:0]
    said = [text.words(each) for each in answered["text"]]
    words = Counter(word for each in said for word in each)
    telling = {word for word, uses in words.items() if uses >= _FEWEST and _is_telling(word)}
    together = _together(words, Counter(pair for each in said for pair in pairwise(each)), telling)
    used = [
        telling.intersection(each) | {" ".join(pair) for pair in together.intersection(pairwise(each))} for each in said
    ]
    totals = Counter(phrase for each in used for phrase in each)
    everything = Counter({phrase: count for phrase, count in totals.items() if count >= _FEWEST})
    authors = answered["author"].fillna(answered["comment_id"]).to_numpy()
    camps = answered["stance"].to_numpy() if sides else np.zeros(0)
    rows: list[tuple[str, str, int, int, float]] = []
    for camp in sides:
        members = np.flatnonzero(camps == camp)
        counts = Counter(phrase for member in members for phrase in used[member] if phrase in everything)
        z = log_odds(counts, everything)
        voices = _voices(((used[member], authors[member]) for member in members), {p for p in z if z[p] >= SURE})
        # A pair stands before its words where they are said no more often than it.
        shared = [phrase for phrase, people in voices.items() if people > 1]
        best = sorted(shared, key=lambda phrase: (-round(z[phrase], 1), " " not in phrase, phrase))
        chosen = _distinct(best)[:PHRASES]
        rows += [(camp, each, counts[each], everything[each] - counts[each], round(z[each], 2)) for each in chosen]
    return pd.DataFrame(rows, columns=_COLUMNS)


def log_odds(counts: Mapping[str, int], everything: Mapping[str, int], prior: float = PRIOR) -> dict[str, float]:
    """Return the z-scores of the log-odds-ratios of words in one part of a corpus against the rest of it.

    Args:
        counts: Uses of each word in the part.
        everything: Uses of each word in the whole, the part included.
        prior: Sum of the prior's counts, which are spread as the words are in the whole.

    Returns:
        Equations 16, 18, 20 and 22 of Monroe et al. (2008) for every word of the part.
    """
    inside, whole = sum(counts.values()), sum(everything.values())
    outside = whole - inside
    found: dict[str, float] = {}
    for word, here in counts.items():
        there, before = everything[word] - here, prior * everything[word] / whole
        odds = np.log((here + before) / (inside + prior - here - before))
        others = np.log((there + before) / (outside + prior - there - before))
        found[word] = float((odds - others) / np.sqrt(1 / (here + before) + 1 / (there + before)))
    return found


def _together(words: Counter[str], pairs: Counter[tuple[str, str]], telling: set[str]) -> set[tuple[str, str]]:
    """Return pairs of neighbours that are collocations, of words that say something."""
    often = {pair: uses for pair, uses in pairs.items() if uses >= _FEWEST and telling.issuperset(pair)}
    if not often:
        return set()
    from nltk.collocations import BigramCollocationFinder
    from nltk.metrics.association import BigramAssocMeasures
    from nltk.probability import FreqDist

    finder = BigramCollocationFinder(FreqDist(words), FreqDist(often))
    return set(finder.nbest(BigramAssocMeasures.likelihood_ratio, TOGETHER))


def _is_telling(word: str) -> bool:
    return len(word) > 2 and word not in _dull() and not word.isdigit()


def _dull() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    found: frozenset[str] = ENGLISH_STOP_WORDS
    return found


def _voices(said: Iterator[tuple[set[str], str]], phrases: set[str]) -> dict[str, int]:
    """Return how many people use each of some phrases."""
    people: dict[str, set[str]] = {}
    for used, author in said:
        for phrase in used & phrases:
            people.setdefault(phrase, set()).add(author)
    return {phrase: len(each) for phrase, each in people.items()}


def _distinct(best: list[str]) -> list[str]:
    """Leave out phrases whose words are all in a better one, and pairs that a better word already says."""
    chosen: list[str] = []
    for phrase in best:
        words = set(phrase.split())
        if not any(words <= set(other.split()) or set(other.split()) <= words for other in chosen):
            chosen.append(phrase)
    return chosen
