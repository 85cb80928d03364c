"""A dashboard of one's own for a test in the browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[1]


@contextmanager
def served(home: Path, *, port: int | None = None, kill: bool = False) -> Iterator[str]:
    """Serve the dashboard from the repository and yield its address.

    Args:
        home: The folder for what a person keeps.
        port: The port; None takes a free one.
        kill: End it without a warning, as a crash does.
    """
    port = port or _free()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    environment = {name: value for name, value in os.environ.items() if name != "COMMENTLAB_OPEN"}
    environment |= {"COMMENTLAB_HOME": str(home), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        command + options, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
