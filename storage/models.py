"""The tables. They stay inside this house: what leaves it are the values of `storage.types`.

Identifiers are 64-bit and never reused by us. Every instant is UTC (`database.Instant`). Codes of parties are kept
twice: one row per party for look-ups, and as a sorted text (`RUS+UKR`) for people and views.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.database import Instant, PlainText, Tuples

BigId = BigInteger().with_variant(Integer, "sqlite")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The metadata of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: Instant(), str: PlainText(), int: BigInteger()}


def _id() -> Mapped[int]:
    return mapped_column(BigId, primary_key=True)


def _reference(target: str, *, primary_key: bool = False) -> Any:
    return mapped_column(BigId, ForeignKey(target), primary_key=primary_key)


class MetaRow(Base):
    """Facts about this database itself: `instance_id`, `created_at`, `views` (digest of the reporting views)."""

    __tablename__ = "monitor_meta"

    key: Mapped[str] = mapped_column(Text(), primary_key=True)
    value: Mapped[str]


class FeedRow(Base):
    """A feed, its schedule, and what the next conditional request needs."""

    __tablename__ = "feeds"
    __table_args__ = (
        UniqueConstraint("url"),
        CheckConstraint("state IN ('active', 'paused', 'gone')", name="state"),
        CheckConstraint("origin IN ('config', 'command')", name="origin"),
        CheckConstraint("interval_seconds > 0", name="interval"),
        # due_feeds, next_poll_at: the active feeds in order of their time
        Index("ix_feeds_due", "state", "next_poll_at"),
    )

    id: Mapped[int] = _id()
    url: Mapped[str]
    title: Mapped[str]
    publisher: Mapped[str]
    state: Mapped[str]
    origin: Mapped[str] = mapped_column(comment="config: listed in config.yaml; command: added by a person")
    paused_by: Mapped[str] = mapped_column(comment="config: no longer listed there; command: a person; empty: not")
    interval_seconds: Mapped[int] = mapped_column(comment="present, adapted by the poller")
    wanted_interval_seconds: Mapped[int] = mapped_column(comment="as configured; a change restarts the adaptation")
    interval_fixed: Mapped[bool] = mapped_column(server_default=false(), comment="a person named it: it is not adapted")
    next_poll_at: Mapped[datetime]
    leased_until: Mapped[datetime | None] = mapped_column(comment="a poll is under way; after this it may be redone")
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    unmodified: Mapped[int] = mapped_column(server_default="0", comment="conditional requests since a document came")
    document_failure: Mapped[str] = mapped_column(
        server_default="", comment="why the document of these validators could not be read; empty: it was"
    )
    last_polled_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str]
    failures: Mapped[int] = mapped_column(comment="polls failed since the last success")
    last_new_at: Mapped[datetime | None] = mapped_column(comment="the last poll that brought an unseen item")
    rhythm_seconds: Mapped[int | None] = mapped_column(comment="usual time between two such polls")
    silent_at: Mapped[datetime | None] = mapped_column(comment="without an unseen item until then, it is silent")
    moved_to: Mapped[str] = mapped_column(server_default="", comment="asked in place of url, after permanent redirects")
    moving_to: Mapped[str] = mapped_column(server_default="", comment="where permanent redirects lead of late")
    moving_polls: Mapped[int] = mapped_column(server_default="0", comment="good polls in a row that were led there")


class SubscriptionRow(Base):
    """A hub that a feed names or named (W3C WebSub), and what we have with it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        # note_hubs, trust: what a feed has
        UniqueConstraint("feed_id", "hub_url", "topic_url"),
        # by_token: whom a hub's request is about
        UniqueConstraint("token"),
        CheckConstraint("state IN ('declared', 'asked', 'active', 'refused', 'ending')", name="state"),
        # due_subscriptions: what is to be asked of hubs, by when
        Index("ix_subscriptions_due", "next_try_at"),
    )

    id: Mapped[int] = _id()
    feed_id: Mapped[int] = _reference("feeds.id")
    hub_url: Mapped[str]
    topic_url: Mapped[str]
    named: Mapped[bool] = mapped_column(comment="the feed's latest document names the hub")
    token: Mapped[str] = mapped_column(comment="the last part of the callback's address")
    secret: Mapped[str] = mapped_column(comment="signs what the hub pushes")
    callback_url: Mapped[str] = mapped_column(comment="as the hub was told it; empty: it was not asked")
    state: Mapped[str]
    next_try_at: Mapped[datetime]
    active_until: Mapped[datetime | None] = mapped_column(comment="when the hub's lease is over")
    rest_seconds: Mapped[int] = mapped_column(comment="how long the feed is left alone by polls meanwhile")
    failures: Mapped[int] = mapped_column(comment="times the hub was asked since it last verified")
    missed: Mapped[int] = mapped_column(comment="polls in a row that brought news which was not pushed")
    last_error: Mapped[str]
    last_push_at: Mapped[datetime | None]


