"""Whether entries are comments: what tells a thread from teasers, archives and quotations in an article."""

from collections.abc import Sequence

from commentlab import phrases
from commentlab.plain import furniture
from commentlab.plain.anchors import runs
from commentlab.plain.cutting import cut
from commentlab.plain.entries import Discussion, Entry
from commentlab.plain.furniture import is_prose
from commentlab.plain.lines import Line
from commentlab.plain.sections import Section

_QUOTES = ("“", "„", "«", '"', "'", "‘")


def find(lines: Sequence[Line], pieces: Sequence[Section]) -> Discussion | None:
    """Return the discussion with the most entries, None where no bylines repeat as those of comments do."""
    best: tuple[float, Discussion] | None = None
    for run in runs(lines, pieces):
        discussion = cut(lines, run)
        points = score(lines, discussion)
        if points > 0 and (best is None or points > best[0]):
            best = points, discussion
    return best[1] if best else None


def score(lines: Sequence[Line], discussion: Discussion) -> float:
    """Say how much a discussion looks like one: entries with a text, times the kinds of evidence for comments."""
    entries = discussion.entries
    filled = sum(
        entry.byline.shape == "ping" or entry.end > entry.start or bool(entry.byline.lead) for entry in entries
    )
    if not entries or 2 * filled < len(entries):
        return 0.0
    evidence = (
        _headed(lines, discussion)
        + _spoken(entries)
        + _answerable(lines, entries)
        + (entries[0].first == 0)
        + all(entry.level is not None for entry in entries)
        + _followed_by_form(lines, discussion)
    )
    if not evidence or _teases(lines, entries) or _cited(lines, entries):
        return 0.0
    vague = all(entry.byline.shape not in ("said", "wrote") and not entry.byline.exact for entry in entries)
    if evidence == 1 and discussion.section.declared is None and len(entries) <= (2 if vague else 1):
        return 0.0
    return filled * (1 + 0.5 * evidence)


def _headed(lines: Sequence[Line], discussion: Discussion) -> bool:
    """Tell whether a heading announces the entries: nothing but labels stands between."""
    between = lines[discussion.section.start : discussion.entries[0].first]
    return discussion.section.heading is not None and sum(is_prose(line) for line in between) < 2


def _teases(lines: Sequence[Line], entries: Sequence[Entry]) -> bool:
    """Tell whether the entries are the beginnings of posts on an overview."""
    teasers = [any(phrases.is_teaser(line.text) for line in lines[entry.start : entry.end]) for entry in entries]
    return len(entries) > 1 and 2 * sum(teasers) > len(entries)


def _followed_by_form(lines: Sequence[Line], discussion: Discussion) -> bool:
    """Tell whether a form for comments ends several entries."""
    end = discussion.section.end
    return len(discussion.entries) > 1 and end < len(lines) and phrases.is_form(lines[end].text)


def _spoken(entries: Sequence[Entry]) -> bool:
    """Tell whether most bylines have a verb: "Gyre says", "posted by"."""
    spoken = sum(entry.byline.shape in ("said", "signed", "mail", "wrote") for entry in entries)
    return 2 * spoken > len(entries)


def _cited(lines: Sequence[Line], entries: Sequence[Entry]) -> bool:
    """Tell whether most bylines are sentences of an article ("The mayor said:") that introduce quotations."""
    texts = [entry.byline.lead or (lines[entry.start].text if entry.start < entry.end else "") for entry in entries]
    cited = sum(text.startswith(_QUOTES) and not entry.byline.date for text, entry in zip(texts, entries, strict=True))
    return 2 * cited >= len(entries)


def _answerable(lines: Sequence[Line], entries: Sequence[Entry]) -> bool:
    """Tell whether most entries have a button that only comments have."""
    stops = (
        [*(entry.first for entry in entries[1:]), min(len(lines), entries[-1].end + furniture.EDGE)] if entries else []
    )
    with_button = sum(
        phrases.is_answer_button(entry.byline.buttons)
        or any(phrases.is_answer_button(line.text) for line in lines[entry.first : stop])
        for entry, stop in zip(entries, stops, strict=True)
    )
    return len(entries) > 1 and with_button >= 0.4 * len(entries)
