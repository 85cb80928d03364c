"""The labels of the sample, written down, so that the first picture does not wait for the models to load.

A test holds them to what the models say; `pytest --update-golden` writes them again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from commentlab.dashboard import HOME
from commentlab.records import Label, ScoredThread, Thread

STORED = HOME / "sample.json"


def labelled(thread: Thread) -> ScoredThread | None:
    """Return the sample with its labels; None where the thread is not as it was when they were given."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    if stored["of"] != _digest(thread):
        return None
    labels = tuple(_label(each) for each in stored["labels"])
    return ScoredThread(
        thread=thread,
        labels=labels,
        scheme=stored["scheme"],
        proposition=stored["proposition"],
        models=stored["models"],
    )


def described(scored: ScoredThread) -> dict[str, Any]:
    """Return what is written down; probabilities to six digits, since machines differ in the last ones."""
    return {
        "of": _digest(scored.thread),
        "scheme": scored.scheme,
        "proposition": scored.proposition,
        "models": dict(scored.models),
        "labels": [_rounded(asdict(label)) for label in scored.labels],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _label(cells: Mapping[str, Any]) -> Label:
    return Label(**{**cells, "reasons": tuple((start, end, weight) for start, end, weight in cells["reasons"])})


def _digest(thread: Thread) -> str:
    said = [(comment.id, comment.parent_id, comment.text) for comment in thread.comments]
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()