class PushRow(Base):
    """A document that a hub pushed and that was not read yet; deleted with that."""

    __tablename__ = "pushes"
    __table_args__ = (
        # receive: how many wait of a feed
        Index("ix_pushes_feed", "feed_id"),
    )

    id: Mapped[int] = _id()
    feed_id: Mapped[int] = _reference("feeds.id")
    received_at: Mapped[datetime]
    content_type: Mapped[str]
    body: Mapped[bytes]
    leased_until: Mapped[datetime | None]


class StoryRow(Base):
    """Items from any publishers that report the same events."""

    __tablename__ = "stories"

    id: Mapped[int] = _id()
    first_seen_at: Mapped[datetime]


class ItemRow(Base):
    """An entry of a feed once it is ours.

    Not unique by feed and guid: real feeds give one guid to two entries of a document. Whether two entries are one
    item is decided in `storage.dedup.identity`, over `item_keys`.
    """

    __tablename__ = "items"
    __table_args__ = (
        # v_feeds.items and the pages of a feed
        Index("ix_items_feed", "feed_id"),
        # unread_items: what waits for its article, by when it may be tried
        Index("ix_items_unread", "outcome", "next_read_at"),
        # untagged_items: what waits for the chain, in the order it is settled
        Index("ix_items_untagged", "outcome", "seen_at"),
        # v_items by time, and the items of a story
        Index("ix_items_seen", "seen_at"),
        Index("ix_items_story", "story_id"),
    )

    id: Mapped[int] = _id()
    feed_id: Mapped[int] = _reference("feeds.id")
    story_id: Mapped[int | None] = _reference("stories.id")
    guid: Mapped[str]
    url: Mapped[str]
    canonical_url: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    text: Mapped[str] = mapped_column(comment="of the article, or the entry's own full text; empty where neither")
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    outcome: Mapped[str]
    revision: Mapped[int] = mapped_column(comment="how often its publisher changed it")
    content_hash: Mapped[str] = mapped_column(comment="of the latest revision")
    read_attempts: Mapped[int]
    next_read_at: Mapped[datetime]
    read_leased_until: Mapped[datetime | None]
    read_failure: Mapped[str]
    tag_failure: Mapped[str]
    chain_version: Mapped[str | None] = mapped_column(comment="of the chain that read it last")
    tagged_revision: Mapped[int | None] = mapped_column(comment="the revision that the chain read last")


class ItemKeyRow(Base):
    """What an item can be recognised by in its feed; several items may share a key."""

    __tablename__ = "item_keys"
    __table_args__ = (
        CheckConstraint("kind IN ('guid', 'url', 'title')", name="kind"),
        # record_poll: which items of this feed share a key with the polled entries
        Index("ix_item_keys_lookup", "feed_id", "digest"),
    )

    item_id: Mapped[int] = _reference("items.id", primary_key=True)
    kind: Mapped[str] = mapped_column(Text(), primary_key=True)
    digest: Mapped[str] = mapped_column(Text(), primary_key=True)
    feed_id: Mapped[int] = _reference("feeds.id")


class ItemRevisionRow(Base):
    """Each wording of an item that we saw, the first included (number 0)."""

    __tablename__ = "item_revisions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    item_id: Mapped[int] = _reference("items.id", primary_key=True)
    content_hash: Mapped[str] = mapped_column(Text(), primary_key=True)
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    seen_at: Mapped[datetime]


