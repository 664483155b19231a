"""Reports settled and told as the main loop does it, without feeds and texts: for tests of rules and their commands."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from extractors.ontology import Status
from monitor.alerting import Alerting, alerting, put_in_force, release, tell
from monitor.alerts.rules import AlertRule
from monitor.alerts.select import Limits, Selection
from storage.store import Store
from storage.types import Change, Decision, FieldChange, Item, NewDevelopment, NewEvent, Repetition
from tests.builders import NOW, a_mention, a_new_item, a_report
from tests.storage.filling import CHAIN, add_feed, poll, read_all


class Desk:
    """A store in which rules are asked as reports come in; events are named by the caller."""

    def __init__(self, store: Store, *rules: AlertRule, limits: Limits = Limits(), now: datetime = NOW) -> None:  # noqa: B008  frozen
        self.store = store
        self.asked: Alerting = alerting(rules, limits)
        self.now = now
        self.events: dict[object, int] = {}  # the caller's names, to the store's numbers
        self.item = undated_item(store)
        put_in_force(store, self.asked, now)

    def report(
        self, event: object = "visit", publisher: str = "post", status: Status = Status.PLANNED, **mention: Any
    ) -> Selection:
        """Settle a report about an event and ask the rules, in one transaction."""
        told = a_report(
            a_mention(status=status, **mention), item_id=self.item.id, publisher=publisher, published_at=self.now
        )
        with self.store.begin() as tx:
            release(tx, self.asked, self.now)
            settled = tx.apply(told, self._decision(event, status), self.now, CHAIN)
            self.events.setdefault(event, settled.event.id)
            return tell(tx, self.asked, settled, self.now, edited=False)

    def _decision(self, name: object, status: Status) -> Decision:
        """Return what the report is: a new event, a change of status, or a repetition."""
        if name not in self.events:
            return NewEvent("nothing is near")
        event = self.store.event(self.events[name])
        if status is event.status:
            return Repetition(event, "the same")
        change = FieldChange(Change.STATUS, event.status.value, status.value)
        return NewDevelopment(event, (change,), "another status")

    def look(self) -> None:
        """Queue what is due."""
        with self.store.begin() as tx:
            release(tx, self.asked, self.now)

    def wait(self, hours: float) -> "Desk":
        """Let time pass without looking."""
        self.now += timedelta(hours=hours)
        return self

    def titles(self) -> list[str]:
        """Return the titles of all messages, the first queued first."""
        return [one.title for one in reversed(self.store.deliveries())]

    def told(self) -> list[tuple[str, str, tuple[int, ...]]]:
        """Return rule, channel and developments of all messages, the first queued first."""
        return [(one.rule, one.channel, one.development_ids) for one in reversed(self.store.deliveries())]


def undated_item(store: Store) -> Item:
    """Add an item without a date: what is developed by it is as old as our seeing it."""
    add_feed(store)
    poll(store, a_new_item("report", published_at=None))
    read_all(store)
    return store.untagged_items(NOW, 1)[0]


def rule(name: str = "visits", *channels: str, **changes: Any) -> AlertRule:
    """Return a rule that asks for everything."""
    return AlertRule(name, channels or ("desk",), **changes)


def names(rules: Iterable[AlertRule]) -> list[str]:
    """Return the names of rules."""
    return [one.name for one in rules]
