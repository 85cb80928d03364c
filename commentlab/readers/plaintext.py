"""Text as a person copies it off a page: a post, a heading such as "8 thoughts on …", entries, the form's leftovers.

Entries begin or end with a byline ("Gyre says:", a date, or both, on one line or two) or, where an extractor has
dropped the bylines, with the numbers and bullets of the list that the page was. Depth is indentation.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commentlab import dates, phrases, text
from commentlab.errors import UnreadableError
from commentlab.plain import depth, turns
from commentlab.plain import discussion as discussions
from commentlab.plain import lines as pages
from commentlab.plain.entries import Discussion, Entry
from commentlab.plain.lines import STEP, Line
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Kind, Link, Post, Problem, Thread

FORMAT = Format(name="plaintext", title="text copied off a page", extensions=(".txt", ".text"), states_replies=False)
MAX_BYTES = 64 << 20
LONGEST_NAME = 8
"""Words of a name that is looked for near the post."""

_MARKUP = re.compile(
    r"\s*(?:<(?:!doctype|html|head|body|\?xml|rss|feed|div|[a-z]+[\s>])|\{\s*[\"}]|\[\s*[{\"\[])", re.I
)
_QUOTED = re.compile(r"^>.*(?:\n>.*)*", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A text as lines, with the column at which they were broken."""

    lines: Sequence[Line]
    width: int | None


def sniff(source: Source) -> Clue | None:
    """Take whatever is not markup; surely, if a heading or bylines announce comments."""
    head = text.decode(source.head)[0]
    if _MARKUP.match(head):
        return None
    found = discussions.find(pages.of(head))
    why = f"text with {len(found.entries)} entries in its first part" if found else "text"
    return Clue(score=0.5 if found else 0.1, why=why)


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread that the text holds; a text without comments is a post with a problem."""
    if source.size > MAX_BYTES:
        message = f"it has {source.size >> 20} MB of text in one page; the limit is {MAX_BYTES >> 20} MB, so split it"
        raise UnreadableError(source.name, message)
    with source.open() as stream:
        lines = pages.of(text.decode(stream.read())[0])
    page = _Page(lines=lines, width=pages.width_of(lines))
    found = discussions.find(lines)
    post = _post(page, found)
    comments, guessed = _dated(_comments(page, found.entries, source) if found else [], source)
    if found and not _keeps_columns(page, found):
        comments = turns.infer(comments, _named_near(page, found, comments))
    yield Thread(
        id=post.id if post.title else text.fingerprint(source.name),
        post=post,
        comments=tuple(comments),
        source=source.name,
        reader=FORMAT.name,
        declared_count=found.section.declared if found else _announced(lines),
        problems=(*_problems(found), *guessed),
    )


def _announced(lines: Sequence[Line]) -> int | None:
    counts = (phrases.announced(line.text) for line in lines if line.opens and phrases.is_heading(line.text))
    return next((count for count in counts if count is not None), None)


def _comments(page: _Page, entries: Sequence[Entry], source: Source) -> list[Comment]:
    order = dates.order_of(entry.byline.date for entry in entries if entry.byline.date)
    columns = depth.columns(entries)
    uses: Counter[str] = Counter()
    above: list[tuple[int, str]] = []
    by_author: dict[str, str] = {}
    comments: list[Comment] = []
    for entry, column in zip(entries, columns, strict=True):
        author = text.mend(entry.byline.author) if entry.byline.author else None
        body, answers = _body(page, entry)
        name = text.fingerprint(author, body)
        uses[name] += 1
        name = name if uses[name] == 1 else f"{name}-{uses[name]}"
        while above and above[-1][0] > column - STEP:
            above.pop()
        raw = entry.byline.date
        when = dates.parse(raw, zone=source.timezone, order=order) if raw else None
        link = Link(parent_id=above[-1][1], method="indent") if above else None
        answers = answers or entry.byline.answers
        if answers and (parent := by_author.get(text.fold(answers))):
            link = Link(parent_id=parent, method="text")
        comment = Comment(
            id=name,
            text=body,
            author=author,
            when=when,
            link=link,
            quotes=tuple(match.span() for match in _QUOTED.finditer(body)),
            kind=_kind(page.lines[entry.first].text, body),
            by_post_author=entry.by_post_author,
        )
        comments.append(comment)
        above.append((column, name))
        if author:
            by_author[text.fold(author)] = name
    return comments


def _dated(comments: Sequence[Comment], source: Source) -> tuple[list[Comment], list[Problem]]:
    """Give the dates that name no year the one that the others suggest, and say so."""
    whens = dates.with_years([comment.when for comment in comments], zone=source.timezone)
    guessed = sum(when != comment.when for when, comment in zip(whens, comments, strict=True))
    message = f"{guessed} dates name no year; the dates around them suggest the one that was taken"
    problems = [Problem(code="year-assumed", message=message)] if guessed else []
    pairs = zip(comments, whens, strict=True)
    return [comment if when is comment.when else replace(comment, when=when) for comment, when in pairs], problems


def _keeps_columns(page: _Page, found: Discussion) -> bool:
    """Tell whether a text shows by its columns what is nested: then what is not indented is no reply."""
    lines = page.lines[found.entries[0].first : found.entries[-1].end]
    return sum(line.indent >= STEP for line in lines) > 0.05 * len(lines)


def _named_near(page: _Page, found: Discussion | None, comments: Sequence[Comment]) -> list[str]:
    """Return the authors of comments who are named in short lines above the discussion, as its post's author is."""
    above = page.lines[: _start(found)] if found else []
    authors = {comment.author: text.words(comment.author) for comment in comments if comment.author}
    sizes = {len(words) for words in authors.values()} & set(range(1, LONGEST_NAME + 1))
    short = [text.words(line.text) for line in above if len(line.text) < 80]
    named = {tuple(words[i : i + size]) for words in short for size in sizes for i in range(len(words))}
    return [author for author, words in authors.items() if tuple(words) in named]


