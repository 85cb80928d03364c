"""The best quotes of each camp, and the phrases that set it apart, as data for the browser."""

from collections.abc import Mapping
from typing import Any

from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.dashboard.parts.discussion import camps
from commentlab.frames import rows
from commentlab.insight import Findings


def draw(findings: Findings, *, key: str) -> tuple[str | None, Mapping[str, str] | None]:
    """Draw quotes and phrases; return the id of the comment and the `camp` and `phrase` that were just clicked."""
    data = describe(findings)
    result: Any = part("quotes")(key=key, data=data, on_comment_change=_nothing, on_phrase_change=_nothing)
    return result.comment, result.phrase


def describe(findings: Findings) -> dict[str, Any]:
    """Return the camps that have quotes or phrases: their title, colour and size.

    Returns:
        `camps`, each with `quotes` (`id, text, author, sure`) and `phrases` (`phrase`, `comments` of the camp that have
        it, and `elsewhere`).
    """
    quotes: dict[str, list[dict[str, str]]] = {}
    for voice in rows(findings.voices):
        quotes.setdefault(voice["camp"], []).append(
            {
                "id": voice["comment_id"],
                "text": voice["text"],
                "author": voice["author"] or "Not named",
                "sure": f"{100 * voice['confidence']:.0f} % sure",
            }
        )
    phrases: dict[str, list[dict[str, Any]]] = {}
    for phrase in rows(findings.phrases):
        told = {name: phrase[name] for name in ("phrase", "comments", "elsewhere")}
        phrases.setdefault(phrase["camp"], []).append(told)
    return {
        "camps": [
            camp
            | {"size": wording.count(camp["comments"], "comment")}
            | {"quotes": quotes.get(camp["name"], []), "phrases": phrases.get(camp["name"], [])}
            for camp in camps(findings)
            if camp["name"] in quotes.keys() | phrases.keys()
        ]
    }


def _nothing() -> None:
    """Streamlit reports a trigger only where somebody listens."""
