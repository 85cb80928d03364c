"""Reply links that no markup states: a comment quotes an earlier one, or addresses its author.

The markup's own nesting wins: only comments without a link are looked at, and those on the deepest level, where blog
software draws every further reply; there a quote or a name may tell which of its neighbours a comment answers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from commentlab import structure
from commentlab.links import names, quotes
from commentlab.links.names import Names
from commentlab.links.quotes import POST, Index, Passage
from commentlab.records import Comment, Link, Problem, Thread

SURE = 0.5
"""Links below this confidence are not made."""
SETTLED = "attached"
"""Code of the problem that says that a person told whom a comment answers; such a link stays as it is."""
SURE_AMONG_STATED = 0.85
"""The same in a thread that states replies: there, standing on the first level is a statement as well."""
CONFIDENCE = {
    "quote": 0.86,
    "quote of the named": 0.9,
    "short quote": 0.7,
    "greeting": 0.93,
    "call": 0.92,
    "at": 0.9,
    "wrote": 0.9,
    "opening": 0.75,
    "agreement": 0.7,
}
"""How often each kind of link is right: (right + 1) / (links + 2) as benchmarks/links.py prints it.

The last four, and quotes of the named, are too rare among real replies to be measured (at most two links each); theirs
are set with caution by those of their likes.
"""

METHODS = {kind: "quote" if "quote" in kind else "name" for kind in CONFIDENCE}
"""What `Link.method` says of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The comments before the one in hand, by what finds them."""

    comments: Sequence[Comment]
    names: Names
    quotes: Index = field(default_factory=Index)


def infer(thread: Thread) -> Thread:
    """Link comments to the earlier comments that they quote or whose authors they name.

    Returns:
        The thread with inferred links (method `quote` or `name`, confidence at least `SURE`), with the quotes that were
        found marked, and a problem `unidentified-name` for each comment that addresses somebody who is not among the
        authors. Inferring twice changes nothing.
    """
    quoted = [quotes.passages(comment) for comment in thread.comments]
    known = _Known(comments=thread.comments, names=Names(host=_host(thread)))
    known.quotes.expect(quoted)
    known.quotes.take(POST, f"{thread.post.title}\n{thread.post.text}")
    stated = {comment.id: comment.parent_id for comment in thread.comments if comment.parent_origin == "stated"}
    capped = _deepest(thread.comments) & stated.keys()
    settled = {problem.comment_id for problem in thread.problems if problem.code == SETTLED}
    comments: list[Comment] = []
    problems: list[Problem] = []
    for place, (comment, passages) in enumerate(zip(thread.comments, quoted, strict=True)):
        found = comment
        if comment.kind == "comment":
            sources = _sources(place, passages, known)
            offers = [] if comment.id in settled else list(_offers(place, sources, known))
            link = _chosen(comment, offers, stated, at_cap=comment.id in capped)
            marked = tuple(sorted({passage.span for passage, _ in sources} | set(comment.quotes)))
            if link is not comment.link or marked != comment.quotes:
                found = replace(comment, link=link, quotes=marked)
            problems += [] if link or comment.id in settled else _strangers(comment, known.names)
        comments.append(found)
        known.names.take(place, comment.author)
        known.quotes.take(place, comment.text)
    new = dict.fromkeys(problems).keys() - set(thread.problems)
    return replace(
        thread,
        comments=tuple(comments),
        problems=(*thread.problems, *(problem for problem in problems if problem in new)),
    )


def _host(thread: Thread) -> frozenset[str]:
    """Return the names of the post's author: as the page states it, or of who writes a quarter of the comments."""
    authors = Counter(comment.author for comment in thread.comments if comment.author)
    marked = {comment.author for comment in thread.comments if comment.by_post_author}
    often = {author for author, count in authors.most_common(1) if count > 2 and 4 * count >= len(thread.comments)}
    hosts = {thread.post.author, *marked} - {None} or often
    return frozenset(name for host in hosts for name in names.spellings_of(host))


def _deepest(comments: Sequence[Comment]) -> set[str]:
    depths = structure.depths(comments)
    deepest = max(depths.values(), default=0)
    return {name for name, depth in depths.items() if depth == deepest}


def _chosen(comment: Comment, offers: Iterable[Link], stated: Mapping[str, str | None], *, at_cap: bool) -> Link | None:
    if comment.link is None:
        return _surest(offers, SURE_AMONG_STATED if stated else SURE)
    if not at_cap:
        return comment.link
    neighbours = [offer for offer in offers if stated.get(offer.parent_id) == comment.parent_id]
    return _surest(neighbours, SURE_AMONG_STATED) or comment.link


def _surest(offers: Iterable[Link], sure: float) -> Link | None:
    good = [offer for offer in offers if offer.confidence >= sure]
    return max(good, key=lambda offer: offer.confidence, default=None)


def _sources(place: int, passages: Sequence[Passage], known: _Known) -> list[tuple[Passage, list[int]]]:
    """Return the passages that are found again, each with the places where it stands, the likeliest source first."""
    found = ((passage, known.quotes.sources(passage)) for passage in passages)
    return [
        (passage, [other for other in places if other == POST or _may_answer(place, other, known)])
        for passage, places in found
        if places
    ]


def _offers(place: int, sources: Sequence[tuple[Passage, list[int]]], known: _Known) -> Iterator[Link]:
    named = _named(place, known)
    if named and any(named[1] in places for _, places in sources):
        yield _link("quote of the named", known.comments[named[1]])
    elif named:
        yield _link(named[0], known.comments[named[1]])
    # Of what is in the post as well nobody knows whom it answers.
    telling = [(passage, places[0]) for passage, places in sources if places and places[0] != POST]
    if telling:
        passage, source = max(telling, key=lambda pair: pair[0].length)
        kind = "quote" if passage.length >= quotes.LONG else "short quote"
        yield _link(kind, known.comments[source])


def _link(kind: str, parent: Comment) -> Link:
    return Link(parent_id=parent.id, origin="inferred", method=METHODS[kind], confidence=CONFIDENCE[kind])


def _named(place: int, known: _Known) -> tuple[str, int] | None:
    """Return how a comment addresses the author of an earlier one, and the place of that comment."""
    for name, way in names.addressed(known.comments[place].text):
        if way != "at" and not names.is_name(name):
            continue
        to_host = way != "at" and known.names.is_host(name)
        for other in known.names.latest(name):
            if _may_answer(place, other, known) and not (to_host and not _in_talk(place, other, known)):
                return way, other
    return None


def _in_talk(place: int, other: int, known: _Known) -> bool:
    """Tell whether a comment stands right below another that stands right below one of the same author's."""
    author = known.comments[place].author
    return other == place - 1 and other > 0 and bool(author) and known.comments[other - 1].author == author


def _strangers(comment: Comment, known: Names) -> Iterator[Problem]:
    for name in names.strangers(comment.text, known):
        message = f"it addresses {name!r}, whom the text does not identify"
        yield Problem(code="unidentified-name", message=message, comment_id=comment.id)


def _may_answer(place: int, other: int, known: _Known) -> bool:
    comment, parent = known.comments[place], known.comments[other]
    if parent.kind != "comment" or (comment.author and comment.author == parent.author):
        return False
    return not (comment.published and parent.published) or parent.published <= comment.published
