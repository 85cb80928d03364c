"""What a session has open: documents in, scored threads and findings out, and which comment is chosen."""

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from commentlab import insight, mending, models, reading, schemes, scoring, text, unpacking
from commentlab.dashboard import HOME, OPEN, SCHEME, keeping, measuring, retraining
from commentlab.dashboard.measuring import Measured
from commentlab.dashboard.parts import discussion
from commentlab.errors import CommentlabError, InputError
from commentlab.frames import Frames, to_frames
from commentlab.insight import Findings
from commentlab.labelstore import Store
from commentlab.records import Camp, Correction, Failure, Scheme, ScoredThread, Thread

SAMPLE = HOME / "sample.txt"
SEEN = 100_000
"""Bytes of a source that are shown beside what was understood of it."""
_SCHEME = "threat"
_HELD = 16
"""Things that were opened which a reload finds again, as long as the server runs."""
_PLAIN = {
    "favor": Camp(name="favor", side="favor", meaning="Holds it true or right."),
    "against": Camp(name="against", side="against", meaning="Holds it untrue or wrong."),
    "none": Camp(name="none", side="none", meaning="Takes no side."),
}


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
    """What is on the screen.

    Attributes:
        key: The same for the same documents under the same question, labelled by the same models and corrected alike:
            what is remembered of it is remembered by this.
        base: The same for the same documents under the same question and models, whatever is corrected meanwhile.
        threads: The threads, with people's labels where there are any.
        predicted: The same threads with the classifiers' labels alone.
        lost: What people said of comments that are not found any more.
        revision: Of the store, when it was last looked at.
    """

    key: int
    documents: tuple[Document, ...]
    question: Question
    threads: tuple[ScoredThread, ...]
    base: int = 0
    predicted: tuple[ScoredThread, ...] = ()
    corrections: tuple[Correction, ...] = ()
    lost: tuple[Correction, ...] = ()
    failures: tuple[Failure, ...] = ()
    revision: int = 0
    sample: bool = False


def opened() -> Opened | None:
    """Return what is open; a new session opens the path that was given at the start, or the sample.

    A session whose address names what another one opened, as after a reload, opens that. What was corrected since,
    here or in another tab, is in it.
    """
    if "opened" not in st.session_state:
        st.session_state["opened"] = None
        path = os.environ.get(OPEN)
        held = _held().get(st.query_params.get("open", ""))
        if held and show(held.documents, held.question):
            return opened()
        show([_of_path(Path(path))], Question(scheme=offered()[0])) if path else show_sample()
    found: Opened | None = st.session_state["opened"]
    if found and found.revision != keeping.revision():
        found = st.session_state["opened"] = _opened(found.documents, found.question, sample=found.sample)
    _name_in_address(found)
    return found


@st.cache_resource(show_spinner=False)
def _held() -> dict[str, Opened]:
    return {}


def _name_in_address(found: Opened | None) -> None:
    """Hold what is open for a session to come, and let the address name it; the sample needs no name."""
    name = f"{found.base & 0xFFFFFFFFFFFF:x}" if found and not found.sample else ""
    if st.query_params.get("open", "") == name:
        return
    if not name or not found:
        del st.query_params["open"]
        return
    st.query_params["open"] = name
    held = _held()
    held[name] = found
    for old in list(held)[:-_HELD]:
        del held[old]


def offered() -> list[str]:
    """Return the schemes to choose from, the one that was given at the start first, fitted copies for the built-in."""
    names = dict.fromkeys([os.environ.get(SCHEME) or _SCHEME, *schemes.available()])
    return [retraining.latest(name) for name in names]


def show(documents: Sequence[Document], question: Question, *, sample: bool = False) -> bool:
    """Read, label and show documents; if that fails, what is on the screen stays, and `trouble` says why."""
    st.session_state["trouble"] = []
    try:
        found = _opened(tuple(documents), question, sample=sample)
    except CommentlabError as error:
        return refuse(str(error))
    if found.failures and not found.threads:
        st.session_state["trouble"] = [failure.error for failure in found.failures]
        return False
    if st.session_state.get("opened"):  # a session that begins may have a comment in its address
        choose(None)
    st.session_state["opened"] = found
    st.session_state["thread"] = 0
    return True


def sort_by(scheme: str) -> None:
    """Label what is open by another scheme, or by another state of it; what is chosen stays."""
    found: Opened = st.session_state["opened"]
    place, comment = st.session_state["thread"], chosen()
    st.session_state["scheme"] = scheme  # what the form shows
    if show(found.documents, replace(found.question, scheme=scheme), sample=found.sample):
        st.session_state["thread"] = place
        choose(comment)


def _opened(documents: tuple[Document, ...], question: Question, *, sample: bool) -> Opened:
    read, failures = _read(documents)
    revision = keeping.revision()
    try:
        threads, mends = keeping.mended(read)
    except CommentlabError as error:  # a thread can be read without what people said of it
        st.session_state["trouble"] = [str(error)]
        threads, mends = read, ()
    model = _model(question)
    predicted = _score(documents, question, threads, hash((model, mends)))
    corrections, lost = keeping.corrections(predicted) if revision > 0 else ((), ())
    return Opened(
        key=hash((documents, question, model, mends, corrections)),
        base=hash((documents, question, model)),
        documents=documents,
        question=question,
        threads=keeping.corrected(predicted, corrections) if corrections else predicted,
        predicted=predicted,
        corrections=corrections,
        lost=lost,
        failures=failures,
        revision=revision,
        sample=sample,
    )


