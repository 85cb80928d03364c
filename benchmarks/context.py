"""What the comment answered adds: labels of the replies in threads that no model and no threshold has seen.

    .venv/bin/python benchmarks/context.py

Each head of the encoder reads a reply alone, then beside the text of what it answers; then a stance is also weighed
against that of what is answered, and against the relation to it.
"""

from dataclasses import replace

import numpy as np
import unseen

from commentlab import measures, plugin, schemes
from commentlab.models import heads
from commentlab.plugin import Item

SIDES = {camp.name: camp.side for camp in schemes.load("threat").camps}


def main() -> None:
    """Print macro F1 of each head."""
    replies = [row for row in unseen.rows("relation") if row["relation"]]
    items = [Item(text=row["text"], proposition=row["proposition"], parent=row["above"]) for row in replies]
    camps = [row["stance"].replace("_", " ") for row in replies]
    tasks = {
        "relation": ([row["relation"] for row in replies], None),
        "stance": ([SIDES[camp] for camp in camps], None),
        "threat": (camps, schemes.load("threat")),
    }
    print(f"{'head':<10}{'replies':>9}{'alone':>8}{'beside':>8}{'weighed':>10}  macro F1")
    for name, (labels, scheme) in tasks.items():
        full = plugin.tasks()["relation" if name == "relation" else "stance"].classifier("accurate", scheme)
        assert isinstance(full, heads.Head)
        truth = np.array([full.values.index(label) for label in labels])
        read = replace(full, exchange=None)
        given = [replace(item, parent="") for item in items]
        found = [
            each.probabilities(some).argmax(axis=1) for each, some in ((read, given), (read, items), (full, items))
        ]
        alone, beside, weighed = (f"{measures.macro_f1(truth, best):.3f}" for best in found)
        print(f"{name:<10}{len(labels):>9}{alone:>8}{beside:>8}{weighed if full.exchange else '-':>10}")


if __name__ == "__main__":
    main()
