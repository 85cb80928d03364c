import re
from pathlib import Path

import pytest
from samples import ROWS, scored

import commentlab as cl
from commentlab import reporting


def test_the_page_is_self_contained_and_escapes_everything(tmp_path: Path) -> None:
    page = cl.report(scored(), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"""(?:src|href)\s*=|@import|url\(""", page)
    for _, _, _, _, _, words in ROWS[:2]:
        assert words in page
    assert "6 comments by 3 people" in page


def test_markdown_is_escaped(tmp_path: Path) -> None:
    page = cl.report([scored()], tmp_path / "report.md").read_text(encoding="utf-8")
    assert "<script" not in page
    assert r"&lt;script&gt;" in page
    assert r"\*\*hm\*\*" in page


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_no_quotes_leaves_out_every_word_of_the_comments(suffix: str) -> None:
    page = reporting.render([scored()], suffix, quotes=False)
    assert not any(words.split("<")[0][:30] in page for _, _, _, _, _, words in ROWS if words[0] not in "<=")


def test_threads_without_labels_make_a_report() -> None:
    unlabelled = cl.ScoredThread(thread=scored().thread, labels=())
    page = reporting.render([unlabelled, unlabelled], ".html")
    assert "2 discussions" in page


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match=r"\.html or \.md"):
        cl.report(scored(), tmp_path / "report.docx")
    with pytest.raises(cl.UnreadableError, match="cannot be written"):
        cl.report(scored(), tmp_path / "missing" / "report.md")