def _start(found: Discussion) -> int:
    """Return the line with which the discussion begins."""
    return found.section.heading if found.section.heading is not None else found.entries[0].first


def _body(page: _Page, entry: Entry) -> tuple[str, str | None]:
    """Return what the comment of an entry says, and whom it says that it answers."""
    lines = page.lines[entry.start : entry.end]
    answers = phrases.answered(lines[0].text) if lines else None
    kept = [line for line in lines[bool(answers) :] if not phrases.is_leftover(line.text)]
    body = phrases.without_button(pages.paragraphs(kept, page.width))
    return text.mend(text.tidy("\n".join(part for part in (entry.byline.lead, body) if part))), answers


def _kind(line: str, body: str) -> Kind:
    ping = phrases.pingback(line)
    if ping:
        return "trackback" if ping[0] == "trackback" else "pingback"
    return "pingback" if phrases.is_excerpt(body) else "comment"


def _problems(found: Discussion | None) -> Iterator[Problem]:
    if found is None:
        yield Problem(code="no-comments", message="no comments were recognised in the text")
        return
    numbers = [entry.number for entry in found.entries if entry.number is not None]
    top = [number for i, number in enumerate(numbers) if number > max([0, *numbers[:i]])]
    for before, after in zip([0, *top], top, strict=False):
        if after - before > 1:
            message = (
                f"the numbering jumps from {before} to {after}: {after - before - 1} entries are missing in the text"
            )
            yield Problem(code="gap", message=message)


def _post(page: _Page, found: Discussion | None) -> Post:
    """Return the post: from the title that the heading of the comments repeats, else from the first line on."""
    stop = _start(found) if found else len(page.lines)
    lines = page.lines[:stop]
    named = phrases.titled(page.lines[stop].text) if found else None
    first = next((i for i, line in enumerate(lines) if named and text.fold(line.text) == text.fold(named)), 0)
    title = text.mend(text.tidy(lines[first].text)) if lines else ""
    body = text.mend(text.tidy(pages.paragraphs(lines[first + 1 :], page.width)))
    return Post(id=text.fingerprint(title, body[:500]), title=text.shorten(title, 300), text=body)
