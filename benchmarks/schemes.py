"""Schemes of one's own: what the camps of `threat` get if the scheme is given as if it were unknown.

    .venv/bin/python benchmarks/schemes.py            macro F1 without labels: even shares, and with its examples
    .venv/bin/python benchmarks/schemes.py --fit      also fitted, to growing numbers of labelled comments

Measured on the invented threads that the encoder did not learn from, asked with their own propositions. The encoder did
learn from other threads about the same camps, so expect less of camps that are new to it.
"""

import csv
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

import commentlab as cl
from commentlab import fitting, measures, schemes
from commentlab.tasks import stance
from commentlab.training import data, joint

SIZES = (50, 150, 500)


def held() -> list[data.Example]:
    """Return the examples of the threads that the encoder did not learn from."""
    return [example for example in data.threads("camps") if joint.is_held(example.group)]


def unfitted(name: str, scheme: cl.Scheme, examples: list[data.Example]) -> None:
    labels = np.array([scheme.values.index(example.label) for example in examples])
    shares = stance.unfitted("accurate", scheme).probabilities([example.item for example in examples])
    best, right = shares.argmax(axis=1), shares.argmax(axis=1) == labels
    low, high = measures.interval(labels, best, [example.group for example in examples])
    error = measures.calibration_error(shares.max(axis=1), right)
    print(f"{name:<16}macro F1 {measures.macro_f1(labels, best):.3f} ({low:.3f} to {high:.3f}), ECE {error:.3f}")


def fitted(examples: list[data.Example], size: int, folder: Path) -> None:
    scheme, labels = folder / "unknown.toml", folder / "labels.csv"
    source = (schemes.HOME / "threat.toml").read_text(encoding="utf-8")
    scheme.write_text(source.replace('name = "threat"', 'name = "unknown"'), encoding="utf-8")
    with labels.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["text", "label", "parent", "proposition", "thread"])
        for each in random.Random(2).sample(examples, min(size, len(examples))):  # noqa: S311 - texts, not secrets
            rows.writerow([each.item.text, each.label, each.item.parent, each.item.proposition, each.group])
    started = time.perf_counter()
    found = fitting.fit(scheme, labels)
    print(f"\n{time.perf_counter() - started:.1f} s\n{found}")


def main() -> None:
    """Measure with and without examples, and fitted where that is asked for."""
    examples = held()
    print(f"{len(examples)} comments of {len({example.group for example in examples})} threads")
    threat = schemes.load("threat")
    unfitted("even shares", replace(threat, camps=tuple(replace(camp, examples=()) for camp in threat.camps)), examples)
    unfitted("with examples", threat, examples)
    if "--fit" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            for size in SIZES:
                fitted(examples, size, Path(folder))


if __name__ == "__main__":
    main()
