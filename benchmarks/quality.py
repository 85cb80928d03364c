"""The gate for reading: what is measured on real threads must not fall below the floors in floors.toml.

    make quality    (or: .venv/bin/python benchmarks/quality.py)

Pages and their text renderings are measured by ../shared/tools, against gold that people checked; of exports the
comments, stated parents and pings are counted. A rendering whose program is not installed is skipped. Floors belong to
one state of the corpus, which its digest names, and are only ever raised.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import commentlab as cl

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
THREADS, TOOLS = SHARED / "threads", SHARED / "tools"
FLOORS = Path(__file__).with_name("floors.toml")
_CEILINGS = ("invented",)  # what must not rise

Measures = dict[str, float]


def digest(folder: Path) -> str:
    """Return a digest of the names and contents of all files in a folder."""
    total = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def scored(*options: str) -> Measures:
    """Return what score_threads.py prints for the gold pages."""
    return _last_line(_run(TOOLS / "score_threads.py", str(THREADS), str(THREADS / "gold"), *options))


def rendered(style: str) -> Measures | None:
    """Return the measures of the gold pages as a text of some style; None where its program is not installed."""
    if not (find_spec("resiliparse") if style.startswith("resiliparse") else shutil.which(style)):
        return None
    with tempfile.TemporaryDirectory() as folder:
        _run(TOOLS / "render_text.py", str(THREADS), str(THREADS / "gold"), folder, style)
        return scored("--rendered", f"{folder}/{style}")


def exported(form: str) -> Measures:
    """Return how many comments, stated parents and pings the exports of one form hold."""
    comments = [comment for thread in cl.read(THREADS / "exports" / form) for comment in thread.comments]
    return {
        "comments": len(comments),
        "parents": sum(comment.parent_origin == "stated" for comment in comments),
        "pings": sum(comment.kind != "comment" for comment in comments),
    }


def _run(program: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, str(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program.name} failed:\n{done.stderr}")
    return done.stdout


def _last_line(printed: str) -> Measures:
    found: Measures = json.loads(printed.splitlines()[-1])
    return found


def measured(floors: dict[str, Any]) -> Iterator[tuple[str, Measures | None, Measures]]:
    """Yield the name of each part of the corpus, what is measured there, and its floors."""
    yield "pages", scored(), floors["pages"]
    yield "generic", _last_line(_run(Path(__file__).with_name("generic.py"))), floors["generic"]
    for style, least in floors["rendered"].items():
        yield style, rendered(style), least
    for form, least in floors["exports"].items():
        yield form, exported(form), least


def main() -> None:
    """Print every measure beside its floor; end with 1 where one lies below."""
    if not THREADS.is_dir():
        print(f"skipped: the threads to measure with are not at {THREADS}")
        return
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    if (found := digest(THREADS)) != floors["corpus"]:
        sys.exit(f"{THREADS} is not what {FLOORS.name} was written for; measure anew and write {found!r} there")
    below = 0
    for part, measures, least in measured(floors):
        if measures is None:
            print(f"{part:<18} skipped: {part.partition('-')[0]} is not installed")
            continue
        for name, floor in least.items():
            value = measures[name]
            fails = value > floor if name in _CEILINGS else value < floor
            below += fails
            sign = "at most" if name in _CEILINGS else "at least"
            print(f"{part:<18} {name:<9} {value:<8g} {sign} {floor:g}{'   FAILS' if fails else ''}")
    sys.exit(below > 0)


if __name__ == "__main__":
    main()
