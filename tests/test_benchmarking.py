import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import f1_score, recall_score

import commentlab as cl
from commentlab import benchmarking, plugin
from commentlab.cli import main

TEXTS = [
    "I love it, wonderful!",
    "This is horrible.",
    "The bus leaves at nine.",
    "No, you are wrong.",
    "Why?",
    "Exactly.",
]


def save(folder: Path, task: str, name: str, labels: list[str], **more: object) -> None:
    (folder / task).mkdir(exist_ok=True)
    rows = [
        {"id": n, "text": text, "context": "They will do it.", "label": label} | more
        for n, (text, label) in enumerate(zip(TEXTS, labels, strict=True))
    ]
    path = folder / task / f"{name}.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def only(folder: Path, **options: object) -> benchmarking.Result:
    (found,) = benchmarking.run(folder, tiers=["fast"], **options)  # type: ignore[arg-type]
    return found


def best(task: str, *left_out: str) -> list[str]:
    found = cl.classify(task, TEXTS, ["They will do it."] * len(TEXTS), tier="fast")
    values = [value for value in plugin.tasks()[task].VALUES if value not in left_out]
    return [values[place] for place in found[[f"p_{value}" for value in values]].to_numpy().argmax(axis=1)]


def test_macro_f1_of_two_sides(tmp_path: Path) -> None:
    labels = ["favor", "against", "none", "against", "none", "favor"]
    save(tmp_path, "stance", "semeval2016.test", labels)
    expected = f1_score(labels, best("stance"), labels=["favor", "against"], average="macro", zero_division=0)
    assert only(tmp_path).figure == pytest.approx(expected, abs=1e-4)


def test_an_answer_that_a_set_does_not_have(tmp_path: Path) -> None:
    labels = ["positive", "negative", "negative", "negative", "positive", "positive"]
    save(tmp_path, "sentiment", "sentence_polarity.test", labels)
    right = np.array(best("sentiment", "neutral")) == labels
    assert only(tmp_path).figure == pytest.approx(right.mean(), abs=1e-4)


def test_an_answer_that_counts_as_another(tmp_path: Path) -> None:
    save(tmp_path, "relation", "debagreement.test", ["neutral"] * 6)
    found = only(tmp_path)
    assert found.known.fold == {"query": "neutral"}
    shares = cl.classify("relation", TEXTS, ["They will do it."] * 6, tier="fast")
    neutral = shares["p_neutral"] + shares["p_query"]
    assert found.figure == pytest.approx((neutral > shares[["p_agree", "p_disagree"]].max(axis=1)).mean(), abs=1e-4)


def test_macro_recall_and_learnt_files(tmp_path: Path) -> None:
    labels = ["positive", "negative", "neutral", "negative", "neutral", "positive"]
    save(tmp_path, "sentiment", "tweeteval.test", labels)
    expected = recall_score(labels, best("sentiment"), average="macro", zero_division=0)
    assert only(tmp_path).figure == pytest.approx(expected, abs=1e-4)
    save(tmp_path, "sentiment", "goemotions.train", labels)
    assert [found.learnt for found in benchmarking.run(tmp_path, tiers=["fast"])] == [True, False]


def test_ratings_a_subset_and_a_limit(tmp_path: Path) -> None:
    save(tmp_path, "sentiment", "vader_nyt.test", ["3.1", "-2.5", "0", "-1", "0", "1.5"])
    assert only(tmp_path).figure > 0.5
    save(tmp_path, "stance", "vast.test", ["favor"] * 6, group="0")
    found = only(tmp_path, only="stance/", limit=4)
    assert (found.texts, found.part) == (4, found.figure)


def test_rows_with_other_labels_are_left_out(tmp_path: Path) -> None:
    save(tmp_path, "sentiment", "goemotions.test", ["positive", "ambiguous", "neutral", "a+b", "neutral", "positive"])
    assert only(tmp_path).texts == 4


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(cl.UnreadableError, match="whose name is known"):
        only(tmp_path)
    (tmp_path / "stance").mkdir()
    (tmp_path / "stance" / "vast.dev.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(cl.UnreadableError, match=r"vast\.dev"):
        only(tmp_path)


def test_the_command(tmp_path: Path) -> None:
    where = CliRunner().invoke(main, ["benchmark"])
    assert where.exit_code == 0
    for each in benchmarking.known():
        assert each.name in where.stdout
        assert all(f"{one.figure:.3f}" in where.stdout for one in each.published)
    save(tmp_path, "stance", "mtcsd.test", ["favor"] * 6)
    shown = CliRunner().invoke(main, ["benchmark", str(tmp_path), "--tier", "fast", "--tier", "accurate"])
    assert shown.exit_code == 0, shown.output
    assert [line.split()[1] for line in shown.stdout.splitlines() if line.startswith("stance/")] == ["fast", "accurate"]
    assert "GLAN 0.505 (Niu et al. 2024)" in shown.stdout
    assert CliRunner().invoke(main, ["benchmark", str(tmp_path / "none")]).exit_code == 2
