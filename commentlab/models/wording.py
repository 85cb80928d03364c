"""What a proposition is about, and which way it goes: who is for "We should ban cars" is against cars.

The encoder knows topics and plain claims, but hardly reads that a "not" or a "ban" turns one round. So these are taken
off before it is asked, and its answer is turned instead. A proposition in which nothing is recognised stays as it is.
"""

import re
from functools import lru_cache

ROUNDS = 4
"""Things that are taken off one proposition, at most: "It is not true that we should stop banning cars" has three."""
_ENDS = " \t\n.!"
_INVOLVED = re.compile(
    r"\b(?:if|unless|because|when|until|who|whom|which|that|whether|since|while|although|not only|not just|nobody"
    r"|no one|nothing|neither|hardly)\b",
    re.I,
)
"""Words of sentences that are not taken apart."""
_NOT = re.compile(
    r"\b(?:(?P<verb>is|are|was|were|do|does|did|should|can|could|will|would|must|may|might|has|have|had)"
    r"(?:n['’]t|\s*not|\s+never)|(?P<cut>ca|wo)n['’]t|(?P<there>there (?:is|are)) no)\b",
    re.I,
)
_WHOLE = {"ca": "can", "wo": "will"}

_IT_IS, _LETS = r"it(?:['’]s| is)", r"let(?:['’]s| us)"
_THINK = r"(?:say|think|believe)"
_OUGHT = r"(?:should|must|ought to|needs? to|has to|have to)"
_CALL = rf"(?:(?:.+ )?{_OUGHT} |(?:{_IT_IS} )?time to |{_LETS} )?"
_STOP, _STOPPED, _STOPPING = (
    "|".join(forms)
    for forms in zip(
        ("ban", "banned", "banning"),
        ("abolish", "abolished", "abolishing"),
        ("stop", "stopped", "stopping"),
        ("end", "ended", "ending"),
        ("oppose", "opposed", "opposing"),
        ("reject", "rejected", "rejecting"),
        ("scrap", "scrapped", "scrapping"),
        ("prohibit", "prohibited", "prohibiting"),
        ("outlaw", "outlawed", "outlawing"),
        ("forbid", "forbidden", "forbidding"),
        strict=True,
    )
)
_BAD = (
    r"(?:bad|wrong|evil|harmful|dangerous|useless|unnecessary|unfair|unjust|unethical|immoral"
    r"|a (?:mistake|failure|disaster|disgrace|danger|threat)|a bad (?:idea|thing)|a waste of (?:time|money))"
)
_GOOD = r"(?:good|right|useful|necessary|fair|just|ethical|moral|beneficial|a good (?:idea|thing))"
_SAYINGS = {
    rf"{_IT_IS} not (?:true|right|the case|certain|clear) that (.+)": True,
    rf"{_IT_IS} (?:untrue|false|wrong(?: to {_THINK})?|nonsense) that (.+)": True,
    rf"{_IT_IS} an? (?:myth|lie|bluff|empty threat) that (.+)": True,
    rf"(?:i|we) (?:doubt|deny|disagree|(?:do not|don['’]t) (?:agree|{_THINK})) that (.+)": True,
    rf"{_IT_IS} (?:true|right(?: to {_THINK})?|the case|certain|clear|a fact) that (.+)": False,
    rf"(?:i|we) (?:agree|{_THINK}) that (.+)": False,
}
"""What people put before a claim, by whether it turns the claim."""
_CLAIMS = {
    r"(?:(?:an? |the )?(?:opposition to|ban on|prohibition of|abolition of)|an end to) (.+)": True,
    rf"{_CALL}(?:{_STOP}|get rid of|do away with) (?!(?:and|of) )(.+)": True,
    rf"(?:{_STOPPING}) (.+)": True,
    r"(?:(?:i am|i['’]m|we are|we['’]re) (?:against|opposed to)|no to|down with) (.+)": True,
    r"(?:.+ )?better (?:off )?without (.+)": True,
    rf"(.+) {_OUGHT} (?:be (?:{_STOPPED})|go)": True,
    rf"(.+) (?:is|are) {_BAD}": True,
    r"(.+) (?:do|does) more harm than good": True,
    rf"(?:we|you|people) {_OUGHT} (?:support|allow|keep|welcome|defend) (.+)": False,
    r"(?:(?:(?:i am|i['’]m|we are|we['’]re) )?(?:for|in favou?r of)|yes to|support for) (.+)": False,
    rf"(?:{_IT_IS} )?time for (.+)": False,
    rf"(.+) {_OUGHT} (?:be (?:allowed|supported|kept|legal)|stay)": False,
    rf"(.+) (?:is|are) {_GOOD}": False,
    r"(.+) (?:do|does) more good than harm": False,
}
"""What claims say of a topic, by whether that goes against it."""
_OUTER, _INNER = (
    [(re.compile(pattern, re.I | re.S), turned) for pattern, turned in some.items()] for some in (_SAYINGS, _CLAIMS)
)


@lru_cache(maxsize=4096)
def plain(proposition: str) -> tuple[str, bool]:
    """Return what a proposition is about, and whether a stance towards that is the opposite of one towards it."""
    words, turned = proposition, False
    for _ in range(ROUNDS):
        found = _bared(words)
        if not found:
            break
        words, turned = found[0], turned != found[1]
    return words, turned


def _bared(words: str) -> tuple[str, bool] | None:
    """Take off the outermost thing that affirms or turns a proposition; None: there is none."""
    claim = words.strip(_ENDS)
    involved = _INVOLVED.search(claim)
    for pattern, turned in _OUTER if involved else _OUTER + _INNER:
        if match := pattern.fullmatch(claim):
            return match[1], turned
    negations = [] if involved else list(_NOT.finditer(words))
    if len(negations) != 1:
        return None
    found = negations[0]
    verb = found["verb"] or found["there"] or _WHOLE[found["cut"].lower()]
    return words[: found.start()] + verb + words[found.end() :], True
