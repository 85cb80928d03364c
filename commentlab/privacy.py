"""Names out of what is written: pseudonyms for authors and for whoever is named in the texts, and people left out.

A pseudonym is a keyed hash (HMAC, RFC 2104), so that nobody without the key can try names; the key stays in the folder
that is written. What is left out is left out of everything: the person's comments, what others quote of them, and the
name.
"""

import csv
import hmac
import io
import os
import re
import secrets
import unicodedata
from base64 import b32encode
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from commentlab import text
from commentlab.errors import OptionError, UnreadableError
from commentlab.links import names
from commentlab.records import Comment, Post, ScoredThread, Span, Thread

Authors = Literal["keep", "pseudonym", "drop"]
KEY = "pseudonym.key"
EXCLUDED = "excluded.csv"
COLUMNS = ("author", "thread_id", "comment_id")
"""Columns of an exclusion list: an author, or a thread, or a comment of a thread in each row."""
NAME, REMOVED, MAIL, ADDRESS = "[name]", "[removed]", "[e-mail]", "[IP]"
"""What stands in a text in the place of a name, of the words of somebody who is left out, and of addresses."""
PSEUDONYM = re.compile(r"person-[a-z2-7]{10}")
QUOTED = 20
"""Characters of the shortest line that counts as quoted from what is left out."""

_GAP = 3  # characters between two words of a name
_WORD = re.compile(r"\w+")
_MAIL = re.compile(
    r"(?P<handle>@\w[\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
)
_IP = re.compile(r"\d(?<![\w.]\d)\d{0,2}(?:\.\d{1,3}){3}(?![\w.])")
_IP6 = re.compile(r"(?<![\w.])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w.])", re.I)
_IN_IP6 = re.compile(r":[0-9a-f]{1,4}:[0-9a-f]{1,4}:", re.I)  # found faster than all of it
_MENTION = re.compile(r"(?:(?<![\w.])@|(?<!\w)/?u/)(?P<name>[^\W\d_][\w.-]*\w)")
_TURNS_TO = re.compile(r"(?:@|\bu/|\bagree(?:d|s)? with )$", re.I)
_STARTS = re.compile(r"(?:^|\n)\W*(?:(?:hi|hey|hello|dear|thanks|thank you|sorry)\W{1,2})?$", re.I)
_GOES_ON = re.compile(r"\s?[,:!]|\s(?:wrote|said|says|writes)\b", re.I)
# Words that are names, too; an author of such a name is only found where he is plainly addressed.
_ORDINARY = frozenset(
    text.words(
        "will may mark bill rose grace hope joy faith art frank rich june april august dawn summer star king queen"
        " reader readers user users author editor admin moderator mod host blogger writer visitor citizen observer"
        " someone somebody nobody anyone one me myself us people person man woman friend truth reason logic fact facts"
        " concerned angry simple old new big little real the a an of and in on to for from with just mr mrs ms dr"
        " comment comments reply post unknown name deleted removed none null blog news world union government"
    )
)

Edit = tuple[int, int, str]
"""Characters of a text, and what takes their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Who and what is left out; authors by their name in one spelling, or by their pseudonym."""

    authors: frozenset[str] = frozenset()
    threads: frozenset[str] = frozenset()
    comments: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: "Excluded") -> "Excluded":
        """Return what one of both leaves out."""
        return Excluded(
            authors=self.authors | other.authors,
            threads=self.threads | other.threads,
            comments=self.comments | other.comments,
        )

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.authors or self.threads or self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is done to names before anything is written; the key is empty where none is needed."""

    authors: Authors = "keep"
    key: bytes = b""
    excluded: Excluded = field(default_factory=Excluded)


def cover_for(
    folder: Path | None,
    *,
    authors: Authors = "pseudonym",
    key: str | os.PathLike[str] | None = None,
    exclude: str | os.PathLike[str] | None = None,
) -> Cover:
    """Return how to cover names in what is written into a folder.

    Args:
        folder: Where `pseudonym.key` lies, or is made, and what must not come back is listed in `excluded.csv`. None
            means that nothing is kept: pseudonyms are others the next time.
        authors: `keep`, `pseudonym` or `drop`.
        key: Another file that holds the key, or shall.
        exclude: An exclusion list: a CSV file with columns `author`, `thread_id`, `comment_id`.

    Raises:
        OptionError: There is no such way to treat authors, or a list has other columns.
        UnreadableError: A file cannot be read or written.
    """
    if authors not in get_args(Authors):
        raise OptionError(f"unknown way to treat authors {authors!r}; there are {', '.join(get_args(Authors))}")
    excluded = exclusions(Path(exclude)) if exclude else Excluded()
    if folder and (folder / EXCLUDED).exists():
        excluded |= exclusions(folder / EXCLUDED)
    if authors != "pseudonym" and not excluded:
        return Cover(authors=authors)
    place = Path(key) if key else folder / KEY if folder else None
    return Cover(authors=authors, key=key_in(place) if place else secrets.token_bytes(32), excluded=excluded)


def key_in(path: Path) -> bytes:
    """Return the key in a file, which is made where there is none, for the eyes of its owner alone.

    Raises:
        UnreadableError: It cannot be read or written, or holds no key.
    """
    try:
        if not path.exists():
            _put(path, secrets.token_hex(32) + "\n")
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise UnreadableError(str(path), f"the key cannot be written or read: {error.strerror or error}") from error
    except ValueError:
        key = b""
    if len(key) < 16:
        raise UnreadableError(str(path), "it holds no key (hexadecimal digits); remove it, and names change theirs")
    return key


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of a name, the same however it is capitalised and spaced: 50 bits of an HMAC."""
    digest = hmac.digest(key, spelled(name).encode("utf-8", "replace"), "sha256")
    return f"person-{b32encode(digest)[:10].decode().lower()}"


