"""Passages through a chain. Which chain reads a passage may depend on the passage, so that a part of the chain that
was trained on some of them is never asked about those (cross-fitting).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol, TypeVar

from extractors.types import Article, EventMention
from monitor.evaluation.figures import fold_of

Tagger = Callable[[Article], tuple[EventMention, ...]]
TaggerFor = Callable[[str], Tagger]

# For texts whose day is not known; their dates are not scored.
UNDATED = date(2015, 1, 1)


class Readable(Protocol):
    """What can be given to a chain."""

    @property
    def id(self) -> str:
        """What decides which chain reads it."""

    @property
    def text(self) -> str:
        """What is read."""

    @property
    def published_on(self) -> date | None:
        """The day that its dates count from."""


Read = TypeVar("Read", bound=Readable)


def one_for_all(tagger: Tagger) -> TaggerFor:
    """Return the choice of one chain for every passage."""
    return lambda key: tagger


def by_fold(taggers: Mapping[int, Tagger]) -> TaggerFor:
    """Return the choice of the chain of a passage's fold; folds count from 0, as `fold_of` gives them."""
    return lambda key: taggers[fold_of(key, len(taggers))]


def read(texts: Iterable[Read], tagger_for: TaggerFor) -> Iterator[tuple[Read, tuple[EventMention, ...]]]:
    """Yield each text with what the chain tells of it, in order; raises ChainError naming the text."""
    for text in texts:
        yield text, tagger_for(text.id)(article_of(text))


def article_of(text: Readable) -> Article:
    """Return a text as the chain takes it."""
    return Article(key=text.id, text=text.text, published_on=text.published_on or UNDATED)
