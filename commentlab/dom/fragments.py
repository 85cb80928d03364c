"""Markup inside other formats: the body of a comment in an export or in the answer of an API."""

import html

from commentlab import text as texts
from commentlab.dom.outlines import outline, text_of
from commentlab.dom.pages import parse
from commentlab.records import Span


def fragment(markup: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text that a person sees of a piece of markup, and the spans of it that are marked as quotes."""
    if "<" not in markup:
        return texts.tidy(html.unescape(markup)), ()
    body = parse(markup).tree.body
    return text_of(outline(body)) if body is not None else ("", ())
