"""The text encoder that every linear model shares: a text is tokenised and hashed once, whatever number of tasks asks.

There is no vocabulary. A token is a CRC-32; every other feature mixes token hashes with the name of its family, so that
all but the tokenising is arithmetic on whole arrays. The families of one text: its words, their stems (first letters),
pairs of words in a row, words in the scope of a negation, words of the first and of the last sentence, and the opening
words in order.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

VERSION = 1
"""Rises when the same text gets other features: artefacts of another version are refused."""
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\.\.+|[:;=8]['-]?[()\[\]DPpo/|\\](?!\w)|<3|[!?]+|[^\w\s]")
SCOPE = 6
"""How many tokens a negation reaches, unless a break comes first."""
STEM = 5
"""Letters of a stem."""
OPENING = 3
"""Tokens of an opening."""
KEPT, LONG = 4096, 4000
"""How many encoded texts to remember, so that tasks and replies share them, and the length above which none is."""

Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STOPS = ". ! ? … .. ... .... ..... !! !!! ?? ??? ?! !?"
_BREAKS = _STOPS + " , ; : ( ) — – but and because however though"
_NEGATIONS = (
    "not no never none nobody nothing nowhere neither nor cannot without hardly scarcely barely doubt doubts doubted"
    " lack lacks ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't"
    " shouldn't wasn't weren't won't wouldn't cant dont wont isnt doesnt didnt aint"
)


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One text: hashes of its features, the place of the token that each begins at, and hashes of its tokens."""

    hashes: Hashes
    places: Places
    tokens: Hashes


_kept: dict[str, Encoding] = {}


def encode(texts: Sequence[str]) -> list[Encoding]:
    """Encode texts; the answer for one does not depend on the others, and those seen lately are not read again."""
    known = {text: kept for text in texts if (kept := _kept.get(text))}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if not new:
        return [known[text] for text in texts]
    known.update(zip(new, _encode(new), strict=True))
    if len(_kept) + len(new) > KEPT:
        _kept.clear()
    _kept.update((text, known[text]) for text in new[-KEPT:] if len(text) <= LONG)
    return [known[text] for text in texts]


def mix(hashes: Hashes, other: Hashes | int) -> Hashes:
    """Return a new hash for each ordered pair of `hashes` and `other` (the finalizer of MurmurHash3)."""
    mixed: Hashes = hashes * np.uint32(0x9E3779B1) + np.asarray(other, dtype=np.uint32)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    return mixed


def crc(name: str) -> int:
    """Return the hash of a name; it is the same on every machine."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1 << 17)
def _token(token: str) -> int:
    """Return the hash of a token, and before it, in the upper 32 bits, that of its stem: one look-up gives both."""
    lower = token.lower()
    return crc("stem " + lower[:STEM]) << 32 | crc(lower.replace("’", "'"))


def _hashes(names: str) -> Hashes:
    return np.array([_token(name) for name in names.split()], dtype=np.uint64).astype(np.uint32)


_STOP_HASHES, _BREAK_HASHES, _NEGATION_HASHES = _hashes(_STOPS), _hashes(_BREAKS), _hashes(_NEGATIONS)


def _encode(texts: Sequence[str]) -> list[Encoding]:
    split = [TOKEN.findall(text) for text in texts]
    flat = [token for tokens in split for token in tokens]
    lengths = np.array([len(tokens) for tokens in split], dtype=np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    both = np.fromiter(map(_token, flat), dtype=np.uint64, count=len(flat))
    tokens, stems = both.astype(np.uint32), (both >> np.uint64(32)).astype(np.uint32)
    row = np.repeat(np.arange(len(texts)), lengths)
    hashes, present = _families(tokens, stems, starts[row], ends[row] - 1)
    places = np.nonzero(present)[0]
    cuts = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    chosen = hashes[present]
    return [
        Encoding(chosen[cuts[a] : cuts[b]].copy(), places[cuts[a] : cuts[b]] - a, tokens[a:b].copy())
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _families(tokens: Hashes, stems: Hashes, first: Places, last: Places) -> tuple[Hashes, Flags]:
    """Return the hash of every feature, shape (tokens, families), and which of them there are.

    `first` and `last` hold, for each token, the places of the first and of the last token of its text.
    """
    here = np.arange(len(tokens))
    every = np.ones(len(tokens), dtype=bool)
    sentence = _sentences(tokens, here == first)
    before = np.where(here == first, np.uint32(0), np.roll(tokens, 1))
    families = [
        (tokens, every),
        (stems, every),
        (mix(tokens, np.roll(tokens, -1)), here < last),
        (mix(tokens, crc("negated")), _negated(tokens, here == first)),
        (mix(tokens, crc("first")), sentence == sentence[first]),
        (mix(tokens, crc("last")), sentence == sentence[last]),
        (mix(mix(tokens, before), crc("opening")), here - first < OPENING),
    ]
    return np.stack([hashes for hashes, _ in families], axis=1), np.stack([there for _, there in families], axis=1)


def _sentences(tokens: Hashes, head: Flags) -> Places:
    stop = np.isin(tokens, _STOP_HASHES)
    opens = head | (np.roll(stop, 1) & ~stop)
    return np.cumsum(opens)


def _negated(tokens: Hashes, head: Flags) -> Flags:
    here = np.arange(len(tokens))
    breaks = np.isin(tokens, _BREAK_HASHES) | head
    latest_break = np.maximum.accumulate(np.where(breaks, here, -1))
    negations = np.where(np.isin(tokens, _NEGATION_HASHES), here, -SCOPE - 1)
    latest = np.maximum.accumulate(np.concatenate([[-SCOPE - 1], negations]))[:-1]
    return (here - latest <= SCOPE) & (latest >= latest_break) & ~breaks
