"""What a scored discussion says: frames in, findings out. No files, no pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from commentlab import schemes
from commentlab.errors import OptionError
from commentlab.frames import Frames
from commentlab.records import Scheme, Side

FEW = 20
"""Below this many comments a sentence gives counts, not percentages."""
VOICES = 3
"""Comments quoted for each camp."""

_QUOTABLE = (40, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What stands in some scored threads; every table's rows lead back to comments by their ids.

    Attributes:
        answer: One sentence for people.
        camps: A row a camp, and one for abstentions: `camp, side, comments, share, low, high, people, people_share,
            people_low, people_high`; shares in [0, 1] with 95 % intervals.
        relations: `relation, comments, share` over the comments that answer a comment.
        sentiments: `sentiment, comments, share`.
        exchanges: Replies between camps: `parent_camp, camp, relation, comments`.
        flips: Authors who changed camp within a thread: `thread_id, author, from_camp, to_camp, from_id, to_id`.
        voices: The comments that show each camp best: `camp, thread_id, comment_id, author, confidence, text`.
        shapes: A row a thread: `thread_id, size, depth, width, roots, answered`.
    """

    answer: str
    camps: pd.DataFrame
    relations: pd.DataFrame
    sentiments: pd.DataFrame
    exchanges: pd.DataFrame
    flips: pd.DataFrame
    voices: pd.DataFrame
    shapes: pd.DataFrame


def findings(frames: Frames, scheme: Scheme | None = None) -> Findings:
    """Turn scored threads into findings.

    Args:
        frames: Tables of scored threads; tasks that were not scored give empty findings.
        scheme: The stance scheme, where it is the user's own; built-in ones are known by name.

    Returns:
        The findings over all comments that are shown; pingbacks and deleted comments count nowhere.
    """
    written = frames.comments[(frames.comments["kind"] == "comment") & (frames.comments["status"] == "shown")]
    sides = _sides(frames, scheme)
    camps = _camps(written, sides)
    flips = _flips(written, sides)
    relations = _shares(written[written["parent_id"].notna()], "relation")
    return Findings(
        answer=_answer(written, camps, relations, flips),
        camps=camps,
        relations=relations,
        sentiments=_shares(written, "sentiment"),
        exchanges=_exchanges(written),
        flips=flips,
        voices=_voices(written, sides),
        shapes=_shapes(frames),
    )


