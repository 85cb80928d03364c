"""Comments that belong together: who changed their mind, who talks with whom, what to check."""

from collections.abc import Mapping, Sequence
from typing import Any

from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.dashboard.parts.discussion import camps
from commentlab.frames import rows
from commentlab.insight import Findings
from commentlab.records import ScoredThread

_SUSPECTS = {"stance": "the camp of the answer", "relation": "that it agrees", "parent_stance": "the camp answered"}

Case = Mapping[str, Any]
"""`title`, `note` and `comments`, each with `id, author, text, camp, colour`."""


def draw(cases: Sequence[Case], *, key: str) -> str | None:
    """Draw cases and return the id of the comment that was just clicked."""
    found: str | None = part("cases")(key=key, data={"cases": list(cases)}, on_comment_change=_nothing).comment
    return found


class Cases:
    """The cases that findings tell of one thread."""

    def __init__(self, scored: ScoredThread, findings: Findings) -> None:
        self._comments = {comment.id: comment for comment in scored.thread.comments}
        self._names = wording.authors(scored.thread.comments)
        self._titles = {camp["name"]: (camp["title"], camp["colour"]) for camp in camps(findings)}
        self._camps = {
            label.comment_id: label.value or "abstained" for label in scored.labels if label.task == "stance"
        }
        self._findings = findings

    def flips(self) -> list[Case]:
        """Return who changed sides, with the last comment before and the first after."""
        return [
            _case(flip["author"], "", self._said(flip["from_id"]), self._said(flip["to_id"]))
            for flip in rows(self._findings.flips)
        ]

    def conversations(self) -> list[Case]:
        """Return who talks to and fro across the camps, with the first comment and the last."""
        return [
            _case(
                f"{talk['author']} and {talk['other']}",
                f"{wording.count(talk['replies'], 'answer')} to and fro; the first comment and the last:",
                self._said(talk["first_id"]),
                self._said(talk["last_id"]),
            )
            for talk in rows(self._findings.conversations)
        ]

    def contradictions(self) -> list[Case]:
        """Return agreement with the other side, and which of the labels is least sure."""
        return [
            _case(
                f"{self._names[found['comment_id']]} agrees with {self._names[found['parent_id']]} from the other side",
                f"Least sure is {_SUSPECTS[found['suspect']]}: {100 * found['confidence']:.0f} %",
                self._said(found["parent_id"]),
                self._said(found["comment_id"]),
            )
            for found in rows(self._findings.contradictions)
        ]

    def notes(self, kind: str) -> list[Case]:
        """Return the sentences of a kind of `Findings.notes`."""
        found = self._findings.notes
        return [
            _case("", "", self._said(note["comment_id"]) | {"text": note["text"]})
            for note in rows(found[found["kind"] == kind])
        ]

    def _said(self, comment_id: str) -> dict[str, Any]:
        title, colour = self._titles.get(self._camps.get(comment_id, ""), ("", ""))
        text = self._comments[comment_id].text
        return {"id": comment_id, "author": self._names[comment_id], "text": text, "camp": title, "colour": colour}


def _case(title: str, note: str, *comments: Mapping[str, Any]) -> Case:
    return {"title": title, "note": note, "comments": list(comments)}


def _nothing() -> None:
    """Streamlit reports a trigger only where somebody listens."""