class EventRow(Base):
    """A thing in the world, as the mentions so far tell it."""

    __tablename__ = "events"
    __table_args__ = (
        # v_events by time; candidate_events sorts by it
        Index("ix_events_last_seen", "last_seen_at"),
        # candidate_events of a mention without parties
        Index("ix_events_kind_place", "kind", "place_country", "place_name"),
        # passed_events: planned and the day is over; the report of what is coming
        Index("ix_events_status_date", "status", "date_end"),
    )

    id: Mapped[int] = _id()
    story_id: Mapped[int] = _reference("stories.id")
    type: Mapped[str]
    kind: Mapped[str]
    actors: Mapped[str] = mapped_column(comment="codes, sorted, joined by +")
    recipients: Mapped[str] = mapped_column(comment="codes, sorted, joined by +")
    place_country: Mapped[str | None]
    place_name: Mapped[str | None]
    date_start: Mapped[date | None]
    date_end: Mapped[date | None]
    status: Mapped[str]
    status_at: Mapped[datetime] = mapped_column(comment="publication of the report that set the status")
    counts: Mapped[tuple[tuple[str, str], ...]] = mapped_column(Tuples(), comment="JSON list of [what, text]")
    background: Mapped[bool] = mapped_column(comment="only ever told as background")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class EventPartyRow(Base):
    """A party of an event, once per role and code."""

    __tablename__ = "event_parties"
    __table_args__ = (
        CheckConstraint("role IN ('actor', 'recipient')", name="role"),
        # candidate_events: which events does this party take part in
        Index("ix_event_parties_code", "code", "event_id"),
    )

    event_id: Mapped[int] = _reference("events.id", primary_key=True)
    role: Mapped[str] = mapped_column(Text(), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    name: Mapped[str]


class EventPublisherRow(Base):
    """Which publishers told of an event, and since when."""

    __tablename__ = "event_publishers"

    event_id: Mapped[int] = _reference("events.id", primary_key=True)
    publisher: Mapped[str] = mapped_column(PlainText(), primary_key=True)
    first_seen_at: Mapped[datetime]


class MentionRow(Base):
    """What one item says about one event, after its latest reading."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("item_id", "event_id"),
        # the mentions of an event: its page, v_events.mentions
        Index("ix_mentions_event", "event_id"),
        # v_mentions by time
        Index("ix_mentions_seen", "seen_at"),
    )

    id: Mapped[int] = _id()
    item_id: Mapped[int] = _reference("items.id")
    event_id: Mapped[int] = _reference("events.id")
    type: Mapped[str]
    kind: Mapped[str]
    actors: Mapped[str] = mapped_column(comment="codes, sorted, joined by +")
    recipients: Mapped[str] = mapped_column(comment="codes, sorted, joined by +")
    place_country: Mapped[str | None]
    place_name: Mapped[str | None]
    date_start: Mapped[date | None]
    date_end: Mapped[date | None]
    status: Mapped[str]
    attribution: Mapped[str | None]
    background: Mapped[bool]
    confidence: Mapped[float]
    counts: Mapped[tuple[tuple[str, str], ...]] = mapped_column(Tuples(), comment="JSON list of [what, text]")
    evidence: Mapped[str]
    evidence_start: Mapped[int] = mapped_column(comment="character of title + newline + text, counted from 0")
    evidence_end: Mapped[int]
    passages: Mapped[tuple[tuple[Any, ...], ...]] = mapped_column(Tuples(), comment="JSON list of [start, end, text]")
    reason: Mapped[str] = mapped_column(comment="which frame and words gave the mention")
    decision: Mapped[str] = mapped_column(comment="why it belongs to this event")
    chain_version: Mapped[str]
    revision: Mapped[int] = mapped_column(comment="of the item, when it was read")
    seen_at: Mapped[datetime]


class MentionPartyRow(Base):
    """A party of a mention, with the name that the text gives."""

    __tablename__ = "mention_parties"
    __table_args__ = (CheckConstraint("role IN ('actor', 'recipient')", name="role"),)

    mention_id: Mapped[int] = _reference("mentions.id", primary_key=True)
    role: Mapped[str] = mapped_column(Text(), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    name: Mapped[str]


class DevelopmentRow(Base):
    """One change in what is known about an event. Never changed afterwards."""

    __tablename__ = "developments"
    __table_args__ = (
        # the developments of an event: its page, v_events.developments, Settled.earlier
        Index("ix_developments_event", "event_id"),
        # v_developments by time, rules tested on history
        Index("ix_developments_seen", "seen_at"),
    )

    id: Mapped[int] = _id()
    event_id: Mapped[int] = _reference("events.id")
    mention_id: Mapped[int | None] = _reference("mentions.id")
    change: Mapped[str]
    old_value: Mapped[str]
    new_value: Mapped[str]
    reason: Mapped[str]
    seen_at: Mapped[datetime]
    evidence: Mapped[str] = mapped_column(comment="the passage as it was read then")
    confidence: Mapped[float]
    background: Mapped[bool] = mapped_column(comment="told as background only: no alert")


class OfficeHolderRow(Base):
    """What items said of a name in one code and office, and what a person said to that.

    Not one row per person: rows of a name may contradict each other. `storage.attestation` decides what is believed.
    """

    __tablename__ = "office_holders"
    __table_args__ = (
        # introduce: is it known already; all that is known of a name
        UniqueConstraint("name_key", "code", "office"),
        CheckConstraint("verdict IN ('confirmed', 'wrong', 'replaced')", name="verdict"),
        # known_as: whom the capitalised words of a text may mean
        Index("ix_office_holders_surname", "surname_key"),
        # introduce: what no longer counts is deleted
        Index("ix_office_holders_until", "counts_until"),
    )

    id: Mapped[int] = _id()
    name_key: Mapped[str] = mapped_column(comment="the name in small letters without accents")
    surname_key: Mapped[str]
    name: Mapped[str] = mapped_column(comment="as it was written first")
    surname: Mapped[str]
    code: Mapped[str]
    office: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(comment="publication of the earliest item that said so")
    last_seen_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(comment="how many items said so")
    first_item_id: Mapped[int] = _reference("items.id")
    counts_until: Mapped[datetime | None] = mapped_column(comment="then it is deleted; none: a person's verdict stays")
    verdict: Mapped[str | None]
    corrected_code: Mapped[str]
    judged_at: Mapped[datetime | None]


class ItemTextRow(Base):
    """What an item's words are compared by, while others can still repeat them; deleted afterwards."""

    __tablename__ = "item_texts"
    __table_args__ = (
        # what is over is deleted, by texts.place
        Index("ix_item_texts_until", "counts_until"),
        # the items of a text that turns out to be boilerplate
        Index("ix_item_texts_hash", "text_hash"),
    )

    item_id: Mapped[int] = _reference("items.id", primary_key=True)
    revision: Mapped[int] = mapped_column(comment="of the item, when it was compared")
    report_id: Mapped[int] = mapped_column(BigId, comment="the item that told this report first, perhaps itself")
    copy_of: Mapped[int | None] = mapped_column(BigId, comment="the item whose words it repeats")
    story_id: Mapped[int] = _reference("stories.id")
    text_hash: Mapped[str] = mapped_column(comment="empty where the text is too short to compare")
    shingles: Mapped[bytes] = mapped_column(comment="numbers of 32 bits, in the order of the text")
    profile: Mapped[bytes] = mapped_column(comment="storage.dedup.stories.Profile, packed")
    reason: Mapped[str] = mapped_column(comment="why it is of this report and this story")
    counts_until: Mapped[datetime]


class TextBandRow(Base):
    """A band of an item's MinHash signature: texts that share one are worth comparing.

    A band keeps a few late items: the slot is what the item's number leaves, and a later item takes the place.
    """

    __tablename__ = "text_bands"
    __table_args__ = (Index("ix_text_bands_until", "until"), {"sqlite_with_rowid": False})

    band: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(BigId)
    until: Mapped[int] = mapped_column(comment="hours since 1970")


class SharedTextRow(Base):
    """A text by its hash: which report it is, and which unlike headlines it ran under; of several it is boilerplate."""

    __tablename__ = "shared_texts"
    __table_args__ = (Index("ix_shared_texts_until", "counts_until"),)

    text_hash: Mapped[str] = mapped_column(Text(), primary_key=True)
    report_id: Mapped[int] = mapped_column(BigId)
    titles: Mapped[tuple[tuple[str], ...]] = mapped_column(Tuples(), comment="JSON list of [title key]")
    counts_until: Mapped[datetime]


class ItemTermRow(Base):
    """One of an item's weightiest words: items that share one may be of one story. Slots as in `TextBandRow`."""

    __tablename__ = "item_terms"
    __table_args__ = (Index("ix_item_terms_until", "until"), {"sqlite_with_rowid": False})

    term: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(BigId)
    until: Mapped[int] = mapped_column(comment="hours since 1970")


class TermCountRow(Base):
    """In how many items a word occurred lately, older ones counting less; term -1: how many there were."""

    __tablename__ = "term_counts"
    __table_args__ = (Index("ix_term_counts_counted", "counted"), {"sqlite_with_rowid": False})

    term: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    items: Mapped[float] = mapped_column(Float())
    counted: Mapped[int] = mapped_column(comment="hours since 1970")


class StoryProfileRow(Base):
    """The words of a story that items may still join; deleted when it is over."""

    __tablename__ = "story_profiles"
    __table_args__ = (Index("ix_story_profiles_until", "counts_until"),)

    story_id: Mapped[int] = _reference("stories.id", primary_key=True)
    profile: Mapped[bytes] = mapped_column(comment="storage.dedup.stories.StoryProfile, packed")
    counts_until: Mapped[datetime]


class CorrectionRow(Base):
    """What a person said of events, above all that is read: one thing, two things, or none."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different', 'wrong')", name="verdict"),
        # candidate_events: what people said of these events
        Index("ix_corrections_event", "event_id"),
    )

    id: Mapped[int] = _id()
    verdict: Mapped[str]
    event_id: Mapped[int] = _reference("events.id")
    other_id: Mapped[int | None] = _reference("events.id")
    note: Mapped[str]
    made_at: Mapped[datetime]


class DeliveryRow(Base):
    """The outbox: one message for one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("state IN ('pending', 'sent', 'dead')", name="state"),
        # due_deliveries, due_channels, delivery_counts: what waits for which channel, by when it may be tried
        Index("ix_deliveries_due", "state", "channel", "next_attempt_at"),
        # due_deliveries: is an older message about this event still waiting for this channel
        Index("ix_deliveries_order", "event_id", "channel", "state"),
    )

    id: Mapped[int] = _id()
    key: Mapped[str] = mapped_column(Text())
    rule: Mapped[str]
    channel: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("events.id"), comment="none: about the daemon")
    title: Mapped[str]
    body: Mapped[str]
    details: Mapped[str] = mapped_column(server_default="", comment="JSON: what the message says, in parts")
    reason: Mapped[str] = mapped_column(comment="which clauses of the rule matched")
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str]
    retried_at: Mapped[datetime | None] = mapped_column(comment="asked for again; its time counts from then")


