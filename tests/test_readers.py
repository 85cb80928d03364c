"""Every input in fixtures/<reader>/ is read as its golden file says; `pytest --update-golden` writes those files."""

import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import commentlab as cl
from commentlab import plugin, reading

FIXTURES = Path(__file__).parents[1] / "fixtures"
INPUTS = sorted(
    path
    for name in plugin.readers()
    for path in (FIXTURES / name).glob("*")
    if not (path.suffix == ".json" and path.with_suffix("").exists())
)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.fixture(autouse=True)
def in_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id may come from the name of the source, so the golden files need names that are the same everywhere."""
    monkeypatch.chdir(FIXTURES)


def as_read(path: Path) -> Any:
    threads = cl.read(path.relative_to(FIXTURES), reader=path.parent.name)
    rows = [asdict(thread) | {"source": path.name} for thread in threads]
    return json.loads(json.dumps(rows, default=plain))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_fixture_is_read_as_its_golden_file_says(path: Path, update_golden: bool) -> None:
    golden = path.with_name(f"{path.name}.json")
    read = as_read(path)
    if update_golden:
        golden.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert read == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in plugin.readers() if (FIXTURES / name).is_dir()])
def test_reader_recognises_its_own_fixtures(name: str) -> None:
    for path in (path for path in INPUTS if path.parent.name == name):
        assert plugin.readers()[name].sniff(reading.open_source(path)), path


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_private_reaches_a_record(path: Path) -> None:
    said = json.dumps(as_read(path))
    assert not re.search(r"@[\w-]+\.(?:example|invalid)|\b192\.0\.2\.\d|gravatar", said)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_real_wordpress_pages(shared: Path) -> None:
    """Every comment of the gold pages is found with its text and author; nothing else is."""
    seen = 0
    for golden in sorted((shared / "threads" / "gold").glob("*.json")):
        gold = json.loads(golden.read_text(encoding="utf-8"))
        if "WordPress" not in gold["platform"] or not gold["comments"]:
            continue
        seen += 1
        (thread,) = cl.read(shared / "threads" / gold["file"], reader="wordpress")
        expected = Counter((*words(each["text"]), "|", *words(each["author"] or "")) for each in gold["comments"])
        found = Counter((*words(each.text), "|", *words(each.author or "")) for each in thread.comments)
        assert found == expected, gold["file"]
        assert thread.declared_count == gold["declared_count"], gold["file"]
    assert seen >= 30


def test_exports_hold_as_many_comments_parents_and_pings_as_their_elements_say(shared: Path) -> None:
    files = sorted((shared / "threads" / "exports" / "wxr").iterdir())
    assert files
    for path in files:
        markup = path.read_text(encoding="utf-8", errors="replace")
        comments = [each for thread in cl.read(path, reader="wxr") for each in thread.comments]
        stated = [each for each in comments if each.link and each.link.origin == "stated"]
        assert len(comments) == markup.count("<wp:comment>")
        assert len(stated) == len(re.findall(r"<wp:comment_parent>(?:<!\[CDATA\[)?[1-9]", markup))
        pings = len(re.findall(r"<wp:comment_type>(?:<!\[CDATA\[)?(?:ping|track)back", markup))
        assert sum(each.kind != "comment" for each in comments) == pings
