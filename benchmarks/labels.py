"""Comments a second: the fast tier beside VADER, the accurate one beside the bare ONNX session, and the cascade.

    make bench      (or: .venv/bin/python benchmarks/labels.py [COMMENTS])

The comments are put together from those in commentlab/schemes/threat, to 576 characters on average, as blog comments
have. How much accuracy the cascade costs is measured on ../shared/data, where it is there. Nothing else should run on
the machine meanwhile.
"""

import gzip
import json
import os
import random
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

CORES = 2
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import commentlab as cl  # noqa: E402
from commentlab import plugin, schemes, scoring  # noqa: E402
from commentlab.models import encoder, features, tokens  # noqa: E402
from commentlab.plugin import Item  # noqa: E402

DATA = Path(__file__).parents[2] / "shared" / "data" / "sentiment" / "goemotions.dev.jsonl.gz"
LENGTHS = (150, 982)
"""Shortest and longest comment; evenly spread, cut at a word, they have 576 characters on average."""
ROUNDS = 3
THREAT = schemes.load("threat")


@cache
def written() -> list[str]:
    """Return the comments of our own threads."""
    lines = (line for path in sorted(schemes.HOME.glob("threat/*.jsonl")) for line in path.open(encoding="utf-8"))
    return [comment["text"] for line in lines for comment in json.loads(line)["comments"]]


def comments(number: int, seed: int = 1) -> list[str]:
    """Return made-up comments of 576 characters on average."""
    dice, parts = random.Random(seed), written()  # noqa: S311 - texts, not secrets
    found: list[str] = []
    for _ in range(number):
        text, size = "", dice.randrange(*LENGTHS)
        while len(text) < size:
            text += " " + dice.choice(parts)
        found.append(text[: size + text[size:].find(" ") + 1].strip() if " " in text[size:] else text.strip())
    return found


def pace(work: Callable[[], object], number: int, rounds: int = ROUNDS) -> float:
    """Return items a second, from the fastest of a few rounds that all begin without anything remembered."""
    best = float("inf")
    for _ in range(rounds):
        features._kept.clear()
        encoder.load()._kept.clear()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return number / best


def cores(number: int) -> None:
    """Let this process, with threads that begin from now on, run on so many cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(list(range(os.cpu_count() or 1))[:number]))
    os.environ[encoder.THREADS] = str(number)
    encoder._pool.cache_clear()


def show(name: str, found: float, beside: str, base: float) -> None:
    print(f"{name:<58}{found:>9,.0f} a second   {found / base:5.2f} x {beside}")


def fast(texts: list[str]) -> None:
    """Print the pace of the fast tier, all tasks together, beside VADER's, on one core."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    parents = [texts[place - 1] if place % 2 else "" for place in range(len(texts))]
    frame = pd.DataFrame({"text": texts, "parent": parents})
    thread = cl.Thread(
        id="t",
        post=cl.Post(id="t", title="", text=""),
        comments=tuple(
            cl.Comment(id=str(n), text=text, link=cl.Link(parent_id=str(n - 1)) if n % 2 else None)
            for n, text in enumerate(texts)
        ),
        source="made up",
        reader="none",
    )
    base = pace(lambda: [vader.polarity_scores(text) for text in texts], len(texts), rounds=1)
    show("VADER", base, "VADER", base)
    cl.score_frame(frame[:9], parent="parent", scheme="threat", tier="fast")
    found = pace(lambda: cl.score_frame(frame, parent="parent", scheme="threat", tier="fast"), len(texts))
    show("fast: sentiment, stance in camps, relation of every other", found, "VADER", base)
    found = pace(lambda: cl.classify("sentiment", texts, tier="fast"), len(texts))
    show("fast: sentiment alone", found, "VADER", base)
    for reasons in (False, True):
        work = lambda: list(scoring.iter_score([thread], scheme="threat", tier="fast", reasons=reasons))  # noqa: B023, E731
        name = f"fast: threads, with languages and links{' and reasons' if reasons else ''}"
        show(name, pace(work, len(texts)), "VADER", base)


def accurate(texts: list[str]) -> None:
    """Print the pace of the accurate tier beside that of the bare session on the same rows."""
    reader = encoder.load()
    classifier = plugin.tasks()["stance"].classifier("accurate", None)
    items = [Item(text=text, proposition=THREAT.proposition) for text in texts]
    rows = [[np.array([part], dtype=np.int64) for part in row] for row in tokens.rows(reader.tokens, items)]
    for number in (1, CORES):
        cores(number)
        pool = encoder._pool()
        run = lambda row: reader.session.run(None, {"ids": row[0], "roles": row[1]})  # noqa: E731
        base = pace(lambda: list(pool.map(run, rows)), len(rows))  # noqa: B023
        show(f"bare ONNX session, {number} cores", base, "the session", base)
        found = pace(lambda: classifier.probabilities(items), len(items))
        show(f"accurate: stance to a proposition, {number} cores", found, "the session", base)
    parents = [texts[place - 1] if place % 2 else "" for place in range(len(texts))]
    frame = pd.DataFrame({"text": texts, "parent": parents})
    found = pace(lambda: cl.score_frame(frame, parent="parent", scheme="threat", tier="accurate"), len(texts))
    show(f"accurate: all three labels, {CORES} cores", found, "the session", base)


def cascade(texts: list[str], limit: int) -> None:
    """Print pace, and accuracy where there are labels, of the cascade and of the accurate tier."""
    paces: dict[str, float] = {}
    for tier in ("accurate", "auto"):
        paces[tier] = pace(lambda: cl.classify("stance", texts, scheme="threat", tier=tier), len(texts), rounds=1)  # type: ignore[arg-type]  # noqa: B023
        show(f"{tier}: stance in camps, {CORES} cores", paces[tier], "accurate", paces["accurate"])
    if not DATA.is_file():
        print(f"accuracy of the cascade: skipped, there is no {DATA}")
        return
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["label"] in plugin.tasks()["sentiment"].VALUES][:limit]
    for tier in ("accurate", "auto"):
        given = [row["text"] for row in rows]
        found = cl.classify("sentiment", given, tier=tier, accepted_error=1)  # type: ignore[arg-type]
        right = np.mean(found["value"] == [row["label"] for row in rows])
        paces[tier] = pace(lambda: cl.classify("sentiment", given, tier=tier), len(given), rounds=1)  # type: ignore[arg-type]  # noqa: B023
        show(f"{tier}: sentiment of GoEmotions, accuracy {right:.3f}", paces[tier], "accurate", paces["accurate"])


def main() -> None:
    """Measure everything in one run."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    texts = comments(number)
    print(f"{number} comments of {np.mean([len(text) for text in texts]):.0f} characters on average")
    cores(1)
    fast(texts)
    accurate(texts[: number // 4])
    cascade(texts[: number // 4], limit=number)


if __name__ == "__main__":
    main()
