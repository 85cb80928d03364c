"""Let atheris look for bytes that break reading, guided by the lines of code that they reach.

    .venv/bin/python -m pip install atheris
    .venv/bin/python -m tests.fuzz.coverage_guided -max_total_time=600 -rss_limit_mb=4096

Options go to libFuzzer (https://llvm.org/docs/LibFuzzer.html). What reaches new code is kept in out/fuzz/corpus/, which
begins with the small files of fixtures/ and ../shared/threads. What fails is printed and written to out/fuzz/, once for
each place in the code, and the search goes on; cut it down by hand and add it to the table in tests/test_fuzz.py.
"""

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

CORPUS = Path(__file__).parents[2] / "out" / "fuzz" / "corpus"
SMALL = 20_000
"""Bytes of the largest input; the search needs many quick ones."""


def main() -> None:
    """Instrument commentlab and search until the time is up."""
    try:
        import atheris
    except ImportError:
        sys.exit(f"atheris is not installed; run: {sys.executable} -m pip install atheris")
    with atheris.instrument_imports(include=["commentlab"]):
        from commentlab import plugin

        from . import damage, mutate, verdict

        plugin.readers()
    CORPUS.mkdir(parents=True, exist_ok=True)
    for path in mutate.originals():
        if path.stat().st_size <= SMALL:
            (CORPUS / path.name).write_bytes(path.read_bytes())

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)  # noqa: S311 - libFuzzer's own dice
        changed = atheris.Mutate(data, most) if dice.random() < 0.5 else damage.make(dice, data, data)
        return changed[:most]

    atheris.Setup([*sys.argv, f"-max_len={SMALL}", str(CORPUS)], _searching(verdict.fault), custom_mutator=mutated)
    atheris.Fuzz()


def _searching(fault: Callable[[bytes], str | None]) -> Callable[[bytes], None]:
    seen: set[str] = set()

    def one(data: bytes) -> None:
        found = fault(data)
        place = found and "".join(line for line in found.splitlines() if "File " in line or line[:1].strip())
        if found and place not in seen:
            seen.add(str(place))
            path = CORPUS.parent / f"guided-{sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"{path}: {found}", flush=True)

    return one


if __name__ == "__main__":
    main()