class DeliveryDevelopmentRow(Base):
    """Which developments a delivery tells. Unique: no rule tells a channel a development twice for one purpose."""

    __tablename__ = "delivery_developments"
    __table_args__ = (
        UniqueConstraint("rule", "channel", "development_id", "purpose"),
        # tx.delivered: who was told of these developments
        Index("ix_delivery_developments_development", "development_id"),
    )

    delivery_id: Mapped[int] = _reference("deliveries.id", primary_key=True)
    development_id: Mapped[int] = _reference("developments.id", primary_key=True)
    rule: Mapped[str]
    channel: Mapped[str]
    purpose: Mapped[str] = mapped_column(server_default="", comment="empty: for the first time; else which reminder")


class ChannelStateRow(Base):
    """How a channel fares, by its name in the configuration; a channel that was never tried has no row."""

    __tablename__ = "channel_states"

    name: Mapped[str] = mapped_column(Text(), primary_key=True)
    failures: Mapped[int] = mapped_column(comment="tries failed since the last that succeeded")
    failing_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None] = mapped_column(comment="nothing is sent there before")
    allowance: Mapped[int | None] = mapped_column(comment="messages at once; none: as many as are due")
    last_error: Mapped[str]
    last_success_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None] = mapped_column(comment="when the other channels were told that it fails")


