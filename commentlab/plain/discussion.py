"""The discussion in a plain text: by its bylines, else by its list, else by the number of comments announced."""

from collections.abc import Sequence

from commentlab.plain import evidence, items, sections
from commentlab.plain.entries import Discussion
from commentlab.plain.lines import Line

FEW = 3
"""Entries that bylines or a list may suggest by accident where the announced number of lines is there."""


def find(lines: Sequence[Line]) -> Discussion | None:
    """Return the entries of the discussion on a page, None if there is none."""
    pieces = sections.of(lines)
    signed = evidence.find(lines, pieces)
    listed = items.find(lines, pieces)
    counted = items.by_count(lines, pieces)
    if counted and all(len(each.entries) <= FEW < len(counted.entries) for each in (signed, listed) if each):
        return counted
    if signed and (
        listed is None or signed.section.start < listed.section.start or 2 * len(signed.entries) >= len(listed.entries)
    ):
        # A list inside a comment also has items, but no more than there are bylines unless those were dropped.
        return items.completed(lines, signed)
    return listed
