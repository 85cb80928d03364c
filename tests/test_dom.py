import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentlab import dom, text
from commentlab.errors import UnreadableError
from commentlab.plugin import Source


def source(data: bytes) -> Source:
    return Source(name="page.html", head=data[:65536], open=lambda: io.BytesIO(data), size=len(data))


def shown(markup: str) -> tuple[str, list[str]]:
    body = dom.parse(markup).tree.body
    assert body is not None
    seen, spans = dom.text_of(dom.outline(body))
    return seen, [seen[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p>One<br>two<br><br>three</p><p>four</p>", "One\ntwo\n\nthree\n\nfour"),
        ("one <b>bold</b>ly <i> said</i>", "one boldly said"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("a<script>x</script><style>y</style><template>z</template>b", "ab"),
        ("a<span hidden>x</span><span style='DISPLAY : none'>y</span><span class='Screen-Reader-Text'>z</span>b", "ab"),
        ("a<button>Like</button><textarea>t</textarea>", "a"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("well <img class='wp-smiley' alt='🙂'><img alt='photo'>", "well 🙂"),
        ("&lt;b&gt; &amp; \u202eevil\u202c", "<b> & evil"),
        ("<!-- note -->a", "a"),
        ("", ""),
    ],
)
def test_text_is_what_a_person_sees(markup: str, seen: str) -> None:
    assert shown(markup)[0] == seen


@pytest.mark.parametrize(
    ("markup", "quotes"),
    [
        ("a <blockquote><p>b</p><p>c</p></blockquote> d", ["b\n\nc"]),
        ("<blockquote>b <blockquote>c</blockquote></blockquote>d<q>e</q>", ["b\n\nc", "e"]),
        ("<blockquote> </blockquote>d", []),
    ],
)
def test_quotes_keep_their_place(markup: str, quotes: list[str]) -> None:
    assert shown(markup)[1] == quotes


@pytest.mark.timing
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 80_000,
        '<div a="<">' * 40_000,
        "".join(f"<b id={i}>" for i in range(4000)) + "<p>x" * 20_000,
        "<table><tr><td>" * 5_000,
        "<a" * 100_000,
    ],
    ids=["div", "div with <", "unclosed b", "tables", "no end"],
)
def test_deep_markup_is_cut_before_it_is_parsed(markup: str) -> None:
    start = time.thread_time()
    page = dom.parse(f"<p>before</p>{markup}")
    nodes = dom.outline(page.tree.root)
    assert dom.text_of(nodes)[0].startswith("before")
    assert len(nodes) < 200_000
    assert time.thread_time() - start < 5
    assert [problem.code for problem in page.problems] == ([] if markup.startswith("<a") else ["too-deep"])


def test_a_deep_comment_keeps_its_text() -> None:
    assert dom.text_of(dom.outline(dom.parse("<div>" * 5_000 + "said").tree.root))[0] == "said"


def test_a_page_over_the_limit_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commentlab.dom.pages.LIMIT", 100)
    with pytest.raises(UnreadableError, match=r"page\.html.*export"):
        dom.page(source(b"<p>" + b"a" * 200))
    monkeypatch.setattr("commentlab.dom.pages.MAX_TAGS", 10)
    with pytest.raises(UnreadableError, match="20 tags"):
        dom.page(source(b"<p>" * 20))


def test_a_source_is_parsed_once() -> None:
    page = source(b"<p>a</p>")
    assert dom.page(page) is dom.page(page)
    assert dom.page(page) is not dom.page(source(b"<p>a</p>"))


def test_an_outline_lists_every_node_within_its_parent() -> None:
    root = dom.parse("<ul><li>a<li><b>b</b>c</ul><p>d").tree.body
    assert root is not None
    nodes = dom.outline(root)
    assert nodes.tags == ["body", "ul", "li", "-text", "li", "b", "-text", "-text", "p", "-text"]
    assert nodes.parents == [-1, 0, 1, 2, 1, 4, 5, 4, 0, 8]
    assert nodes.ends == [10, 8, 4, 4, 8, 7, 7, 8, 10, 10]


@given(st.text(alphabet="<>/abdivpulqscrt ='\"&;#x\n", max_size=200))
def test_any_markup_has_tidy_text_and_sound_quotes(markup: str) -> None:
    seen, quotes = shown(markup)
    assert seen == text.tidy(seen)
    assert all(quote.strip() for quote in quotes)


