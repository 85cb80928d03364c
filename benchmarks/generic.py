"""The generic reader alone: the gold pages with every family's reader switched off.

    make bench      (or: .venv/bin/python benchmarks/generic.py)

It shows how far reading carries on pages of a kind that nobody listed. The floor is issue 3's.
"""

import runpy
import sys
from pathlib import Path

from commentlab import plugin

SHARED = Path(__file__).parents[2] / "shared"
SCORE = SHARED / "tools" / "score_threads.py"
KEPT = ("html", "plaintext")
"""What is left; both know no platform."""


def main() -> None:
    """Measure what the readers without a family find."""
    if not SCORE.is_file():
        sys.exit(f"skipped: there is no {SCORE}")
    every = plugin.readers()
    left = {name: every[name] for name in KEPT}
    plugin.readers = lambda: left
    print(f"{len(every) - len(left)} readers are switched off, {', '.join(left)} are left:")
    threads = SHARED / "threads"
    sys.argv = [str(SCORE), str(threads), str(threads / "gold"), *sys.argv[1:]]
    runpy.run_path(str(SCORE), run_name="__main__")


if __name__ == "__main__":
    main()