def correct(comment_id: str, task: str, value: str | None, *, reason: str = "chosen") -> bool:
    """Keep what the coder at work says of a comment of the chosen thread; `value` None takes it back.

    From the next run on, the thread shows it.

    Args:
        comment_id: The comment.
        task: `stance`, `relation` or `sentiment`.
        value: One of the values of the task.
        reason: Why the comment was looked at (`insight.queueing.KINDS`, or "chosen").
    """
    found: Opened = st.session_state["opened"]
    scored = found.predicted[st.session_state["thread"]]
    return keep(lambda store: store.label(keeping.correction(scored, comment_id, task, value, reason)))


def undo() -> Correction | None:
    """Take back the last label that the coder at work gave in the chosen thread, and return it."""
    found: Opened = st.session_state["opened"]
    thread = found.predicted[st.session_state["thread"]].thread.id
    undone: list[Correction | None] = []
    keep(lambda store: undone.append(store.undo(thread, keeping.coder())))
    return undone[0] if undone else None


def keep(change: Callable[[Store], object]) -> bool:
    """Change the store; where that fails, `trouble` says why. Either way, `redraw` has something to do."""
    st.session_state["trouble"] = []
    st.session_state["changed"] = True
    try:
        change(keeping.store())
    except CommentlabError as error:
        return refuse(str(error))
    return True


def show_sample() -> None:
    """Put the sample thread on the screen."""
    question = Question(scheme=retraining.latest(_SCHEME))
    show([Document(name="sample", content=SAMPLE.read_bytes())], question, sample=True)


def redraw() -> None:
    """Draw the whole page again if a part of it has changed the store."""
    if st.session_state.pop("changed", False):
        st.rerun(scope="app")


def refuse(message: str) -> bool:
    """Say why nothing is opened or kept; what is on the screen stays."""
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
    return frames, insight.findings(frames, _scheme(opened.question))


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def described(opened: Opened, number: int) -> dict[str, Any]:
    """Return one of the open threads as the browser draws it."""
    return discussion.describe(opened.threads[number], answers(opened, number)[1])


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def tables(opened: Opened) -> Frames:
    """Return the tables of all that is open."""
    return to_frames(opened.threads)


@st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.base})
def queued(opened: Opened, number: int, size: int) -> list[tuple[str, str]]:
    """Return which comments of an open thread are worth a human look, and why: the same whatever is labelled."""
    frames = to_frames([opened.predicted[number]])
    found = insight.queue(frames, insight.findings(frames, _scheme(opened.question)).contradictions, size)
    return list(zip(found["comment_id"], found["reason"], strict=True))


def said(opened: Opened, number: int) -> list[Correction]:
    """Return what people said of the comments of an open thread up to this moment, about what it is labelled for."""
    scored = opened.predicted[number]
    try:
        found, _ = keeping.corrections([scored])
    except CommentlabError:
        return []
    return [each for each in found if mending.concerns(scored, each)]


@st.cache_data(
    max_entries=16,
    show_spinner="Measuring on what people labelled …",
    hash_funcs={Opened: lambda opened: f"{opened.base} {opened.revision}"},
)
def measured(opened: Opened, task: str) -> Measured | None:
    """Return how good the classifiers are on what people labelled, in all threads; None where that is too little."""
    known = scheme(opened)
    return measuring.measure(keeping.kept(), task, opened.question.scheme or (known.name if known else None))


def scheme(opened: Opened, number: int = 0) -> Scheme | None:
    """Return the scheme that the stances of an open thread are sorted by; None where there is none, or none known."""
    name = opened.threads[number].scheme
    if opened.question.scheme or name not in schemes.available():
        return _scheme(opened.question)
    return schemes.load(name)


def camps(opened: Opened, number: int) -> tuple[Camp, ...]:
    """Return the camps that stances are sorted into: those of the scheme, or what the labels have."""
    found = scheme(opened, number)
    if found:
        return found.camps
    labels = (label for label in opened.predicted[number].labels if label.task == "stance" and label.probabilities)
    values = next((tuple(label.probabilities) for label in labels), ())
    return tuple(_PLAIN.get(value) or Camp(name=value, side="none", meaning="") for value in values)


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
    version: int,  # noqa: ARG001 - likewise: models are fitted and threads mended while they are open
) -> tuple[ScoredThread, ...]:
    return tuple(scoring.score(_threads, scheme=question.scheme, proposition=question.proposition))


def _scheme(question: Question) -> Scheme | None:
    return schemes.load(question.scheme) if question.scheme else None


def _model(question: Question) -> str:
    """Return what is known of the scheme in question and of the model that was fitted to it."""
    scheme = _scheme(question)
    fitted = Path(scheme.fitted) if scheme and scheme.fitted else None
    return repr(scheme) + (models.version(models.card(fitted.name, fitted.parent)) if fitted else "")
