"""What is found: entries of a discussion, and the section of the page in which they stand."""

from dataclasses import dataclass

from commentlab.plain.bylines import Byline
from commentlab.plain.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: what its byline says, the lines of its text, and the column that tells its depth.

    Attributes:
        byline: What is known of author and date; `shape` is `none` where nothing is.
        first: Its first line.
        start: First line of its text; `byline.lead` stands before it.
        end: Line behind its text.
        indent: Column of its first line.
        number: Its number in the page's own list.
        level: Its depth, where the page states it ("level 2").
        by_post_author: Whether the page marks its author as the author of the post.
    """

    byline: Byline
    first: int
    start: int
    end: int
    indent: int
    number: int | None = None
    level: int | None = None
    by_post_author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """The entries of a page, and the section in which they stand."""

    section: Section
    entries: tuple[Entry, ...]
