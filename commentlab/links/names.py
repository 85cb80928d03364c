"""Whom a comment addresses: names behind "@", in greetings and thanks, set off by commas, agreed with, cited."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from commentlab import phrases, text

REACH = 120
"""Characters at the beginning of a comment within which its writer turns to somebody."""
RECENT = 20
"""Comments of one name that are looked at, from the last one back."""

_NAME = r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,2}"
_DEAR = (
    r"(?:dear|lieb(?:e|er|es|ste|ster)|werte[rs]?|cher|chère|car[oa]|querid[oa]|estimad[oa]|beste|"
    r"mr|mrs|ms|dr|herr|frau|monsieur|madame|señora?)\b\.?"
)
_GREETING = (
    r"(?:hi|hey|hello|hiya|thanks|thank\syou|welcome|congratulations|hallo|guten\s(?:tag|morgen|abend)|moin|servus|"
    r"danke|vielen\sdank|ach|salut|bonjour|bonsoir|merci|bravo|félicitations|hola|gracias|ciao|grazie|olá|obrigad[oa]|"
    r"hoi|dank|hej|tack|takk|cześć)\b"
)
_BEFORE = re.compile(r"^[^\w@]+")
_AT = re.compile(rf"@\s?({_NAME}|[\w.-]+)")
_OPENING = re.compile(rf"({_NAME})\s?(?:[,:!]|—|–|-\s)")
_GREETED = re.compile(rf"(?:{_GREETING}[\s,]{{1,2}}(?:{_DEAR}\s)*|(?:{_DEAR}\s)+)({_NAME}|\w+)", re.I)
# Behind a capital it is the end of a longer name.
_CALLED = re.compile(
    r"(?:(?P<before>(?<!\w)[^\WA-ZÀ-Þ][\w’']*)\s|,\s?)(?P<name>[A-ZÀ-Þ][\w’'-]+)(?=\s?(?:[,.!:…]|\n|$))"
)
_AGREES = re.compile(
    r"\b(?:dis)?agree(?:d|s)?\s+(?:\w+\s)?with\s+@?([^\W\d_]\w+)|\b(?:as|like)\s+@?([A-Z]\w+)\s+(?:said|says|wrote|pointed)\b"
)
_WROTE = re.compile(rf"^\W{{0,3}}(?:am|on|le)?[^\n>]{{0,40}}?\b({_NAME})\s(?:{phrases.SAYS})\s?:", re.I)
# Words that begin comments and look like names; an author of one of these names is only found by "@".
_NO_NAMES = frozenset(
    text.words(
        "yes no well so but and oh ok okay wow thanks sorry please sure right true exactly indeed actually hey hi hello"
        " lol anonymous guest admin anonym gast you them him her that this it everyone all both your the what most some"
    )
)
# A name behind one of these is spoken of, not to.
_SPOKEN_OF = frozenset(
    "in of the by with from at to on for about a an my our your his her their that and or as like than von vom mit aus"
    " bei für zu zum über der die das den dem des ein eine und oder de du des la le les à par avec pour sur et ou el"
    " los con por para y o di da del e".split()
)


@dataclass(frozen=True, slots=True)
class Names:
    """The authors so far: where the comments of each name stand, and who wrote the post."""

    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    host: frozenset[str] = frozenset()

    def take(self, place: int, author: str | None) -> None:
        """Take in the author of a comment."""
        for name in spellings_of(author):
            self.places[name].append(place)

    def latest(self, name: str) -> Iterator[int]:
        """Yield the latest comments of whoever has a name, or the beginning of it; the last one first."""
        for spelling in _spellings(name):
            if spelling in self.places:
                return islice(reversed(self.places[spelling]), RECENT)
        return iter(())

    def is_host(self, name: str) -> bool:
        """Tell whether a name is that of the post's author, to whom comments talk that answer the post."""
        return not self.host.isdisjoint(_spellings(name))


def addressed(body: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a comment may address, and how (a key of `CONFIDENCE`), the plainest way first."""
    start = _BEFORE.sub("", body[:REACH])
    if match := _AT.match(start):
        yield match[1], "at"
    elif match := _GREETED.match(start):
        yield match[1], "greeting"
    elif match := _OPENING.match(start):
        yield match[1], "opening"
    if match := _WROTE.match(body[: 2 * REACH]):
        yield match[1], "wrote"
    for match in _CALLED.finditer(start):
        if (match["before"] or "").casefold() not in _SPOKEN_OF:
            yield match["name"], "call"
    if match := _AGREES.search(body):
        yield match[1] or match[2], "agreement"


def is_name(name: str) -> bool:
    """Tell whether a word that looks like a name is none of those that begin sentences."""
    words = text.words(name)
    return bool(words) and words[0] not in _NO_NAMES


def strangers(body: str, names: Names) -> Iterator[str]:
    """Yield whom a comment surely addresses (behind "@", or agreed with) though nobody has that name."""
    for match in filter(None, (_AT.match(body), _AGREES.search(body))):
        name = next(group for group in match.groups() if group)
        spellings = _spellings(name)
        known = any(each in names.places or each in names.host or each in _NO_NAMES for each in spellings)
        if name[0].isupper() and spellings and not known:
            yield name.split()[0]
            return


def spellings_of(author: str | None) -> frozenset[str]:
    """Return how an author may be called: by the whole name, in one word, by its first word."""
    words = text.words(author or "")
    if not words:
        return frozenset()
    return frozenset(name for name in (" ".join(words), "".join(words), words[0]) if len(name) > 2)


def _spellings(name: str) -> list[str]:
    words = text.words(name)
    return [" ".join(words[:count]) for count in range(len(words), 0, -1) if len("".join(words[:count])) > 2]
