"""An element of a document, and field maps that pick texts out of it."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

_STEP = re.compile(r"([^/\[]+)(?:\[([^=\]]+)=([^\]]*)\])?")


@dataclass(slots=True, eq=False)
class Element:
    """An element: its name with the usual prefix of its namespace, and its content in order.

    A name in the namespace of the document's root has no prefix, whatever the document writes: `ns0:entry` of an Atom
    feed is `entry`, `ns1:in-reply-to` is `thr:in-reply-to`.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["str | Element"] = field(default_factory=list)

    def all(self, name: str) -> "list[Element]":
        """Return the children of a name."""
        return [part for part in self.parts if isinstance(part, Element) and part.name == name]

    def get(self, path: str) -> str:
        """Return the text or the attribute at a path that has any, "" where there is none.

        Paths look like `author/name`, `@dsq:id`, `parent@dsq:id` and `link[rel=alternate]@href`.
        """
        steps, attribute = _steps(path)
        found = [self]
        for name, key, value in steps:
            found = [
                each for outer in found for each in outer.all(name) if not key or each.attributes.get(key) == value
            ]
        values = (each.attributes.get(attribute, "") if attribute else each.text for each in found)
        return next((stripped for each in values if (stripped := each.strip())), "")

    @property
    def text(self) -> str:
        """All characters of the element, those of its children included."""
        return "".join(part for _, part in _inside(self) if isinstance(part, str))

    @property
    def markup(self) -> str:
        """The content as HTML: what Atom writes as elements of XHTML, else the text as it is."""
        if not any(isinstance(part, Element) for part in self.parts):
            return self.text
        pieces: list[str] = []
        for closing, part in _inside(self):
            if isinstance(part, str):
                pieces.append(html.escape(part))
            else:
                pieces.append(f"</{part.local}>" if closing else _start_tag(part))
        return "".join(pieces)

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]


def pick(element: Element, table: Mapping[str, str]) -> dict[str, str]:
    """Return for each key of a field map the text at the first of its paths (parted by spaces) that has any."""
    return {
        key: next((value for path in paths.split() if (value := element.get(path))), "") for key, paths in table.items()
    }


@cache
def _steps(path: str) -> tuple[list[tuple[str, str, str]], str]:
    names, _, attribute = path.rpartition("@") if "@" in path else (path, "", "")
    return _STEP.findall(names), attribute


def _inside(element: Element) -> Iterator[tuple[bool, "str | Element"]]:
    """Yield what stands in an element: texts and elements, and each element a second time (True) where it ends."""
    stack: list[tuple[bool, str | Element]] = [(False, part) for part in reversed(element.parts)]
    while stack:
        closing, part = stack.pop()
        yield closing, part
        if isinstance(part, Element) and not closing:
            stack.append((True, part))
            stack.extend((False, each) for each in reversed(part.parts))


def _start_tag(element: Element) -> str:
    named = "".join(f' {name}="{html.escape(value)}"' for name, value in element.attributes.items())
    return f"<{element.local}{named}>"
