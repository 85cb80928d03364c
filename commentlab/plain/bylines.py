"""Lines that say who wrote something and when: the shapes in which blogs, forums and mail programs print them.

A line is looked at with its date cut out, so that one table of shapes serves all languages and orders of day and month.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from commentlab import dates, phrases
from commentlab.plain.lines import Line
from commentlab.records import Span

LONGEST = 220
"""Characters of a byline at most: titles of pages that link here are long."""

_DATE = "\x1d"
_ON = r"(?:(?:\b(?:on|am|at|le|el|il|den|em|op)\b|@|-|–|—|\||·|•|,|»|:)\s*)*"
_BY = (
    r"(?:(?:comment|commented|posted|written|submitted|reply|kommentar|verfasst|geschrieben|gesendet|eingestellt|"
    r"commentaire|posté|écrit|rédigé|publié|comentario|comentado|publicado|escrito|enviado|commento|scritto|inviato|"
    r"comentário|reactie|geplaatst|kommentert|skrevet|skrivet)\s+)?(?:by|von|vom|par|por|da|de|av|af|door)"
)
_AUTHOR = r"(?P<author>\S.{0,200}?)"
_REST = r"\s*(?P<rest>.*)"
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(form, re.I | re.S))
    for name, form in (
        ("signed", rf"^\W*{_DATE},?\s*{_BY}\s+{_AUTHOR}$"),
        ("date", rf"^(?:\W|id\b)*{_DATE}{_REST}$"),
        ("wrote", rf"^{_ON}{_DATE},?\s*{_AUTHOR}\s*\b(?:{phrases.SAYS})\s*:?$"),
        ("wrote", rf"^{_ON}{_DATE},?\s*(?:{phrases.SAYS})\s+{_AUTHOR}\s*:$"),
        ("said", rf"^{_AUTHOR}[\s,(|·—–-]+{_ON}{_DATE}\)?[\s,]*\b(?:{phrases.SAYS})\s*[:…]?{_REST}$"),
        ("said", rf"^{_AUTHOR}\s*(?:{phrases.SAYS})[\s:,(…]*{_ON}{_DATE}[):]*{_REST}$"),
        ("signed", rf"^(?:id\s+)?{_BY}\s*:?\s+{_AUTHOR}\s*\(?{_ON}{_DATE}{_REST}$"),
        ("named", rf"^{_AUTHOR}\s*[(\[]?{_ON}{_DATE}[)\]]?{_REST}$"),
    )
)
_SPEAKS = ":：…."
# What only today's date could tell; without digits, for those are looked for in every line.
_VAGUE = re.compile(
    r"\b(?:(?:an?|one)\s(?:second|minute|hour|day|week|month|year)\sago|just now|gerade eben"
    r"|vor\s(?:einem|einer)\s(?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr))\b",
    re.I,
)
_SOON = re.compile(
    r"(?:\b(?:today|yesterday|heute|gestern|vorgestern|hier|aujourd.hui|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|"
    r"vandaag)\b"
    r"|昨天|今天|前天)[\s,]*(?:(?:at|um|à|a las?|alle|às|om)\s)?\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\b\.?)?"
    r"|\b\d{1,2}(?:min|mo|[smhdwy])\b(?=\W*$)",
    re.I,
)
_LONGER = re.compile(r"(?:\d{1,3}\s[^\W\d_]{1,10}[\s,]+(?:and|und|et|y|e)?\s?)$")
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}:\d\d(?:\s?[ap]m)?$", re.I)
_RANK = re.compile(r"[#№]?\d{1,5}(?:\.\d{1,4})*\.?")
_ARROW = re.compile(r"\s*(?:→|➜|▸|►|»|>)\s*")
_TIME = re.compile(r"\d\s?[:h時时点]\s?\d\d|\d\s?[ap]\.?m\b|(?<![\d.])\d{1,2}\.\d\d(?![\d.])", re.I)
_GLUED = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z]{2,9}\W{0,2}\d|\d)")
_EDGES = re.compile(
    rf"^(?:{_BY}\s+|(?:avatar|profilbild von|profile picture of|picture of|foto von|photo de|gravatar)\s+|id\s+|"
    rf"#\d+\s+)"
    r"|[\s,|·•@(»:–—-]+(?:on|am|le|el|il|den|em|at)?$|[\s,(]*\b(?:says|said)$"
    r"|\s*\((?:not verified|nicht überprüft|non vérifié|no verificado|unverified|gast|guest)\)$"
    r"|[,|·–-]\s*(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun)$",
    re.I,
)
_SENTENCE = re.compile(r"[^.\s]{2}[.!?…][\"”’)]?$|^[>“\"„«]|[!?]\s+\S+\s+\S|\w{3}\.\s+\S+\s+\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What one line says of the author and the date of an entry.

    Attributes:
        shape: Which of the shapes it has: `said` ("Gyre says"), `signed` ("by Gyre on …"), `named`, `date`, `clock`,
            `wrote` ("On …, Gyre wrote:"), `ping`, or `mail` (a mail's header).
        author: The name, None where another line has it.
        answers: The name of whom it answers ("Gyre → Wabe").
        date: The date as it was written.
        lead: What follows it on the line and belongs to the text.
        buttons: What follows it on the line and belongs to the page.
        exact: Whether the date has a time of day.
    """

    shape: str
    author: str | None = None
    answers: str | None = None
    date: str | None = None
    lead: str = ""
    buttons: str = ""
    exact: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        """What the bylines of one thread have in common."""
        return self.shape, self.exact and self.shape not in ("said", "wrote")


