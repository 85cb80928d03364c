"""What it costs to turn labels into findings: one thread of 1,000, 10,000 and 100,000 comments, made by rule.

    .venv/bin/python benchmarks/insight.py          seconds and memory for each size, each in a process of its own
    .venv/bin/python benchmarks/insight.py 10000    seconds of each table at one size

The bar is 20 seconds and 2 GB for 100,000 comments, and a cost that grows about as the comments do. A tenth of the
comments are written by one person, a fifth of the authors write most of the rest; words follow Zipf's law; each comment
answers the post, a recent comment or one of the first, so that there are chains as well as crowds.
"""

import cProfile
import pstats
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from commentlab import frames, insight

SIZES = (1_000, 10_000, 100_000)
CAMPS = ("credible threat", "limited threat", "bluff", "no position")
RELATIONS = ("agree", "disagree", "query", "neutral")
WORDS = 20_000
LENGTH = 45


def made(size: int) -> frames.Frames:
    """Return the tables of a thread of comments with labels by chance."""
    random = np.random.default_rng(size)
    numbers = np.arange(size)
    parents = np.where(random.random(size) < 0.7, numbers - random.integers(1, 20, size), random.integers(0, 50, size))
    answers = (parents >= 0) & (parents < numbers) & (random.random(size) < 0.8)
    authors = np.where(random.random(size) < 0.1, 0, random.zipf(1.4, size) % (size // 4 + 2))
    comments = pd.DataFrame(
        {
            "thread_id": "t",
            "comment_id": numbers.astype(str),
            "parent_id": pd.Series(np.where(answers, parents.astype(str), None), dtype="str"),
            "depth": depths(parents, answers),
            "position": numbers,
            "kind": "comment",
            "status": "shown",
            "author": np.char.add("author ", authors.astype(str)),
            "published": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(numbers * 7, unit="min"),
            "url": None,
            "text": texts(size, random),
            "language": "en",
        }
        | labels("stance", CAMPS, np.ones(size, dtype=bool), random)
        | labels("relation", RELATIONS, answers, random)
    )
    head = {"thread_id": "t", "title": "A thread", "post_text": "They will march. It is a threat.", "scheme": "threat"}
    return frames.Frames(comments=comments, threads=pd.DataFrame([head]), problems=pd.DataFrame())


def depths(parents: np.ndarray, answers: np.ndarray) -> list[int]:
    found: list[int] = []
    for parent, answer in zip(parents.tolist(), answers.tolist(), strict=True):
        found.append(found[parent] + 1 if answer else 0)
    return found


def texts(size: int, random: np.random.Generator) -> list[str]:
    syllables = [first + second for first in "bdfgklmnprst" for second in "aeiou"]
    words = np.array([syllables[n % 60] + syllables[n // 60 % 60] + syllables[n // 3600] for n in range(WORDS)])
    chosen = random.zipf(1.2, (size, LENGTH)) % WORDS
    return [". ".join(" ".join(words[half]) for half in np.array_split(row, 3)) + "?" for row in chosen]


def labels(task: str, values: tuple[str, ...], given: np.ndarray, random: np.random.Generator) -> dict[str, object]:
    chances = random.dirichlet(np.full(len(values), 0.5), len(given))
    sure = chances.max(axis=1)
    value = np.array(values, dtype=object)[chances.argmax(axis=1)]
    columns: dict[str, object] = {
        task: pd.Series(np.where(given & (sure > 0.5), value, None), dtype="str"),
        f"{task}_confidence": np.where(given, sure, np.nan),
    }
    return columns | {
        f"{task}_p_{name}": np.where(given, column, np.nan) for name, column in zip(values, chances.T, strict=True)
    }


def measure(size: int) -> None:
    tables = made(size)
    insight.findings(made(10))  # imports what is imported lazily, which takes as long for ten comments
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, worked = time.perf_counter(), time.process_time()
    insight.findings(tables)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = f"{seconds:>7.2f} s ({work:.2f} s of work, {1e6 * work / size:.0f} µs a comment)"
    print(f"{size:>7} comments {times} {peak / 1024:>7.0f} MB (tables alone {before / 1024:.0f})", flush=True)


def profile(size: int) -> None:
    tables = made(size)
    watch = cProfile.Profile()
    watch.runcall(insight.findings, tables)
    pstats.Stats(watch).sort_stats("cumulative").print_stats("commentlab.insight", 40)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    elif sys.argv[1:]:
        profile(int(sys.argv[1]))
    else:
        for each in SIZES:
            subprocess.run([sys.executable, __file__, "--one", str(each)], check=True)
