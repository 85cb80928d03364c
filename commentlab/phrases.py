"""The words that software prints around comments, as data: headings, bylines, buttons, forms, sidebars.

Readers of pages and of plain text share them. Languages: English, German, French, Spanish, Italian, Portuguese, Dutch,
Danish, Norwegian, Swedish, Polish, Chinese; a new one is a few words in these tables.
"""

import re

_COMMENT = (
    r"comments?|responses?|replies|reply|thoughts?|discussions?|messages|reactions?|kommentare?n?|antworten?|gedanken|"
    r"meinungen|leserkommentare|wortmeldungen|beiträge|reaktionen|leserbriefe|"
    r"commentaires?|réponses?|réflexions?|réactions?|pensées?|avis|comentarios?|respuestas?|pensamientos?|opiniones|"
    r"ideas|commenti|commento|risposte|risposta|pensieri|"
    r"comentários?|respostas?|reacties?|gedachten|reaktioner|kommentarer|kommentar|svar|komentarz[ey]?|komentarzy|"
    r"odpowiedzi|[条則则个個篇](?:评论|評論|留言|回复|回覆|回應|回应|意見|想法)|评论|評論|留言|回复|回應|网友评论|最新评论"
)
SAYS = (
    r"says|said|writes|wrote|replied|commented|responded|posted|sagte?|schreibt|schrieb|meint|meinte|"
    r"kommentierte|kommentiert|antwortete|a dit|dit|a écrit|écrit|a commenté|a répondu|dice|dijo|escribió|escribe|"
    r"comentó|respondió|ha dicho|ha scritto|scrive|ha detto|dice|disse|diz|escreveu|comentou|respondeu|zegt|schreef|"
    r"siger|skrev|skriver|sier|säger|pisze|napisał\(?a?\)?|mówi|说道|说|說道|說|写道|寫道|发表于|發表於"
)
"""Verbs between a name and what it says; a pattern."""
_NUMBER_WORDS = {"one": 1, "ein": 1, "eine": 1, "un": 1, "une": 1, "uno": 1, "no": 0, "keine": 0, "aucun": 0}

