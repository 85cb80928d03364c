"""Labels on threads that no model and no threshold has seen: `fixtures/unseen/threat.jsonl`.

    .venv/bin/python benchmarks/unseen.py

The threads are invented, like those that train the scheme, by the same kind of writer; nothing was chosen on them.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

import commentlab as cl
from commentlab import measures, plugin, schemes

THREADS = Path(__file__).parents[1] / "fixtures" / "unseen" / "threat.jsonl"
COLUMNS = (
    f"{'task':<11}{'tier':<10}{'texts':>6}{'macro F1':>10}{'95 %':>16}{'ECE':>7}{'answered':>10}{'right there':>13}"
)


def rows(task: str) -> list[dict[str, Any]]:
    """Return the comments that have a label for a task, with the text of their parent, proposition and thread."""
    found = []
    for line in THREADS.read_text(encoding="utf-8").splitlines():
        thread = json.loads(line)
        texts = {comment["id"]: comment["text"] for comment in thread["comments"]}
        for comment in thread["comments"]:
            around = {"thread": thread["id"], "proposition": thread["proposition"]}
            found.append(comment | around | {"above": texts.get(comment["parent"], "")})
    return [row for row in found if row[task]]


def measured(task: str, tier: plugin.Tier) -> dict[str, Any]:
    """Return macro F1 with its interval over threads, calibration error, share answered and accuracy there."""
    chosen = rows(task)
    more: dict[str, Any] = {"contexts": [row["above"] for row in chosen]} if task == "relation" else {}
    if task == "stance":
        propositions, parents = ([row[name] for row in chosen] for name in ("proposition", "above"))
        more = {"contexts": propositions, "parents": parents, "scheme": "threat"}
    found = cl.classify(task, [row["text"] for row in chosen], tier=tier, **more)
    values = schemes.load("threat").values if task == "stance" else plugin.tasks()[task].VALUES
    labels = np.array([values.index(row[task].replace("_", " ")) for row in chosen])
    shares = found[[f"p_{value}" for value in values]].to_numpy()
    best, answered = shares.argmax(axis=1), found["value"].notna().to_numpy()
    low, high = measures.interval(labels, best, [row["thread"] for row in chosen])
    return {
        "texts": len(chosen),
        "macro_f1": measures.macro_f1(labels, best),
        "interval": f"{low:.3f}-{high:.3f}",
        "ece": measures.calibration_error(shares.max(axis=1), best == labels),
        "answered": answered.mean(),
        "right": (best == labels)[answered].mean(),
    }


def main() -> None:
    print(COLUMNS)
    for task in plugin.tasks():
        for tier in ("fast", "accurate", "auto"):
            row = measured(task, tier)
            figures = f"{row['texts']:>6}{row['macro_f1']:>10.3f}{row['interval']:>16}{row['ece']:>7.3f}"
            print(f"{task:<11}{tier:<10}{figures}{row['answered']:>10.0%}{row['right']:>13.3f}")


if __name__ == "__main__":
    main()
