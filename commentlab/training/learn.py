"""The encoder's training: batches of like length, one loss over all heads, checkpoints to go on from."""

import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from commentlab.models import tokens
from commentlab.models.tokens import Row, Tokens
from commentlab.training import joint
from commentlab.training.joint import Case
from commentlab.training.network import Network

SEED = 7
EPOCHS = 2
BUDGET = 6144
"""Tokens of a batch, padding included."""
RATE, WARM, DECAY = 1.2e-4, 0.05, 0.01
"""Highest learning rate, share of the steps that rise to it, weight decay."""
RATE_AGAIN = 5e-5
"""Highest learning rate for a network that has learnt these tasks before."""
CHUNK = 4096
"""Cases that are sorted by length together."""
PAUSE = 300.0
"""Seconds between checkpoints."""
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Padded rows, their targets, shape (rows, values of all heads), and the weight of each head for each row."""

    ids: torch.Tensor
    roles: torch.Tensor
    absent: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    folds: torch.Tensor


class Shelf:
    """Every text's token numbers, found once."""

    def __init__(self, words: Tokens, cases: Sequence[Case]) -> None:
        self._words = words
        texts = list({getattr(case.item, role) for case in cases for role in tokens.LIMITS})
        self._numbers = dict(zip(texts, words.numbers(texts), strict=True))

    def row(self, case: Case) -> Row:
        """Return the token and role numbers of a case."""
        return tokens.join(self._words.marks, [self._found(getattr(case.item, role)) for role in tokens.LIMITS])

    def _found(self, text: str) -> list[int]:
        if text not in self._numbers:
            self._numbers[text] = self._words.numbers([text])[0]
        return self._numbers[text]