_COUNT = re.compile(
    r"^\W{0,3}(?:(?:there (?:are|is)|view|show|see|read|all|alle|voir|ver|leggi|共有?|已有)\s*){0,3}"
    rf"(?P<count>\d{{1,3}}(?:[.,\s]\d{{3}})+|\d{{1,6}}|{'|'.join(_NUMBER_WORDS)})\s*"
    rf"(?:(?:reader|user|blog|archived|leser|nutzer)[ -]?)?(?:{_COMMENT})(?!\w)",
)
_COUNT_AFTER = re.compile(
    rf"^\W{{0,3}}(?:(?:view|show|see|read|all|alle|reader|voir|ver|die|les|los)\s*){{0,3}}(?:{_COMMENT})"
    r"\s*[:：(（\[]?\s*\(?(?P<count>\d{1,6})[\s)）\]]*(?:条|則|则)?\W*$",
)
_COUNT_MIDDLE = re.compile(r"[》”\"」]\s?(?:上)?[有的]\s?(?P<count>\d{1,6})\s?[条則则个個篇]")
_COUNT_LAST = re.compile(rf"[|·•]\s*(?P<count>\d{{1,6}})\s*(?:{_COMMENT})\W*$")
_HEADING = re.compile(
    rf"^\W{{0,3}}(?:(?:reader|user|leser|nutzer|your|ihre|eure|deine|die|vos|les|los|tus|all|alle|latest)[ -]?){{0,2}}"
    rf"(?:{_COMMENT})(?:\s*[&/|]\s*(?:{_COMMENT}))?\W*$"
    r"|^\W{0,3}(?:sort(?:ed)? (?:comments )?by|(?:kommentare )?sortier(?:t|en|ung) nach|trier par|ordenar por|"
    r"排序)\b.{0,60}$",
)
_WRITE = (
    r"(?:leave|post|add|write|submit|make|share) (?:a|an|your|new)(?: new)? (?:reply|comment|response|thoughts?)|"
    r"(?:post|submit|add|new|write) comment|comment now|start (?:a|the) (?:discussion|conversation)|"
    r"join the (?:discussion|conversation)|what do you think\?|cancel reply|click here to cancel reply|speak your mind|"
    r"have your say|post reply|quick reply|reply to th(?:is|e) (?:topic|thread|post)|"
    r"(?:(?:\w+ ){0,2}(?:schreib|hinterlass|verfass)(?:e|en|t)?|kommentier(?:e|en)?)(?: sie)?"
    r"(?: (?:einen?|deinen?|ihren?|mir|neuen?))* (?:kommentare?|antwort)|"
    r"(?:einen |ihr(?:en)? |dein(?:en)? |neuen )?kommentar (?:schreiben|hinterlassen|verfassen|abgeben|"
    r"hinzufügen|posten|"
    r"absenden|zu diesem artikel|erstellen)|(?:eine )?antwort (?:schreiben|hinterlassen|erstellen)|"
    r"antworte?n? abbrechen|"
    r"kommentieren$|neuer kommentar$|diskutieren sie mit|jetzt kommentieren|hier klicken, um die antwort abzubrechen|"
    r"(?:laisse[rz]|écri(?:re|vez)|ajoute[rz]|poste[rz]|publie[rz]|dépose[rz]) (?:un|votre|une) (?:commentaire|"
    r"réponse)|"
    r"réagi(?:r|ssez)(?: à cet article)?$|annuler la réponse|commenter$|votre commentaire|"
    r"(?:deja|dejar|escrib[ae]|escribir|añad[ae]|añadir|public[ae]|publicar|agregar|enviar|haz) (?:un|una|tu|su) "
    r"(?:comentario|respuesta)|cancelar (?:la )?respuesta|comentar (?:esta|este|la|el) \w+|publicar (?:un )?comentario|"
    r"lascia un(?:a)? (?:commento|risposta)|scrivi un commento|posta un commento|annulla risposta|"
    r"(?:deixe|escreva|adicione|publicar|enviar) (?:um |uma )?(?:comentário|resposta)|cancelar resposta|"
    r"(?:geef|plaats|schrijf|laat) een (?:reactie|antwoord)|reactie annuleren|skriv en kommentar|"
    r"legg igjen (?:en|et) (?:kommentar|svar)|lämna (?:ett svar|en kommentar)|dodaj (?:komentarz|odpowiedź)|"
    r"发表评论|發表評論|发表回复|發佈留言|發表迴響|发布评论|我要评论|写评论|取消回复|添加评论|發表留言|张贴评论|張貼留言"
)
_HEADING_AND_FORM = re.compile(rf"^\W{{0,3}}(?:{_COMMENT})\s+(?:{_WRITE})\W*$")
_FORM = re.compile(
    rf"^\W{{0,3}}(?:{_WRITE}|comments? (?:are|is) (?:now )?closed|comments for this (?:post|thread|entry) are closed|"
    r"fill in your details below|your e-?mail address will not|deine e-mail-adresse wird|"
    r"(?:die )?kommentar(?:e|funktion) (?:sind|ist)(?: \w+){0,3} geschlossen|les commentaires sont fermés|"
    r"votre adresse (?:e-?mail|de messagerie) ne sera|tu dirección de correo|los comentarios están cerrados|"
    r"comentarios cerrados|you must be (?:logged|signed) in|you must log in|log in to comment|sign in to comment|"
    r"du musst (?:angemeldet|eingeloggt) sein|sie müssen (?:angemeldet|eingeloggt)|um kommentieren zu können|"
    r"melden sie sich an, um|anmelden, um zu kommentieren|connectez-vous pour|vous devez être connecté|"
    r"debes (?:estar conectado|iniciar sesión)|inicia sesión para|il tuo indirizzo email|gib hier deinen kommentar|"
    r"enter your comment here|电子邮件地址不会被公开|您的(?:电子)?邮箱|要发表评论|登录后才能|rss feed for comments|"
    r"no new comments|new comments cannot be posted|this (?:thread|topic) is (?:locked|closed|archived))(?!\w)",
)
_MORE = re.compile(
    r"^\W{0,3}(?:(?:older|newer|previous|next|more|earlier) comments|load(?:ing)? more|(?:load|show|view|"
    r"see) (?:\d+ )?more "
    r"(?:comments|replies)|\d+ more repl(?:y|ies)|more replies|continue this thread|(?:view|show|read|"
    r"see) all (?:\d+ )?"
    r"(?:comments|replies)|(?:ältere|neuere|weitere|mehr|nächste|vorherige|alle)(?: \d+)? (?:kommentare|"
    r"antworten|beiträge)"
    r"(?: (?:anzeigen|laden|lesen|ansehen|im \w+ lesen))?|weitere laden\W*|mehr (?:anzeigen|laden)|"
    r"(?:commentaires?|réponses) (?:plus )?(?:anciens|récents|suivants|précédents)|(?:voir|afficher) (?:plus|"
    r"tous|la suite)"
    r"(?: de commentaires| les commentaires)?|comentarios (?:más )?(?:antiguos|recientes|anteriores|siguientes)|"
    r"(?:ver|cargar|mostrar) más(?: comentarios)?|altri commenti|carica altri\W*|mais comentários|meer reacties|"
    r"加载更多|查看更多|更多评论|较旧评论|較舊的留言)\W{0,3}$",
)
_SIDE = re.compile(
    r"^\W{0,3}(?:(?:recent|latest|new|newest|popular|top|related|similar|more|other|featured|trending)(?: \w+)? "
    r"(?:comments|posts?|entries|articles|stories|news|topics|threads|discussions|reviews|blogs|links|videos)|trending|"
    r"featured|most (?:read|popular|commented|viewed|recent|shared)(?: \w+)?|you may (?:also )?(?:like|enjoy)"
    r"|also on .{2,60}|archives?|categor(?:y|ies)|blog ?roll|meta|tags?|tag cloud|topics|links|pages|"
    r"about(?: \w+){0,2}|search|"
    r"subscribe|newsletter|share this(?: \w+)?|follow (?:me|us|on|blog)(?: \w+){0,2}|"
    r"post navigation|trackbacks?(?: ?(?:&|and) ?pingbacks?)?|trackback url.*|(?:newer|older|next|previous) "
    r"(?:posts?|article|entry)\W*|newer post older post home|home|customer reviews|product reviews|"
    r"(?:neue(?:ste|re)?|letzte|aktuelle|ähnliche|weitere|ältere|verwandte|beliebte(?:ste)?|meistgelesene?|nächster|"
    r"vorheriger|neuerer|älterer|nächste|empfohlene) (?:kommentare|artikel|beitr[aä]ge?|posts?|themen|rezepte|"
    r"news|meldungen|"
    r"einträge|antworten)|"
    r"das könnte (?:dich|sie|ihnen|dir) auch \w+|archiv|kategorien|rubriken|kolumnen|schlagw(?:orte|örter)|"
    r"themen|suchen?|"
    r"über (?:mich|uns)|folge[nr]? (?:mir|uns)|beitragsnavigation|meistgelesen|kundenbewertungen.*|bewertungen|"
    r"werbung|anzeige|"
    r"(?:articles?|billets|commentaires?|sujets|posts) (?:récents?|similaires|populaires|liés|suivants?|précédents?)|"
    r"derniers (?:commentaires|articles|billets)|catégories|rubriques|liens|à propos|rechercher?|"
    r"navigation(?: des articles)?|"
    r"à lire aussi|avis clients?|sur le même (?:sujet|thème)|partager|"
    r"(?:comentarios|entradas|artículos|posts|noticias) (?:recientes|relacionad[oa]s|populares|anteriores|siguientes)|"
    r"últim[oa]s (?:comentarios|entradas|noticias)|archivos?|categorías|etiquetas|enlaces|buscar|acerca de(?: m[íi])?|"
    r"navegación de entradas|te puede interesar|opiniones de clientes|"
    r"articoli recenti|commenti recenti|archivi|categorie|cerca|posts recentes|comentários recentes|arquivos?|"
    r"categorias|"
    r"recente (?:reacties|berichten)|archief|categorieën|"
    r"最新(?:文章|评论|留言)|近期(?:文章|评论|留言)|相关(?:文章|阅读|推荐)|相關(?:文章|閱讀)|热门(?:文章|评论|推荐)|"
    r"归档|存档|分类(?:目录)?|"
    r"标签|友情链接|文章导航|功能|推荐阅读)\W{0,3}$|"
    r"^(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten|"
    r"powered by|proudly powered|tous droits réservés|todos los derechos|版权所有|stolz präsentiert von|"
    r"guidelines \| faq|"
    r"impressum|datenschutz|privacy policy|terms of (?:use|service)|mentions légales|aviso legal|cookie)|"
    r"(?:impressum|datenschutz|privacy policy)$",
)
_BUTTON = (
    r"reply|replies|respond|quote|quote this|reply with quote|reply to \S+|edit|delete|remove|share|"
    r"like|likes?|liked|unlike|dislike|upvote|downvote|vote|recommend|thanks?|"
    r"liked by.*|loading\W*|report(?: (?:abuse|comment|this|post|spam))?|flag(?:ged)?|permalink|perma-?link|link|"
    r"copy link|go to permalink|save|award|give award|(?:un)?follow(?:ed|ing)?(?: \S{2,40}(?: for \S+)?)?|embed|"
    r"collapse|expand|parent|root|context|next|prev|"
    r"log ?in(?: or register)? to reply|sign in to reply|please (?:login|log in|sign in) to (?:reply|vote).*|"
    r"your comment is awaiting moderation\.?|helpful|(?:hide|show|view) (?:\d+ )?repl(?:y|ies)|"
    r"antwort(?:en)?|auf diesen kommentar antworten|zitieren|zitat|bearbeiten|löschen|melden|teilen|liken?|"
    r"gefällt (?:mir|dir)(?: nicht)?|gefällt \d+ personen?|gefällt mirgefällt \d+ personen?|wird geladen\W*|"
    r"(?:kommentar|beitrag) (?:melden|zitieren)|(?:zum|einloggen,? um zu) (?:antworten|"
    r"kommentieren)(?: (?:anmelden|einloggen))?|"
    r"zum antworten anmelden|anmelden(?:,)? (?:um )?zum? (?:antworten|kommentieren)|empfehlen|hilfreich|"
    r"link zum kommentar|"
    r"(?:diesen )?kommentar (?:auf \w+ )?teilen\W?|antworten (?:anzeigen|ausblenden)|nach oben|"
    r"répondre(?: à .{1,30})?|citer|signaler(?: (?:un abus|ce commentaire))?|modifier|supprimer|partager|alerter|"
    r"connectez-vous pour répondre|j[’']aime|j[’']aimej[’']aime|recommander|en réponse à .{1,40}|chargement\W*|"
    r"responder|citar|me gusta|denunciar|reportar|eliminar|borrar|compartir|editar|accede para responder|cargando\W*|"
    r"rispondi|mi piace|segnala|elimina|condividi|excluir|curtir|denunciar|apagar|"
    r"reageren|beantwoorden|rapporteren|verwijderen|vind ik leuk|svar|svara|svar på denne|slet|gilla|odpowiedz|"
    r"zgłoś|usuń|"
    r"thread|link to this|avatar|gravatar|user avatar|profilbild|benutzerbild|top|nach oben|edited|bearbeitet|"
    r"(?:page|seite|página|pagina) \d{1,4} (?:of|von|sur|de|di|van) \d{1,4}|"
    r"(?:(?:senior|junior|new|active|regular|full|well-known|aktives|neues) )?(?:member|mitglied|membre|miembro)|"
    r"回复|回覆|回應|引用|举报|檢舉|赞|讚|点赞|支持|反对|踩|删除|刪除|分享|喜欢|楼主|编辑"
)
_LEFTOVER = re.compile(
    rf"^\W{{0,3}}(?:\(?\d{{1,5}}\)?[\s•·|]{{0,3}})?(?:(?:{_BUTTON})["
    rf"\s|·•/,()↓↑→›»+#\[\]–:-]*(?:\(?\d{{1,5}}\)?\W*)?){{1,6}}$|"
    r"^(?:\d(?:[.,]\d)?\s(?:stars?|sterne?|étoiles?|estrellas?|stelle)|[★☆\s]{2,9})$|"
    r"^\W{0,3}(?:like|gefällt mir|j’aime|me gusta|liken?)(?:liked by .{1,40}|gefällt .{1,40})$",
)
_ANSWER = re.compile(
    r"reply|antworten|répondre|responder|rispondi|reageren|beantwoorden|svar|odpowiedz|回复|回覆|回應|quote|zitieren|citer|"
    r"citar|引用|report|melden|signaler|like|gefällt mir|permalink",
)
_TEASER = re.compile(
    r"^\W{0,3}(?:read more|continue reading|read the full|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|"
    r"continua a leggere|continue lendo|lees verder|阅读全文|阅读更多|繼續閱讀)",
    re.I,
)
# What stands glued to the end of a text, and what says that the page shows only its beginning.
_STUCK = re.compile(
    r"(?<=[.!?…)])(?:report|reply|share|antworten|melden|répondre|responder)$"
    r"|(?<=…)\s?(?:mehr|more|read more|weiterlesen|mehr lesen|lire la suite|leer más|ver más)\W{0,2}$",
    re.I,
)
_PINGBACK = re.compile(
    r"^(?P<kind>pingback|trackback|ping)\s*(?:\([^)]{1,20}\)|from|von|de)?\s*[:：]\s*(?P<title>.+)$", re.I
)
_VERB = re.compile(rf"(?<!\w)(?:{SAYS})(?!\w)")
# "Gyresays:", as some extractors leave it; Chinese sets no spaces at all.
_GLUED = re.compile(rf"(?:{SAYS})(?=\s?[:：])")
_EXCERPT = re.compile(r"^\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]$", re.S)
_ROLE = re.compile(
    r"[\s(\[*|·,–-]*\b(?:post author|article author|author|autor(?:"
    r"in)?|beitragsautor(?:in)?|artikelautor(?:in)?|auteur(?: de l.article)?|"
    r"autor de la entrada|autore|autor do artigo|op|mod|topic starter|moderator|admin(?:istrator)?|staff|作者|博主|"
    r"楼主)[)\]*\s]*$",
    re.I,
)
_NOBODY = re.compile(
    r"^(?:anonymous|anonym\w*|anónimo|anonimo|guest|gast|invité|invitado|unknown|unbekannt|匿名\w*|游客)$", re.I
)
_TITLE = re.compile(r"[“„«\"‘「《](.+?)[”“»\"’」》]?\s*$")
_ANSWERS = re.compile(
    r"^\W{0,2}(?:in reply to|in response to|replying to|reply to|(?:als )?antwort (?:auf|an)|en réponse à|réponse à|"
    r"en respuesta a|respuesta a|in risposta a|em resposta a|als reactie op|回复|回覆)\s*:?\s*(?P<whom>.{2,120})$",
    re.I,
)
_ANSWERED_NAME = re.compile(r"^.*\s(?:by|von|par|por|di|door)\s+(?P<name>.{2,60})$", re.I)


