"""The fingerprint of a text: equal for texts that differ only in what no reader would call an edit.

Knows nothing of feeds or events. A signature for near-duplicates is another thing and is not in here.
"""

import hashlib
import re
import unicodedata

_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟‹›«»′″"), None)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
# Zero-width and directional marks, the soft hyphen: invisible, and content systems sprinkle them at will.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None)
_UNSEEN = {**_QUOTES, **_DASHES, **_INVISIBLE}
# A query or fragment in a link inside a text is tracking as a rule, and changes from one poll to the next.
_LINK_TAIL = re.compile(r"(https?://[^\s?#<>]+)[?#][^\s<>]*", re.IGNORECASE)


def canonical_text(text: str) -> str:
    """Return the text as it counts for comparison.

    Unicode compatibility forms are unified, case, quote marks, dashes, invisible characters and runs of white space
    levelled, and links inside the text lose their query and fragment.
    """
    bare = _LINK_TAIL.sub(r"\1", text) if "://" in text else text
    levelled = unicodedata.normalize("NFKC", bare).replace("...", "").translate(_UNSEEN)
    folded = levelled.casefold()
    if folded.isascii() and folded.isprintable() and "  " not in folded:
        return folded.strip()  # what splitting gives, at a third of its cost
    return " ".join(folded.split())


def fingerprint(*texts: str) -> str:
    """Return 32 hexadecimal digits, equal when the texts are canonically equal one by one."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        # The separator cannot occur in canonical text, so ("ab", "c") and ("a", "bc") differ.
        digest.update(canonical_text(text).encode() + b"\n")
    return digest.hexdigest()
