"""A cheap look at raw text, before any token is made: which stretches of it may tell an event.

Each plain word of a stretch has a weight, and so has that it names a party, or several; the stretch is worth reading
when the sum is not below zero. A plain set of words is the case where each of them opens alone. Stretches are rough
sentences: cut at full stops and line breaks, and rather once too often.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.lexicon import Lexicon, load
from extractors.lexicon.reading import read_rows

WEIGHTS = Path(__file__).parent / "data" / "gate.csv"

# A full stop or the like, with the quotes and brackets that close after it, before white space; or a line break.
_END = re.compile(r"[.!?…][\"”’')\]»]*\s+|\n")
# What stands before or after words. Replacing each costs next to nothing, a regular expression for words costs half.
_MARKS = tuple(".,;:!?\"'()[]-/–—’‘“”…")

# The last word of "South Korea" and "North Koreans" says of itself that a party is named.
PEOPLES = frozenset({"state", "demonym", "people"})
LONGEST_NAME = 2
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# What follows an open stretch may lean on its parties ("he also warned") and needs so much less. Measured 2026-11: of
# the events of 14 annotated articles 0.96 are kept instead of 0.91; of the words of mixed news 0.11 instead of 0.09.
LEANING = 0.5
# As long as a text has named nobody, a stretch of it needs so much more. Measured 2026-11: of mixed news 0.28 of the
# texts are open instead of 0.46, for 0.003 of the events of the held-out half.
NAMELESS = 0.9
# Of a sentence's first words one after the first is written small, unless it is a headline: a name is shorter.
LOOKED_AT = 6

# Names of weights that are no words, in capitals, which no plain word has.
ALWAYS, PARTY, PARTIES = "ALWAYS", "PARTY", "PARTIES"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters from start to end (excluded) of a text."""

    start: int
    end: int


def bounds(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each rough sentence of a text, in order, with nothing between them."""
    start = 0
    for match in _END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def unmarked(text: str) -> str:
    """Return a text of the same length with a space for each mark; hyphens and apostrophes part words."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text


def words_of(text: str) -> list[str]:
    """Return the words of a text as it writes them."""
    return unmarked(text).split()


class Gate:
    """Says which stretches of a text are worth reading.

    `weights` are of plain words, in small letters, and of ALWAYS, PARTY and PARTIES (several). `parties` are words as
    they are written in names of states and organisations, `leaders` surnames: they say that a text names somebody.
    """

    def __init__(
        self, weights: Mapping[str, float], parties: frozenset[str] = frozenset(), leaders: frozenset[str] = frozenset()
    ) -> None:
        self.weights = weights
        self.parties = parties | {word.upper() for word in parties}
        self.names = self.parties | leaders
        self._known = self.parties | weights.keys()
        # Nobody named, one party, more than one.
        one = weights.get(ALWAYS, 0.0) + weights.get(PARTY, 0.0)
        self._start = (weights.get(ALWAYS, 0.0), one, one + weights.get(PARTIES, 0.0))

    @classmethod
    def of_words(cls, words: Iterable[str]) -> "Gate":
        """Return the gate that any of these words opens, whatever else a stretch holds."""
        return cls({ALWAYS: -1.0, **dict.fromkeys(words, 1.0)})

    def opens(self, text: str) -> bool:
        """Say whether any stretch of a text is worth reading."""
        return next(self.open_stretches(text), None) is not None

    def open_stretches(self, text: str) -> Iterator[Stretch]:
        """Yield the stretches that are worth reading, in order."""
        plain = unmarked(text)
        named, follows = not self.names, False
        for start, end in bounds(text):
            words = plain[start:end].split()
            named = named or not self.names.isdisjoint(words)
            least = (0.0 if named else NAMELESS) - (LEANING if follows else 0.0)
            follows = self.weight(words) >= least
            if follows:
                yield Stretch(start, end)

    def weight(self, words: Sequence[str]) -> float:
        """Return the sum of the weights of a stretch's words; each counts once."""
        known = self._known.intersection(words)
        parties = known & self.parties
        if not any(map(str.islower, words[1:LOOKED_AT])):  # a headline that writes every word large
            known = self._known.intersection(map(str.lower, words))
        return self._start[min(len(parties), 2)] + sum(map(self.weights.__getitem__, known - self.parties))


@cache
def event_gate() -> Gate:
    """Return the gate of the chain, as it was learned; raises LexiconError for a file that cannot be read."""
    return Gate(read_weights(WEIGHTS), party_words(load()), leader_words(load()))


def read_weights(path: Path) -> dict[str, float]:
    """Return the weights of a table; raises LexiconError naming the line of one that is no number."""
    found = {}
    for row in read_rows(path, ("word", "weight")):
        if not _NUMBER.fullmatch(row["weight"]):
            row.fault(f"expected a weight such as -0.25, not {row['weight']!r}")
        found[row["word"]] = float(row["weight"])
    return found


def party_words(lexicon: Lexicon) -> frozenset[str]:
    """Return words that name a party by themselves: names of one word, and last words of two for states and peoples.

    What ends the names of bodies ("Navy", "Commission") is left out, and so are surnames: see `leader_words`.
    """
    names = ((words_of(text), name.sort) for text, name in lexicon.names.items())
    lasts = {words[-1] for words, sort in names if words and len(words) <= (LONGEST_NAME if sort in PEOPLES else 1)}
    return frozenset(word for word in lasts if word[0].isupper())


def leader_words(lexicon: Lexicon) -> frozenset[str]:
    """Return surnames that leaders are known by. Players and singers have many of them, too, so they weigh nothing."""
    return frozenset(words[-1] for surname in lexicon.surnames if (words := words_of(surname)))
