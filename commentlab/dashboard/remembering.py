"""What was opened, found again by the name that the address of the page holds: after a reload, and after a restart."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import streamlit as st

from commentlab import reopening
from commentlab.dashboard import loading
from commentlab.dashboard.loading import Document, Question
from commentlab.errors import CommentlabError
from commentlab.reopening import Thing

_GIVEN = {"name": str, "thread_id": str, "is_path": bool}
_ASKED = {"scheme": str, "proposition": str, "tier": str, "accepted_error": float}
"""What is said of a document and of a question, and its types where it is not None."""


def name(documents: Sequence[Document], question: Question) -> str:
    """Return the name of what is open."""
    return _thing(documents, question).name


def hold(documents: Sequence[Document], question: Question) -> None:
    """Hold what is open for a session to come, and for a server to come if it can be kept on the disk."""
    thing, held = _thing(documents, question), _held()
    held[thing.name] = thing
    for old in list(held)[: -reopening.MOST]:
        del held[old]
    with suppress(CommentlabError):
        reopening.keep(thing)


def find(name: str) -> tuple[tuple[Document, ...], Question] | None:
    """Return what was held by a name; None where there is nothing, or it cannot be understood."""
    thing = _held().get(name) or reopening.find(name)
    try:
        return _opened(thing) if thing else None
    except (KeyError, TypeError, ValueError):  # another version of commentlab may have kept it
        return None


def forget() -> None:
    """Forget all that was opened: on the disk, and in what the server remembers for any session.

    Raises:
        CommentlabError: Something cannot be deleted.
    """
    reopening.forget()
    st.cache_resource.clear()
    st.cache_data.clear()


@st.cache_resource(show_spinner=False)
def _held() -> dict[str, Thing]:
    return {}


def _thing(documents: Sequence[Document], question: Question) -> Thing:
    given = [{"name": each.name, "thread_id": each.thread_id, "is_path": each.content is None} for each in documents]
    return Thing(
        about={"documents": given, "question": asdict(question)},
        contents=tuple(each.content or b"" for each in documents),
    )


def _opened(thing: Thing) -> tuple[tuple[Document, ...], Question]:
    given = [_cells(each, _GIVEN) for each in thing.about["documents"]]
    documents = tuple(_document(*each) for each in zip(given, thing.contents, strict=True))
    return documents, Question(**_cells(thing.about["question"], _ASKED))


def _document(given: Mapping[str, Any], content: bytes) -> Document:
    path = Path(given["name"])
    if given["is_path"]:
        return replace(loading.of_path(path), thread_id=given["thread_id"])
    return Document(name=given["name"], content=content)


def _cells(given: Any, types: Mapping[str, type]) -> dict[str, Any]:
    cells = {name: given[name] for name in types}
    if not all(value is None or isinstance(value, types[name]) for name, value in cells.items()):
        raise TypeError(f"{cells} are not of the types {types}")
    return cells
