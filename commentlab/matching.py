"""Whether two comments of two files are the same one, and what becomes of the two.

An id alone proves little: numbers of two programs may be equal by chance. So the author, the time and the text have a
say as well, and without equal ids they have to agree.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from commentlab import text
from commentlab.records import Comment, When

WORDS = 4
"""Words of a text that two people hardly write by chance."""
LOOKED_AT = 50
"""Comments of one key that are compared with a comment, so that a flood of equal ones costs little."""

_QUARTER = timedelta(minutes=15)
_ZONES = timedelta(hours=14)
_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}

Key = tuple[str, str | int]


@dataclass(slots=True, eq=False)
class Index:
    """Comments that were gathered already, by what finds them again; within one file each is found once."""

    comments: list[Comment] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    _taken: set[int] = field(default_factory=set)
    _shelves: defaultdict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    _passed: Counter[Key] = field(default_factory=Counter)

    def start(self) -> None:
        """Begin with another file: everything that is here can be found again."""
        self._taken.clear()
        self._passed.clear()

    def find(self, comment: Comment, reader: str) -> int | None:
        """Return the place of the same comment in another file, None where there is none."""
        for key in keys(comment):
            for place in self._untaken(key):
                if same(self.comments[place], comment, other_form=self.readers[place] != reader):
                    self._taken.add(place)
                    return place
        return None

    def add(self, comment: Comment, reader: str) -> int:
        """Take in a new comment and return its place; it is not found again within this file."""
        place = len(self.comments)
        self.comments.append(comment)
        self.readers.append(reader)
        self._taken.add(place)
        for key in keys(comment):
            self._shelves[key].append(place)
        return place

    def change(self, place: int, comment: Comment, reader: str) -> None:
        """Put the newer state of a comment in its place."""
        for key in set(keys(comment)).difference(keys(self.comments[place])):
            self._shelves[key].append(place)
        self.comments[place], self.readers[place] = comment, reader

    def _untaken(self, key: Key) -> list[int]:
        shelf = self._shelves.get(key, [])
        while self._passed[key] < len(shelf) and shelf[self._passed[key]] in self._taken:
            self._passed[key] += 1
        start = self._passed[key]
        return [place for place in shelf[start : start + LOOKED_AT] if place not in self._taken]


def keys(comment: Comment) -> Iterator[Key]:
    """Yield under what a comment is found again: its id, its words, its author with the minute of the quarter."""
    if comment.id:
        yield "id", comment.id
    if said := _said(comment):
        yield "text", said
    if comment.author and comment.published:
        yield text.fold(comment.author), comment.published.minute % 15


def edges(comment: Comment) -> Iterator[Key]:
    """Yield the first and the last words of a text that is long enough to tell it from others."""
    said = _said(comment).split()
    if len(said) >= WORDS:
        yield "start", " ".join(said[:WORDS])
        yield "end", " ".join(said[-WORDS:])


def shared(one: Sequence[Comment], other: Sequence[Comment], *, other_form: bool) -> int:
    """Return how many comments two files have in common."""
    index = Index()
    for comment in one:
        index.add(comment, "one")
    index.start()
    reader = "other" if other_form else "one"
    return sum(index.find(comment, reader) is not None for comment in other)


def same(one: Comment, other: Comment, *, other_form: bool) -> bool:
    """Tell whether two comments of two files of one discussion are the same.

    Args:
        one: A comment of one file.
        other: A comment of the other file.
        other_form: The files are of different forms, a page and its feed, whose ids may have nothing in common.
    """
    author = same_author(one, other)
    time = agree(one.when, other.when)
    doubts, proofs = (author, time).count(False), (author, time).count(True)
    said, repeated = _said(one), _said(other)
    if one.id and one.id == other.id:
        if said == repeated or not (said and repeated):
            return proofs >= doubts
        edited = author is True and not other_form
        return time is True or (not doubts and (edited or alike(said, repeated)))
    if said and said == repeated:
        telling = said.count(" ") >= WORDS - 1
        return proofs >= doubts if other_form and telling else not doubts and (time is True or other_form or telling)
    return author is True and time is True and alike(said, repeated)


def same_author(one: Comment, other: Comment) -> bool | None:
    """Tell whether two comments have the same author; None where one names nobody."""
    return _plain(one.author) == _plain(other.author) if one.author and other.author else None


def agree(one: When | None, other: When | None) -> bool | None:
    """Tell whether two dates can mean the same moment; None where nobody knows.

    They agree up to their precision, and where a zone was assumed, up to the difference of two zones.
    """
    if one is None or other is None or one.time is None or other.time is None:
        return None
    unit = max(_UNITS[one.precision], _UNITS[other.precision])
    gap = abs(one.time - other.time)
    if gap <= unit:
        return True
    if one.ambiguous or other.ambiguous:
        return None
    rest = gap % _QUARTER
    is_shift = (one.zone_assumed or other.zone_assumed) and gap <= _ZONES + unit
    return is_shift and min(rest, _QUARTER - rest) <= unit


def alike(said: str, repeated: str) -> bool:
    """Tell whether one text begins the other, or most of their words are the same; both are folded."""
    if begins(said, repeated) or begins(repeated, said):
        return True
    first, second = said.split(), repeated.split()
    shared = (Counter(first) & Counter(second)).total()
    return 2 * shared >= max(len(first), len(second))


def begins(start: str, whole: str) -> bool:
    """Tell whether a folded text is the beginning of another; an excerpt may end within a word."""
    return whole.startswith(start) and start.count(" ") >= WORDS - 1


def combined(earlier: Comment, later: Comment, *, other_form: bool) -> tuple[Comment, str | None]:
    """Make one comment of two: what the later one says, and what only the earlier one knows.

    Args:
        earlier: The comment as the earlier file has it.
        later: The same in the later file.
        other_form: The files are of different forms: a text that begins the other is an excerpt, no edit.

    Returns:
        The comment, and the code of a problem: `edited`, `gone` (it was deleted), `text-differs`, or None.
    """
    kept, code = _text(earlier, later, other_form=other_form)
    links = [each for each in (earlier.link, later.link) if each]
    merged = replace(
        earlier,
        text=kept.text,
        quotes=kept.quotes,
        author=earlier.author or later.author,
        when=max((earlier.when, later.when), key=_exactness),
        link=next((each for each in links if each.origin == "stated"), links[0] if links else None),
        kind=earlier.kind if earlier.kind != "comment" else later.kind,
        status=later.status,
        by_post_author=earlier.by_post_author or later.by_post_author,
        votes=earlier.votes if later.votes is None else later.votes,
        url=earlier.url or later.url,
    )
    return merged, code


def _text(earlier: Comment, later: Comment, *, other_form: bool) -> tuple[Comment, str | None]:
    """Return the comment whose text is kept, and what there is to note."""
    before, now = text.fold(earlier.text), text.fold(later.text)
    if later.status == "deleted" != earlier.status and earlier.text:
        return earlier, "gone"
    if not (earlier.text and later.text):
        return (earlier if earlier.text else later), None
    if before == now and (before or earlier.text == later.text):
        return earlier, None
    if other_form and begins(now, before):
        return earlier, None
    if other_form:
        return later, None if begins(before, now) else "text-differs"
    return later, "edited"


def _exactness(when: When | None) -> tuple[float, float, float]:
    if when is None or when.time is None:
        return (0, 0, 0)
    return (1, not when.zone_assumed, -_UNITS[when.precision].total_seconds())


def _said(comment: Comment) -> str:
    """Return the folded text; a pingback that shows none is known by its name."""
    shown = comment.text or (comment.author or "" if comment.kind != "comment" else "")
    return _plain(shown)


def _plain(shown: str) -> str:
    return text.fold(shown) or shown.strip()
