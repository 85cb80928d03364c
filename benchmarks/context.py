"""What the comment answered adds: labels of replies with and without it, on written threads that no encoder saw.

    .venv/bin/python benchmarks/context.py

The fast tier learns from all written threads, so only the encoder's answer (`tier="accurate"` without the mix) counts.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.metrics import f1_score

from commentlab.models import encoder
from commentlab.plugin import Item
from commentlab.training import joint


def macro(items: Sequence[Item], head: str, labels: Sequence[int]) -> float:
    best = encoder.load().logits(items, head).argmax(axis=1)
    return float(f1_score(labels, best, average="macro", zero_division=0))


def main() -> None:
    held = [case for case in joint.written() if joint.is_held(case) and case.item.parent]
    print(f"{'head':<10}{'replies':>9}{'alone':>8}{'with the parent':>17}  macro F1")
    for head in joint.heads():
        cases = [case for case in held if head in case.targets]
        labels = [int(np.argmax(case.targets[head])) for case in cases]
        whole = [joint.asked(case.item, head) for case in cases]
        alone = [replace(item, parent="") for item in whole]
        if whole != alone:
            print(f"{head:<10}{len(cases):>9}{macro(alone, head, labels):>8.3f}{macro(whole, head, labels):>17.3f}")


if __name__ == "__main__":
    main()
