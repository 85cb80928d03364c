"""A batch result of any size, made by rule: the real tables in real shards, without anything read or labelled.

    .venv/bin/python benchmarks/corpora.py OUT [COMMENTS]       a million comments by default

Threads have 5 to 400 comments, most of them few; the first two have 5,000 and 500. Words follow Zipf's law, a fifth of
the authors write most, and labels are drawn by chance.
"""

import json
import sys
from pathlib import Path

import insight as made
import numpy as np
import pandas as pd

from commentlab import frames
from commentlab.batch.shards import PART, Folder
from commentlab.batch.stores import Disk

BIG = (5_000, 500)
VALUES = {"stance": made.CAMPS, "relation": made.RELATIONS, "sentiment": ("negative", "neutral", "positive")}


def write(out: Path, comments: int = 1_000_000) -> None:
    folder = Folder(store=Disk(path=out), format="parquet")
    folder.prepare()
    random = np.random.default_rng(1)
    texts = pool(random)
    number = thread = 0
    while number < comments:
        sizes = threads(random, min(PART, comments - number), BIG if not number else ())
        tables = shard(sizes, thread, random, texts)
        folder.write(f"{number:016x}", 0, tables)
        number, thread = number + int(sizes.sum()), thread + len(sizes)
    (out / "manifest.json").write_text(json.dumps({"complete": True, "tables": frames.VERSION}))


def pool(random: np.random.Generator) -> np.ndarray:
    """Return texts to draw from; each comment gets a word of its own, or they would pack better than real ones."""
    return np.array(made.texts(20_000, random), dtype=object)


def threads(random: np.random.Generator, comments: int, first: tuple[int, ...]) -> np.ndarray:
    sizes = [*first, *np.minimum(random.zipf(1.6, comments) + 4, 400)]
    ends = np.cumsum(sizes)
    kept = sizes[: int(np.searchsorted(ends, comments)) + 1]
    return np.array(kept, dtype=int)


def shard(sizes: np.ndarray, start: int, random: np.random.Generator, texts: np.ndarray) -> frames.Frames:
    names = pd.Series([f"{number:012x}" for number in range(start, start + len(sizes))], dtype="str")
    place = np.concatenate([np.arange(size) for size in sizes])
    total = len(place)
    answers = (place > 0) & (random.random(total) < 0.7)
    parents = np.maximum(place - random.integers(1, 12, total), 0)
    ids = pd.Series(place.astype(str), dtype="str")
    begun = np.repeat(random.integers(0, 3_650 * 1_440, len(sizes)), sizes)
    cells = {
        "thread_id": names.repeat(sizes).reset_index(drop=True),
        "comment_id": ids,
        "parent_id": pd.Series(parents.astype(str), dtype="str").where(pd.Series(answers)),
        "parent_origin": pd.Series("stated", index=range(total), dtype="str").where(pd.Series(answers)),
        "depth": depths(place, parents, answers),
        "position": place,
        "kind": "comment",
        "status": "shown",
        "author": np.char.add("person-", (random.zipf(1.4, total) % 90_000).astype(str)),
        "by_post_author": False,
        "published": pd.Timestamp("2014-01-01", tz="UTC") + pd.to_timedelta(begun + place * 7, unit="min"),
        "text": texts[random.integers(0, len(texts), total)] + " w" + random.integers(0, 1 << 40, total).astype(str),
        "language": "en",
    }
    for task, values in VALUES.items():
        cells |= made.labels(task, values, answers if task == "relation" else np.ones(total, dtype=bool), random)
    labels = {name: type_ for task in VALUES for name, type_ in frames.label_columns(task, VALUES[task]).items()}
    heads = {
        "thread_id": names,
        "source": [f"pages/{number // 40}.xml" for number in range(start, start + len(sizes))],
        "reader": "wxr",
        "title": [f"Post number {number}" for number in range(start, start + len(sizes))],
        "post_text": "They will march on the capital. It is a threat.",
        "comments": sizes,
        "pingbacks": 0,
        "scheme": "threat",
        "proposition": "They will march.",
    }
    return frames.Frames(
        comments=typed(cells, frames.COMMENT_COLUMNS | labels, total),
        threads=typed(heads, frames.THREAD_COLUMNS, len(sizes)),
        problems=typed({}, frames.PROBLEM_COLUMNS, 0),
    )


def depths(place: np.ndarray, parents: np.ndarray, answers: np.ndarray) -> list[int]:
    found: list[int] = []
    for number, (own, parent, answer) in enumerate(
        zip(place.tolist(), parents.tolist(), answers.tolist(), strict=True)
    ):
        found.append(min(found[number - own + parent] + 1, 30) if answer else 0)
    return found


def typed(cells: dict[str, object], columns: dict[str, str], rows: int) -> pd.DataFrame:
    empty = pd.DataFrame(index=range(rows))
    return empty.assign(**{name: cells.get(name) for name in columns}).astype(columns)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1_000_000)
