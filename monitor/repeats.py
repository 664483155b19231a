"""Copies of reports that are told already: what they repeat is taken over from their source, and no chain reads it.

A copy that says something more is read like any other item: an update under the old text is where news hides.
"""

from collections.abc import Callable

from monitor.tagging import Tagged, article_of
from storage.dedup.copies import counterpart, news_in
from storage.types import Item, ItemOutcome, RepeatedMention, SettledItem

# What became of a source that the chain has read.
_READ = frozenset(
    {
        ItemOutcome.TAGGED,
        ItemOutcome.TAGGED_SUMMARY,
        ItemOutcome.NO_EVENT,
        ItemOutcome.NO_EVENT_SUMMARY,
        ItemOutcome.FOREIGN_LANGUAGE,
    }
)


def repeated(copy: Item, source: SettledItem, opens: Callable[[str], bool]) -> Tagged | None:
    """Return what a copy tells again of its source's mentions; None when it has to be read itself.

    It has to when its source was not read, or when a sentence that the source does not have might tell of an event, as
    `opens` says.
    """
    if source.item.outcome not in _READ:
        return None
    article, known = article_of(copy), article_of(source.item)
    if any(opens(sentence) for sentence in news_in(article.title, article.text, known.title, known.text)):
        return None
    told = (_again(mention, article.full_text) for mention in source.mentions)
    readable = source.item.outcome is not ItemOutcome.FOREIGN_LANGUAGE
    return Tagged(readable=readable, repeated=tuple(one for one in told if one is not None))


def _again(mention: RepeatedMention, text: str) -> RepeatedMention | None:
    """Return a mention as the copy has it, None where its passage was cut off."""
    where = counterpart(mention.mention.evidence.text, text)
    return mention.at(*where, text) if where else None
