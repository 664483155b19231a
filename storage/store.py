"""The store: the one name of this house that the monitor needs.

Every method is one transaction unless it says otherwise. Any of them may raise StorageUnavailable (the database cannot
be reached, or another process holds its lock too long: trying again later makes sense) and SchemaMismatch (its tables
are not those of this code). Instants are aware UTC, and the present one is always an argument. A store may be shared by
threads; a `Transaction` may not.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from extractors.types import Acquaintance, EventMention, Introduction
from storage import backup, claims, events, feeds, items, migrations, outbox, reports, roster, subscriptions, texts
from storage.alertbook import AlertBook
from storage.database import SETTLE_LOCK, Database, lock
from storage.dedup.accounts import Attested, Claim, weigh
from storage.errors import SchemaMismatch
from storage.subscriptions import Received
from storage.types import (
    Attempt,
    ChannelState,
    Correction,
    Decision,
    Delivery,
    DeliveryState,
    Development,
    Event,
    Feed,
    FeedSpec,
    FeedState,
    FieldChange,
    Item,
    ItemOutcome,
    NewDelivery,
    OfficeHolder,
    PolledFeed,
    PollOutcome,
    PollRecord,
    Push,
    ReadArticle,
    Report,
    Settled,
    SettledItem,
    Subscription,
    Table,
    Verdict,
)

_NO_LEASE = timedelta(0)


class Transaction:
    """What is decided about one item and written with it, all or nothing (`Store.begin`)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.has_introduced = False  # whether items settled in it said who speaks for whom

    def candidate_events(self, mention: EventMention, now: datetime) -> tuple[Event, ...]:
        """Return the events that a mention may be about, newest first, at most 50 (`events.candidate_events`)."""
        return events.candidate_events(self._session, mention, now)

    def apply(self, report: Report, decision: Decision, now: datetime, chain_version: str) -> Settled:
        """Write what a decision says about a report, and return the event after it with what is new.

        A second reading of the same item writes over its mention of the same event. Raises NotFound when the
        report's item is unknown.
        """
        return events.apply(self._session, report, decision, now, chain_version)

    def passed_events(self, today: date, limit: int = 100) -> tuple[Event, ...]:
        """Return planned events whose last day is before `today` and that were not told to be overdue yet."""
        return events.passed_events(self._session, today, limit)

    def has_heard_all(self, now: datetime) -> bool:
        """Say whether all active feeds were asked lately, and whether all that they brought has been settled."""
        heard_at = feeds.heard_at(self._session, now)
        return heard_at is not None and not items.waits(self._session, heard_at)

    def record_overdue(self, event_id: int, change: FieldChange, reason: str, now: datetime) -> Settled:
        """Write that an event's day passed without a report; raises NotFound."""
        return events.record_overdue(self._session, event_id, change, reason, now)

    def event(self, event_id: int) -> Event:
        """Return one event; raises NotFound."""
        return events.event(self._session, event_id)

    def claims(self, event_id: int) -> tuple[Claim, ...]:
        """Return what the last reports of an event gave as its day, place and status, and who did."""
        return events.claims(self._session, event_id)

    def delivered(self, developments: Iterable[Development]) -> frozenset[tuple[str, str, int]]:
        """Return (rule, channel, development id) of all that was told of these developments, sent or queued."""
        return outbox.delivered(self._session, [development.id for development in developments])

    def enqueue(self, deliveries: Iterable[NewDelivery], now: datetime) -> int:
        """Put messages into the outbox and return how many were new; a key that is there already is left alone."""
        return outbox.enqueue(self._session, deliveries, now)

    @property
    def alerts(self) -> AlertBook:
        """What alert rules have on their mind, written with the rest of this transaction."""
        return AlertBook(self._session)

    def acquaintances(self, asked: Sequence[tuple[str, datetime]]) -> list[tuple[Acquaintance, ...]]:
        """Return whom texts published at an instant may mean by a surname, as all before introduced them."""
        return roster.known_as(self._session, asked)

    def settled_item(self, item_id: int) -> SettledItem:
        """Return an item with what was found in it; raises NotFound."""
        return SettledItem(items.item(self._session, item_id), events.mentions_of(self._session, item_id))

    def introduce(self, item: Item, introductions: Collection[Introduction], now: datetime) -> int:
        """Write whom an item introduces, and return how much of it was unknown; what no longer counts is deleted."""
        self.has_introduced = self.has_introduced or bool(introductions)
        return roster.introduce(self._session, item, introductions, now)

    def mark_tagged(
        self,
        item_id: int,
        outcome: ItemOutcome,
        chain_version: str,
        failure: str = "",
        *,
        revision: int | None = None,
    ) -> bool:
        """Write how the chain ended for an item, and return whether it was still waiting for that.

        With the `revision` that the chain read, an item that its publisher changed meanwhile stays in the queue.
        Raises NotFound.
        """
        return items.mark_tagged(self._session, item_id, outcome, chain_version, failure, revision)