def _lowered(line: str) -> str:
    """Return a line in lower case, in which the patterns above are found several times faster than regardless of case.

    Nothing moves: where lower case is longer ("İ"), the line stays as it is.
    """
    low = line.lower()
    return low if len(low) == len(line) else line


def announced(line: str) -> int | None:
    """Return the number of comments that a heading announces ("8 thoughts on …"), None if it announces none."""
    line = _lowered(line)
    match = _COUNT.match(line) or _COUNT_AFTER.match(line) or _COUNT_LAST.search(line) or _COUNT_MIDDLE.search(line)
    if not match:
        return None
    count = match["count"].casefold()
    return _NUMBER_WORDS[count] if count in _NUMBER_WORDS else int(re.sub(r"\D", "", count))


def titled(line: str) -> str | None:
    """Return the title that a heading repeats (`8 thoughts on “…”`)."""
    match = _TITLE.search(line) if _COUNT.match(_lowered(line)) else None
    return match[1].strip() if match else None


def is_heading(line: str) -> bool:
    """Tell whether a line opens a comment section."""
    return len(line) < 200 and (announced(line) is not None or _is_bare_heading(line)) and not is_side(line)


def _is_bare_heading(line: str) -> bool:
    line = _lowered(line)
    return bool(_HEADING.match(line) or _HEADING_AND_FORM.match(line))


