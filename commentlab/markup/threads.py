"""From a page and the tables that may describe it to a thread."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from commentlab import dates, dom, fields, phrases, text
from commentlab.markup import entries, spots
from commentlab.markup.families import Family, Spot, Spots
from commentlab.markup.spots import Holdings
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Post, Problem, Thread

_POST: Spots = (Spot("[itemprop=articleBody],.entry-content,.post-content,.post-body,.entry-body"), Spot("article"))


_HEADINGS: Spots = (
    Spot("#comments h2,#comments h3,#comments h4,.comments h2,.comments h3,.comments h4,.comments-title"),
)
_POST_LENGTH = 400  # teasers of other posts are shorter


def sniff(source: Source, program: str, families: Iterable[Family], *, score: float = 0.95) -> Clue | None:
    """Look for the comments of a program's pages, and for what proves that they are its.

    Args:
        source: What is looked at.
        program: Its name for people.
        families: Its tables.
        score: How sure that makes.
    """
    if source.size > dom.LIMIT or not dom.is_html(source):
        return None
    page = dom.page(source)
    family = next((each for each in families if _fits(each, page)), None)
    return Clue(score=score, why=f"it marks comments as {program} does ({family.comment[:40]})") if family else None


def _fits(family: Family, page: dom.Page) -> bool:
    return dom.holds(page, *filter(None, (family.comment, family.proof)))


def read(source: Source, format: Format, families: Iterable[Family]) -> Iterator[Thread]:
    """Yield the thread of a page by the first table that finds comments; nothing where none does."""
    page = dom.page(source)
    for family in families:
        if _fits(family, page):
            held = spots.holdings(page, family)
            if held.nodes and (thread := _thread(page, family, held, source, format)):
                yield thread
                return


def _thread(page: dom.Page, family: Family, held: Holdings, source: Source, format: Format) -> Thread | None:
    post, site = _post(page, family, held, source)
    comments = entries.comments(family, held, site, source.timezone)
    opening = next((each for each in comments if family.opening and each.id == family.opening), None)
    post = _opened(post, opening) if opening else post
    comments = [_answering(each, post, family, opening) for each in comments if each is not opening]
    if not any(comment.text for comment in comments):
        return None
    return Thread(
        id=post.id,
        post=post,
        comments=tuple(comments),
        source=source.name,
        reader=format.name,
        declared_count=_declared(page, family, held),
        problems=(*page.problems, *_missing(page, family)),
    )


def _answering(comment: Comment, post: Post, family: Family, opening: Comment | None) -> Comment:
    """Set what a comment has to do with the post: whether its author wrote it, whether it answers it."""
    if family.accounts and comment.author and comment.author == post.author:
        comment = replace(comment, by_post_author=True)
    return replace(comment, link=None) if opening and comment.parent_id == opening.id else comment


def _declared(page: dom.Page, family: Family, held: Holdings) -> int | None:
    """Return the number of comments that the page announces: where the table says, else in a heading over them."""
    for shown in spots.anywhere(page, family.count, held):
        count = dom.announced(shown)
        if (count := spots.number(shown) if count is None else count) is not None:
            return count
    headings = (phrases.announced(shown) for shown in spots.anywhere(page, _HEADINGS, held))
    return next((count for count in headings if count is not None), None)


def _missing(page: dom.Page, family: Family) -> Iterator[Problem]:
    stubs = [spots.number(node.text()) for node in dom.select(page, family.more)]
    if stubs:
        counted = sum(filter(None, stubs)) if all(stubs) else None
        yield fields.missing(counted, "they were not loaded when the page was saved")


def _post(page: dom.Page, family: Family, held: Holdings, source: Source) -> tuple[Post, str]:
    """Return what a page says of its post, and the address that completes others."""
    facts = dom.facts(page)

    def first(table: Spots) -> str:
        return next(spots.anywhere(page, table, held), "")

    title = first(family.title) or dom.title(facts)
    body = _longest(page, (*family.post_body, *_POST), held, family)
    name, day = spots.byline(first(family.post_byline))
    written = filter(None, (first(family.post_when), facts.published or "", day))
    published = spots.moment(written, source.timezone, dates.order_of([day]))
    key = (facts.url or "", title, body[:500])
    post = Post(
        id=text.fingerprint(*key) if any(key) else text.fingerprint(source.name),
        title=title,
        text=body,
        url=facts.url,
        author=fields.person(first(family.post_author) or facts.author or (name if day else "")),
        published=published.time if published else None,
    )
    return post, facts.base or facts.url or ""


def _opened(post: Post, opening: Comment) -> Post:
    """Fill in a post that is, by its markup, the first of the comments."""
    key = (post.url or "", post.title, opening.text[:500])
    return replace(
        post, id=text.fingerprint(*key), text=opening.text, author=opening.author, published=opening.published
    )


def _longest(page: dom.Page, table: Spots, held: Holdings, family: Family) -> str:
    """Return the text of the first spot that is as long as a post is, else the longest of all; comments are no part."""
    longest = ""
    for spot in table:
        nodes = [
            node for node in dom.select(page, spot.css) if held.owner(node) is None and node.mem_id not in held.around
        ]
        shown = max((spots.body(dom.outline(node), family.aside)[0] for node in nodes), key=len, default="")
        longest = max(longest, shown, key=len)
        if len(longest) >= _POST_LENGTH:
            break
    return longest