class Store:
    """All that is known, in SQLite or PostgreSQL. See the module for what holds for every method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ------------------------------------------------------------ opening, schema

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the store at `sqlite:///FILE` or `postgresql://…`; connects to nothing yet.

        Raises StorageError for a URL of any other kind.
        """
        return cls(Database(url))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where the store is, without a password."""
        return self._database.shown

    def upgrade(self) -> tuple[str, ...]:
        """Bring the schema up to date, all or nothing, and return the revisions applied, in order.

        The folder of an SQLite file is created. Raises SchemaMismatch for a database newer than this code.
        """
        return migrations.upgrade(self._database)

    def revision(self) -> str | None:
        """Return the schema revision that the database is at; None for an empty or missing one."""
        if self._database.is_missing:
            return None
        with self._database.connected() as connection:
            return migrations.revision(connection)

    def require_current(self) -> None:
        """Raise SchemaMismatch, which tells what to do, unless the schema is exactly this code's."""
        if self._database.is_missing:
            raise SchemaMismatch(f"{self.url}: {migrations.NO_TABLES}")
        with self._database.connected() as connection:
            migrations.require_current(connection)

    def check(self) -> tuple[str, ...]:
        """Return every fault found: broken pages, wrong schema, rows that belong to nothing, views that fail."""
        if self._database.is_missing:
            return (f"{self.url}: {migrations.NO_TABLES}",)
        with self._database.connected() as connection:
            return migrations.check(connection)

    def instance_id(self) -> str:
        """Return the identifier that this database was given with its first migration."""
        with self._database.connected() as connection:
            return migrations.instance_id(connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the store for one daemon, and free what a killed one had claimed, so that nothing waits for its lease.

        For SQLite alone: several daemons may share a PostgreSQL, and there a claim comes back when its lease is over.
        Raises Conflict when another daemon holds it.
        """
        file = self._database.file
        if file is None:
            yield
            return
        with claims.held(file):
            with self._database.writing() as session:
                claims.release(session)
            yield

    def back_up(self, path: Path) -> dict[str, int]:
        """Write all rows into a new SQLite file while the store is in use; return how many there are of each table.

        Raises Conflict when there is a file of that name, IntegrityFault when the copy has a fault.
        """
        return backup.back_up(self._database, path)

    def restore(self, path: Path, *, replace: bool = False) -> dict[str, int]:
        """Put the rows of a backup in place, all or nothing, and return how many there are of each table.

        The backup may come from either database. Raises NotFound without such a file, StorageError when it is no
        backup, IntegrityFault when it has a fault, Conflict when the store has feeds and `replace` is not set, or
        when a daemon is at work on the SQLite file.
        """
        backup.require_file(path)
        self.upgrade()
        with self.alone():
            return backup.restore(self._database, path, replace=replace)

    # ------------------------------------------------------------ feeds

    def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime, default_interval: timedelta) -> feeds.SyncedFeeds:
        """Make the configuration's feeds the active ones, and return how many that added, resumed and paused.

        Feeds added by command, and those a person paused, stay as they are; none is ever deleted.
        """
        with self._database.writing() as session:
            return feeds.sync_feeds(session, specs, now, default_interval)

    def add_feed(self, spec: FeedSpec, now: datetime, default_interval: timedelta) -> Feed:
        """Add a feed by command, due at once; raises Conflict when its URL is there already."""
        with self._database.writing() as session:
            return feeds.add_feed(session, spec, now, default_interval)

    def add_feeds(self, specs: Iterable[FeedSpec], now: datetime, default_interval: timedelta) -> tuple[Feed, ...]:
        """Add feeds by command, all or none, and return those that were not there yet; they are due at once."""
        with self._database.writing() as session:
            return feeds.add_feeds(session, specs, now, default_interval)

    def feeds(self) -> tuple[Feed, ...]:
        """Return all feeds in order of their id."""
        with self._database.reading() as session:
            return feeds.feeds(session)

    def feeds_of(self, feed_ids: Collection[int]) -> tuple[Feed, ...]:
        """Return those of these feeds that are there, in order of their ids; `items` is not counted."""
        with self._database.reading() as session:
            return feeds.feeds_of(session, feed_ids)

    def feed(self, id_or_url: int | str) -> Feed:
        """Return one feed; raises NotFound."""
        with self._database.reading() as session:
            return feeds.feed(session, id_or_url)

    def remove_feed(self, id_or_url: int | str) -> Feed:
        """Poll a feed no more and list it no more; what it brought stays.

        Raises NotFound, and Conflict for one that the configuration lists.
        """
        with self._database.writing() as session:
            return feeds.remove_feed(session, id_or_url)

    def set_feed_state(self, id_or_url: int | str, state: FeedState, now: datetime) -> Feed:
        """Pause or resume a feed as a person asks for, and return it; a resumed one is due at once. Raises NotFound."""
        with self._database.writing() as session:
            return feeds.set_feed_state(session, id_or_url, state, now)

    def due_feeds(self, now: datetime, limit: int, lease: timedelta) -> tuple[Feed, ...]:
        """Claim feeds that are due, the longest overdue first; nobody else gets them until `lease` has passed."""
        with self._database.writing() as session:
            return feeds.due_feeds(session, now, limit, lease)

    def next_poll_at(self) -> datetime | None:
        """Return when the next active feed is due, past instants included; None without an active feed."""
        with self._database.reading() as session:
            return feeds.next_poll_at(session)

    def make_due(self, feed_id: int, now: datetime) -> None:
        """Make a feed due now, whatever its schedule said; raises NotFound."""
        with self._database.writing() as session:
            feeds.make_due(session, feed_id, now)

    def record_poll(self, polled: PolledFeed, now: datetime) -> PollRecord:
        """Write what a poll brought: the feed's next state, unseen items, new wordings of known ones.

        An item with a new wording is read and tagged again. Raises NotFound for an unknown feed.
        """
        (record,) = self.record_polls([polled], now)
        return record

    def record_polls(self, polls: Sequence[PolledFeed], now: datetime) -> tuple[PollRecord, ...]:
        """Write what several polls brought in one transaction, and return the record of each (`record_poll`)."""
        with self._database.writing() as session:
            rows = feeds.record_polls(session, polls)
            records = items.record_polls(session, polls, now)
            told = zip(polls, records, strict=True)
            feeds.record_news(rows, {polled.feed_id: polled.polled_at for polled, record in told if record.new})
            subscriptions.note_hubs(session, polls, now)
            subscriptions.put_off_polls(session, polls, records)
            return records

    # ------------------------------------------------------------ hubs that push (WebSub)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Return what we have with the hubs that feeds name, in order of the feeds."""
        with self._database.reading() as session:
            return subscriptions.subscriptions(session)

    def subscription(self, token: str) -> Subscription | None:
        """Return the subscription that a callback's address is about; None for one that nobody has."""
        with self._database.reading() as session:
            return subscriptions.by_token(session, token)

    def due_subscriptions(self, now: datetime, limit: int, lease: timedelta, callback: str) -> tuple[Subscription, ...]:
        """Claim what is to be asked of hubs now; `callback` is what the addresses of callbacks begin with."""
        with self._database.writing() as session:
            return subscriptions.due_subscriptions(session, now, limit, lease, callback)

    def record_asked(self, asked: Subscription, now: datetime, next_try_at: datetime, error: str = "") -> None:
        """Write that a hub was asked, when to ask it again unless it verifies, and why it failed, if it did.

        What the hub said since `asked` was claimed stands.
        """
        with self._database.writing() as session:
            subscriptions.record_asked(session, asked, now, next_try_at, error)

    def keep_subscriptions(self, callback: str, now: datetime) -> int:
        """Keep only what hubs were told under this beginning of callbacks' addresses; return how many were dropped.

        Empty: none is kept, and all feeds are polled as usual.
        """
        with self._database.writing() as session:
            return subscriptions.keep_only(session, callback, now)

    def confirm_subscription(self, token: str, topic: str, lease: timedelta, rest: timedelta, now: datetime) -> bool:
        """Take a hub's verification that it pushes, and return whether it was asked to.

        Polls leave the feed alone for `rest` from then on.
        """
        with self._database.writing() as session:
            return subscriptions.confirm(session, token, topic, lease, rest, now)

    def confirm_unsubscription(self, token: str, topic: str, now: datetime) -> bool:
        """Take a hub's verification that it no longer pushes, and return whether it was asked to stop."""
        with self._database.writing() as session:
            return subscriptions.confirm_end(session, token, topic, now)

    def refuse_subscription(self, token: str, topic: str, reason: str, now: datetime) -> bool:
        """Take a hub's word that it does not push; its feed is due now. Returns whether it was asked to push."""
        with self._database.writing() as session:
            return subscriptions.refuse(session, token, topic, reason, now)

    def receive_push(self, token: str, content_type: str, body: bytes, now: datetime) -> Received:
        """Keep a document that a hub pushed until it is read, and return what became of it."""
        with self._database.writing() as session:
            return subscriptions.receive(session, token, content_type, body, now)

    def due_pushes(self, now: datetime, limit: int, lease: timedelta) -> tuple[Push, ...]:
        """Claim pushed documents that wait to be read, the oldest first."""
        with self._database.writing() as session:
            return subscriptions.due_pushes(session, now, limit, lease)

    def record_push(self, push: Push, polled: PolledFeed, now: datetime) -> PollRecord:
        """Write what a pushed document brought, as `record_poll` does; the feed's schedule and validators stay.

        One that could not be read makes the feed due. A push that somebody else recorded meanwhile brings nothing.
        """
        with self._database.writing() as session:
            if not subscriptions.take_push(session, push):
                return PollRecord(0, 0, 0)
            if polled.outcome is PollOutcome.FAILED:
                subscriptions.distrust(session, push, now)
                return PollRecord(0, 0, 0)
            (record,) = items.record_polls(session, [polled], now)
            rows = feeds.lock_feeds(session, {push.feed.id})
            feeds.record_news(rows, {push.feed.id: now} if record.new else {})
            subscriptions.record_pushed(session, push, record)
            return record

    # ------------------------------------------------------------ items

    def unread_items(self, now: datetime, limit: int, *, lease: timedelta = _NO_LEASE) -> tuple[Item, ...]:
        """Return items whose article may be fetched now, the longest waiting first; with a `lease`, claim them."""
        with self._database.writing() as session:
            return items.unread_items(session, now, limit, lease)

    def record_article(self, read: ReadArticle, now: datetime) -> ItemOutcome:
        """Write what reading an article gave, and return what the item is then: READ, SUMMARY_ONLY or still UNREAD.

        Raises NotFound.
        """
        (outcome,) = self.record_articles([read], now)
        return outcome

    def record_articles(self, reads: Sequence[ReadArticle], now: datetime) -> tuple[ItemOutcome, ...]:
        """Write what reading several articles gave in one transaction, and return each item's outcome."""
        with self._database.writing() as session:
            return items.record_articles(session, reads)

    def untagged_items(self, now: datetime, limit: int) -> tuple[Item, ...]:
        """Return items that wait for the chain, in the order to settle them: seen, published, guid.

        An item waits a while for the articles of others of its poll (`items.untagged_items`).
        """
        with self._database.reading() as session:
            return items.untagged_items(session, now, limit)

    def place_items(self, waiting: Sequence[Item], now: datetime) -> tuple[Item, ...]:
        """Find the story of items, and the item whose words they repeat, if any; return them with both, in order.

        Items of a revision that was placed before stay where they are.
        """
        if not waiting:
            return ()
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            return texts.place(session, waiting, now)

    def item(self, item_id: int) -> Item:
        """Return one item; raises NotFound."""
        with self._database.reading() as session:
            return items.item(session, item_id)

    def item_counts(self) -> dict[ItemOutcome, int]:
        """Return how many items there are of each outcome, 0 included."""
        with self._database.reading() as session:
            return items.item_counts(session)

    # ------------------------------------------------------------ events

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction to decide and write in: committed at the end, rolled back on any exception.

        Only one is open at a time, over all processes on the database, so what was read is still so when it is
        written.
        """
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            yield Transaction(session)

    @contextmanager
    def alert_book(self) -> Iterator[AlertBook]:
        """What alert rules have on their mind, to read; it shows one state of the database and writes nothing."""
        with self._database.reading() as session:
            yield AlertBook(session)

    def event(self, event_id: int) -> Event:
        """Return one event; raises NotFound."""
        with self._database.reading() as session:
            return events.event(session, event_id)

    def developments_since(self, since: datetime) -> tuple[tuple[Event, Development], ...]:
        """Return the developments since an instant, oldest first, each with its event as it stands today."""
        with self._database.reading() as session:
            return events.developments_since(session, since)

    def accounts(self, event_id: int) -> tuple[Attested, ...]:
        """Return who says what of an event's day, place and status, best attested first with the reason why."""
        with self._database.reading() as session:
            return weigh(events.claims(session, event_id))

    def correct_event(
        self, event_id: int, verdict: Correction, now: datetime, *, other_id: int | None = None, note: str = ""
    ) -> None:
        """Write what a person says of an event: that it is WRONG, or the SAME as another, which stays.

        Reports from then on follow it. Raises NotFound, and Conflict when the other is itself said to be another.
        """
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            events.correct(session, event_id, verdict, now, other_id=other_id, note=note)

    def split_event(self, event_id: int, item_id: int, now: datetime, *, note: str = "") -> Event:
        """Make what an item says of an event an event of its own, and return that.

        Raises NotFound, and Conflict when the item is the only one that tells of it.
        """
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            return events.split(session, event_id, item_id, now, note=note)

    # ------------------------------------------------------------ who speaks for whom

    def acquaintances(self, asked: Sequence[tuple[str, datetime]]) -> list[tuple[Acquaintance, ...]]:
        """Return whom texts published at an instant may mean by a surname, as earlier items introduced them."""
        with self._database.reading() as session:
            return roster.known_as(session, asked)

    def office_holders(self) -> tuple[OfficeHolder, ...]:
        """Return all that items said of who speaks for whom, in order of the names."""
        with self._database.reading() as session:
            return roster.holders(session)

    def office_holders_named(self, name: str) -> tuple[OfficeHolder, ...]:
        """Return all that is known of one person, newest first; by full name, or a surname that no other has.

        Raises NotFound, and Conflict for a surname of several people.
        """
        with self._database.reading() as session:
            return roster.holders_named(session, name)

    def judge_office_holder(
        self, name: str, verdict: Verdict, now: datetime, *, code: str = ""
    ) -> tuple[OfficeHolder, ...]:
        """Write what a person says of a name (`attestation.judged`), and return all that is known of it then.

        Raises NotFound, and Conflict for a surname of several people or when there is nothing to confirm.
        """
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            return roster.judge(session, name, verdict, now, code)

    def forget_office_holder(self, name: str) -> int:
        """Delete all that is known of a person, verdicts included, and return how many rows that were.

        Raises NotFound, and Conflict for a surname of several people.
        """
        with self._database.writing() as session:
            lock(session, SETTLE_LOCK)
            return roster.forget(session, name)

    # ------------------------------------------------------------ deliveries

    def due_channels(self, now: datetime) -> frozenset[str]:
        """Return the names of the channels that a message may be sent to now; nothing is claimed."""
        with self._database.reading() as session:
            return outbox.due_channels(session, now)

    def due_deliveries(self, now: datetime, limit: int, lease: timedelta, *, channel: str) -> tuple[Delivery, ...]:
        """Claim messages that may be sent to a channel now, one at a time per event, the longest due first."""
        with self._database.writing() as session:
            return outbox.due_deliveries(session, now, limit, lease, channel)

    def record_delivery(self, attempt: Attempt) -> DeliveryState:
        """Write how a try to send ended, and return where the message stands now; raises NotFound."""
        with self._database.writing() as session:
            return outbox.record_delivery(session, attempt)

    def retry_delivery(self, delivery_id: int, now: datetime) -> Delivery:
        """Make a message due at once that was given up or waits, and return it; raises NotFound."""
        with self._database.writing() as session:
            return outbox.retry_delivery(session, delivery_id, now)

    def retry_dead(self, now: datetime, *, channel: str = "", rule: str = "") -> int:
        """Make all messages due again that were given up, and return how many; of one channel or rule where named."""
        with self._database.writing() as session:
            return outbox.retry_dead(session, now, channel, rule)

    def channel_states(self) -> tuple[ChannelState, ...]:
        """Return how each channel fares that was ever tried, by name."""
        with self._database.reading() as session:
            return outbox.channel_states(session)

    def resume_channels(self, channels: Collection[str]) -> None:
        """Let channels be tried at once that wait after a failure."""
        with self._database.writing() as session:
            outbox.resume_channels(session, channels)

    def waiting(self, channel: str) -> int:
        """Return how many messages wait for a channel."""
        with self._database.reading() as session:
            return outbox.waiting(session, channel)

    def tell_failing(self, channel: str, messages: Iterable[NewDelivery], now: datetime) -> bool:
        """Queue messages about a channel that fails, once while it fails; return whether that was now."""
        with self._database.writing() as session:
            return outbox.tell_failing(session, channel, messages, now)

    def deliveries(self, *, state: DeliveryState | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return the newest messages, of one state or of any, newest first."""
        with self._database.reading() as session:
            return outbox.deliveries(session, state, limit)

    def delivery(self, delivery_id: int) -> Delivery:
        """Return one message; raises NotFound."""
        with self._database.reading() as session:
            return outbox.delivery(session, delivery_id)

    def delivery_counts(self) -> dict[DeliveryState, int]:
        """Return how many messages there are of each state, 0 included."""
        with self._database.reading() as session:
            return outbox.delivery_counts(session)

    # ------------------------------------------------------------ reports

    def table(self, name: str, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Return what one query gives, run where nothing can be written; `:name` in it takes `params["name"]`.

        Instants and days come back as ISO text (`2022-04-22T09:00:00Z`, `2022-04-26`), booleans as 0 or 1. Raises
        StorageError with `name` and the database's message.
        """
        return reports.table(self._database, name, sql, params or {})