def exclusions(path: Path) -> Excluded:
    """Read an exclusion list.

    Raises:
        OptionError: It has none of the columns.
        UnreadableError: It cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            found = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in table]
            columns = set(table.fieldnames or ())
    except (OSError, ValueError, csv.Error) as error:
        raise UnreadableError(str(path), f"the exclusion list cannot be read: {error}") from error
    if not columns & set(COLUMNS):
        raise OptionError(f"{path}: an exclusion list has the columns {', '.join(COLUMNS)}; name them in its first row")
    if lonely := next((row["comment_id"] for row in found if row["comment_id"] and not row["thread_id"]), None):
        raise OptionError(f"{path}: comment {lonely!r} needs its thread_id beside it")
    return Excluded(
        authors=frozenset(spelled(row["author"]) for row in found if row["author"]),
        threads=frozenset(row["thread_id"] for row in found if row["thread_id"] and not row["comment_id"]),
        comments=frozenset((row["thread_id"], row["comment_id"]) for row in found if row["comment_id"]),
    )


def exclude_also(path: Path, more: Excluded) -> Excluded:
    """Add to an exclusion list, and return all of it."""
    every = (exclusions(path) if path.exists() else Excluded()) | more
    rows = [(author, "", "") for author in sorted(every.authors)]
    rows += [("", thread, "") for thread in sorted(every.threads)]
    rows += [("", thread, comment) for thread, comment in sorted(every.comments)]
    table = io.StringIO(newline="")
    csv.writer(table).writerows([COLUMNS, *rows])
    try:
        _put(path, table.getvalue())
    except OSError as error:
        raise UnreadableError(str(path), f"it cannot be written: {error.strerror or error}") from error
    return every


def _put(path: Path, content: str) -> None:
    """Write a file for the eyes of its owner alone, which appears whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def covered(scored: ScoredThread, cover: Cover) -> ScoredThread | None:
    """Return a thread as it may be written, None if it is left out as a whole.

    A comment that is left out disappears, unless others answer it: then its place stays, with nothing in it.
    """
    if scored.thread.id in cover.excluded.threads:
        return None
    gone = [comment for comment in scored.thread.comments if _is_out(scored.thread, comment, cover)]
    host_out = _is_out_author(scored.thread.post.author, cover)
    people = _People(scored.thread, cover)
    if gone or host_out:
        scored = _without(scored, gone, host_out=host_out)
    return _renamed(scored, people)


def _is_out(thread: Thread, comment: Comment, cover: Cover) -> bool:
    return (thread.id, comment.id) in cover.excluded.comments or _is_out_author(comment.author, cover)


def _is_out_author(name: str | None, cover: Cover) -> bool:
    known = cover.excluded.authors
    return bool(name and known) and (spelled(name or "") in known or pseudonym(name or "", cover.key) in known)


def _without(scored: ScoredThread, gone: Sequence[Comment], *, host_out: bool) -> ScoredThread:
    thread = scored.thread
    out = {comment.id for comment in gone}
    parents = {comment.id: comment.parent_id for comment in thread.comments}
    needed: set[str] = set()
    for comment in thread.comments:
        above = comment.parent_id if comment.id not in out else None
        while above in out and above not in needed:
            needed.add(above)
            above = parents[above]
    words = [comment.text for comment in gone] + ([thread.post.text] if host_out else [])
    comments = tuple(
        _emptied(comment) if comment.id in out else _unquoted(comment, words)
        for comment in thread.comments
        if comment.id not in out or comment.id in needed
    )
    post = Post(id=thread.post.id, title="", text="") if host_out else thread.post
    problems = tuple(problem for problem in thread.problems if problem.comment_id not in out)
    return replace(
        scored,
        thread=replace(thread, post=post, comments=comments, problems=problems),
        labels=tuple(label for label in scored.labels if label.comment_id not in out),
    )