class SettlementRow(Base):
    """A report that was settled and brought something that rules look at, with its event as it stood then."""

    __tablename__ = "settlements"
    __table_args__ = (
        # rules tested on history
        Index("ix_settlements_at", "at"),
        # a development explained: its event as it stood
        Index("ix_settlements_event", "event_id"),
    )

    id: Mapped[int] = _id()
    event_id: Mapped[int] = _reference("events.id")
    at: Mapped[datetime]
    corroborated: Mapped[bool] = mapped_column(comment="its publisher had not told of the event before")
    edited: Mapped[bool] = mapped_column(comment="a new wording of an item that we had")
    snapshot: Mapped[str] = mapped_column(comment="JSON: the event after it, and the developments that it brought")


class AlertMatchRow(Base):
    """A development that a rule asked for: what is not told yet survives a crash here."""

    __tablename__ = "alert_matches"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'held', 'told', 'silenced', 'expired')", name="state"),
        # what a rule has not told yet
        Index("ix_alert_matches_open", "rule", "state"),
        # take: what was matched before of these developments
        Index("ix_alert_matches_development", "development_id"),
    )

    rule: Mapped[str] = mapped_column(PlainText(), primary_key=True)
    development_id: Mapped[int] = _reference("developments.id", primary_key=True)
    settlement_id: Mapped[int] = _reference("settlements.id")
    reason: Mapped[str] = mapped_column(comment="which clauses of the rule matched")
    matched_at: Mapped[datetime]
    state: Mapped[str]
    ready_at: Mapped[datetime | None] = mapped_column(comment="none: it waits for more publishers")
    ready_by: Mapped[int] = mapped_column(comment="the settlement after which it no longer did; 0: it does")
    acked_at: Mapped[datetime | None]
    acked_by: Mapped[str] = mapped_column(comment="what a person said with it")


