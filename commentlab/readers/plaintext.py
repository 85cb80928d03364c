"""Text as a person copies it off a page: a post, a heading such as "8 thoughts on …", entries, the form's leftovers.

Entries begin with a byline ("Gyre says:", a date, or both, on one line or two) or, where an extractor has dropped the
bylines, with the numbers and bullets of the list that the page was. Depth is indentation.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commentlab import dates, phrases, text
from commentlab.errors import UnreadableError
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Kind, Link, Post, Problem, Thread

FORMAT = Format(name="plaintext", title="text copied off a page", extensions=(".txt", ".text"), states_replies=False)
MAX_BYTES = 64 << 20
STEP = 2
"""Columns by which a reply is indented at least; numbers of one list may differ by one (right-aligned)."""

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?:(?:(?P<number>\d{1,4})[.)]|(?P<bullet>[•◦▪‣·*+□○–-]))(?:\s+|$))?(?P<text>.*)", re.S
)
_MARKUP = re.compile(r"\s*(?:<(?:!doctype|html|head|body|\?xml|rss|feed|div|[a-z]+[\s>])|[{\[]\s*[{\"\[\]}])", re.I)
_AUTHOR_EDGES = re.compile(
    r"^(?:(?:comment |posted |written )?by|von|par|por|da|av|kommentar von)\s+"
    r"|\s*\(?(?:post author|author|autor|auteur)\)?$|[\s,|·•@–—-]+(?:on|am|le|el|il|den|on the)?$",
    re.I,
)
_SENTENCE = re.compile(r"[.!?…][\"”’)]?$|^[>“\"„«]|[.!?]\s+\S+\s+\S")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its indentation in columns, the number or bullet before it, and whether a paragraph begins with it."""

    indent: int
    number: int | None
    bullet: bool
    text: str
    opens: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where an entry stands: its first line, the first line of its body, what is known from its byline."""

    start: int
    body: int
    indent: int
    author: str | None = None
    date: str | None = None
    lead: str = ""


def sniff(source: Source) -> Clue | None:
    """Take whatever is not markup; surely, if a heading or bylines announce comments."""
    head = text.decode(source.head)[0]
    if _MARKUP.match(head):
        return None
    section = _section(_lines(head))
    why = f"text with {len(section[1])} entries in its first part" if section else "text"
    return Clue(score=0.5 if section else 0.1, why=why)


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread that the text holds; a text without comments is a post with a problem."""
    if source.size > MAX_BYTES:
        message = f"it has {source.size >> 20} MB of text in one page; the limit is {MAX_BYTES >> 20} MB, so split it"
        raise UnreadableError(source.name, message)
    with source.open() as stream:
        lines = _lines(text.decode(stream.read())[0])
    start, entries, end = _section(lines) or (len(lines), [], len(lines))
    post = _post(lines[:start])
    comments, problems = _comments(lines, entries, end, source)
    heading = lines[start].text if start < len(lines) else ""
    yield Thread(
        id=post.id if post.title else text.fingerprint(source.name),
        post=post,
        comments=tuple(comments),
        source=source.name,
        reader=FORMAT.name,
        declared_count=phrases.announced(heading),
        problems=tuple(problems),
    )


def _lines(content: str) -> list[_Line]:
    lines: list[_Line] = []
    blank = True
    for raw in content.expandtabs(4).splitlines():
        match = _LINE.fullmatch(raw.rstrip())
        if match:  # always: every part of the pattern may be empty
            number = int(match["number"]) if match["number"] else None
            listed = number is not None or bool(match["bullet"])
            line = _Line(len(match["indent"]), number, bool(match["bullet"]), match["text"].strip(), blank or listed)
            blank = not line.text or phrases.is_leftover(line.text)
            lines.append(line)
    return lines


def _section(lines: Sequence[_Line]) -> tuple[int, list[_Entry], int] | None:
    """Return the line of the heading, the entries and the line where the form begins; the fullest section wins."""
    headings = [
        i for i, line in enumerate(lines) if line.opens and len(line.text) < 200 and phrases.is_heading(line.text)
    ]
    best: tuple[int, list[_Entry], int] | None = None
    for start, after in zip(headings[:40], [*headings[1:40], len(lines)], strict=False):
        end = _end(lines, start + 1, len(lines))
        entries = _entries(lines, start + 1, end)
        if entries and (best is None or len(entries) > len(best[1])) and entries[0].start <= max(after, start + 40):
            best = start, entries, end
    if best is None:
        entries = list(_bylines(lines, 0, len(lines)))
        if entries:
            end = _end(lines, entries[0].start, len(lines))
            best = entries[0].start, [entry for entry in entries if entry.start < end], end
    return best


def _end(lines: Sequence[_Line], start: int, stop: int) -> int:
    return next((i for i in range(start, stop) if lines[i].opens and phrases.is_form(lines[i].text)), stop)


def _entries(lines: Sequence[_Line], start: int, end: int) -> list[_Entry]:
    signed = list(_bylines(lines, start, end))
    listed = list(_items(lines, start, end))
    # A list inside a comment also has numbers, but those are no more than the bylines unless the bylines were dropped.
    return signed if 2 * len(signed) >= len(listed) else listed


def _bylines(lines: Sequence[_Line], start: int, end: int) -> Iterator[_Entry]:
    """Yield the entries that begin with a byline, or with "Pingback:" among such entries."""
    position = start
    while position < end:
        entry = _byline(lines, position, end)
        if entry:
            yield entry
        position = entry.body if entry else position + 1


