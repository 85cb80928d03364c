"""One thread in several files: comment pages, a page saved again, a page and its feed, a folder with a file an entry.

This comes before the repair, so that a reply finds its parent in another file. Nothing is doubled and nothing is lost:
a comment that a later file no longer has stays, with a problem `gone`; one whose text changed has a problem `edited`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import PurePath
from urllib.parse import parse_qsl, urlencode, urlsplit

from commentlab import joining, matching, text
from commentlab.records import Post, Problem, Thread

NAMED = 20
"""Files that the problem `merged` names."""
_SHELF = 20
_START = 200
_PAGE = re.compile(r"(?:/(?:comment-page-\d+|comments|feed|amp))*/*$", re.I)
_NO_POST = re.compile(r"cpage|comment-page|replytocom|showcomment|page|m|amp|feed|utm_\w+", re.I)


def merge(threads: Iterable[Thread]) -> list[Thread]:
    """Make one thread of those that are the same discussion, for files that are said to belong together.

    They are the same if their ids prove it, if the post has the same address (whatever comment page it names) or the
    same title and no other address, or if they share half of their comments. A thread that says nothing of its post
    belongs to the discussion of the other files if there is only one.

    Args:
        threads: As readers deliver them, before the repair.

    Returns:
        The threads, each in the place of the first of its files.
    """
    held = list(threads)
    return [_joined([held[i] for i in group]) for group in _gathered(held, _groups(held, _clues, _related))]


def merge_proven(threads: Iterable[Thread]) -> list[Thread]:
    """Do what `merge` does for those threads alone whose ids prove that they are the same discussion."""
    held = list(threads)
    return [
        _joined([held[i] for i in group]) for group in _groups(held, _ids, lambda one, other, _: _proven(one, other))
    ]


def page_of(url: str | None) -> str:
    """Return the part of an address that names the post: without comment page, fragment, scheme and "www."."""
    try:
        parts = urlsplit(url or "")
        query = [(key, value) for key, value in parse_qsl(parts.query) if not _NO_POST.fullmatch(key)]
    except ValueError:  # "http://[" is taken for an IPv6 address
        return url or ""
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{_PAGE.sub('', parts.path)}{'?' if query else ''}{urlencode(query)}"


def _ids(thread: Thread) -> Iterator[Hashable]:
    yield thread.id


def _clues(thread: Thread) -> Iterator[Hashable]:
    yield thread.id
    yield from (("page", page) for page in [page_of(thread.post.url)] if page)
    yield from (("title", title) for title in [text.fold(thread.post.title)] if title)
    yield from chain.from_iterable(map(matching.edges, thread.comments))


def _groups(
    threads: Sequence[Thread],
    clues: Callable[[Thread], Iterable[Hashable]],
    related: Callable[[Thread, Thread, int], bool],
) -> list[list[int]]:
    """Return the places of related threads, also by way of others; only those with a clue in common are compared."""
    group = list(range(len(threads)))
    members = {i: [i] for i in group}
    shelves: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, thread in enumerate(threads):
        found = set(clues(thread))
        for j, common in sorted(Counter(j for clue in found for j in shelves[clue]).items()):
            if group[i] != group[j] and related(threads[j], thread, common):
                kept, given = sorted((group[i], group[j]))
                for member in members[given]:
                    group[member] = kept
                members[kept] += members.pop(given)
        for clue in found:
            if len(shelves[clue]) < _SHELF:
                shelves[clue].append(i)
    return [sorted(members[i]) for i in sorted(members)]


def _gathered(threads: Sequence[Thread], groups: list[list[int]]) -> list[list[int]]:
    """Let files that say nothing of their post join the one discussion that there is, if it is only one."""
    counts = Counter(thread.source for thread in threads)

    def is_loose(group: list[int]) -> bool:
        only = threads[group[0]]
        return len(group) == counts[only.source] == 1 and not (only.post.title or only.post.url)

    firm = sum(not is_loose(group) for group in groups)
    return [sorted(chain.from_iterable(groups))] if groups and firm <= 1 else groups


def _proven(one: Thread, other: Thread) -> bool:
    """Tell whether ids prove one discussion: that of the thread, and those of comments or what is known of the post."""
    if one.id != other.id:
        return False
    before = {comment.id: comment for comment in one.comments}
    pairs = [(before[comment.id], comment) for comment in other.comments if comment.id in before]
    if pairs:
        other_form = one.reader != other.reader
        return 2 * sum(matching.same(*pair, other_form=other_form) for pair in pairs) >= len(pairs)
    if one.post.url or one.post.title or one.post.text:
        return bool(one.post.url or (one.post.title and one.post.text))  # many posts have the title "Open thread"
    return one.source != other.source and PurePath(one.source).parent == PurePath(other.source).parent


def _related(one: Thread, other: Thread, common: int) -> bool:
    return _proven(one, other) or _same_post(one.post, other.post) or _share(one, other, common)


def _same_post(one: Post, other: Post) -> bool:
    pages = {page for page in (page_of(one.url), page_of(other.url)) if page}
    titles = {text.fold(post.title) for post in (one, other) if post.title}
    starts = {text.fold(post.text[: 5 * _START])[:_START] for post in (one, other) if post.text}
    if one.url and other.url:
        return len(pages) == 1 and (len(titles) < 2 or len(starts) < 2)
    return bool(one.title and other.title) and len(titles) == 1 and len(starts) < 2


def _share(one: Thread, other: Thread, common: int) -> bool:
    """Tell whether two threads have half of the comments of the smaller one in common, and more than one.

    With fewer clues in common than that they cannot, and need not be compared.
    """
    needed = max(2, min(len(one.comments), len(other.comments)) / 2)
    other_form = one.reader != other.reader
    return common >= needed and matching.shared(one.comments, other.comments, other_form=other_form) >= needed


def _joined(group: Sequence[Thread]) -> Thread:
    """Make one thread of some, which are in the order in which they were given."""
    if len(group) == 1:
        return group[0]
    comments, problems = joining.join(sorted(group, key=_newest))
    fullest = min(group, key=lambda thread: (-len(thread.post.text), len(thread.post.url or ""), thread.id))
    counts = [thread.declared_count for thread in group if thread.declared_count is not None]
    valid = (problem for problem in problems if problem.code != "no-comments" or not comments)
    return Thread(
        id=fullest.id,
        post=_post([fullest, *group]),
        comments=comments,
        source=group[0].source,
        reader=group[0].reader,
        declared_count=max(counts, default=None),
        problems=(*dict.fromkeys(valid), _merged(group)),
    )


def _newest(thread: Thread) -> datetime:
    """Return the time of the newest comment: of two files the one with the newer comment was made later."""
    times = (comment.published for comment in thread.comments if comment.published)
    return max(times, default=datetime.min.replace(tzinfo=UTC))


def _post(threads: Sequence[Thread]) -> Post:
    """Return the post of the first thread, completed from the others."""
    posts = [thread.post for thread in threads]
    return replace(
        posts[0],
        title=next((post.title for post in posts if post.title), ""),
        url=next((post.url for post in posts if post.url), None),
        author=next((post.author for post in posts if post.author), None),
        published=next((post.published for post in posts if post.published), None),
    )


def _merged(group: Sequence[Thread]) -> Problem:
    files = Counter(f"{thread.source} ({thread.reader})" for thread in group[1:])
    named = ", ".join(list(files)[:NAMED]) + (f" and {len(files) - NAMED} more" if len(files) > NAMED else "")
    return Problem(code="merged", message=f"{len(group)} files hold this discussion; the others are {named}")
