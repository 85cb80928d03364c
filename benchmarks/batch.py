"""Saved pages to Parquet beside what a user would pick instead, two workers beside one, and a million comments.

    make bench      (or: .venv/bin/python benchmarks/batch.py [--pages 2000] [--comments 10000 100000 1000000])

The pages are those of ../shared/threads, as often as is asked for. Beside them stands a pool of as many processes that
takes the text and the comments of a page with trafilatura and the tone of each paragraph with VADER: no authors, no
replies, no stance. The stream of comments is made up (see labels.py), in files of one discussion of 50. Everything is
timed with its start, in processes of its own; what a comment costs is what the workers were busy, start and end apart.
Nothing else should run on the machine meanwhile.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import labels
import pandas as pd

import commentlab as cl

PAGES = Path(__file__).parents[2] / "shared" / "threads" / "html"
BAR, SCALING, MEMORY = 5.0, 1.8, 1000
"""Times the pages a second of the pool, times those of one worker, and megabytes a worker may take."""
DISCUSSION = 50
"""Comments of a discussion of the stream."""
CHUNK = 64


def batch(folder: str, out: str, workers: int) -> dict[str, Any]:
    """Do what `commentlab score` does, and return what it took: seconds, busy ones, megabytes of the largest worker."""
    started = time.perf_counter()
    summary = cl.run_batch(folder, out, scheme="threat", tier="fast", workers=workers)
    seconds = time.perf_counter() - started
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    chunks = json.loads((Path(out) / "manifest.json").read_bytes())["shards"].values()
    busy = sum(chunk["seconds"] for chunk in chunks)
    return {"seconds": seconds, "busy": busy, "comments": summary.comments, "megabytes": largest}


@cache
def _judge() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _extracted(paths: list[Path], out: Path) -> None:
    import trafilatura

    rows = []
    for path in paths:
        page = trafilatura.bare_extraction(path.read_bytes(), include_comments=True)
        bodies = [body for body in (page.text, page.comments) if body] if page else []
        lines = [line for body in bodies for line in body.splitlines() if line]
        rows += [{"source": str(path), "text": line, **_judge().polarity_scores(line)} for line in lines]
    pd.DataFrame(rows).to_parquet(out, compression="zstd")


def beside(folder: str, out: str, workers: int) -> dict[str, Any]:
    """Do what a user would do without us."""
    started = time.perf_counter()
    paths = sorted(Path(folder).iterdir())
    Path(out).mkdir()
    with ProcessPoolExecutor(workers) as pool:
        chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
        list(pool.map(_extracted, chunks, [Path(out) / f"{number}.parquet" for number in range(len(chunks))]))
    return {"seconds": time.perf_counter() - started}


def in_a_process(work: str, folder: Path, workers: int) -> dict[str, Any]:
    """Measure one of the two above in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, __file__, "--measure", work, str(folder), f"{place}/out", str(workers)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def copied(number: int, folder: Path) -> None:
    """Put a number of saved pages into a folder."""
    pages = sorted(PAGES.glob("*.html"))
    if not pages:
        sys.exit(f"{PAGES}: no pages")
    for count in range(number):
        shutil.copy(pages[count % len(pages)], folder / f"{count:06}.html")


def streamed(number: int, folder: Path) -> None:
    """Put a number of comments into a folder of JSON lines."""
    for first in range(0, number, DISCUSSION):
        rows = []
        for inside, text in enumerate(labels.comments(min(DISCUSSION, number - first), seed=first)):
            parent = str((inside - 1) // 2) if inside else None
            rows.append({"thread_id": str(first), "comment_id": str(inside), "parent_id": parent})
            rows[-1] |= {"author": f"writer {(first + inside) % 977}", "text": text, "title": "Will they do it?"}
        (folder / f"{first:09}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def pages(number: int, workers: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        copied(number, Path(place))
        one = in_a_process("batch", Path(place), 1)
        many = in_a_process("batch", Path(place), workers)
        other = in_a_process("beside", Path(place), workers)
    print(f"{number} saved pages to Parquet, fast tier, three labels\n")
    print("| | processes | seconds | pages a second |\n|---|---|---|---|")
    rows = (("commentlab", 1, one), ("commentlab", workers, many), ("trafilatura and VADER", workers, other))
    for name, processes, took in rows:
        print(f"| {name} | {processes} | {took['seconds']:.1f} | {number / took['seconds']:.1f} |")
    ratio, scaling = other["seconds"] / many["seconds"], one["seconds"] / many["seconds"]
    print(f"\n{ratio:.2f} x trafilatura and VADER (bar {BAR}), {workers} workers {scaling:.2f} x one (bar {SCALING})\n")


def stream(sizes: list[int], workers: int) -> None:
    print(f"Comments of 576 characters, fast tier, three labels, {workers} workers\n")
    print("| comments | seconds | comments a second | microseconds of a worker a comment | MB of the largest worker |")
    print("|---|---|---|---|---|")
    for number in sizes:
        with tempfile.TemporaryDirectory() as place:
            streamed(number, Path(place))
            took = in_a_process("batch", Path(place), workers)
        seconds, megabytes = took["seconds"], took["megabytes"]
        assert took["comments"] == number, took
        row = f"| {number:,} | {seconds:.1f} | {number / seconds:,.0f} | {1e6 * took['busy'] / number:,.0f} |"
        print(f"{row} {megabytes} {'' if megabytes < MEMORY else '(too much) '}|", flush=True)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--pages", type=int, default=2000, help="how many; 0: none")
    given.add_argument("--comments", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.measure:
        work, folder, out, workers = asked.measure
        print(json.dumps({"batch": batch, "beside": beside}[work](folder, out, int(workers))))
        return
    if asked.pages:
        pages(asked.pages, asked.workers)
    if asked.comments:
        stream(asked.comments, asked.workers)


if __name__ == "__main__":
    main()
