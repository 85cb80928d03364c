"""The headers of mails in a digest or an archive: who wrote, when, and which lines belong to the header."""

import re
from collections.abc import Sequence

from commentlab.plain.bylines import Byline
from commentlab.plain.lines import Line

LONGEST = 12
"""Lines of a header at most."""

_FROM = re.compile(r"(?:from|von|de|da|van|发件人)\s*[:：]\s*(?P<who>.+)", re.I)
_DATE = re.compile(
    r"(?:date|sent|datum|gesendet|envoyé|fecha|enviado|data|verzonden|日期)\s*[:：]\s*(?P<date>.+)", re.I
)
_FIELD = re.compile(r"[^\W\d_][\w-]{1,24}(?:\s[^\W\d_]+)?\s*[:：](?:\s|$)")
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?[\w.+-]+(?:@|\s(?:at|\(at\))\s)[\w.-]+[>)\]]?")


def header(lines: Sequence[Line], i: int) -> tuple[Byline, int] | None:
    """Return what the header that begins with a line says, and its last line; None where none begins.

    Addresses never leave this function.
    """
    sender = _FROM.fullmatch(lines[i].text)
    if not sender:
        return None
    last = i
    date = None
    for j in range(i + 1, min(i + LONGEST, len(lines))):
        if lines[j].gap or not _FIELD.match(lines[j].text):
            break
        last = j
        stated = _DATE.fullmatch(lines[j].text)
        date = stated["date"] if stated else date
    name = _ADDRESS.sub("", sender["who"]).strip(" \"'()<>")
    return (Byline(shape="mail", author=name or None, date=date, exact=True), last) if date else None
