"""Stance schemes: a proposition and the camps that people fall into about it, one TOML file each.

A model that `commentlab train` fitted to NAME.toml lies in the folder NAME.model beside it.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, cast, get_args

from commentlab.errors import InputError, OptionError
from commentlab.records import Camp, Scheme, Side

HOME = Path(__file__).parent
_SIDES = get_args(Side)


def available() -> tuple[str, ...]:
    """Return the names of the built-in schemes."""
    return tuple(sorted(path.stem for path in HOME.glob("*.toml")))


def fitted(path: str | os.PathLike[str]) -> Path:
    """Return the folder of the model that is, or would be, fitted to the scheme in a TOML file."""
    return Path(path).with_suffix(".model")


def load(name_or_path: str | os.PathLike[str]) -> Scheme:
    """Load a built-in scheme by its name, or a TOML file by its path.

    Raises:
        OptionError: There is neither such a scheme nor such a file.
        InputError: The file is no scheme; the message names the key.
    """
    name = os.fspath(name_or_path)
    if name in available():
        return _read(HOME / f"{name}.toml")
    path = Path(name)
    if path.suffix.casefold() == ".toml" and path.is_file():
        return _read(path)
    message = f"unknown scheme {name!r}; there are {', '.join(available())}, or give the path of a .toml file"
    raise OptionError(message)


def _read(path: Path) -> Scheme:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(path), f"it cannot be read as TOML ({error}); compare it with threat.toml") from error
    camps = data.get("camps")
    if not isinstance(camps, list) or len(camps) < 2:
        raise InputError(str(path), "key `camps`: a scheme has at least two tables [[camps]]; add them")
    scheme = Scheme(
        name=_text(path, data, "name"),
        title=_text(path, data, "title"),
        proposition=_text(path, data, "proposition"),
        camps=tuple(_camp(path, camp, f"camps[{number}]") for number, camp in enumerate(camps)),
        fitted=str(fitted(path)) if (fitted(path) / "card.json").is_file() else None,
    )
    if len(set(scheme.values)) < len(scheme.values):
        raise InputError(str(path), "key `camps`: two camps have the same name; rename one")
    return scheme


def _camp(path: Path, data: Any, where: str) -> Camp:
    if not isinstance(data, dict):
        raise InputError(str(path), f"key `{where}`: a camp is a table [[camps]]; write one")
    side = _text(path, data, "side", where)
    if side not in _SIDES:
        raise InputError(str(path), f"key `{where}.side`: {side!r} is no side; use one of {', '.join(_SIDES)}")
    examples = data.get("examples", [])
    if not isinstance(examples, list) or not all(isinstance(example, str) for example in examples):
        raise InputError(str(path), f"key `{where}.examples`: a list of texts is wanted; put each in quotes")
    return Camp(
        name=_text(path, data, "name", where),
        side=cast(Side, side),
        meaning=_text(path, data, "meaning", where),
        examples=tuple(examples),
    )


def _text(path: Path, data: dict[str, Any], key: str, where: str = "") -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        name = f"{where}.{key}" if where else key
        raise InputError(str(path), f'key `{name}`: a text is wanted here; add `{key} = "..."`')
    return value.strip()
