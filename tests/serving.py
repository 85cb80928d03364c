"""A dashboard of one's own for a test in the browser, a browser that watches it, and a text that attacks it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ATTACK = (
    "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    " ![x](http://evil.example/x.png) [y](javascript:ran=3) http://evil.example/ :skull: $x$"
)
HOSTILE = f"""The dam {ATTACK}

They say that they will open the gates. {ATTACK}

2 thoughts on “{ATTACK}”

  1. Ann says: October 1, 2012 at 11:05 am

    This is a bluff, they will never open the gates. {ATTACK}

    • <b>Ben</b> ![x](http://evil.example/y.png) says: October 1, 2012 at 11:45 am

      I disagree, this is no bluff. {ATTACK} $\\href{{javascript:ran=4}}{{x}}$
"""


@contextmanager
def served(
    home: Path | None = None,
    *,
    script: str = "app.py",
    arguments: str = "",
    port: int | None = None,
    kill: bool = False,
) -> Iterator[str]:
    """Serve a dashboard from the repository and yield its address.

    Args:
        home: The folder for what a person keeps; None means that of the tests.
        script: What Streamlit runs.
        arguments: What the script is told.
        port: The port; None takes a free one.
        kill: End it without a warning, as a crash does.
    """
    if not CHROMIUM:
        pytest.skip("there is no Chromium")
    port = port or _free()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script)]
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    environment = {name: value for name, value in os.environ.items() if name != "COMMENTLAB_OPEN"}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"COMMENTLAB_HOME": str(home)} if home else {})
    server = subprocess.Popen(
        [*command, *options, "--", *arguments.split()],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        server.kill() if kill else server.terminate()
        server.wait(10)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 - the address is our own
        except URLError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("the server did not start within a minute")


@contextmanager
def started() -> "Iterator[Browser]":
    """Start a real Chromium."""
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def browsing(address: str) -> "Iterator[Page]":
    """Open an address; afterwards, nothing must have run that came from a thread, and no other host been asked."""
    with started() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        foreign: list[str] = []
        dialogs: list[str] = []
        page.context.on(
            "request", lambda request: foreign.append(request.url) if _is_foreign(request.url, address) else None
        )
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector(".row", timeout=120_000)
        yield page
        assert page.evaluate("window.ran") is None
        assert dialogs == []
        assert foreign == []


def _is_foreign(url: str, address: str) -> bool:
    ours = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
    return not url.startswith(ours)
