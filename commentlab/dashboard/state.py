"""What a session has open: documents in, scored threads and findings out, and which comment is chosen."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from commentlab import insight, reading, schemes, scoring, text, unpacking
from commentlab.dashboard import HOME, OPEN, SCHEME, charts, searching
from commentlab.dashboard.charts import Placed
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import discussion
from commentlab.errors import CommentlabError, InputError
from commentlab.frames import Frames, to_frames
from commentlab.insight import Findings
from commentlab.insight.labels import written
from commentlab.records import Failure, ScoredThread, Thread

SAMPLE = HOME / "sample.txt"
SEEN = 100_000
"""Bytes of a source that are shown beside what was understood of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something to read: the bytes of an upload or a paste, or a path of this machine and when it was changed."""

    name: str
    content: bytes | None = None
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the stances are about: a scheme, a proposition, or a proposition in a scheme's place."""

    scheme: str | None = None
    proposition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is on the screen; `key` is the same for the same documents under the same question."""

    key: int
    documents: tuple[Document, ...]
    question: Question
    threads: tuple[ScoredThread, ...]
    failures: tuple[Failure, ...] = ()
    sample: bool = False


def opened() -> Opened | None:
    """Return what is open; a new session opens the path that was given at the start, or the sample."""
    if "opened" not in st.session_state:
        st.session_state["opened"] = None
        path = os.environ.get(OPEN)
        show([_of_path(Path(path))], Question(scheme=offered()[0])) if path else show_sample()
    found: Opened | None = st.session_state["opened"]
    return found


def offered() -> list[str]:
    """Return the schemes to choose from, the one that was given at the start first."""
    return list(dict.fromkeys([os.environ.get(SCHEME) or "threat", *schemes.available()]))


def show(documents: Sequence[Document], question: Question, *, sample: bool = False) -> bool:
    """Read, label and show documents; if that fails, what is on the screen stays, and `trouble` says why."""
    st.session_state["trouble"] = []
    try:
        threads, failures = _read(tuple(documents))
        if failures and not threads:
            st.session_state["trouble"] = [failure.error for failure in failures]
            return False
        scored = _score(tuple(documents), question, threads)
    except CommentlabError as error:
        st.session_state["trouble"] = [str(error)]
        return False
    if st.session_state.get("opened"):  # a session that begins may have a comment in its address
        choose(None)
        searching.ask(Filter())
    st.session_state["opened"] = Opened(
        key=hash((tuple(documents), question)),
        documents=tuple(documents),
        question=question,
        threads=scored,
        failures=failures,
        sample=sample,
    )
    st.session_state["thread"] = 0
    return True


def show_sample() -> None:
    """Put the sample thread on the screen."""
    show([Document(name="sample", content=SAMPLE.read_bytes())], Question(scheme="threat"), sample=True)


def refuse(message: str) -> bool:
    """Say why nothing is opened; what is on the screen stays."""
    st.session_state["trouble"] = [message]
    return False


def trouble() -> list[str]:
    """Return what went wrong when something was opened last."""
    found: list[str] = st.session_state.get("trouble", [])
    return found


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def answers(opened: Opened, number: int) -> tuple[Frames, Findings]:
    """Return the tables and the findings of one of the open threads."""
    frames = to_frames([opened.threads[number]])
    return frames, insight.findings(frames)


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def described(opened: Opened, number: int, only: tuple[tuple[str, bool], ...] | None) -> dict[str, Any]:
    """Return one of the open threads as the browser draws it, or those of its comments that are on a page."""
    return discussion.describe(opened.threads[number], answers(opened, number)[1], None if only is None else dict(only))


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def placed(opened: Opened, number: int) -> Placed:
    """Return who answers whom in one of the open threads, each person in a place."""
    frames, findings = answers(opened, number)
    people = insight.people_of(written(frames)) if "stance" in frames.comments else None
    return charts.place(insight.network(findings.ties, people))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def tables(opened: Opened) -> Frames:
    """Return the tables of all that is open."""
    return to_frames(opened.threads)


def source_text(opened: Opened, name: str) -> str | None:
    """Return the beginning of the document of this name as text; None where it is packed or gone."""
    document = next((each for each in opened.documents if each.name == name), None)
    if document is None:
        return None
    content = document.content
    if content is None:
        try:
            with Path(name).open("rb") as stream:
                content = stream.read(SEEN)
        except OSError:
            return None
    return None if text.is_binary(content[:4096]) else text.decode(content[:SEEN])[0]


def chosen() -> str | None:
    """Return the id of the chosen comment, which the address of the page holds, too."""
    if wanted := st.query_params.get("comment"):
        st.session_state["comment"] = wanted
    found: str | None = st.session_state.get("comment")
    return found


def choose(comment_id: str | None) -> None:
    """Choose a comment, or none."""
    st.session_state["comment"] = comment_id
    if comment_id:
        st.query_params["comment"] = comment_id
    else:
        st.query_params.pop("comment", None)


def _of_path(path: Path) -> Document:
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return Document(name=str(path), changed=changed)


@st.cache_resource(max_entries=8, show_spinner="Reading …")
def _read(documents: tuple[Document, ...]) -> tuple[tuple[Thread, ...], tuple[Failure, ...]]:
    threads: list[Thread] = []
    failures: list[Failure] = []
    for document in documents:
        for result in _results(document):
            (failures if isinstance(result, Failure) else threads).append(result)  # type: ignore[arg-type]
    return tuple(threads), tuple(failures)


def _results(document: Document) -> "list[Thread | Failure]":
    content = document.content
    if content is None:
        return list(reading.iter_results([Path(document.name)]))
    try:
        source = unpacking.source_of(document.name, lambda: io.BytesIO(content), len(content))
    except InputError as error:
        return [Failure(source=document.name, error=str(error))]
    return list(reading.iter_results([source]))


@st.cache_resource(max_entries=8, show_spinner="Labelling …")
def _score(
    documents: tuple[Document, ...],  # noqa: ARG001 - it is what the answer is remembered by
    question: Question,
    _threads: tuple[Thread, ...],
) -> tuple[ScoredThread, ...]:
    return tuple(scoring.score(_threads, scheme=question.scheme, proposition=question.proposition))
