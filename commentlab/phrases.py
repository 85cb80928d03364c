"""The words that software prints around comments, as data: headings, bylines, form leftovers.

Readers of pages and of plain text share them. Languages: English, German, French, Spanish, Italian, Portuguese, Dutch,
Danish, Norwegian, Swedish, Polish, Chinese; a new one is a few words in these tables.
"""

import re

_COMMENT = (
    r"comments?|responses?|replies|reply|thoughts?|discussions?|messages|kommentare?n?|antworten|gedanken|meinungen|"
    r"commentaires?|réponses?|réflexions?|comentarios?|respuestas?|pensamientos?|commenti|commento|risposte|pensieri|"
    r"comentários?|respostas?|reacties?|gedachten|reaktioner|kommentarer|kommentar|komentarz[ey]?|komentarzy|条评论|则评论|"
    r"条留言|条回复|則留言|則回應"
)
_SAYS = (
    r"says|said|writes|wrote|replied|commented|sagte?|schreibt|schrieb|meint|meinte|kommentierte|a dit|dit|a écrit|"
    r"écrit|dice|dijo|escribió|escribe|comentó|ha scritto|scrive|ha detto|disse|diz|escreveu|zegt|schreef|siger|skrev|"
    r"skriver|sier|säger|pisze|napisał\(?a?\)?|说|說|写道|寫道"
)
_NUMBER_WORDS = {"one": 1, "ein": 1, "eine": 1, "un": 1, "une": 1, "uno": 1, "no": 0, "keine": 0, "aucun": 0}

_COUNT = re.compile(
    rf"^\W{{0,3}}(?P<count>\d{{1,3}}(?:[.,\s]\d{{3}})+|\d{{1,6}}|{'|'.join(_NUMBER_WORDS)})\s*(?:{_COMMENT})(?!\w)",
    re.I,
)
_COUNT_AFTER = re.compile(rf"^\W{{0,3}}(?:{_COMMENT})\s*[:(\[]?\s*\(?(?P<count>\d{{1,6}})\)?\W*$", re.I)
_HEADING = re.compile(rf"^\W{{0,3}}(?:{_COMMENT})\W*$", re.I)
_FORM = re.compile(
    r"^\W{0,3}(?:leave (?:a|your) (?:reply|comment|response)|post (?:a|your) comment|add (?:a|your) comment|"
    r"write a comment|submit a comment|join the (?:discussion|conversation)|what do you think\?|cancel reply|"
    r"(?:schreibe?n?|hinterlasse?n?|verfasse?n?)(?: sie)? (?:einen?|deinen|ihren) (?:kommentar|antwort)|"
    r"kommentar (?:schreiben|hinterlassen|verfassen|abgeben)|antwort (?:schreiben|hinterlassen)|antworten abbrechen|"
    r"laisser un commentaire|(?:écrire|ajouter|poster) un commentaire|laissez un commentaire|répondre à|"
    r"(?:deja|dejar|escribe|añade|publicar) un(?:a)? (?:comentario|respuesta)|lascia un commento|"
    r"deixe (?:um|uma) (?:comentário|resposta)|geef een reactie|laat een reactie achter|skriv en kommentar|"
    r"legg igjen (?:en|et) (?:kommentar|svar)|lämna ett svar|dodaj komentarz|发表评论|發表評論|发表回复|發佈留言|"
    r"comments are (?:now )?closed|fill in your details below)\b",
    re.I,
)
_LEFTOVER = re.compile(
    r"^\W{0,3}(?:reply|reply ↓|quote|quote this|edit|delete|share|like|liked by.*|loading\W*|"
    r"report(?: (?:abuse|comment))?|flag|permalink|link|log in to reply|log in or register to reply|"
    r"your comment is awaiting moderation\.?|"
    r"antworten?|zitieren|bearbeiten|löschen|melden|teilen|gefällt mir|gefällt \d+ personen?|wird geladen\W*|"
    r"répondre|citer|signaler|j’aime|j'aime|responder|citar|me gusta|rispondi|mi piace|reageren|beantwoorden|svar|"
    r"svara|odpowiedz|回复|回覆|赞|replydelete|(?:hide|show|view) (?:\d+ )?repl(?:y|ies)|collapse|parent)\W{0,3}$",
    re.I,
)
_PINGBACK = re.compile(r"^(?P<kind>pingback|trackback|ping)\s*:\s*(?P<title>.+)$", re.I)
_SAID = re.compile(
    rf"^(?P<author>\S.{{0,60}}?)\s*(?:\((?:post )?author\))?\s*(?<!\w)(?P<verb>{_SAYS})(?!\w)\s*(?P<rest>.*)$", re.I
)


def announced(line: str) -> int | None:
    """Return the number of comments that a heading announces ("8 thoughts on …"), None if it announces none."""
    match = _COUNT.match(line) or _COUNT_AFTER.match(line)
    if not match:
        return None
    count = match["count"].casefold()
    return _NUMBER_WORDS[count] if count in _NUMBER_WORDS else int(re.sub(r"\D", "", count))


def is_heading(line: str) -> bool:
    """Tell whether a line opens a comment section."""
    return announced(line) is not None or bool(_HEADING.match(line))


def is_form(line: str) -> bool:
    """Tell whether a line opens the form under the comments, where the discussion ends."""
    return bool(_FORM.match(line))


def is_leftover(line: str) -> bool:
    """Tell whether a whole line is a button or a notice of the page and no part of a comment."""
    return bool(_LEFTOVER.match(line))


def pingback(line: str) -> tuple[str, str] | None:
    """Return the kind ("pingback" or "trackback") and title of a line such as `Pingback: Some title`."""
    match = _PINGBACK.match(line)
    if not match:
        return None
    return "trackback" if match["kind"].casefold() == "trackback" else "pingback", match["title"].strip()


def said(line: str) -> tuple[str, str] | None:
    """Return the author of a line such as `Gyre says: …` and what stands behind the verb; None for other lines."""
    match = _SAID.match(line)
    if not match or len(match["author"].split()) > 6:
        return None
    return match["author"].strip(" *–—-|·"), match["rest"].lstrip(" :….,").strip()
