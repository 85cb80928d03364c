"""The tables, to look at and to take away."""

import io
import zipfile
from typing import get_args

import streamlit as st

from commentlab import frames
from commentlab.dashboard import heading, state, wording
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
    tables = state.tables(opened)
    heading.answer(_summary(tables))
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
            lambda: _zip(tables, kind),
            file_name="commentlab.zip",
            mime="application/zip",
            on_click="ignore",
        )
    table = tables.tables()[name].head(_LOOK).map(lambda cell: wording.calm(cell) if isinstance(cell, str) else cell)
    order = sorted(table.columns, key=lambda column: _FIRST.index(column) if column in _FIRST else len(_FIRST))
    st.dataframe(table, column_order=order, hide_index=True, height=520)
    st.caption("Confidence is a calibrated probability. In CSV, cells that a spreadsheet would run are defused.")


def _summary(tables: Frames) -> str:
    written = int((tables.comments["kind"] == "comment").sum())
    parts = [
        wording.count(written, "comment"),
        wording.count(len(tables.threads), "thread"),
        wording.count(len(tables.problems), "problem"),
    ]
    columns = wording.count(len(tables.comments.columns), "column")
    return f"{wording.listing(parts)}; a row a comment, {columns}."


def _zip(tables: Frames, kind: FileFormat) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.tables().items():
            archive.writestr(f"{name}.{kind}", frames.encode(table, kind))
    return buffer.getvalue()


_page()
