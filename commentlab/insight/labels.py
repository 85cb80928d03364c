"""What the tables say of labels: who is counted, which camps there are, on which side they stand."""

import pandas as pd

from commentlab import schemes
from commentlab.errors import OptionError
from commentlab.frames import Frames
from commentlab.records import Scheme, Side

ABSTAINED = "abstained"
"""The row of the comments that the classifier did not answer."""

Sides = dict[str, Side]
"""The side of each camp, in the scheme's order."""

_PLAIN: Sides = {"favor": "favor", "against": "against", "none": "none"}


def written(frames: Frames) -> pd.DataFrame:
    """Return the rows of comments that are shown: no pingbacks, nothing deleted."""
    comments = frames.comments
    return comments[(comments["kind"] == "comment") & (comments["status"] == "shown")]


def scheme_of(frames: Frames) -> Scheme | None:
    """Return the scheme of threads that were all scored with the same built-in one."""
    names = frames.threads["scheme"].dropna().unique()
    try:
        return schemes.load(names[0]) if len(names) == 1 else None
    except OptionError:
        return None


def sides_of(frames: Frames, scheme: Scheme | None) -> Sides:
    """Return the side of each camp; empty where stance was not labelled."""
    if "stance" not in frames.comments:
        return {}
    if scheme:
        return {camp.name: camp.side for camp in scheme.camps}
    return {name: _PLAIN.get(name, "favor") for name in values(frames.comments, "stance")}


def values(comments: pd.DataFrame, task: str) -> list[str]:
    """Return the values that a task can give, in the order of the columns."""
    start = f"{task}_p_"
    return [str(name).removeprefix(start) for name in comments.columns if str(name).startswith(start)]


def camp_of(comments: pd.DataFrame) -> pd.Series:
    """Return the camp of each comment, `ABSTAINED` where there is no answer."""
    return comments["stance"].astype("str").fillna(ABSTAINED)


def opposed(one: pd.Series, other: pd.Series, sides: Sides) -> pd.Series:
    """Tell for pairs of camps whether one is in favour and the other against."""
    first, second = one.map(sides), other.map(sides)
    return ((first == "favor") & (second == "against")) | ((first == "against") & (second == "favor"))
