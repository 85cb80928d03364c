import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import commentlab as cl
from commentlab import fitting, models, schemes
from commentlab.cli import main
from commentlab.models import own
from commentlab.plugin import Item
from commentlab.records import Comment, Post, Thread
from commentlab.tasks import stance

FIXTURES = Path(__file__).parents[1] / "fixtures" / "schemes"
GERMAN = "Die Mannschaft hat die Kündigung, das Schiff ist verkauft, sie machen wirklich Ernst."


def copied(name: str, folder: Path) -> tuple[Path, Path]:
    for suffix in ("toml", "csv"):
        shutil.copy(FIXTURES / f"{name}.{suffix}", folder)
    return folder / f"{name}.toml", folder / f"{name}.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scheme in German and one in English, both fitted."""
    home = tmp_path_factory.mktemp("schemes")
    for name in ("faehre", "office"):
        fitting.fit(*copied(name, home))
    return home


@pytest.fixture
def fitted(folder: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copy a fitted scheme, which may then be spoilt, and return its file."""

    def copy(name: str) -> Path:
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        return tmp_path / f"{name}.toml"

    return copy


def test_few_labels_are_fitted_and_not_trusted(tmp_path: Path) -> None:
    scheme, labels = copied("toll", tmp_path)
    found = fitting.fit(scheme, labels)
    assert (found.rows, found.language, set(found.counts.values())) == (35, "en", {7})
    assert set(found.scores) == {"unfitted", "fast", "accurate"}
    assert all(score.low <= score.macro_f1 <= score.high for score in found.scores.values())
    assert [number for number, _ in found.curve] == sorted({number for number, _ in found.curve})
    assert found.curve[-1] == (35, found.scores[found.auto].macro_f1)
    doubts = " ".join(found.doubts)
    assert "7 as 'unfair'" in doubts
    assert "may be anywhere between" in doubts
    assert str(found).count("Not to be trusted yet") == len(found.doubts)
    card = json.loads((tmp_path / "toll.model" / "card.json").read_text(encoding="utf-8"))
    assert card["doubts"] == list(found.doubts)
    assert {path.name for path in found.model.iterdir()} == {"card.json", "weights.npz"}


def test_labels_make_it_better(folder: Path) -> None:
    card = models.card("faehre.model", folder)
    assert card["calibration"][card["auto"]]["scores"]["macro_f1"] > card["unfitted"]["macro_f1"]
    assert not any("better" in doubt for doubt in card["doubts"])


@pytest.mark.parametrize("tier", ["fast", "accurate", "auto"])
def test_a_fitted_scheme_knows_what_it_learnt(folder: Path, tier: cl.plugin.Tier) -> None:
    with (folder / "faehre.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    found = cl.classify(
        "stance", [row["text"] for row in rows], scheme=folder / "faehre.toml", tier=tier, accepted_error=1
    )
    right = found["value"] == [row["label"] for row in rows]
    assert right.mean() > 0.9
    assert found.filter(like="p_").sum(axis=1).to_list() == pytest.approx([1] * len(rows))


@pytest.mark.parametrize("tier", ["fast", "accurate"])
def test_answers_do_not_depend_on_company(folder: Path, tier: cl.plugin.Tier) -> None:
    classifier = stance.classifier(tier, schemes.load(folder / "office.toml"))
    items = [Item(text="Bring us back."), Item(text="", parent="x"), Item(text="My kids need me. " * 30, parent="y")]
    alone = np.concatenate([classifier.probabilities([item]) for item in items])
    np.testing.assert_array_equal(classifier.probabilities(items), alone)
    assert classifier.probabilities([]).shape == (0, 5)
    assert ("accurate " in classifier.version) == (tier == "accurate")
    assert classifier.version.startswith("own ")


def test_a_fitted_scheme_answers_in_the_language_of_its_labels(folder: Path) -> None:
    comments = (Comment(id="de", text=GERMAN * 3), Comment(id="en", text="I think that they mean it this time. " * 6))
    thread = Thread(id="t", post=Post(id="t", title="", text=""), comments=comments, source="t", reader="t")
    labels = {
        (label.task, label.comment_id): label
        for label in cl.score([thread], scheme=folder / "faehre.toml", accepted_error=1)[0].labels
    }
    assert labels["stance", "de"].value == "sie macht Ernst"
    assert labels["stance", "en"].abstained == "language: en"
    assert labels["sentiment", "de"].abstained == "language: de"
    start, end, _ = labels["stance", "de"].reasons[0]
    assert (GERMAN * 3)[start:end].strip()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'name = "offen"',
            'name = "unklar"',
            "its camps are sie macht Ernst, leere Drohung, offen, those of the scheme",
        ),
        ("Die Einstellung kommt wirklich.", "Sie kommt.", "meanings or examples of the scheme have changed"),
        ('side = "favor"', 'side = "against"', "sides, meanings or examples of the scheme have changed"),
    ],
)
def test_a_model_of_another_scheme_is_refused(fitted: Callable[[str], Path], old: str, new: str, message: str) -> None:
    path = fitted("faehre")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(cl.ModelError, match="commentlab train") as caught:
        cl.classify("stance", [GERMAN], scheme=path)
    assert message in str(caught.value)
    shutil.rmtree(path.with_suffix(".model"))
    assert len(cl.classify("stance", [GERMAN], scheme=path)) == 1


@pytest.mark.parametrize(
    ("key", "tier", "message"),
    [
        ("encoder", "accurate", "another encoder"),
        ("features", "fast", "features of version"),
        ("sha256", "fast", "card"),
    ],
)
def test_a_model_of_another_house_is_refused(
    fitted: Callable[[str], Path], key: str, tier: cl.plugin.Tier, message: str
) -> None:
    path = fitted("faehre")
    card = path.with_suffix(".model") / "card.json"
    card.write_text(json.dumps(json.loads(card.read_text(encoding="utf-8")) | {key: "0"}), encoding="utf-8")
    with pytest.raises(cl.ModelError, match=message) as caught:
        cl.classify("stance", [GERMAN], scheme=path, tier=tier)
    assert own.AGAIN in str(caught.value)


def test_the_fast_tier_does_without_the_encoder(fitted: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = fitted("office")
    monkeypatch.setattr(own.encoder, "load", lambda: pytest.fail("the encoder was loaded"))
    assert len(cl.classify("stance", ["Bring us back."], scheme=path, tier="fast")) == 1


def test_a_batch_is_done_again_after_fitting(folder: Path, tmp_path: Path) -> None:
    scheme, labels = copied("office", tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.jsonl").write_text('{"id": "1", "author": "Ann", "text": "Bring us back."}\n' * 3)
    runs = [cl.run_batch([tmp_path / "in"], tmp_path / "out", scheme=str(scheme), workers=1) for _ in range(2)]
    assert [run.resumed for run in runs] == [0, 1]
    fitting.fit(scheme, labels)
    assert cl.run_batch([tmp_path / "in"], tmp_path / "out", scheme=str(scheme), workers=1).resumed == 0


TOO_FEW = "text,label\n" + "\n".join(f"text {n},unfair" for n in range(9))
NO_TRADE = "text,label\n" + "\n".join(
    f"text {n},{camp}" for n in range(5) for camp in ("unfair", "fewer cars", "no view")
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TOO_FEW, "9 rows have a label; 10 to 4,000 can be fitted"),
        (TOO_FEW + "\nx,unfare", "line 11: label 'unfare' is none of pays for the bridge"),
        (NO_TRADE, "camp 'pays for the bridge' has 0 labelled comments and needs at least 2"),
        ("text\nx", "column 'label' is missing"),
    ],
)
def test_labels_that_cannot_be_fitted(tmp_path: Path, content: str, message: str) -> None:
    scheme, labels = copied("toll", tmp_path)
    labels.write_text(content, encoding="utf-8")
    with pytest.raises(cl.InputError) as caught:
        fitting.fit(scheme, labels)
    assert message in str(caught.value)
    assert not scheme.with_suffix(".model").exists()


def test_the_smallest_table(tmp_path: Path) -> None:
    """Two labels of a camp, one thread, one text that occurs twice: no warning, no crash, many doubts."""
    scheme, labels = copied("faehre", tmp_path)
    camps = ["sie macht Ernst", "leere Drohung", "offen"] * 4
    labels.write_text("text,label,author\n" + "\n".join(f"Text {n % 9},{c},Ann" for n, c in enumerate(camps)))
    found = fitting.fit(scheme, labels)
    assert any("come from 1 group" in doubt for doubt in found.doubts)
    assert found.groups == 1


def test_a_scheme_of_two_camps(tmp_path: Path) -> None:
    scheme, labels = copied("faehre", tmp_path)
    text = scheme.read_text(encoding="utf-8")
    scheme.write_text(text[: text.rindex("[[camps]]")], encoding="utf-8")
    lines = labels.read_text(encoding="utf-8").splitlines()
    labels.write_text("\n".join(line for line in lines if ";offen;" not in line), encoding="utf-8")
    assert max(score.macro_f1 for score in fitting.fit(scheme, labels).scores.values()) > 0.8


def test_a_built_in_scheme_is_not_fitted(tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match="built in"):
        fitting.fit("threat", tmp_path / "labels.csv")


def test_the_command(tmp_path: Path) -> None:
    scheme, labels = copied("faehre", tmp_path)
    result = CliRunner().invoke(main, ["train", "--scheme", str(scheme), "--labels", str(labels)])
    assert result.exit_code == 0, result.output
    assert "32 labelled comments in 8 groups (de)" in result.stdout
    assert "Learning curve" in result.stdout
    assert str(tmp_path / "faehre.model") in result.stdout
    broken = CliRunner().invoke(main, ["train", "--scheme", str(scheme), "--labels", str(tmp_path / "none.csv")])
    assert broken.exit_code == 2
    assert "none.csv: it cannot be read" in broken.stderr
