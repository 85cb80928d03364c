"""A server of our own and a page of a real Chromium, which watches for scripts that ran and for foreign requests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if not CHROMIUM:
        pytest.skip("there is no Chromium")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    environment = {name: value for name, value in os.environ.items() if name != "COMMENTLAB_OPEN"}
    server = subprocess.Popen(
        command + options, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 - the address is our own
        except URLError:
            time.sleep(0.5)
        else:
            return
    pytest.fail("the server did not start within a minute")


@pytest.fixture
def page(address: str) -> "Iterator[Page]":
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        foreign: list[str] = []
        dialogs: list[str] = []
        page.context.on(
            "request", lambda request: foreign.append(request.url) if _is_foreign(request.url, address) else None
        )
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector(".row")
        yield page
        assert page.evaluate("window.ran") is None
        assert dialogs == []
        assert foreign == []
        browser.close()


def _is_foreign(url: str, address: str) -> bool:
    ours = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
    return not url.startswith(ours)
