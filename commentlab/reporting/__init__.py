"""Findings on paper: one self-contained HTML page, or Markdown."""

import html
import math
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from commentlab import privacy, text
from commentlab.errors import OptionError, UnreadableError
from commentlab.privacy import Authors
from commentlab.records import ScoredThread
from commentlab.reporting.contents import GLYPHS, LISTED, contents

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["GLYPHS", "render", "report"]

_TEMPLATES = {".html": "report.html", ".htm": "report.html", ".md": "report.md", ".markdown": "report.md"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:@])")
_PERMALINK = re.compile(r"https?://[^\s\"'<>]+")


def report(
    scored: ScoredThread | Sequence[ScoredThread],
    out: str | os.PathLike[str],
    *,
    quotes: bool = True,
    authors: Authors = "pseudonym",
    key: str | os.PathLike[str] | None = None,
    exclude: str | os.PathLike[str] | None = None,
) -> Path:
    """Write a report of scored threads and return its path.

    Args:
        scored: What `score` returned.
        out: The file to write; its suffix chooses HTML (`.html`) or Markdown (`.md`).
        quotes: False leaves out the words of all comments, for publishing without searchable verbatim text.
        authors: `keep` names, `drop` them, or write a `pseudonym` for each, in the texts, too.
        key: File with the key of the pseudonyms; None means `pseudonym.key` beside the report, made where missing.
        exclude: CSV file with columns `author`, `thread_id`, `comment_id`: what is left out.

    Raises:
        OptionError: The suffix is neither.
        UnreadableError: The file cannot be written.
    """
    path = Path(out)
    cover = privacy.cover_for(path.parent, authors=authors, key=key, exclude=exclude)
    given = [scored] if isinstance(scored, ScoredThread) else scored
    shown = [each for each in (privacy.covered(each, cover) for each in given) if each]
    page = render(shown, path.suffix.casefold(), quotes=quotes)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UnreadableError(str(path), f"it cannot be written: {error.strerror or error}") from error
    return path


def render(scored: Sequence[ScoredThread], suffix: str, *, quotes: bool = True) -> str:
    """Return the report as text; `suffix` is `.html` or `.md`."""
    if suffix not in _TEMPLATES:
        raise OptionError(f"a report cannot be written as {suffix!r}; name the file .html or .md")
    return _environment().get_template(_TEMPLATES[suffix]).render(report=contents(scored, quotes=quotes))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("commentlab"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["LISTED"] = LISTED
    environment.filters |= {
        "percent": _percent,
        "plain": _markdown,
        "clip": text.shorten,
        "permalink": _permalink,
        "delay": _delay,
        "effect": lambda size: f"{size:+.2f}".replace("-", "−"),
        "named": lambda camp: "unclear" if camp == "abstained" else camp,
    }
    return environment


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u202f%"  # a narrow space at which no line breaks


def _markdown(words: str | None) -> str:
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join((words or "").split()), quote=False))


def _permalink(url: str | None) -> str:
    """Return a comment's address if following it loads a page and does nothing else."""
    return url if url and _PERMALINK.fullmatch(url) else ""


def _delay(seconds: float) -> str:
    """Return a time span in its largest fitting unit."""
    if math.isnan(seconds):
        return ""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
