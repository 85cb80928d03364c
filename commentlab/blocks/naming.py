"""Who wrote each comment: the name stands where most rows have another short text, and what is around it says so."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

from commentlab import dates, phrases
from commentlab.blocks import names
from commentlab.blocks.furniture import JOINT
from commentlab.blocks.rows import Place, Row, place, within
from commentlab.blocks.scanning import BYLINE, Scan, is_profile, kind_of

_ENDS = 12
"""Texts at the beginning and at the end of a row among which its author stands."""
_LONGEST = 200
_ATTRIBUTES = (
    "data-author data-author-name data-authorname data-username data-user-name author data-name data-comment-author"
    " data-user data-nick"
).split()
_INLINE = {"b", "i", "em", "strong", "span", "small", "font", "u", "label", "bdi"}
_LEAD = re.compile(
    r"^(?:#\d+(?:\.\d+)*|\W|(?:comment(?:ed)?|posted|written|submitted|added|kommentar|kommentiert|geschrieben|verfasst|"
    r"beitrag|eingestellt|commentaire|post[ée]|publi[ée]|[ée]crit|le|message|comentario|publicado|enviado|escrito|"
    r"scritto|inviato|geplaatst|id)\s+)*(?:(?:by|von|vom|par|por|da|de|di|av|af|door|from)\b\s*:?\s*)?",
    re.I,
)
_GAP = r"[\s,(|·•@»:\[–—-]"
_TAIL = re.compile(
    rf"\s?(?:发表于|發表於|於|于|在)$|{_GAP}+(?:(?:on|am|at|um|le|el|il|den|em|op|a)\b)?{_GAP}*$",
    re.I,
)
_UNVERIFIED = re.compile(
    r"\s*\((?:not verified|nicht überprüft|unverified|non vérifié|no verificado|niet gecontroleerd|guest|gast|invité|"
    r"invitado|visitor)\)$",
    re.I,
)
_BY = re.compile(r"\b(?:by|von|par|por|di|door|af|av)\s*:?$", re.I)
_SAYS = re.compile(rf"(?:{phrases.SAYS})\W*", re.I)
_SENTENCE = re.compile(r"\w{3}[.!?…。！？]\W*$")
_NO_NAME = re.compile(
    r"^(?:[\W\d]*|(?:on|am|at|um|le|the|says?|said|and|und|et|y|by|von)\W*)$|https?://|^www\.|[?!…]$", re.I
)
_DIGIT = re.compile(r"\d")

_Candidate = tuple[Place, int, str, float]


def find_authors(scan: Scan, rows: list[Row]) -> None:
    """Fill in the authors of rows, whose dates are known."""
    options = [list(_candidates(scan, row)) for row in rows]
    scores = _scores(scan, rows, options)

    def worth(candidate: _Candidate) -> float:
        return scores[candidate[0]] + 0.3 * candidate[3]

    for row, candidates in zip(rows, options, strict=True):
        stated = _stated(scan, row)
        best = max(candidates, key=lambda each: (worth(each), -each[1]), default=None)
        if best and worth(best) >= (2.5 if stated else 1.5):
            _, row.author_at, row.author, _ = best
        else:
            row.author = stated or _addressed(scan, row)


def _scores(scan: Scan, rows: list[Row], options: list[list[_Candidate]]) -> dict[Place, float]:
    """Judge each place: how much its texts look like names, how many rows have it, whether they differ as names do."""
    uses = Counter(where for candidates in options for where in {each[0] for each in candidates})
    values: dict[Place, set[str]] = defaultdict(set)
    worth: dict[Place, list[float]] = defaultdict(list)
    for where, _, name, value in (each for candidates in options for each in candidates):
        values[where].add(name)
        worth[where].append(value)
    long = _long_places(scan, rows)
    scores: dict[Place, float] = {}
    for where, each in worth.items():
        same = 1 - len(values[where]) / uses[where]
        label = len(rows) >= 4 and uses[where] >= 3 and len(values[where]) == 1
        scores[where] = sum(each) / len(each) + 1.2 * uses[where] / len(rows) - 1.2 * (where in long)
        scores[where] -= 1.5 if label else 0.8 * max(0.0, same) ** 2
    return scores


def _long_places(scan: Scan, rows: list[Row]) -> set[Place]:
    """Return the places whose texts are too long, on average, to be names."""
    sizes: dict[Place, list[int]] = defaultdict(list)
    for row in rows:
        for i, shown in row.texts:
            size = len(shown) - 20 * (len(shown) <= BYLINE and kind_of(shown) == "date")
            sizes[_place(scan, i, row.start)].append(size)
    return {where for where, each in sizes.items() if sum(each) > 40 * len(each)}


def _candidates(scan: Scan, row: Row) -> Iterator[_Candidate]:
    """Yield the texts of a row that could be its author's name, with how much each looks like it."""
    last = len(row.texts) - _ENDS
    for number, (i, shown) in enumerate(row.texts):
        if len(shown) > _LONGEST or _ENDS <= number < last:
            continue
        if i in row.labels and not within(scan, i, row.start) & names.AUTHOR:
            continue
        name, speaks = _called(shown)
        if (
            not _SAYS.fullmatch(name)
            and kind_of(name[:BYLINE]) != "date"
            and (_is_plausible(name) or _is_titled(scan, i, row.start, name))
        ):
            yield _place(scan, i, row.start), i, name, _worth(scan, row, number, speaks=speaks)


