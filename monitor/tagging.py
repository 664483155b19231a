"""What one tagging does: an item in, what it tells out; in this process or in a worker's."""

import threading
from dataclasses import dataclass
from functools import lru_cache

from threadpoolctl import threadpool_limits

from extractors.chain import Chain, ChainSettings, build_chain
from extractors.language import is_english
from extractors.types import Article, EventMention, Introduction
from storage.types import Item, RepeatedMention


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the chain found in an item; `readable` is False for a language that it does not read."""

    mentions: tuple[EventMention, ...] = ()
    readable: bool = True
    introductions: tuple[Introduction, ...] = ()
    repeated: tuple[RepeatedMention, ...] = ()  # of a copy, which the chain has not read

    is_unread: bool = False  # a copy, to be compared with its source before the chain reads it

    @property
    def tells(self) -> bool:
        """Whether it tells of any event."""
        return bool(self.mentions or self.repeated)


def article_of(item: Item) -> Article:
    """Return what the chain reads of an item: its title and its full text, or its summary where there is none."""
    return Article(
        key=str(item.id),
        title=item.title,
        text=item.text or item.summary,
        published_on=(item.published_at or item.seen_at).date(),
        url=item.url,
        publisher=item.publisher,
        acquaintances=item.acquaintances,
    )


def tag_item(chain: Chain, item: Item) -> Tagged:
    """Return what an item tells and whom it introduces; raises ChainError, naming it, when the chain fails on it.

    A copy is not read: it comes back unread.
    """
    if item.copy_of is not None:
        return Tagged(is_unread=True)
    article = article_of(item)
    if not is_english(article.full_text):
        return Tagged(readable=False)
    reading = chain.read(article)
    return Tagged(reading.mentions, introductions=reading.introductions)


@lru_cache(maxsize=1)
def chain_of(settings: ChainSettings) -> Chain:
    """Return this process's own chain, built once (1.4 s): a monitor that is opened again takes the one that is there.

    Raises ChainError and LexiconError, as `build_chain` does.
    """
    return _chain_of_a_process(settings)


def _chain_of_a_process(settings: ChainSettings) -> Chain:
    # The matrices of a sentence are too small to share: threads of BLAS wait for each other in a busy loop, so that an
    # item took 5.7 ms of processor time on two cores instead of 2.9.
    threadpool_limits(1, "blas")
    return build_chain(settings)


_reading = threading.Lock()


def tag_here(settings: ChainSettings, item: Item) -> Tagged:
    """Return what is in an item, by this process's own chain, which reads one item at a time."""
    with _reading:
        return tag_item(chain_of(settings), item)


# A worker process builds its chain once; a chain cannot be sent to it.
_chain: list[Chain] = []


def start_worker(settings: ChainSettings) -> None:
    """Build the chain of this worker process."""
    _chain[:] = [_chain_of_a_process(settings)]


def tag_in_worker(item: Item) -> Tagged:
    """Return what is in an item, in a process that `start_worker` set up."""
    return tag_item(_chain[0], item)
