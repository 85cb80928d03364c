"""Texts to the token and role numbers that the encoder reads: one row a comment, its surroundings behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from commentlab.plugin import Item

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LIMITS = {"text": 144, "proposition": 32, "parent": 64, "mention": 8}
"""Tokens read of each part, in the order of their roles; of a longer one the beginning and the end."""
HEAD = 0.7
"""Share of a cut part that is taken from its beginning."""
LENGTH = sum(LIMITS.values()) + 1 + len(LIMITS)
CUT = 6000
"""Letters of a part that are looked at; a token has at least one."""

Row = tuple[list[int], list[int]]
"""Token numbers and role numbers of one comment, two lists of one length."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """A vocabulary of word pieces, as the JSON of the `tokenizers` library."""

    definition: str

    @cached_property
    def pieces(self) -> "Tokenizer":
        """The tokenizer itself, loaded when it is first used."""
        from tokenizers import Tokenizer

        return Tokenizer.from_str(self.definition)

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token numbers of texts, without marks of beginning and end."""
        short = [text if len(text) <= CUT else text[: CUT // 2] + " " + text[-CUT // 2 :] for text in texts]
        return [found.ids for found in self.pieces.encode_batch(short, add_special_tokens=False)]

    @cached_property
    def marks(self) -> tuple[int, int]:
        """The numbers of the marks that open a row and close a part."""
        opening, closing = (int(self.pieces.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]"))
        return opening, closing


def rows(tokens: Tokens, items: Sequence[Item]) -> list[Row]:
    """Return the row of each item."""
    parts = [tokens.numbers([getattr(item, role) for item in items]) for role in LIMITS]
    return [join(tokens.marks, each) for each in zip(*parts, strict=True)]


def join(marks: tuple[int, int], parts: Iterable[Sequence[int]]) -> Row:
    """Put the parts of a row behind each other; those without tokens are left out, but for the text."""
    opening, closing = marks
    ids, roles = [opening], [0]
    for role, (part, limit) in enumerate(zip(parts, LIMITS.values(), strict=True)):
        if part or role == 0:
            chosen = cut(part, limit)
            ids += [*chosen, closing]
            roles += [role] * (len(chosen) + 1)
    return ids, roles


def cut(part: Sequence[int], limit: int) -> Sequence[int]:
    """Return a part of at most `limit` tokens: its beginning and its end."""
    if len(part) <= limit:
        return part
    head = round(limit * HEAD)
    return [*part[:head], *part[head - limit :]]
