"""The README's examples are run as they stand, in a folder that holds what they name."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_batch import PAGE

from commentlab.cli import main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SCHEMES = Path(__file__).parents[1] / "fixtures" / "schemes"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
PYTHON = [code for language, code in BLOCKS if language == "python"]
COMMANDS = [
    line.partition("#")[0].removeprefix(".venv/bin/commentlab ")
    for language, code in BLOCKS
    if language == "sh"
    for line in code.splitlines()
    if line.startswith(".venv/bin/commentlab") and " dashboard" not in line
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    for name in ("page.txt", "page.html", "export.xml", "pages/1.txt", "pages/2.txt"):
        (tmp_path / name).write_text(PAGE.format(number=name), encoding="utf-8")
    for name in ("toll.toml", "toll.csv"):
        shutil.copy(SCHEMES / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def test_there_are_examples() -> None:
    assert len(PYTHON) >= 1
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("code", PYTHON)
def test_python(code: str) -> None:
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own text


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(command: str) -> None:
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == 0, result.output
