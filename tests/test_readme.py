"""The README's examples are run as they stand, in a folder that holds what they name."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_batch import PAGE

from commentlab.cli import main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SCHEMES = Path(__file__).parents[1] / "fixtures" / "schemes"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
PYTHON = [code for language, code in BLOCKS if language == "python"]
COMMANDS = [
    line.partition("#")[0]
    for language, code in BLOCKS
    if language == "sh"
    for line in code.splitlines()
    if ".venv/bin/commentlab" in line and " dashboard" not in line
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
    piped, _, called = command.rpartition("|")
    words = shlex.split(called)[1:]
    if piped:
        assert run("read", "pages/", "--format", "jsonl", "--out", piped.split()[-1]).exit_code == 0
    if words[0] == "forget":
        assert run("score", "pages/", "--tier", "fast", "--out", words[1]).exit_code == 0
    result = run(*words, input=Path(piped.split()[-1]).read_bytes() if piped else b"")
    assert result.exit_code == 0, result.output
    assert result.output.strip() or "--out" in words


def run(*words: str, input: bytes = b"") -> Result:
    return CliRunner().invoke(main, words, input=input)
