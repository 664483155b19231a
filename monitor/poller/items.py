"""From a parsed feed to the items that are stored. Pure.

Apart from reading entries, as the processes that parse need nothing of the storage and are lighter without it.
"""

from datetime import UTC, datetime, timedelta

from monitor.poller.types import ParsedFeed
from monitor.poller.urls import canonical_url
from storage.types import NewItem

# The web's first pages are of 1991; an earlier date is a clock that was never set.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# A day for the time zone that was left out, and another for a clock that runs ahead.
FUTURE = timedelta(days=2)


def new_items(feed: ParsedFeed, now: datetime) -> tuple[NewItem, ...]:
    """Return the feed's entries as items, in document order; dates that cannot be right are dropped."""
    return tuple(
        NewItem(
            guid=entry.guid,
            url=entry.url,
            canonical_url=canonical_url(entry.url),
            title=entry.title,
            summary=entry.summary,
            published_at=credible(entry.published_at, now),
            text=entry.text,
        )
        for entry in feed.entries
    )


def credible(published_at: datetime | None, now: datetime) -> datetime | None:
    """Return the instant if a publication may have been then: since 1990, and at most two days from now."""
    if published_at is None or not EARLIEST <= published_at <= now + FUTURE:
        return None
    return published_at
