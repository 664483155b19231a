"""A cheap look at raw text, before any token is made: which stretches of it may tell an event.

A stretch is worth reading when it holds one of the given words and at least two words with a capital. Sentences are cut
roughly, at full stops and line breaks: a cut too many loses an event only where it parts the word from the capitals.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from extractors.lexicon import load

# A full stop or the like, with the quotes and brackets that close after it, before white space; or a line break.
_END = re.compile(r"[.!?…][\"”’')\]»]*\s+|\s*\n\s*")
_WORD = re.compile(r"[^\W\d_]+")
# A capital at the beginning of a word; "U.S." and "EU-China" count twice.
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]")
LEAST_CAPITALS = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters from start to end (excluded) of a text."""

    start: int
    end: int


def stretches(text: str) -> Iterator[Stretch]:
    """Yield the rough sentences of a text, in order, those of white space left out."""
    start = 0
    for match in _END.finditer(text):
        if match.start() > start:
            yield Stretch(start, match.end())
        start = match.end()
    if start < len(text):
        yield Stretch(start, len(text))


class Gate:
    """Says which stretches of a text are worth reading; `words` are what may tell an event, in lower case."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)

    def opens(self, text: str) -> bool:
        """Say whether any stretch of a text is worth reading."""
        return next(self.open_stretches(text), None) is not None

    def open_stretches(self, text: str) -> Iterator[Stretch]:
        """Yield the stretches that are worth reading, in order."""
        return (one for one in stretches(text) if self.opens_on(text[one.start : one.end]))

    def opens_on(self, stretch: str) -> bool:
        """Say whether one stretch is worth reading."""
        if self.words.isdisjoint(_WORD.findall(stretch.lower())):
            return False
        return len(_CAPITAL.findall(stretch)) >= LEAST_CAPITALS


def words_of(phrases: Iterable[str]) -> frozenset[str]:
    """Return the first word of each phrase, in lower case, as the gate meets it: up to a hyphen or apostrophe."""
    return frozenset(match[0] for one in phrases if (match := _WORD.search(one.lower())))


@cache
def event_gate() -> Gate:
    """Return the gate of the chain, with the words of all frames."""
    return Gate(words_of(trigger for frame in load().frames for trigger in frame.triggers))
