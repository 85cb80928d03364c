"""The examples of the documents are run as they stand, in a folder that holds what they name."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_batch import PAGE

from commentlab.cli import main

ROOT = Path(__file__).parents[1]
SCHEMES = ROOT / "fixtures" / "schemes"
DOCUMENTS = ("README.md", "docs/cookbook.md", "docs/scale.md")
BLOCKS = [
    (name, *block)
    for name in DOCUMENTS
    for block in re.findall(r"^```(\w+)\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)
]
PYTHON = [(name, code) for name, language, code in BLOCKS if language == "python"]
COMMANDS = [
    line.partition("#")[0]
    for _, language, code in BLOCKS
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
    assert len(PYTHON) >= 4
    assert len(COMMANDS) >= 20
    assert {name for name, *_ in BLOCKS} == set(DOCUMENTS)


@pytest.mark.parametrize(("name", "code"), PYTHON)
def test_python(name: str, code: str) -> None:
    exec(compile(code, name, "exec"), {})  # noqa: S102 - our own text


@pytest.mark.parametrize("command", list(dict.fromkeys(COMMANDS)))
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
