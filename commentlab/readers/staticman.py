"""Staticman and its like: a static site's comments as YAML, one file an entry or a list of entries in one file.

The folder or `_parent` names the post, so the files of one folder have the same thread id; merging them is the
caller's, and so a reply whose parent is in another file keeps its link. E-mail addresses, also hashed, are not read.
Source: https://staticman.net/docs/configuration; the fields have the names that a site gives them.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from commentlab import fields, text
from commentlab.documents import get
from commentlab.errors import UnreadableError
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="staticman", title="Staticman entry (YAML)", extensions=(".yml", ".yaml"))
LIMIT = 1 << 17
"""Bytes of the largest file; one of Staticman holds one comment."""

_FIELDS = Fields(
    id="_id id uid",
    text="message comment body content text",
    markup="markdown",
    author="name author.name author",
    when="date timestamp created_at",
    parent="replying_to_uid reply_to_uid replying_to_id reply_to parent_id parent",
    url="url permalink",
    by_post_author="author_comment isAuthor",
    statuses={"deleted": "deleted", "spam": "spam"},
)
_THREAD = "_parent slug post_id page_id page"
_KEY = re.compile(r"(?:-?[ ]{0,2})[\"']?(\w+)[\"']?:(?:\s|$)")
_EDGE = re.compile(r"#|---|\.\.\.|-\s|[\"']?[\w-]+[\"']?:(?:\s|$)|\s|$")
_NEEDED = ({"_id", "id", "uid"}, {"message", "comment", "body", "content", "text"}, {"name", "author"})
_DATES = {"date", "timestamp", "created_at"}


def sniff(source: Source) -> Clue | None:
    """Look for YAML with the keys of an entry: its id, its text, who wrote it, and a date."""
    if source.size > LIMIT or not _KEY.search(text.decode(source.head[:1024])[0].partition("<")[0]):
        return None
    lines = text.decode(source.head)[0].splitlines()
    if not all(_EDGE.match(line) for line in lines):
        return None
    keys = {match[1] for line in lines if (match := _KEY.match(line))}
    if not all(keys & needed for needed in (*_NEEDED, _DATES)):
        return None
    return Clue(
        score=0.9 if keys & {"_id", "_parent"} else 0.6, why=f"YAML with the keys {', '.join(sorted(keys)[:6])}"
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread that the entries of the file belong to."""
    problems: list[Problem] = []
    entries = _entries(source, problems)
    replies = [(entry, None) for entry in entries if isinstance(entry, dict) and get(entry, _FIELDS.text)]
    if not replies:
        return
    name = next((name for entry, _ in replies if (name := fields.string(get(entry, _THREAD)))), "")
    folder = PurePath(source.name).parent.name
    post = fields.post({}, _FIELDS, source, key=name or folder, url=fields.web(name))
    comments = fields.comments(replies, _FIELDS, source, problems)
    yield fields.thread(post, comments, source, FORMAT.name, problems)


def _entries(source: Source, problems: list[Problem]) -> list[Any]:
    import yaml

    with source.open() as stream:
        content = text.decode(stream.read(LIMIT + 1))[0]
    for end in ("", '"', "'"):
        try:
            # The base loader makes strings of all scalars: nothing is executed, no text turns into a date or a number.
            documents = list(yaml.load_all(content + end, Loader=yaml.BaseLoader))
        except yaml.YAMLError as error:
            failed = error
            continue
        if end:
            message = "the file ends in the middle of a text; fetch it again"
            problems.append(Problem(code="cut", message=message))
        return [entry for each in documents for entry in (each if isinstance(each, list) else [each])]
    where = f" in line {mark.line + 1}" if (mark := getattr(failed, "problem_mark", None)) else ""
    raise UnreadableError(source.name, f"it is no YAML{where}; export it again, or quote the text there") from failed
