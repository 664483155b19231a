"""The main loop: four jobs of one shape. What is due → work in a pool → one transaction that records it.

The database is the queue: a crash anywhere leaves the rest due. The clock is an argument. Nothing is decided here: the
decisions are pure and live with their subject (storage.dedup, monitor.alerts).
"""

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from extractors.errors import ChainError
from extractors.gate import event_gate
from extractors.types import EventMention
from monitor import delivery
from monitor.alerting import Alerting, alerting, is_due, release, tell, tell_feeds
from monitor.alerts.rules import AlertRule
from monitor.alerts.select import Limits, Selection
from monitor.clock import Clock
from monitor.delivery import Sending
from monitor.engine import batched, completed, completed_in_order, completed_together, drained
from monitor.poller.poll import Fetches, unchanged
from monitor.poller.urls import host_key, redacted
from monitor.repeats import repeated
from monitor.tagging import Tagged, article_of
from storage.dedup.lifecycle import decide, overdue, weighed
from storage.errors import StorageError
from storage.store import Store, Transaction
from storage.types import (
    Decision,
    Feed,
    Item,
    ItemOutcome,
    NewDevelopment,
    PolledFeed,
    PollOutcome,
    ReadArticle,
    Repetition,
    Report,
    Settled,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

# How long a claim stays with whoever took it. Longer than the longest piece of work (a fetch ends at its total
# deadline of 30 s, a send at its own), so that a claim comes back only after its process died.
LEASE = timedelta(minutes=5)
BATCH = 200
A_DAY = timedelta(days=1)
# Feeds that are claimed together, and polls under way: most of them wait for the turn of their host, and cost nothing.
# A document of 100 kB takes half a megabyte until it is recorded, so 200 of them stay below 80 MB.
DUE = 1_000
IN_FLIGHT = 200
# Polls that are recorded in one transaction, when so many have ended meanwhile: others wait for it to end.
TOGETHER = 25
# Items that are settled in one transaction, when so many have been read meanwhile: it waits for the disk once.
SETTLED_TOGETHER = 16
# When a feed is asked again after a fault of our own; a fault of the feed has its own schedule (poller.cadence).
PAUSE_AFTER_FAULT = timedelta(hours=1)


# The jobs that a job before them leaves work for.
READING, TAGGING = "read", "tag"


def delivering_to(channel: str) -> str:
    """Return the name of the job that sends to a channel."""
    return f"deliver to {channel}"


@dataclass(frozen=True, slots=True)
class Observed:
    """One report that was settled, with all that was decided about it: for logs, the demo and replays."""

    at: datetime
    item: Item
    mention: EventMention
    decision: Decision
    settled: Settled
    selection: Selection


@dataclass(frozen=True, slots=True)
class Monitor:
    """All that the main loop needs, joined in monitor.app."""

    store: Store
    now: Clock
    loop: Executor  # for coroutines: polling and reading
    workers: Executor  # for the extractor chain
    poll_feed: Callable[[Feed], Awaitable[PolledFeed]]
    poll_with: Callable[[Feed, Fetches], Awaitable[PolledFeed]]  # the same with another fetcher: for what was pushed
    read_item: Callable[[Item], Awaitable[ReadArticle]]
    tag_item: Callable[[Item], Tagged]
    chain_version: str
    rules: Sequence[AlertRule]
    limits: Limits
    sending: Sending
    observe: Callable[[Observed], None]
    instance: str  # of this database: keeps the keys of two installations apart
    stopping: threading.Event
    parallel: int = 64
    tagging: int = 64  # items in the chain at once
    ring: Callable[[str], object] = lambda job: None  # tells the scheduler, where there is one, that a job has work

    @property
    def alerting(self) -> Alerting:
        """The rules in force."""
        return alerting(self.rules, self.limits, self.instance)


def poll(m: Monitor) -> Counter[str]:
    """Poll every feed that is due; returns how many polls ended in which outcome, and how many items they brought."""
    ends: Counter[str] = Counter()
    due = drained(lambda: by_turns(m.store.due_feeds(m.now(), DUE, LEASE)), by=_feed_due, stopping=m.stopping)
    for batch in completed_together(m.loop, m.poll_feed, due, window=IN_FLIGHT, most=TOGETHER):
        polls = [polled if isinstance(polled, PolledFeed) else _failed_poll(m, feed, polled) for feed, polled in batch]
        records = m.store.record_polls(polls, m.now())
        for (feed, _), polled, record in zip(batch, polls, records, strict=True):
            ends.update({polled.outcome.value: 1, "new": record.new, "revised": record.revised, "known": record.known})
            _log_poll(feed, polled, new=record.new, revised=record.revised)
        if any(record.new or record.revised for record in records):
            m.ring(READING)
        doubtful = [feed.id for (feed, _), polled in zip(batch, polls, strict=True) if _is_doubtful(feed, polled)]
        tell_feeds(m.store, m.alerting, doubtful, m.now())
    return ends


def _is_doubtful(feed: Feed, polled: PolledFeed) -> bool:
    """Say whether a feed may be in trouble after a poll: then its row tells."""
    is_late = feed.silent_at is not None and polled.polled_at > feed.silent_at
    return is_late or polled.outcome is PollOutcome.FAILED


def by_turns(feeds: Iterable[Feed]) -> Iterator[Feed]:
    """Yield the feeds so that those of one host, which wait for each other, stand far apart: first one of each host."""
    hosts: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        hosts[host_key(feed.address)].append(feed)
    for row in zip_longest(*hosts.values()):
        yield from (feed for feed in row if feed is not None)


def read(m: Monitor) -> Counter[str]:
    """Read the article behind every item that needs one; returns how many reads ended how."""
    ends: Counter[str] = Counter()
    unread = _drain(m, lambda: m.store.unread_items(m.now(), BATCH), by=_item_version)
    for batch in completed_together(m.loop, m.read_item, unread, window=m.parallel, most=TOGETHER):
        articles = [read if isinstance(read, ReadArticle) else _failed_read(item, read) for item, read in batch]
        m.store.record_articles(articles, m.now())
        m.ring(TAGGING)
        ends.update("later" if one.retry_at else "summary-only" if one.failure else "read" for one in articles)
    return ends


def tag(m: Monitor) -> Counter[str]:
    """Run the chain over every item that waits for it, in the order seen; returns how many ended in which outcome.

    Queues what rules held and is due by now, too: at each report that is settled, and at the end.
    """
    ends: Counter[str] = Counter()
    untagged = _drain(m, lambda: m.store.place_items(m.store.untagged_items(m.now(), BATCH), m.now()), by=_item_version)
    acquainted = (one for few in batched(untagged, SETTLED_TOGETHER) for one in _acquainted(m.store, few))
    tagged = completed_in_order(m.workers, m.tag_item, acquainted, window=m.tagging, most=SETTLED_TOGETHER)
    for batch in tagged:
        ends.update(_settle_batch(m, batch))
    ends.update({"overdue": told} if (told := tell_overdue(m)) else {})
    release_due(m)
    return ends


def tell_overdue(m: Monitor) -> int:
    """Settle that planned events have passed without a report; return how many that were.

    A day later than their last day: reports of an evening appear the next morning, and time zones differ. After an
    outage the reports of those days are heard first.
    """
    now = m.now()
    told = 0
    with m.store.begin() as tx:
        passed = tx.passed_events((now - A_DAY).date())
        if not passed or not tx.has_heard_all(now):
            return 0
        for event in passed:
            change, reason = overdue(event)
            settled = tx.record_overdue(event.id, change, reason, now)
            tell(tx, m.alerting, settled, now, edited=False)
            log.info("%s", reason)
            told += 1
    return told


def release_due(m: Monitor) -> None:
    """Queue the messages that rules held until now."""
    if not is_due(m.store, m.now()):
        return
    with m.store.begin() as tx:
        release(tx, m.alerting, m.now())


def _acquainted(known: Store | Transaction, items: Sequence[Item]) -> list[Item]:
    """Return items with all that is known by now of whom they may mean."""
    acquaintances = known.acquaintances([_asked(item) for item in items])
    return [replace(item, acquaintances=them) for item, them in zip(items, acquaintances, strict=True)]


def _asked(item: Item) -> tuple[str, datetime]:
    """What is asked about whom an item may mean: its words, and the instant that it speaks of."""
    return article_of(item).full_text, item.dated_at


def _settle_batch(m: Monitor, batch: Sequence[tuple[Item, Tagged | Exception]]) -> list[str]:
    """Settle items in one transaction; where that fails by a fault of our own, each by itself, so that one item fails.

    A database that does not work is no fault of an item: then all of them wait.
    """
    try:
        return settle(m, batch)
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001  the border of an item: it must not hold up all that come after it
        if len(batch) > 1:
            return [outcome for one in batch for outcome in _settle_batch(m, [one])]
        with m.store.begin() as tx:
            return [_settle_item(m, tx, batch[0][0], error)[0]]


def settle(m: Monitor, batch: Sequence[tuple[Item, Tagged | Exception]]) -> list[str]:
    """Decide in turn about all that was found in items and write it down, alerts and people too, in one transaction.

    Returns each item's outcome; `stale` for one that its publisher changed, or somebody else settled, meanwhile.
    """
    with m.store.begin() as tx:
        settled = [_settle_item(m, tx, *_up_to_date(m, tx, *one)) for one in _present(tx, batch)]
    told = [one for _, observed in settled for one in observed]
    for one in told:
        m.observe(one)
    for channel in sorted({message.channel for one in told for message in one.selection.deliveries}):
        m.ring(delivering_to(channel))
    return [outcome for outcome, _ in settled]


def _present(
    tx: Transaction, batch: Sequence[tuple[Item, Tagged | Exception]]
) -> Iterator[tuple[Item, Item, Tagged | Exception]]:
    """Yield each item with what is known of its names now, and as it was when it was read."""
    present = _acquainted(tx, [item for item, _ in batch])
    for now, (item, tagged) in zip(present, batch, strict=True):
        yield _acquainted(tx, [item])[0] if tx.has_introduced else now, item, tagged


def _up_to_date(
    m: Monitor, tx: Transaction, present: Item, item: Item, tagged: Tagged | Exception
) -> tuple[Item, Tagged | Exception]:
    """Return an item and its tagging, made again when an item settled meanwhile taught something about its names.

    A copy of an item settled before is read only if it says more than that one.

    So an item is always read with what all items before it said, however many were under way at once: a replay, or a
    daemon that was killed and started again, comes to the same result.
    """
    if isinstance(tagged, Tagged) and tagged.is_unread:
        source = tx.settled_item(item.copy_of or item.id)
        told = repeated(item, source, event_gate().opens)
        return (item, told) if told else _read_now(m, replace(present, copy_of=None))
    return (item, tagged) if present.acquaintances == item.acquaintances else _read_now(m, present)


def _read_now(m: Monitor, item: Item) -> tuple[Item, Tagged | Exception]:
    ((_, tagged),) = completed(m.workers, m.tag_item, [item])
    return item, tagged


def _settle_item(m: Monitor, tx: Transaction, item: Item, tagged: Tagged | Exception) -> tuple[str, Sequence[Observed]]:
    outcome, failure = _item_outcome(item, tagged)
    if not tx.mark_tagged(item.id, outcome, m.chain_version, failure, revision=item.revision):
        return "stale", ()
    found = tagged if isinstance(tagged, Tagged) else Tagged()
    observed = [_settle_mention(m, tx, item, mention) for mention in found.mentions]
    observed += [_settle_mention(m, tx, item, one.mention, again=one.event_id) for one in found.repeated]
    tx.introduce(item, found.introductions, m.now())
    return outcome.value, observed


def _settle_mention(
    m: Monitor, tx: Transaction, item: Item, mention: EventMention, *, again: int | None = None
) -> Observed:
    """Settle what an item tells; `again` is the event that its source told of, where the item is a copy."""
    now = m.now()
    report = Report(
        mention=mention,
        item_id=item.id,
        publisher=item.publisher,
        title=item.title,
        published_at=item.published_at or item.seen_at,
        story_id=item.affair_id or item.story_id,
    )
    release(tx, m.alerting, now)  # what was due before this report knows nothing of it
    decision: Decision
    if again is None:
        decision = decide(report, tx.candidate_events(mention, now), now)
        if isinstance(decision, NewDevelopment):
            decision = weighed(decision, report, tx.claims(decision.event.id))
    else:
        decision = Repetition(tx.event(again), f"event {again}: the report of item {item.copy_of} once more")
    settled = tx.apply(report, decision, now, m.chain_version)
    selection = tell(tx, m.alerting, settled, now, edited=item.revision > 0)
    return Observed(now, item, mention, decision, settled, selection)


def deliver(m: Monitor) -> Counter[str]:
    """Send every message that is due, those that rules held until now included; returns how many ended in which way."""
    release_due(m)
    return delivery.deliver(m.sending)


def once(m: Monitor) -> Counter[str]:
    """Do one pass of all that is due; returns the counts of all four jobs."""
    ends: Counter[str] = Counter()
    for job in (poll, read, tag, deliver):
        ends.update(job(m))
    return ends


# ---------------------------------------------------------------- claims


def _drain(m: Monitor, ask: Callable[[], Iterable[T]], *, by: Callable[[T], Hashable]) -> Iterator[T]:
    return drained(ask, by=by, stopping=m.stopping)


def _feed_due(feed: Feed) -> tuple[int, datetime]:
    return feed.id, feed.next_poll_at


def _item_version(item: Item) -> tuple[int, int]:
    return item.id, item.revision


# ---------------------------------------------------------------- outcomes


def _item_outcome(item: Item, tagged: Tagged | Exception) -> tuple[ItemOutcome, str]:
    summary_only = item.outcome is ItemOutcome.SUMMARY_ONLY
    match tagged:
        case ChainError():
            log.warning("item %d (%s): %s", item.id, item.url or item.guid, tagged)
            return ItemOutcome.CHAIN_FAILED, str(tagged)
        case Exception():
            log.error("item %d (%s): reading or settling it crashed", item.id, item.url or item.guid, exc_info=tagged)
            return ItemOutcome.CHAIN_FAILED, repr(tagged)
        case Tagged(readable=False):
            return ItemOutcome.FOREIGN_LANGUAGE, ""
        case Tagged(mentions=(), repeated=()):
            return (ItemOutcome.NO_EVENT_SUMMARY if summary_only else ItemOutcome.NO_EVENT), ""
        case Tagged():
            return (ItemOutcome.TAGGED_SUMMARY if summary_only else ItemOutcome.TAGGED), ""


def _failed_poll(m: Monitor, feed: Feed, error: Exception) -> PolledFeed:
    log.error("feed %s: the poll crashed", redacted(feed.url), exc_info=error)
    polled = unchanged(feed, PollOutcome.FAILED, m.now(), m.now() + PAUSE_AFTER_FAULT)
    return replace(polled, failure=f"a fault in Démarche itself, please report it: {error!r}")


def _failed_read(item: Item, error: Exception) -> ReadArticle:
    log.error("item %d (%s): reading its article crashed", item.id, item.url, exc_info=error)
    return ReadArticle(item.id, failure=f"a fault in Démarche itself, please report it: {error!r}")


# ---------------------------------------------------------------- log lines, one for each end


def _log_poll(feed: Feed, polled: PolledFeed, *, new: int, revised: int) -> None:
    url = redacted(feed.url)
    if polled.outcome is PollOutcome.FAILED:
        log.warning("feed %s: %s; next try %s", url, polled.failure, _shown(polled.next_poll_at))
        return
    log.info("feed %s: %s, %d new, %d revised", url, polled.outcome.value, new, revised)
    for reason in polled.skipped:
        log.warning("feed %s: entry skipped: %s", url, reason)


def _shown(instant: datetime) -> str:
    return instant.isoformat(sep=" ", timespec="seconds")
