"""What is asked of a corpus, remembered for as long as its folder does not change."""

import pandas as pd
import streamlit as st

from commentlab import corpus
from commentlab.corpus import ALL, MANIFEST, Corpus, Order, Overview, Query
from commentlab.frames import rows
from commentlab.insight import By

PAGE = 25
"""Rows that are shown at once."""


def _state(found: Corpus) -> tuple[str, int]:
    return str(found.path), (found.path / MANIFEST).stat().st_mtime_ns


_remembered = st.cache_data(max_entries=64, show_spinner="Counting …", hash_funcs={Corpus: _state, Query: repr})


@_remembered
def overview(found: Corpus, query: Query = ALL) -> Overview:
    """Return how many comments are meant, and what they stand in."""
    return corpus.overview(found, query)


@_remembered
def camps(found: Corpus, query: Query) -> pd.DataFrame:
    """Return the shares of the camps."""
    return corpus.camps(found, query)


@_remembered
def groups(found: Corpus, by: By, query: Query, order: Order, offset: int) -> pd.DataFrame:
    """Return a page of groups; the page asks before it asks for authors."""
    return corpus.groups(found, by, query, order=order, limit=PAGE, offset=offset, profiles=True)


@_remembered
def comments(found: Corpus, query: Query, offset: int) -> pd.DataFrame:
    """Return a page of comments."""
    return corpus.comments(found, query, limit=PAGE, offset=offset)


@_remembered
def compare(found: Corpus, by: By, keys: list[str], query: Query) -> pd.DataFrame:
    """Return two groups side by side."""
    return corpus.compare(found, by, keys, query, profiles=True)


@_remembered
def titles(found: Corpus, keys: list[str]) -> dict[str, str]:
    """Return the titles of threads, or where they lie where they have none."""
    heads = (next(rows(corpus.frames(found, key).threads)) for key in keys)
    return {head["thread_id"]: head["title"] or head["source"] for head in heads}
