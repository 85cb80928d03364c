"""What may come of reading any bytes: threads that keep their promises, or an error that commentlab names."""

import json
import signal
import traceback
from dataclasses import asdict, replace
from types import FrameType

import commentlab as cl
from commentlab import reading, structure

LIMIT = 5.0
"""Seconds after which a file counts as one that hangs."""


class _Hang(BaseException):
    """The time is up; no handler in a reader may catch this."""


def fault(data: bytes, name: str = "<bytes>") -> str | None:
    """Read a file from memory and say what is wrong with the result; None if nothing is.

    Wrong are an exception that is no `CommentlabError`, more than `LIMIT` seconds, neither a thread nor an error, and
    a thread that breaks its promises.
    """
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        threads = cl.read(replace(reading.open_source(data), name=name))
    except cl.CommentlabError:
        return None
    except (Exception, _Hang):
        return traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return next(filter(None, map(_broken, threads)), None) if threads else "lost: neither a thread nor an error"


def _ring(_: int, frame: FrameType | None) -> None:
    raise _Hang(f"more than {LIMIT} s")


def _broken(thread: cl.Thread) -> str | None:
    """Say which promise a thread breaks: one tree of unique ids, zones, quotes inside the text, whole characters."""
    _, problems = structure.repair(thread.comments)
    if problems:
        return f"not repaired: {problems[0]}"
    for comment in thread.comments:
        if comment.published and comment.published.tzinfo is None:
            return f"the time of {comment.id!r} has no zone"
        if any(not 0 <= start < end <= len(comment.text) for start, end in comment.quotes):
            return f"a quote of {comment.id!r} lies outside its {len(comment.text)} characters: {comment.quotes}"
    try:
        json.dumps(asdict(thread), ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        return f"half a character (a lone surrogate): {error.object[error.start - 60 : error.end + 20]!r}"
    return None
