"""What the names in markup mean: classes, ids and item properties, word by word, in several languages."""

import re
from functools import lru_cache
from itertools import pairwise

COMMENT = 1
"""Surely about comments."""
TALK = 2
"""What forums call a comment, and other things as well."""
MANY = 4
BODY = 8
AUTHOR = 16
DATE = 32
ASIDE = 64
"""Controls and notes around a comment: buttons, votes, badges, statistics of the user, signatures."""
VOTES = 128
SIDE = 256
"""What stands beside a discussion or is no discussion: widgets, teasers, tickers, menus."""
REVIEW = 512
NEST = 1024
MINE = 2048
"""A comment by the author of the post."""
SIGNATURE = 4096
PARENT = 8192
PENDING = 16384
GOODS = 32768
"""Something to buy."""
PING = 65536
HEAD = 131072
"""Where name and date stand."""
GONE = 262144
PART = BODY | AUTHOR | DATE | ASIDE

_WORDS = {
    COMMENT: "replies reactie reacties reaction reactions cmnt cmnts cmt cmts comm comms coms opiniones vcards"
    " kommentti responses commtext gbook",
    TALK: "post posts postbit postbitlegacy posting postings message messages msg beitrag beiträge beitraege forum"
    " topic thread answer answers mensaje mensajes mensagem nachricht nachrichten conversation chat note notes"
    " shout shouts opinion postbody postdetails posttext postmessage opinions reply response t pid pst"
    " contribution discussion pm tid member vcard",
    MANY: "comments replies posts messages kommentare commentaires comentarios answers responses reacties opiniones"
    " list lists area wrap wrapper container section tree stream holder all feed group items page respond form"
    " title heading header count counter number nav pagination thread threads region",
    BODY: "body text texte texto testo copy message msg inhalt contenido contenu corps cuerpo entry description"
    " markdown usertext bd excerpt words content postbody commenttext commentbody commentcontent messagetext"
    " posttext postmessage kmsgtext txt vcontent tekst bericht",
    AUTHOR: "user username users name names nick nickname poster member byline by fn vcard auteur autor autore author"
    " pseudo pseudonym pseudonyme usuario benutzer nutzer profile who creator person signed owner commenter"
    " displayname screenname handle writer verfasser absender vnick authi authors commentauthor hnuser naam"
    " navn namn nome nombre firma firmante imie",
    DATE: "date dates time times datetime fecha datum quand heure hora when ago age timestamp created zeit posted"
    " vtime pubdate postdate dateline published permalink moment tiempo tempo commentdate updated"
    " datepublished datecreated timeago meta metadata",
    ASIDE: "reply edit like likes liked unlike dislike dislikes vote votes voting upvote upvotes downvote downvotes"
    " rating ratings star stars karma thumb thumbs report flag share sharing social action actions tool tools"
    " toolbar button buttons btn btns avatar avatars gravatar userpic toggle moderation nav navigation menu"
    " control controls respond readmore badge badges rank ranks stat stats statistics sig form icon icons"
    " dropdown tooltip popup hovercard says hide collapse expand permalink links inreplyto usertitle online"
    " userinfo userdetails extra options edited lastedit breadcrumb breadcrumbs quotelink recommend"
    " recommended recommendation helpful sharedaddy antworten",
    VOTES: "vote votes like likes score karma points punkte thumb thumbs helpful upvotes upvote count",
    SIDE: "sidebar widget widgets related recent latest newest teaser teasers trending popular ticker liveticker"
    " product products carousel slider menu nav navigation search results archive archives toc tagcloud promo"
    " advert newsletter recommended recommendations headlines similar breaking complementary contentinfo"
    " neueste derniers recientes ultimos recentcomments lastcomments letzte live",
    REVIEW: "review reviews bewertung bewertungen rezension rezensionen testimonial testimonials product products"
    " avis valoracion valoraciones rating ratings stars sterne",
    NEST: "child children replies reply nested answers antworten respuestas réponses reponses risposte respostas"
    " responses thread descendants branch deep vquote sub",
    MINE: "bypostauthor postauthor isauthor isop submitter blogauthor",
    SIGNATURE: "signature sig signatur signatures",
    PARENT: "parent inreplyto replyto respuesta replying parentcomment",
    PENDING: "moderation unapproved pending",
    GOODS: "product offers offer pricecurrency sku",
    HEAD: "header head meta metadata info infos byline details tagline submitted topline postdetails posted title bar",
    GONE: "deleted removed",
    PING: "pingback pingbacks trackback trackbacks",
}
_STEMS = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (
            COMMENT,
            r"comment(?!ator)|kommentar|coment[aá]ri|komentar|commenti|antwort|respuesta|r[eé]ponse|risposta|resposta",
        ),
        (COMMENT, r"reageer|disqus|guestbook|g[aä]stebuch|pinglun|liuyan|huifu|wpdiscuz"),
        (TALK, r"^post(?:bit|list|row)|messagelist|kmsg"),
        (MANY, r"comments|kommentare|comentarios|commentaires|.list$|.wrapper$|.container$|comment(?:area|form|count)"),
        (BODY, r".content$|(?<!any|ome|ery)body$|(?<!con)text$|^text.|^content."),
        (AUTHOR, r"author|autor|username|nickname|(?:comment|user|real|full|poster|display)name$|commenter"),
        (DATE, r"(?:comment|post|pub|publish|entry|created?|reply|message)(?:date|time)$|^date.|timestamp|datetime"),
        (SIDE, r"sidebar|teaser|ticker|recentpost|relatedpost"),
        (NEST, r"^indent|^subcomment|^child"),
        (ASIDE, r"signature|.vote$|^vote.|^share|.share$|^like|.likes?$|.button$|.btn$|.avatar$"),
        (SIGNATURE, r"signature"),
        (MINE, r"bypostauthor"),
    )
)
_PAIRS = {
    ("post", "author"): MINE,
    ("by", "author"): MINE,
    ("is", "author"): MINE,
    ("blog", "author"): MINE,
    ("topic", "starter"): MINE,
    ("thread", "starter"): MINE,
    ("original", "poster"): MINE,
    ("in", "reply"): PARENT,
    ("reply", "to"): PARENT,
    ("user", "title"): ASIDE,
    ("user", "info"): ASIDE,
    ("post", "count"): ASIDE,
    ("read", "more"): ASIDE,
    ("awaiting", "moderation"): PENDING,
}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPLIT = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_ALTERNATING = {"odd", "even", "alt"}


