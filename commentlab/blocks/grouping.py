"""Which elements of a page repeat, so that they could be its comments.

A block is a range of nodes [start, stop): one element, or neighbours such as the `dt` and `dd` of one comment.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from commentlab import phrases
from commentlab.blocks import names
from commentlab.blocks.scanning import Scan, between
from commentlab.records import Span

_LARGEST = 20_000
_SAMPLE = 50
_BEFORE = 400
"""Nodes before the first block among which its heading stands."""
_FAR = 1500
"""Characters that may stand between a heading and the first block."""
_SINGLE = names.COMMENT | names.TALK
_NO_BLOCKS = {"figure", "header", "footer", "nav", "aside", "form", "main", "fieldset", "video", "figcaption", "body"}
_CLOSING = {"h1", "h2", "h3", "h4", "form", "script", "footer", "nav"}


@dataclass(frozen=True, eq=False)
class Group:
    """Blocks of one shape; `roles` says what their common name means."""

    key: str
    blocks: tuple[Span, ...]
    roles: int

    @cached_property
    def outer(self) -> list[int]:
        """The innermost block that each block lies in, -1 for none."""
        opened: list[int] = []
        found: list[int] = []
        for number, (start, _) in enumerate(self.blocks):
            while opened and self.blocks[opened[-1]][1] <= start:
                opened.pop()
            found.append(opened[-1] if opened else -1)
            opened.append(number)
        return found

    def own(self, totals: Sequence[int]) -> list[int]:
        """Turn what stands in each block into what stands there outside the blocks inside it."""
        kept = list(totals)
        for number, outer in enumerate(self.outer):
            if outer >= 0:
                kept[outer] -= totals[number]
        return kept


def groups(scan: Scan) -> list[Group]:
    """Return the groups of elements that share a name, the shape of an id, or a parent that names none of them."""
    found: dict[tuple[int, int, int], Group] = {}
    for group in (*_by_name(scan), *_by_id(scan), *_by_parent(scan)):
        key = group.blocks[0][0], group.blocks[-1][1], len(group.blocks)
        if key not in found or telling(found[key].roles) < telling(group.roles):
            found[key] = group
    return list(found.values())


def telling(roles: int, *, whole: bool = False) -> float:
    """Say how surely a name is that of a comment; `whole` says that its blocks look so, whatever the name."""
    worth = 2.0 if roles & names.COMMENT else 1.0 if roles & names.TALK else 0.5
    return worth - (1.2 * bool(roles & names.PART) + 1.0 * bool(roles & names.MANY)) * (0.4 if whole else 1)


def _by_name(scan: Scan) -> Iterator[Group]:
    named: dict[tuple[str, str], list[int]] = {}
    for (tag, listed), members in scan.classes.items():
        if tag not in _NO_BLOCKS:
            for token in names.tokens(listed):
                named.setdefault((tag, token), []).extend(members)
    for (tag, token), members in named.items():
        if len(members) > 1 or names.roles(token) & _SINGLE:
            yield from _group(scan, f"{tag}.{token}", sorted(members), names.roles(token))


def _by_id(scan: Scan) -> Iterator[Group]:
    for (tag, shape), members in scan.numbered.items():
        if tag not in _NO_BLOCKS:
            yield from _group(scan, f"{tag}#{shape}", members, names.roles(shape))
    for (parent, shape), members in scan.anchors.items():
        if len(members) > 1 and parent >= 0:
            yield _neighbours(scan, f"a#{shape}", members, names.roles(shape))


def _by_parent(scan: Scan) -> Iterator[Group]:
    for (parent, tag), members in scan.bare.items():
        if len(members) > 1 and tag not in _NO_BLOCKS:
            yield from _group(scan, f"{scan.nodes.tags[parent]}>{tag}", _dated(scan, members), 0)


def _dated(scan: Scan, members: list[int]) -> list[int]:
    """Leave out the rows between comments that hold only buttons: those without a date, if they have few words."""
    ends = scan.nodes.ends
    dated = [i for i in members if between(scan.dates, i, ends[i])]
    text, whole = (sum(scan.text(i, ends[i]) for i in each) for each in (dated, members))
    return dated if len(dated) > 1 and text > 0.7 * whole else members


def _group(scan: Scan, key: str, members: list[int], roles: int) -> Iterator[Group]:
    """Yield the group of some elements, if it may be comments, and that of the neighbours which begin with them."""
    surely = roles & _SINGLE and not roles & names.MANY
    if len(members) > _LARGEST or (len(members) < 2 and not surely):
        return
    members = [i for i in members if not beside(scan, i)] or members
    group = Group(key, tuple((i, scan.nodes.ends[i]) for i in members), roles)
    text = sum(scan.text(*block) for block in group.blocks)
    if text < 3 * len(members) or not (roles & _SINGLE or _has_context(scan, group)):
        return
    if len(members) == 1 and not roles & names.COMMENT and heading(scan, group) is None:
        return
    yield group
    if len(members) > 1 and len({scan.nodes.parents[i] for i in members}) == 1 and scan.nodes.parents[members[0]] >= 0:
        wider = _neighbours(scan, key, members, roles)
        if scan.text(wider.blocks[0][0], wider.blocks[-1][1]) > 1.3 * text:
            yield wider


def _neighbours(scan: Scan, key: str, members: list[int], roles: int) -> Group:
    """Return the blocks that reach from each member to the next; the name of a part is then not theirs."""
    stops = [*members[1:], _stop(scan, members[-1])]
    return Group(f"{key}+", tuple(zip(members, stops, strict=True)), roles & ~names.PART)


def _stop(scan: Scan, i: int) -> int:
    """Return where the last of neighbouring blocks ends: before the next heading or form, or with what holds them."""
    nodes, parent = scan.nodes, scan.nodes.parents[i]
    here = nodes.ends[i]
    while here < nodes.ends[parent]:
        if nodes.tags[here] in _CLOSING or (scan.roles[here] & names.COMMENT and scan.roles[here] & names.MANY):
            return here
        here = nodes.ends[here]
    return nodes.ends[parent]


def completed(scan: Scan, group: Group) -> Group:
    """Add the pingbacks that stand among comments and are called otherwise."""
    taken = {start for start, _ in group.blocks}
    parents = {scan.nodes.parents[start] for start in taken}
    tag = scan.nodes.tags[group.blocks[0][0]]
    pings = [i for i in scan.pings if i not in taken and scan.nodes.parents[i] in parents and scan.nodes.tags[i] == tag]
    added = [(i, scan.nodes.ends[i]) for i in pings]
    return Group(group.key, tuple(sorted((*group.blocks, *added))), group.roles) if added else group


def _has_context(scan: Scan, group: Group) -> bool:
    """Tell whether something in or around a group without a telling name speaks of comments."""
    sample = group.blocks[:_SAMPLE]
    answers = sum(between(scan.answers, *block) > 0 for block in sample)
    if 2 * answers >= len(sample) or names_inside(scan, group):
        return True
    return bool(around(scan, group.blocks[0][0]) & _SINGLE) or heading(scan, group) is not None


def names_inside(scan: Scan, group: Group) -> bool:
    """Tell whether nearly all blocks hold something that is called a part of a comment."""
    return sum(between(scan.named, *block) > 0 for block in group.blocks) > 0.8 * len(group.blocks)


def around(scan: Scan, i: int) -> int:
    """Return the roles of the elements around a node, all together, but not of those that hold the title before it."""
    roles, here = 0, scan.nodes.parents[i]
    while here > 0 and not between(scan.titles, here, i):
        roles |= scan.roles[here]
        here = scan.nodes.parents[here]
    return roles


def heading(scan: Scan, group: Group) -> str | None:
    """Return the heading before a group that opens a discussion."""
    start = group.blocks[0][0]
    for i, shown in reversed(scan.headings):
        if i < start - _BEFORE:
            return None
        if i < start and (kind := _opens(shown)) is not None and scan.text(i, start) < _FAR:
            return shown if kind else None
    return None


@lru_cache(maxsize=4096)
def _opens(shown: str) -> bool | None:
    """Tell whether a heading opens a discussion or (False) something beside it; None where it opens neither."""
    if phrases.is_side(shown):
        return False
    return True if phrases.is_heading(shown) else None


def beside(scan: Scan, i: int) -> bool:
    """Tell whether a node stands in a sidebar, a list of teasers or the like that does not hold most of the page."""
    path: list[int] = []
    here, known, whole = scan.nodes.parents[i], False, scan.mass[-1]
    while here > 0:
        if here in scan.beside:
            known = scan.beside[here]
            break
        path.append(here)
        if between(scan.titles, here, scan.nodes.ends[here]) or scan.text(here, scan.nodes.ends[here]) >= 0.5 * whole:
            break
        if scan.nodes.tags[here] in ("nav", "aside", "footer") or is_side(scan.roles[here]):
            known = True
            break
        here = scan.nodes.parents[here]
    scan.beside.update(dict.fromkeys(path, known))
    return known


def is_side(roles: int) -> bool:
    """Tell whether names mean what stands beside a discussion."""
    return bool(roles & names.SIDE) and not roles & names.COMMENT


def sample(blocks: Iterable[Span], size: int) -> list[Span]:
    """Return the first blocks, cut to so many nodes each."""
    return [(start, min(stop, start + size)) for start, stop in list(blocks)[:_SAMPLE]]
