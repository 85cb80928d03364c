"""The report: every number is computed again from the table, every quote is found in it, nothing leaves the page."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from samples import CAMPS, ROWS, Row, made, scored

import commentlab as cl
from commentlab import insight, models, reporting, text
from commentlab.frames import Frames, rows, to_frames
from commentlab.records import Link, ScoredThread
from commentlab.reporting import cards, charts

CREDIBLE, LIMITED, BLUFF, NONE = CAMPS
NUMBER = re.compile(r"(?<![\w.])[+−]?\d+(?:\.\d+)?(?![\w])")


def busy() -> ScoredThread:
    """Return a thread in which everything happens that a report speaks of."""
    table: list[Row] = [(f"P{place}", None, CREDIBLE, None) for place in range(12)]
    table += [
        (f"Q{place}", 0 if place % 4 == 0 else None, BLUFF, "agree" if place % 4 == 0 else None) for place in range(15)
    ]
    table += [
        ("Ann", None, BLUFF, None),
        ("Ben", 27, CREDIBLE, "disagree"),
        ("Ann", 28, BLUFF, "disagree"),
        ("Ann", None, CREDIBLE, None),
        ("Ben", 29, None, None),
    ]
    camp = {CREDIBLE: "Fuel trucks stand ready, {} of them.", BLUFF: "It is hot air, as in {}.", None: "Who knows {}?"}
    texts = [camp[row[2]].format(f"{place + 10}") for place, row in enumerate(table)]
    return made(table, texts, post="They threaten to march on the capital. Will they?")


@pytest.fixture(scope="module")
def both() -> tuple[list[ScoredThread], Frames]:
    threads = [scored(), busy()]
    return threads, to_frames(threads)


def bare(page: str) -> Any:
    """Return the page without what is no finding: quotes, ids, dates, names and versions."""
    root = lxml.html.fromstring(page)
    for element in root.xpath("//style | //svg | //*[contains(concat(' ', @class, ' '), ' quote ')]"):
        element.drop_tree()
    for name in ("id", "date", "fixed"):
        for element in root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"):
            element.drop_tree()
    return root


def numbers(element: Any) -> list[str]:
    return NUMBER.findall(" ".join(element.itertext()))


def percent(share: float) -> str:
    return f"{100 * share:.0f}"


def camp_numbers(table: list[dict[str, Any]], frames: Frames) -> list[str]:
    """Return what the table of camps has to say, row by row, with intervals as they were tested elsewhere."""
    bounds = insight.findings(frames).camps.set_index("camp")
    stances = [row["stance"] or "abstained" for row in table]
    votes: dict[tuple[str, str], list[str | None]] = {}
    for row in table:
        if row["author"]:
            votes.setdefault((row["thread_id"], row["author"]), []).append(row["stance"])
    people = Counter(map(_most, votes.values()))
    found = []
    for camp in (*CAMPS, "abstained"):
        share = stances.count(camp) / len(stances)
        chances = [row[f"stance_p_{camp}"] for row in table if row["stance"]] if camp in CAMPS else []
        corrected = sum(chances) / len(table) if camp in CAMPS else share
        line = bounds.loc[camp]
        found += [str(stances.count(camp)), percent(share), percent(line["low"]), percent(line["high"])]
        found += [percent(corrected), percent(line["corrected_low"]), percent(line["corrected_high"])]
        found += [str(people[camp]), percent(people[camp] / sum(people.values()))]
        found += [percent(line["people_low"]), percent(line["people_high"])]
    return found


def _most(stances: list[str | None]) -> str:
    named = [stance for stance in stances if stance]
    return (
        max(named, key=lambda camp: (named.count(camp), len(named) - named[::-1].index(camp))) if named else "abstained"
    )


def test_every_number_is_computed_again_from_the_table(both: tuple[list[ScoredThread], Frames]) -> None:
    threads, frames = both
    root = bare(reporting.render(threads, ".html"))
    table = [row for row in rows(frames.comments) if row["kind"] == "comment"]
    by_key = {(row["thread_id"], row["comment_id"]): row for row in table}
    replies = [(row, by_key[row["thread_id"], row["parent_id"]]) for row in table if row["parent_id"]]
    checked = set()

    def section(name: str, path: str = "") -> list[str]:
        checked.add(name)
        return [number for element in root.xpath(f"//*[@id='{name}']{path}") for number in numbers(element)]

    stances = [row["stance"] or "abstained" for row in table]
    authors = {(row["thread_id"], row["author"]) for row in table if row["author"]}
    pairs = Counter((reply["stance"] or "abstained", parent["stance"] or "abstained") for reply, parent in replies)
    answer = section("answer", "/p[1]")
    assert answer[:2] == [str(len(table)), str(len(authors))]
    shares = [percent(stances.count(camp) / len(stances)) for camp in (*CAMPS, "abstained") if camp in stances]
    assert answer[2 : 2 + 2 * len(shares) : 2] == shares
    relations = Counter(row["relation"] for row in table if row["parent_id"])
    assert answer[-3:] == [str(relations["disagree"]), str(relations["agree"]), "2"]  # Ann changes her mind in both
    second = section("answer", "/p[2]")
    known = {ends: count for ends, count in pairs.items() if "abstained" not in ends}
    same = sum(count for (one, other), count in known.items() if one == other)
    kinds = Counter(
        (reply["stance"] or "abstained", parent["stance"] or "abstained", reply["relation"])
        for reply, parent in replies
    )
    most = max(count for kind, count in kinds.items() if "abstained" not in kind)
    assert second[:4] == [str(number) for number in (len(replies), same, sum(known.values()) - same, most)]

    read = section("read", "//td[contains(@class, 'n')]")
    unclear = [
        str(count) for _, count in Counter(r["stance_abstained"] for r in table if not r["stance"]).most_common()
    ]
    languages = [str(count) for _, count in Counter(row["language"] for row in table).most_common()]
    assert read == [str(len(table)), str(len(replies)), "1", "9", *unclear, *languages]
    unsigned = sum(not row["author"] for row in table)
    assert section("read", "/table/tr[1]")[1:] == [str(unsigned), "0"]
    assert section("read", "/p") == [str(len(frames.problems))]

    assert [
        each for row in root.xpath("//*[@id='shares']/tr[position() > 1]") for each in numbers(row)
    ] == camp_numbers(table, frames)
    levels = [min(row["depth"], 4) for row in table]
    assert section("levels", "/tr") == [
        str(sum(level == depth and stance == camp for level, stance in zip(levels, stances, strict=True)))
        for depth in sorted(set(levels))
        for camp in (*CAMPS, "abstained")
    ]
    listed = [number for row in root.xpath("//section[@id='camps']/div[@class='camp']") for number in numbers(row)]
    assert listed == [
        number
        for camp in (*CAMPS, "abstained")
        for number in (str(stances.count(camp)), percent(stances.count(camp) / len(table)))
    ]
    checked.add("camps")

    matrix = Counter(number for number in section("matrix", "//td"))
    assert matrix == Counter(str(count) for count in kinds.values())
    sided = [
        row["stance"] == CREDIBLE for row in table if row["thread_id"] == "t" and row["stance"] not in (None, NONE)
    ]
    turn = [number for element in root.xpath("//*[@class='turn']") for number in numbers(element)]
    assert turn == [
        percent(sum(sided[:12]) / 12),
        "12",
        percent(sum(sided[12:]) / len(sided[12:])),
        str(len(sided) - 12),
    ]
    assert section("conversations") == ["2", "2"]
    suspects = [
        reply
        for reply, parent in replies
        if reply["relation"] == "agree" and {reply["stance"], parent["stance"]} == {BLUFF, CREDIBLE}
    ]
    assert section("contradictions") == [percent(0.8)] * len(suspects)
    checked.add("exchanges")

    sure = Counter(number for element in root.xpath("//*[@class='discussion']//p[1]") for number in numbers(element))
    assert sure == Counter(percent(row["stance_confidence"]) for row in table)
    for element in root.xpath("//*[@id='voices']/blockquote"):
        assert numbers(element) == ["80"]
    for name in ("voices", "phrases", "notes", "compared", "tree", "time", "problems", "method"):
        checked.add(name)
    assert set(root.xpath("//section/@id")) <= checked


def test_shapes_and_times_and_threads_side_by_side_say_what_was_measured(
    both: tuple[list[ScoredThread], Frames],
) -> None:
    threads, frames = both
    root = bare(reporting.render(threads, ".html"))
    built = [numbers(element) for element in root.xpath("//*[@id='tree']/p")]
    for place, shape in enumerate(insight.findings(frames).shapes.to_dict("records")):
        counts = [shape[name] for name in ("size", "depth", "roots", "answered", "width")]
        delay = shape["response"] / (
            86_400 if shape["response"] >= 2 * 86_400 else 60 if shape["response"] < 7200 else 3600
        )
        assert built[2 * place] == [*map(str, counts), f"{delay:.0f}", percent(shape["loudest"])] or delay < 2
        measures = [f"{shape['virality']:.2f}", str(shape["h_index"]), f"{shape['branching']:.2f}"]
        assert built[2 * place + 1] == [*measures, percent(shape["reciprocity"])]
    charted = [numbers(element)[0] for element in root.xpath("//*[@id='time']//span[@class='soft'][not(span)]")]
    stances = frames.comments.loc[frames.comments["kind"] == "comment", "stance"].fillna("abstained")
    assert charted == [str((stances == camp).sum()) for camp in (*CAMPS, "abstained") if (stances == camp).any()]
    compared = insight.compare(frames, "thread")
    cells = [numbers(cell) for cell in root.xpath("//*[@id='compared']//td[position() > 1]")]
    expected = {
        (percent(row["share"]), *(f"{row[name]:+.2f}".replace("-", "−") for name in ("h", "h_low", "h_high")))
        for row in compared.to_dict("records")
    }
    assert {tuple(cell) for cell in cells} == expected


def test_phrases_are_counted_in_comments(both: tuple[list[ScoredThread], Frames]) -> None:
    threads, frames = both
    said = [(row["stance"], f" {text.fold(row['text'])} ") for row in rows(frames.comments) if row["stance"]]
    listed = lxml.html.fromstring(reporting.render(threads, ".html")).xpath("//*[@id='phrases']//tr")
    assert listed
    for row in listed:
        camp = row.xpath("td[1]")[0].text_content()
        for phrase in row.xpath("td[2]/span"):
            has = [stance == camp for stance, words in said if f" {phrase.text} " in words]
            assert numbers(lxml.html.fromstring(f"<p>{phrase.tail}</p>")) == [str(sum(has)), str(len(has) - sum(has))]


@pytest.mark.parametrize("quotes", [True, False])
def test_every_quote_stands_in_its_comment(both: tuple[list[ScoredThread], Frames], *, quotes: bool) -> None:
    threads, frames = both
    texts = {
        row["comment_id"] if row["thread_id"] == "t1" else f"t {row['comment_id']}": row["text"]
        for row in rows(frames.comments)
    }
    root = lxml.html.fromstring(reporting.render(threads, ".html", quotes=quotes))
    voices = root.xpath("//*[@id='voices']//p[@class='quote']")
    noted = root.xpath("//*[@id='notes']//li/span[@class='quote']")
    marked = root.xpath("//mark")
    assert bool(voices) == bool(noted) == bool(marked) == quotes
    for voice in voices:
        assert voice.text_content() in texts.values()
    for part in (*noted, *marked):
        assert any(part.text_content() in words for words in texts.values())
    for link in root.xpath("//a[starts-with(@href, '#c')]"):
        target = root.xpath(f"//*[@id='{link.get('href')[1:]}']")
        assert len(target) == 1
        assert link.text in target[0].text_content()


def test_the_figures_of_the_models_are_those_of_their_cards() -> None:
    card = models.card("stance-threat")
    found = cards.figures({"stance": models.version(card), "other": "1.0+00000000"})
    assert [(figure.model, figure.set, figure.macro_f1) for figure in found] == [
        ("stance-threat", name, score["macro_f1"]) for name, score in card["scores"].items()
    ]
    encoder = models.card("encoder")
    both = cards.figures({"relation": models.version(encoder)})
    assert {figure.set for figure in both} == set(encoder["calibration"]["relation"]["scores"])


def test_the_page_is_self_contained_and_escapes_everything(tmp_path: Path) -> None:
    page = cl.report(scored(), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"""src\s*=|href="[^#]|@import|url\(""", page)
    for _, _, _, _, _, words in ROWS[:2]:
        assert words in page
    assert "6 comments by 3 people" in page


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://blog.example/post#comment-3", True),
        ("javascript:alert(1)", False),
        ('https://x.example/"onclick=', False),
    ],
)
def test_permalinks_lead_to_pages_alone(url: str, kept: bool) -> None:
    given = made([("Ann", None, BLUFF, None)])
    comments = tuple(
        cl.Comment(id="0", text="They will never march, it is a bluff.", url=url) for _ in given.thread.comments
    )
    given = ScoredThread(
        thread=cl.Thread(id="t", post=given.thread.post, comments=comments, source="s", reader="plaintext"),
        labels=given.labels,
        scheme="threat",
    )
    links = lxml.html.fromstring(reporting.render([given], ".html")).xpath("//a[not(starts-with(@href, '#'))]/@href")
    assert links == ([url] * 2 if kept else [])
    assert not lxml.html.fromstring(reporting.render([given], ".html", quotes=False)).xpath("//a[@rel]")


