"""The tables as a corpus of ConvoKit: five files in a folder, which `Corpus(filename=folder)` and the reader open.

Source: https://convokit.cornell.edu/documentation/data_format.html.
"""

import html
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from commentlab.errors import UnreadableError
from commentlab.frames import Frames, json_line, rows

UNKNOWN = "[unknown]"
"""The speaker of what nobody has signed, since ConvoKit knows no utterance without a speaker."""

Row = dict[str, Any]

_OWN = frozenset(["thread_id", "comment_id", "parent_id", "author", "published", "text", "depth", "position"])
"""Columns that the structure of an utterance holds; all others are its meta."""
_OF_POST = ("title", "url", "post_author", "post_published", "post_text")


def write(frames: Frames, folder: str | os.PathLike[str]) -> Path:
    """Write tables as a corpus of ConvoKit.

    The post is the utterance that gives its conversation the id, and comments without a parent answer it. Labels are
    meta of the utterances, what is known of a thread is meta of the conversation.

    Args:
        frames: The tables, of `to_frames`.
        folder: Where the five files go; it is made where it is missing.

    Returns:
        The folder.

    Raises:
        UnreadableError: The folder cannot be written.
    """
    target = Path(folder)
    threads = list(rows(frames.threads))
    utterances = list(_utterances(threads, rows(frames.comments)))
    files = {
        "utterances.jsonl": "".join(map(json_line, utterances)),
        "speakers.json": json_line({row["speaker"]: {"meta": {}, "vectors": []} for row in utterances}),
        "conversations.json": json_line({row["thread_id"]: _conversation(row) for row in threads}),
        "corpus.json": json_line({}),
        "index.json": json_line(_index(utterances, threads)),
    }
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (target / name).write_bytes(content.encode("utf-8", "replace"))
    except OSError as error:
        raise UnreadableError(str(target), f"it cannot be written: {error.strerror or error}") from error
    return target


def _utterances(threads: Iterable[Row], comments: Iterable[Row]) -> Iterator[Row]:
    held = list(comments)
    uses = Counter(row["comment_id"] for row in held)
    uses.update(str(row["thread_id"]) for row in threads)

    # An utterance needs an id that no other of the whole corpus has.
    def named(thread_id: str, comment_id: str) -> str:
        return comment_id if uses[comment_id] == 1 else f"{thread_id}/{comment_id}"

    for row in threads:
        meta = {"title": _escaped(row["title"] or ""), "url": row["url"]}
        head = {"id": row["thread_id"], "conversation_id": row["thread_id"], "reply-to": None, "meta": meta}
        yield head | _said(row["post_author"], row["post_published"], row["post_text"])
    for row in held:
        thread, parent = row["thread_id"], row["parent_id"]
        above = named(thread, parent) if parent is not None else thread
        meta = {name: value for name, value in row.items() if name not in _OWN}
        head = {"id": named(thread, row["comment_id"]), "conversation_id": thread, "reply-to": above, "meta": meta}
        yield head | _said(row["author"], row["published"], row["text"])


def _said(author: str | None, time: datetime | None, said: str | None) -> Row:
    return {
        "text": _escaped(said or ""),
        "speaker": _escaped(author or UNKNOWN),
        "timestamp": time.timestamp() if time else None,
        "vectors": [],
    }


def _conversation(row: Row) -> Row:
    meta = {name: value for name, value in row.items() if name != "thread_id" and name not in _OF_POST}
    return {"meta": meta | {"title": row["title"], "url": row["url"]}, "vectors": []}


def _escaped(shown: str) -> str:
    """Escape a text in which a corpus's readers would take something for an entity; any other stays as it is."""
    return shown if html.unescape(shown) == shown else shown.replace("&", "&amp;")


def _index(utterances: Iterable[Row], threads: Iterable[Row]) -> Row:
    """Return which meta there is and of what types, as ConvoKit's own index says it."""
    return {
        "utterances-index": _types(row["meta"] for row in utterances),
        "speakers-index": {},
        "conversations-index": _types(_conversation(row)["meta"] for row in threads),
        "overall-index": {},
        "version": 1,
        "vectors": [],
    }


def _types(metas: Iterable[Row]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for meta in metas:
        for name, value in meta.items():
            found.setdefault(name, set()).update({str(type(value))} - {str(type(None))})
    return {name: sorted(types) for name, types in found.items()}
