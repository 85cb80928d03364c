"""The base model's word pieces, without those that English comments do not need."""

import json
import string
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from commentlab.models.tokens import Tokens

LEAST = 2
"""Times that a piece must occur in the texts to stay."""
_PLAIN = frozenset("#" + string.ascii_lowercase + string.digits + string.punctuation)


def prune(base: Path, texts: Iterable[str]) -> Tokens:
    """Return the tokens that stay, in the order of the base vocabulary.

    The marks, all single characters and all pieces that occur at least `LEAST` times in `texts` stay: any text can
    still be spelt.

    Args:
        base: `tokenizer.json` of the base model, a WordPiece vocabulary.
        texts: What the model learns from.
    """
    definition = json.loads(base.read_text(encoding="utf-8"))
    definition |= {"truncation": None, "padding": None}
    whole = Tokens(json.dumps(definition))
    counts = Counter(number for numbers in whole.numbers(list(texts)) for number in numbers)
    vocabulary: dict[str, int] = definition["model"]["vocab"]
    marks = {token["content"] for token in definition["added_tokens"]}
    kept = [
        piece
        for piece, number in sorted(vocabulary.items(), key=lambda entry: entry[1])
        if piece in marks or counts[number] >= LEAST or (len(piece.removeprefix("##")) == 1 and set(piece) <= _PLAIN)
    ]
    places = {piece: place for place, piece in enumerate(kept)}
    definition["model"]["vocab"] = places
    definition["added_tokens"] = [
        token | {"id": places[token["content"]]} for token in definition["added_tokens"] if token["content"] in places
    ]
    return Tokens(json.dumps(definition, ensure_ascii=False))


_MARKS = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
"""What BERT and MPNet call the same marks."""


def numbers(words: Tokens, other: Path) -> list[int]:
    """Return the numbers that another base model has for the tokens of a vocabulary, in the vocabulary's order.

    Args:
        words: The vocabulary.
        other: `tokenizer.json` of a base model with the same word pieces, for example MPNet.
    """
    theirs: dict[str, int] = json.loads(other.read_text(encoding="utf-8"))["model"]["vocab"]
    ours: dict[str, int] = json.loads(words.definition)["model"]["vocab"]
    marks = {mark: named for mark, named in _MARKS.items() if named in theirs}
    return [theirs[marks.get(piece, piece)] for piece in sorted(ours, key=ours.__getitem__)]
