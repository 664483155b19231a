"""What flows between the monitor and the tables: feeds, items, events, developments, deliveries. Values only.

Instants are aware UTC and end in `_at`; lengths are `timedelta`. Texts are never None where an empty one says the same.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from extractors.ontology import EventType, Kind, Status
from extractors.types import Acquaintance, Actor, DateRange, EventMention, Place, Span

# ---------------------------------------------------------------- feeds


# Polls failed in a row from which a feed counts as failing: the third try comes after seven intervals.
FAILING_AFTER = 3


class FeedState(StrEnum):
    """Whether a feed is polled."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person, or because it is no longer in config.yaml
    GONE = "gone"  # its server said 410, repeatedly


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as somebody asks for it, in config.yaml or on the command line."""

    url: str
    title: str = ""
    publisher: str = ""  # empty: taken from the feed's host
    interval: timedelta | None = None  # None: the poller's default


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that we poll, with what the next conditional request needs."""

    id: int
    url: str
    title: str
    publisher: str
    state: FeedState
    interval: timedelta
    next_poll_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0  # polls failed since the last success
    last_success_at: datetime | None = None
    last_error: str = ""
    items: int = 0
    wanted_interval: timedelta | None = None  # as configured; None: as `interval`
    interval_fixed: bool = False  # a person named it for this feed: it is not adapted
    unmodified: int = 0  # conditional requests since a whole document was asked for
    document_failure: str = ""  # why the document of the validators could not be read
    last_new_at: datetime | None = None  # the last poll that brought an unseen item
    rhythm: timedelta | None = None  # usual time between two such polls; None: not known yet
    silent_at: datetime | None = None  # without an unseen item until then, it is silent
    moved_to: str = ""  # asked in place of `url`
    moving_to: str = ""  # where permanent redirects lead of late
    moving_polls: int = 0  # good polls in a row that were led there

    @property
    def address(self) -> str:
        """Where the feed is asked for: its URL, or where that moved for good."""
        return self.moved_to or self.url

    @property
    def trouble(self) -> str:
        """What is wrong with it for longer than a hiccup: `failing`, `silent` against its own rhythm, or empty."""
        if self.state is not FeedState.ACTIVE:
            return ""
        if self.failures >= FAILING_AFTER:
            return "failing"
        is_silent = self.silent_at and self.last_success_at and self.last_success_at > self.silent_at
        return "silent" if is_silent else ""


class PollOutcome(StrEnum):
    """How a poll ended; each poll ends in exactly one."""

    READ = "read"  # a new document was parsed
    NOT_MODIFIED = "not-modified"  # the server said 304
    SAME_BODY = "same-body"  # 200, but byte for byte the document of the last poll
    FAILED = "failed"
    PUT_OFF = "put-off"  # the host is not to be asked at present; says nothing about the feed


@dataclass(frozen=True, slots=True)
class NewItem:
    """An entry of a feed document, cleaned at the door; not known yet whether it is new to us.

    `summary` is plain text. `canonical_url` is the URL without what does not identify (tracking parameters, fragment,
    scheme and case differences); empty without a URL. `guid` falls back to the URL, then to a digest of the title.
    `text` is the entry's own full text as plain text, if the feed carries it; else empty.
    """

    guid: str
    url: str
    canonical_url: str
    title: str
    summary: str
    published_at: datetime | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a feed's news is pushed from (W3C WebSub): the hub's address, and the topic to name to it."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True)
class PolledFeed:
    """What one poll of one feed gave: the feed's next state, and its entries in document order."""

    feed_id: int
    polled_at: datetime
    outcome: PollOutcome
    next_poll_at: datetime
    interval: timedelta
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    title: str = ""
    failure: str = ""  # empty unless the outcome is FAILED
    state: FeedState = FeedState.ACTIVE
    items: tuple[NewItem, ...] = ()
    skipped: tuple[str, ...] = ()  # entries that could not be read, each named with its reason
    unmodified: int = 0  # this and the next four: as in Feed, to be kept
    document_failure: str = ""
    moved_to: str = ""
    moving_to: str = ""
    moving_polls: int = 0
    hub: Hub | None = None  # what a document that was READ says; of any other outcome nothing is known
    other_hubs: tuple[Hub, ...] = ()  # named behind that one, for the case that it refuses


