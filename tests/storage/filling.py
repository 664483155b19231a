"""Short ways to bring a store into a state: each is what the monitor does, with the builders' defaults."""

from datetime import datetime, timedelta
from typing import Any

from extractors.types import EventMention
from storage.matches import Match, Message, MessageKind, Settlement, Silence
from storage.store import Store
from storage.types import (
    Decision,
    Feed,
    Hub,
    Item,
    ItemOutcome,
    NewDelivery,
    NewEvent,
    NewItem,
    PollRecord,
    ReadArticle,
    Settled,
    Subscription,
)
from tests.builders import INTERVAL, NOW, a_feed_spec, a_new_item, a_polled_feed, a_report

LEASE = timedelta(minutes=5)
CHAIN = "chain-1"
HUB = Hub("https://hub.example/", "https://www.example.org/world.rss")


def add_feed(store: Store, url: str = "https://www.example.org/world.rss", publisher: str = "") -> Feed:
    """Add a feed and return it."""
    return store.add_feed(a_feed_spec(url, publisher=publisher), NOW, INTERVAL)


def poll(store: Store, *items: NewItem, feed_id: int = 1, at: datetime = NOW) -> PollRecord:
    """Record a poll of a feed that gave these entries."""
    return store.record_poll(a_polled_feed(*items, feed_id=feed_id, polled_at=at), at)


def read_all(store: Store, at: datetime = NOW) -> None:
    """Record that every waiting item's article was read."""
    for item in store.unread_items(at, 1000):
        store.record_article(ReadArticle(item.id, text=f"The article of {item.guid}."), at)


def read_items(store: Store, *guids: str, publisher: str = "") -> tuple[Item, ...]:
    """Add a feed with items whose articles were read, and return those in order of their ids."""
    feed = add_feed(store, f"https://{publisher or 'www.example.org'}/world.rss", publisher)
    poll(store, *(a_new_item(guid) for guid in guids), feed_id=feed.id)
    read_all(store)
    return tuple(item for item in store.untagged_items(NOW, 1000) if item.feed_id == feed.id)


def settle(
    store: Store,
    item: Item,
    mention: EventMention | None = None,
    decision: Decision | None = None,
    at: datetime = NOW,
) -> Settled:
    """Apply a decision (a new event, unless given) about what an item says, and mark the item as tagged."""
    report = a_report(mention, item_id=item.id, publisher=item.publisher, title=item.title)
    with store.begin() as tx:
        settled = tx.apply(report, decision or NewEvent("nothing is near"), at, CHAIN)
        tx.mark_tagged(item.id, ItemOutcome.TAGGED, CHAIN)
    return settled


def enqueue(store: Store, *deliveries: NewDelivery, at: datetime = NOW) -> int:
    """Put messages into the outbox, and return how many were new."""
    with store.begin() as tx:
        return tx.enqueue(deliveries, at)


def record_settlement(store: Store, settled: Settled, at: datetime = NOW) -> Settlement:
    """Keep what a report settled for the rules."""
    with store.begin() as tx:
        return tx.alerts.record_settlement(settled, at)


def match(store: Store, settlement: Settlement, rule: str = "visits", **changes: Any) -> Match:
    """Keep that a rule matched the first development of a settlement, ready to be told at once."""
    development = settlement.settled.developments[0]
    values: dict[str, Any] = {"ready_at": settlement.at, "ready_by": settlement.id}
    made = Match(rule, settlement.settled.event, development, "kind visit", settlement.at, **values | changes)
    with store.begin() as tx:
        tx.alerts.add_matches([made], settlement.id)
        tx.alerts.wake(rule, settlement.at, "settings")
    return made


def tell(store: Store, *matches: Match, at: datetime = NOW, kind: MessageKind = MessageKind.ALERT) -> Message:
    """Keep that a rule told these matches in one message."""
    message = Message(matches[0].rule, kind, at, matches)
    with store.begin() as tx:
        tx.alerts.record_message(message)
    return message


def silence(store: Store, hours: float = 1, at: datetime = NOW, **changes: Any) -> Silence:
    """Keep a silence of so many hours."""
    with store.begin() as tx:
        return tx.alerts.add_silence(Silence(0, at, at + timedelta(hours=hours), **changes))


def subscribe(store: Store, feed_id: int = 1, callback: str = "https://monitor.example/websub/") -> Subscription:
    """Let a feed name a hub, and that verify a subscription for a day; return it."""
    store.record_poll(a_polled_feed(feed_id=feed_id, hub=HUB), NOW)
    (asked,) = store.due_subscriptions(NOW, 10, LEASE, callback)
    store.confirm_subscription(asked.token, HUB.topic, timedelta(days=1), timedelta(hours=3), NOW)
    (confirmed,) = (one for one in store.subscriptions() if one.id == asked.id)
    return confirmed
