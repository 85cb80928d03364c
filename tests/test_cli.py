import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from test_batch import PAGE

import commentlab as cl
from commentlab import frames, plugin, schemes
from commentlab.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE.format(number=1), encoding="utf-8")
    return path


def run(*arguments: object, **options: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)  # type: ignore[arg-type]


def test_read_prints_a_tree(page: Path) -> None:
    result = run("read", page)
    assert result.exit_code == 0
    assert "Ann: They never will." in result.stdout
    assert "  Ben: I disagree" in result.stdout


def test_read_prints_json_lines(page: Path) -> None:
    lines = [json.loads(line) for line in run("read", page, "--format", "jsonl").stdout.splitlines()]
    assert [line["record"] for line in lines] == ["thread", "comment", "comment"]
    assert lines[0]["declared_count"] == 2
    assert lines[2]["parent_id"] == lines[1]["comment_id"]


def test_read_prints_one_csv_for_many_files(page: Path) -> None:
    lines = run("read", page, page, "--format", "csv").stdout.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("thread_id,comment_id,parent_id")


@pytest.mark.parametrize("format", ["tree", "jsonl", "csv"])
def test_read_writes_what_it_would_print(page: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    assert run("read", page, "--format", format, "--out", out, "--explain").stdout == ""
    assert out.read_text(encoding="utf-8") == run("read", page, "--format", format).stdout


def test_read_writes_a_corpus_of_convokit(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    assert run("read", page, "--format", "convokit", "--out", out).exit_code == 0
    (thread,) = cl.read(out / "utterances.jsonl")
    assert [comment.text for comment in thread.comments] == [each.text for each in cl.read(page)[0].comments]
    assert "give --out DIR" in run("read", page, "--format", "convokit").stderr


def test_read_leaves_no_file_where_nothing_was_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for form in ("csv", "convokit"):
        assert run("read", tmp_path / "empty.txt", "--format", form, "--out", tmp_path / "out").exit_code == 2
        assert not (tmp_path / "out").exists()


def test_read_explains_itself(page: Path) -> None:
    assert "read by 'plaintext'" in run("read", page, "--explain").stdout


def test_standard_input(page: Path) -> None:
    result = run("score", "-", "--scheme", "threat", input=page.read_bytes())
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 2
    assert all(row["stance_confidence"] > 0 for row in rows)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_score_writes_one_file(page: Path, tmp_path: Path, suffix: frames.FileFormat) -> None:
    out = tmp_path / f"out.{suffix}"
    assert run("score", page, "--scheme", "threat", "--out", out).exit_code == 0
    table = frames.load(out, suffix)
    assert {"thread_id", "comment_id", "stance", "stance_p_bluff", "relation", "sentiment"} <= set(table)
    assert len(table) == 2


def test_score_writes_a_folder(page: Path, tmp_path: Path) -> None:
    result = run("score", page, "--proposition", "They will strike.", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 threads with 2 comments" in result.stderr
    (shard,) = (tmp_path / "out" / "comments").iterdir()
    assert "stance_p_favor" in pd.read_parquet(shard)


def test_a_dry_run_writes_nothing(page: Path, tmp_path: Path) -> None:
    result = run("score", page, "--tier", "fast", "--out", tmp_path / "out", "--dry-run")
    assert result.exit_code == 0
    assert re.match(r"1 files, 0 done, 1 to do \(0.0 MB\): about \d+ s", result.stderr)
    assert not (tmp_path / "out").exists()
    run("score", page, "--tier", "fast", "--out", tmp_path / "out")
    assert "1 done, 0 to do" in run("score", page, "--tier", "fast", "--out", tmp_path / "out", "--dry-run").stderr


def test_a_log_for_programs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commentlab.cli._PAUSE", 0)
    result = run("score", page, "--tier", "fast", "--out", tmp_path / "out", "--log", "jsonl")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert {"progress", "done"} == {event["event"] for event in events}
    assert [(event["done"], event["total"]) for event in events if event["event"] == "progress"][-1] == (1, 1)
    assert events[-1]["threads"] == 1
    assert run("score", page, "--tier", "fast", "--out", tmp_path / "out", "--log", "quiet").stderr == ""


def test_files_are_selected(page: Path, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text(PAGE.format(number=2), encoding="utf-8")
    table = pd.read_csv(
        io.StringIO(run("score", tmp_path, "--tier", "fast", "--select", "*.txt", "--format", "csv").stdout)
    )
    assert len(table) == 2
    result = run("score", tmp_path / "*", "--tier", "fast", "--select", "other.*", "--out", tmp_path / "out")
    assert "1 threads with 2 comments from 1 files" in result.stderr


def test_one_file_is_what_the_folder_holds(page: Path, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text(PAGE.format(number=2), encoding="utf-8")
    paths = (page, tmp_path / "other.md", "--tier", "fast", "--key", tmp_path / "key")
    run("score", *paths, "--out", tmp_path / "out")
    (shard,) = (tmp_path / "out" / "comments").iterdir()
    for suffix in ("csv", "jsonl", "parquet"):
        out = tmp_path / f"out.{suffix}"
        assert run("score", *paths, "--out", out).exit_code == 0
        pd.testing.assert_frame_equal(frames.load(out, suffix), frames.load(shard, "parquet"))


@pytest.mark.parametrize("form", ["records", "table", "discussions"])
def test_a_pipe_gives_its_first_result_at_once(page: Path, tmp_path: Path, form: str) -> None:
    other = tmp_path / "other.txt"
    other.write_text(PAGE.format(number=2), encoding="utf-8")
    if form == "records":
        lines = run("read", page, other, "--format", "jsonl").stdout.splitlines(keepends=True)
    elif form == "table":
        lines = run("score", page, other, "--tier", "fast").stdout.splitlines(keepends=True)
    else:
        story = json.loads((ROOT / "fixtures" / "algolia" / "story.json").read_text(encoding="utf-8"))
        lines = [json.dumps(story) + "\n", json.dumps(story) + "\n"]
    command = [sys.executable, "-m", "commentlab.cli", "score", "-", "--tier", "fast", "--authors", "keep"]
    pipe = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert pipe.stdin
    assert pipe.stdout
    pipe.stdin.writelines(lines[:-1])
    pipe.stdin.flush()
    first = json.loads(pipe.stdout.readline())  # while the pipe is open
    pipe.stdin.writelines(lines[-1:])
    pipe.stdin.close()
    rest = pipe.stdout.readlines()
    pipe.stdout.close()
    assert pipe.wait(timeout=60) == 0
    assert first["sentiment_confidence"] > 0
    expected = 4 if form != "discussions" else 2 * len(cl.read(json.dumps(story).encode())[0].comments)
    assert len(rest) == expected - 1


def test_an_accepted_error(page: Path) -> None:
    result = run("score", page, "--scheme", "threat", "--accepted-error", "1")
    assert all(json.loads(line)["stance"] for line in result.stdout.splitlines())
    assert "accepted error" in run("score", page, "--accepted-error", "0").stderr


def test_report(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run("report", page, "--scheme", "threat", "--out", out).exit_code == 0
    assert "They never will." in out.read_text(encoding="utf-8")


def test_exit_codes(page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    assert run("read", page).exit_code == 0
    partly = run("read", page, tmp_path / "empty.txt")
    assert partly.exit_code == 1
    assert "empty.txt: it is empty" in partly.stderr
    assert run("read", tmp_path / "empty.txt").exit_code == 2
    assert run("score", page, "--scheme", "nonsense").exit_code == 2
    assert "unknown scheme 'nonsense'" in run("score", page, "--scheme", "nonsense").stderr


@pytest.mark.parametrize(
    "more", [["read"], ["score"], ["score", "--out", "dir"], ["score", "--out", "a.csv"], ["report", "--out", "a.md"]]
)
def test_a_folder_without_files_is_no_success(tmp_path: Path, more: list[str]) -> None:
    command, *options = more
    (tmp_path / "empty").mkdir()
    options = [str(tmp_path / each) if each[0] != "-" else each for each in options]
    result = run(command, tmp_path / "empty", *options)
    assert result.exit_code == 2
    assert f"{tmp_path / 'empty'}: there is nothing to read" in result.stderr


def test_lists() -> None:
    formats, shelf = run("formats").stdout, run("schemes").stdout
    assert all(name in formats for name in plugin.readers())
    assert all(name in shelf for name in schemes.available())


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in main.commands if f"commentlab {name}" not in text] == []


@pytest.mark.timing
def test_help_is_quick() -> None:
    def seconds(*words: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert seconds("-m", "commentlab.cli", "--help") - seconds("-c", "pass") < 0.5


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'pandas', 'numpy', 'sklearn', 'streamlit', 'lxml', 'nltk'}"
    code = f"import sys, commentlab.cli; print({heavy} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == "set()"
