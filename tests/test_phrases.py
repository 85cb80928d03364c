from collections.abc import Callable

import pytest

from commentlab import phrases


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("8 thoughts on “Some title”", 8),
        ("1,204 Comments", 1204),
        ("Kommentare (12)", 12),
        ("Kommentare4", 4),
        ("{ 38 comments… read them below or add one }", 38),
        ("There are 13 comments", 13),
        ("Une réflexion au sujet de « Titre »", 1),
        ("Keine Kommentare", 0),
        ("评论 (3)", 3),
        ("《标题》有 3 条评论", 3),
        ("148 points by gyre | hide | 124 comments", 124),
        ("Comments", None),
        ("I made 3 comments and nobody answered.", None),
    ],
)
def test_announced(line: str, count: int | None) -> None:
    assert phrases.announced(line) == count


@pytest.mark.parametrize(
    ("tell", "yes", "no"),
    [
        (
            phrases.is_heading,
            ["Comments", "Kommentare:", "Comentarios (4)", "5 Antworten zu „Titel“", "Comments & Responses", "回复"],
            ["Comments are closed.", "My comments on the harbour", "Recent comments", "Antworten Sie mir bald"],
        ),
        (
            phrases.is_form,
            ["Leave a Reply Cancel reply", "Schreibe einen Kommentar", "Laisser un commentaire", "Deja una respuesta"],
            ["Leave me alone", "Kommentare"],
        ),
        (
            phrases.is_side,
            ["Recent Comments", "Archives", "Das könnte Sie auch interessieren", "Entradas recientes", "© 2016 Gyre"],
            ["New first.", "The archives are closed on Sundays.", "Most of them"],
        ),
        (
            phrases.is_leftover,
            [
                "Reply",
                "ReplyDelete",
                "Antworten ↓",
                "LikeLiked by 21 people",
                "924Reply",
                "12 • Reply • Share ›",
                "Zum Antworten anmelden Zitieren #",
                "AntwortenLöschen",
                "回复",
                "Load more comments",
            ],
            ["Reply to him if you can.", "I like it", "Report it to the police, I say", "Links liegt der See."],
        ),
        (phrases.is_answer_button, ["Reply", "Antworten", "Répondre ↓"], ["Top", "Share", "A reply to all"]),
        (phrases.is_teaser, ["Read more", "Weiterlesen →", "12 comments"], ["Reading more helps", "Reply"]),
        (phrases.is_excerpt, ["[…] as Gyre says […]", "[...] x [...]"], ["[…] only the beginning", "No."]),
        (phrases.is_more, ["← Older Comments", "Weitere Kommentare laden"], ["Older comments were better"]),
        (phrases.is_nobody, ["Anonymous", "Gast", "匿名用户"], ["Anne", "Gastón"]),
        (phrases.is_role, ["Author", "Autor", "Post author", "(OP)"], ["Coauthors", "Gyre"]),
    ],
)
def test_kinds_of_lines(tell: Callable[[str], bool], yes: list[str], no: list[str]) -> None:
    assert [line for line in yes if not tell(line)] == []
    assert [line for line in no if tell(line)] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Gyre says:", ("Gyre", "")),
        ("Gyre schreibt: Nein.", ("Gyre", "Nein.")),
        ("Gyresays: no", ("Gyre", "no")),
        ("Gyre (post author) said…", ("Gyre", "")),
        ("says who", None),
        ("Nothing of the kind", None),
    ],
)
def test_said(line: str, said: tuple[str, str] | None) -> None:
    assert phrases.said(line) == said


@pytest.mark.parametrize(
    ("line", "whom"),
    [
        ("In reply to Some title by Gyre", "Gyre"),
        ("Als Antwort auf Gyre", "Gyre"),
        ("En réponse à Gyre :", "Gyre"),
        ("In reply one could say no", None),
    ],
)
def test_answered(line: str, whom: str | None) -> None:
    assert phrases.answered(line) == whom


@pytest.mark.parametrize(
    ("line", "ping"),
    [
        ("Pingback: Some title", ("pingback", "Some title")),
        ("Trackback: Some title", ("trackback", "Some title")),
        ("Ping me tomorrow", None),
    ],
)
def test_pingback(line: str, ping: tuple[str, str] | None) -> None:
    assert phrases.pingback(line) == ping