def _byline(lines: Sequence[_Line], position: int, end: int) -> _Entry | None:
    line = lines[position]
    if not line.opens or not 0 < len(line.text) <= 160:
        return None
    if phrases.pingback(line.text):
        return _Entry(position, position + 1, line.indent, lead=line.text)
    following = next((i for i in range(position + 1, min(position + 3, end)) if lines[i].text), None)
    below = lines[following].text if following is not None else ""
    speech = phrases.said(line.text)
    author, rest = speech or _split(line.text)
    if not author or _SENTENCE.search(author):
        return None
    date, lead = _dated(rest)
    if date:
        return _Entry(position, position + 1, line.indent, author, date, lead)
    if rest:
        return None
    if following is not None and _dated(below) == (below.rstrip(" :#"), ""):
        return _Entry(position, following + 1, line.indent, author, below)
    alone = speech and len(author.split()) <= 4
    return _Entry(position, position + 1, line.indent, author) if alone else None


def _split(line: str) -> tuple[str, str]:
    """Split `Gyre October 1, 2012 at 11:05 am` before its date; a short line may be an author alone."""
    spans = dates.find(line) if len(line) < 120 else []
    name = _author(line[: spans[0][0]] if spans else line)
    return (name, line[spans[0][0] :] if spans else "") if len(name.split()) <= 6 else ("", "")


def _dated(rest: str) -> tuple[str, str]:
    """Return the date at the beginning of a text, and what follows it."""
    spans = dates.find(rest[:120])
    if not spans or len(rest[: spans[0][0]].strip(" ,:(on@am")) > 3:
        return "", ""
    start, end = spans[0]
    return rest[start:end].strip(), rest[end:].strip(" :)#|·")


def _author(name: str) -> str:
    before = ""
    while name != before:
        before, name = name, _AUTHOR_EDGES.sub("", name.strip())
    return name


def _items(lines: Sequence[_Line], start: int, end: int) -> Iterator[_Entry]:
    """Yield the entries that begin with a number or a bullet of the page's own list."""
    top: int | None = None
    last = 0
    for position in range(start, end):
        line = lines[position]
        column = line.indent if top is None else top
        if line.number is not None and abs(line.indent - column) < STEP and line.number > last:
            top, last = column, line.number
            yield _Entry(position, position + 1, line.indent, lead=line.text)
        # The points of a list that somebody typed stand on neighbouring lines; a reply has a blank line before it.
        elif line.bullet and not (position > start and lines[position - 1].text):
            if top is None or line.indent >= top + STEP:
                yield _Entry(position, position + 1, line.indent, lead=line.text)


def _comments(
    lines: Sequence[_Line], entries: Sequence[_Entry], end: int, source: Source
) -> tuple[list[Comment], list[Problem]]:
    order = dates.order_of(entry.date for entry in entries if entry.date)
    stops = [*(entry.start for entry in entries), end][1:]
    uses: Counter[str] = Counter()
    above: list[tuple[int, str]] = []
    comments: list[Comment] = []
    for entry, stop in zip(entries, stops, strict=True):
        comment = _comment(entry, _body(lines, entry, stop))
        name = text.fingerprint(comment.author, comment.text)
        uses[name] += 1
        name = name if uses[name] == 1 else f"{name}-{uses[name]}"
        while above and above[-1][0] > entry.indent - STEP:
            above.pop()
        when = dates.parse(entry.date, zone=source.timezone, order=order) if entry.date else None
        link = Link(parent_id=above[-1][1], method="indent") if above else None
        comments.append(replace(comment, id=name, when=when, link=link))
        above.append((entry.indent, name))
    numbers = [number for entry in entries if (number := lines[entry.start].number) is not None]
    problems = list(_gaps(numbers))
    if not comments:
        problems.append(Problem(code="no-comments", message="no comments were recognised in the text"))
    return comments, problems


def _comment(entry: _Entry, body: str) -> Comment:
    ping = phrases.pingback(body.split("\n", 1)[0])
    if ping:
        kind: Kind = "trackback" if ping[0] == "trackback" else "pingback"
        return Comment(id="", text=body.partition("\n")[2].strip(), author=ping[1], kind=kind)
    quotes = tuple(match.span() for match in re.finditer(r"^>.*(?:\n>.*)*", body, re.M))
    return Comment(id="", text=body, author=text.mend(entry.author) if entry.author else None, quotes=quotes)


def _body(lines: Sequence[_Line], entry: _Entry, stop: int) -> str:
    kept = [entry.lead] if entry.lead else []
    for line in lines[entry.body : stop]:
        if not phrases.is_leftover(line.text):
            kept.append(_plain(line))
    return text.mend(text.tidy("\n".join(kept)))


def _gaps(numbers: Sequence[int]) -> Iterator[Problem]:
    for before, after in zip([0, *numbers], numbers, strict=False):
        if after - before > 1:
            message = (
                f"the numbering jumps from {before} to {after}: {after - before - 1} entries are missing in the text"
            )
            yield Problem(code="gap", message=message)


def _post(lines: Sequence[_Line]) -> Post:
    first = next((i for i, line in enumerate(lines) if line.text), len(lines))
    title = text.mend(text.tidy(lines[first].text)) if first < len(lines) else ""
    body = text.mend(text.tidy("\n".join(_plain(line) for line in lines[first + 1 :])))
    return Post(id=text.fingerprint(title, body[:500]), title=text.shorten(title, 300), text=body)


def _plain(line: _Line) -> str:
    mark = f"{line.number}. " if line.number is not None else "• " if line.bullet else ""
    return mark + line.text if line.text else ""
