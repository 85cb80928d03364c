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


def prune(base: Path, texts: Iterable[str]) -> tuple[Tokens, list[int]]:
    """Return the tokens that stay, and their numbers in the base vocabulary, in the new order.

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
        (piece, number)
        for piece, number in sorted(vocabulary.items(), key=lambda entry: entry[1])
        if piece in marks or counts[number] >= LEAST or (len(piece.removeprefix("##")) == 1 and set(piece) <= _PLAIN)
    ]
    places = {piece: place for place, (piece, _) in enumerate(kept)}
    definition["model"]["vocab"] = places
    definition["added_tokens"] = [
        token | {"id": places[token["content"]]} for token in definition["added_tokens"] if token["content"] in places
    ]
    return Tokens(json.dumps(definition, ensure_ascii=False)), [number for _, number in kept]
