"""Threads, months, sources or people side by side: shares, and how big their differences are."""

from typing import Literal

import pandas as pd

from commentlab.errors import OptionError
from commentlab.frames import Frames
from commentlab.insight import sampling
from commentlab.insight.camps import along, within
from commentlab.insight.labels import scheme_of, sides_of, written
from commentlab.records import Scheme

By = Literal["thread", "month", "source", "author"]


def compare(frames: Frames, by: By, scheme: Scheme | None = None, *, profiles: bool = False) -> pd.DataFrame:
    """Count the camps in each thread, month, source or author, and measure how far each group is from all the others.

    Args:
        frames: Tables of threads that were scored with one scheme.
        by: What makes a group; comments without a month or an author are in none, but among the others.
        scheme: The stance scheme, where it is the user's own.
        profiles: Allows `by="author"`, which follows people through all threads: think of what that may do to them,
            and of the law, before you switch it on or hand its result to anybody.

    Returns:
        `<thread_id | month | source | author>, camp, comments, share, low, high, h, h_low, h_high`: Wilson's intervals,
        and Cohen's h against all other comments, NaN where there are none.

    Raises:
        OptionError: Authors were asked for without `profiles`.
    """
    if by == "author" and not profiles:
        raise OptionError("profiles of authors over several threads are off; switch them on with profiles=True")
    comments = written(frames)
    sides = sides_of(frames, scheme or scheme_of(frames))
    found = along(_key(frames, comments, by), comments, sides)
    if found.empty:
        return found.assign(h=[], h_low=[], h_high=[])
    beside = _beside(found, found.groupby("camp")["comments"].sum())
    return beside[beside.iloc[:, 0].notna()].reset_index(drop=True)


def compare_counts(counts: pd.DataFrame, everything: "pd.Series[int]") -> pd.DataFrame:
    """Do what `compare` does with counts that were made elsewhere, in a database, say.

    Args:
        counts: A row a group, a column a camp and one for abstentions; the name of the index is that of the key.
        everything: The comments of each camp in all groups, those in `counts` among them.
    """
    return _beside(within(counts), everything)


def _beside(found: pd.DataFrame, everything: "pd.Series[int]") -> pd.DataFrame:
    """Add to the shares of groups how far each is from all other comments."""
    of_one = found.groupby(found.columns[0], dropna=False)["comments"].transform("sum").to_numpy(dtype=float)
    in_camp = found["camp"].map(everything).to_numpy(dtype=float)
    one = found["comments"].to_numpy(dtype=float)
    effects = sampling.cohens_h(one, of_one, in_camp - one, float(everything.sum()) - of_one)
    return found.assign(h=effects[:, 0], h_low=effects[:, 1], h_high=effects[:, 2])


def _key(frames: Frames, comments: pd.DataFrame, by: By) -> pd.Series:
    if by == "month":
        months: pd.Series = comments["published"].dt.strftime("%Y-%m").rename("month")
        return months
    if by == "source":  # copies of a thread, which share their id, count for the first of their sources
        sources: pd.Series = comments["thread_id"].map(frames.threads.groupby("thread_id")["source"].min())
        return sources.rename("source")
    return comments["thread_id" if by == "thread" else "author"]
