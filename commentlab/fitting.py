"""A user's own scheme, fitted from labelled comments: what `commentlab train` does.

Everything is seen by cross-validation: scores, temperature and thresholds come from answers about comments whose group
(thread or author) the model had not learnt from.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from commentlab import labelled, measures, models, schemes, text
from commentlab.errors import InputError, OptionError, UnreadableError
from commentlab.measures import Places
from commentlab.models import encoder, features, linear, own
from commentlab.models.linear import Floats, Matrix, softmax
from commentlab.plugin import LANGUAGE, Item
from commentlab.records import Scheme
from commentlab.tasks import stance

FEWEST, MOST = 10, 4000
"""Labelled comments that can be fitted."""
PAIR = 2
"""Labelled comments that every camp needs, so that one can be held out."""
ENOUGH = 10
"""Labelled comments of a camp from which on its scores mean something."""
WIDEST = 0.2
"""Width of the interval of macro F1 above which the scores say too little."""
FEW_GROUPS = 5
FOLDS = 5
STRENGTH = 3.0
"""Inverse of the L2 penalty, for features whose blocks have a mean length of about one."""
SOFT = 0.3**0.5
"""Weight of what the unfitted scheme says beside the other features."""
ACCEPTED = 0.3
"""Share of wrong answers, among those given, from which the threshold follows."""
SHARES = (0.125, 0.25, 0.5)
"""Shares of the labels that the learning curve looks at, before all of them."""
UNSEEN = -8.0
"""Logit of a camp that a fold of the cross-validation did not learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Macro F1 on held-out comments with its 95 % interval, accuracy, expected calibration error."""

    macro_f1: float
    low: float
    high: float
    accuracy: float
    calibration_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What was fitted, and how far it can be trusted.

    `scores` are those of the tiers and of the scheme before fitting (`unfitted`); `gain` is the 95 % interval of how
    much better macro F1 is than that on the same comments; `curve` pairs numbers of labelled comments with macro F1;
    `doubts` says why the model should not be trusted yet, and is empty where it may be.
    """

    scheme: str
    model: Path
    rows: int
    groups: int
    counts: Mapping[str, int]
    language: str
    auto: str
    scores: Mapping[str, Score]
    gain: tuple[float, float]
    curve: tuple[tuple[int, float], ...]
    threshold: float
    doubts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the result as lines of text."""
        camps = ", ".join(f"{number} {camp}" for camp, number in self.counts.items())
        lines = [f"{self.rows} labelled comments in {self.groups} groups ({self.language}): {camps}", ""]
        lines.append(f"{'held-out comments':<20}{'macro F1':>9}{'95 % interval':>16}{'accuracy':>10}{'ECE':>7}")
        for name, score in self.scores.items():
            span = f"{score.low:.2f} to {score.high:.2f}"
            figures = f"{score.macro_f1:>9.2f}{span:>16}{score.accuracy:>10.2f}{score.calibration_error:>7.2f}"
            lines.append(f"{name + (' (auto)' if name == self.auto else ''):<20}{figures}")
        curve = ", ".join(f"{score:.2f} from {number}" for number, score in self.curve)
        lines += ["", f"Learning curve, macro F1: {curve} comments"]
        lines += [f"Not to be trusted yet: {doubt}" for doubt in self.doubts]
        return "\n".join([*lines, f"Written: {self.model}"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Labels:
    items: tuple[Item, ...]
    places: Places
    groups: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Space:
    """Features, and the same turned so that they have no more columns than rows, which makes fitting quick.

    A regression with an L2 penalty answers the same in both (its weights are sums of rows).
    """

    matrix: Matrix
    rows: Floats
    back: Floats

    def slopes(self, turned: Floats) -> Floats:
        """Return the weights of the features for those of the turned ones, both of shape (features, camps)."""
        slopes: Floats = self.matrix.T @ (self.back @ turned)
        return slopes


def fit(scheme: str | os.PathLike[str], labels: str | os.PathLike[str]) -> Fitting:
    """Fit a scheme to labelled comments, and write the model into a folder beside the scheme's file.

    Args:
        scheme: The TOML file of the scheme.
        labels: A CSV file with the columns `text` and `label` (a camp), and, where known, `parent` (the text of the
            comment answered), `proposition`, and `group`, `thread` or `author`, which are held out as a whole. Rows
            without a label are left out.

    Raises:
        OptionError: The scheme is none, or a built-in one.
        InputError: The table or the scheme is broken, or there are too few labels; the message names the line.
        UnreadableError: The table cannot be read, or the model not be written.
    """
    if os.fspath(scheme) in schemes.available():
        raise OptionError(f"{os.fspath(scheme)!r} is built in; copy its TOML file under another name and fit that")
    known = schemes.load(scheme)
    found = _labels(labelled.read(labels, ("text", "label")), known)
    # Many small products: threads would wait for each other, and sums in another order would give other weights.
    with threadpool_limits(1):
        return _fit(schemes.fitted(scheme), known, found)


def _fit(model: Path, known: Scheme, found: _Labels) -> Fitting:
    spaces, scales = _spaces(known, found)
    guess = stance.before("accurate", known).probabilities(found.items)
    held = {tier: _held_out(space, found) for tier, space in spaces.items()}
    calibration = {tier: _calibrated(logits, found) for tier, logits in held.items()}
    scores = {"unfitted": _score(guess, found)}
    scores |= {tier: _score(softmax(held[tier] / calibration[tier]["temperature"]), found) for tier in own.TIERS}
    auto = max(reversed(own.TIERS), key=lambda tier: scores[tier].macro_f1)
    gain = _gain(known, found, held[auto], guess)
    result = Fitting(
        scheme=known.name,
        model=model,
        rows=len(found.items),
        groups=len(set(found.groups)),
        counts={camp: int((found.places == place).sum()) for place, camp in enumerate(known.values)},
        language=_language(found),
        auto=auto,
        scores=scores,
        gain=gain,
        curve=(*_curve(spaces[auto], found), (len(found.items), scores[auto].macro_f1)),
        threshold=calibration[auto]["threshold"],
        doubts=tuple(_doubts(known, found, scores, auto, gain)),
    )
    _save(result, known, found, calibration, _arrays(spaces, scales, found))
    return result


def _labels(table: labelled.Table, scheme: Scheme) -> _Labels:
    group = table.group()
    rows = [(row, camp) for row in table.rows if (camp := labelled.label(table, row, scheme.values))]
    counts = Counter(camp for _, camp in rows)
    if not FEWEST <= len(rows) <= MOST:
        message = f"{len(rows)} rows have a label; {FEWEST} to {MOST:,} can be fitted: label more, or give fewer"
        raise InputError(table.source, message)
    if missing := [camp for camp in scheme.values if counts[camp] < PAIR]:
        message = (
            f"camp {missing[0]!r} has {counts[missing[0]]} labelled comments and needs at least {PAIR}: label more"
        )
        raise InputError(table.source, message + ", or take the camp out of the scheme")
    return _Labels(
        items=tuple(
            Item(
                text=row.cells["text"],
                proposition=row.cells.get("proposition") or scheme.proposition,
                parent=row.cells.get("parent", ""),
            )
            for row, _ in rows
        ),
        places=np.array([scheme.values.index(camp) for _, camp in rows]),
        groups=tuple((group and row.cells[group]) or f"line {row.line}" for row, _ in rows),
        parts=("text", "parent") if any(row.cells.get("parent") for row, _ in rows) else ("text",),
    )


def _language(found: _Labels) -> str:
    languages = Counter(filter(None, text.languages(item.text for item in found.items)))
    return languages.most_common(1)[0][0] if languages else LANGUAGE


def _spaces(scheme: Scheme, found: _Labels) -> tuple[dict[str, _Space], dict[str, Floats | float]]:
    """Return the features of each tier, and what the blocks of features were multiplied by."""
    words = linear.rows(found.items, found.parts)
    guess = own.Guess(encoder=encoder.load(), unfitted=stance.before("accurate", scheme)).features(found.items)
    width = guess.shape[1] - len(scheme.values)
    scales: dict[str, Floats | float] = {
        "words": _scale(float(words.multiply(words).sum()), len(found.items)),
        "guess": np.concatenate(
            [
                np.full(width, _scale(float((guess[:, :width] ** 2).sum()), len(guess))),
                np.full(len(scheme.values), SOFT),
            ]
        ),
    }
    scaled = sparse.csr_array(words * scales["words"])
    joined = sparse.hstack([scaled, sparse.csr_array(guess * scales["guess"])], format="csr")
    return {"fast": _space(scaled), "accurate": _space(joined)}, scales


def _scale(squares: float, rows: int) -> float:
    """Return what to multiply features by so that the rows have a mean squared length of one."""
    return float((rows / squares) ** 0.5) if squares else 1.0


def _space(matrix: Matrix) -> _Space:
    values, vectors = np.linalg.eigh((matrix @ matrix.T).toarray())
    kept = values > values[-1] * 1e-9
    roots = np.sqrt(values[kept])
    return _Space(matrix=matrix, rows=vectors[:, kept] * roots, back=vectors[:, kept] / roots)


def _regression(rows: Floats, places: Places, camps: int) -> tuple[Floats, Floats]:
    """Return weights, shape (columns, camps), and intercepts of a multinomial logistic regression."""
    known = np.unique(places)
    slopes, intercept = np.zeros((rows.shape[1], camps)), np.full(camps, UNSEEN)
    intercept[known] = 0
    if len(known) > 1:
        model = LogisticRegression(C=STRENGTH, max_iter=500).fit(rows, places)
        # Of two classes scikit-learn keeps the difference alone.
        sign = np.array([-0.5, 0.5])
        two = len(known) == 2
        slopes[:, known] = model.coef_.T * sign if two else model.coef_.T
        intercept[known] = model.intercept_ * sign if two else model.intercept_
    return slopes, intercept


def _folds(found: _Labels) -> Iterator[tuple[Places, Places]]:
    """Yield rows to learn from and rows to answer; no group, and no text, is in both."""
    groups = found.groups if len(set(found.groups)) > 1 else tuple(map(str, range(len(found.groups))))
    number = min(FOLDS, len(set(groups)), int(np.bincount(found.places).min()))
    _, same = np.unique([item.text for item in found.items], return_inverse=True)
    folds = StratifiedGroupKFold(number, shuffle=True, random_state=measures.SEED)
    for others, unseen in folds.split(found.places, found.places, groups):
        yield others[~np.isin(same[others], same[unseen])], unseen


def _held_out(space: _Space, found: _Labels, share: float = 1.0) -> Floats:
    """Return logits about rows by models that did not see their groups, from a share of the others."""
    camps = int(found.places.max()) + 1
    logits = np.zeros((len(found.places), camps))
    random = np.random.default_rng(measures.SEED)
    for others, unseen in _folds(found):
        seen = random.permutation(others)[: max(PAIR, round(share * len(others)))]
        slopes, intercept = _regression(space.rows[seen], found.places[seen], camps)
        logits[unseen] = space.rows[unseen] @ slopes + intercept
    return logits


def _calibrated(logits: Floats, found: _Labels) -> dict[str, Any]:
    heat = measures.temperature(logits, found.places, np.ones(len(logits)))
    shares = softmax(logits / heat)
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == found.places
    return {
        "temperature": heat,
        "threshold": measures.threshold(sure, right, ACCEPTED),
        "thresholds": measures.thresholds(sure, right),
        "accepted_error": ACCEPTED,
    }


def _score(shares: Floats, found: _Labels) -> Score:
    best = shares.argmax(axis=1)
    low, high = measures.interval(found.places, best, found.groups)
    return Score(
        macro_f1=round(measures.macro_f1(found.places, best), 4),
        low=round(low, 4),
        high=round(high, 4),
        accuracy=round(measures.accuracy(found.places, best), 4),
        calibration_error=round(measures.calibration_error(shares.max(axis=1), best == found.places), 4),
    )


def _curve(space: _Space, found: _Labels) -> Iterator[tuple[int, float]]:
    for share in SHARES:
        number = round(share * len(found.items))
        if number >= FEWEST:
            best = _held_out(space, found, share).argmax(axis=1)
            yield number, round(measures.macro_f1(found.places, best), 4)


def _gain(scheme: Scheme, found: _Labels, logits: Floats, guess: Floats) -> tuple[float, float]:
    """Return how much better macro F1 is than that of the scheme without labels: the middle 95 % of drawing groups."""
    size = len(scheme.values)
    low, high = measures.interval(
        found.places,
        logits.argmax(axis=1) * size + guess.argmax(axis=1),
        found.groups,
        lambda places, both: measures.macro_f1(places, both // size) - measures.macro_f1(places, both % size),
    )
    return round(low, 4), round(high, 4)


def _doubts(
    scheme: Scheme, found: _Labels, scores: Mapping[str, Score], auto: str, gain: tuple[float, float]
) -> Iterator[str]:
    """Yield the reasons why the model should not be trusted yet."""
    score, unfitted = scores[auto], scores["unfitted"].macro_f1
    counts = np.bincount(found.places).tolist()
    few = [f"{number} as {camp!r}" for camp, number in zip(scheme.values, counts, strict=True) if number < ENOUGH]
    if few:
        yield f"too few comments of a camp are labelled ({', '.join(few)}); label at least {ENOUGH}"
    groups = len(set(found.groups))
    if groups < FEW_GROUPS:
        yield f"the comments come from {groups} groups; with fewer than {FEW_GROUPS} nobody knows how others do"
    if score.high - score.low > WIDEST:
        yield f"macro F1 may be anywhere between {score.low:.2f} and {score.high:.2f}; label more comments"
    if gain[0] <= 0:
        yield f"it is not clearly better than the scheme without labels ({score.macro_f1:.2f}, {unfitted:.2f} without)"


def _arrays(
    spaces: Mapping[str, _Space], scales: Mapping[str, Floats | float], found: _Labels
) -> dict[str, NDArray[Any]]:
    """Fit each tier on everything; return the weights of the features as they are before scaling."""
    camps = int(found.places.max()) + 1
    columns = np.unique(spaces["fast"].matrix.indices)
    arrays: dict[str, NDArray[Any]] = {"columns": columns.astype(np.int32)}
    for tier, space in spaces.items():
        turned, arrays[f"{tier}_intercept"] = _regression(space.rows, found.places, camps)
        slopes = space.slopes(turned)
        arrays[f"{tier}_words"] = (slopes[columns] * scales["words"]).astype(np.float32)
        if tier == "accurate":
            arrays["slopes"] = slopes[linear.DIMENSION :] * np.reshape(scales["guess"], (-1, 1))
    return arrays


def _save(
    result: Fitting,
    scheme: Scheme,
    found: _Labels,
    calibration: Mapping[str, dict[str, Any]],
    arrays: models.Arrays,
) -> None:
    tiers = {tier: calibration[tier] | {"scores": asdict(result.scores[tier])} for tier in own.TIERS}
    card: models.Card = {
        "name": scheme.name,
        "task": stance.NAME,
        "tier": "own",
        "package": version("commentlab"),
        "language": result.language,
        "features": features.VERSION,
        "encoder": models.digest(models.card(encoder.NAME)),
        "scheme": own.digest(scheme),
        "values": list(scheme.values),
        "parts": list(found.parts),
        "auto": result.auto,
        "calibration": tiers,
        "unfitted": asdict(result.scores["unfitted"]),
        "rows": result.rows,
        "groups": result.groups,
        "counts": dict(result.counts),
        "curve": [list(point) for point in result.curve],
        "doubts": list(result.doubts),
    }
    try:
        models.save(result.model.name, arrays, card, result.model.parent)
    except OSError as error:
        raise UnreadableError(str(result.model), f"it cannot be written: {error.strerror or error}") from error