def test_hostile_names_stay_words() -> None:
    evil = '"><svg onload=alert(1)>'
    given = made([(evil, None, BLUFF, None), ("Ben", 0, CREDIBLE, "disagree"), (evil, 1, BLUFF, "disagree")])
    page = reporting.render([given], ".html")
    assert "<svg onload" not in page
    assert not lxml.html.fromstring(page).xpath("//@onload")


def test_large_trees_are_not_drawn() -> None:
    few, many = (
        made([("Ann", None, BLUFF, None)] * count).thread.comments for count in (charts.DRAWN, charts.DRAWN + 1)
    )
    assert charts.tree(few, {}, {}).count("<rect") == charts.DRAWN
    assert charts.tree(many, {}, {}) == charts.tree((), {}, {}) == ""


def test_inferred_links_are_told_apart() -> None:
    link = Link(parent_id="0", origin="inferred", method="quote", confidence=0.8)
    given = made([("Ann", None, BLUFF, None), ("Ben", None, CREDIBLE, None)]).thread
    second = cl.Comment(id="1", text="No.", link=link)
    thread = cl.Thread(id="t", post=given.post, comments=(given.comments[0], second), source="s", reader="plaintext")
    assert "inferred from a quote" in reporting.render([ScoredThread(thread=thread, labels=())], ".html")


