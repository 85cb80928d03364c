"""The form that opens something: paste or drop, choose what the stances are about, one click."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from commentlab import schemes
from commentlab.dashboard import state
from commentlab.dashboard.state import Document, Question
from commentlab.dashboard.wording import plain

OWN = "own"
"""What stands in the place of a scheme where people are for or against a proposition."""


class Upload(Protocol):
    """What Streamlit returns for an uploaded file."""

    name: str

    def getvalue(self) -> bytes:
        """Return the bytes."""


def form() -> None:
    """Draw the form; when it is sent, what it holds comes on the screen."""
    with st.form("opening", border=False):
        text = st.text_area(
            "Paste a post with its comments",
            key="pasted",
            height=118,
            placeholder="Copy a whole page, from the title to the last comment …",
        )
        files = st.file_uploader("or drop files", key="dropped", accept_multiple_files=True)
        scheme = st.selectbox("Sort people by", [*state.offered(), OWN], key="scheme", format_func=_title, help=_help())
        proposition = st.text_input("Proposition", key="proposition", placeholder=_placeholder())
        if st.form_submit_button("Read and label", type="primary", width="stretch"):
            submit(text, files, scheme, proposition)
            st.rerun()


def submit(text: str, files: Sequence[Upload], scheme: str, proposition: str) -> bool:
    """Open what was pasted and dropped; the reason stands in `state.trouble` where that fails."""
    documents = [Document(name=file.name, content=file.getvalue()) for file in files]
    if text.strip():
        documents.append(Document(name="what you pasted", content=text.encode("utf-8", "replace")))
    question = Question(scheme=None if scheme == OWN else scheme, proposition=proposition.strip() or None)
    if not documents:
        return state.refuse("Nothing was given: paste a text or drop a file, then press “Read and label”")
    if question == Question():
        return state.refuse("“For or against” needs a proposition: type one, such as “The bridge should be closed”")
    return state.show(documents, question)


def _title(scheme: str) -> str:
    return "For or against a proposition" if scheme == OWN else schemes.load(scheme).title


def _help() -> str:
    camps = {name: ", ".join(schemes.load(name).values) for name in state.offered()}
    lines = [f"**{plain(_title(name))}**: {plain(names)}" for name, names in camps.items()]
    return "  \n".join([*lines, "**For or against a proposition**: favor, against, none; type the proposition below"])


def _placeholder() -> str:
    return schemes.load(state.offered()[0]).proposition
