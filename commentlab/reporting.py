"""Findings on paper: one self-contained HTML page, or Markdown."""

import html
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commentlab import insight, privacy, structure, text
from commentlab.errors import OptionError, UnreadableError
from commentlab.frames import rows, to_frames
from commentlab.privacy import Authors
from commentlab.records import Label, ScoredThread

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = {".html": "report.html", ".htm": "report.html", ".md": "report.md", ".markdown": "report.md"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:@])")
GLYPHS = {"agree": "＋", "disagree": "－", "query": "？", "neutral": "·"}
_DEEPEST_INDENT = 12


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
    frames = to_frames(scored)
    found = insight.findings(frames)
    return (
        _environment()
        .get_template(_TEMPLATES[suffix])
        .render(
            answer=found.answer,
            camps=[camp for camp in rows(found.camps) if camp["comments"]],
            exchanges=list(rows(found.exchanges)),
            flips=list(rows(found.flips)),
            voices=list(rows(found.voices)) if quotes else [],
            problems=list(rows(frames.problems)),
            threads=[_thread(each) for each in scored],
            quotes=quotes,
            written=datetime.now(UTC),
        )
    )


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
    environment.filters |= {"percent": _percent, "plain": _markdown, "clip": text.shorten}
    return environment


def _thread(scored: ScoredThread) -> dict[str, Any]:
    thread = scored.thread
    labels: dict[str, dict[str, Label]] = {}
    for label in scored.labels:
        labels.setdefault(label.comment_id, {})[label.task] = label
    entries = [
        {
            "comment": comment,
            "indent": min(depth, _DEEPEST_INDENT),
            "labels": labels.get(comment.id, {}),
            "glyph": _glyph(labels.get(comment.id, {}).get("relation")),
        }
        for comment, depth in structure.walk(thread.comments)
    ]
    return {"thread": thread, "scored": scored, "entries": entries, "shape": structure.shape(thread.comments)}


def _glyph(relation: Label | None) -> str:
    return GLYPHS.get(relation.value or "", "") if relation else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u202f%"  # a narrow space at which no line breaks


def _markdown(words: str | None) -> str:
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join((words or "").split()), quote=False))
