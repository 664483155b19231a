"""Tables of phrases that are looked up token by token: longest first, one dictionary access for most tokens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import spacy
from spacy.language import Language

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase of the table that stands at a token: its end (excluded) and its value."""

    end: int
    value: T


class PhraseTable(Generic[T]):
    """Values by phrase. Phrases are split like texts, so that "al-Qaeda" meets itself."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for text, value in phrases.items():
            words = split(text)
            self._by_first.setdefault(words[0], []).append((words, value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    @property
    def starts(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(self._by_first)

    def at(self, words: Sequence[str], position: int, end: int) -> Found[T] | None:
        """Return the longest phrase that starts at a position and fits before `end`."""
        return next(iter(self.every(words, position, end)), None)

    def every(self, words: Sequence[str], position: int, end: int) -> Iterator[Found[T]]:
        """Yield all phrases that start at a position, the longest first; none at or beyond `end`."""
        if position >= end:
            return
        for phrase, value in self._by_first.get(words[position], ()):
            stop = position + len(phrase)
            if stop <= end and tuple(words[position:stop]) == phrase:
                yield Found(stop, value)


@lru_cache(maxsize=1)
def tokenizer() -> Language:
    """Return the English tokenizer."""
    return spacy.blank("en")


@lru_cache(maxsize=1)
def exceptions() -> frozenset[str]:
    """Return the words that the tokenizer has a rule of its own for."""
    rules: dict[str, object] = getattr(tokenizer().tokenizer, "rules", {})
    return frozenset(rules)


def split(text: str) -> tuple[str, ...]:
    """Return a phrase as the tokens that it is in a text; a possessive mark or a space is none of its own.

    Words of letters alone are tokens, but for a few such as "cannot"; the tokenizer itself takes fifty times longer,
    and there are some ninety thousand phrases.
    """
    words = text.split()
    if all(word.isalpha() and word not in exceptions() for word in words):
        return tuple(words)
    return tuple(token.text for token in tokenizer().make_doc(text) if not token.is_space)
