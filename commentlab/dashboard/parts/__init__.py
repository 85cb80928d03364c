"""Parts of a page that Streamlit has no widget for, drawn in the browser from data; each has html, css and js.

`common.js` stands before the code of each.

What a comment says reaches the page as data alone and is put there as text nodes, so nothing in it can run. Letters
that would turn the direction of others are taken out on the way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from commentlab.dashboard import HOME
from commentlab.dashboard.wording import calm

_AS_THEY_ARE = frozenset(["id", "parent", "thread", "chosen", "picked"])
"""What is not shown: ids, which lead back to comments."""


@cache
def part(name: str) -> Callable[..., Any]:
    """Return the function that mounts the part of this name; it takes `data` and what Streamlit's own takes."""
    import streamlit as st

    files = [HOME / "parts" / file for file in (f"{name}.html", f"{name}.css", "common.js", f"{name}.js")]
    html, css, common, js = (file.read_text(encoding="utf-8") for file in files)
    renderer: Any = st.components.v2.component(f"commentlab_{name}", html=html, css=css, js=f"{common}\n{js}")
    return lambda *, data, **more: renderer(data=_calm(data), **more)


def _calm(data: Any) -> Any:
    if isinstance(data, str):
        return calm(data)
    if isinstance(data, Mapping):
        return {name: each if name in _AS_THEY_ARE else _calm(each) for name, each in data.items()}
    return [_calm(each) for each in data] if isinstance(data, Sequence) else data
