"""Pages a second: commentlab beside trafilatura and beside the bare parse, in one run on one core.

    make bench      (or: .venv/bin/python benchmarks/pages.py FOLDER_OF_HTML)

trafilatura is what a user would pick today; it returns a page's comments as one text, without authors, dates, parents.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

import commentlab as cl

ROUNDS = 3


def seconds(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Return the fastest of a few rounds over all pages, in seconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for page in pages:
            work(page)
        best = min(best, time.perf_counter() - started)
    return best


def read(page: bytes) -> object:
    try:
        return cl.read(page)
    except cl.CommentlabError as error:
        return error


def main() -> None:
    import trafilatura

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/threads/html")
    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    if not pages:
        sys.exit(f"{folder}: no pages; name a folder of HTML files")
    rows: dict[str, Callable[[bytes], object]] = {
        "bare Lexbor parse": LexborHTMLParser,
        "commentlab.read": read,
        "trafilatura.bare_extraction": trafilatura.bare_extraction,
    }
    read(pages[0])
    took = {name: seconds(work, pages) for name, work in rows.items()}
    print(f"{len(pages)} pages, {sum(map(len, pages)) >> 20} MB, best of {ROUNDS} rounds")
    for name, each in took.items():
        share = each / took["commentlab.read"]
        print(f"{name:<28} {len(pages) / each:8.1f} pages/s   {share:6.2f} x commentlab's time")


if __name__ == "__main__":
    main()
