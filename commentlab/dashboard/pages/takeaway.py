"""What was found, to take away: tables, a report, a corpus; names become pseudonyms unless one asks for them."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import get_args

import streamlit as st

from commentlab import convokit, frames, reporting
from commentlab.dashboard import heading, state, wording
from commentlab.dashboard.state import Opened
from commentlab.frames import FileFormat, Frames

_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
_LOOK = 10_000
"""Rows that are shown; the files hold all of them."""
_FIRST = ("title", "author", "text", "stance", "relation", "sentiment", "published", "message", "code", "source")
"""Columns that a person wants to see first; the files keep the order of docs/tables.md."""


def _page() -> None:
    opened = state.opened()
    if opened is None:
        heading.draw(None)
        return
    heading.answer(_summary(state.tables(opened)))
    named = st.toggle("Keep people’s names", key="names")
    if named:
        st.warning(
            "The names of those who wrote stand in every file then. They never agreed to that: keep the files to"
            " yourself, and hand on the ones with pseudonyms.",
            icon=":material/person_alert:",
        )
    _report(opened, named=named)
    _tables(state.taken_tables(opened, named=named))


def _summary(tables: Frames) -> str:
    written = int((tables.comments["kind"] == "comment").sum())
    parts = [
        wording.count(written, "comment"),
        wording.count(len(tables.threads), "thread"),
        wording.count(len(tables.problems), "problem"),
    ]
    columns = wording.count(len(tables.comments.columns), "column")
    return f"{wording.listing(parts)}; a row a comment, {columns}."


def _report(opened: Opened, *, named: bool) -> None:
    st.subheader("To read and to share", anchor=False)
    quotes = not st.toggle("Leave out the words of the comments", key="unquoted")
    with st.container(horizontal=True):
        for suffix, title in ((".html", "Report as a page (HTML)"), (".md", "Report in Markdown")):
            st.download_button(
                title,
                partial(_rendered, opened, suffix, quotes=quotes, named=named),
                file_name=f"report{suffix}",
                mime="text/html" if suffix == ".html" else "text/markdown",
                on_click="ignore",
                type="primary" if suffix == ".html" else "secondary",
            )
        st.download_button(
            "Corpus for ConvoKit (zip)",
            lambda: _convokit(state.taken_tables(opened, named=named)),
            file_name="convokit.zip",
            mime="application/zip",
            on_click="ignore",
        )
    if not named:
        st.caption(
            "A pseudonym stands for each name, in the texts, too; it is the same in all that you take away before you"
            " close this page. The words of a comment can still be searched for, unless they are left out."
        )


def _rendered(opened: Opened, suffix: str, *, quotes: bool, named: bool) -> bytes:
    return reporting.render(state.taken(opened, named=named), suffix, quotes=quotes).encode("utf-8", "replace")


def _tables(tables: Frames) -> None:
    st.subheader("To count with", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control("Table", list(tables.tables()), default="comments", key="table", required=True)
        kind: FileFormat = st.segmented_control(
            "File", get_args(FileFormat), default="csv", key="format", required=True, format_func=str.upper
        )
        st.download_button(
            f"Download {name}.{kind}",
            lambda: frames.encode(tables.tables()[name], kind),
            file_name=f"{name}.{kind}",
            mime=_TYPES[kind],
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            f"All three as {kind.upper()} in a zip",
            lambda: _zip({f"{name}.{kind}": frames.encode(table, kind) for name, table in tables.tables().items()}),
            file_name="commentlab.zip",
            mime="application/zip",
            on_click="ignore",
        )
    table = tables.tables()[name].head(_LOOK).map(lambda cell: wording.calm(cell) if isinstance(cell, str) else cell)
    order = sorted(table.columns, key=lambda column: _FIRST.index(column) if column in _FIRST else len(_FIRST))
    st.dataframe(table, column_order=order, hide_index=True, height=420)
    st.caption("Confidence is a calibrated probability. In CSV, cells that a spreadsheet would run are defused.")


def _convokit(tables: Frames) -> bytes:
    with tempfile.TemporaryDirectory(prefix="commentlab-") as aside:
        folder = convokit.write(tables, Path(aside) / "corpus")
        return _zip({f"corpus/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())})


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_page()