@lru_cache(maxsize=65536)
def _word(word: str) -> int:
    roles = _exact().get(word, 0)
    for role, stem in _STEMS:
        if not roles & role and stem.search(word):
            roles |= role
    return roles


@lru_cache(maxsize=1)
def _exact() -> dict[str, int]:
    table: dict[str, int] = {}
    for role, words in _WORDS.items():
        for word in words.split():
            table[word] = table.get(word, 0) | role
    return table


@lru_cache(maxsize=16384)
def roles(listed: str) -> int:
    """Say what an element of these names (its classes, id and item property, as written) may be: roles as bits."""
    words = _SPLIT.findall(_HUMP.sub("-", _NUMBER.sub(" ", listed)).lower())
    found = 0
    for word in words:
        found |= _word(word)
    for pair in pairwise(words):
        found |= _PAIRS.get(pair, 0)
    return found


@lru_cache(maxsize=16384)
def tokens(listed: str) -> tuple[str, ...]:
    """Return the single names of a list of classes, `#` for numbers; those that alternate by row are one name."""
    found = (_NUMBER.sub("#", each.lower()) for each in listed.split())
    return tuple(dict.fromkeys("odd" if each in _ALTERNATING else each for each in found))


@lru_cache(maxsize=16384)
def shape(ident: str) -> str:
    """Return an id with `#` for its numbers, which is what the ids of a page's comments have in common."""
    return _NUMBER.sub("#", ident)
