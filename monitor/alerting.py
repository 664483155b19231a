"""What alert rules make of what was settled, written in the transaction that settled it.

Decided is elsewhere, purely: which developments a rule asks for in monitor.alerts.select, when they are told in
monitor.alerts.schedule, in which words in monitor.alerts.render. Here is read what those want to know, and written what
they say.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.feeds import notices
from monitor.alerts.rules import AlertRule
from monitor.alerts.schedule import RuleState, plan, span, wake_at
from monitor.alerts.select import Held, Limits, Pending, Selection, Silent, Taken, pending, take
from monitor.alerts.wording import worded
from monitor.poller.urls import redacted
from storage.matches import Match, MatchState, Settlement
from storage.store import Store, Transaction
from storage.types import Settled


@dataclass(frozen=True, slots=True)
class Alerting:
    """The rules in force, by name, and what holds for all of them; `instance` names the database in keys."""

    rules: Mapping[str, AlertRule]
    limits: Limits
    instance: str = ""


def alerting(rules: Iterable[AlertRule], limits: Limits, instance: str = "") -> Alerting:
    """Return rules ready to be asked."""
    return Alerting({rule.name: rule for rule in rules}, limits, instance)


def put_in_force(store: Store, asked: Alerting, now: datetime) -> None:
    """Have the rules looked at that are others than before; what rules that are gone held is given up."""
    with store.begin() as tx:
        tx.alerts.put_in_force({name: settings(rule) for name, rule in asked.rules.items()}, now)


def settings(rule: AlertRule) -> str:
    """Return a digest of what decides when a rule is to be looked at again."""
    return hashlib.sha256(repr(rule.timing).encode()).hexdigest()[:16]


# ---------------------------------------------------------------- a settled report


def tell(tx: Transaction, asked: Alerting, settled: Settled, now: datetime, *, edited: bool) -> Selection:
    """Ask all rules about a settled report, queue what is due, and return what was decided about it."""
    if not settled.developments and not settled.corroborated:
        return Selection()
    settlement = tx.alerts.record_settlement(settled, now, edited=edited)
    known = tx.alerts.known_matches([one.id for one in settled.earlier])  # of what is new nothing was matched yet
    waiting = tx.alerts.waiting(settled.event.id) if settled.corroborated else ()
    silent: list[Silent] = []
    matched: list[Match] = []
    for rule in asked.rules.values():
        taken = _take(rule, settlement, known, waiting, asked.limits)
        _keep(tx, rule, taken, settlement, asked.limits)
        silent += taken.silent
        matched += taken.new
    deliveries = release(tx, asked, now)
    about = tuple(one for one in deliveries if any(told.event.id == settled.event.id for told in one.matches))
    return Selection(about, tuple(silent), tuple(_held(tx, asked, matched)))


def _take(
    rule: AlertRule,
    settlement: Settlement,
    known: frozenset[tuple[str, int]],
    waiting: Iterable[Match],
    limits: Limits,
) -> Taken:
    mine = frozenset(number for name, number in known if name == rule.name)
    return take(rule, settlement, mine, [one for one in waiting if one.rule == rule.name], limits=limits)


def _keep(tx: Transaction, rule: AlertRule, taken: Taken, settlement: Settlement, limits: Limits) -> None:
    tx.alerts.add_matches(taken.new, settlement.id)
    tx.alerts.make_ready(taken.ready)
    moved = (*taken.new, *taken.ready)
    if moved:
        tx.alerts.wake(rule.name, min(wake_at(rule, one, limits.max_age) for one in moved), settings(rule))


def _held(tx: Transaction, asked: Alerting, matched: Sequence[Match]) -> Iterator[Held]:
    """Yield which of new matches are still to be told, and when at the earliest."""
    states = tx.alerts.states(matched)
    for one in matched:
        if states[one.rule, one.development.id] in (MatchState.HELD, MatchState.WAITING):
            at = wake_at(asked.rules[one.rule], one, asked.limits.max_age) if one.ready_at else None
            yield Held(one.rule, one.development.id, at)


# ---------------------------------------------------------------- feeds in trouble


def tell_feeds(store: Store, asked: Alerting, feed_ids: Collection[int], now: datetime) -> int:
    """Tell the rules that ask for it of trouble with these feeds, once each time; returns how many messages are new."""
    rules = [rule for rule in asked.rules.values() if rule.feeds]
    if not rules or not feed_ids:
        return 0
    shown = [replace(feed, url=redacted(feed.url)) for feed in store.feeds_of(feed_ids)]
    messages = list(notices(rules, shown, asked.instance))
    if not messages:
        return 0
    with store.begin() as tx:
        return tx.enqueue(messages, now)


# ---------------------------------------------------------------- what is due


def is_due(store: Store, now: datetime) -> bool:
    """Return whether a rule has something to tell at an instant; asks without holding up who writes."""
    with store.alert_book() as book:
        return bool(book.due_rules(now))


def release(tx: Transaction, asked: Alerting, now: datetime) -> tuple[Pending, ...]:
    """Queue all messages that are due, and return them."""
    queued: list[Pending] = []
    for name in tx.alerts.due_rules(now):
        rule = asked.rules.get(name)
        if rule is None:
            tx.alerts.looked_at(name, now, None)
        else:
            queued += _release(tx, asked, rule, now)
    return tuple(queued)


def _release(tx: Transaction, asked: Alerting, rule: AlertRule, now: datetime) -> list[Pending]:
    through = tx.alerts.through(rule.name)
    state = _state(tx, rule, through)
    made = plan(rule, state, tx.alerts.silences(through), now, patience=asked.limits.max_age)
    queued: list[Pending] = []
    for message in made.messages:
        tx.alerts.record_message(message)
        delivered = tx.delivered(one.development for one in message.matches)
        queued += pending(message, rule, delivered, instance=asked.instance)
    tx.enqueue([worded(one) for one in queued], now)
    tx.alerts.looked_at(rule.name, made.state.through, made.next_at)
    return queued


def _state(tx: Transaction, rule: AlertRule, through: datetime | None) -> RuleState:
    back = span(rule.timing)
    told = tx.alerts.told_since(rule.name, through - back) if back and through else ()
    waiting = tx.alerts.open_matches(rule.name)
    matches = (*waiting, *(one for message in told for one in message.matches))
    events = tx.alerts.events({one.event.id for one in matches}) if rule.timing.repeat else {}
    return RuleState(through, waiting, told, events)
