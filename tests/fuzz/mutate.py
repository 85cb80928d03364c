"""Read thousands of damaged files; none may end in anything but threads or an error that commentlab names.

    make fuzz       (or: .venv/bin/python -m tests.fuzz.mutate --count 500 --seed 7, or --minutes 10)

The files are those of fixtures/ and, where it is there, ../shared/threads. Case n of a seed is always the same as long
as the files are. What fails is written to out/fuzz/ and makes the exit status 1; cut it down by hand and add it to the
table in tests/test_fuzz.py.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from itertools import count as counted
from itertools import islice
from pathlib import Path
from random import Random

from . import damage, verdict

ROOT = Path(__file__).parents[2]
FOUND = ROOT / "out" / "fuzz"
_BATCH = 50  # cases for a process at a time
_SLOW = 1.0  # seconds that are worth a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A case that was read: its number, the file that it was made of, seconds, and what was wrong."""

    number: int
    origin: str
    seconds: float
    fault: str | None


@cache
def originals(root: Path = ROOT) -> tuple[Path, ...]:
    """Return the files that are damaged, in a fixed order; golden files are not among them."""
    folders = (root / "fixtures", root.parent / "shared" / "threads")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return tuple(path for path in files if path.parent.name != "gold" and not _is_golden(path))


def _is_golden(path: Path) -> bool:
    return path.suffix == ".json" and path.with_suffix("").exists()


def case(seed: int, number: int) -> tuple[Path, bytes]:
    """Return a case: the file that it is made of, and the damaged bytes."""
    dice = Random(f"{seed} {number}")  # noqa: S311 - the same dice each time
    path, other = dice.choice(originals()), dice.choice(originals())
    return path, damage.make(dice, path.read_bytes(), other.read_bytes())


def tried(seed: int, number: int) -> Result:
    """Make a case and read it; one that fails is kept in out/fuzz/."""
    path, data = case(seed, number)
    started = time.perf_counter()
    fault = verdict.fault(data, path.name)
    if fault:
        FOUND.mkdir(parents=True, exist_ok=True)
        (FOUND / f"{seed}-{number}{path.suffix}").write_bytes(data)
    origin = str(path.relative_to(ROOT.parent))
    return Result(number=number, origin=origin, seconds=time.perf_counter() - started, fault=fault)


def _batch(seed: int, first: int) -> list[Result]:
    return [tried(seed, number) for number in range(first, first + _BATCH)]


def results(seed: int, count: int, minutes: float) -> Iterator[Result]:
    """Yield results of `count` cases, or of as many as `minutes` allow, read by a process for each core."""
    until = time.monotonic() + minutes * 60
    workers = os.cpu_count() or 1
    starts = iter(range(0, count, _BATCH)) if count else counted(0, _BATCH)
    with ProcessPoolExecutor(workers) as pool:
        while time.monotonic() < until and (firsts := list(islice(starts, workers))):
            batches = {pool.submit(_batch, seed, first): first for first in firsts}
            wait(batches)
            for batch, first in batches.items():
                yield from _outcome(batch, first)


def _outcome(batch: Future[list[Result]], first: int) -> list[Result]:
    try:
        return batch.result()
    except BrokenProcessPool as error:
        sys.exit(f"a reader ended its process in one of the cases {first} to {first + _BATCH - 1}: {error}")


def main() -> None:
    """Read the damaged files that were asked for, and print what is wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=0, help="cases to read (20000 without --minutes)")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--minutes", type=float, default=0, help="time to read cases for")
    asked = options.parse_args()
    count = asked.count or (0 if asked.minutes else 20_000)
    started, done, bad, slowest = time.monotonic(), 0, 0, 0.0
    for result in results(asked.seed, count, asked.minutes or float("inf")):
        done, slowest = done + 1, max(slowest, result.seconds)
        if result.fault or result.seconds > _SLOW:
            bad += result.fault is not None
            print(f"case {result.number} of {result.origin}: {result.seconds:.1f} s {result.fault or ''}", flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"{done} damaged files in {minutes:.1f} minutes, {bad} faults, the slowest took {slowest:.1f} s")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
