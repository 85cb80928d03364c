"""The encoder's training: batches of like length, one loss over all heads, checkpoints to go on from."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import DataLoader

from commentlab.models import tokens
from commentlab.models.tokens import Row, Tokens
from commentlab.training import joint
from commentlab.training.joint import Case
from commentlab.training.network import Network

SEED = 7
WARM, DECAY = 0.05, 0.01
"""Share of the steps in which the learning rate rises, weight decay."""
TAUGHT = 0.5
"""Share of the loss that a teacher's answers make, beside the labels."""
BUDGET = 6144
"""Tokens of a batch, padding included."""
WORKERS = 6
"""Processes that put batches together for a GPU."""
CHUNK = 4096
"""Cases that are sorted by length together."""
PAUSE = 300.0
"""Seconds between checkpoints."""
TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long and how fast to learn: lessons to take, highest learning rate, tokens of a batch with padding."""

    epochs: float
    rate: float
    budget: int = BUDGET


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Padded rows with what their labels and a teacher say, shape (rows, values of all heads), as logits of the latter.

    `weights` and `asked`, shape (rows, heads), tell how much a label weighs and whether the teacher's answer counts.
    """

    ids: torch.Tensor
    roles: torch.Tensor
    absent: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    folds: torch.Tensor
    taught: torch.Tensor
    asked: torch.Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        return Batch(*(getattr(self, name).to(device, non_blocking=True) for name in self.__slots__))


class Shelf:
    """The token numbers of texts by a vocabulary, found once, whoever reads them."""

    def __init__(self, words: Tokens) -> None:
        self.words = words
        self._numbers: dict[str, list[int]] = {}

    def add(self, cases: Iterable[Case]) -> None:
        """Find the numbers of all texts of some cases together, which is quicker than one by one."""
        texts = {getattr(case.item, role) for case in cases for role in tokens.LIMITS}
        new = list(texts - self._numbers.keys())
        self._numbers.update(zip(new, self.words.numbers(new), strict=True))

    def row(self, case: Case) -> Row:
        """Return the token and role numbers of a case."""
        return tokens.join(self.words.marks, [self._numbers[getattr(case.item, role)] for role in tokens.LIMITS])

    def length(self, case: Case) -> int:
        """Return the length of a row."""
        sizes = [min(len(self._numbers[getattr(case.item, role)]), limit) for role, limit in tokens.LIMITS.items()]
        return 2 + sizes[0] + sum(size + 1 for size in sizes[1:] if size)


def train(
    network: Network, shelf: Shelf, draw: Callable[[], Sequence[Sequence[Case]]], checkpoint: Path, course: Course
) -> Network:
    """Train the network, going on from a checkpoint if there is one.

    Args:
        network: What learns.
        shelf: Texts in its vocabulary; those that are drawn are added.
        draw: Gives what an epoch shows, by epoch, if there is something to learn yet; after the last one, the first one
            comes again.
        checkpoint: Where its state is kept meanwhile; in the end, only its weights.
        course: How long and how fast.

    Returns:
        The network, ready to answer.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device).train()
    if not course.epochs:
        return network.eval()
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True) if checkpoint.exists() else None
    if kept and "optimiser" not in kept:  # it has learnt all
        network.load_state_dict(kept["network"])
        return network.eval()
    optimiser = torch.optim.AdamW(_groups(network, course.rate), lr=course.rate, betas=(0.9, 0.98), fused=True)
    lessons = draw()
    shelf.add(case for lesson in lessons for case in lesson)
    plan = _plans(shelf, lessons, course)
    total = len(plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, total))
    state: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    done = _resume(kept, state) if kept else 0
    saved = begun = time.monotonic()
    torch.manual_seed(SEED + done)
    for step, given in enumerate(_loader(shelf, plan[done:], device), done):
        batch = given.to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits, _ = network(batch.ids, batch.roles, batch.absent)
        value = loss(logits.float(), batch)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if time.monotonic() - saved > PAUSE:
            saved = time.monotonic()
            _save(checkpoint, state, step + 1)
        if step % 50 == 0:
            pace = (time.monotonic() - begun) / (step + 1 - done)
            left = pace * (total - step) / 60
            print(f"step {step}/{total}  loss {value.item():.3f}  {left:.1f} minutes left", flush=True)
    _save(checkpoint, {"network": network}, total)
    return network.eval()


def _loader(shelf: Shelf, plan: Sequence[Sequence[Case]], device: torch.device) -> Iterable[Batch]:
    """Return the batches of a plan, put together by other processes where a GPU waits for them."""
    return DataLoader(
        plan,  # type: ignore[arg-type]  # a sequence is a dataset
        batch_size=None,
        collate_fn=partial(_batch, shelf),
        num_workers=WORKERS if device.type == "cuda" else 0,
    )


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


def _plans(shelf: Shelf, lessons: Sequence[Sequence[Case]], course: Course) -> list[list[Case]]:
    """Return the batches of all epochs; of a broken number of epochs, the last one is cut short."""
    whole, rest = divmod(course.epochs, 1)
    batches: list[list[Case]] = []
    for number in range(int(whole) + (rest > 0)):
        plan = _plan(shelf, lessons[number % len(lessons)], SEED + number, course.budget)
        batches += plan if number < whole else plan[: round(len(plan) * rest)]
    return batches


def _plan(shelf: Shelf, cases: Sequence[Case], seed: int, budget: int) -> list[list[Case]]:
    """Cut an epoch into batches of cases of about one length, in random order."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    cases = chance.sample(cases, len(cases))
    plan: list[list[Case]] = []
    for start in range(0, len(cases), CHUNK):
        some = cases[start : start + CHUNK]
        sized = sorted((shelf.length(case), place) for place, case in enumerate(some))
        plan += [[some[place] for place in places] for places in _cut(sized, budget)]
    chance.shuffle(plan)
    return plan


