"""Comments to label as data for the browser: one at a time, big, by the keyboard alone.

The browser shows what was pressed at once, and keeps a list of it until the server says that it has heard of it: keys
that come faster than answers are not lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from commentlab import plugin, text
from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.records import Camp, Comment, Correction, ScoredThread
from commentlab.reporting import GLYPHS
from commentlab.reporting.colours import RELATIONS, colours

KEYS = {
    "relation": {"agree": "a", "disagree": "d", "query": "q", "neutral": "n"},
    "sentiment": {"negative": "-", "neutral": "0", "positive": "+"},
}
POST = 6000
"""Characters of the post that are shown."""

_SIGNS = {"negative": "−", "neutral": "0", "positive": "+"}


def draw(data: Mapping[str, Any], on_press: Callable[[], None], *, key: str) -> None:
    """Draw comments to label; when `on_press` is called, `st.session_state[key]["pressed"]` is what was pressed.

    That is a list of `{number, comment, task, value}`, or `{number, undo: True}`, in rising numbers.
    """
    part("labelling")(key=key, data=data, default={"pressed": []}, on_pressed_change=on_press)


def describe(
    scored: ScoredThread,
    queue: Iterable[tuple[str, str]],
    camps: Sequence[Camp],
    given: Iterable[Correction],
) -> dict[str, Any]:
    """Return what the browser has to know of a queue.

    Args:
        scored: The thread with the classifiers' labels, which are not shown: they would lead the coder.
        queue: Ids of comments, and why each is in it.
        camps: The camps to choose from.
        given: What this coder said already.

    Returns:
        `title`, `post`, `tasks` (name, title, and `values` with key, sign, colour and meaning) and `items`: comments
        with their parents, why they are here, the tasks that concern them and what was said of them.
    """
    comments = {comment.id: comment for comment in scored.thread.comments}
    names = wording.authors(scored.thread.comments)
    asked: dict[str, list[str]] = {}
    for label in scored.labels:
        asked.setdefault(label.comment_id, []).append(label.task)
    said: dict[str, dict[str, str | None]] = {}
    for each in given:
        said.setdefault(each.comment_id, {})[each.task] = each.value
    post = scored.thread.post
    return {
        "thread": scored.thread.id,
        "title": post.title,
        "post": post.text if len(post.text) <= POST else text.shorten(post.text, POST),
        "proposition": scored.proposition,
        "tasks": [task for task in _tasks(camps) if task["values"]],
        "items": [
            _item(comments[name], comments, names)
            | {"reason": wording.REASONS[reason], "tasks": asked.get(name, []), "given": said.get(name, {})}
            for name, reason in queue
        ],
    }


def _tasks(camps: Sequence[Camp]) -> Iterable[dict[str, Any]]:
    colour = colours({camp.name: camp.side for camp in camps})
    yield {
        "name": "stance",
        "title": wording.TASKS["stance"],
        "values": [
            {"value": camp.name, "key": str(number), "colour": colour[camp.name], "meaning": camp.meaning}
            for number, camp in enumerate(camps[:9], 1)
        ],
    }
    for task, keys in KEYS.items():
        signs = GLYPHS if task == "relation" else _SIGNS
        yield {
            "name": task,
            "title": wording.TASKS[task],
            "values": [
                {
                    "value": value,
                    "key": keys[value],
                    "sign": signs[value],
                    "colour": RELATIONS.get(value, "") if task == "relation" else "",
                    "meaning": "",
                }
                for value in plugin.tasks()[task].VALUES
            ],
        }


def _item(comment: Comment, comments: Mapping[str, Comment], names: Mapping[str, str]) -> dict[str, Any]:
    parent = comments.get(comment.parent_id or "")
    return {
        "id": comment.id,
        "author": names[comment.id],
        "date": wording.date(comment.when),
        "text": comment.text,
        "quotes": comment.quotes,
        "parent": {"author": names[parent.id], "text": parent.text} if parent else None,
    }
