"""Whether a document's markup closes about as much as it opens. Pure.

feedparser takes time with the square of how deep a document nests and of how many tags stay unfinished: 300 KB of
`<a>` alone keep it busy for ten seconds, ten megabytes for hours. A look ahead of it takes linear time.
"""

import re
from collections import Counter

# Possessive, so that a tag without an end is looked at once.
_TAG = re.compile(rb"<(/?)([A-Za-z_][\w:.-]*+)([^<>]*+)>")


def unclosed(body: bytes) -> int:
    """Return how many elements or tags the document leaves open, whatever their order; CDATA sections do not count.

    The null bytes of UTF-16 and UTF-32 are passed over, so that these encodings are looked at as well.
    """
    markup = _without_cdata(body.replace(b"\0", b""))
    elements: Counter[bytes] = Counter()
    for closing, name, attributes in _TAG.findall(markup):
        elements[name] += -1 if closing else 0 if attributes.endswith(b"/") else 1
    brackets = markup.count(b"<") - markup.count(b">")
    return max(brackets, sum(surplus for surplus in elements.values() if surplus > 0))


def _without_cdata(markup: bytes) -> bytes:
    first, *rest = markup.split(b"<![CDATA[")
    return first + b"".join(piece.partition(b"]]>")[2] for piece in rest)