def _emptied(comment: Comment) -> Comment:
    return Comment(id=comment.id, text="", link=comment.link, kind=comment.kind, status="deleted")


def _unquoted(comment: Comment, words: Sequence[str]) -> Comment:
    """Take out the lines of a comment that stand in what is left out, too."""
    edits: list[Edit] = []
    start = 0
    for line in comment.text.splitlines(keepends=True):
        said = line.strip(" \t\r\n>\"'“”„«»")
        if len(said) >= QUOTED and any(said in body for body in words):
            edits.append((start, start + len(line.rstrip("\r\n")), REMOVED))
        start += len(line)
    return _edited(comment, edits)


def _renamed(scored: ScoredThread, people: "_People") -> ScoredThread:
    thread = scored.thread
    edits = {comment.id: list(people.edits(comment.text)) for comment in thread.comments}
    post = replace(
        thread.post,
        title=people.rename(thread.post.title),
        text=people.rename(thread.post.text),
        author=people.called(thread.post.author),
        url=people.address(thread.post.url),
    )
    comments = tuple(
        replace(
            _edited(comment, edits[comment.id]), author=people.called(comment.author), url=people.address(comment.url)
        )
        for comment in thread.comments
    )
    problems = tuple(replace(problem, message=people.rename(problem.message)) for problem in thread.problems)
    labels = tuple(
        replace(label, reasons=tuple((*_moved((a, b), edits[label.comment_id]), w) for a, b, w in label.reasons))
        if label.reasons and edits.get(label.comment_id)
        else label
        for label in scored.labels
    )
    return replace(scored, thread=replace(thread, post=post, comments=comments, problems=problems), labels=labels)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to write a name: its words, what takes their place, and where they count: the surer, the wider."""

    words: tuple[str, ...]
    instead: str
    where: Literal["anywhere", "capital", "addressed"]


class _People:
    """The people of a thread: what each is called from now on, and how the old names are found in texts."""

    def __init__(self, thread: Thread, cover: Cover) -> None:
        self._cover = cover
        listed = cover.excluded.authors  # somebody who is left out may be named where he did not write
        authors = dict.fromkeys([thread.post.author, *(comment.author for comment in thread.comments), *sorted(listed)])
        found: defaultdict[tuple[str, ...], set[_Spelling]] = defaultdict(set)
        for name in filter(None, authors):
            if cover.authors != "keep" or _is_out_author(name, cover):
                for spelling in _spellings(name, self._instead(name)):
                    found[spelling.words].add(spelling)
        self._by_first: defaultdict[str, list[_Spelling]] = defaultdict(list)
        for words, ways in found.items():
            whose = {way.instead for way in ways}
            instead = whose.pop() if len(whose) == 1 else self._instead(" ".join(words))
            self._by_first[words[0]].append(replace(max(ways, key=_wide), instead=instead))
        for ways_here in self._by_first.values():
            ways_here.sort(key=lambda way: -len(way.words))

    def called(self, name: str | None) -> str | None:
        """Return what an author is called from now on; who signs with an address of mail keeps what is before the @."""
        if name is None or self._cover.authors == "keep":
            return name and (name.partition("@")[0] if _MAIL.fullmatch(name) and name[0] != "@" else name)
        return self._instead(name) if self._cover.authors == "pseudonym" else None

    def address(self, url: str | None) -> str | None:
        """Return an address, None where it spells out somebody's name."""
        return None if url and any(instead != ADDRESS for _, _, instead in self.edits(url)) else url

    def rename(self, body: str) -> str:
        """Return a text without the names."""
        return _applied(body, list(self.edits(body)))

    def edits(self, body: str) -> Iterator[Edit]:
        """Yield where names and addresses of mail and computers stand in a text, and what takes their place."""
        covers = self._cover.authors != "keep"
        found = list(self._addresses(body))
        found += _apart(found, self._named(body))
        if covers and ("@" in body or "u/" in body):
            mentions = (match for match in _MENTION.finditer(body) if not PSEUDONYM.match(match["name"]))
            found += _apart(found, ((*match.span("name"), self._instead(match["name"])) for match in mentions))
        yield from sorted(found)

    def _addresses(self, body: str) -> Iterator[Edit]:
        for match in _MAIL.finditer(body) if "@" in body else ():
            handle = match[0][1:].partition("@")[0]
            if not match["handle"]:
                yield *match.span(), MAIL
            elif self._cover.authors != "keep":
                yield *match.span(), f"@{self._instead(handle)}"
        for pattern in (_IP, _IP6) if _IN_IP6.search(body) else (_IP,):
            yield from ((*match.span(), ADDRESS) for match in pattern.finditer(body))

    def _instead(self, name: str) -> str:
        if self._cover.authors == "drop" or _is_out_author(name, self._cover):
            return NAME
        return pseudonym(name, self._cover.key) if self._cover.authors == "pseudonym" else name

    def _named(self, body: str) -> Iterator[Edit]:
        said = [word.casefold() for word in _WORD.findall(body)]
        places = [place for place, word in enumerate(said) if word in self._by_first]
        words = list(_WORD.finditer(body)) if places else []
        end = 0
        for place in places:
            if words[place].start() < end:
                continue
            for way in self._by_first[said[place]]:
                taken = slice(place, place + len(way.words))
                if tuple(said[taken]) == way.words and _is_spelled(way, words[taken], body):
                    end = words[taken][-1].end()
                    yield words[place].start(), end, way.instead
                    break


