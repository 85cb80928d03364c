"""Ways to damage a file, each a function of the dice, the file and another file; nothing here reads anything."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from random import Random

import zstandard

LARGEST = 2 << 20
"""Bytes of the largest input that is made."""
_MORE = 1 << 18  # bytes that repeating adds: enough to show what grows with the square of a length
_CODECS = "utf-8-sig utf-16 utf-16-le utf-32 cp1252 latin-1 cp1251 koi8_r shift_jis gb18030 euc_kr utf-7 cp037".split()
_TAGS = "div ul li blockquote b font table td p a svg math template select form dl details wp:comment item".split()
_OPENINGS = (b"[", b"{", b'{"replies":[', b"> ", b"<!--", b"<![CDATA[", b"&lt;", b"- ", b"    ", b"\t")
_NUMBERS = (b"0", b"-1", b"9" * 30, b"9" * 5000, b"1e999", b"NaN", b"2147483648", b"18446744073709551616", b"0x1F")
_NUMBERS += (b"10000", b"99", "²".encode(), "٣".encode(), b"13", b"32", b"-0.5", b"1/0")
_VALUES = (b"null", b"true", b"[]", b"{}", b'""', b"1e999", b"-1", b"[[[[]]]]", b'{"$oid":1}', b'"\\ud800"', b"NaN")
_NASTY = (b"\0", b"\x1b[2J", b"\xff\xfe", b"\xed\xa0\x80", b"&#xD800;", b"&#x110000;", b"&#0;", b"\x85", b"\r", b"%s%n")
_NASTY += ("\u202e".encode(), "\u2028".encode(), "\ufeff".encode(), "İ".encode(), "ß".encode(), b"http://[", b"]]>")
_NASTY += (b"-->", b'"', b"'", b"<", b">", b"</body></html>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"\\u0000")
_DIGITS = re.compile(rb"\d+")
_VALUE = re.compile(rb'(?<=:)\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.]*|null|true|false)')
_PIECE = re.compile(rb"</?[\w:-]+|(?<![\w-])[\w-]+=\"[^\"<>]*\"|\"[\w-]+\"(?=:)|^[ \t]*\S+", re.M)

Damage = Callable[[Random, bytes, bytes], bytes]


def make(dice: Random, data: bytes, other: bytes) -> bytes:
    """Damage a file in one to four ways."""
    for way in dice.choices(WAYS, k=dice.choice((1, 1, 2, 3, 4))):
        data = way(dice, data, other)[:LARGEST]
    return data


def _range(dice: Random, data: bytes, most: int) -> tuple[int, int]:
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + dice.randint(0, most))


def _flipped(dice: Random, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), dice.choice((1, 4, 16, 256)))):
        changed[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(changed)


def _cut(dice: Random, data: bytes, _: bytes) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[place:] if dice.random() < 0.2 else data[:place]


def _spliced(dice: Random, data: bytes, other: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1) :]


def _grafted(dice: Random, data: bytes, other: bytes) -> bytes:
    start, end = _range(dice, other, 4000)
    place = dice.randrange(len(data) + 1)
    return data[:place] + other[start:end] + data[place:]


def _repeated(dice: Random, data: bytes, _: bytes) -> bytes:
    start, end = _range(dice, data, dice.choice((3, 30, 300, 3000)))
    times = min(dice.choice((2, 10, 300, 20_000)), _MORE // max(1, end - start))
    return data[:start] + data[start:end] * times + data[end:]


def _holed(dice: Random, data: bytes, _: bytes) -> bytes:
    start, end = _range(dice, data, dice.choice((1, 10, 200, 5000)))
    return data[:start] + data[end:]


def _recoded(dice: Random, data: bytes, _: bytes) -> bytes:
    return data.decode(dice.choice(("utf-8", "latin-1")), "replace").encode(dice.choice(_CODECS), "replace")


def _nested(dice: Random, data: bytes, _: bytes) -> bytes:
    tag = dice.choice(_TAGS).encode()
    opening = dice.choice((b"<" + tag + b">", b"<" + tag + b' class="comment">', dice.choice(_OPENINGS)))
    place = dice.randrange(len(data) + 1)
    return data[:place] + (opening * dice.choice((3, 100, 600, 20_000)))[:_MORE] + data[place:]


def _numbered(dice: Random, data: bytes, _: bytes) -> bytes:
    return _replaced(dice, data, _DIGITS, lambda: dice.choice(_NUMBERS))


def _retyped(dice: Random, data: bytes, _: bytes) -> bytes:
    return _replaced(dice, data, _VALUE, lambda: dice.choice(_VALUES))


def _swapped(dice: Random, data: bytes, other: bytes) -> bytes:
    pieces = _PIECE.findall((data if dice.random() < 0.7 else other)[:200_000])
    return _replaced(dice, data, _PIECE, lambda: dice.choice(pieces)) if pieces else data


def _replaced(dice: Random, data: bytes, what: re.Pattern[bytes], new: Callable[[], bytes]) -> bytes:
    share = dice.choice((0.003, 0.05, 1.0))
    return what.sub(lambda found: new() if dice.random() < share else found[0], data)


def _stung(dice: Random, data: bytes, _: bytes) -> bytes:
    for _ in range(dice.choice((1, 5, 40))):
        place = dice.randrange(len(data) + 1)
        data = data[:place] + dice.choice(_NASTY) + data[place:]
    return data


def _packed(dice: Random, data: bytes, other: bytes) -> bytes:
    packed = dice.choice((_gzip, zstandard.compress, _zip, _warc))(data)
    return dice.choice((_flipped, _cut, _holed, _grafted))(dice, packed, other) if dice.random() < 0.7 else packed


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.html", "b/c.txt"):
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _warc(data: bytes) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://example.org/\r\nContent-Type: text/html\r\n"
    return (head + b"Content-Length: %d\r\n\r\n" % len(data) + data + b"\r\n\r\n") * 2


WAYS: tuple[Damage, ...] = (_flipped, _cut, _spliced, _grafted, _repeated, _holed, _recoded, _nested, _numbered)
WAYS += (_retyped, _swapped, _stung, _packed)
