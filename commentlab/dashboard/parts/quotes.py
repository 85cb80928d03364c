"""The best quotes of each camp as data for the browser."""

from typing import Any

from commentlab.dashboard import wording
from commentlab.dashboard.parts import part
from commentlab.dashboard.parts.discussion import camps
from commentlab.frames import rows
from commentlab.insight import Findings


def draw(findings: Findings, *, key: str) -> str | None:
    """Draw the quotes and return the id of the comment that was just clicked."""
    found: str | None = part("quotes")(key=key, data=describe(findings), on_comment_change=_nothing).comment
    return found


def describe(findings: Findings) -> dict[str, Any]:
    """Return the camps that have quotes: their title, colour, size and quotes (`id, text, author, sure`)."""
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
    return {
        "camps": [
            camp | {"size": wording.count(camp["comments"], "comment"), "quotes": quotes[camp["name"]]}
            for camp in camps(findings)
            if camp["name"] in quotes
        ]
    }


def _nothing() -> None:
    """Streamlit reports a trigger only where somebody listens."""
