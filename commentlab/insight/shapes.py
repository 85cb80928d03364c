"""How each thread is built."""

from dataclasses import asdict, fields

import pandas as pd

from commentlab import structure
from commentlab.frames import Frames
from commentlab.structure import Entry, Shape


def shapes(frames: Frames) -> pd.DataFrame:
    """Return a row a thread: `thread_id` and the measures of `structure.Shape`."""
    groups = {str(key): group for key, group in frames.comments.groupby("thread_id", sort=False)}
    names = frames.threads["thread_id"].drop_duplicates().tolist()
    found = [{"thread_id": name, **asdict(_shape(groups.get(name, frames.comments[:0])))} for name in names]
    return pd.DataFrame(found, columns=["thread_id", *(field.name for field in fields(Shape))])


def _shape(group: pd.DataFrame) -> Shape:
    comments = group[group["kind"] == "comment"]
    ids, answers, authors, times = (
        comments[name].astype(object).where(comments[name].notna(), None).tolist()
        for name in ("comment_id", "parent_id", "author", "published")
    )
    entries = [
        Entry(id=name, parent_id=parent, author=author, published=time)
        for name, parent, author, time in zip(ids, answers, authors, times, strict=True)
    ]
    return structure.measure(entries, pingbacks=len(group) - len(entries))
