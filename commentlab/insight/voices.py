"""The comments that show each camp best."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from commentlab import text
from commentlab.insight import sentences
from commentlab.insight.labels import Sides
from commentlab.insight.sampling import Floats
from commentlab.records import Scheme

VOICES = 3
"""Comments quoted for each camp."""
POOL = 500
"""Comments of each camp that are compared, the surest ones."""

_QUOTABLE = (40, 600)
_DIVERSE = 0.7
"""What likeness to a comment that is quoted already costs, beside merit in [0, 1] (Carbonell & Goldstein 1998)."""
_TELLING = (4, 60)
"""Words of a sentence that can stand for a comment."""
_COLUMNS = ["camp", "thread_id", "comment_id", "author", "confidence", "url", "text", "sentence"]


def voices(written: pd.DataFrame, sides: Sides, scheme: Scheme | None = None) -> pd.DataFrame:
    """Choose for each camp up to `VOICES` comments by different people.

    They are confidently labelled, close to what the camp says as a whole (the mean of its comments as words weighted by
    tf-idf), unlike each other, and of a length that can be quoted, where there are such.

    Returns:
        `camp, thread_id, comment_id, author, confidence, url, text, sentence`: the text as it is, and the sentence of
        it that is closest to what the scheme says of the camp and to what the camp says.
    """
    pool = _pool(written) if sides else pd.DataFrame(columns=_COLUMNS)
    if pool.empty:
        return pd.DataFrame(columns=_COLUMNS)
    lexicon = _Lexicon(pool["text"], [_described(scheme, camp) for camp in sides])
    parts = [_chosen(pool[pool["camp"] == camp], camp, lexicon, scheme) for camp in sides]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)[_COLUMNS]


def _pool(written: pd.DataFrame) -> pd.DataFrame:
    pool = written[written["stance"].notna() & (written["text"].str.strip() != "")]
    pool = pool.assign(
        camp=pool["stance"],
        confidence=pool["stance_confidence"],
        readable=pool["text"].str.len().between(*_QUOTABLE),
        person=pool["author"].fillna(pool["comment_id"]),
    )
    pool = pool.sort_values(["readable", "confidence", "position"], ascending=[False, False, True], kind="stable")
    return pool.drop_duplicates(["camp", "thread_id", "person"]).groupby("camp", sort=False).head(POOL)


class _Lexicon:
    """Texts as vectors of unit length: words by tf-idf."""

    def __init__(self, texts: Sequence[str] | pd.Series, more: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

        def tellingly(words: str) -> list[str]:
            return [word for word in text.words(words) if word not in ENGLISH_STOP_WORDS]

        self._vectors = TfidfVectorizer(analyzer=tellingly, sublinear_tf=True)
        self._vectors.fit([*texts, *more, "word"])  # never without any word

    def vectors(self, texts: Sequence[str] | pd.Series) -> Any:
        """Return a sparse matrix, a row a text."""
        return self._vectors.transform(texts)


def _described(scheme: Scheme | None, camp: str) -> str:
    found = next((each for each in scheme.camps if each.name == camp), None) if scheme else None
    return f"{camp} {camp} {found.meaning}" if found else camp


def _chosen(pool: pd.DataFrame, camp: str, lexicon: _Lexicon, scheme: Scheme | None) -> pd.DataFrame:
    if pool.empty:
        return pool
    vectors = lexicon.vectors(pool["text"])
    centre = np.asarray(vectors.mean(axis=0)).ravel()
    close = vectors @ centre
    merit = (pool["confidence"].to_numpy() + close / max(close.max(), 1e-9)) / 2
    places = _diverse(merit + pool["readable"].to_numpy(), vectors)
    found = pool.iloc[places]
    # What the scheme says weighs more: the middle of a camp that is three comments is any one of them.
    aim = centre / max(float(np.linalg.norm(centre)), 1e-9) / 2 + _dense(lexicon.vectors([_described(scheme, camp)]))
    return found.assign(sentence=[_sentence(words, aim, lexicon) for words in found["text"]])


def _diverse(merit: Floats, vectors: Any) -> list[int]:
    """Return the places of the best, each judged by its merit and by how little it is like those before it."""
    chosen: list[int] = []
    likeness = np.zeros(len(merit))
    for _ in range(min(VOICES, len(merit))):
        score = merit - _DIVERSE * likeness
        score[chosen] = -np.inf
        best = int(score.argmax())
        chosen.append(best)
        likeness = np.maximum(likeness, _dense(vectors @ vectors[best].T))
    return chosen


def _sentence(words: str, aim: Floats, lexicon: _Lexicon) -> str:
    """Return the sentence, as it stands, that is closest to an aim; the whole text where none has enough words."""
    low, high = _TELLING
    found = [words[start:end] for start, end in sentences.spans(words)]
    found = [each for each in found if low <= len(each.split()) <= high]
    return found[int((lexicon.vectors(found) @ aim).argmax())] if found else words


def _dense(matrix: Any) -> Floats:
    found: Floats = np.asarray(matrix.todense(), dtype=float).ravel()
    return found
