"""Trained artefacts, a folder each: `weights.npz` (plain arrays, no pickle) and `card.json`, checked when loaded."""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from commentlab.errors import ModelError

HOME = Path(__file__).parent
Arrays = Mapping[str, NDArray[Any]]
Card = dict[str, Any]

AGAIN = "build it again with `python -m commentlab.training DATA`, or install commentlab again"
"""What to do about an artefact that cannot be used."""
DECIDING = (
    *("values", "heads", "parts", "features", "exchange", "mix", "doubt"),
    *("temperature", "threshold", "thresholds", "cascade"),
)
"""What a card says that answers follow from; the rest tells where they come from and how good they are."""


def available() -> tuple[str, ...]:
    """Return the names of the artefacts that are here."""
    return tuple(sorted(path.parent.name for path in HOME.glob("*/card.json")))


def card(name: str, home: Path = HOME, again: str = AGAIN) -> Card:
    """Return the card of an artefact: task, data and licences, scores, calibration, known failures, checksum.

    `again` says what to do where it is missing or damaged.
    """
    path = home / name / "card.json"
    try:
        found: Card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such model; {again}") from None
    except ValueError as error:
        raise ModelError(f"{path}: the card is damaged ({error}); {again}") from error
    return found


def version(card: Card) -> str:
    """Return the tier, the package version that trained an artefact, and the start of its digest."""
    return f"{card['tier']} {card['package']}+{digest(card)[:8]}"


def digest(card: Card) -> str:
    """Return a checksum of all that an artefact's answers follow from: its files, and how its card says to use them."""
    return hashlib.sha256(json.dumps([card["sha256"], _deciding(card)], sort_keys=True).encode()).hexdigest()


def _deciding(card: Card) -> Card:
    parts = {name: _deciding(part) for name, part in card.get("calibration", {}).items()}
    return {key: card[key] for key in DECIDING if key in card} | {"calibration": parts}


def content(name: str, file: str, home: Path = HOME) -> bytes:
    """Return a file of an artefact.

    Raises:
        ModelError: It is missing, or not the one that the card was written for.
    """
    path = home / name / file
    try:
        found = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: it cannot be read ({error.strerror}); {AGAIN}") from error
    if hashlib.sha256(found).hexdigest() != card(name, home)["files"].get(file):
        raise ModelError(f"{path}: it is not the file of its card; {AGAIN}")
    return found


def arrays(name: str, home: Path = HOME, again: str = AGAIN) -> dict[str, NDArray[Any]]:
    """Return the arrays of an artefact.

    `again` says what to do where they cannot be used.

    Raises:
        ModelError: They are missing or damaged, or are not those that the card was written for.
    """
    path = home / name / "weights.npz"
    stated = card(name, home, again).get("sha256")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            found = {key: stored[key] for key in stored.files}
    except FileNotFoundError:
        raise ModelError(f"{path}: the weights are missing; {again}") from None
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        raise ModelError(f"{path}: the weights are damaged ({error}); {again}") from error
    if checksum(found) != stated:
        raise ModelError(f"{path}: the weights are not those of their card; {again}")
    return found


def save(name: str, weights: Arrays, description: Card, home: Path = HOME) -> None:
    """Write an artefact; the card gets the checksum of the arrays."""
    folder = home / name
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "weights.npz", **dict(weights))  # type: ignore[arg-type]
    _write_card(folder, description | {"sha256": checksum(weights)})


def save_files(name: str, files: Mapping[str, bytes], description: Card, home: Path = HOME) -> None:
    """Write an artefact that is made of files; the card gets the checksum of each and one of all."""
    folder = home / name
    folder.mkdir(parents=True, exist_ok=True)
    sums = {file: hashlib.sha256(given).hexdigest() for file, given in files.items()}
    for file, given in files.items():
        (folder / file).write_bytes(given)
    whole = hashlib.sha256("".join(sums[file] for file in sorted(sums)).encode()).hexdigest()
    _write_card(folder, description | {"files": sums, "sha256": whole})


def _write_card(folder: Path, description: Card) -> None:
    text = json.dumps(description, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def checksum(weights: Arrays) -> str:
    """Return the SHA-256 of arrays: their names, types, shapes and bytes."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
