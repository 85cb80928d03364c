"""From bytes to tags and text, as HTML parsers find them: whatever is broken, what stands around it is found."""

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import IO

from commentlab import text

CHUNK = 1 << 18
"""Bytes that are read at once."""
LONGEST_TAG = 1 << 18
"""Characters within which a tag must end."""

Token = tuple[str, str, str]
"""Kind ("text", "start" or "end"), the text or the name, and what follows the name in a start tag."""

# In attributes XML allows no "<", which also keeps the search from running far ahead.
_TAG = re.compile(
    r"<(?:/(?P<end>[^\s<>/=\"']++)[^<>]*+|(?P<name>[^\W\d][\w.:-]*+)(?P<rest>(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+))>"
)
_UNFINISHED = re.compile(
    r"<(?:/[^<>]*|!\[?[A-Z]{0,7}|!-|!DOCTYPE.*|[^\W\d][\w.:-]*+(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+(?:\"[^<\"]*|'[^<']*)?)?\Z",
    re.S,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.I)
_SECTIONS = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"))
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*(?:\[(?:[^\]\"'<]|<(?!!DOCTYPE)|\"[^\"]*\"|'[^']*')*+\]\s*)?>", re.I)
_OPENING = re.compile(r"<(?![?!])(?:[\w.-]+:)?([^\W\d][\w.-]*)(?=[\s/>])")
_ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.S)


def root(head: bytes) -> str:
    """Return the local name of a document's first element, "" if there is none in its first kilobytes."""
    # Most of what is sniffed at are pages; they need no closer look.
    return "html" if b"<html" in head[:1024].lower() else _root(head[:8192])


@lru_cache(maxsize=4)
def _root(head: bytes) -> str:
    match = _OPENING.search(_DOCTYPE.sub("", _ASIDE.sub("", text.decode(head)[0]), count=1))
    return match[1] if match else ""


def unescape(value: str) -> str:
    """Return `value` with the entities of HTML and numeric references read, once; a bare "&" stays."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), value) if "&" in value else value


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252: databases of old blogs hold both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error("windows-1252", _foreign)


def decoded(stream: IO[bytes]) -> Iterator[str]:
    """Yield the characters of a stream; its first bytes tell the encoding."""
    first = stream.read(CHUNK)
    encoding = text.decode(first)[1]
    decoder = codecs.getincrementaldecoder(encoding)("windows-1252" if encoding.startswith("utf-8") else "replace")
    chunk = first
    while chunk:
        yield decoder.decode(chunk)
        chunk = stream.read(CHUNK)
    yield decoder.decode(b"", final=True)


def tokens(chunks: Iterable[str]) -> Iterator[Token]:
    """Yield texts, start tags and end tags; comments, instructions and what a document declares are left out."""
    buffer, section = "", ""
    for chunk, final in chain(((chunk, False) for chunk in chunks), [("", True)]):
        buffer += chunk
        position = 0
        while position < len(buffer):
            token, after, section = (_in_section if section else _token)(buffer, position, section, final)
            if after == position:
                break  # it goes on in the next chunk
            position = after
            if token:
                yield token
        buffer = buffer[position:]


def _in_section(buffer: str, position: int, section: str, final: bool) -> tuple[Token | None, int, str]:
    """Go on in a CDATA section, a comment or an instruction; `section` is the mark that ends it."""
    end = buffer.find(section, position)
    after, still = end + len(section), ""
    if end < 0:
        # The mark itself may be cut in two.
        end = after = len(buffer) if final else max(position, len(buffer) - len(section) + 1)
        still = section
    return ("text", buffer[position:end], "") if section == "]]>" else None, after, still


def _token(buffer: str, position: int, section: str, final: bool) -> tuple[Token | None, int, str]:
    if buffer[position] != "<":
        end = _text_end(buffer, position, final)
        return ("text", unescape(buffer[position:end]), ""), end, section
    if match := _TAG.match(buffer, position):
        token = ("end", match["end"], "") if match["end"] else ("start", match["name"], match["rest"])
        return token, match.end(), section
    for mark, closing in _SECTIONS:
        if buffer.startswith(mark, position):
            return None, position + len(mark), closing
    if match := _DOCTYPE.match(buffer, position):
        return None, match.end(), section
    if len(buffer) - position < LONGEST_TAG and _UNFINISHED.match(buffer, position):
        return None, len(buffer) if final else position, section
    return ("text", "<", ""), position + 1, section


def _text_end(buffer: str, position: int, final: bool) -> int:
    end = buffer.find("<", position)
    if end >= 0 or final:
        return end if end >= 0 else len(buffer)
    entity = buffer.rfind("&", max(position, len(buffer) - 40))
    return entity if entity >= 0 else len(buffer)