def of(line: Line) -> Byline | None:
    """Return the byline that a line is, None where it is none."""
    return _read(line.text) if 0 < len(line.text) <= LONGEST and not line.field else None


@lru_cache(maxsize=4096)
def _read(line: str) -> Byline | None:
    if ping := phrases.pingback(line):
        return Byline(shape="ping", author=ping[1])
    found = _date_in(line)
    if found is None:
        return _speech(line)
    text, start, end = found
    date = text[start:end].strip()
    exact = bool(_TIME.search(date))
    cut = text[:start] + _DATE + text[end:]
    for shape, form in _SHAPES:
        match = form.match(cut)
        byline = _shaped(shape, match.groupdict()) if match else None
        if byline:
            return replace(byline, date=date, exact=exact)
    return _speech(line)


def clock(line: Line) -> Byline | None:
    """Return the byline of a line whose only date is a time of day ("Ruby21:00")."""
    match = _CLOCK.search(line.text) if len(line.text) < 60 else None
    author = name_of(line.text[: match.start()]) if match else ""
    return Byline(shape="clock", author=author, date=match[0]) if match and is_name(author) else None


def name_of(words: str) -> str:
    """Return an author's name without what stands around it: "by", an avatar's label, "on"."""
    before = ""
    name = phrases.without_role(words)
    while name != before:
        before, name = name, _EDGES.sub("", name.strip())
    # The text that stands for a picture is the name once more.
    doubled = re.fullmatch(r"(.{2,40})\s+\1", name)
    return doubled[1] if doubled else name


def is_name(words: str, *, longest: int = 6) -> bool:
    """Tell whether words may be an author's name: few, no sentence, no button."""
    count = len(words.split())
    return (
        0 < count <= longest
        and len(words) <= 70
        and any(character.isalnum() for character in words)
        and not _SENTENCE.search(words)
        and not phrases.is_leftover(words)
        and not words.startswith(("http", "www."))
    )


def _shaped(shape: str, groups: dict[str, str | None]) -> Byline | None:
    """Return what a match of a shape says besides the date, None if no author or button looks so."""
    author, _, answers = _ARROW.sub("\x1e", groups.get("author") or "", count=1).partition("\x1e")
    author, rest = name_of(author), (groups.get("rest") or "").strip()
    # "#2.1 - 4 May 2017" has the number of the entry where others have the name.
    shape, author = ("date", "") if _RANK.fullmatch(author) else (shape, author)
    if not _fits(shape, author, rest):
        return None
    speech = shape in ("said", "wrote")
    return Byline(
        shape=shape,
        author=author or None,
        answers=name_of(answers) or None,
        lead=rest.lstrip(" :") if speech else "",
        buttons="" if speech else rest,
    )


def _fits(shape: str, author: str, rest: str) -> bool:
    if shape in ("said", "wrote"):
        return is_name(author)
    if len(re.findall(r"\w+", rest)) > 8 or _SENTENCE.search(rest):
        return False
    if shape == "date":
        return True
    if len(rest) > 70 or re.match(r"[,;]?\s?[^\W\d_]{3,}\s[^\W\d_]+\s[^\W\d_]+\s", rest):
        return False
    return is_name(author) if shape == "signed" else is_name(author, longest=7)


def _speech(text: str) -> Byline | None:
    said = phrases.said(text)
    if not said:
        return None
    author, rest = name_of(said[0]), said[1]
    longest = 3 if rest or text[-1] not in _SPEAKS else 8
    speaks = any(mark in text[: len(text) - len(rest)] for mark in ":：…")
    sure = speaks if rest else text[-1] in _SPEAKS or len(text) < 40
    if sure and is_name(author, longest=longest):
        return Byline(shape="said", author=author, lead=rest)
    return None


def _date_in(text: str) -> tuple[str, int, int] | None:
    """Return a line, with a space where name and date stick together, and where its first date stands in it."""
    if not _DIGIT.search(text):
        match = _VAGUE.search(text)
        return (text, *match.span()) if match else None
    for candidate in _readings(text):
        found = next(_spans(candidate), None)
        if found:
            start, end = found
            relative = not re.search(r"\d{4}", candidate[start:end])
            if relative and (longer := _LONGER.search(candidate, 0, start)):
                start = longer.start()
            return candidate, start, end
    return None


def _readings(text: str) -> Iterator[str]:
    yield text
    seams = [each.start() for each in _GLUED.finditer(text)]
    yield from (f"{text[:seam]} {text[seam:]}" for seam in seams[:3])


def _spans(text: str) -> Iterator[Span]:
    """Yield where dates stand in a line, those that only today's date could tell after all others."""
    yield from dates.find(text[:LONGEST])
    yield from (match.span() for form in (_SOON, _VAGUE) for match in form.finditer(text))
