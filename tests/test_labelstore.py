import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commentlab import labelstore
from commentlab.errors import OptionError, UnreadableError
from commentlab.labelstore import Store
from commentlab.records import Correction, Mend

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_labelstore import given
from commentlab.labelstore import Store
store = Store(path=Path(sys.argv[1]))
number = 0
while number < int(sys.argv[4]):
    store.label(given(comment_id=str(number), coder=sys.argv[2]))
    print(number, flush=True)
    number += 1
"""


def given(**values: object) -> Correction:
    first = Correction(
        thread_id="t",
        comment_id="1",
        mark="m",
        task="stance",
        value="bluff",
        coder="Ann",
        when=datetime(2026, 1, 1, tzinfo=UTC),
        scheme="threat",
        proposition="They will march.",
        text="Never.",
    )
    return replace(first, **values)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(path=tmp_path / "kept" / "labels.sqlite")


def test_nothing_is_made_before_something_is_kept(store: Store) -> None:
    assert store.corrections() == []
    assert store.history() == []
    assert store.mends(["t"]) == []
    assert store.undo("t", "Ann") is None
    assert store.revision() == 0
    assert not store.path.parent.exists()


def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    store.label(given(), given(task="relation", value="query", scheme=None, proposition=None, parent="Will they?"))
    mend = Mend(thread_id="t", kind="split", comment_id="1", mark="m", coder="Ann", when=given().when, at=7, author="B")
    store.mend(mend)
    again = Store(path=store.path)
    assert [each.task for each in again.corrections(["t"])] == ["stance", "relation"]
    assert again.corrections(["t"])[0] == given()
    assert again.mends(["t"]) == [mend]
    assert again.corrections(["other"]) == []


def test_the_last_word_of_each_coder_counts_and_the_history_stays(store: Store) -> None:
    store.label(given(), given(coder="Ben"), given(value="no position"))
    assert [(each.coder, each.value) for each in store.corrections()] == [("Ben", "bluff"), ("Ann", "no position")]
    store.label(given(value=None))
    assert [each.coder for each in store.corrections()] == ["Ben"]
    assert [row["value"] for row in store.history()] == ["bluff", "bluff", "no position", None]


def test_a_stance_about_something_else_is_another_label(store: Store) -> None:
    store.label(given(), given(proposition="They will pay.", value="credible threat"))
    assert len(store.corrections()) == 2


def test_undo_walks_back_through_one_coders_labels(store: Store) -> None:
    store.label(given(), given(value="no position"), given(coder="Ben"))
    found = store.undo("t", "Ann")
    assert found is not None
    assert found.value == "no position"
    assert [each.value for each in store.corrections()] == ["bluff", "bluff"]
    assert store.undo("t", "Ann") == given()
    assert store.undo("t", "Ann") is None
    assert [each.coder for each in store.corrections()] == ["Ben"]
    assert [row["undone"] is not None for row in store.history()] == [True, True, False]


def test_mends_are_undone_in_turn(store: Store) -> None:
    first = Mend(thread_id="t", kind="join", comment_id="2", mark="m", coder="Ann", when=given().when)
    store.mend(first)
    store.mend(replace(first, kind="attach", parent_id="1", parent_mark="n"))
    assert store.unmend("t") == replace(first, kind="attach", parent_id="1", parent_mark="n")
    assert store.mends(["t"]) == [first]


def test_the_revision_rises_with_every_change(store: Store) -> None:
    seen = [store.revision()]
    store.label(given())
    seen.append(store.revision())
    store.undo("t", "Ann")
    seen.append(store.revision())
    store.mend(Mend(thread_id="t", kind="join", comment_id="2", mark="m", coder="Ann", when=given().when))
    seen.append(store.revision())
    store.unmend("t")
    seen.append(store.revision())
    assert seen == sorted(set(seen))


def writer(store: Store, coder: str, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(store.path), coder, str(Path(__file__).parent), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_write_at_once_lose_nothing(store: Store) -> None:
    both = [writer(store, coder, 60) for coder in ("Ann", "Ben")]
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    kept = store.corrections()
    assert {(each.coder, each.comment_id) for each in kept} == {(c, str(n)) for c in ("Ann", "Ben") for n in range(60)}
    assert len(store.history()) == 120


def test_what_a_killed_process_had_reported_is_there(store: Store) -> None:
    process = writer(store, "Ann", 100_000)
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    rest = process.communicate(timeout=30)[0].split()
    kept = {int(each.comment_id) for each in store.corrections()}
    assert kept >= {*said, *(int(number) for number in rest)}
    assert kept == set(range(len(kept)))
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    store.label(given(comment_id="after"))
    assert store.corrections()[-1].comment_id == "after"


def test_a_writer_waits_for_another_ones_transaction(store: Store) -> None:
    store.label(given())
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    process = writer(store, "Ben", 1)
    time.sleep(1)
    assert len(store.history()) == 1  # readers need not wait
    holder.execute("COMMIT")
    holder.close()
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert len(store.history()) == 2


def test_a_file_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "labels.sqlite"
    path.write_text("This is no database, and it is long enough to be looked at as one." * 20, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"labels\.sqlite: .*COMMENTLAB_HOME"):
        Store(path=path).label(given())


def test_a_file_of_a_newer_version_is_left_alone(store: Store) -> None:
    store.label(given())
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UnreadableError, match="newer"):
        store.corrections()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_says_what_to_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UnreadableError, match="COMMENTLAB_HOME"):
        Store(path=tmp_path / "below" / "labels.sqlite").label(given())


def test_the_home_is_never_within_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(labelstore.HOME, str(Path(labelstore.__file__).parent / "kept"))
    with pytest.raises(OptionError, match="outside"):
        labelstore.home()
    monkeypatch.setenv(labelstore.HOME, str(tmp_path))
    assert labelstore.standard().path == tmp_path / "labels.sqlite"
    monkeypatch.delenv(labelstore.HOME)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert labelstore.home() == tmp_path / "share" / "commentlab"


def test_what_is_forgotten_is_gone_from_the_file(store: Store) -> None:
    store.label(
        given(author="Ann Smith", text="The bridge will hold, wait."),
        given(comment_id="2", author="Ben", text="No.", parent="The bridge will hold, wait.", parent_id="1"),
        given(comment_id="3", author="Cy", text="Hm.", parent="Wait and see, I say.", parent_author="Ann Smith"),
        given(thread_id="u", author="Dee", text="Another thread altogether."),
    )
    before = store.revision()
    assert store.forget(comments=[("t", "1")]) == 1
    assert store.revision() != before
    assert {each.comment_id: each.parent for each in store.corrections(["t"])} == {"2": "", "3": "Wait and see, I say."}
    assert store.authors() == ["Ann Smith", "Ben", "Cy", "Dee"]
    assert store.forget(authors=["Ann Smith"]) == 0
    assert store.authors() == ["Ben", "Cy", "Dee"]
    assert store.forget(threads=["u"]) == 1
    assert [each["author"] for each in store.history()] == ["Ben", "Cy"]
    left = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert not any(words in left for words in (b"bridge", b"Wait and see", b"Ann Smith", b"Another thread"))


def test_forgetting_where_nothing_is_kept(store: Store) -> None:
    assert store.authors() == []
    assert store.forget(authors=["Ann"]) == 0
    assert not store.path.parent.exists()
