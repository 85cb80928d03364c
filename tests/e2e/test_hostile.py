"""A hundred attacks in comments, names, titles and ids, on every page: all of them are shown as text."""

import tomllib
from itertools import chain, cycle, islice
from pathlib import Path

import pytest

from commentlab import scoring
from commentlab.batch.shards import Folder
from commentlab.batch.stores import Disk
from commentlab.dashboard.wording import calm
from commentlab.frames import to_frames
from commentlab.records import Comment, Link, Post, Problem, Thread

pytestmark = pytest.mark.e2e
playwright = pytest.importorskip("playwright.sync_api")

ATTACKS = Path(__file__).parents[2] / "fixtures" / "hostile" / "attacks.toml"
KINDS = tomllib.loads(ATTACKS.read_text(encoding="utf-8"))
WORDS = list(chain(*KINDS.values()))
MARKUP = " ".join(chain(*(KINDS[kind] for kind in ("markdown", "formula", "code", "letters"))))
OPINIONS = (
    "This is all bluff, they will never march.",
    "You are wrong, I take the threat seriously: they will march.",
    "Do you really believe that?",
    "I agree, it is empty talk.",
)
# What would be there if something had been taken for more than text; parts of ours have roots of their own.
LOOK = """() => {
  const wrong = [], letters = /[\\u202a-\\u202e\\u2066-\\u2069]/;
  const handler = /^on|^srcdoc$/i, address = /^(href|src|srcset|action|poster|data)$/i;
  const loud = "script, iframe, object, embed, base, marquee, .katex, .stMarkdownBadge";
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      if (node.matches(loud) && /ran|evil|alert|katex|Badge/.test(node.outerHTML)) wrong.push(node.outerHTML);
      for (const { name, value } of node.attributes) {
        const leads = address.test(name) && /evil|javascript:|data:text/i.test(value);
        if (handler.test(name) || leads) wrong.push(`${node.tagName} ${name}=${value}`);
      }
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (letters.test(walker.currentNode.data)) wrong.push(walker.currentNode.data);
  };
  look(document);
  return letters.test(document.title) ? [...wrong, document.title] : wrong.map((each) => each.slice(0, 200));
}"""


def open_result(page: "playwright.Page", result: Path) -> None:
    page.get_by_role("textbox", name="or name a file or folder").fill(str(result))
    page.get_by_role("button", name="Read and label").click()
    playwright.expect(page.get_by_role("heading", name="comments in 100 threads")).to_be_visible(timeout=30_000)


def thread(number: int, comments: int) -> Thread:
    """Return a thread whose title, names, texts and some ids are attacks."""
    words = list(islice(cycle(WORDS), number, number + comments))
    ids = [name if place % 7 == 3 else str(place) for place, name in enumerate(words)]
    found = tuple(
        Comment(
            id=ids[place],
            text=f"{OPINIONS[place % 4]} {attack}\n\n{attack}",
            author=WORDS[(number + place * 3) % len(WORDS)] * (200 if place == 5 else 1),
            link=Link(parent_id=ids[place // 2]) if place and place % 4 else None,
            url=attack,
        )
        for place, attack in enumerate(words)
    )
    title = WORDS[number] if number else MARKUP
    post = Post(id=f"t{number}", title=title, text=f"They say that they will march. {title}", author=title, url=title)
    problems = tuple(Problem(code=attack, message=attack, comment_id=ids[0]) for attack in words)
    return Thread(id=f"t{number}", post=post, comments=found, source=title, reader=title, problems=problems)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of a batch: a thread with every attack in a comment, and one with each as its title."""
    out = tmp_path_factory.mktemp("hostile")
    threads = [thread(0, len(set(WORDS))), *(thread(number, 2) for number in range(1, len(WORDS)))]
    scored = scoring.score(threads, proposition=MARKUP, scheme="threat", tier="fast")
    folder = Folder(store=Disk(path=out), format="parquet")
    folder.prepare()
    folder.write("0" * 16, 0, to_frames(scored))
    (out / "manifest.json").write_text("{}")
    return out


def settle(page: "playwright.Page") -> None:
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached", timeout=30_000)
    page.wait_for_timeout(700)


def hover_marks(page: "playwright.Page") -> None:
    """Move over every chart, so that its tooltips appear."""
    for chart in page.locator("[data-testid=stVegaLiteChart]").all():
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
        for step in range(1, 60):
            across, down = (step % 6 + 0.5) / 6, step / 60
            page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        assert page.evaluate(LOOK) == []


def test_a_hundred_attacks_are_shown_as_text(page: "playwright.Page", result: Path) -> None:
    assert len(set(WORDS)) >= 100
    open_result(page, result)
    for view in ("Months", "Sources", "Comments", "People", "Threads"):
        page.get_by_role("radio", name=view, exact=True).click()
        settle(page)
        if view == "People":
            page.get_by_text("Follow people through all discussions").click()
            settle(page)
        assert page.evaluate(LOOK) == [], view
    page.get_by_role("radio", name="Sources", exact=True).click()
    settle(page)
    page.locator(".groups .name").nth(2).click()
    playwright.expect(page.get_by_role("button", name="Only source")).to_be_visible(timeout=20_000)
    assert page.evaluate(LOOK) == []
    page.get_by_role("button", name="Only source").click()
    settle(page)
    for number in (0, 1):
        page.locator(".groups .compare").nth(number).click()
        settle(page)
    playwright.expect(page.get_by_text("Side by side")).to_be_visible()
    hover_marks(page)
    page.locator(".groups .name").first.click()
    playwright.expect(page.locator(".row").first).to_be_visible(timeout=30_000)
    for link in [name for name in page.get_by_test_id("stSidebarNav").get_by_role("link").all_inner_texts() if name]:
        page.get_by_role("link", name=link.split("\n")[-1], exact=True).click()
        settle(page)
        hover_marks(page)
        assert page.evaluate(LOOK) == [], link


def test_the_words_of_an_attack_are_all_there(page: "playwright.Page", result: Path) -> None:
    open_result(page, result)
    page.locator(".groups .name").first.click(timeout=30_000)
    rows = page.locator(".row")  # those near what is seen; the keyboard leads to the others
    playwright.expect(rows.first).to_be_visible(timeout=30_000)
    rows.first.click()
    texts = {comment.id: comment.text for comment in thread(0, len(set(WORDS))).comments}
    seen = set()
    for _ in texts:
        chosen = page.locator(".row[aria-selected=true]").get_attribute("data-id") or ""
        assert page.locator(".detail .text").text_content() == calm(texts[chosen])
        seen.add(chosen)
        page.keyboard.press("ArrowDown")
    assert seen == set(texts)
