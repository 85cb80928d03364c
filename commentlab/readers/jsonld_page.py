"""Pages that tell of comments, or of answers to a question, in JSON-LD and in the words of schema.org.

Source: https://schema.org/Comment, https://schema.org/Answer and https://schema.org/DiscussionForumPosting.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from commentlab import dom, fields
from commentlab.documents import get, listed
from commentlab.fields import Fields
from commentlab.plugin import Clue, Format, Source
from commentlab.records import Problem, Thread

FORMAT = Format(name="jsonld_page", title="Page with comments in JSON-LD (HTML)", extensions=(".html", ".htm"))

_SCRIPTS = 'script[type="application/ld+json"]'
_REPLIES = ("comment", "acceptedAnswer", "suggestedAnswer")
_AUTHOR = "author.name author.0.name author creator.name creator"
_ACCOUNT = "author.@id author.url author.0.url"
_POST = Fields(
    title="headline name",
    text="articleBody text description",
    author=_AUTHOR,
    when="datePublished dateCreated",
    url="url mainEntityOfPage.@id mainEntityOfPage @id",
)
_COMMENT = Fields(
    id="@id identifier url",
    text="text commentText articleBody description",
    author=_AUTHOR,
    account=_ACCOUNT,
    when="dateCreated datePublished commentTime",
    parent="parentItem.@id parentItem.url parentItem",
    votes="upvoteCount interactionStatistic.userInteractionCount",
    url="url @id",
)


def sniff(source: Source) -> Clue | None:
    """Look for comments and answers in the page's scripts."""
    if source.size > dom.LIMIT or not dom.is_html(source):
        return None
    scripts = [script.text() for script in dom.select(dom.page(source), _SCRIPTS)]
    key = next((key for key in _REPLIES if any(f'"{key}"' in script for script in scripts)), None)
    # The markup of the same page keeps paragraphs, which JSON-LD often does not; so its readers go first.
    return Clue(score=0.45, why=f"its JSON-LD has {key!r}") if key else None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of the first object that has comments; those that nobody signed are a site's own."""
    things = list(_things(dom.page(source)))
    named = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and len(thing) > 1}
    seen: set[int] = set()
    for thing in things:
        items = list(_entries(thing, named, seen)) if not _is(thing, "Comment", "Answer", "Review") else []
        if any(get(item, _COMMENT.text) and get(item, f"{_AUTHOR} {_COMMENT.when}") for item, _ in items):
            problems: list[Problem] = []
            post = fields.post(thing, _POST, source)
            table = replace(_COMMENT, roots=frozenset(str(get(thing, path)) for path in ("@id", "url")))
            comments = fields.comments(items, table, source, problems, account=get(thing, _ACCOUNT))
            declared = get(thing, "commentCount answerCount")
            yield fields.thread(post, comments, source, FORMAT.name, problems, declared=declared)
            return


def _things(page: dom.Page) -> Iterator[dict[str, Any]]:
    """Yield the objects of all JSON-LD on a page, outer ones first."""
    for script in dom.select(page, _SCRIPTS):
        try:
            stack = [json.loads(script.text(), strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            thing = stack.pop()
            if isinstance(thing, dict):
                if _is(thing, "FAQPage"):
                    continue
                yield thing
            inner = list(thing.values()) if isinstance(thing, dict) else listed(thing)
            stack += [each for each in reversed(inner) if isinstance(each, dict | list)]


def _entries(thing: dict[str, Any], named: dict[str, Any], seen: set[int]) -> Iterator[tuple[Any, Any]]:
    """Yield the comments under an object that were not seen before, each with the comment above it.

    A bare `@id` stands for what it names.
    """
    stack = [(item, None) for item in reversed(_replies(thing, named))]
    while stack:
        item, above = stack.pop()
        if id(item) not in seen:
            seen.add(id(item))
            yield item, above
            stack += [(reply, item) for reply in reversed(_replies(item, named))]


def _replies(thing: dict[str, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
    given = [thing.get(key) for key in _REPLIES]
    items = [each for value in given for each in (value if isinstance(value, list) else [value])]
    whole = [
        named.get(str(each.get("@id")), each) if len(each) == 1 else each for each in items if isinstance(each, dict)
    ]
    return [each for each in whole if not _is(each, "Review", "Action")]


def _is(thing: dict[str, Any], *types: str) -> bool:
    stated = thing.get("@type")
    return any(str(each).endswith(types) for each in (stated if isinstance(stated, list) else [stated]))
