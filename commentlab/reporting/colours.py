"""The colours of camps and relations: those of Okabe & Ito, safe for colour-blind eyes."""

from collections.abc import Mapping

from commentlab.records import Side

RELATIONS = {"agree": "#009E73", "disagree": "#D55E00"}

_CAMPS = {"credible threat": "#0072B2", "limited threat": "#F0E442", "bluff": "#E69F00", "no position": "#999999"}
# Agreement and disagreement have two of the colours for themselves.
_SIDES: Mapping[Side, tuple[str, ...]] = {
    "favor": ("#0072B2", "#56B4E9"),
    "against": ("#E69F00", "#F0E442", "#CC79A7"),
    "none": ("#999999", "#C8C8C8"),
}


def colours(sides: Mapping[str, Side | None]) -> dict[str, str]:
    """Return a colour for each camp, by its name where it is well known and else by its side; "" stays hollow."""
    given: dict[str, str] = {}
    for name, side in sides.items():
        free = [colour for colour in _SIDES.get(side or "none", ()) if colour not in given.values()]
        given[name] = _CAMPS.get(name) or next(iter([*free, *_SIDES[side or "none"]]))
    return given | {"abstained": ""}
