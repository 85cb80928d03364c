"""How long people wait for the dashboard, measured in a real Chromium in one run, and what the server needs.

    .venv/bin/python benchmarks/dashboard.py                     with a result of a million comments, made by rule
    .venv/bin/python benchmarks/dashboard.py --comments 40000    a quick look

The bars: the sample is on the screen 3 s after a new server is asked for its page; a comment is chosen within 300 ms
among 500 and within 1 s among 5,000; a million comments open in 3 s; the server needs at most 1.5 GB. The labels of the
result are drawn by chance (`corpora.py`). Needs Chromium (Debian: `apt-get install chromium`).
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import corpora
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
HOME = ROOT / "commentlab" / "dashboard"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TRIES = 9
PATIENCE = 120_000
# From the click to the frame in which the comment's words stand at the right.
CHOOSE = """([row]) => new Promise((done) => {
  const root = row.getRootNode(), began = performance.now(), detail = root.querySelector(".detail");
  const before = detail.innerHTML;
  const look = () => detail.innerHTML !== before && row.getAttribute("aria-selected") === "true"
    ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look);
  row.scrollIntoView({ block: "center" });
  row.click();
  look();
})"""


@contextmanager
def server() -> Iterator[tuple[str, int]]:
    """Start a server of our own; yields its address and the id of its process."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("commentlab")), "dashboard"]
    environment = {name: value for name, value in os.environ.items() if name != "COMMENTLAB_OPEN"}
    environment |= {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_HEADLESS": "true"}
    environment |= {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}", process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 - the address is our own
        except URLError:
            time.sleep(0.25)
        else:
            return
    sys.exit("the server did not start within a minute")


def memory(process: int) -> str:
    """Return what a process needs and has needed at most, in MB."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    )
    now, most = (int(status[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return f"{now:.0f} MB, at most {most:.0f} MB"


def first_paint(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".row", timeout=PATIENCE)
    page.wait_for_selector("h3", timeout=PATIENCE)
    return time.perf_counter() - began


def open_thread(page: Page, place: int, comments: int) -> tuple[float, list[float]]:
    """Open one of the threads and choose comments all over it; seconds for the first, milliseconds for the others."""
    page.get_by_role("link", name="Corpus", exact=True).click()
    began = time.perf_counter()
    page.locator(".groups .name").nth(place).click(timeout=PATIENCE)
    page.wait_for_selector(f"h3:has-text('{comments:,}'), h3:has-text('{comments} comments')", timeout=PATIENCE)
    page.wait_for_selector(".row", timeout=PATIENCE)
    opened = time.perf_counter() - began
    page.wait_for_timeout(2000)
    rows = page.locator(".row")
    count = rows.count()
    times = []
    for step in range(1, TRIES + 1):
        row = rows.nth(step * (count - 1) // TRIES)
        times.append(page.evaluate(CHOOSE, [row.element_handle()]))
        page.wait_for_timeout(600)
    return opened, times


def ask_anew(page: Page, aside: Path) -> tuple[float, float]:
    """Open a thread of 500 comments in English, then ask it for another proposition; seconds for either."""
    lines = [line.strip() for line in (HOME / "sample.txt").read_text(encoding="utf-8").splitlines()]
    said = [line for line in lines if len(line.split()) > 8]
    rows = (
        {"id": n, "author": f"Reader {n % 90}", "text": said[n % len(said)], "title": "The ferry", "parent": n // 3}
        for n in range(1, 501)
    )
    path = aside / "ferry.jsonl"
    path.write_text("".join(json.dumps(row | {"parent": row["parent"] or None}) + "\n" for row in rows))
    first = open_path(page, path, "h3:has-text('500 comments by')")
    proposition = page.get_by_role("combobox", name="Proposition")
    proposition.fill("They will stop every ferry.")
    proposition.press("Enter")
    return first, open_path(page, path, "[data-testid=stCaptionContainer]:has-text('They will stop every ferry.')")


def open_path(page: Page, path: Path, seen: str) -> float:
    """Name a path in the form, send it, and return the seconds until what belongs to it is seen."""
    page.get_by_role("textbox", name="or name a file or folder").fill(str(path))
    began = time.perf_counter()
    page.get_by_role("button", name="Read and label").click()
    page.wait_for_selector(seen, timeout=PATIENCE)
    return time.perf_counter() - began


def search(page: Page) -> float:
    page.get_by_role("link", name="Corpus", exact=True).click()
    words = page.get_by_label("Words in the comment")
    words.fill("badabebi", timeout=PATIENCE)
    began = time.perf_counter()
    words.press("Enter")
    page.wait_for_selector("h3:has-text(' of ')", timeout=PATIENCE)
    return time.perf_counter() - began


def measure(folder: Path, comments: int, aside: Path) -> None:
    with server() as (address, process), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        print(f"first paint with the sample, new server   {first_paint(page, address):6.2f} s   (bar 3 s)", flush=True)
        again = browser.new_page(viewport={"width": 1280, "height": 800})
        print(f"first paint with the sample, next session {first_paint(again, address):6.2f} s", flush=True)
        again.close()
        print(f"server with the sample                    {memory(process)}")
        first, anew = ask_anew(page, aside)
        print(f"opening a thread of 500 comments          {first:6.2f} s")
        print(f"asking it anew, fast tier                 {anew:6.2f} s", flush=True)
        opened = open_path(page, folder, "h3:has-text(' threads')")
        print(f"opening a result of {comments:>9,} comments    {opened:6.2f} s   (bar 3 s for a million)", flush=True)
        print(f"searching it                              {search(page):6.2f} s", flush=True)
        page.get_by_label("Words in the comment").fill("")
        page.keyboard.press("Enter")
        for place, size, bar in ((1, 500, 300), (0, 5_000, 1_000)):
            seconds, times = open_thread(page, place, size)
            middle, most = statistics.median(times), max(times)
            print(f"opening its thread of {size:>5,}              {seconds:6.2f} s")
            print(
                f"choosing a comment among {size:>5,}        {middle:6.0f} ms, at most {most:.0f} (bar {bar} ms)",
                flush=True,
            )
        print(f"server in the end                         {memory(process)}   (bar 1,536 MB)")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--result", type=Path, help="a result that corpora.py has made before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = given.result or Path(aside) / "result"
        if not given.result:
            corpora.write(folder, given.comments)
        measure(folder, given.comments, Path(aside))


if __name__ == "__main__":
    main()
