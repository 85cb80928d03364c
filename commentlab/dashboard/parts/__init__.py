"""Parts of a page that Streamlit has no widget for, drawn in the browser from data; each has html, css and js.

What a comment says reaches the page as data alone and is put there as text nodes, so nothing in it can run.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from commentlab.dashboard import HOME

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


@cache
def part(name: str) -> "ComponentRenderer":
    """Return the function that mounts the part of this name."""
    import streamlit as st

    files = [HOME / "parts" / f"{name}.{suffix}" for suffix in ("html", "css", "js")]
    html, css, js = (file.read_text(encoding="utf-8") for file in files)
    renderer: Any = st.components.v2.component(f"commentlab_{name}", html=html, css=css, js=js)
    return renderer  # type: ignore[no-any-return]
