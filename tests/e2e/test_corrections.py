"""Correcting in a real Chromium: labels by the keyboard alone, the whole journey with an export, crashes and tabs."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import samples
from serving import HOSTILE, served, started

from commentlab import labelstore
from commentlab.labelstore import Store

CAMPS = {camp: str(number) for number, camp in enumerate(samples.CAMPS, 1)}

pytestmark = pytest.mark.e2e
playwright = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def browser() -> "Iterator[playwright.Browser]":
    with started() as browser:
        yield browser


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(path=tmp_path / labelstore.FILE)


def opened(browser: "playwright.Browser", address: str, path: str = "", wanted: str = ".row") -> "playwright.Page":
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address + path)
    page.wait_for_selector(wanted, timeout=60_000)
    return page


def labels(store: Store) -> dict[tuple[str, str], str | None]:
    return {(each.comment_id, each.task): each.value for each in store.corrections()}


def settled(page: "playwright.Page", store: Store, number: int) -> None:
    """Wait until as many labels are kept."""
    for _ in range(100):
        if len(store.corrections()) >= number:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{len(store.corrections())} labels are kept, not {number}")


def test_keys_alone_label_skip_and_undo(browser: "playwright.Browser", store: Store) -> None:
    with served(store.path.parent) as address:
        page = opened(browser, address, "/label?coder=Ann", ".labelling article")
        first = page.locator(".labelling .text").inner_text()
        for key in ("3", "d", "-"):  # quicker than the server answers
            page.keyboard.press(key)
        playwright.expect(page.locator(".labelling .text")).not_to_have_text(first)
        settled(page, store, 3)
        assert sorted(labels(store).values()) == ["bluff", "disagree", "negative"]
        page.keyboard.press("u")
        playwright.expect(page.locator(".labelling .text")).to_have_text(first)
        playwright.expect(page.locator("[data-task=sentiment] .value[aria-pressed=true]")).to_have_count(0)
        assert sorted(labels(store).values()) == ["bluff", "disagree"]
        page.keyboard.press(" ")
        playwright.expect(page.locator(".labelling .text")).not_to_have_text(first)
        page.keyboard.press("ArrowLeft")
        playwright.expect(page.locator(".labelling .text")).to_have_text(first)
        page.get_by_role("textbox", name="Who is labelling").click()
        page.keyboard.press("1")  # typing a name labels nothing
        assert sorted(labels(store).values()) == ["bluff", "disagree"]
        page.close()


def test_sixty_keys_in_a_row_are_all_kept(browser: "playwright.Browser", store: Store) -> None:
    with served(store.path.parent) as address:
        page = opened(browser, address, "/label?coder=Ann", ".labelling article")
        pressed = 0
        for place in range(20):
            tasks = page.locator(".labelling .task").count()
            for key in ("1", "d", "+") if tasks == 3 else ("1", "+"):
                page.keyboard.press(key)
            pressed += tasks
            playwright.expect(page.locator(".labelling .top b")).to_contain_text(f"{place + 2} of ")
        settled(page, store, pressed)
        assert len({comment for comment, _ in labels(store)}) == 20
        assert len(labels(store)) == pressed
        page.close()


def test_two_tabs_lose_nothing_and_agree(browser: "playwright.Browser", store: Store) -> None:
    with served(store.path.parent) as address:
        tabs = [opened(browser, address, f"/label?coder={name}", ".labelling article") for name in ("Ann", "Ben")]
        for place in range(6):
            for tab in tabs:
                tab.keyboard.press("123"[place % 3])
                tab.keyboard.press(" ")
        settled(tabs[0], store, 12)
        tabs[0].reload()
        playwright.expect(tabs[0].get_by_text("Krippendorff’s alpha 1.00")).to_be_visible(timeout=30_000)
        for tab in tabs:
            tab.close()


def test_a_killed_server_has_kept_what_was_pressed(browser: "playwright.Browser", store: Store) -> None:
    with served(store.path.parent, kill=True) as address:
        page = opened(browser, address, "/label?coder=Ann", ".labelling article")
        page.keyboard.press("2")
        settled(page, store, 1)
        page.close()
    with served(store.path.parent) as address:
        page = opened(browser, address, "/label?coder=Ann", ".labelling article")
        chosen = page.locator("[data-task=stance] .value[aria-pressed=true]")
        playwright.expect(chosen).to_contain_text("limited threat")
        page.close()


def test_nothing_that_people_wrote_runs_where_it_is_corrected(browser: "playwright.Browser", store: Store) -> None:
    with served(store.path.parent) as address:
        page = opened(browser, address)
        foreign: list[str] = []
        page.on("request", lambda request: foreign.append(request.url) if "evil" in request.url else None)
        page.get_by_label("Paste a post with its comments").fill(HOSTILE)
        page.get_by_role("button", name="Read and label").click()
        playwright.expect(page.locator(".row")).to_have_count(2, timeout=60_000)
        page.locator(".row").nth(1).click()
        page.wait_for_url("**comment=*")  # now the server knows of it, too
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="Correct the labels of").click()
        _choose(page, "limited threat")
        playwright.expect(page.locator(".detail .label").first).to_contain_text("me says so", timeout=30_000)
        page.get_by_role("link", name="Label").click()
        page.wait_for_selector(".labelling article", timeout=60_000)
        page.keyboard.press("p")
        page.keyboard.press("1")
        settled(page, store, 2)
        assert "<script>" in page.locator(".labelling .text").inner_text()
        for name in ("Quality", "Read"):
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_timeout(1500)
            assert page.locator("img[src*=evil], a[href^=javascript], a[href*=evil]").count() == 0
        page.locator(".row").nth(1).click()
        page.get_by_role("button", name="Join with the comment before").click()
        playwright.expect(page.locator(".row")).to_have_count(1, timeout=60_000)
        assert page.locator("img[src*=evil], a[href^=javascript], a[href*=evil]").count() == 0
        assert page.evaluate("window.ran") is None
        assert foreign == []
        page.close()


def test_an_export_from_the_first_disagreement_to_the_retrained_scheme(
    browser: "playwright.Browser", store: Store, tmp_path: Path
) -> None:
    export = tmp_path / "export.xml"
    export.write_text(samples.wxr(200), encoding="utf-8")
    with served(store.path.parent) as address:
        page = opened(browser, address)
        page.locator("input[type=file]").first.set_input_files(export)
        page.get_by_text("export.xml").first.wait_for()
        page.get_by_role("button", name="Read and label").click()
        playwright.expect(page.get_by_role("heading", name="200 comments by 23 people")).to_be_visible(timeout=120_000)
        page.wait_for_selector(".row[data-id='1']", timeout=60_000)
        playwright.expect(page.locator(".discussion")).to_have_count(1, timeout=60_000)  # the sample has left the page

        page.get_by_role("button", name="Next disagreement").first.click()
        chosen = page.locator(".row[aria-selected=true]")
        playwright.expect(chosen.locator(".glyph.disagree")).to_have_count(1)
        comment = chosen.get_attribute("data-id")
        page.wait_for_url(f"**comment={comment}*")
        page.get_by_role("button", name="Correct the labels of").click()
        _choose(page, "limited threat")
        playwright.expect(page.locator(".detail .label").first).to_contain_text("me says so", timeout=30_000)

        page.reload()
        playwright.expect(page.get_by_role("heading", name="200 comments by 23 people")).to_be_visible(timeout=60_000)
        playwright.expect(page.locator(".row[aria-selected=true]")).to_have_attribute("data-id", comment or "")
        playwright.expect(page.locator(".detail .label").first).to_contain_text("limited threat")
        playwright.expect(page.locator(".detail .label").first).to_contain_text("me says so")

        page.get_by_role("link", name="Label").click()
        page.wait_for_selector(".labelling article", timeout=60_000)
        kept = 1
        for _ in range(24):
            words = page.locator(".labelling .text").inner_text()
            camp = next(camp for camp, said in samples.SAID.items() if any(each in words for each in said))
            kept += page.locator("[data-task=stance] .value[aria-pressed=true]").count() == 0
            page.keyboard.press(CAMPS[camp])
            page.keyboard.press(" ")
        settled(page, store, kept)
        page.reload()
        button = page.get_by_role("button", name="Retrain", exact=True)
        playwright.expect(button).to_be_enabled(timeout=60_000)
        button.click()
        playwright.expect(page.get_by_text("macro F1 changes by")).to_be_visible(timeout=120_000)
        playwright.expect(page.get_by_text("of what is open differently")).to_be_visible()

        held = parse_qs(urlsplit(page.url).query)["open"][0]
        page.goto(f"{address}/?open={held}&comment={comment}")
        playwright.expect(chosen).to_have_attribute("data-id", comment or "", timeout=60_000)
        playwright.expect(page.locator(".detail .label").first).to_contain_text("limited threat")
        page.close()
    assert (tmp_path / "schemes" / "threat.model" / "card.json").is_file()


def _choose(page: "playwright.Page", value: str) -> None:
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_text(value, exact=True).click()
