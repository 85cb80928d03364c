"""Which group of blocks is the discussion: evidence from names, dates, authors, buttons, headings and links, added up.

The weights are set by hand so that about 5 is reached where blocks are surely comments.
"""

from dataclasses import dataclass
from math import log2

from commentlab.blocks import names
from commentlab.blocks.grouping import Group, around, beside, groups, heading, is_side, names_inside, sample, telling
from commentlab.blocks.scanning import Scan, between

LIKELY = 2.5
"""Evidence from which on a group is looked at more closely."""
_LONG = 5000
"""Characters in the middle block from which on blocks are articles rather than comments."""
_NODES = 200
_TITLES = {"h1", "h2", "h3", "h4"}
_DATES = (0.0, 1.0, 0.8, 0.4)
"""What a block's dates count for, by their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A group with the evidence that it is the comments, the share of its blocks with an author, and its characters."""

    group: Group
    evidence: dict[str, float]
    signed: float
    mass: int

    @property
    def score(self) -> float:
        """All evidence together."""
        return sum(self.evidence.values())


def ranked(scan: Scan, least: float = LIKELY) -> list[Rated]:
    """Return the groups that may be the comments of the page, the likeliest first; of those that hold the same, one."""
    rated = [each for each in (rate(scan, group) for group in groups(scan)) if each.score >= least]
    most = max((each.mass for each in rated), default=0)
    rated.sort(key=lambda each: _rank(each, most), reverse=True)
    alike: dict[tuple[int, int, bool], Rated] = {}
    for each in rated:
        alike.setdefault((len(each.group.blocks), each.mass, each.group.key.endswith("+")), each)
    return list(alike.values())


def _rank(rated: Rated, most: int) -> tuple[float, int]:
    """Weigh evidence, number and text against each other; of equals the outermost, which shows the nesting, wins."""
    worth = rated.score**2 * log2(1 + len(rated.group.blocks)) * (0.5 + rated.mass / (most or 1))
    return round(worth, 1), -rated.group.blocks[0][0]


def rate(scan: Scan, group: Group) -> Rated:
    """Collect the evidence that a group is the comments of the page."""
    count = len(group.blocks)
    text = group.own([scan.text(*block) for block in group.blocks])
    dated, signed, answered = (
        group.own([between(positions, *block) for block in group.blocks])
        for positions in (scan.dates, scan.authors, scan.answers)
    )
    links = group.own([scan.links(*block) for block in group.blocks])
    outside, mass = around(scan, group.blocks[0][0]), sum(text)
    median, share = sorted(text)[count // 2], sum(each > 0 for each in signed) / count
    single = count > 1 and sum(each == 1 for each in dated) > 0.8 * count
    evidence = {
        "named": telling(group.roles, whole=single) + _worth_of_context(outside),
        "dated": 2 * sum(_DATES[each] for each in dated if each < len(_DATES)) / count,
        "signed": 1.5 * share,
        "answered": sum(each == 1 or 0.5 * (each == 2) for each in answered) / count,
        "inside": 0.8 * (not (group.roles | outside) & names.COMMENT and names_inside(scan, group)),
        "heading": 1.0 * (heading(scan, group) is not None),
        "repeated": min(1.0, log2(count) / 5),
        "links": -3 * max(0.0, sum(links) / (mass or 1) - 0.4),
        "short": -2.0 * (median < 12),
        "long": -2.0 * (median > _LONG),
    }
    if sum(evidence.values()) >= LIKELY:
        evidence |= _against(scan, group, outside)
    return Rated(group=group, evidence=evidence, signed=share, mass=mass)


def _worth_of_context(outside: int) -> float:
    return 0.8 if outside & names.COMMENT else 0.3 if outside & names.TALK else 0.0


def _against(scan: Scan, group: Group, outside: int) -> dict[str, float]:
    """Collect the evidence that blocks are something else: teasers, other posts' comments, reviews of a product."""
    counted = sum(between(scan.counts, *block) > 0 for block in group.blocks)
    return {
        "side": -2.0 * (beside(scan, group.blocks[0][0]) or is_side(group.roles)),
        "review": -3.0 * _reviews(scan, group, outside),
        "counted": -3.0 * (2 * counted >= len(group.blocks)),
        "elsewhere": -4.0 * _leads_elsewhere(scan, group),
    }


def _reviews(scan: Scan, group: Group, outside: int) -> bool:
    """Tell whether blocks are reviews of a product: they stand in one, are called so, or have stars near a price."""
    if outside & names.GOODS or (group.roles & names.REVIEW and not group.roles & names.COMMENT):
        return True
    ((start, stop),) = sample(group.blocks[:1], 60)
    starred = any(scan.roles[i] & names.REVIEW for i in range(start, stop))
    return bool(scan.goods) and (starred or bool(outside & names.REVIEW))


def _leads_elsewhere(scan: Scan, group: Group) -> bool:
    """Tell whether the blocks lead to several other pages: teasers, search results, comments on other posts."""
    leading = [_pages(scan, *block) for block in sample(group.blocks, _NODES)]
    half = 0.5 * len(leading)
    return sum(map(bool, leading)) > half and len(set().union(*leading)) > max(1, half)


def _pages(scan: Scan, start: int, stop: int) -> set[str]:
    """Return the pages that a block's headings, or links to comments, lead to."""
    found: set[str] = set()
    for i in range(start, stop):
        if scan.nodes.tags[i] != "a":
            continue
        page, _, fragment = (scan.nodes.attributes[i].get("href") or "").partition("#")
        if not page or page.startswith("javascript") or (fragment and fragment in scan.ids):
            continue
        on_comment = fragment and names.roles(fragment) & names.COMMENT
        if on_comment or (not fragment and _is_title(scan, i, start) and not _is_person(scan, i)):
            found.add(page)
    return found


def _is_title(scan: Scan, i: int, start: int) -> bool:
    nodes, above = scan.nodes, scan.nodes.parents[i]
    near = (above, nodes.parents[above], *range(i + 1, min(i + 3, nodes.ends[i])))
    return any(each > start and nodes.tags[each] in _TITLES for each in near)


def _is_person(scan: Scan, i: int) -> bool:
    rel = scan.nodes.attributes[i].get("rel") or ""
    return (
        bool((scan.roles[i] | scan.roles[scan.nodes.parents[i]]) & names.AUTHOR)
        or "nofollow" in rel
        or "external" in rel
    )
