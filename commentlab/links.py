"""Reply links that no markup states: a comment quotes an earlier one, or addresses its author.

The markup's own nesting wins: only comments without a link are looked at, and those on the deepest level, where blog
software draws every further reply; there a quote or a name may tell which of its neighbours a comment answers.

A quote is found through an index of word sequences and a name through an index of authors, so that the cost grows with
the text, not with its square.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commentlab import structure, text
from commentlab.records import Comment, Link, Problem, Span, Thread

SHINGLE = 4
"""Words of a passage that must match in a row before it counts as a quote."""
SURE = 0.5
"""Links below this confidence are not made."""
SURE_AMONG_STATED = 0.9
"""The same in a thread that states replies: there, standing on the first level is a statement as well."""

_QUOTED = re.compile(r"“([^”]{12,})”|„([^“”]{12,})[“”]|«([^»]{12,})»|\"([^\"]{12,})\"|^>[ >]*(.{12,})$", re.M)
_NAME = r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,2}"
_LEADING_AT = re.compile(rf"^@\s?({_NAME}|[\w.-]+)")
_VOCATIVE = re.compile(rf"^(?:(?:hi|hey|hello|dear|hallo|lieber?|salut|hola)\s+)?({_NAME})\s?(?:[,:!]|—|–|-\s)", re.I)
_AGREES = re.compile(
    r"\b(?:dis)?agree(?:d|s)?\s+(?:\w+\s)?with\s+@?([^\W\d_]\w+)|\b(?:as|like)\s+@?([A-Z]\w+)\s+(?:said|says|wrote|pointed)\b"
)
# Words that begin comments and look like names; an author of one of these names is only found by "@".
_NO_NAMES = frozenset(
    text.words(
        "yes no well so but and oh ok okay wow thanks sorry please sure right true exactly indeed actually hey hi hello"
        " lol anonymous guest admin anonym gast you them him her that this it everyone all both your the what most some"
    )
)


Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """What is known of the comments before the one in hand; of their words, only sequences that somebody quotes."""

    authors: dict[str, list[int]]
    holders: dict[Shingle, list[int]]


def infer(thread: Thread) -> Thread:
    """Link comments to the earlier comments that they quote or whose authors they name.

    Returns:
        The thread with inferred links (method `quote` or `name`, confidence at least `SURE`), with the quotes that were
        found marked, and a problem `unidentified-name` for each comment that addresses somebody who is not among the
        authors. Inferring twice changes nothing.
    """
    quotes = [list(_passages(comment)) for comment in thread.comments]
    index = _Index(
        authors=defaultdict(list),
        holders={shingle: [] for passages in quotes for _, words in passages for shingle in _shingles(words)},
    )
    stated = {comment.id: comment.parent_id for comment in thread.comments if comment.parent_origin == "stated"}
    capped = _deepest(thread.comments) & stated.keys()
    known = _names(thread.post.author)
    post = text.fold(thread.post.text)
    comments: list[Comment] = []
    problems: list[Problem] = []
    for position, (comment, passages) in enumerate(zip(thread.comments, quotes, strict=True)):
        found = comment
        if comment.kind == "comment":
            quoted = _quoted(comment, passages, thread.comments, index)
            spans = {span for span, words in passages if span in quoted or " ".join(words) in post}
            offers = [_quote_link(quoted), _named(comment, thread.comments, index)]
            link = _chosen(comment, offers, stated, at_cap=comment.id in capped)
            found = replace(comment, link=link, quotes=tuple(sorted(spans | set(comment.quotes))))
            problems += [] if link else _strangers(comment, index, known)
        comments.append(found)
        _add(index, comment, position)
    new = tuple(problem for problem in problems if problem not in thread.problems)
    return replace(thread, comments=tuple(comments), problems=thread.problems + new)


def _deepest(comments: Sequence[Comment]) -> set[str]:
    depths = structure.depths(comments)
    deepest = max(depths.values(), default=0)
    return {name for name, depth in depths.items() if depth == deepest}


def _chosen(
    comment: Comment, offers: Iterable[Link | None], stated: Mapping[str, str | None], *, at_cap: bool
) -> Link | None:
    if comment.link is None:
        return _surest(offers, SURE_AMONG_STATED if stated else SURE)
    if not at_cap:
        return comment.link
    neighbours = [offer for offer in offers if offer and stated.get(offer.parent_id) == comment.parent_id]
    return _surest(neighbours, SURE_AMONG_STATED) or comment.link


def _surest(offers: Iterable[Link | None], sure: float) -> Link | None:
    good = [offer for offer in offers if offer and offer.confidence >= sure]
    return max(good, key=lambda offer: offer.confidence, default=None)


def _passages(comment: Comment) -> Iterator[tuple[Span, list[str]]]:
    """Yield what a comment seems to quote: marked quotes, then what stands in quotation marks or behind ">"."""
    spans = [match.span(match.lastindex or 0) for match in _QUOTED.finditer(comment.text)]
    for start, end in (*comment.quotes, *spans):
        words = text.words(comment.text[start:end])
        if len(words) >= SHINGLE:
            yield (start, end), words


def _add(index: _Index, comment: Comment, position: int) -> None:
    for name in _names(comment.author):
        index.authors[name].append(position)
    if index.holders:
        for shingle in index.holders.keys() & set(_shingles(text.words(comment.text))):
            index.holders[shingle].append(position)


def _shingles(words: Sequence[str]) -> Iterator[Shingle]:
    return zip(*(words[offset:] for offset in range(SHINGLE)), strict=False)


def _quoted(
    comment: Comment, passages: Sequence[tuple[Span, list[str]]], comments: Sequence[Comment], index: _Index
) -> dict[Span, tuple[int, Comment]]:
    """Return for each passage that stands in an earlier comment its length in words and that comment."""
    found: dict[Span, tuple[int, Comment]] = {}
    for span, words in passages:
        shared = set.intersection(*(set(index.holders[shingle]) for shingle in _shingles(words)))
        phrase = " ".join(words)
        # The first to say it is the one who is quoted: whoever comes later with the same words quotes as well.
        for position in sorted(shared):
            if _may_answer(comment, comments[position]) and phrase in text.fold(comments[position].text):
                found[span] = len(words), comments[position]
                break
    return found


def _quote_link(quoted: dict[Span, tuple[int, Comment]]) -> Link | None:
    if not quoted:
        return None
    length, source = max(quoted.values(), key=lambda pair: pair[0])
    confidence = 0.95 if length >= 2 * SHINGLE else 0.7
    return Link(parent_id=source.id, origin="inferred", method="quote", confidence=confidence)


def _named(comment: Comment, comments: Sequence[Comment], index: _Index) -> Link | None:
    for name, confidence in _addressed(comment.text):
        for candidate in _spellings(name):
            holders = [i for i in index.authors.get(candidate, ()) if _may_answer(comment, comments[i])]
            if holders:
                return Link(
                    parent_id=comments[holders[-1]].id,
                    origin="inferred",
                    method="name",
                    confidence=confidence,
                )
    return None


def _addressed(body: str) -> Iterator[tuple[str, float]]:
    """Yield the names that a comment addresses, with how sure it is that a known author of that name is meant."""
    if match := _LEADING_AT.match(body):
        yield match[1], 0.9
    elif (match := _VOCATIVE.match(body)) and text.words(match[1])[0] not in _NO_NAMES:
        yield match[1], 0.75
    if (match := _AGREES.search(body)) and (match[1] or match[2]).casefold() not in _NO_NAMES:
        yield match[1] or match[2], 0.7


def _strangers(comment: Comment, index: _Index, known: frozenset[str]) -> Iterator[Problem]:
    """Yield a problem for a name that is surely addressed (behind "@", or agreed with) but is no earlier author's."""
    for match in filter(None, (_LEADING_AT.match(comment.text), _AGREES.search(comment.text))):
        name = next(group for group in match.groups() if group)
        spellings = set(_spellings(name))
        if name[0].isupper() and spellings and not spellings & (index.authors.keys() | known | _NO_NAMES):
            message = f"it addresses {name.split()[0]!r}, whom the text does not identify"
            yield Problem(code="unidentified-name", message=message, comment_id=comment.id)
            return


def _names(author: str | None) -> frozenset[str]:
    words = text.words(author or "")
    if not words:
        return frozenset()
    return frozenset(name for name in (" ".join(words), "".join(words), words[0]) if len(name) > 2)


def _spellings(name: str) -> list[str]:
    words = text.words(name)
    return [" ".join(words[:count]) for count in range(len(words), 0, -1) if len("".join(words[:count])) > 2]


def _may_answer(comment: Comment, parent: Comment) -> bool:
    if parent.kind != "comment" or (comment.author and comment.author == parent.author):
        return False
    return not (comment.published and parent.published) or parent.published <= comment.published
