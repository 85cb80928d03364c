"""The accurate tier: one small transformer reads a comment with what surrounds it, and a head a task answers.

It runs in ONNX Runtime with 8-bit weights, one comment a run: activations are scaled run by run, so that padding or
neighbours would move the answers.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commentlab import models
from commentlab.models.tokens import Row, Tokens, rows
from commentlab.plugin import Item

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NAME = "encoder"
FILES = ("model.onnx", "tokenizer.json")
KEPT = 8192
"""How many answers to remember: the heads, and the replies to a comment, ask for the same."""
THREADS = "COMMENTLAB_THREADS"
"""Environment variable: threads to use; by default as many as there are cores."""

Floats = NDArray[np.float64]
Answer: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Logits of all heads side by side, and the vector that they rest on."""


@dataclass(frozen=True, eq=False)
class Encoder:
    """A transformer with a head a task; `heads` names the values of each, in the order of the logits."""

    session: "InferenceSession"
    tokens: Tokens
    heads: Mapping[str, tuple[str, ...]]
    version: str
    _kept: dict[Item, Answer] = field(default_factory=dict, repr=False)

    def logits(self, items: Sequence[Item], head: str) -> Floats:
        """Return what a head says of items, before calibration, shape (len(items), values of the head)."""
        start = 0
        for name, values in self.heads.items():
            if name == head:
                return self._all(items, 0)[:, start : start + len(values)]
            start += len(values)
        raise KeyError(head)

    def vectors(self, items: Sequence[Item]) -> Floats:
        """Return the vectors behind the heads, shape (len(items), 768): features for a scheme of one's own."""
        return self._all(items, 1)

    def _all(self, items: Sequence[Item], output: int) -> Floats:
        answers = self.answers(items)
        found: Floats = np.array([answers[item][output] for item in items], dtype=np.float64)
        return found if len(items) else np.empty((0, sum(map(len, self.heads.values()))))

    def answers(self, items: Sequence[Item]) -> dict[Item, Answer]:
        """Return the answer for each item; those seen lately are not read again."""
        known = {item: kept for item in items if (kept := self._kept.get(item))}
        new = [item for item in dict.fromkeys(items) if item not in known]
        known.update(zip(new, _pool().map(self._run, rows(self.tokens, new)), strict=True))
        if len(self._kept) + len(new) > KEPT:
            self._kept.clear()
        self._kept.update((item, known[item]) for item in new[-KEPT:])
        return known

    def _run(self, row: Row) -> Answer:
        ids, roles = (np.array([numbers], dtype=np.int64) for numbers in row)
        logits, vector = self.session.run(None, {"ids": ids, "roles": roles})
        return logits[0], vector[0]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(int(os.environ.get(THREADS) or os.cpu_count() or 1), thread_name_prefix="encoder")


def available() -> bool:
    """Say whether the artefact is here."""
    return NAME in models.available()


@cache
def load() -> Encoder:
    """Load the encoder; a second call returns the same one.

    Raises:
        ModelError: The artefact is missing or damaged.
    """
    card = models.card(NAME)
    model, tokenizer = (models.content(NAME, name) for name in FILES)
    return encoder(model, tokenizer, card)


def encoder(model: bytes, tokenizer: bytes, card: models.Card) -> Encoder:
    """Put an encoder together from its ONNX model, its tokenizer's JSON and its card."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    # One thread a run: sums in another order would give other answers, and runs stand side by side anyway.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # What this fusion saves it loses twice: without it a row takes a sixth less time (ONNX Runtime 1.32).
    slow = ["SkipLayerNormFusion"]
    return Encoder(
        session=InferenceSession(model, options, providers=["CPUExecutionProvider"], disabled_optimizers=slow),
        tokens=Tokens(tokenizer.decode("utf-8")),
        heads={head: tuple(values) for head, values in card["heads"]},
        version=models.version(card),
    )
