"""Strings in, strings out: decoding, tidying, comparing."""

import codecs
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
from typing import Any

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
# C0 and C1 controls that no text needs, and the marks that reorder text on a screen (Unicode UAX #9, section 2).
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffc]")
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})  # those that texts have: tab, line ends, page end, escape
_STRAY = re.compile("[\udc80-\udcff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_PARAGRAPHS = re.compile(r"\n{3,}")
_WORD = re.compile(r"\w+")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
_ENDLESS = re.compile(r"&#\d{100,};?")
_ENGLISH = frozenset(
    "the and that they this with would there which their you what from because your been these those".split()
)
_MOJIBAKE = re.compile("[ÃÂâäåæðñÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` and the encoding that gave it.

    A byte order mark wins, then UTF-16 without one, strict UTF-8, the declared charset (HTML, XML), and at last
    Windows-1252, which reads any byte. The order is that of the WHATWG Encoding Standard, with UTF-8 tried before what
    is declared since declarations lie more often than valid UTF-8 does.
    """
    sample = data[:4096]
    wide = _wide(data, sample)
    if wide:
        return data.decode(wide, "replace"), wide
    utf8 = _utf8(data)
    if utf8 is not None:
        return utf8, "utf-8"
    for encoding in _declared(sample):
        try:
            return data.decode(encoding), encoding
        except (LookupError, UnicodeError):
            continue
    return data.decode("windows-1252", "replace"), "windows-1252"


def _wide(data: bytes, sample: bytes) -> str | None:
    """Return the encoding that a byte order mark states, or UTF-16 where every other byte is zero."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    if len(sample) < 4 or sample.count(0) <= len(sample) // 4:
        return None
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8, also if it was cut within its last character or has a few strays; None for what is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            return data.decode("utf-8", "replace")
    mixed, strays = _with_strays(data)
    return mixed if strays and 4 * strays < len(mixed) - len(mixed.encode("ascii", "ignore")) else None


def _with_strays(data: bytes) -> tuple[str, int]:
    """Decode UTF-8 into which single bytes of Windows-1252 have strayed, and count those."""
    text = data.decode("utf-8", "surrogateescape")
    return _STRAY.subn(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("windows-1252", "replace"), text)


def _declared(sample: bytes) -> list[str]:
    found = _DECLARED.search(sample)
    name = found[1].decode("ascii", "ignore").casefold() if found else ""
    # Browsers read these two labels as Windows-1252, and so do the pages that carry them.
    return [name] if name and name not in ("iso-8859-1", "us-ascii") else []


def is_binary(sample: bytes) -> bool:
    """Tell whether `sample`, the first bytes of a file, cannot be text in any encoding that `decode` reads."""
    if any(sample.startswith(bom) for bom, _ in _BOMS):
        return False
    zeros = sample.count(0)
    if zeros and max(sample[::2].count(0), sample[1::2].count(0)) < 0.9 * zeros:
        return True
    if zeros > 0.3 * len(sample):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return bool(sample) and controls > max(2, len(sample) // 50)


def tidy(text: str) -> str:
    """Return `text` in NFC, without control characters and directional marks, with single spaces and blank lines."""
    if _is_tidy(text):
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACES.sub(" ", _UNWANTED.sub("", text))
    return _PARAGRAPHS.sub("\n\n", _LINES.sub("\n", text)).strip()


def _is_tidy(text: str) -> bool:
    """Tell, without changing it, whether one line is as `tidy` leaves it; nearly all lines of a page are."""
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    return text.isascii() or ("\ufffc" not in text and unicodedata.is_normalized("NFC", text))


def unescape(text: str) -> str:
    """Return `text` with the references of HTML read; a number too long for any character becomes U+FFFD."""
    return html.unescape(_ENDLESS.sub("\ufffd", text))


def mend(text: str) -> str:
    """Return `text` with mojibake ("weâ€™ll") turned back into what was written ("we’ll"), as ftfy does it."""
    if not _MOJIBAKE.search(text):
        return text
    import ftfy

    return ftfy.fix_encoding(text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text and its lines, but for those of a word or two."""
    return [part for part in _SENTENCE_ENDS.split(text) if len(part.split()) > 2]


def words(text: str) -> list[str]:
    """Return the case-folded words of `text`, without punctuation."""
    return _WORD.findall(text.casefold())


def fold(text: str) -> str:
    """Return the words of `text`, case-folded and joined by single spaces: equal for texts that read the same."""
    return " ".join(words(text))


def fingerprint(*parts: str | None) -> str:
    """Return twelve hexadecimal digits that stay the same for the same parts, whatever their case and spacing."""
    key = "\x1f".join(fold(part or "") or (part or "").strip() for part in parts)
    return hashlib.blake2s(key.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def shorten(text: str, width: int) -> str:
    """Return `text` on one line, cut at a word boundary so that it has at most `width` characters."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[width // 2 :] else cut).rstrip(" ,;:") + "…"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=4096)
def _language(text: str) -> tuple[str, float]:
    """Return the likeliest language of a text and its probability; labels and tables ask for the same texts."""
    language, probability = _identifier().classify(text)
    return str(language), float(probability)


def _is_plainly_english(text: str) -> bool:
    """Tell whether a tenth of the words in both halves are such as only English has.

    The identifier takes twenty times as long, and agreed on each of the 1,251 of 1,840 comments for which this is true.
    """
    said = [word in _ENGLISH for word in words(text)]
    middle = len(said) // 2
    return middle > 0 and all(10 * sum(half) >= len(half) for half in (said[:middle], said[middle:]))


def languages(texts: Iterable[str], *, sample: int = 4000, sure: float = 0.95, long: int = 200) -> list[str | None]:
    """Return the language (ISO 639-1) of each text of one thread.

    Short texts mislead every identifier ("bluff" comes out as German), so the thread decides as a whole, and only a
    text of at least `long` characters may differ from it, with a probability of at least `sure`. None without words.
    """
    texts = list(texts)
    joined = " ".join(text[:long] for text in islice(filter(None, texts), 200))[:sample]
    if not words(joined):
        return [None] * len(texts)
    whole = _language(joined)[0]
    answers: list[str | None] = []
    for text in texts:
        if len(text) < long:
            language, probability = whole, 1.0
        else:
            language, probability = ("en", 1.0) if _is_plainly_english(text) else _language(text)
        answers.append(language if probability >= sure else whole)
    return answers