def _place(scan: Scan, i: int, start: int) -> Place:
    """Return where a name stands: in which element that is called so, linked or not, else where its text is."""
    here = scan.nodes.parents[i]
    for _ in range(3):
        if here > start and scan.roles[here] & names.AUTHOR and not scan.roles[here] & names.ASIDE:
            return place(scan, here, start)[:2]
        here = scan.nodes.parents[here] if here > start else here
    here = scan.nodes.parents[i]
    while here > start and (scan.nodes.tags[here] == "a" or _is_plain(scan, here)):
        here = scan.nodes.parents[here]
    return place(scan, here, start)


def _is_plain(scan: Scan, i: int) -> bool:
    return scan.nodes.tags[i] in _INLINE and not scan.nodes.attributes[i].get("class")


@lru_cache(maxsize=8192)
def _called(shown: str) -> tuple[str, bool]:
    """Return the name in a text, and whether a verb says that it speaks."""
    said = phrases.said(shown) if len(shown) < 120 else None
    if said and not said[1] and len(said[0]) < 80:
        return said[0], True
    return _cleaned(shown), False


def _cleaned(shown: str) -> str:
    """Return a byline without its date and the words around the name."""
    spans = dates.find(shown) if _DIGIT.search(shown) else []
    if spans:
        head, tail = shown[: spans[0][0]], shown[spans[-1][1] :]
        shown = head if any(each.isalnum() for each in _TAIL.sub("", _LEAD.sub("", head))) else tail
    name = _TAIL.sub("", _LEAD.sub("", shown).rstrip())
    name = _UNVERIFIED.sub("", phrases.without_role(name)).strip(" ,|·")
    return name.strip("()") if name[:1] == "(" or name.count("(") != name.count(")") else name


def _is_plausible(name: str) -> bool:
    return 0 < len(name) <= 70 and len(name.split()) <= 7 and not _NO_NAME.search(name)


def _is_titled(scan: Scan, i: int, start: int, name: str) -> bool:
    """Tell whether what looks like no name stands in an element that is called one: "1001", "???", a page's title."""
    near = scan.roles[scan.nodes.parents[i]] if scan.nodes.parents[i] > start else 0
    if not name or near & names.ASIDE:
        return False
    if near & names.AUTHOR:
        return not JOINT.fullmatch(name) or name.isdecimal() or not any(each.isalnum() for each in name)
    return bool(within(scan, i, start, 2) & names.AUTHOR) and len(name) > 12 and not JOINT.fullmatch(name)


def _worth(scan: Scan, row: Row, number: int, *, speaks: bool) -> float:
    """Add up what speaks for a name: what its elements are called, its link, the words and the date beside it."""
    (i, shown), nodes, start = row.texts[number], scan.nodes, row.start
    before = row.texts[number - 1][1] if number else ""
    after = row.texts[number + 1][1] if number + 1 < len(row.texts) else ""
    parent = nodes.parents[i]
    near, roles = scan.roles[parent] if parent > start else 0, within(scan, i, start)
    worth = 1.0 * bool(near & names.AUTHOR) + 0.7 * bool(roles & names.AUTHOR) + 0.8 * speaks
    worth += 0.6 * (nodes.tags[parent] == "cite") + 0.3 * (nodes.tags[parent] in ("b", "strong", "a", "h3", "h4", "h5"))
    worth += _worth_of_link(scan, parent, start)
    worth += 0.6 * bool(_BY.search(before)) + 0.6 * bool(_SAYS.fullmatch(after)) + 1.0 * (kind_of(shown) == "date")
    worth += 0.5 * (row.when_at is not None and abs(row.when_at - i) <= 12)
    worth -= 0.8 * bool(near & names.ASIDE) + 0.8 * _in_body(scan, i, start)
    worth -= 0.6 * bool(_SENTENCE.search(shown)) + 0.2 * (nodes.tags[parent] == "p")
    worth -= 0.8 * bool(near & (names.PARENT | names.MANY)) + 0.3 * (len(shown) > 40) + 0.5 * phrases.is_role(shown)
    return worth


def _worth_of_link(scan: Scan, parent: int, start: int) -> float:
    nodes = scan.nodes
    for i in (parent, nodes.parents[parent]):
        if i > start and nodes.tags[i] == "a":
            address, rel = nodes.attributes[i].get("href") or "", nodes.attributes[i].get("rel") or ""
            return 0.8 * is_profile(address) + 0.3 * ("nofollow" in rel or "external" in rel) - 0.5 * ("#" in address)
    return 0.0


def _in_body(scan: Scan, i: int, start: int) -> bool:
    """Tell whether a text stands in the body: of what is around it, a body comes first, not an author."""
    here = scan.nodes.parents[i]
    while here > start:
        if scan.roles[here] & (names.BODY | names.AUTHOR):
            return not scan.roles[here] & names.AUTHOR
        here = scan.nodes.parents[here]
    return False


def _stated(scan: Scan, row: Row) -> str | None:
    attributes = scan.nodes.attributes[row.start]
    stated = next((value.strip() for name in _ATTRIBUTES if (value := attributes.get(name))), "")
    return stated if 0 < len(stated) <= 80 else None


def _addressed(scan: Scan, row: Row) -> str | None:
    """Return the name in the address of a user's page, where only a picture leads there."""
    for i in row.elements:
        address = scan.nodes.attributes[i].get("href") if scan.nodes.tags[i] == "a" else None
        if address and is_profile(address) and (match := re.search(r"/([^/?#=]{2,40})/?$", address)):
            return match[1]
    return None
