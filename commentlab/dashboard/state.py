"""What a session has open: documents in, scored threads and findings out, and which comment is chosen."""

import io
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from commentlab import corpus, insight, privacy, reading, schemes, scoring, text, unpacking
from commentlab.corpus import Corpus
from commentlab.dashboard import HOME, OPEN, SCHEME, charts, prepared, searching
from commentlab.dashboard.charts import Placed
from commentlab.dashboard.filtering import Filter
from commentlab.dashboard.parts import discussion
from commentlab.errors import CommentlabError, InputError
from commentlab.frames import Frames, to_frames
from commentlab.insight import Findings
from commentlab.insight.labels import written
from commentlab.plugin import Tier
from commentlab.records import Failure, ScoredThread, Thread

SAMPLE = HOME / "sample.txt"
SEEN = 100_000
"""Bytes of a source that are shown beside what was understood of it."""
AT_ONCE = 200
"""Comments that both tiers label while one waits; more are left to the fast one, unless another is asked for."""
FILES = 500
"""Files of a folder that are opened at once; more of them are the work of a batch."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something to read: the bytes of an upload or a paste, or a path of this machine and when it was changed.

    A thread of a batch result has the path of the folder and its own id.
    """

    name: str
    content: bytes | None = None
    changed: int = 0
    thread_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: a scheme, a proposition, or a proposition in a scheme's place; how, and how surely.

    Without a tier, `AT_ONCE` decides. Without an accepted error, each model abstains as it was shipped. Where nothing
    is asked (`AS_IT_IS`), a thread of a batch result keeps its labels.
    """

    scheme: str | None = None
    proposition: str | None = None
    tier: Tier | None = None
    accepted_error: float | None = None


AS_IT_IS = Question()
AS_PREPARED = Question(scheme="threat")
"""What the sample's labels, which are written down, answer."""


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
        show_path(path, Question(scheme=offered()[0])) if path else show_sample()
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
    if not any(document.thread_id for document in documents):
        st.session_state["corpus"] = None
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
    return show([_of_path(each) for each in files], question) if files else refuse(f"{path} is an empty folder")


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
    return show([replace(_of_path(found.path), thread_id=thread_id)], AS_IT_IS)


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
    show([_sample()], AS_PREPARED, sample=True)


def _sample() -> Document:
    return Document(name="sample", content=SAMPLE.read_bytes())


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


def _read(documents: tuple[Document, ...]) -> tuple[tuple[Thread, ...], tuple[Failure, ...]]:
    results = [each for document in _counted(documents, "Reading") for each in _results(document)]
    threads = tuple(each for each in results if isinstance(each, Thread))
    return threads, tuple(each for each in results if isinstance(each, Failure))


@st.cache_resource(max_entries=FILES, show_spinner=False)
def _results(document: Document) -> "list[Thread | Failure]":
    if document.thread_id:
        return [scored.thread for scored in _stored(document)]
    content = document.content
    if content is None:
        return list(reading.iter_results([Path(document.name)]))
    try:
        source = unpacking.source_of(document.name, lambda: io.BytesIO(content), len(content))
    except InputError as error:
        return [Failure(source=document.name, error=str(error))]
    return list(reading.iter_results([source]))


@st.cache_resource(max_entries=16, show_spinner=False)
def _stored(document: Document) -> list[ScoredThread]:
    return corpus.frames(corpus.find(document.name), document.thread_id or "").to_threads()


def _score(
    documents: tuple[Document, ...], question: Question, threads: tuple[Thread, ...]
) -> tuple[ScoredThread, ...]:
    if question == AS_IT_IS:
        return tuple(scored for document in documents for scored in _stored(document))
    if question == AS_PREPARED and documents == (_sample(),) and (known := prepared.labelled(threads[0])):
        return (known,)
    comments = sum(len(thread.comments) for thread in threads)
    asked = replace(question, tier=question.tier or ("auto" if comments <= AT_ONCE else "fast"))
    key = hash(documents)
    return tuple(_labelled((key, number), asked, each) for number, each in enumerate(_counted(threads, "Labelling")))


@st.cache_resource(max_entries=4 * FILES, show_spinner=False)
def _labelled(
    place: tuple[int, int],  # noqa: ARG001 - it is what the answer is remembered by
    asked: Question,
    _thread: Thread,
) -> ScoredThread:
    return scoring.score(
        [_thread],
        scheme=asked.scheme,
        proposition=asked.proposition,
        tier=asked.tier or "auto",
        accepted_error=asked.accepted_error,
    )[0]


def _counted(items: Sequence[T], doing: str) -> Iterator[T]:
    """Yield items; where that takes more than a moment, say how far it is."""
    bar = None
    began = time.monotonic()
    with st.spinner(f"{doing} …"):
        for number, item in enumerate(items):
            if number and time.monotonic() - began > 1:
                bar = bar or st.progress(0.0)
                bar.progress(number / len(items), f"{doing}: {number:,} of {len(items):,}")
            yield item
    if bar:
        bar.empty()
