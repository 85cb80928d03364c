"""Stance schemes: a proposition and its camps, one TOML file each, and the threads that train them.

A scheme of a user's own is a file of the same form:

    title = "The new bridge"
    proposition = "The bridge should be built."

    [[camps]]
    name = "builders"
    side = "favor"            # favor | against | none: where the camp stands towards the proposition
    meaning = "wants it, now or later"
    examples = ["Ten years late, but build it."]
"""

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from commentlab.errors import OptionError, UnreadableError
from commentlab.records import Camp, Scheme, Side

_SHELF = resources.files(__name__)
_KEYS = {"title", "proposition", "camps"}
_CAMP_KEYS = {"name", "side", "meaning", "examples"}


def available() -> list[str]:
    """Return the names of the built-in schemes."""
    return sorted(file.name.removesuffix(".toml") for file in _SHELF.iterdir() if file.name.endswith(".toml"))


@cache
def load(name: str) -> Scheme:
    """Return a built-in scheme by its name, or a user's own from a TOML file.

    Raises:
        OptionError: There is no such scheme.
        UnreadableError: The file is no scheme; the message names the key that is wrong.
    """
    if name in available():
        return _read(_SHELF / f"{name}.toml", name)
    path = Path(name)
    if path.suffix != ".toml":
        raise OptionError(f"unknown scheme {name!r}; there are {', '.join(available())}, or give a TOML file")
    return _read(path, path.stem)


def training_threads(name: str) -> list[Traversable]:
    """Return the files of labelled threads (JSON lines) that a built-in scheme is trained on."""
    folder = _SHELF / name
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".jsonl")) if folder.is_dir() else (),
        key=lambda file: file.name,
    )


def _read(path: Path | Traversable, name: str) -> Scheme:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableError(str(path), f"{error.strerror or error}; check the path of the scheme") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(str(path), f"it is no TOML file: {error}") from error
    _expect(str(path), table, _KEYS, "the scheme")
    camps = tuple(_camp(str(path), row) for row in table["camps"])
    if len({camp.name for camp in camps}) < max(2, len(camps)):
        raise UnreadableError(str(path), "a scheme needs at least two camps, each with a name of its own")
    return Scheme(name=name, title=table["title"], proposition=table["proposition"], camps=camps)


def _camp(path: str, row: dict[str, Any]) -> Camp:
    _expect(path, row, _CAMP_KEYS, "a camp", optional={"examples"})
    if row["side"] not in get_args(Side):
        raise UnreadableError(
            path, f"the camp {row['name']!r} has side {row['side']!r}; it must be favor, against or none"
        )
    return Camp(name=row["name"], side=row["side"], meaning=row["meaning"], examples=tuple(row.get("examples", ())))


def _expect(
    path: str, table: Any, keys: set[str], what: str, optional: frozenset[str] | set[str] = frozenset()
) -> None:
    if not isinstance(table, dict):
        raise UnreadableError(path, f"{what} must be a table with {', '.join(sorted(keys))}")
    missing, unknown = keys - optional - table.keys(), table.keys() - keys
    if missing or unknown:
        wrong = f"lacks {', '.join(sorted(missing))}" if missing else f"has unknown keys {', '.join(sorted(unknown))}"
        raise UnreadableError(path, f"{what} {wrong}; its keys are {', '.join(sorted(keys))}")
