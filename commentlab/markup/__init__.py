"""Comment pages as tables: a reader says where its program shows what, and all else is common to them.

A table names the spots by CSS selectors and holds no code; a page is looked through once for each of its rows.
"""

from commentlab.markup.families import Family, Spot, Spots, classes
from commentlab.markup.threads import read, sniff

__all__ = ["Family", "Spot", "Spots", "classes", "read", "sniff"]
