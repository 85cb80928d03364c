"""Any page with comments: finds the repeated blocks that carry an author, a date and a body, whatever printed them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from commentlab import blocks, dates, dom, text
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Comment, Link, Post, Thread, When

_LATER_PAGE = re.compile(r"(?:page|start|offset|seite|pagina)[-=/]?(?![01]\b)\d+|thread-\d+-(?!1-)\d+-", re.I)

FORMAT = Format(name="html", title="any page with comments (HTML)", extensions=(".html", ".htm", ".xhtml"))


def sniff(source: Source) -> Clue | None:
    """Take any page, after the readers that know what printed it."""
    if source.size > dom.LIMIT or not dom.is_html(source):
        return None
    return Clue(score=0.2, why="an HTML page; its repeated blocks tell whether it holds comments")


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a page; nothing where no blocks are surely comments."""
    page = dom.page(source)
    if page.tree.body is None:
        return
    found = blocks.discussion(dom.outline(page.tree.body))
    if found is None:
        return
    facts = dom.facts(page)
    opening, entries = _opened(found, facts)
    order = dates.order_of(entry.when.raw for entry in found.entries if entry.when)
    post = _post(found, opening, facts, source)
    yield Thread(
        id=post.id,
        post=post,
        comments=_comments(entries, facts, source, order),
        source=source.name,
        reader=FORMAT.name,
        declared_count=found.declared,
        problems=page.problems,
    )


def _opened(
    found: blocks.Discussion, facts: dom.Facts
) -> tuple[blocks.Entry | None, Sequence[tuple[blocks.Entry, int | None]]]:
    """Take the message that opens a topic for the post; pair the others with the position of what they answer."""
    paired = [(entry, entry.parent) for entry in found.entries]
    if not found.forum or _LATER_PAGE.search(facts.url or ""):
        return None, paired
    opening, *rest = found.entries
    return opening, [(entry, entry.parent - 1 if entry.parent else None) for entry in rest]


def _post(found: blocks.Discussion, opening: blocks.Entry | None, facts: dom.Facts, source: Source) -> Post:
    title = dom.title(facts)
    body = opening.text if opening else found.post
    stated = dates.parse(facts.published or "", zone=source.timezone, now=source.fetched).time
    key = (facts.url or "", title, body[:500])
    return Post(
        id=text.fingerprint(*key) if any(key) else text.fingerprint(source.name),
        title=title,
        text=body,
        url=facts.url,
        author=opening.author if opening else facts.author,
        published=opening.when.time if opening and opening.when else stated,
    )


def _comments(
    entries: Sequence[tuple[blocks.Entry, int | None]], facts: dom.Facts, source: Source, order: dates.Order | None
) -> tuple[Comment, ...]:
    ids = _ids([entry for entry, _ in entries])
    return tuple(
        Comment(
            id=own,
            text=entry.text,
            author=entry.author,
            when=_settled(entry.when, source, order),
            link=Link(parent_id=ids[parent]) if parent is not None else None,
            quotes=entry.quotes,
            kind=entry.kind,
            status=entry.status,
            by_post_author=entry.by_post_author,
            votes=entry.votes,
            url=_address(entry.url, facts),
        )
        for (entry, parent), own in zip(entries, ids, strict=True)
    )


def _ids(entries: Sequence[blocks.Entry]) -> list[str]:
    """Return the markup's own ids where they tell the comments apart, else ids made of author and text."""
    own = [entry.id for entry in entries]
    if None not in own and len(set(own)) == len(own):
        return [each for each in own if each is not None]
    uses, made = Counter(own), Counter[str]()
    found: list[str] = []
    for entry in entries:
        name = entry.id if entry.id and uses[entry.id] == 1 else text.fingerprint(entry.author, entry.text)
        made[name] += 1
        found.append(name if made[name] == 1 else f"{name}-{made[name]}")
    return found


def _settled(when: When | None, source: Source, order: dates.Order | None) -> When | None:
    """Read a date again, now that the thread's order of day and month and the time of its saving are known."""
    if when is None or not (when.ambiguous or when.time is None or (source.timezone and when.zone_assumed)):
        return when
    return dates.parse(when.raw, zone=source.timezone, order=order, now=source.fetched)


def _address(href: str | None, facts: dom.Facts) -> str | None:
    full = dom.joined(facts.base or facts.url, href) if href else ""
    return full if re.match(r"https?://", full) else None
