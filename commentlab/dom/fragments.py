"""Markup inside other formats: the body of a comment in an export or in the answer of an API."""

import re

from commentlab import text as texts
from commentlab.dom.outlines import outline, text_of
from commentlab.dom.pages import parse
from commentlab.records import Span

_BLOCK = r"</?(?:p|div|ul|ol|li|blockquote|pre|h[1-6]|table|t[rdh]|br|hr)\b"
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(rf"({_BLOCK}[^<>]*>)?\n(?!\s*{_BLOCK})", re.I)


def fragment(markup: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text that a person sees of a piece of markup, and the spans of it that are marked as quotes."""
    if "<" not in markup:
        return texts.tidy(texts.unescape(markup)), ()
    body = parse(markup).tree.body
    return text_of(outline(body)) if body is not None else ("", ())


def paragraphs(stored: str) -> str:
    """Return the markup that blog software shows for stored text, where blank lines part paragraphs (`wpautop`)."""
    if "<" not in stored:
        return stored
    return _LINE.sub(lambda match: match[1] or "<br>", _PARAGRAPH.sub("<p>", stored.replace("\r\n", "\n")))
