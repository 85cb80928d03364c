"""What happens when things break: an input is a result or a failure, and a disturbed run ends like an undisturbed one.

The processes are real, and so are the signals. A reader that misbehaves is put into the workers by a `sitecustomize`.
"""

import bz2
import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from samples import scored
from test_batch import PAGE

import commentlab as cl
from commentlab.batch import StoppedError, inputs, shards, stores
from commentlab.batch.stores import Disk

ROOT = Path(__file__).parents[1]
FAST: dict[str, Any] = {"tier": "fast", "tasks": ("sentiment",)}
FILES = int(os.environ.get("COMMENTLAB_FAULT_FILES", "300"))
"""Files of the largest test; 10000 is the figure of the issue, 300 fits into everybody's patience."""

READER = '''
"""A reader that does what its file says."""
import os, signal, time
from pathlib import Path
from commentlab.plugin import Clue, Format
from commentlab.records import Comment, Post, Thread

FORMAT = Format(name="hostile", title="hostile")

def sniff(source):
    return Clue(score=1.0, why="it says so") if source.head.startswith(b"HOSTILE ") else None

def read(source):
    word, _, rest = source.head.decode()[8:].strip().partition(" ")
    if word == "once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "parent":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(1)
    if word == "hang":
        time.sleep(1000)
    if word == "die":
        os.kill(os.getpid(), getattr(signal, rest))
    if word == "raise":
        raise ZeroDivisionError(rest)
    if word == "delete":
        Path(rest).unlink(missing_ok=True)
    if word == "surrogate":
        rest = "a \\ud800 b"
    comment = Comment(id="1", text=f"I love this. {rest}", author="Ann")
    post = Post(id=source.name, title="t", text="", )
    yield Thread(id=source.name, post=post, comments=(comment,), source=source.name, reader="hostile")
'''


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:03}.txt").write_text(PAGE.format(number=number), encoding="utf-8")
    return folder


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers, and them alone, know the reader above."""
    place = tmp_path / "site"
    (place / "more").mkdir(parents=True)
    (place / "more" / "hostile.py").write_text(READER)
    code = f"import commentlab.readers\ncommentlab.readers.__path__.append({str(place / 'more')!r})\n"
    (place / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(place), str(ROOT)]))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "CHUNK", 4)


def files_of(out: Path) -> dict[str, bytes]:
    """Return all that a reader of the tables sees, the manifest apart, which carries times."""
    found = {
        str(path.relative_to(out)): path.read_bytes() for table in shards.TABLES for path in (out / table).iterdir()
    }
    return found | {"failures.jsonl": (out / "failures.jsonl").read_bytes()}


def failures_of(out: Path) -> dict[str, str]:
    lines = (out / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert len({each["source"] for each in found}) == len(found)
    return {each["source"]: each["error"] for each in found}


def results_of(out: Path) -> list[str]:
    return [name for path in sorted((out / "threads").iterdir()) for name in pd.read_parquet(path)["source"]]


def assert_all_accounted_for(out: Path, given: Iterator[Path] | list[Path]) -> None:
    results, failures = results_of(out), failures_of(out)
    assert not set(results) & set(failures)
    known = [*results, *failures]
    for path in map(str, given):
        assert any(name == path or name.startswith((f"{path}/", f"{path}#")) for name in known), path
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["complete"]
    assert manifest["summary"]["threads"] == len(results)
    assert manifest["summary"]["failures"] == len(failures)


def with_the_key_of(whole: Path, out: Path) -> None:
    """Let two folders give people the same pseudonyms."""
    out.mkdir()
    shutil.copy(whole / "pseudonym.key", out)


def driver(pages: Path, out: Path, **options: Any) -> "subprocess.Popen[bytes]":
    """Start a run in a process of its own."""
    code = f"""
    import commentlab as cl
    from commentlab.batch import inputs
    inputs.CHUNK = 4
    cl.run_batch({str(pages)!r}, {str(out)!r}, **{FAST | options!r})
    """
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT)


def children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(each) for each in listed]


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@linux
def test_a_driver_that_is_killed_at_any_moment(pages: Path, tmp_path: Path, small: None) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    cl.run_batch(pages, whole, workers=2, **FAST)
    with_the_key_of(whole, out)
    chance = random.Random(7)  # noqa: S311
    kills = 0
    while kills < 20:
        run = driver(pages, out, workers=1)
        until = time.monotonic() + 60
        before = len(list((out / "done").glob("*")))
        target = chance.choice([0, 0, 1, 2])  # from before anything is written to when some chunks are done
        while time.monotonic() < until and run.poll() is None:
            if children(run.pid) and len(list((out / "done").glob("*.json"))) >= before + target:
                break
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.3))
        workers = children(run.pid)
        run.send_signal(signal.SIGKILL)
        if run.wait() == -signal.SIGKILL:
            kills += 1
        else:
            cl.run_batch(pages, out, workers=1, limit=1, **FAST)  # it was done: begin again
        assert_gone(workers)
        for path in [*(out / "comments").glob("[!.]*"), *(out / "threads").glob("[!.]*")]:
            pd.read_parquet(path)  # no half shards
    assert cl.run_batch(pages, out, workers=2, **FAST).failures == 0
    assert files_of(out) == files_of(whole)


def assert_gone(workers: list[int]) -> None:
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.01)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


@linux
def test_workers_that_are_killed(pages: Path, tmp_path: Path, small: None) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    cl.run_batch(pages, whole, workers=2, **FAST)
    with_the_key_of(whole, out)
    killed: set[int] = set()

    def kill(progress: cl.batch.Progress) -> None:  # type: ignore[name-defined]
        if progress.here > 8 * len(killed) and len(killed) < 3:
            victims = [pid for pid in children(os.getpid()) if pid not in killed]
            for pid in victims[:1]:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)

    summary = cl.run_batch(pages, out, workers=2, progress=kill, **FAST)
    assert len(killed) == 3
    assert summary.failures == 0
    assert files_of(out) == files_of(whole)


def test_what_kills_or_stops_a_worker_costs_its_own_file(pages: Path, tmp_path: Path, hostile: None) -> None:
    deeds = {
        "a.txt": "die SIGSEGV",
        "b.txt": "die SIGKILL",
        "c.txt": "hang",
        "d.txt": "raise apart",
        "e.txt": f"once {tmp_path / 'marker'}",
        "f.txt": "delete " + str(pages / "zz.txt"),
        "g.txt": "surrogate",
        "zz.txt": "never read",
    }
    for name, deed in deeds.items():
        (pages / name).write_text(f"HOSTILE {deed}")
    out = tmp_path / "out"
    summary = cl.run_batch(pages, out, workers=2, timeout=4, **FAST)
    failed = {Path(source).name: error for source, error in failures_of(out).items()}
    assert set(failed) == {"a.txt", "b.txt", "c.txt", "d.txt", "zz.txt"}
    assert "SIGSEGV" in failed["a.txt"]
    assert "SIGKILL; out of memory?" in failed["b.txt"]
    assert "more than 4 s, twice" in failed["c.txt"]
    assert "ZeroDivisionError: apart" in failed["d.txt"]
    assert "No such file" in failed["zz.txt"]
    assert summary.threads == 40 + 3
    assert_all_accounted_for(out, sorted(pages.iterdir()))
    again = cl.run_batch(pages, out, workers=1, timeout=4, **FAST)
    assert again.failures == 4  # zz.txt is not there any more, and the others are tried again
    assert len([name for name in results_of(out) if name.endswith("e.txt")]) == 1


def test_one_document_of_an_archive_costs_no_more_than_itself(tmp_path: Path, hostile: None) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        for number in range(6):
            archive.writestr(f"{number}.txt", PAGE.format(number=number))
        archive.writestr("3b.txt", "HOSTILE die SIGABRT")
    cl.run_batch(tmp_path / "pages.zip", tmp_path / "out", **FAST)
    assert [Path(name).name for name in results_of(tmp_path / "out")] == [f"{number}.txt" for number in range(6)]
    (source,) = failures_of(tmp_path / "out")
    assert source == f"{tmp_path / 'pages.zip'}/3b.txt"


def test_merged_files_lose_the_one_that_kills(pages: Path, tmp_path: Path, hostile: None) -> None:
    (pages / "020b.txt").write_text("HOSTILE die SIGKILL")
    summary = cl.run_batch(pages, tmp_path / "out", merge=True, **FAST)
    assert [Path(source).name for source in failures_of(tmp_path / "out")] == ["020b.txt"]
    assert (summary.files, summary.threads) == (41, 1)  # their comments are the same, so they are one discussion


@linux
def test_a_full_disk(pages: Path, tmp_path: Path, small: None) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("may not mount a tmpfs here")
    whole, out = tmp_path / "whole", disk / "out"
    try:
        cl.run_batch(pages, whole, **FAST)
        with_the_key_of(whole, out)
        with pytest.raises(StoppedError, match="No space left on device"):
            cl.run_batch(pages, out, **FAST)
        assert list((out / "done").glob("*.json"))
        for path in (out / "threads").glob("[!.]*"):
            pd.read_parquet(path)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        summary = cl.run_batch(pages, out, **FAST)
        assert summary.resumed > 0
        assert files_of(out) == files_of(whole)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """A shell lets what it runs in the background ignore SIGINT, and that is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@linux