def is_form(line: str) -> bool:
    """Tell whether a line opens the form under the comments, where the discussion ends."""
    line = _lowered(line)
    return bool(_FORM.match(line)) and not _HEADING_AND_FORM.match(line)


def is_side(line: str) -> bool:
    """Tell whether a line opens what stands beside or below a discussion: archives, related posts, a footer."""
    return len(line) < 160 and bool(_SIDE.search(_lowered(line)))


def is_more(line: str) -> bool:
    """Tell whether a line leads to further comments that are not here."""
    return bool(_MORE.match(_lowered(line)))


def is_leftover(line: str) -> bool:
    """Tell whether a whole line is a button or a notice of the page and no part of a comment."""
    line = _lowered(line) if len(line) < 160 else ""
    return bool(line) and bool(_LEFTOVER.match(line) or _MORE.match(line))


def is_teaser(line: str) -> bool:
    """Tell whether a line leads from the beginning of a post to the rest of it or to its comments."""
    return bool(_TEASER.match(line)) or (len(line) < 20 and announced(line) is not None and not is_leftover(line))


def without_button(line: str) -> str:
    """Return the last line of a text without the button that sticks to its end ("…projects.Report", "… Mehr")."""
    return _STUCK.sub("", line)


def is_answer_button(line: str) -> bool:
    """Tell whether a line is a button that only comments have ("Reply", "Report")."""
    return len(line) < 60 and bool(_ANSWER.search(_lowered(line))) and is_leftover(line)


