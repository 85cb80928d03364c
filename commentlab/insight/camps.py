"""Where comments and people stand, how sure that is, and how it moves along time and depth."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from commentlab.insight import sampling
from commentlab.insight.labels import ABSTAINED, Sides, camp_of
from commentlab.insight.sampling import Floats

PERIODS = 24
"""A timeline has at most this many periods, unless they are years."""
DEEPEST = 4
"""Comments at least this deep are counted together."""

_COLUMNS = (
    "camp side comments share low high corrected corrected_low corrected_high"
    " people people_share people_low people_high".split()
)
_UNITS = {"hour": "h", "day": "D", "week": "W", "month": "M", "year": "Y"}


def camps(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Count comments and people.

    A corrected share is the mean of the calibrated probabilities over the comments that were answered (the
    probabilistic count of Bella et al. 2010, ICDM): what is doubtful counts for its doubt, and the errors of the
    classifier cancel out as far as its calibration holds. It needs no confusion matrix, which would only fit threads
    like those it was measured on. Comments without an answer keep a row of their own.

    Intervals of shares of comments draw the authors again, since the comments of one person are not independent; those
    of corrected shares also draw the labels from their probabilities. Where Wilson's interval is wider, it stands in
    their place: with few people, or for a camp that has none, a bootstrap claims too much. People are drawn one by one,
    for which Wilson's is enough.

    Returns:
        `camp, side, comments, share, low, high, corrected, corrected_low, corrected_high, people, people_share,
        people_low, people_high`, the abstentions last; shares in [0, 1].
    """
    if not sides:
        return pd.DataFrame(columns=_COLUMNS)
    order = [*sides, ABSTAINED]
    given = _indicators(camp_of(written), order)
    chances = _chances(written, sides, answered=given[:, -1] == 0)
    (low, high), (corrected_low, corrected_high) = _bounds(_writers(written), given, chances)
    people = people_of(written)["camp"].value_counts().reindex(order, fill_value=0).to_numpy()
    people_bounds = sampling.interval(people)
    total = max(len(written), 1)
    cells = [order, [sides.get(name) for name in order], given.sum(axis=0).astype(int), given.sum(axis=0) / total]
    cells += [low, high, chances.sum(axis=0) / total, corrected_low, corrected_high]
    cells += [people, people / max(people.sum(), 1), people_bounds[:, 0], people_bounds[:, 1]]
    return pd.DataFrame(dict(zip(_COLUMNS, cells, strict=True)))


def camps_of_counts(patterns: pd.DataFrame, people: "pd.Series[int]", sides: Sides) -> pd.DataFrame:
    """Return what `camps` says of comments, of counts that were made elsewhere, in a database, say.

    Args:
        patterns: What one author wrote in a thread, a column a camp and one for abstentions; a row for each pattern.
        people: How many authors have that pattern.
        sides: The side of each camp.

    Returns:
        `camp, side, comments, share, low, high`; the intervals come from other draws than those of `camps`.
    """
    if not sides:
        return pd.DataFrame(columns=_COLUMNS[:6])
    given, times = patterns.to_numpy(dtype=float), people.to_numpy(dtype=np.int64)
    drawn = sampling.drawn_again(given, times)
    counts = given.T @ times
    bounds = sampling.middle(drawn / np.maximum(drawn.sum(axis=1, keepdims=True), 1))
    low, high = sampling.wider(bounds, sampling.interval(counts)).T
    order = [*sides, ABSTAINED]
    cells = [order, [sides.get(name) for name in order], counts.astype(int), counts / max(counts.sum(), 1), low, high]
    return pd.DataFrame(dict(zip(_COLUMNS[:6], cells, strict=True)))


def _indicators(camp: pd.Series, order: list[str]) -> Floats:
    return np.stack([(camp == name).to_numpy(dtype=float) for name in order], axis=1)


def _chances(written: pd.DataFrame, sides: Sides, *, answered: NDArray[np.bool_]) -> Floats:
    """Return the probabilities of the camps where there is an answer, and one for abstaining where there is none."""
    columns = [f"stance_p_{name}" for name in sides]
    known = written.reindex(columns=columns).fillna(0.0).to_numpy(dtype=float)
    return np.hstack([np.where(answered[:, None], known, 0.0), ~answered[:, None]])


