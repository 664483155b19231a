"""The words of an item as they count for comparison: shingles of its text, words that tell it from others, names.

Only counts words; what two items have in common is judged in `copies` and `stories`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from storage.dedup.fingerprint import canonical_text

# News puts what happened into its first words; beyond these come history and quotes that reports share. 120, 250 and
# 400 words were tried on allsides_full, gva and wikinews_sources: 250 joins best.
BODY_WORDS = 250
# How many words of a text its shingles are taken from: a copy whose first paragraphs were cut begins further down.
SHINGLED_WORDS = 400
SHINGLE = 3

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RUN = re.compile(r"\w+")
# From this share of capitalised words on a headline is set in capitals, and they mark no names.
_TITLE_CASE = 0.6
_FUNCTION_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before being but by can could did do does down for from
    had has have he her here his how i if in into is it its just may might more most new no not now of off on one only
    or our out over s said say says she should so some such than that the their them then there these they this those
    through to two under up us was we were what when where which while who whom why will with would you your t
    """.split()
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The telling words of an item, in order, each as the number of its plain form; names are written like a name."""

    title: tuple[int, ...]
    body: tuple[int, ...]
    names: frozenset[int]

    @property
    def words(self) -> frozenset[int]:
        """Every word once."""
        return frozenset(self.title) | frozenset(self.body)


def wording(title: str, text: str) -> Wording:
    """Return the telling words of a headline and of the beginning of its text."""
    head, body = _WORD.findall(title), _WORD.findall(text[: BODY_WORDS * 12])[:BODY_WORDS]
    capitals = [word for word in body if word[0].isupper()]
    if not body or not _is_title_case(head):
        capitals += [word for word in head if word[0].isupper()]
    written_small = _telling([word for word in body if word[0].islower()])
    return Wording(_telling(head), _telling(body), frozenset(_telling(capitals)).difference(written_small))


def _telling(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(number for number in map(number_of, words) if number is not None)


@lru_cache(maxsize=1 << 15)
def number_of(word: str) -> int | None:
    """Return the number of a word's plain form; None for words that tell nothing.

    Remembers its last answers: of the words of news nine in ten are among the commonest thirty thousand.
    """
    form = plain(word)
    return crc32(form.encode()) if len(form) > 1 and form not in _FUNCTION_WORDS else None


def plain(word: str) -> str:
    """Return a word in small letters without the endings of the plural and the genitive."""
    bare = word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
    if len(bare) > 4 and bare.endswith("ies"):
        return bare[:-3] + "y"
    if len(bare) > 3 and bare[-1] == "s" and bare[-2] not in "sui":
        return bare[:-1]
    return bare


def shingles(text: str) -> tuple[str, ...]:
    """Return the runs of three words of a text's beginning, in order; none for a text of fewer words."""
    words = _RUN.findall(canonical_text(text[: SHINGLED_WORDS * 16]))[:SHINGLED_WORDS]
    return tuple(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def numbered(runs: Iterable[str]) -> tuple[int, ...]:
    """Return a number of 32 bits for each run of words, the same in every process."""
    return tuple(crc32(run.encode()) for run in runs)


def _is_title_case(words: Sequence[str]) -> bool:
    return sum(word[0].isupper() for word in words) >= _TITLE_CASE * len(words)