def train(
    network: Network,
    words: Tokens,
    cases: Sequence[Case],
    checkpoint: Path,
    *,
    epochs: float = EPOCHS,
    rate: float = RATE,
) -> Network:
    """Train the network on all cases, going on from a checkpoint if there is one.

    Returns:
        The network, ready to answer.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device).train()
    optimiser = torch.optim.AdamW(_groups(network, rate), lr=rate, betas=(0.9, 0.98), fused=True)
    shelf = Shelf(words, cases)
    plan = _plans(shelf, cases, epochs)
    total = len(plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, total))
    state: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    done = _resume(checkpoint, state)
    saved = begun = time.monotonic()
    torch.manual_seed(SEED + done)
    for step, some in enumerate(plan):
        if step < done:
            continue
        batch = _batch(shelf, some, device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits, _ = network(batch.ids, batch.roles, batch.absent)
        value = loss(logits.float(), batch)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if time.monotonic() - saved > PAUSE or step + 1 == total:
            saved = time.monotonic()
            _save(checkpoint, state, step + 1)
        if step % 50 == 0:
            pace = (time.monotonic() - begun) / (step + 1 - done)
            left = pace * (total - step) / 60
            print(f"step {step}/{total}  loss {value.item():.3f}  {left:.0f} minutes left", flush=True)
    return network.eval()


def _groups(network: Network, rate: float) -> list[dict[str, Any]]:
    """Weight decay is for matrices; the new heads may move faster than what was trained before."""
    named = list(network.named_parameters())
    old = [(key, value) for key, value in named if not key.startswith("heads.")]
    return [
        {"params": [value for _, value in old if value.ndim > 1], "weight_decay": DECAY},
        {"params": [value for _, value in old if value.ndim == 1], "weight_decay": 0.0},
        {
            "params": [value for key, value in named if key.startswith("heads.")],
            "weight_decay": DECAY,
            "lr": 4 * rate,
        },
    ]


def _pace(step: int, total: int) -> float:
    warm = WARM * total
    return min((step + 1) / warm, max(0.0, (total - step) / (total - warm)))


def _plans(shelf: Shelf, cases: Sequence[Case], epochs: float) -> list[list[Case]]:
    """Return the batches of all epochs; of a broken number of epochs, the last one is cut short."""
    whole = [_plan(shelf, joint.epoch(cases, SEED + number), SEED + number) for number in range(math.ceil(epochs))]
    batches = [batch for plan in whole for batch in plan]
    return batches[: round(len(batches) * epochs / len(whole))]


def _plan(shelf: Shelf, cases: Sequence[Case], seed: int) -> list[list[Case]]:
    """Cut an epoch into batches of cases of about one length, in random order."""
    plan: list[list[Case]] = []
    for start in range(0, len(cases), CHUNK):
        sized = sorted(((len(shelf.row(case)[0]), place) for place, case in enumerate(cases[start : start + CHUNK])))
        plan += [[cases[start + place] for place in some] for some in _cut(sized)]
    random.Random(seed).shuffle(plan)  # noqa: S311 - not for secrets
    return plan


def _cut(sized: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    some: list[int] = []
    for size, place in sized:
        if some and (len(some) + 1) * size > BUDGET:
            yield some
            some = []
        some.append(place)
    yield some


def _batch(shelf: Shelf, cases: Sequence[Case], device: torch.device) -> Batch:
    found = [shelf.row(case) for case in cases]
    longest = max(len(ids) for ids, _ in found)
    ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in found])
    roles = torch.tensor([roles + [0] * (longest - len(roles)) for _, roles in found])
    absent = torch.tensor([[False] * len(ids) + [True] * (longest - len(ids)) for ids, _ in found])
    heads = joint.heads()
    targets = torch.tensor(
        [
            [share for head, values in heads.items() for share in case.targets.get(head, (0.0,) * len(values))]
            for case in cases
        ]
    )
    weights = torch.tensor([[case.weight * (head in case.targets) for head in heads] for case in cases])
    folds = torch.stack([_fold(case.recipe.fold or {}, heads) for case in cases])
    parts = (ids, roles, absent, targets, weights, folds)
    return Batch(*(part.to(device) for part in parts))


def _fold(fold: Mapping[str, str | None], heads: Mapping[str, Sequence[str]]) -> torch.Tensor:
    """Return the matrix that moves the probability of a value that a set lacks to another one, or leaves it out."""
    names = [value for values in heads.values() for value in values]
    matrix = torch.eye(len(names))
    for value, other in fold.items():
        if value in names:
            matrix[names.index(value), names.index(value)] = 0.0
            if other:
                matrix[names.index(value), names.index(other)] = 1.0
    return matrix


def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the mean cross-entropy of rows and heads, each by its weight, over the values that each set knows."""
    start = 0
    sums: list[torch.Tensor] = []
    for place, values in enumerate(joint.heads().values()):
        part = slice(start, start + len(values))
        start += len(values)
        shares = torch.softmax(logits[:, part], dim=-1).unsqueeze(1) @ batch.folds[:, part, part]
        folded = shares.squeeze(1) / shares.sum(dim=-1)
        gap = -(batch.targets[:, part] * torch.log(folded + TINY)).sum(dim=-1)
        sums.append(gap * batch.weights[:, place])
    total: torch.Tensor = torch.stack(sums).sum() / batch.weights.sum()
    return total


def predict(network: Network, words: Tokens, cases: Sequence[Case]) -> torch.Tensor:
    """Return the logits of cases, shape (cases, values of all heads), in their order."""
    shelf = Shelf(words, cases)
    device = next(network.parameters()).device
    sized = sorted(((len(shelf.row(case)[0]), place) for place, case in enumerate(cases)))
    found = torch.zeros(len(cases), sum(map(len, joint.heads().values())))
    with torch.inference_mode():
        for places in _cut(sized):
            batch = _batch(shelf, [cases[place] for place in places], device)
            found[places] = network(batch.ids, batch.roles, batch.absent)[0].float().cpu()
    return found


def _save(path: Path, state: Mapping[str, Any], step: int) -> None:
    part = path.with_suffix(".part")
    torch.save({name: each.state_dict() for name, each in state.items()} | {"step": step}, part)
    part.replace(path)


def _resume(path: Path, state: Mapping[str, Any]) -> int:
    if not path.exists():
        return 0
    found = torch.load(path, weights_only=True)
    for name, each in state.items():
        each.load_state_dict(found[name])
    print(f"going on from step {found['step']} of {path}", flush=True)
    return int(found["step"])
