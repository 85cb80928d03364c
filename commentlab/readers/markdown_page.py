"""Static sites' Markdown files: front matter, a text, and the comments of a former WordPress as HTML.

The tools that move a blog off WordPress leave its comments as `<ol class="comment-list">` in the file of the post or in
one of their own; a comment is an element with the id `comment-12`, and its replies stand inside it.
Source: https://developer.wordpress.org/reference/classes/walker_comment/ and https://jekyllrb.com/docs/front-matter/.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from commentlab import dom, fields, phrases, text
from commentlab.errors import UnreadableError
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Kind, Link, Problem, Thread

FORMAT = Format(name="markdown_page", title="Markdown with comments in HTML", extensions=(".md", ".markdown"))

_FRONT = re.compile(r"\s*---[ \t]*\r?\n(?P<yaml>.*?)\r?\n(?:---|\.\.\.)[ \t]*\r?\n", re.S)
_SIMPLE = re.compile(r"^(\w+):[ \t]*([\"']?)(.*?)\2[ \t]*$", re.M)
_LIST = re.compile(r"<(?:ol|ul|div|section)\b[^>]*\b(?:class|id)=[\"'][^\"'>]*\bcomment-?list\b[^>]*>", re.I)
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.I)
_ID = re.compile(r"(?:[a-z]{1,12}-)?comment-(\d+)", re.I)
_PINGS: tuple[Kind, ...] = ("pingback", "trackback")
_POST = Fields(
    markup="markdown", text="text", title="title", author="author.name author", when="date", url="url permalink"
)


class _Entry(NamedTuple):
    """A comment's element, its number, that of the comment around it, and inner elements with the same number."""

    node: int
    number: str
    parent: str | None
    again: set[int]


def sniff(source: Source) -> Clue | None:
    """Look for a list of comments in what is not a whole HTML page."""
    if source.size > dom.LIMIT or _PAGE.search(text.decode(source.head[:2048])[0]):
        return None
    start = text.decode(source.head)[0]
    found = _LIST.search(start)
    if not found or _PAGE.search(start[: found.start()]):
        return None
    where = "front matter" if _FRONT.match(start) else "text"
    return Clue(score=0.92, why=f"{where} with {found[0][:60]} after it")


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of the file."""
    with source.open() as stream:
        content = text.decode(stream.read(dom.LIMIT + 1))[0]
    if len(content) > dom.LIMIT:
        raise UnreadableError(source.name, f"a page of more than {dom.LIMIT >> 20} MB; split it")
    content = text.mend(content)
    found = _LIST.search(content)
    if not found:
        return
    page = dom.parse(content[found.start() :], name=source.name)
    nodes = dom.outline(page.tree.body) if page.tree.body else None
    comments = _comments(nodes, source) if nodes else []
    if not comments:
        return
    about, declared = _about(content[: found.start()])
    problems = [*page.problems, *_cut(content)]
    yield fields.thread(fields.post(about, _POST, source), comments, source, FORMAT.name, problems, declared=declared)


def _about(before: str) -> tuple[dict[str, Any], int | None]:
    """Return what the file says of the post, and the number of comments that the heading above them announces."""
    front = _FRONT.match(before)
    about = _front_matter(front["yaml"]) if front else {}
    body = before[front.end() :] if front else before
    above, _, last = body.rstrip().rpartition("\n")
    declared = phrases.announced(text.unescape(last).strip())
    return {**about, "text": body if declared is None else above}, declared


def _front_matter(content: str) -> dict[str, Any]:
    import yaml

    try:
        values = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings
    except yaml.YAMLError:
        values = {key: value for key, _, value in _SIMPLE.findall(content)}
    return values if isinstance(values, dict) else {}


def _comments(nodes: dom.Outline, source: Source) -> list[Comment]:
    entries = _entries(nodes)
    starts = {entry.node for entry in entries}
    return [_comment(nodes, entry, starts - {entry.node}, source) for entry in entries]


def _entries(nodes: dom.Outline) -> list[_Entry]:
    """Find each element that has a comment's id; one with the id of the element around it is the same comment."""
    entries: list[_Entry] = []
    opened: list[_Entry] = []
    for i, attributes in enumerate(nodes.attributes):
        match = _ID.fullmatch(attributes.get("id") or "")
        if not match:
            continue
        while opened and nodes.ends[opened[-1].node] <= i:
            opened.pop()
        if opened and opened[-1].number == match[1]:
            opened[-1].again.add(i)
            continue
        entries.append(_Entry(i, match[1], opened[-1].number if opened else None, set()))
        opened.append(entries[-1])
    return entries


def _comment(nodes: dom.Outline, entry: _Entry, replies: set[int], source: Source) -> Comment:
    starts, classes = [entry.node], nodes.classes(entry.node)
    parts = dom.parts(nodes, starts, replies, entry.again)
    kind: Kind = next((ping for ping in _PINGS if f" {ping} " in classes), "comment")
    author, _ = dom.author(nodes, parts, linked=kind != "comment")
    body, quotes = dom.body(nodes, starts, parts, replies, named=kind != "comment")
    when = dom.when(nodes, starts, parts, replies)
    return Comment(
        id=entry.number,
        text=body,
        author=fields.person(author),
        when=fields.moment(when.raw, source.timezone) if when else None,
        link=Link(parent_id=entry.parent) if entry.parent else None,
        quotes=quotes,
        kind=kind,
        status="pending" if parts.pending else "shown",
        by_post_author=" bypostauthor " in classes,
    )


def _cut(content: str) -> Iterator[Problem]:
    if len(re.findall(r"<li\b", content)) > len(re.findall(r"</li>", content)):
        yield Problem(code="cut", message="the list of comments ends in the middle; what stands after that is missing")