class AlertMessageRow(Base):
    """What a rule told, or would have without a silence; one row for all of its channels."""

    __tablename__ = "alert_messages"
    __table_args__ = (
        # rule_state: what a rule told lately
        Index("ix_alert_messages_rule", "rule", "at"),
    )

    id: Mapped[int] = _id()
    rule: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(comment="when it was due; it left when somebody looked next")


class AlertMessageDevelopmentRow(Base):
    """Which developments a message tells, and which a silence kept out of it."""

    __tablename__ = "alert_message_developments"
    __table_args__ = (
        # alerts show, rules explain: what became of a development
        Index("ix_alert_message_developments_development", "development_id"),
    )

    message_id: Mapped[int] = _reference("alert_messages.id", primary_key=True)
    development_id: Mapped[int] = _reference("developments.id", primary_key=True)
    silence_id: Mapped[int | None] = _reference("silences.id")


class AlertAgendaRow(Base):
    """When a rule is to be looked at again, and until when its reminders and escalations are done with."""

    __tablename__ = "alert_agenda"

    rule: Mapped[str] = mapped_column(PlainText(), primary_key=True)
    next_at: Mapped[datetime | None]
    through: Mapped[datetime | None]
    settings: Mapped[str] = mapped_column(comment="digest of the rule's timing; another one is looked at anew")


class SilenceRow(Base):
    """What shall not be told for a while."""

    __tablename__ = "silences"

    id: Mapped[int] = _id()
    created_at: Mapped[datetime]
    until: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    rule: Mapped[str] = mapped_column(comment="empty: any")
    event_id: Mapped[int | None] = _reference("events.id")
    kind: Mapped[str] = mapped_column(comment="empty: any")
    actors: Mapped[str] = mapped_column(comment="codes joined by +, of which one is a party; empty: any")
    place: Mapped[str] = mapped_column(comment="empty: any")
    comment: Mapped[str]
