"""What was opened, on the disk: kept whole, bounded, for its owner alone, and never trusted."""

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

from commentlab import UnreadableError, labelstore, reopening
from commentlab.reopening import Thing

PASTE = Thing(about={"name": "what you pasted \udc80"}, contents=(b"The dam\n\nAnn says: no.", b"", b"\x00\xff\n"))


def thing(number: int, size: int = 1) -> Thing:
    return Thing(about=number, contents=(b"x" * size,))


@pytest.fixture
def folder(kept: Path) -> Path:
    return kept / reopening.FOLDER


def test_a_thing_is_found_by_its_name_and_read_by_its_owner_alone(folder: Path) -> None:
    assert reopening.find(PASTE.name) is None
    reopening.keep(PASTE)
    assert reopening.find(PASTE.name) == PASTE
    (path,) = folder.iterdir()
    assert path.name == PASTE.name
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def test_only_the_last_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopening, "LIMIT", 500)
    for number in range(reopening.MOST + 2):
        reopening.keep(thing(number))
        os.utime(folder / thing(number).name, (number, number))
    assert len(list(folder.iterdir())) == reopening.MOST < 500 / len(b"".join(thing(0).parts))
    assert [reopening.find(thing(number).name) for number in (0, 1)] == [None, None]
    reopening.keep(thing(0, 400))
    left = [path.stat().st_size for path in folder.iterdir()]
    assert max(left) > 400
    assert sum(left) <= 500
    reopening.keep(thing(0, 500))
    assert reopening.find(thing(0, 500).name) is None
    assert [path.stat().st_size for path in folder.iterdir()] == left


def named(content: bytes) -> tuple[str, bytes]:
    return hashlib.blake2b(content, digest_size=16).hexdigest(), content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (PASTE.name, b"".join(PASTE.parts)[:-1]),
        (PASTE.name, b""),
        ("notes.txt", b"mine"),
        named(b"mine"),
        named(b"[]\n"),
        named(b"[" * 100_000),
        named(b'{"about": 1, "sizes": ["a"]}\n'),
        named(b'{"about": 1, "sizes": null}\n'),
    ],
)
def test_what_is_damaged_or_foreign_is_passed_over(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    assert reopening.find(name) is None
    reopening.keep(thing(1))
    assert reopening.find(thing(1).name) == thing(1)
    assert (folder / name).read_bytes() == content


@pytest.mark.parametrize("name", ["", "../labels.sqlite", "a" * 31, "A" * 32, f"{PASTE.name}.part", f"{PASTE.name}\n"])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    reopening.keep(PASTE)
    assert reopening.find(name) is None


def test_forgetting_takes_all_that_is_ours(folder: Path) -> None:
    assert reopening.forget() == 0
    assert not folder.exists()
    reopening.keep(PASTE)
    reopening.keep(thing(1))
    (folder / f"{PASTE.name}.part").write_bytes(b"what a crash left")
    (folder / "notes.txt").write_bytes(b"mine")
    assert reopening.forget() == 2
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_where_nothing_can_be_written_it_is_said(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be", encoding="ascii")
    with pytest.raises(UnreadableError, match="cannot be kept"):
        reopening.keep(PASTE)
    assert reopening.find(PASTE.name) is None
    assert reopening.forget() == 0


def test_nothing_but_json_and_bytes_is_written(folder: Path) -> None:
    reopening.keep(PASTE)
    head, _, rest = (folder / PASTE.name).read_bytes().partition(b"\n")
    assert json.loads(head) == {"about": PASTE.about, "sizes": [22, 0, 3]}
    assert rest == b"".join(PASTE.contents)
    assert labelstore.home() == folder.parent
