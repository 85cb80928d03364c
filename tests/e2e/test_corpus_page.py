"""From the result of a batch to a single comment, in a real browser."""

import re
from pathlib import Path

import pytest

from commentlab import batch

pytestmark = pytest.mark.e2e
playwright = pytest.importorskip("playwright.sync_api")

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result")
    batch.run_batch([FIXTURES / "unseen", FIXTURES / "wordpress"], out, scheme="threat", tier="fast", workers=1)
    return out


@pytest.fixture
def corpus(page: "playwright.Page", result: Path) -> "playwright.Page":
    page.get_by_role("textbox", name="or name a file or folder").fill(str(result))
    page.get_by_role("button", name="Read and label").click()
    page.wait_for_selector(".groups li")
    return page


def test_words_lead_to_a_comment_in_its_discussion(corpus: "playwright.Page") -> None:
    corpus.get_by_label("Words in the comment").fill("NEVER")
    corpus.keyboard.press("Enter")
    corpus.wait_for_url("**corpus-words=NEVER*")
    corpus.get_by_text("Comments", exact=True).click()
    hit = corpus.locator(".hits button").first
    playwright.expect(hit.locator("mark").first).to_have_text("never", ignore_case=True)
    words = hit.locator("q").inner_text()
    hit.click()
    corpus.wait_for_selector(".row[aria-selected=true]")
    assert corpus.locator(".detail .text").inner_text() == words
    corpus.get_by_role("link", name="Corpus", exact=True).click()
    corpus.wait_for_selector(".groups li, .hits button")


def test_two_threads_stand_side_by_side_and_a_month_leads_to_its_threads(corpus: "playwright.Page") -> None:
    for place in (0, 1):
        corpus.locator(".compare").nth(place).click()
    playwright.expect(corpus.get_by_text("They differ most in")).to_be_visible(timeout=20_000)
    corpus.wait_for_selector("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")
    corpus.get_by_text("Months", exact=True).click()
    month = corpus.locator(".groups .name").first
    playwright.expect(month.locator("b")).to_have_text(re.compile(r"\d{4}-\d\d"), timeout=20_000)
    name = month.locator("b").inner_text()
    month.click()
    playwright.expect(corpus.get_by_role("button", name=f"Only month {name}")).to_be_visible(timeout=20_000)
    corpus.get_by_role("button", name=f"Only month {name}").click()
    playwright.expect(corpus.get_by_role("button", name=f"Only month {name}")).to_have_count(0, timeout=20_000)
