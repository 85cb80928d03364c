import json
import os
import string
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import samples
from streamlit.testing.v1 import AppTest

from commentlab import dashboard, insight, scoring
from commentlab.dashboard import loading, wording
from commentlab.dashboard.parts import discussion, quotes
from commentlab.dashboard.parts.cases import Cases
from commentlab.errors import ModelError
from commentlab.frames import to_frames
from commentlab.records import Comment, Label, Link, Post, ScoredThread, Thread, When
from commentlab.reporting.colours import colours

ROOT = Path(__file__).parents[1]
PAGES = ("discussion", "camps", "time", "people", "corpus", "label", "quality", "takeaway", "read")
PASTED = """The dam

They say that they will open the gates.

2 thoughts on “The dam”

  1. Ann says: October 1, 2012 at 11:05 am

    This is a bluff, they will never open them.

    • Ben says: October 1, 2012 at 11:45 am

      I disagree, they are already moving the boats.
"""


def launch(page: str = "discussion") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page(str(dashboard.HOME / "pages" / f"{page}.py")).run() if page != "discussion" else app


def sentence(app: AppTest) -> str:
    return next(each.value for each in app.markdown if each.value.startswith("### "))


def send(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.label == "Read and label").click().run()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_the_sample(page: str) -> None:
    app = launch(page)
    assert not app.exception
    assert [each.value for each in app.error] == []
    assert "31 comments" in sentence(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_to_do_when_nothing_is_open(page: str) -> None:
    app = launch(page)
    app.session_state["opened"] = None
    app.run()
    assert not app.exception
    assert "begin with the sample" in app.info[0].value
    next(button for button in app.button if button.label == "Open the sample").click().run()
    assert "31 comments" in sentence(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_the_file_that_cannot_be_read(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "photo.txt"
    broken.write_bytes(bytes(range(256)) * 20)
    monkeypatch.setenv(dashboard.OPEN, str(broken))
    app = launch(page)
    assert not app.exception
    assert "photo" in app.error[0].value
    assert app.info


def test_a_scheme_of_ones_own_is_offered_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(ROOT / "fixtures" / "schemes" / "toll.toml")
    (tmp_path / "dam.txt").write_text(PASTED, encoding="utf-8")
    monkeypatch.setenv(dashboard.OPEN, str(tmp_path / "dam.txt"))
    monkeypatch.setenv(dashboard.SCHEME, own)
    app = launch()
    assert not app.exception
    assert app.selectbox(key="scheme").value == own
    assert app.selectbox(key="scheme").options[0] == "Should the bridge have a toll?"
    opened = app.session_state["opened"]
    assert opened.threads[0].scheme == "toll"


def test_paste_and_one_click_give_the_answer() -> None:
    app = launch()
    app.text_area(key="pasted").set_value(PASTED)
    send(app)
    assert not app.exception
    assert "2 comments by 2 people" in sentence(app)


@pytest.mark.parametrize(
    ("pasted", "scheme", "message"),
    [
        ("", "threat", "Nothing was given"),
        (PASTED, "own", "needs a proposition"),
        ("\x00\x01\x02\x03\x04\x05\x06\x07" * 50, "threat", "what you pasted"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_there(pasted: str, scheme: str, message: str) -> None:
    app = launch()
    app.text_area(key="pasted").set_value(pasted)
    app.selectbox(key="scheme").set_value(scheme)
    send(app)
    assert not app.exception
    assert message in app.error[0].value
    assert "still here" in app.error[0].value
    assert "31 comments" in sentence(app)


def test_a_missing_model_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelError("the model is missing; install commentlab again")

    app = launch()
    monkeypatch.setattr(scoring, "score", missing)
    app.text_area(key="pasted").set_value(PASTED.replace("dam", "weir"))
    send(app)
    assert "install commentlab again" in app.error[0].value
    assert "31 comments" in sentence(app)


def test_good_files_open_beside_a_bad_one() -> None:
    app = launch()
    app.file_uploader(key="dropped").set_value(
        [("dam.txt", PASTED.encode(), "text/plain"), ("photo.jpg", b"\xff\xd8\xff" + bytes(range(256)), "image/jpeg")]
    )
    send(app)
    assert not app.exception
    assert "photo" in app.warning[0].value
    assert "2 comments" in sentence(app)


def test_two_threads_can_be_chosen() -> None:
    app = launch()
    files = [("a.txt", PASTED.encode(), "text/plain"), ("b.txt", PASTED.replace("dam", "weir").encode(), "text/plain")]
    app.file_uploader(key="dropped").set_value(files)
    send(app)
    choice = app.main.selectbox[0]
    assert choice.options == ["1. The dam", "2. The weir"]
    choice.set_value(1).run()
    assert "The weir" in app.caption[0].value


def test_a_text_without_comments_says_so() -> None:
    app = launch()
    app.text_area(key="pasted").set_value("A lonely post\n\nNobody has answered it so far.")
    send(app)
    assert not app.exception
    assert app.info or app.error


def test_markup_in_titles_and_names_is_shown_as_text() -> None:
    app = launch("read")
    title = "![x](http://evil.example/x.png) <b>$a$ :skull:"
    app.text_area(key="pasted").set_value(PASTED.replace("The dam\n", f"{title}\n", 1))
    send(app)
    assert not app.exception
    assert wording.plain(title) in app.caption[0].value


@pytest.mark.parametrize("words", [string.punctuation, "1. a\n# b", "[a](javascript:alert(1))", "`a` $b$ ![c](d)"])
def test_plain_takes_the_meaning_of_all_punctuation(words: str) -> None:
    shown = wording.plain(words).replace("\u2060", "")
    assert "\n" not in shown
    assert all(shown[place - 1] == "\\" for place, letter in enumerate(shown) if letter in "!#$*<>[]_`|~:@")
    assert shown.replace("\\\\", "\\").count("\\") >= sum(letter in string.punctuation for letter in words)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (":skull:", "\\:\u2060skull\\:"),
        ("http://a.b", "http\\:\u2060\\/\\/a\\.b"),
        ("www.a.b", "www\u2060\\.a\\.b"),
        ("a@b.c", "a\\@\u2060b\\.c"),
        ("At 11:05", "At 11\\:\u206005"),
    ],
)
def test_plain_breaks_up_codes_and_addresses(words: str, shown: str) -> None:
    assert wording.plain(words) == shown


@pytest.mark.parametrize(
    ("label", "sure", "why"),
    [
        (("bluff", 0.95, None), "very sure", ""),
        (("bluff", 0.75, None), "sure", ""),
        (("bluff", 0.4, None), "leaning", ""),
        ((None, 0.4, "unsure"), "cannot tell", "the words do not decide it; closest is bluff"),
        ((None, 0.0, "empty"), "cannot tell", "there is no text"),
        ((None, 0.0, "language: de"), "cannot tell", "its language is not read: de"),
    ],
)
def test_confidence_in_words(label: tuple[str | None, float, str | None], sure: str, why: str) -> None:
    value, confidence, abstained = label
    given = Label(
        comment_id="1",
        task="stance",
        value=value,
        confidence=confidence,
        abstained=abstained,
        probabilities={"bluff": confidence, "no position": confidence / 2} if confidence else {},
    )
    assert wording.sure(given) == sure
    assert wording.why(given) == why


def test_colours_follow_the_grammar_and_then_the_sides() -> None:
    assert colours({"bluff": "against", "credible threat": "favor"}) == {
        "bluff": "#E69F00",
        "credible threat": "#0072B2",
        "abstained": "",
    }
    assert len(set(colours({"a": "against", "b": "against", "c": "favor", "d": "none"}).values())) == 5


@pytest.mark.parametrize(
    ("parts", "words"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_listing(parts: tuple[str, ...], words: str) -> None:
    assert wording.listing(parts) == words


def test_a_discussion_is_described_as_a_reader_scrolls() -> None:
    scored = samples.scored()
    data = discussion.describe(scored, insight.findings(to_frames([scored])))
    assert json.loads(json.dumps(data))["rows"]
    seen: set[str | None] = {None}
    for row in data["rows"]:
        assert row["parent"] in seen
        seen.add(row["id"])
    texts = {comment.id: comment.text for comment in scored.thread.comments}
    assert {row["id"]: row["text"] for row in data["rows"]} == texts
    assert {camp["name"]: camp["comments"] for camp in data["camps"]}["bluff"] == 2
    assert [row["id"] for row in data["rows"] if row["flipped"]] == ["5"]


def test_an_inferred_link_is_told_apart() -> None:
    link = Link(parent_id="1", origin="inferred", method="quote", confidence=0.7)
    comments = (Comment(id="1", text="a"), Comment(id="2", text="b", link=link, when=When(time=None, raw="once")))
    thread = Thread(id="t", post=Post(id="t", title="", text=""), comments=comments, source="s", reader="plaintext")
    first, second = discussion.describe(ScoredThread(thread=thread, labels=()))["rows"]
    assert first["inferred"] is None
    assert second["inferred"] == "inferred, 70% sure: it quotes it"
    assert second["date"] == "once"
    assert second["author"] == "Comment 2"


def test_quotes_stand_under_their_camps() -> None:
    scored = samples.scored()
    data = quotes.describe(insight.findings(to_frames([scored])))
    assert {camp["name"] for camp in data["camps"]} <= set(samples.CAMPS)
    assert all(quote["id"] and quote["text"] for camp in data["camps"] for quote in camp["quotes"])


def test_phrases_stand_under_their_camps_even_without_quotes() -> None:
    found = insight.findings(to_frames([samples.scored()]))
    table = pd.DataFrame([("limited threat", "empty words", 4, 1, 2.5)], columns=found.phrases.columns)
    data = quotes.describe(replace(found, phrases=table))
    camp = next(each for each in data["camps"] if each["name"] == "limited threat")
    assert camp["quotes"] == []
    assert camp["phrases"] == [{"phrase": "empty words", "comments": 4, "elsewhere": 1}]


def test_cases_lead_to_their_comments() -> None:
    scored = samples.scored()
    found = Cases(scored, insight.findings(to_frames([scored])))
    (flip,) = found.flips()
    assert flip["title"] == "Ann"
    assert [(said["id"], said["camp"]) for said in flip["comments"]] == [("3", "bluff"), ("5", "credible threat")]
    (talk,) = found.conversations()
    assert talk["title"] == "Ann and Ben"
    assert [said["id"] for said in talk["comments"]] == ["1", "3"]
    assert found.contradictions() == []
    assert [said["id"] for note in found.notes("first-hand") for said in note["comments"]] == ["5"]


def test_a_contradiction_names_the_label_to_check() -> None:
    scored = samples.made([("Ann", None, "bluff", None), ("Ben", 0, "credible threat", "agree")])
    (case,) = Cases(scored, insight.findings(to_frames([scored]))).contradictions()
    assert case["title"] == "Ben agrees with Ann from the other side"
    assert [said["camp"] for said in case["comments"]] == ["bluff", "credible threat"]


def test_an_address_asks_for_some_of_the_comments() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["text"] = "“night boat”"
    app.query_params["camp"] = ["bluff", "nonsense"]
    app.run()
    assert not app.exception
    assert app.multiselect(key="camp").value == ["bluff"]
    assert any("of 31 shown" in each.value for each in app.markdown)
    next(button for button in app.button if button.label == "Show all").click().run()
    assert not app.exception
    assert app.text_input(key="text").value == ""
    assert not any("shown" in each.value for each in app.markdown)


@pytest.mark.parametrize(
    ("asked", "told", "kept"),
    [
        ({"corpus-author": "TOR"}, "4 of 31 comments", {"corpus-author"}),
        ({"corpus-since": "2025-10-08", "corpus-until": "2025-10-07"}, "0 of 31", {"corpus-since", "corpus-until"}),
        ({"corpus-until": "2025-10-08", "corpus-author": "roald"}, "2 of 31", {"corpus-until", "corpus-author"}),
        ({"corpus-since": "'; DROP VIEW written; --", "corpus-until": "1066-10-14"}, "### 31 comments", set()),
    ],
)
def test_an_address_asks_for_comments_of_a_corpus(asked: dict[str, str], told: str, kept: set[str]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(asked)
    app.switch_page(str(dashboard.HOME / "pages" / "corpus.py")).run()
    assert not app.exception
    assert told in sentence(app)
    assert set(app.query_params) == kept


def test_what_was_asked_for_is_forgotten_with_the_thread() -> None:
    app = launch()
    app.text_input(key="text").set_value("boat").run()
    app.multiselect(key="author").set_value(["Tormod"]).run()
    assert any("of 31 shown" in each.value for each in app.markdown)
    app.text_area(key="pasted").set_value(PASTED)
    send(app)
    assert not app.exception
    assert "2 comments" in sentence(app)
    assert app.text_input(key="text").value == ""
    assert app.multiselect(key="author").value == []


def test_the_settings_are_the_same_however_it_is_started() -> None:
    settings = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert settings == (dashboard.SCRIPT.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    read = tomllib.loads(settings)
    assert read["server"]["address"] == "localhost"
    assert read["server"]["enableXsrfProtection"]
    assert read["browser"]["gatherUsageStats"] is False


def test_serve_starts_streamlit_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda command, **_: calls.append(command))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    dashboard.serve(tmp_path, "toll.toml")
    [(verb, script)] = calls
    assert verb == "run"
    assert Path(script).is_file()
    assert not (Path(script).parent / "pages").exists()
    assert os.environ[dashboard.OPEN] == str(tmp_path)
    assert os.environ[dashboard.SCHEME] == "toll.toml"


def test_what_is_loaded_beforehand_is_what_the_first_page_needs() -> None:
    program = "import sys; from commentlab.dashboard import warming; warming._load(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"sklearn.feature_extraction.text", "nltk.collocations", "altair", "py3langid"} <= set(loaded)
    assert "onnxruntime" not in loaded


def test_the_sample_has_every_camp_and_people_who_change_their_mind() -> None:
    threads, failures = loading.read((loading.sample(),))
    assert not failures
    found = insight.findings(to_frames(scoring.score(threads, scheme="threat")))
    assert (found.camps.loc[found.camps["camp"] != "abstained", "comments"] > 0).all()
    assert found.flips["author"].nunique() >= 2
    assert {"agree", "disagree", "query"} <= set(found.relations.loc[found.relations["comments"] > 0, "relation"])
