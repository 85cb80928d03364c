"""The repeated blocks of a page that are comments, found by how comment markup works and not by who printed it."""

from commentlab.blocks.discussions import Discussion, discussion
from commentlab.blocks.entries import Entry

__all__ = ["Discussion", "Entry", "discussion"]