def is_role(line: str) -> bool:
    """Tell whether a line or the end of a byline marks the author of the post ("Author")."""
    return bool(_ROLE.search(f" {line[-80:]}"))


def without_role(words: str) -> str:
    """Return a name without the mark of the post's author behind it; a name that is nothing else stays."""
    return _ROLE.sub("", words) or words


def is_nobody(name: str) -> bool:
    """Tell whether a name is what software calls writers without one."""
    return bool(_NOBODY.match(name))


def answered(line: str) -> str | None:
    """Return whom a line such as `In reply to Some title by Gyre` names; None for other lines."""
    match = _ANSWERS.match(line)
    if not match:
        return None
    name = _ANSWERED_NAME.match(match["whom"])
    return (name["name"] if name else match["whom"]).strip(" .:")


def pingback(line: str) -> tuple[str, str] | None:
    """Return the kind ("pingback" or "trackback") and title of a line such as `Pingback: Some title`."""
    match = _PINGBACK.match(line)
    if not match:
        return None
    return "trackback" if match["kind"].casefold() == "trackback" else "pingback", match["title"].strip()


def is_excerpt(body: str) -> bool:
    """Tell whether a text is what WordPress shows of a page that links here: `[…] words around the link […]`."""
    return bool(_EXCERPT.match(body))


def said(line: str) -> tuple[str, str] | None:
    """Return the author of a line such as `Gyre says: …` and what stands behind the verb; None for other lines."""
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    low = _lowered(line)
    match = _VERB.search(low, 1, 120) or _GLUED.search(low, 1, len(first) + 2)
    author = line[: match.start()] if match else ""
    if not match or len(author.split()) > 16:
        return None
    return without_role(author).strip(" *–—-|·"), line[match.end() :].lstrip(" :：….,").strip()
