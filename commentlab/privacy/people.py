"""How the people of a thread are named in its texts, and what takes the place of each name there."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from commentlab import text
from commentlab.links import names
from commentlab.privacy.covers import PSEUDONYM, Cover, pseudonym
from commentlab.records import Thread

NAME, MAIL, ADDRESS = "[name]", "[e-mail]", "[IP]"
"""What stands in a text in the place of a name, and of addresses of mail and of computers."""

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


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to write a name: its words, what takes their place, and where they count: the surer, the wider."""

    words: tuple[str, ...]
    instead: str
    where: Literal["anywhere", "capital", "addressed"]


class People:
    """The people of a thread: what each is called from now on, and how the old names are found in texts."""

    def __init__(self, thread: Thread, cover: Cover) -> None:
        self._cover = cover
        listed = cover.excluded.authors  # somebody who is left out may be named where he did not write
        authors = dict.fromkeys([thread.post.author, *(comment.author for comment in thread.comments), *sorted(listed)])
        found: defaultdict[tuple[str, ...], set[_Spelling]] = defaultdict(set)
        for name in filter(None, authors):
            if cover.authors != "keep" or cover.leaves_out(name):
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
        return applied(body, list(self.edits(body)))

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
        if self._cover.authors == "drop" or self._cover.leaves_out(name):
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


def applied(body: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits made that follow each other."""
    if not edits:
        return body
    parts: list[str] = []
    done = 0
    for start, end, instead in edits:
        parts += [body[done:start], instead]
        done = end
    return "".join([*parts, body[done:]])