def test_markdown_is_escaped_and_its_tables_are_whole(tmp_path: Path) -> None:
    page = cl.report([scored(), busy()], tmp_path / "report.md").read_text(encoding="utf-8")
    assert "<script" not in page
    assert r"&lt;script&gt;" in page
    assert r"\*\*hm\*\*" in page
    widths = [line.count("|") for line in page.splitlines() if line.startswith("|")]
    heads = [
        place for place, line in enumerate(line for line in page.splitlines() if line.startswith("|")) if "---" in line
    ]
    assert len(heads) == 2
    assert all(widths[place - 1] == widths[place] == widths[place + 1] for place in heads)


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_no_quotes_leaves_out_every_word_of_the_comments(suffix: str) -> None:
    page = reporting.render([scored()], suffix, quotes=False)
    assert not any(words.split("<")[0][:30] in page for _, _, _, _, _, words in ROWS if words[0] not in "<=")


def test_threads_without_labels_make_a_report() -> None:
    unlabelled = cl.ScoredThread(thread=scored().thread, labels=())
    for suffix in (".html", ".md"):
        page = reporting.render([unlabelled, unlabelled], suffix)
        assert "2 discussions" in page
        assert json.dumps(None) not in page


def test_a_flat_thread_shows_who_changed_their_mind() -> None:
    page = reporting.render([made([("Ann", None, BLUFF, None), ("Ann", None, CREDIBLE, None)])], ".html")
    assert "Changed their mind" in page
    assert "answers by" not in page


def test_nothing_makes_a_report() -> None:
    for suffix in (".html", ".md"):
        assert "0 discussions" in reporting.render([], suffix)


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match=r"\.html or \.md"):
        cl.report(scored(), tmp_path / "report.docx")
    with pytest.raises(cl.UnreadableError, match="cannot be written"):
        cl.report(scored(), tmp_path / "missing" / "report.md")