FACTS = """<title>The post | Site</title><base href="https://site.example/blog/"><link rel=canonical href="the-post">
<meta property="og:site_name" content="Site"><meta name=author content="Mara">
<meta property="article:published_time" content="2012-10-01T10:00:00Z"><h1>Site</h1><h2>The post</h2><h2>More</h2>"""
GRAPH = """<script type="application/ld+json">{"@graph":[{"@type":["Article"],"headline":"The post","author":
{"@id":"#m"},"datePublished":"2012-10-01"},{"@id":"#m","@type":"Person","name":"Mara"}]}</script>"""


@pytest.mark.parametrize("markup", [FACTS, GRAPH])
def test_facts_of_the_post(markup: str) -> None:
    facts = dom.facts(dom.parse(markup))
    assert dom.title(facts) == "The post"
    assert facts.author == "Mara"
    assert (facts.published or "").startswith("2012-10-01")
    assert facts.url == ("https://site.example/blog/the-post" if markup is FACTS else None)


@pytest.mark.parametrize("script", ["{", "[" * 100_000, '{"@type":"Article","author":[],"headline":3}', "null", '"x"'])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    facts = dom.facts(dom.parse(f'<title>T</title><script type="application/ld+json">{script}</script>'))
    assert facts.titles[-1] == "T"
    assert facts.author is None


@pytest.mark.parametrize(
    ("shown_text", "count"),
    [
        ("8 thoughts on “10 tips”", 8),
        ("Kommentare (12)", 12),
        ("1,204 Comments", 1204),
        ("One thought on “X”", 1),
        ("Un commentaire sur «X»", 1),
        ("0 Kommentare", 0),
        ("Leave a Reply", None),
        ("Comments “5”", None),
    ],
)
def test_announced(shown_text: str, count: int | None) -> None:
    assert dom.announced(shown_text) == count


@pytest.mark.parametrize(
    ("data", "is_html"),
    [
        (b"<!DOCTYPE html><p>x", True),
        ("<html><p>x".encode("utf-16"), True),
        (b"<?xml version='1.0'?><rss><p>x</p></rss>", False),
        (b"just text, 3 < 4", False),
        (b"", False),
    ],
)
def test_is_html(data: bytes, is_html: bool) -> None:
    assert dom.is_html(source(data)) is is_html


NAMED = """<ul id="Comments"><li class="Comment even"><a name="c1" rel="nofollow"></a><p>one</p></li>
<li class="reply"><shreddit-comment depth="1"></shreddit-comment></li></ul>"""


@pytest.mark.parametrize(
    ("css", "tags"),
    [
        ("li.Comment", ["li"]),
        ("li.comment", ["li"]),
        ("li.absent,#Comments", ["ul"]),
        (".absent", []),
        (".even:not(.absent)", ["li"]),
        ("li:has(> .absent)", []),
        ("li:not(:has(p, .absent)) > *", ["shreddit-comment"]),
        ('[name^="c"],[rel~="no,follow"],[rel="(.absent)"]', ["a"]),
        ("a[name],a[rel]", ["a"]),
        ("shreddit-comment", ["shreddit-comment"]),
        ("[itemtype],[data-x]", []),
        ("ul *", ["li", "a", "p", "li", "shreddit-comment"]),
        ("", []),
    ],
)
def test_selectors_find_what_the_parser_finds(css: str, tags: list[str]) -> None:
    page = dom.parse(NAMED)
    found = dom.select(page, css)
    assert [node.tag for node in found] == tags
    assert found == list({node.mem_id: node for node in page.tree.css(css)}.values() if css else [])
    assert dom.holds(page, css) is bool(tags)
    assert (dom.first(page, css) is not None) is bool(tags)


def test_an_outline_leaves_out_what_it_is_told_to() -> None:
    body = dom.parse("<p>a</p><ul class=x><li>b</ul><p>c</p>").tree.body
    assert body is not None
    nodes = dom.outline(body, unless=lambda _, attributes: attributes.get("class") == "x")
    assert dom.text_of(nodes)[0] == "a\n\nc"
    assert nodes.ends[0] == len(nodes)


@pytest.mark.parametrize("most", range(1, 9))
def test_an_outline_that_ends_early_is_whole(most: int) -> None:
    body = dom.parse("<ul><li>a<b>b</b></li><li>c</li></ul>").tree.body
    assert body is not None
    whole, nodes = dom.outline(body), dom.outline(body, most=most)
    assert nodes.tags == whole.tags[:most]
    assert nodes.ends == [min(end, len(nodes)) for end in whole.ends[:most]]
