"""The import format of Movable Type and TypePad, which many programs write: entries as text, parted by dashes.

It has no ids and no replies. E-mail and IP addresses of commenters stand in the file and reach no record.
Source: https://movabletype.org/documentation/appendices/import-export-format.html.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from commentlab import dates, dom, fields, text, xmlstream
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Problem, Thread

FORMAT = Format(
    name="movabletype_text", title="Movable Type or TypePad export", extensions=(".txt",), states_replies=False
)

_KEYS = (
    r"(?:AUTHOR|TITLE|BASENAME|STATUS|ALLOW COMMENTS|ALLOW PINGS|CONVERT BREAKS|PRIMARY CATEGORY|CATEGORY|DATE|TAGS"
    r"|UNIQUE URL|NO ENTRY|EMAIL|URL|IP|BLOG NAME)"
)
_SECTIONS = r"(?:BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING)"
# A line of dashes that somebody typed parts nothing: only what a program wrote has a key or a section under it.
_ENTRY_END = re.compile(rf"^--------[ \t\r]*\n(?=\s*{_KEYS}:)", re.M)
_SECTION_END = re.compile(rf"^-----[ \t\r]*(?:\n(?=\s*{_SECTIONS}:[ \t\r]*\n)|\s*(?:^--------\s*)?\Z)", re.M)
_FIELD = re.compile(rf"\s*?^({_KEYS}):[ \t]?([^\n]*)(?:\n|\Z)", re.M)
_NAME = re.compile(rf"\s*({_SECTIONS}):[ \t\r]*\n")
_SNIFF = re.compile(rf"\s*(?:{_KEYS}:[^\n]*\n\s*)+-----[ \t\r]*\n\s*{_SECTIONS}:[ \t\r]*\n")

_POST = Fields(text="text", title="title", author="author", when="date", url="unique-url")
_REPLY = Fields(text="text", author="author blog-name title", when="date", kinds={"PING": "trackback"})


def sniff(source: Source) -> Clue | None:
    """Look for the fields of an entry with the dashes and the first section under them."""
    found = _SNIFF.match(text.decode(source.head[:4096])[0])
    return (
        Clue(score=0.95, why=f"fields that begin with {found[0].split(':')[0]!r}, dashes, a section") if found else None
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield each entry that has comments or pings; only one of them is in memory."""
    problems: list[Problem] = []
    with source.open() as stream:
        threads = (each for entry in _entries(xmlstream.decoded(stream), problems) for each in _thread(entry, source))
        yield from xmlstream.concluded(threads, problems)


def _entries(chunks: Iterable[str], problems: list[Problem]) -> Iterator[str]:
    buffer = ""
    for chunk in chunks:
        *complete, buffer = _ENTRY_END.split(buffer + chunk)
        yield from complete
        if len(buffer) > xmlstream.LARGEST:
            message = f"an entry of more than {xmlstream.LARGEST >> 20} million characters is cut there"
            problems.append(Problem(code="too-long", message=message))
            yield buffer
            buffer = ""
    if buffer.strip():
        if not buffer.rstrip().endswith("-----"):
            message = "the file ends in the middle of an entry; what stands after that is missing; export it again"
            problems.append(Problem(code="cut", message=message))
        yield buffer


def _thread(entry: str, source: Source) -> Iterator[Thread]:
    head, *sections = _SECTION_END.split(entry)
    about = _row(head)
    replies: list[dict[str, str]] = []
    for section in sections:
        name = _NAME.match(section)
        if name and name[1] in ("COMMENT", "PING"):
            replies.append(_reply(section[name.end() :], name[1]))
        elif name and name[1] in ("BODY", "EXTENDED BODY"):
            about["text"] = "\n\n".join(filter(None, (about["text"], dom.paragraphs(section[name.end() :].strip()))))
    if not replies:
        return
    problems: list[Problem] = []
    post = fields.post(about, _POST, source)
    when = dates.parse(about.get("date", ""), zone=source.timezone, order="mdy")
    comments = fields.comments(((row, None) for row in replies), _REPLY, source, problems)
    dated = [_dated(comment, row, source) for comment, row in zip(comments, replies, strict=True)]
    yield fields.thread(replace(post, published=when.time), dated, source, FORMAT.name, problems)


def _row(section: str) -> dict[str, str]:
    """Return the fields at the beginning of a section by name, and what follows them as "text"."""
    row: dict[str, str] = {}
    position = 0
    while (match := _FIELD.match(section, position)) and (key := match[1].lower().replace(" ", "-")) not in row:
        row[key] = match[2].strip()
        position = match.end()
    return {**row, "text": dom.paragraphs(section[position:].strip())}


def _reply(section: str, name: str) -> dict[str, str]:
    row = _row(section)
    author = row.get("author") or row.get("blog-name")
    return {**row, "id": text.fingerprint(author, row.get("date"), row["text"]), name: "yes"}


def _dated(comment: Comment, row: dict[str, str], source: Source) -> Comment:
    """Read the date as the format writes it, month first."""
    when = dates.parse(row["date"], zone=source.timezone, order="mdy") if row.get("date") else None
    return replace(comment, when=when)
