"""Whether two items are one report: the same text on two sites, shortened, framed or lightly rewritten.

Two steps. Bands of a MinHash signature find the texts worth comparing without comparing all (Broder 1997; banding as in
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4); containment then decides, since a copy is as a rule
shorter than its source and Jaccard's index falls with every word that is cut.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from rensa import RMinHash

from storage.dedup.fingerprint import fingerprint
from storage.dedup.identity import related_titles, title_key
from storage.dedup.words import SHINGLE, numbered, shingles

# The opening of a text, by which it is looked up and compared; 64 permutations in 32 bands of two find pairs from a
# likeness of about 0.2 on.
OPENING_WORDS = 120
_PERMUTATIONS, _BANDS = 64, 32
_SEED = 1

# Share of one opening that the other text has as well, within its first 400 words. On syndication_synth (60 reports,
# 480 texts) 0.4 joins all copies and three pairs of reports that quote one speech, 0.5 all copies and no pair.
SAME_REPORT = 0.5
# Texts of fewer words agree by chance in a phrase ("will meet on Tuesday"); they are one report when they are equal.
_COMPARED_WORDS = 25
# An equal text of fewer words may be the standing words of a column (see `identity`).
_EQUAL_WORDS = 12
# A text under so many headlines that have nothing in common is no report: a notice on cookies, a form to sign up.
BOILERPLATE_TITLES = 3

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\S)[^.!?\n]+)*[.!?]*")
# A sentence is known when so much of it is: a rewrite leaves most runs of words, a new sentence has none of them.
_KNOWN_SENTENCE = 0.5


@dataclass(frozen=True, slots=True)
class Signature:
    """What a text is recognised by. `text_hash` is empty, and there are no bands, where it is too short to compare."""

    text_hash: str
    shingles: tuple[int, ...]
    bands: tuple[int, ...]

    @property
    def opening(self) -> frozenset[int]:
        """The shingles of its first 120 words."""
        return frozenset(self.shingles[: OPENING_WORDS - SHINGLE + 1])

    def packed(self) -> bytes:
        """Return the shingles as bytes; `unpacked` reads them."""
        return struct.pack(f"<{len(self.shingles)}I", *self.shingles)

    @classmethod
    def unpacked(cls, text_hash: str, data: bytes) -> "Signature":
        """Read what `packed` wrote. The bands are left out: they are for looking up."""
        return cls(text_hash, struct.unpack(f"<{len(data) // 4}I", data), ())


@dataclass(frozen=True, slots=True)
class SharedText:
    """A text that items have in common: the report it is, and headlines that it ran under, no two of them related."""

    report_id: int
    titles: tuple[str, ...]

    @property
    def is_boilerplate(self) -> bool:
        """Whether the text belongs to its site and to no report."""
        return len(self.titles) >= BOILERPLATE_TITLES

    def under(self, title: str) -> "SharedText":
        """Return the text with one more headline that it ran under."""
        key = title_key(title)
        if not key or self.is_boilerplate or any(related_titles(key, known) for known in self.titles):
            return self
        return replace(self, titles=(*self.titles, key))


def signature(text: str) -> Signature:
    """Return what a text is recognised by; its headline is none of it, since each site writes its own."""
    runs = shingles(text)
    if len(runs) + SHINGLE - 1 < _EQUAL_WORDS:
        return Signature("", (), ())
    compared = len(runs) + SHINGLE - 1 >= _COMPARED_WORDS
    return Signature(fingerprint(text), numbered(runs), _bands(runs) if compared else ())


def _bands(runs: Sequence[str]) -> tuple[int, ...]:
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    minhash.update(list(dict.fromkeys(runs[: OPENING_WORDS - SHINGLE + 1])))
    digest, rows = minhash.digest(), _PERMUTATIONS // _BANDS
    return tuple(_band(number, digest[number * rows : (number + 1) * rows]) for number in range(_BANDS))


def _band(number: int, rows: Sequence[int]) -> int:
    """A signed number of 64 bits, as the databases keep it."""
    key = b"".join(value.to_bytes(8, "big") for value in (number, *rows))
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big", signed=True)


def containment(one: Signature, other: Signature) -> float:
    """Return the share 0..1 of one's opening that the other has, the greater of both directions; 0 for short texts."""
    if min(len(one.shingles), len(other.shingles)) < _COMPARED_WORDS - SHINGLE + 1:
        return 0.0
    mine, theirs = one.opening, other.opening
    return max(_share(mine, frozenset(other.shingles)), _share(theirs, frozenset(one.shingles)))


def _share(part: frozenset[int], whole: frozenset[int]) -> float:
    return len(part & whole) / len(part)


def news_in(title: str, text: str, source_title: str, source_text: str) -> tuple[str, ...]:
    """Return the sentences of a copy, headline included, that its source does not have, in order.

    A headline is known when the source says its telling words in any order, a sentence when it has most of its runs.
    """
    known = frozenset(shingles(f"{source_title}\n{source_text}"))
    fresh = tuple(one for one in _sentences(text) if not _is_known(one, known))
    said = frozenset(title_key(f"{source_title} {source_text}").split())
    headline = title_key(title).split()
    return fresh if sum(word in said for word in headline) >= _KNOWN_SENTENCE * len(headline) else (title, *fresh)


def counterpart(sentence: str, text: str) -> tuple[int, int] | None:
    """Return where a text says a sentence of its source, as characters from and to; None where it does not.

    A light rewrite counts: of its runs of words most are the sentence's.
    """
    at = text.find(sentence)
    if at >= 0:
        return at, at + len(sentence)
    known = frozenset(shingles(sentence))
    for found in _SENTENCE.finditer(text):
        said = found.group().strip()
        if shingles(said) and _is_known(said, known):
            start = found.start() + found.group().index(said)
            return start, start + len(said)
    return None


def _sentences(text: str) -> Iterable[str]:
    return (said for found in _SENTENCE.finditer(text) if (said := found.group().strip()))


def _is_known(sentence: str, known: frozenset[str]) -> bool:
    runs = shingles(sentence)
    return sum(run in known for run in runs) >= _KNOWN_SENTENCE * len(runs)
