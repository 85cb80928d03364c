"""The dashboard in a real Chromium: from paste to answer, without one foreign request and without one script run."""

import zipfile
from pathlib import Path

import pytest

ATTACK = (
    "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    " ![x](http://evil.example/x.png) [y](javascript:ran=3)"
)
HOSTILE = f"""The dam {ATTACK}

They say that they will open the gates. {ATTACK}

2 thoughts on “{ATTACK}”

  1. Ann says: October 1, 2012 at 11:05 am

    This is a bluff, they will never open the gates. {ATTACK}

    • <b>Ben</b> says: October 1, 2012 at 11:45 am

      I disagree, this is no bluff. {ATTACK} $\\href{{javascript:ran=4}}{{x}}$
"""

pytestmark = pytest.mark.e2e
playwright = pytest.importorskip("playwright.sync_api")


def paste(page: "playwright.Page", text: str) -> None:
    page.get_by_label("Paste a post with its comments").fill(text)
    page.get_by_role("button", name="Read and label").click()


def test_it_opens_with_the_labelled_sample(page: "playwright.Page") -> None:
    playwright.expect(page.get_by_role("heading", name="31 comments by")).to_be_visible()
    assert page.locator(".row").count() == 32
    assert page.locator(".row .chip").count() == 31


def test_paste_and_read_a_label(page: "playwright.Page") -> None:
    text = "The dam\n\nThey threaten.\n\n1 thought on “The dam”\n\n  1. Ann says: October 1, 2012 at 11:05 am\n\n    "
    paste(page, f"{text}It is all empty words and posturing. They will never do it, wake me when it happens.\n")
    playwright.expect(page.get_by_role("heading", name="1 comment by 1 person")).to_be_visible()
    playwright.expect(page.locator(".row")).to_have_count(1)
    assert page.locator(".row .chip").inner_text() in {"credible threat", "limited threat", "bluff", "no position"}
    assert "%" in page.locator(".detail .label").first.inner_text()


def test_the_keyboard_moves_and_the_address_remembers(page: "playwright.Page") -> None:
    page.locator(".row").first.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    chosen = page.locator(".row[aria-selected=true]").get_attribute("data-id")
    assert page.locator(".row[aria-selected=true] .glyph.disagree").count() == 1
    page.wait_for_url(f"**comment={chosen}*")
    page.reload()
    page.wait_for_selector(".row[aria-selected=true]")
    assert page.locator(".row[aria-selected=true]").get_attribute("data-id") == chosen


def test_a_folded_branch_says_what_it_holds(page: "playwright.Page") -> None:
    before = page.locator(".row:visible").count()
    page.locator(".row .fold").first.click()
    assert page.locator(".row:visible").count() < before
    assert " more, " in page.locator(".folded").first.inner_text()


def test_a_quote_leads_to_its_comment(page: "playwright.Page") -> None:
    page.get_by_role("link", name="Camps").click()
    quote = page.locator(".quotes q").first
    words = quote.inner_text()
    quote.click()
    page.wait_for_selector(".row[aria-selected=true]")
    assert page.locator(".detail .text").inner_text() == words


def test_all_tables_come_in_one_zip(page: "playwright.Page", tmp_path: Path) -> None:
    page.get_by_role("link", name="Take away").click()
    for named in (False, True):
        page.get_by_text("Keep people’s names").set_checked(named)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="All three as CSV in a zip").click()
        waiting.value.save_as(tmp_path / "all.zip")
        with zipfile.ZipFile(tmp_path / "all.zip") as archive:
            assert sorted(archive.namelist()) == ["comments.csv", "problems.csv", "threads.csv"]
            assert (b"Ingrid Moe" in archive.read("comments.csv")) == named


def test_the_report_and_the_corpus_hold_no_names(page: "playwright.Page", tmp_path: Path) -> None:
    page.get_by_role("link", name="Take away").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Report as a page").click()
    report = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert report.startswith("<!doctype html>")
    assert "person-" in report
    assert "Ingrid Moe" not in report
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Corpus for ConvoKit").click()
    waiting.value.save_as(tmp_path / "corpus.zip")
    with zipfile.ZipFile(tmp_path / "corpus.zip") as archive:
        assert "corpus/utterances.jsonl" in archive.namelist()
        assert b"Ingrid Moe" not in archive.read("corpus/utterances.jsonl")


def test_nothing_of_a_hostile_thread_runs(page: "playwright.Page") -> None:
    paste(page, HOSTILE)
    playwright.expect(page.locator(".row")).to_have_count(2)
    for name in ("Camps", "Take away", "Read", "Discussion"):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_timeout(1500)
        assert page.locator("img[src*=evil], a[href^=javascript], a[href*=evil]").count() == 0
    assert "<script>" in page.locator(".detail .text").inner_text()
