"""The frame around every page: navigation, the form that opens something, and what went wrong."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from commentlab.dashboard import HOME, opening, state
from commentlab.dashboard.wording import plain

_PAGES = (
    ("discussion", "Discussion", "forum"),
    ("camps", "Camps", "bar_chart"),
    ("label", "Label", "keyboard"),
    ("quality", "Quality", "verified"),
    ("table", "Table", "table_rows"),
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
    _trouble()
    page.run()


def _trouble() -> None:
    kept = "What was open before is still here." if state.opened() else ""
    for message in state.trouble():
        st.error(f"{plain(message)}.  \n{kept}", icon=":material/error:")