class SubscriptionState(StrEnum):
    """Where a subscription to a hub stands."""

    DECLARED = "declared"  # the feed names the hub; nobody was asked yet
    ASKED = "asked"  # the hub was asked, and has not come back to verify
    ACTIVE = "active"  # verified; the hub pushes until its lease is over
    REFUSED = "refused"  # the hub does not want to; it is asked again a day later
    ENDING = "ending"  # no longer wanted; the hub is told so


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we have with a hub about a feed (W3C WebSub).

    `token` is the last part of the callback's address, and with `secret` (which signs what is pushed) known to the hub
    alone. `rest` is how long the feed is left alone by polls while the hub pushes. `failures` counts what was asked of
    the hub since it verified last, `missed` the polls in a row that brought news which it had not pushed.
    """

    id: int
    feed_id: int
    feed_url: str
    hub: Hub
    token: str = field(repr=False)
    secret: str = field(repr=False)
    callback_url: str = field(repr=False)
    state: SubscriptionState
    next_try_at: datetime
    active_until: datetime | None
    rest: timedelta
    failures: int
    missed: int
    last_error: str
    last_push_at: datetime | None


@dataclass(frozen=True, slots=True)
class Push:
    """A document that a hub pushed and that waits to be read, with the feed that it is of."""

    id: int
    feed: Feed
    received_at: datetime
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PollRecord:
    """How many of a poll's entries were new, revised or known; `skipped` were unreadable."""

    new: int
    revised: int
    known: int
    skipped: int = 0


# ---------------------------------------------------------------- items


class ItemOutcome(StrEnum):
    """What became of an item; each ends in one of the last six."""

    UNREAD = "unread"  # its article has not been looked at yet
    READ = "read"  # full text there, waiting for the chain
    SUMMARY_ONLY = "summary-only"  # the article could not be had; the summary is used, waiting for the chain
    TAGGED = "tagged"  # the chain found events
    TAGGED_SUMMARY = "tagged-summary"  # the same, in the summary alone
    NO_EVENT = "no-event"
    NO_EVENT_SUMMARY = "no-event-summary"
    FOREIGN_LANGUAGE = "foreign-language"  # not in a language the chain reads
    CHAIN_FAILED = "chain-failed"  # the reason is kept with the item


