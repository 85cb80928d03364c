"""What a session has open: documents in, scored threads and findings out, and which comment is chosen."""

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import streamlit as st

from commentlab import corpus, insight, mending, privacy, reading, schemes
from commentlab.corpus import Corpus
from commentlab.dashboard import OPEN, SCHEME, charts, keeping, loading, measuring, remembering, retraining, searching
from commentlab.dashboard.charts import Placed
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.loading import AS_IT_IS, FILES, Document, Question
from commentlab.dashboard.measuring import Measured
from commentlab.dashboard.parts import discussion
from commentlab.errors import CommentlabError
from commentlab.frames import Frames, to_frames
from commentlab.insight import Findings
from commentlab.insight.labels import written
from commentlab.labelstore import Store
from commentlab.records import Camp, Correction, Failure, Scheme, ScoredThread, Thread

_SCHEME = "threat"
_PLAIN = {
    "favor": Camp(name="favor", side="favor", meaning="Holds it true or right."),
    "against": Camp(name="against", side="against", meaning="Holds it untrue or wrong."),
    "none": Camp(name="none", side="none", meaning="Takes no side."),
}


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

    A session whose address names what another one opened, as after a reload or a restart, opens that. What was
    corrected since, here or in another tab, is in it.
    """
    if "opened" not in st.session_state:
        st.session_state["opened"] = None
        path = os.environ.get(OPEN)
        held = remembering.find(st.query_params.get("open", ""))
        if held and show(*held):
            return opened()
        show_path(path, Question(scheme=offered()[0])) if path else show_sample()
    found: Opened | None = st.session_state["opened"]
    if found and found.revision != keeping.revision():
        found = st.session_state["opened"] = _opened(found.documents, found.question, sample=found.sample)
    _name_in_address(found)
    return found


def _name_in_address(found: Opened | None) -> None:
    """Hold what is open for a session to come, and let the address name it; the sample needs no name."""
    name = _name(found) if found and not found.sample else ""
    if st.query_params.get("open", "") == name:
        return
    if not name or not found:
        del st.query_params["open"]
        return
    st.query_params["open"] = name
    remembering.hold(found.documents, found.question)


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.base})
def _name(opened: Opened) -> str:
    return remembering.name(opened.documents, opened.question)


def forget() -> None:
    """Forget what was opened, in this session and before, and show the sample; if that fails, `trouble` says why."""
    st.session_state["changed"] = True
    try:
        remembering.forget()
    except CommentlabError as error:
        refuse(str(error))
        return
    st.session_state.update({"pasted": "", "path": "", "emptied": f"{emptied()}'"})  # the form holds them, too
    show_sample()


def emptied() -> str:
    """Return a mark that changes when all is forgotten: files leave the form only with the field that holds them."""
    mark: str = st.session_state.get("emptied", "")
    return mark


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
        searching.ask(Filter())
    st.session_state["opened"] = found
    st.session_state["thread"] = 0
    if not any(document.thread_id for document in documents):
        st.session_state["corpus"] = None
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
    read, failures = loading.read(documents)
    revision = keeping.revision()
    try:
        threads, mends = keeping.mended(read)
    except CommentlabError as error:  # a thread can be read without what people said of it
        st.session_state["trouble"] = [str(error)]
        threads, mends = read, ()
    model = loading.model(question)
    predicted = loading.score(documents, question, threads, hash((model, mends)))
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


def show_path(path: str, question: Question) -> bool:
    """Show a file, the files of a folder, or the result of a batch; if that fails, `trouble` says why."""
    place = Path(path).expanduser()
    if place.is_dir() and corpus.is_corpus(place):
        return show_corpus(lambda: corpus.find(place))
    files = [Path(str(each)) for each in islice(reading.expand(place), FILES + 1)]
    if len(files) > FILES:
        return refuse(
            f"{path} holds more than {FILES} files, which takes a while: label them once with"
            f" “commentlab score {path} --scheme threat --out tables/”, then open the folder “tables”"
        )
    return show([loading.of_path(each) for each in files], question) if files else refuse(f"{path} is an empty folder")


def show_corpus(find: Callable[[], Corpus]) -> bool:
    """Show the result of a batch; if it cannot be opened, what is on the screen stays, and `trouble` says why."""
    st.session_state["trouble"] = []
    try:
        found = find()
    except CommentlabError as error:
        return refuse(str(error))
    choose(None)
    st.session_state["corpus"] = found
    st.session_state["opened"] = None
    st.session_state["turn to"] = "corpus"
    return True


def show_thread(found: Corpus, thread_id: str) -> bool:
    """Put one thread of a batch result on the screen, with the labels that it has there."""
    return show([replace(loading.of_path(found.path), thread_id=thread_id)], AS_IT_IS)


def is_of_corpus(path: str) -> bool:
    """Tell whether a path is that of the batch result that is open."""
    batch: Corpus | None = st.session_state.get("corpus")
    return batch is not None and batch.path == Path(path).expanduser().resolve()


def corpus_shown() -> Corpus | None:
    """Return the result of a batch that is open, else what else is open in the same form; None where nothing is."""
    batch: Corpus | None = st.session_state.get("corpus")
    shown = opened()
    return batch or (_as_corpus(shown) if shown and shown.threads else None)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def _as_corpus(opened: Opened) -> Corpus:
    return corpus.of(tables(opened))


def show_sample() -> None:
    """Put the sample thread on the screen."""
    show([loading.sample()], Question(scheme=retraining.latest(_SCHEME)), sample=True)


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
    return frames, insight.findings(frames, loading.scheme(opened.question))


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


def taken(opened: Opened, *, named: bool) -> tuple[ScoredThread, ...]:
    """Return what is open as it may leave the house: with pseudonyms, the same for this session, or with names."""
    return opened.threads if named else _covered(opened, _key())


def taken_tables(opened: Opened, *, named: bool) -> Frames:
    """Return the tables of what is taken away."""
    return tables(opened) if named else _covered_tables(opened, _key())


def _key() -> bytes:
    if "pseudonyms" not in st.session_state:
        st.session_state["pseudonyms"] = secrets.token_bytes(32)
    found: bytes = st.session_state["pseudonyms"]
    return found


@st.cache_resource(max_entries=4, show_spinner="Hiding names …", hash_funcs={Opened: lambda opened: opened.key})
def _covered(opened: Opened, key: bytes) -> tuple[ScoredThread, ...]:
    cover = privacy.Cover(authors="pseudonym", key=key)
    shown = (each if _has_pseudonyms(each.thread) else privacy.covered(each, cover) for each in opened.threads)
    return tuple(each for each in shown if each)


def _has_pseudonyms(thread: Thread) -> bool:
    """Tell whether a batch hid the names already; other pseudonyms would no longer be those of its tables."""
    names = {thread.post.author, *(comment.author for comment in thread.comments)} - {None}
    return bool(names) and all(privacy.PSEUDONYM.fullmatch(name or "") for name in names)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Opened: lambda opened: opened.key})
def _covered_tables(opened: Opened, key: bytes) -> Frames:
    return to_frames(_covered(opened, key))


@st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Opened: lambda opened: opened.base})
def queued(opened: Opened, number: int, size: int) -> list[tuple[str, str]]:
    """Return which comments of an open thread are worth a human look, and why: the same whatever is labelled."""
    frames = to_frames([opened.predicted[number]])
    found = insight.queue(frames, insight.findings(frames, loading.scheme(opened.question)).contradictions, size)
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
        return loading.scheme(opened.question)
    return schemes.load(name)


def camps(opened: Opened, number: int) -> tuple[Camp, ...]:
    """Return the camps that stances are sorted into: those of the scheme, or what the labels have."""
    found = scheme(opened, number)
    if found:
        return found.camps
    labels = (label for label in opened.predicted[number].labels if label.task == "stance" and label.probabilities)
    values = next((tuple(label.probabilities) for label in labels), ())
    return tuple(_PLAIN.get(value) or Camp(name=value, side="none", meaning="") for value in values)


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