def interval(counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return 95 % intervals of the shares of some counts, shape (len(counts), 2), in [0, 1].

    Wilson's score interval (Wilson 1927, JASA 22): it stays honest for a few comments, and for a camp that has none.
    """
    counts = np.asarray(counts)
    total = counts.sum()
    if not total:
        return np.zeros((len(counts), 2))
    z = 1.959964
    share, spread = counts / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return np.stack([middle - half, middle + half], axis=1).clip(0, 1)


def _sides(frames: Frames, scheme: Scheme | None) -> dict[str, Side]:
    """Return the side of each camp, in the scheme's order; empty where stance was not labelled."""
    if "stance" not in frames.comments:
        return {}
    names = frames.threads["scheme"].dropna().unique()
    if scheme is None and len(names) == 1:
        try:
            scheme = schemes.load(names[0])
        except OptionError:
            scheme = None
    if scheme:
        return {camp.name: camp.side for camp in scheme.camps}
    plain: dict[str, Side] = {"favor": "favor", "against": "against", "none": "none"}
    columns = _values(frames.comments, "stance")
    return {name: plain.get(name, "favor") for name in columns}


def _camps(written: pd.DataFrame, sides: dict[str, Side]) -> pd.DataFrame:
    columns = [
        "camp",
        "side",
        "comments",
        "share",
        "low",
        "high",
        "people",
        "people_share",
        "people_low",
        "people_high",
    ]
    if not sides:
        return pd.DataFrame(columns=columns)
    order = [*sides, "abstained"]
    comments = written["stance"].fillna("abstained").value_counts().reindex(order, fill_value=0)
    people = _people(written)["stance"].value_counts().reindex(order, fill_value=0)
    rows = {"camp": order, "side": [sides.get(name) for name in order]}
    for prefix, counts in (("", comments), ("people_", people)):
        bounds = interval(counts.to_numpy())
        rows |= {
            "people" if prefix else "comments": counts.to_list(),
            f"{prefix}share": (counts / max(counts.sum(), 1)).to_list(),
            f"{prefix}low": bounds[:, 0].tolist(),
            f"{prefix}high": bounds[:, 1].tolist(),
        }
    return pd.DataFrame(rows)[columns]


def _people(written: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each named author of a thread: the camp of most of their comments, the later one in a tie."""
    named = written.dropna(subset=["author"])
    labelled = named.dropna(subset=["stance"])
    counts = labelled.groupby(["thread_id", "author", "stance"], sort=False)["position"].agg(["size", "max"])
    best = counts.sort_values(["size", "max"]).reset_index().drop_duplicates(["thread_id", "author"], keep="last")
    everybody = named[["thread_id", "author"]].drop_duplicates()
    people = everybody.merge(best[["thread_id", "author", "stance"]], how="left", on=["thread_id", "author"])
    return people.assign(stance=people["stance"].fillna("abstained"))


def _shares(written: pd.DataFrame, task: str) -> pd.DataFrame:
    if task not in written:
        return pd.DataFrame({task: [], "comments": [], "share": []})
    order = _values(written, task)
    labels = written.loc[written[f"{task}_confidence"].notna(), task].fillna("abstained")
    counts = labels.value_counts().reindex([*order, "abstained"], fill_value=0)
    return pd.DataFrame({task: counts.index, "comments": counts.to_list(), "share": counts / max(counts.sum(), 1)})


def _values(comments: pd.DataFrame, task: str) -> list[str]:
    start = f"{task}_p_"
    return [str(name).removeprefix(start) for name in comments.columns if str(name).startswith(start)]


def _exchanges(written: pd.DataFrame) -> pd.DataFrame:
    columns = ["parent_camp", "camp", "relation", "comments"]
    if "stance" not in written or "relation" not in written:
        return pd.DataFrame(columns=columns)
    parents = written[["thread_id", "comment_id", "stance"]]
    pairs = written.merge(
        parents.rename(columns={"comment_id": "parent_id", "stance": "parent_camp"}), on=["thread_id", "parent_id"]
    )
    pairs = pairs.assign(camp=pairs["stance"]).fillna({"camp": "abstained", "parent_camp": "abstained"})
    pairs["relation"] = pairs["relation"].fillna("abstained")
    return pairs.groupby(columns[:3], sort=True).size().rename("comments").reset_index()


def _flips(written: pd.DataFrame, sides: dict[str, Side]) -> pd.DataFrame:
    columns = ["thread_id", "author", "from_camp", "to_camp", "from_id", "to_id"]
    taking = [name for name, side in sides.items() if side != "none"]
    if not taking:
        return pd.DataFrame(columns=columns)
    sided = written[written["stance"].isin(taking) & written["author"].notna()].sort_values("position")
    before = sided.groupby(["thread_id", "author"])[["stance", "comment_id"]].shift()
    pairs = sided.assign(from_camp=before["stance"], from_id=before["comment_id"]).dropna(subset=["from_camp"])
    changed = pairs[pairs["from_camp"].map(sides) != pairs["stance"].map(sides)]
    return changed.rename(columns={"stance": "to_camp", "comment_id": "to_id"})[columns].reset_index(drop=True)


def _voices(written: pd.DataFrame, sides: dict[str, Side]) -> pd.DataFrame:
    columns = ["camp", "thread_id", "comment_id", "author", "confidence", "text"]
    if not sides:
        return pd.DataFrame(columns=columns)
    length = written["text"].str.len()
    pool = written[written["stance"].notna()].assign(
        camp=written["stance"],
        confidence=written["stance_confidence"],
        readable=length.between(*_QUOTABLE),
        person=written["author"].fillna(written["comment_id"]),
    )
    pool = pool.sort_values(["readable", "confidence", "position"], ascending=[False, False, True], kind="stable")
    pool = pool.drop_duplicates(["camp", "thread_id", "person"])
    chosen = pool.groupby("camp", sort=False).head(VOICES)
    rank = {name: number for number, name in enumerate(sides)}
    return chosen.sort_values("camp", key=lambda names: names.map(rank), kind="stable")[columns].reset_index(drop=True)


def _shapes(frames: Frames) -> pd.DataFrame:
    """Measure the threads as `structure.shape` does, from the depths that the table holds."""
    by_thread = frames.comments.groupby("thread_id", sort=False)
    levels = frames.comments.groupby(["thread_id", "depth"]).size()
    shapes = pd.DataFrame(
        {
            "size": by_thread.size(),
            "depth": by_thread["depth"].max() + 1,
            "width": levels.groupby(level="thread_id").max(),
            "roots": (frames.comments["depth"] == 0).groupby(frames.comments["thread_id"]).sum(),
            "answered": by_thread["parent_id"].nunique(),
        }
    )
    names = frames.threads["thread_id"].drop_duplicates()
    return shapes.reindex(names, fill_value=0).astype("int64").rename_axis("thread_id").reset_index()


def _answer(written: pd.DataFrame, camps: pd.DataFrame, relations: pd.DataFrame, flips: pd.DataFrame) -> str:
    people = int(written.dropna(subset=["author"]).groupby(["thread_id", "author"]).ngroups)
    head = f"{_count(len(written), 'comment')} by {_count(people, 'person', 'people')}"
    if not people:
        head = f"{_count(len(written), 'comment')}, no authors named"
    parts = [_share(row, len(written)) for row in camps.itertuples() if row.comments]
    counted = dict(zip(relations["relation"], relations["comments"], strict=True)) if len(relations) else {}
    turns = [_count(int(counted[name]), f"{name}ment") for name in ("disagree", "agree") if name in counted]
    if len(flips):
        turns.append(f"{_count(flips['author'].nunique(), 'person', 'people')} changed their mind")
    sentence = f"{head}: {', '.join(parts)}" if parts else head
    return f"{sentence}; {', '.join(turns)}." if turns else f"{sentence}."


def _share(row: object, total: int) -> str:
    camp, comments, share = row.camp, row.comments, row.share  # type: ignore[attr-defined]
    name = "unclear" if camp == "abstained" else camp
    if total < FEW:
        return f"{comments} {name}"
    half = (row.high - row.low) / 2  # type: ignore[attr-defined]
    return f"{100 * share:.0f} % (±{100 * half:.0f}) {name}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