def _cut(sized: Sequence[tuple[int, int]], budget: int) -> Iterator[list[int]]:
    some: list[int] = []
    for size, place in sized:
        if some and (len(some) + 1) * size > budget:
            yield some
            some = []
        some.append(place)
    yield some


def _batch(shelf: Shelf, cases: Sequence[Case]) -> Batch:
    found = [shelf.row(case) for case in cases]
    longest = max(len(ids) for ids, _ in found)
    heads = joint.heads()
    nothing = (0.0,) * sum(map(len, heads.values()))
    targets = [
        [share for head, values in heads.items() for share in case.targets.get(head, (0.0,) * len(values))]
        for case in cases
    ]
    return Batch(
        ids=torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in found]),
        roles=torch.tensor([roles + [0] * (longest - len(roles)) for _, roles in found]),
        absent=torch.tensor([[False] * len(ids) + [True] * (longest - len(ids)) for ids, _ in found]),
        targets=torch.tensor(targets),
        weights=torch.tensor([[case.weight * (head in case.targets) for head in heads] for case in cases]),
        folds=torch.stack([_fold(joint.name(case.source)) for case in cases]),
        taught=torch.tensor([case.taught or nothing for case in cases]),
        asked=torch.tensor(
            [[bool(case.taught and joint.answerable(case.item, head)) for head in heads] for case in cases]
        ),
    )


@cache
def _fold(source: str) -> torch.Tensor:
    """Return the matrix that moves the probability of a value that a set lacks to another one, or leaves it out."""
    names = [value for values in joint.heads().values() for value in values]
    matrix = torch.eye(len(names))
    for value, other in (joint.RECIPES[source].fold or {}).items():
        if value in names:
            matrix[names.index(value), names.index(value)] = 0.0
            if other:
                matrix[names.index(value), names.index(other)] = 1.0
    return matrix


def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the mean cross-entropy with the labels and with a teacher's answers, where there are any."""
    start = 0
    labels: list[torch.Tensor] = []
    answers: list[torch.Tensor] = []
    for values in joint.heads().values():
        part = slice(start, start + len(values))
        start += len(values)
        # Labels by the weight of rows and heads, over the values that each set knows; answers over all.
        shares = torch.softmax(logits[:, part], dim=-1).unsqueeze(1) @ batch.folds[:, part, part]
        folded = shares.squeeze(1) / shares.sum(dim=-1)
        labels.append(-(batch.targets[:, part] * torch.log(folded + TINY)).sum(dim=-1))
        theirs = torch.softmax(batch.taught[:, part], dim=-1)
        answers.append(-(theirs * torch.log_softmax(logits[:, part], dim=-1)).sum(dim=-1))
    share = TAUGHT * batch.asked.any()
    told, taught = _mean(torch.stack(labels, dim=1), batch.weights), _mean(torch.stack(answers, dim=1), batch.asked)
    return (1 - share) * told + share * taught


def _mean(gaps: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return (gaps * weights).sum() / weights.sum().clamp(min=1)


def predict(network: Network, shelf: Shelf, cases: Sequence[Case]) -> torch.Tensor:
    """Return the logits of cases, shape (cases, values of all heads), in their order; their texts are added."""
    shelf.add(cases)
    device = next(network.parameters()).device
    sized = sorted((shelf.length(case), place) for place, case in enumerate(cases))
    cuts = list(_cut(sized, BUDGET if device.type == "cpu" else 8 * BUDGET))
    found = torch.zeros(len(cases), sum(map(len, joint.heads().values())))
    batches = _loader(shelf, [[cases[place] for place in places] for places in cuts], device)
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        for places, given in zip(cuts, batches, strict=True):
            batch = given.to(device)
            found[places] = network(batch.ids, batch.roles, batch.absent)[0].float().cpu()
    return found


def _save(path: Path, state: Mapping[str, Any], step: int) -> None:
    part = path.with_suffix(".part")
    torch.save({name: each.state_dict() for name, each in state.items()} | {"step": step}, part)
    part.replace(path)


def _resume(kept: Mapping[str, Any], state: Mapping[str, Any]) -> int:
    for name, each in state.items():
        each.load_state_dict(kept[name])
    print(f"going on from step {kept['step']}", flush=True)
    return int(kept["step"])
