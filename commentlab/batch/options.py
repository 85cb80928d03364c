"""What decides how files are read and labelled: the keyword arguments of everything that scores files."""

from collections.abc import Sequence
from typing import TypedDict

from commentlab.errors import OptionError
from commentlab.plugin import Tier


class Options(TypedDict, total=False):
    """How files are read and labelled; what is left out stands as in `DEFAULTS`.

    Attributes:
        scheme: Name or TOML file of a stance scheme.
        proposition: What the stance is about; a scheme has one of its own.
        tasks: Tasks to label; None means all that apply.
        tier: `fast`, `accurate` or `auto`.
        accepted_error: Share of wrong answers that is acceptable, as in `score`.
        reader: Name of the reader to use for all files.
        timezone: Zone of dates that state none.
        merge: The files are said to belong together, as in `read`: one process reads all of them, and they are in
            memory before the first is labelled.
    """

    scheme: str | None
    proposition: str | None
    tasks: Sequence[str] | None
    tier: Tier
    accepted_error: float | None
    reader: str | None
    timezone: str | None
    merge: bool


DEFAULTS: Options = {
    "scheme": None,
    "proposition": None,
    "tasks": None,
    "tier": "auto",
    "accepted_error": None,
    "reader": None,
    "timezone": None,
    "merge": False,
}


def completed(options: Options) -> Options:
    """Return options with the defaults filled in.

    Raises:
        OptionError: There is an option of another name.
    """
    unknown = [name for name in options if name not in DEFAULTS]
    if unknown:
        raise OptionError(f"unknown option {unknown[0]!r}; there are {', '.join(DEFAULTS)}")
    return {**DEFAULTS, **options}