@dataclass(frozen=True, slots=True)
class Item:
    """An entry once it is ours. `text` is the article's text where we have it, else empty.

    `acquaintances` are people known from earlier items whom it may mean; empty until somebody asks for them.
    `story_id` is the affair that it is about, with all others that are (`storage.dedup.stories`).
    """

    id: int
    feed_id: int
    guid: str
    url: str
    title: str
    summary: str
    text: str
    publisher: str
    published_at: datetime | None
    seen_at: datetime
    outcome: ItemOutcome
    revision: int = 0  # how often its publisher changed it
    read_attempts: int = 0
    read_failure: str = ""
    acquaintances: tuple[Acquaintance, ...] = ()
    story_id: int | None = None  # None until it was placed
    affair_id: int | None = None  # the first story of the affair that its story continues; known when it is placed
    copy_of: int | None = None  # the item whose words it repeats; known when it is placed

    @property
    def dated_at(self) -> datetime:
        """When its publisher wrote it, or when we saw it; never later than that."""
        return min(self.published_at or self.seen_at, self.seen_at)


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What reading the article behind an item gave. `failure` is empty when `text` is the full text.

    `retry_at` set: nothing is decided yet, try again then (the item stays unread).
    """

    item_id: int
    text: str = ""
    failure: str = ""
    retry_at: datetime | None = None


# ---------------------------------------------------------------- events and developments


class Change(StrEnum):
    """What is new about an event."""

    FIRST_REPORT = "first_report"
    STATUS = "status"
    DATE = "date"
    PLACE = "place"
    PARTY = "party"
    COUNT = "count"
    OUTCOME = "outcome"
    DENIAL = "denial"
    OVERDUE = "overdue"


class Correction(StrEnum):
    """What a person says of an event; it is above all that is read."""

    SAME = "same"  # as another event, which stays
    DIFFERENT = "different"  # from another, which was split off
    WRONG = "wrong"  # it is no event


@dataclass(frozen=True, slots=True)
class Event:
    """A thing in the world, as the mentions so far tell it. `publishers` counts distinct publishers.

    `status_at` is the publication instant of the report that set the status, so that a late report never reverts it.
    `date` is when the thing takes (or took) place, None while nobody said so.
    """

    id: int
    type: EventType
    kind: Kind
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    place: Place | None
    date: DateRange | None
    status: Status
    status_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    counts: tuple[tuple[str, str], ...] = ()
    background: bool = False  # only ever told as background
    publishers: int = 1
    story_id: int | None = None  # the affair of its latest report
    is_wrong: bool = False  # a person said that it is no event
    same_as: int | None = None  # a person said that it is this one
    different_from: tuple[int, ...] = ()  # a person said that it is none of these

    @property
    def parties(self) -> frozenset[str]:
        """The codes of everybody concerned, actors and recipients alike."""
        return frozenset(party.code for party in (*self.actors, *self.recipients))


@dataclass(frozen=True, slots=True)
class Report:
    """A mention together with who published it and when: what `decide` looks at.

    `published_at` falls back to when we saw it.
    """

    mention: EventMention
    item_id: int
    publisher: str
    title: str
    published_at: datetime
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class RepeatedMention:
    """What an item says of an event, to be told again by a copy of the item."""

    event_id: int
    mention: EventMention

    def at(self, start: int, end: int, text: str) -> "RepeatedMention":
        """Return the mention with another place of its evidence, from character `start` to `end` of `text`."""
        span = Span(start, end, text[start:end])
        return replace(self, mention=replace(self.mention, evidence=span, passages=()))


@dataclass(frozen=True, slots=True)
class SettledItem:
    """An item with what was found in it."""

    item: Item
    mentions: tuple[RepeatedMention, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that is new about an event, as text for people: old value (empty: none), new value."""

    change: Change
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Nothing we know of is the same thing. `reason` names the nearest candidate and why it is another.

    `silent`: told by comment alone, so nobody is to hear of it.
    """

    reason: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class NewDevelopment:
    """A known event, about which the mention says something new; `changes` is never empty, weightiest first."""

    event: Event
    changes: tuple[FieldChange, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Repetition:
    """A known event and nothing new about it."""

    event: Event
    reason: str


Decision = NewEvent | NewDevelopment | Repetition


@dataclass(frozen=True, slots=True)
class Development:
    """One change in what is known about an event, with the passage that tells it and who published that."""

    id: int
    event_id: int
    change: Change
    old: str
    new: str
    reason: str
    seen_at: datetime
    evidence: str
    publisher: str
    title: str
    url: str
    item_id: int | None = None
    published_at: datetime | None = None
    confidence: float = 1.0
    background: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """An event after a report was applied to it: what that report developed, and whether it confirms.

    `corroborated` is True when the report's publisher had not told of the event before, so that a rule with
    `min_publishers` may now match the developments that wait in `earlier` (newest first; without this report's own).
    """

    event: Event
    developments: tuple[Development, ...]
    corroborated: bool
    earlier: tuple[Development, ...] = ()


# ---------------------------------------------------------------- who speaks for whom


class Verdict(StrEnum):
    """What a person said of something that was read about a name; it is above all that is read."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    REPLACED = "replaced"  # it is somebody of another code


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """What items said of a name, in one code and office: `times` counts the items, instants are those of their texts.

    `first_item_id` is the first item that said so. `corrected_code` is set with the verdict REPLACED.
    """

    id: int
    name: str
    surname: str
    code: str
    office: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int
    first_item_id: int
    verdict: Verdict | None = None
    corrected_code: str = ""
    judged_at: datetime | None = None


# ---------------------------------------------------------------- deliveries


class DeliveryState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # given up; kept, shown, and can be retried


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message for one channel, ready for the outbox. `key` is stable and unique: the same key is the same message.

    `event_id` None: it is about the daemon itself. `details` is what it says in parts, as a JSON object (or empty).
    """

    key: str
    rule: str
    channel: str
    event_id: int | None
    development_ids: tuple[int, ...]
    title: str
    body: str
    reason: str  # which clauses of the rule matched
    details: str = ""
    purpose: str = ""  # empty: it tells something for the first time; else which reminder it is


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in the outbox.

    `thread` has the keys of the earlier messages about its event to its channel that it follows: the first of all and
    the one before it (one and the same, or none at all, at the beginning); only what is to be sent has it.
    """

    id: int
    key: str
    rule: str
    channel: str
    event_id: int | None
    development_ids: tuple[int, ...]
    title: str
    body: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    last_error: str = ""
    details: str = ""
    thread: tuple[str, ...] = ()
    retried_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """When it was queued, or a person asked for it again."""
        return self.retried_at or self.created_at


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try to send a delivery ended: sent (`error` empty), to try again at `retry_at`, or given up.

    `pause_until`: its channel as a whole is left alone until then.
    """

    delivery_id: int
    tried_at: datetime
    error: str = ""
    retry_at: datetime | None = None
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel fares. `failures` counts the tries that failed since the last success.

    `allowance` is how many messages may be under way there at once after a failure; it grows with each that arrives,
    None when all is well. `told_at` is when the other channels were told that this one fails.
    """

    name: str
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    allowance: int | None = None
    last_error: str = ""
    last_success_at: datetime | None = None
    told_at: datetime | None = None


# ---------------------------------------------------------------- reports


@dataclass(frozen=True, slots=True)
class Table:
    """The answer of a report: named columns, rows in order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
