"""What rules that ask for it are told of trouble with feeds, once for each time that one gets into it. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b

from monitor.alerts.rules import AlertRule, FeedTrouble
from storage.types import Feed, FeedState, NewDelivery

LONGEST_TITLE = 120


def trouble_of(feed: Feed) -> FeedTrouble | None:
    """Return what is wrong with a feed for longer than a hiccup, None for nothing."""
    if feed.state is FeedState.GONE:
        return FeedTrouble.GONE
    return FeedTrouble(feed.trouble) if feed.trouble else None


def notices(rules: Iterable[AlertRule], feeds: Iterable[Feed], instance: str) -> Iterator[NewDelivery]:
    """Yield the messages about feeds in trouble; the same trouble of a feed has the same key at every poll.

    The feeds' addresses are told as they are: without a password.
    """
    troubled = [(feed, trouble) for feed in feeds if (trouble := trouble_of(feed))]
    for rule in rules:
        for feed, trouble in troubled:
            if trouble in rule.feeds:
                yield from (_notice(rule, feed, trouble, channel, instance) for channel in rule.channels)


def _notice(rule: AlertRule, feed: Feed, trouble: FeedTrouble, channel: str, instance: str) -> NewDelivery:
    since = _since(feed, trouble)
    begun = since.isoformat() if since else "never"
    told = "\0".join((instance, "feed", trouble.value, str(feed.id), begun, rule.name, channel))
    title = f"Feed {_NAMES[trouble]}: {feed.title or feed.publisher or feed.url}"
    return NewDelivery(
        key=blake2b(told.encode(), digest_size=8).hexdigest(),
        rule=rule.name,
        channel=channel,
        event_id=None,
        development_ids=(),
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…",
        body="\n\n".join((feed.url, *_words(feed, trouble, since), f"`demarche feeds list` shows feed {feed.id}.")),
        reason=f"feed {trouble.value}",
    )


_NAMES = {FeedTrouble.FAILING: "keeps failing", FeedTrouble.SILENT: "fell silent", FeedTrouble.GONE: "has gone"}


def _since(feed: Feed, trouble: FeedTrouble) -> datetime | None:
    """Return the end of what was good, None where nothing ever was: what tells one time of trouble from the next."""
    return feed.last_new_at if trouble is FeedTrouble.SILENT else feed.last_success_at


def _words(feed: Feed, trouble: FeedTrouble, since: datetime | None) -> tuple[str, ...]:
    good = f"{since:%Y-%m-%d %H:%M} UTC" if since else "never so far"
    if trouble is FeedTrouble.SILENT:
        usual = f", usually every {feed.rhythm}" if feed.rhythm else ""
        return (f"It is read, but brought nothing new since {good}{usual}.", "It may have moved, or ended.")
    ended = "It is no longer polled." if trouble is FeedTrouble.GONE else f"{feed.failures} polls failed in a row."
    return (f"{ended} Last read: {good}.", feed.last_error)