def _writers(written: pd.DataFrame) -> NDArray[np.int64]:
    """Number the authors of each thread; a comment that nobody signed counts as one of its own."""
    alone = "\x1f" + written["comment_id"].astype("str")
    names = written["author"].astype("str").where(written["author"].notna(), alone)
    groups = written.assign(_writer=names).groupby(["thread_id", "_writer"], sort=False)
    return groups.ngroup().to_numpy().astype(np.int64)


def _bounds(writers: NDArray[np.int64], given: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Return the intervals of the counted and of the corrected shares, each of shape (2, camps)."""
    columns = np.hstack([given, chances, chances * (1 - chances)])
    sums: Floats = np.stack([np.bincount(writers, weights=column) for column in columns.T], axis=1)
    drawn = sampling.drawn_again(sums)
    wide = given.shape[1]
    counted, expected, variance = drawn[:, :wide], drawn[:, wide : 2 * wide], drawn[:, 2 * wide :]
    total = np.maximum(counted.sum(axis=1, keepdims=True), 1)
    # A sum of independent labels is nearly normal with the variance p (1 - p) of each (Poisson's binomial).
    noise = np.random.default_rng(sampling.SEED).standard_normal(variance.shape) * np.sqrt(variance)
    counted_bounds = sampling.wider(sampling.middle(counted / total), sampling.interval(given.sum(axis=0)))
    corrected = sampling.middle(((expected + noise) / total).clip(0, 1))
    return counted_bounds.T, sampling.wider(corrected, sampling.interval(chances.sum(axis=0))).T


def people_of(written: pd.DataFrame) -> pd.DataFrame:
    """Return the camp of each named author of a thread: that of most of their comments, the later one in a tie.

    Returns:
        `thread_id, author, camp`.
    """
    named = written.dropna(subset=["author"])
    labelled = named.dropna(subset=["stance"])
    counts = labelled.groupby(["thread_id", "author", "stance"], sort=False)["position"].agg(["size", "max"])
    best = counts.sort_values(["size", "max"]).reset_index().drop_duplicates(["thread_id", "author"], keep="last")
    everybody = named[["thread_id", "author"]].drop_duplicates()
    people = everybody.merge(best[["thread_id", "author", "stance"]], how="left", on=["thread_id", "author"])
    return people.assign(camp=camp_of(people))[["thread_id", "author", "camp"]]


def timeline(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Count the camps along time, in hours, days, weeks, months or years, whichever makes a picture.

    Returns:
        `start, unit, camp, comments, share, low, high`, shares within the period; `start` is the beginning of the
        period (UTC), missing for comments without a date.
    """
    times = written["published"].dt.tz_convert("UTC").dt.tz_localize(None)
    dated = times.dropna()
    unit = next((unit for unit, code in _UNITS.items() if _span(dated, code) < PERIODS), "year")
    periods = times.dt.to_period(_UNITS[unit])
    starts = periods.dt.start_time.dt.tz_localize("UTC")
    found = along(starts.rename("start"), written, sides)
    return found.assign(unit=unit)[["start", "unit", "camp", "comments", "share", "low", "high"]]


def _span(times: pd.Series, code: str) -> int:
    """Return how many periods lie between the first and the last time."""
    return (times.max().to_period(code) - times.min().to_period(code)).n if len(times) else 0


def levels(written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Count the camps by depth, `DEEPEST` and more as one: `depth, camp, comments, share, low, high`."""
    return along(written["depth"].clip(upper=DEEPEST), written, sides)


def along(key: pd.Series, written: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Count the camps within each value of a key: `<key>, camp, comments, share, low, high` (Wilson's interval)."""
    if not sides:
        return pd.DataFrame(columns=[str(key.name), "camp", "comments", "share", "low", "high"])
    counts = written.assign(camp=camp_of(written)).groupby([key, "camp"], dropna=False).size().unstack(fill_value=0)
    return within(counts.reindex(columns=[*sides, ABSTAINED], fill_value=0))


def within(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of the camps within each group, as `along` does, of counts that were made elsewhere.

    Args:
        counts: A row a group, a column a camp; the name of the index is that of the key.
    """
    columns = [str(counts.index.name), "camp", "comments", "share", "low", "high"]
    table = counts.rename_axis(columns="camp").stack().reset_index().set_axis(columns[:3], axis=1)
    totals = np.repeat(counts.sum(axis=1).to_numpy(dtype=float), counts.shape[1])
    bounds = sampling.wilson(table["comments"].to_numpy(dtype=float), totals)
    return table.assign(share=table["comments"] / totals, low=bounds[:, 0], high=bounds[:, 1])
