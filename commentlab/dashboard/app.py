"""The frame around every page: navigation, the form that opens something, and what went wrong."""

from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from commentlab.dashboard import HOME, filtering, opening, searching, state
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.wording import plain

_PAGES = (
    ("discussion", "Discussion", "forum"),
    ("camps", "Camps", "bar_chart"),
    ("time", "Time and exchanges", "timeline"),
    ("people", "People", "group"),
    ("corpus", "Corpus", "library_books"),
    ("label", "Label", "keyboard"),
    ("quality", "Quality", "verified"),
    ("takeaway", "Take away", "download"),
    ("read", "Read", "upload_file"),
)


def pages() -> dict[str, StreamlitPage]:
    """Return the pages by name, in the order of the navigation."""
    folder = HOME / "pages"
    return {
        name: st.Page(folder / f"{name}.py", title=title, icon=f":material/{icon}:", default=name == "discussion")
        for name, title, icon in _PAGES
    }


def run() -> None:
    """Run the page that is asked for."""
    st.set_page_config(page_title="commentlab", page_icon=HOME / "icon.svg", layout="wide", initial_sidebar_state=316)
    st.html(HOME / "page.css")
    page = st.navigation(list(pages().values()))
    state.opened()
    with st.sidebar:
        opening.form()
    if wanted := st.session_state.pop("turn to", None):
        st.switch_page(pages()[wanted])
    _trouble()
    page.run()


def follow(wanted: Filter | None = None, *, comment: str | None = None) -> NoReturn:
    """Go to the discussion, to the comments that are as wanted, or to one of them."""
    st.session_state["comment"] = comment
    asked = wanted or Filter()
    searching.ask(asked)  # what was asked for before is forgotten
    parameters = filtering.address(asked) | ({"comment": [comment]} if comment else {})
    st.switch_page(pages()["discussion"], query_params=parameters)


def _trouble() -> None:
    kept = "What was open before is still here." if state.opened() else ""
    for message in state.trouble():
        st.error(f"{plain(message)}.  \n{kept}", icon=":material/error:")
