import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from commentlab import models, schemes
from commentlab.errors import UnreadableError
from commentlab.training import data, vocabulary
from commentlab.training.fit import fit

CAMPS = schemes.load("threat").values


def test_own_threads_follow_the_guideline() -> None:
    examples = data.threads("camps")
    assert len(examples) >= 600
    assert {example.label for example in examples} == set(CAMPS)
    assert all(example.item.text.strip() for example in examples)
    relations = data.threads("relation")
    assert {example.label for example in relations} == {"agree", "disagree", "query", "neutral"}
    assert all(example.item.parent for example in relations)


def test_a_public_set_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = data.Source(name="goemotions.train", licence="x", weight=1.0, label=data._single)
    monkeypatch.setitem(data.SOURCES, "sentiment", (source,))
    rows = [{"id": n, "text": f"text {n}", "context": "", "label": label} for n, label in enumerate(("neutral", "a+b"))]
    (tmp_path / "sentiment").mkdir()
    path = tmp_path / "sentiment" / "goemotions.train.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    found = [example for example in data.load(tmp_path, "sentiment") if example.source == source.name]
    assert [(example.item.text, example.label) for example in found] == [("text 0", "neutral")]
    path.write_bytes(b"no gzip")
    with pytest.raises(UnreadableError, match="goemotions"):
        data.load(tmp_path, "sentiment")


def test_fit_holds_out_whole_groups_and_repeats_itself() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(120) % 3
    matrix = sparse.csr_array(np.eye(3)[labels] + random.normal(0, 0.1, (120, 3)))
    groups = [f"g{n // 6}" for n in range(120)]
    one, two = (fit(matrix, labels, groups, np.ones(120), strength=1.0, folds=4) for _ in range(2))
    np.testing.assert_array_equal(one.weights, two.weights)
    np.testing.assert_array_equal(one.held, np.arange(120))
    assert (one.logits.argmax(axis=1) == labels).mean() > 0.95


def test_cards_state_the_shipped_data() -> None:
    rows = {source["name"]: source["rows"] for source in models.card("stance-threat")["data"]}
    assert rows == {"threat": len(data.threads("camps"))}


def test_the_pieces_of_one_base_are_found_in_another(tmp_path: Path) -> None:
    def written(name: str, pieces: list[str]) -> Path:
        vocabulary = {piece: number for number, piece in enumerate(pieces)}
        model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": vocabulary}
        model |= {"max_input_chars_per_word": 99}
        whole = {"version": "1.0", "model": model, "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"}}
        path = tmp_path / name
        path.write_text(json.dumps(whole), encoding="utf-8")
        return path

    pieces = ["[UNK]", "a", "b", "rare", "march", "##es"]
    words = vocabulary.prune(written("bert.json", pieces), ["march marches a", "marches"])
    kept = list(json.loads(words.definition)["model"]["vocab"])
    assert kept == ["a", "b", "march", "##es"]
    assert vocabulary.numbers(words, tmp_path / "bert.json") == [1, 2, 4, 5]
    assert vocabulary.numbers(words, written("mpnet.json", ["<s>", "b", "march", "a", "##es"])) == [3, 1, 2, 4]
    marks = vocabulary.Tokens(words.definition.replace('"b"', '"[CLS]"'))
    assert vocabulary.numbers(marks, tmp_path / "mpnet.json") == [3, 0, 2, 4]
