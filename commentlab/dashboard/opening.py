"""The form that opens something: paste or drop, choose what the stances are about, one click."""

import io
from collections.abc import Mapping, Sequence
from typing import Protocol

import streamlit as st

from commentlab import corpus, schemes
from commentlab.dashboard import loading, state, wording
from commentlab.dashboard.loading import Document, Question
from commentlab.dashboard.wording import plain
from commentlab.errors import CommentlabError
from commentlab.plugin import Tier

OWN = "own"
"""What stands in the place of a scheme where people are for or against a proposition."""
ZIP = b"PK\x03\x04"
TIERS: Mapping[Tier | None, str] = {
    None: f"both, but fast above {loading.AT_ONCE} comments",
    "fast": "fast: linear models",
    "auto": "both: the encoder where the fast one is unsure",
    "accurate": "accurate: the encoder for every comment",
}
ERRORS: Mapping[float | None, str] = {
    None: "as each model was shipped",
    0.1: "1 answer in 10 may be wrong",
    0.2: "1 answer in 5 may be wrong",
    0.3: "3 answers in 10 may be wrong",
    1.0: "always answer",
}
_PATHS = (
    "A file, a folder of files, or a folder that “commentlab score … --out FOLDER” wrote: such a result, of any size,"
    " opens on the page “Corpus”."
)


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
        files = st.file_uploader("or drop files", key=f"dropped{state.emptied()}", accept_multiple_files=True)
        path = st.text_input("or name a file or folder", key="path", placeholder="/home/me/pages", help=_PATHS)
        scheme = st.selectbox("Sort people by", [*state.offered(), OWN], key="scheme", format_func=_title, help=_help())
        proposition = st.selectbox(
            "Proposition",
            _suggested(),
            index=None,
            key="proposition",
            format_func=wording.calm,
            accept_new_options=True,
            placeholder=_placeholder(),
            help="Type one, or choose a sentence of the post that is open.",
        )
        with st.expander("How sure, how thorough"):
            tier = st.selectbox("Tier", list(TIERS), key="tier", format_func=TIERS.__getitem__)
            error = st.selectbox("Accepted error", list(ERRORS), key="error", format_func=ERRORS.__getitem__)
        if st.form_submit_button("Read and label", type="primary", width="stretch"):
            question = Question(
                scheme=None if scheme == OWN else scheme,
                proposition=(proposition or "").strip() or None,
                tier=tier,
                accepted_error=error,
            )
            submit(text, files, question, path.strip())
            st.rerun()


def submit(text: str, files: Sequence[Upload], question: Question, path: str = "") -> bool:
    """Open what was given, or label what is open anew; the reason stands in `state.trouble` where that fails."""
    documents = [Document(name=file.name, content=file.getvalue()) for file in files]
    if text.strip():
        documents.append(Document(name="what you pasted", content=text.encode("utf-8", "replace")))
    if not question.scheme and not question.proposition:
        return state.refuse("“For or against” needs a proposition: type one, such as “The bridge should be closed”")
    open_now = state.opened()
    if path and not documents and not (open_now and state.is_of_corpus(path)):
        return state.show_path(path, question)
    packed = [each for each in documents if (each.content or b"").startswith(ZIP)]
    if len(documents) == len(packed) == 1 and (done := _packed(documents[0])) is not None:
        return done
    if not documents and open_now and question != open_now.question:
        return state.show(open_now.documents, question, sample=open_now.sample)
    if not documents:
        return state.refuse("Nothing was given: paste a text, drop a file or name one, then press “Read and label”")
    return state.show(documents, question)


def _packed(document: Document) -> bool | None:
    """Show a packed result of a batch; None where the archive holds something else."""
    try:
        found = corpus.unpack(io.BytesIO(document.content or b""), document.name)
    except CommentlabError as error:
        return state.refuse(str(error))
    return None if found is None else state.show_corpus(lambda: found)


def _suggested() -> list[str]:
    """Return the sentences of the post on the screen that people can take a stance to."""
    shown = state.opened()
    if shown is None or not shown.threads:
        return []
    _, findings = state.answers(shown, st.session_state["thread"])
    return findings.propositions["text"].tolist()


def _title(scheme: str) -> str:
    return "For or against a proposition" if scheme == OWN else schemes.load(scheme).title


def _help() -> str:
    camps = {name: ", ".join(schemes.load(name).values) for name in state.offered()}
    lines = [f"**{plain(_title(name))}**: {plain(names)}" for name, names in camps.items()]
    return "  \n".join([*lines, "**For or against a proposition**: favor, against, none; type the proposition below"])


def _placeholder() -> str:
    return schemes.load(state.offered()[0]).proposition
