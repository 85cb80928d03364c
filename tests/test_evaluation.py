import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import commentlab as cl
from commentlab import evaluation
from commentlab.cli import main

FIXTURES = Path(__file__).parents[1] / "fixtures" / "schemes"
SENTIMENT = """text,label,coder_ann,coder_ben,author
I love this wonderful place!,positive,positive,positive,a
"This is disgusting, I hate it.",negative,negative,neutral,a
The bus leaves at nine.,neutral,neutral,neutral,b
"What a lovely, great day, thank you!",positive,positive,,b
Horrible and sad.,Negative,negative,negative,c
nobody labelled this,,neutral,neutral,c
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(SENTIMENT, encoding="utf-8")
    return path


def test_sentiment_with_coders(table: Path) -> None:
    found = evaluation.evaluate(table, task="sentiment", tier="fast", accepted_error=1)
    predicted = cl.classify("sentiment", ["The bus leaves at nine."], tier="fast", accepted_error=1)
    assert [answer.line for answer in found.answers] == [2, 3, 4, 5, 6]
    assert found.answers[2].best == predicted["value"][0]
    assert sum(map(sum, found.confusion)) == 5
    assert [sum(row) for row in found.confusion] == [each.labels for each in found.classes] == [2, 1, 2]
    assert sum(part.rows for part in found.calibration) == 5
    assert (found.answered, found.accuracy_answered) == (1.0, found.accuracy.value)
    assert found.coders is not None
    assert found.coders.coders == ("label", "coder_ann", "coder_ben")
    assert found.coders.alpha is not None
    assert 0 < found.coders.alpha < 1
    assert found.agreement.items == 5
    divided = {each.line: each for each in found.divided}
    wrong = {answer.line for answer in found.answers if answer.best != answer.label}
    assert set(divided) == wrong | {3}
    assert divided[3].labels["coder_ben"] == "neutral"
    assert divided[3].text.startswith("This is disgusting")
    assert all(set(each.labels) <= {"label", "coder_ann", "coder_ben", "commentlab"} for each in found.divided)


def test_abstentions_are_counted_apart(table: Path) -> None:
    found = evaluation.evaluate(table, task="sentiment", tier="fast")
    sure = [answer for answer in found.answers if answer.answered]
    assert found.answered == len(sure) / 5
    right = [answer.best == answer.label for answer in sure]
    assert found.accuracy_answered == (round(sum(right) / len(right), 4) if right else None)


def test_stance_in_camps_and_towards_a_proposition(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("text;label\nThey never will.;against\nThey will do it.;favor\n", encoding="utf-8")
    assert evaluation.evaluate(path, proposition="They will strike.").values == ("favor", "against", "none")
    found = evaluation.evaluate(FIXTURES / "toll.csv", scheme=str(FIXTURES / "toll.toml"))
    assert found.values[0] == "pays for the bridge"
    assert len(found.answers) == 35


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("text,label\nx,favor\n", [], "line 2: there is no proposition"),
        ("text,label,parent\nx,agree,y\nx,agree,\n", ["--task", "relation"], "line 3: there is no parent"),
        ("text,label\nx,happy\n", ["--task", "sentiment"], "line 2: label 'happy' is none of negative"),
        ("text,coder_1,coder_2\nx,neutral,glad\n", ["--task", "sentiment"], "line 2: coder_2 'glad' is none"),
        ("text,stance\nx,favor\n", [], "line 1: column 'label' is missing"),
        ("text,label\nx,\n", ["--task", "sentiment"], "holds no label"),
        ("text,label\nx,favor\n", ["--scheme", "nonsense"], "unknown scheme"),
        ("text,label\nx,neutral\n", ["--task", "sentiment", "--out", "x.pdf"], "name the file .json or .csv"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: str, options: list[str], message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    result = run(path, *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_the_command_prints_and_writes(table: Path, tmp_path: Path) -> None:
    for suffix in ("json", "csv"):
        result = run(table, "--task", "sentiment", "--tier", "fast", "--out", tmp_path / f"out.{suffix}")
        assert result.exit_code == 0, result.output
        for words in (
            "Labels (rows), answers (columns)",
            "Macro F1",
            "Krippendorff's alpha",
            "Among the people",
            "█",
            "Labels differ over",
        ):
            assert words in result.stdout
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert data["macro_f1"].keys() == {"value", "low", "high"}
    answers = pd.read_csv(tmp_path / "out.csv")
    assert list(answers) == ["line", "label", "best", "confidence", "answered"]
    assert len(answers) == 5
