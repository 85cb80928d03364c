"""From what is opened to labelled threads: documents are read and labelled once, and it is said how far that is."""

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import streamlit as st

from commentlab import batch, corpus, models, reading, schemes, scoring, text, unpacking
from commentlab.dashboard import HOME, prepared
from commentlab.errors import InputError
from commentlab.plugin import Tier
from commentlab.records import Failure, Scheme, ScoredThread, Thread

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
    is asked (`AS_IT_IS`), a thread of a batch result keeps its labels, but for what people mended in it.
    """

    scheme: str | None = None
    proposition: str | None = None
    tier: Tier | None = None
    accepted_error: float | None = None


AS_IT_IS = Question()
AS_PREPARED = Question(scheme="threat")
"""What the sample's labels, which are written down, answer."""


def sample() -> Document:
    """Return the sample."""
    return Document(name="sample", content=SAMPLE.read_bytes())


def of_path(path: Path) -> Document:
    """Return a file of this machine, in the state in which it is."""
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return Document(name=str(path), changed=changed)


def read(documents: tuple[Document, ...]) -> tuple[tuple[Thread, ...], tuple[Failure, ...]]:
    """Return the threads in documents, and what could not be read."""
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


def score(
    documents: tuple[Document, ...], question: Question, threads: tuple[Thread, ...], version: int
) -> tuple[ScoredThread, ...]:
    """Return threads with the classifiers' labels.

    Args:
        documents: What the threads were read from.
        question: What they are labelled by.
        threads: Those that `read` gave, mended by people where they mended some.
        version: The same for the same models and mends: what is labelled is remembered by it.

    Raises:
        CommentlabError: They cannot be labelled.
    """
    key = hash((documents, version))
    if question == AS_IT_IS:
        stored = [(document.name, scored) for document in documents for scored in _stored(document)]
        return tuple(
            scored if thread == scored.thread else _labelled_again((key, number), folder, scored, thread)
            for number, ((folder, scored), thread) in enumerate(zip(stored, threads, strict=True))
        )
    if question == AS_PREPARED and documents == (sample(),) and (known := prepared.labelled(threads[0])):
        return (known,)
    comments = sum(len(thread.comments) for thread in threads)
    asked = replace(question, tier=question.tier or ("auto" if comments <= AT_ONCE else "fast"))
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


@st.cache_resource(max_entries=16, show_spinner="Labelling what was mended …")
def _labelled_again(
    place: tuple[int, int],  # noqa: ARG001 - it is what the answer is remembered by
    folder: str,
    _scored: ScoredThread,
    _thread: Thread,
) -> ScoredThread:
    return batch.score_again(Path(folder), _scored, _thread)


def scheme(question: Question) -> Scheme | None:
    """Return the scheme in question."""
    return schemes.load(question.scheme) if question.scheme else None


def model(question: Question) -> str:
    """Return what is known of the scheme in question and of the model that was fitted to it."""
    asked = scheme(question)
    fitted = Path(asked.fitted) if asked and asked.fitted else None
    return repr(asked) + (models.version(models.card(fitted.name, fitted.parent)) if fitted else "")


def source_text(documents: Sequence[Document], name: str) -> str | None:
    """Return the beginning of the document of this name as text; None where it is packed or gone."""
    document = next((each for each in documents if each.name == name), None)
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