def test_ctrl_c(pages: Path, tmp_path: Path, heeds_ctrl_c: None) -> None:
    command = [sys.executable, "-m", "commentlab.cli", "score", str(pages), "--tier", "fast", "--out"]
    run = subprocess.Popen([*command, str(tmp_path / "out")], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not children(run.pid) and time.monotonic() < until:
        time.sleep(0.01)
    workers = children(run.pid)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "the same command goes on where it was" in said
    assert "Traceback" not in said
    assert_gone(workers)
    done = subprocess.run([*command, str(tmp_path / "out")], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "40 threads" in done.stderr


def test_two_runs_do_not_write_into_one_folder(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 0.2)
    folder = shards.Folder(store=Disk(path=tmp_path / "out"), format="parquet")
    folder.prepare()
    with stores.locked(folder.store), pytest.raises(cl.UnreadableError, match="another run"):
        cl.run_batch(pages, tmp_path / "out", **FAST)


def broken(number: int) -> bytes:
    """Return one of many kinds of broken files."""
    packed = gzip.compress(PAGE.format(number=number).encode() * 50)
    kinds = [
        b"",
        b" \n" * number,
        packed[: len(packed) // 2],
        bz2.compress(b"x" * number),
        b"PK\x03\x04" + b"\0" * number,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"\0\1\2\3" * 200,
        b"\x7fELF" + bytes(range(64)) * number,
        b"[" * 5000,
    ]
    return kinds[number % len(kinds)]


def test_one_broken_file_in_ten(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILES):
        data = broken(number) if number % 10 == 3 else PAGE.format(number=number).encode()
        (folder / f"{number:05}").write_bytes(data)
    summary = cl.run_batch(folder, tmp_path / "out", workers=2, **FAST)
    assert summary.files == FILES
    assert summary.failures == FILES // 10
    assert_all_accounted_for(tmp_path / "out", sorted(folder.iterdir()))


def test_what_breaks_off_after_its_first_thread_is_a_result_with_a_problem(tmp_path: Path) -> None:
    folder = shards.Folder(store=Disk(path=tmp_path), format="parquet")
    folder.prepare()
    writer = shards.Writer(folder, "0" * 16, {})
    writer.take(scored())
    broken_off = cl.Failure(source=scored().thread.source, error="it breaks off")
    other = cl.Failure(source="other", error="it is empty")
    assert writer.close([broken_off, other]) == (other,)
    (shard,) = (tmp_path / "problems").iterdir()
    assert pd.read_parquet(shard).iloc[-1].to_list()[2:] == ["cut", "it breaks off"]


def bomb() -> bytes:
    """Return a zip file of 10 KB that holds 10 MB in each of its entries, which lead out of every folder."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../../../etc/passwd", "/etc/passwd", "a\nb.txt"):
            archive.writestr(name, b"\0" * 10_000_000)
    return data.getvalue()


def test_hostile_files(tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
    (folder / "bomb.xml").write_text(f"<?xml version='1.0'?><!DOCTYPE r [{entities}]><r>&e11;</r>")
    (folder / "bomb.zip").write_bytes(bomb())
    (folder / "bomb.gz").write_bytes(gzip.compress(gzip.compress(b"\0" * 50_000_000)))
    (folder / "line.txt").write_bytes(b"a" * 20_000_000)
    (folder / "line.csv").write_bytes(b"author,text\nAnn,Hello there\nBen," + b"a" * 40_000_000)
    (folder / "line.ndjson").write_bytes(b'{"text": "' + b"a" * 40_000_000 + b'"}\n')
    (folder / "new\nline.txt").write_text(PAGE.format(number=1))
    (folder / os.fsdecode(b"no\xfftext.txt")).write_text(PAGE.format(number=2))
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "round").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "gone.txt")
    os.mkfifo(folder / "pipe")
    out = tmp_path / "out"
    summary = cl.run_batch(folder, out, timeout=60, **FAST)
    names = {Path(name).name for name in results_of(out)}
    assert {"new\nline.txt", "no\\udcfftext.txt"} <= names
    failed = failures_of(out)
    texts = {Path(source).name for source in failed}
    assert {"loop", "nowhere", "pipe", "bomb"} <= texts | {Path(source).parent.name for source in failed}
    assert "no regular file" in failed[str(folder / "pipe")]
    assert not any("more than 60 s" in error for error in failed.values())
    assert summary.files == 11
    listed = [
        path.with_suffix("") if path.suffix == ".gz" else path for path in folder.iterdir() if path.name != "round"
    ]
    assert_all_accounted_for(out, [Path(str(path).encode("utf-8", "backslashreplace").decode()) for path in listed])
