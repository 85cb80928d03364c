"""The report in a real Chromium: nothing leaves the page, nothing is cut, and it prints."""

import shutil
from pathlib import Path

import pytest
from samples import CAMPS, Row, made

import commentlab as cl

CHROMIUM = shutil.which("chromium")
ATTACK = "<script>window.ran = 1</script><img src=http://evil.example/x.png onerror='window.ran = 2'>"

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")]
playwright = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table: list[Row] = [
        (f"P{place % 9} {ATTACK if place == 3 else ''}", place - 1 if place % 3 else None, CAMPS[place % 4], relation)
        for place, relation in ((place, ("agree", "disagree")[place % 2] if place % 3 else None) for place in range(40))
    ]
    texts = [
        f"I was there on day {place}, see https://example.org/{'a' * 90}. {ATTACK} Who knows?" for place in range(40)
    ]
    return cl.report(made(table, texts), tmp_path_factory.mktemp("report") / "report.html")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_request_leaves_the_page_and_nothing_sticks_out(
    report: Path, width: int, scheme: str, tmp_path: Path
) -> None:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        asked: list[str] = []
        logged: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: logged.append(message.text))
        page.goto(report.as_uri())
        page.locator("a[href^='#c']").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("window.ran") is None
        assert page.locator(".entry:target").count() == 1
        assert {url.split("#")[0] for url in asked} == {report.as_uri()}
        assert logged == []
        ink, paper = page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert (_brightness(ink) > _brightness(paper)) == (scheme == "dark")
        page.pdf(path=tmp_path / "report.pdf", format="A4")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
        browser.close()


def _brightness(colour: str) -> int:
    return sum(int(part) for part in colour[4:-1].split(","))
