"""XML exports as a stream of elements, whatever state they are in; nothing here knows a format.

Exports break the rules of XML: prefixes without a namespace, control characters, a bare "&", attributes without quotes,
end tags that are missing or too many, a byte before the declaration, an end in the middle. libxml2 in its recover mode
is no way out: after the first error it drops each later `&amp;` and `&lt;` without a word, and one stray end tag ends
the document (lxml 6.1 with libxml2 2.14). So tags are found as HTML parsers find them, entities that a document
declares are never expanded, and nothing is fetched.
"""

from commentlab.xmlstream.building import LARGEST, elements
from commentlab.xmlstream.elements import Element, pick
from commentlab.xmlstream.threads import concluded, oldest_first
from commentlab.xmlstream.tokens import decoded, root

__all__ = ["LARGEST", "Element", "concluded", "decoded", "elements", "oldest_first", "pick", "root"]
