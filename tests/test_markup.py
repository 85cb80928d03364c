"""The tables of comment pages: what stands at their spots, how comments nest, and that real pages come out right."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import commentlab as cl
from commentlab import dom, markup, plugin
from commentlab.markup import Family, Spot, spots
from commentlab.plugin import Format
from commentlab.reading import open_source
from commentlab.records import Thread

FORMAT = Format(name="test", title="Test")
FLAT = Family(
    comment="p.c", id=(Spot("", "id"),), author=(Spot("b"),), body=(Spot("i"),), level=(Spot("", "data-level"),)
)
# Platforms of the gold pages, by the reader that has to take them.
READERS = {
    "Hacker News": "hackernews_page",
    "Reddit": "reddit_page",
    "Blogger": "blogger_page",
    "Movable Type": "movabletype_page",
    "Drupal": "drupal_page",
}


def read(family: Family, body: str) -> Thread:
    (thread,) = markup.read(open_source(f"<html><body>{body}</body></html>".encode()), FORMAT, (family,))
    return thread


@pytest.mark.parametrize(
    ("shown", "name", "date"),
    [
        ("Posted by: Ada | May 1, 2008 9:00 AM", "Ada", "May 1, 2008 9:00 AM"),
        ("Posted by: Nan at the Mill at May 4, 2004 09:12 AM", "Nan at the Mill", "May 4, 2004 09:12 AM"),
        ("Submitted by Ada (not verified) on Thu, 04/05/2018 - 18:32.", "Ada", "Thu, 04/05/2018 - 18:32"),
        ("Verfasst von Jörg Ö. am 5. April 2018 - 18:32", "Jörg Ö", "5. April 2018 - 18:32"),
        ("Soumis par Zoé (non vérifié) le 5 avril 2018 - 18:32", "Zoé", "5 avril 2018 - 18:32"),
        ("Enviado por Íñigo el 5 de abril de 2018 - 18:32", "Íñigo", "5 de abril de 2018 - 18:32"),
        ("Tue, 01/06/2009 - 09:15 — Ferry Man (not verified)", "Ferry Man", "Tue, 01/06/2009 - 09:15"),
        ("Jay said in reply to Wren... | 01 December 2005 at 02:00 PM", "Jay", "01 December 2005 at 02:00 PM"),
        ("Kommentiert von: Amsel | 02. Dezember 2005 um 09:30", "Amsel", "02. Dezember 2005 um 09:30"),
        ("Ada", "Ada", ""),
        ("", "", ""),
    ],
)
def test_byline(shown: str, name: str, date: str) -> None:
    assert spots.byline(shown) == (name, date)


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("12", 12),
        ("-3 points", -3),
        ("−2", -2),
        ("1,204 points", 1204),
        ("1.204 Punkte", 1204),
        ("25.4k comments", 25400),
        ("6,7k", 6700),
        ("1.5", None),
        ("score hidden", None),
        ("v2", None),
        ("40px", None),
        ("", None),
    ],
)
def test_number(shown: str, number: int | None) -> None:
    assert spots.number(shown) == number


def test_levels_make_parents_even_where_one_is_skipped() -> None:
    levels = [0, 1, 3, 2, 1, 0, 1]
    page = "".join(f"<p class=c id=n{i} data-level={level}><i>text {i}</i></p>" for i, level in enumerate(levels))
    parents = [comment.parent_id for comment in read(FLAT, page).comments]
    assert parents == [None, "n0", "n1", "n1", "n0", None, "n5"]


def test_a_comment_without_a_level_among_others_with_one_answers_what_it_stands_in() -> None:
    family = Family(comment="div.c", id=(Spot("", "id"),), body=(Spot("i"),), level=(Spot("", "data-level"),))
    page = "<div class=c id=a data-level=0><i>1</i><div class=c id=b><i>2</i></div></div>"
    assert [comment.parent_id for comment in read(family, page).comments] == [None, "a"]


def test_parts_of_a_reply_are_never_those_of_the_comment_around_it() -> None:
    family = Family(comment="div.c", id=(Spot("", "id"),), author=(Spot("b"),), body=(Spot("i"),))
    page = "<div class=c id=a><i>mine</i><div class=c id=b><b>Ada</b><i>hers</i></div></div>"
    first, second = read(family, page).comments
    assert (first.author, first.text) == (None, "mine")
    assert (second.author, second.text, second.parent_id) == ("Ada", "hers", "a")


def test_an_element_that_fits_two_selectors_is_one_comment() -> None:
    family = Family(comment="p.c,body > p", body=(Spot("i,p.c > i"),))
    assert [comment.text for comment in read(family, "<p class=c><i>once</i></p>").comments] == ["once"]


def test_quotes_keep_their_place_in_a_body_of_several_elements() -> None:
    family = Family(comment="div.c", body=(Spot("p"),))
    (comment,) = read(family, "<div class=c><p>One.</p><p>Two <q>three</q>.</p></div>").comments
    assert [comment.text[slice(*span)] for span in comment.quotes] == ["three"]


@pytest.mark.parametrize("gone", ["[deleted]", "Comment removed by moderator", "Ce commentaire a été supprimé."])
def test_what_stands_in_for_a_deleted_comment_is_no_text(gone: str) -> None:
    first, second = read(
        FLAT, f"<p class=c id=a><b>Ada</b><i>{gone}</i></p><p class=c id=b><i>Why? {gone}</i></p>"
    ).comments
    assert (first.text, first.status) == ("", "deleted")
    assert second.status == "shown"


def test_a_table_that_finds_no_text_yields_nothing() -> None:
    source = open_source(b"<html><body><p class=c><b>Ada</b></p></body></html>")
    assert not list(markup.read(source, FORMAT, (FLAT,)))


def test_a_deep_page_is_read_without_recursion() -> None:
    page = "<div class=c><i>x</i>" * 30_000
    family = Family(comment="div.c", id=(Spot("", "id"),), body=(Spot("i"),), around="div")
    assert len(read(family, page).comments) > 100


FAQ = {
    "json-ld": """<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question",
        "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": "Because.", "author": "Shop"}}]}</script>""",
    "unsigned json-ld": """<script type="application/ld+json">{"@type": "Question", "name": "Why?",
        "suggestedAnswer": {"@type": "Answer", "text": "Because."}}</script>""",
    "microdata": """<div itemscope itemtype="https://schema.org/FAQPage"><div itemscope itemtype="https://schema.org/Answer">
        <p itemprop="text">Because.</p><i itemprop="author">Shop</i></div></div>""",
    "reviews": """<script type="application/ld+json">{"@type": "Product", "comment": [{"@type": "Review",
        "text": "Fine.", "author": "Buyer"}]}</script>""",
}


@pytest.mark.parametrize("page", FAQ.values(), ids=FAQ)
def test_questions_that_a_site_answers_itself_and_reviews_are_no_discussion(page: str) -> None:
    source = open_source(f"<html><body>{page}</body></html>".encode())
    assert not [thread for name in ("schema_page", "jsonld_page") for thread in plugin.readers()[name].read(source)]


def words(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").casefold()))


def test_real_pages(shared: Path) -> None:
    """Every comment of the gold pages of these platforms is found, with its text and whom it answers."""
    seen: Counter[str] = Counter()
    for golden in sorted((shared / "threads" / "gold").glob("*.json")):
        gold = json.loads(golden.read_text(encoding="utf-8"))
        reader = next((name for key, name in READERS.items() if gold["platform"].startswith(key)), None)
        if not reader:
            continue
        seen[reader] += 1
        (thread,) = cl.read(shared / "threads" / gold["file"])
        assert thread.reader == reader, gold["file"]
        texts = {comment.id: words(comment.text) for comment in thread.comments}
        found = [
            (texts[each.id], texts.get(each.parent_id or "", "")) for each in thread.comments if each.status == "shown"
        ]
        every = gold["comments"]
        answered = [every[each["parent"]] if each["parent"] is not None else {} for each in every]
        expected = [
            (words(each["text"]), "" if above.get("deleted") else words(above.get("text")))
            for each, above in zip(every, answered, strict=True)
            if not each.get("deleted")
        ]
        assert found == expected, gold["file"]
        assert thread.declared_count == gold["declared_count"], gold["file"]
    assert set(seen) == set(READERS.values())


def test_no_table_finds_comments_on_the_page_of_another_program(shared: Path) -> None:
    for path in sorted((shared / "threads").glob("html*/*.html")):
        golden = shared / "threads" / "gold" / f"{path.parent.name}__{path.stem}.json"
        platform = json.loads(golden.read_text(encoding="utf-8"))["platform"]
        source = open_source(path)
        for key, name in READERS.items():
            reader = plugin.readers()[name]
            if not platform.startswith(key) and reader.sniff(source):
                assert not list(reader.read(source)), (path.name, name)


def test_a_reply_in_the_body_of_its_parent_is_no_part_of_it() -> None:
    nested = Family(comment="div.c", author=(Spot("b"),), body=(Spot("div.t"),))
    thread = read(
        nested, "<div class=c><b>Ada</b><div class=t>one<div class=c><b>Bob</b><div class=t>two</div></div></div>"
    )
    assert [(each.author, each.text) for each in thread.comments] == [("Ada", "one"), ("Bob", "two")]
    assert thread.comments[1].parent_id == thread.comments[0].id


def test_selectors_of_all_tables_find_what_the_parser_finds() -> None:
    tables = [getattr(reader, "_FAMILIES", ()) for reader in plugin.readers().values()]
    found = re.findall(r"css='([^']+)'", repr(tables))
    assert len(found) > 200
    for path in sorted(Path("fixtures").glob("*_page/*.html")):
        page = dom.parse(path.read_text("utf-8", "replace"))
        for css in set(found):
            assert dom.select(page, css) == list({node.mem_id: node for node in page.tree.css(css)}.values()), (
                path,
                css,
            )
