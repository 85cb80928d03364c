"""What it brings to put a proposition plainly before the encoder is asked, on claims that it was not trained on.

    .venv/bin/python benchmarks/wording.py SHARED/data

Counts those claims of each set alone in which `commentlab.models.wording` recognises something.
"""

import sys
from pathlib import Path

import numpy as np

from commentlab import measures
from commentlab.models import encoder, wording
from commentlab.models.heads import TOWARDS, logarithms
from commentlab.models.linear import Floats
from commentlab.training import joint
from commentlab.training.joint import Case


def macro(cases: list[Case], logits: Floats) -> float:
    """Return the macro F1 over the sides that the set has."""
    lacking = cases[0].recipe.fold or {}
    sides = [place for place, side in enumerate(joint.heads()[TOWARDS]) if side not in lacking]
    labels = np.array([sides.index(int(np.argmax(case.targets[TOWARDS]))) for case in cases])
    return measures.macro_f1(labels, logits[:, sides].argmax(axis=1))


def main(root: Path) -> None:
    reader = encoder.load()
    _, held = joint.load(root)
    print(f"{'set':<18}{'texts':>6}{'claims':>8}{'as it stands':>14}{'plainly':>9}  macro F1")
    for source in dict.fromkeys(case.source for case in held if TOWARDS in case.targets):
        some = [case for case in held if case.source == source]
        cases = [case for case in some if wording.plain(case.item.proposition)[0] != case.item.proposition]
        if cases:
            items = [joint.asked(case.item, TOWARDS) for case in cases]
            before = macro(cases, reader.logits(items, TOWARDS))
            after = macro(cases, logarithms(reader, items, TOWARDS, doubt=0))
            claims = len({item.proposition for item in items})
            print(f"{source:<18}{len(cases):>6}{claims:>8}{before:>14.3f}{after:>9.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