def _spellings(name: str, instead: str) -> Iterator[_Spelling]:
    """Yield how an author may be named in texts: in full, in one word, by the first and by the last of the words."""
    written = _WORD.findall(name)
    words = tuple(word.casefold() for word in written)
    if not words:
        return
    if len(words) == 1:
        rare = len(words[0]) > 2 and not words[0].isdigit() and not _is_ordinary(words[0])
        yield _Spelling(words, instead, "anywhere" if rare else "addressed")
        return
    yield _Spelling(words, instead, "capital" if all(map(_is_ordinary, words)) else "anywhere")
    yield _Spelling(("".join(words),), instead, "anywhere")
    if len(words) <= 3 and all(word[0].isupper() for word in written):
        for word in {words[0], words[-1]}:
            if len(word) > 2 and word.isalpha():
                yield _Spelling((word,), instead, "addressed" if _is_ordinary(word) else "capital")


def _is_ordinary(word: str) -> bool:
    return word in _ORDINARY or not names.is_name(word)


def _wide(way: _Spelling) -> int:
    return ("addressed", "capital", "anywhere").index(way.where)


def _is_spelled(way: _Spelling, taken: Sequence[re.Match[str]], body: str) -> bool:
    for one, other in pairwise(taken):
        between = body[one.end() : other.start()]
        if len(between) > _GAP or "\n" in between:
            return False
    if way.where == "anywhere":
        return True
    before, after = body[max(0, taken[0].start() - 20) : taken[0].start()], body[taken[-1].end() :][:10]
    if way.where == "capital":
        return taken[0][0][0].isupper() or before.endswith("@")
    return bool(_TURNS_TO.search(before) or (_STARTS.search(before) and _GOES_ON.match(after)))


def _apart(taken: Sequence[Edit], more: Iterable[Edit]) -> list[Edit]:
    """Return the edits that touch none of those taken before."""
    places = sorted((start, end) for start, end, _ in taken)
    found = []
    for edit in more:
        after = bisect_left(places, (edit[1],))
        if not after or places[after - 1][1] <= edit[0]:
            found.append(edit)
    return found


def _edited(comment: Comment, edits: Sequence[Edit]) -> Comment:
    if not edits:
        return comment
    spans = (_moved(span, edits) for span in comment.quotes)
    return replace(
        comment, text=_applied(comment.text, edits), quotes=tuple(span for span in spans if span[0] < span[1])
    )


def _applied(body: str, edits: Sequence[Edit]) -> str:
    if not edits:
        return body
    parts: list[str] = []
    done = 0
    for start, end, instead in edits:
        parts += [body[done:start], instead]
        done = end
    return "".join([*parts, body[done:]])


def _moved(span: Span, edits: Sequence[Edit]) -> Span:
    """Return where a span of a text lies after the edits; one that begins or ends in an edit takes in all of it."""
    start, end = span
    before = sum(len(instead) - (b - a) for a, b, instead in edits if b <= start)
    inside = sum(len(instead) - (b - a) for a, b, instead in edits if start < b and a < end)
    first = next((a for a, b, _ in edits if a < start < b), start)
    last = next((b for a, b, _ in edits if a < end < b), end)
    return first + before, last + before + inside


def spelled(name: str) -> str:
    """Return a name in the one spelling that all its spellings share: whatever its capitals and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
