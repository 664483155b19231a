"""Hubs that push feeds' news (W3C WebSub): what we have with them, and what they pushed and nobody has read yet.

A hub is trusted while it keeps its word: then polls of its feeds are rare. It is not once its lease is over, once it
does not answer, or once polls find what it should have pushed; its feeds are then polled as all others are.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.feeds import as_feed, lock_feeds
from storage.models import FeedRow, PushRow, SubscriptionRow
from storage.types import (
    FeedState,
    Hub,
    PolledFeed,
    PollOutcome,
    PollRecord,
    Push,
    Subscription,
    SubscriptionState,
)

# One poll may fall between a publisher's news and the hub's push of it; two in a row hardly do.
MOST_MISSED = 2
# A hub that pushes faster than we read is told to come back later.
MOST_WAITING = 50
# A feed's last part of a lease that is left for its renewal: hubs may take hours to verify, and leases are days.
RENEWED_AFTER = 0.75
# How often a hub is told that we are done with it; after that its lease runs out.
MOST_GOODBYES = 2
ASKED_AGAIN_AFTER_REFUSAL = timedelta(days=1)
# 256 bits each; WebSub wants secrets below 200 bytes.
SECRET_BYTES = 32

_WANTED = (SubscriptionState.DECLARED, SubscriptionState.ASKED, SubscriptionState.ACTIVE, SubscriptionState.REFUSED)
_KNOWN_TO_THE_HUB = (SubscriptionState.ASKED, SubscriptionState.ACTIVE)


class Received(StrEnum):
    """What became of a push."""

    TAKEN = "taken"
    BUSY = "busy"  # too many of this feed wait already
    UNKNOWN = "unknown"  # there is no such subscription, or it has ended


# ---------------------------------------------------------------- what feeds name


def note_hubs(session: Session, polls: Iterable[PolledFeed], now: datetime) -> None:
    """Write which hubs each document that was read names; what is no longer named is ended.

    Of several hubs one is asked: the first that has not refused.
    """
    read = {polled.feed_id: _hubs(polled) for polled in polls if polled.outcome is PollOutcome.READ}
    rows = session.scalars(select(SubscriptionRow).where(SubscriptionRow.feed_id.in_(list(read)))).all()
    refused: dict[int, set[Hub]] = {feed_id: set() for feed_id in read}
    served: set[int] = set()
    for row in rows:
        hub = Hub(row.hub_url, row.topic_url)
        row.named = hub in read[row.feed_id]
        if not row.named:
            _end(session, row, now)
            continue
        if row.state == SubscriptionState.ENDING:
            _put(row, SubscriptionState.DECLARED, now)
        if row.state == SubscriptionState.REFUSED:
            refused[row.feed_id].add(hub)
        else:
            served.add(row.feed_id)
    for feed_id, hubs in read.items():
        further = [hub for hub in hubs if hub not in refused[feed_id]]
        if further and feed_id not in served:
            session.add(_new_row(feed_id, further[0], now))


def _hubs(polled: PolledFeed) -> tuple[Hub, ...]:
    return (polled.hub, *polled.other_hubs) if polled.hub else ()


def _end(session: Session, row: SubscriptionRow, now: datetime) -> None:
    if row.state in _KNOWN_TO_THE_HUB:
        _put(row, SubscriptionState.ENDING, now)
    elif row.state != SubscriptionState.ENDING:
        session.delete(row)


def _put(row: SubscriptionRow, state: SubscriptionState, next_try_at: datetime, error: str = "") -> None:
    row.state, row.next_try_at, row.last_error = state.value, next_try_at, error
    row.failures = row.missed = 0
    if state is not SubscriptionState.ACTIVE:
        row.active_until = None


def _new_row(feed_id: int, hub: Hub, now: datetime) -> SubscriptionRow:
    return SubscriptionRow(
        feed_id=feed_id,
        hub_url=hub.url,
        topic_url=hub.topic,
        named=True,
        token=secrets.token_urlsafe(SECRET_BYTES),
        secret=secrets.token_urlsafe(SECRET_BYTES),
        callback_url="",
        state=SubscriptionState.DECLARED.value,
        next_try_at=now,
        rest_seconds=0,
        failures=0,
        missed=0,
        last_error="",
    )


def put_off_polls(session: Session, polls: Sequence[PolledFeed], records: Sequence[PollRecord]) -> None:
    """Leave feeds alone for longer that a trusted hub pushes, and note where a poll found what the hub should have.

    The feeds' rows are locked already.
    """
    subscribed = and_(
        SubscriptionRow.feed_id.in_([polled.feed_id for polled in polls]),
        SubscriptionRow.state == SubscriptionState.ACTIVE,
    )
    rows = {row.feed_id: row for row in session.scalars(select(SubscriptionRow).where(subscribed))}
    for polled, record in zip(polls, records, strict=True):
        row = rows.get(polled.feed_id)
        if row is None or polled.outcome in (PollOutcome.FAILED, PollOutcome.PUT_OFF):
            continue
        row.missed += 1 if record.new and not _waiting(session, row.feed_id) else 0
        if _is_trusted(row, polled.polled_at):
            _put_off(session, polled, row)


def _is_trusted(row: SubscriptionRow, now: datetime) -> bool:
    until = row.active_until
    return until is not None and until > now and not row.failures and row.missed < MOST_MISSED


def _put_off(session: Session, polled: PolledFeed, row: SubscriptionRow) -> None:
    rested = polled.polled_at + timedelta(seconds=row.rest_seconds)
    latest = max(polled.next_poll_at, min(rested, row.active_until or rested))
    session.get_one(FeedRow, polled.feed_id).next_poll_at = latest


# ---------------------------------------------------------------- what is asked of hubs


def due_subscriptions(
    session: Session, now: datetime, limit: int, lease: timedelta, callback: str
) -> tuple[Subscription, ...]:
    """Claim what is to be asked of hubs now, the longest overdue first; nobody else gets it until `lease` has passed.

    `callback` is what callbacks' addresses begin with. Subscriptions of feeds that are no longer polled are ended, and
    those whose lease is over count as to be asked for anew.
    """
    _end_idle(session, now)
    polled = and_(SubscriptionRow.state.in_(_WANTED), SubscriptionRow.named, FeedRow.state == FeedState.ACTIVE)
    due = (
        select(SubscriptionRow, FeedRow.url)
        .join(FeedRow, FeedRow.id == SubscriptionRow.feed_id)
        .where(SubscriptionRow.next_try_at <= now, or_(polled, SubscriptionRow.state == SubscriptionState.ENDING))
        .order_by(SubscriptionRow.next_try_at, SubscriptionRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=SubscriptionRow)
    )
    claimed = session.execute(due).all()
    for row, _ in claimed:
        _claim(row, now, lease, callback)
    return tuple(_subscription(row, url) for row, url in claimed)


def _end_idle(session: Session, now: datetime) -> None:
    idle = select(FeedRow.id).where(FeedRow.state != FeedState.ACTIVE)
    rows = and_(SubscriptionRow.state.in_(_KNOWN_TO_THE_HUB), SubscriptionRow.feed_id.in_(idle))
    for row in session.scalars(select(SubscriptionRow).where(rows)):
        _put(row, SubscriptionState.ENDING, now)


def _claim(row: SubscriptionRow, now: datetime, lease: timedelta, callback: str) -> None:
    row.next_try_at = now + lease
    if row.state == SubscriptionState.ENDING:
        return
    is_active = row.state == SubscriptionState.ACTIVE and row.active_until is not None and row.active_until > now
    row.state = SubscriptionState.ACTIVE.value if is_active else SubscriptionState.ASKED.value
    row.callback_url = f"{callback}{row.token}"


def record_asked(session: Session, asked: Subscription, now: datetime, next_try_at: datetime, error: str) -> None:
    """Write that a hub was asked, and how that failed (empty: it took the request, and will verify).

    A hub that fails is not trusted: its feed is due now. One that was told of an end and does not answer is let go.
    Many hubs verify before they answer the request; then what they said stands.
    """
    row = session.get(SubscriptionRow, asked.id, with_for_update=True)
    if row is None or row.next_try_at != asked.next_try_at:  # it was verified or refused since it was claimed
        return
    row.failures += 1
    row.next_try_at, row.last_error = next_try_at, error
    if row.state == SubscriptionState.ENDING and row.failures >= MOST_GOODBYES:
        _let_go(session, row, next_try_at)
    elif error:
        _make_due(session, [row.feed_id], now)


def keep_only(session: Session, callback: str, now: datetime) -> int:
    """Forget what hubs were told under another beginning of callbacks' addresses, and return how many that were.

    Hubs are asked anew; without any `callback` nobody is. The feeds are due now.
    """
    known = select(SubscriptionRow).where(SubscriptionRow.callback_url != "")
    rows = [row for row in session.scalars(known) if not callback or not row.callback_url.startswith(callback)]
    for row in rows:
        row.callback_url = ""
        _let_go(session, row, now)
    _make_due(session, [row.feed_id for row in rows], now)
    return len(rows)


def _let_go(session: Session, row: SubscriptionRow, next_try_at: datetime) -> None:
    """Keep what a feed still names, to be asked for when that feed is polled again; delete all else."""
    if row.named:
        _put(row, SubscriptionState.DECLARED, next_try_at)
    else:
        session.delete(row)


def _make_due(session: Session, feed_ids: Collection[int], now: datetime) -> None:
    later = and_(FeedRow.id.in_(feed_ids), FeedRow.next_poll_at > now, FeedRow.failures == 0)
    session.execute(update(FeedRow).where(later).values(next_poll_at=now))


# ---------------------------------------------------------------- what hubs say


def by_token(session: Session, token: str) -> Subscription | None:
    """Return the subscription that a callback's address is about; None for one that nobody has."""
    chosen = select(SubscriptionRow, FeedRow.url).join(FeedRow, FeedRow.id == SubscriptionRow.feed_id)
    found = session.execute(chosen.where(SubscriptionRow.token == token)).one_or_none()
    return _subscription(*found) if found else None


def confirm(session: Session, token: str, topic: str, lease: timedelta, rest: timedelta, now: datetime) -> bool:
    """Take a hub's verification that it pushes from now on, and return whether that was asked for."""
    row = _locked(session, token, topic)
    if row is None or row.state not in _KNOWN_TO_THE_HUB:
        return False
    _put(row, SubscriptionState.ACTIVE, now + lease * RENEWED_AFTER)
    row.active_until, row.rest_seconds = now + lease, round(rest.total_seconds())
    return True


def confirm_end(session: Session, token: str, topic: str, now: datetime) -> bool:
    """Take a hub's verification that it stops, and return whether that was asked for."""
    row = _locked(session, token, topic)
    if row is None or row.state != SubscriptionState.ENDING:
        return False
    _let_go(session, row, now)
    return True


def refuse(session: Session, token: str, topic: str, reason: str, now: datetime) -> bool:
    """Take a hub's word that it does not push, or no longer. Returns whether it was asked.

    The feed is due now, and its document is read whole: it may name another hub.
    """
    row = _locked(session, token, topic)
    if row is None or row.state not in _KNOWN_TO_THE_HUB:
        return False
    _put(row, SubscriptionState.REFUSED, now + ASKED_AGAIN_AFTER_REFUSAL, error=reason)
    _make_due(session, [row.feed_id], now)
    whole = update(FeedRow).where(FeedRow.id == row.feed_id)
    session.execute(whole.values(etag=None, last_modified=None, body_hash=None))
    return True


def _locked(session: Session, token: str, topic: str) -> SubscriptionRow | None:
    chosen = and_(SubscriptionRow.token == token, SubscriptionRow.topic_url == topic)
    return session.scalar(select(SubscriptionRow).where(chosen).with_for_update())


# ---------------------------------------------------------------- what hubs push


def receive(session: Session, token: str, content_type: str, body: bytes, now: datetime) -> Received:
    """Keep a document that a hub pushed until it is read; whether it is the hub's own is known already."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    if row is None or not _is_live(row, now):
        return Received.UNKNOWN
    if _waiting(session, row.feed_id) >= MOST_WAITING:
        return Received.BUSY
    session.add(PushRow(feed_id=row.feed_id, received_at=now, content_type=content_type, body=body))
    row.last_push_at = now
    return Received.TAKEN


def _waiting(session: Session, feed_id: int) -> int:
    return session.scalar(select(func.count()).where(PushRow.feed_id == feed_id)) or 0


def _is_live(row: SubscriptionRow, now: datetime) -> bool:
    return row.state == SubscriptionState.ACTIVE and row.active_until is not None and row.active_until > now


def due_pushes(session: Session, now: datetime, limit: int, lease: timedelta) -> tuple[Push, ...]:
    """Claim documents that wait to be read, the oldest first."""
    free: ColumnElement[bool] = or_(PushRow.leased_until.is_(None), PushRow.leased_until <= now)
    chosen = (
        select(PushRow, FeedRow)
        .join(FeedRow, FeedRow.id == PushRow.feed_id)
        .where(free)
        .order_by(PushRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=PushRow)
    )
    found = session.execute(chosen).all()
    for row, _ in found:
        row.leased_until = now + lease
    return tuple(Push(row.id, as_feed(feed), row.received_at, row.content_type, row.body) for row, feed in found)


def take_push(session: Session, push: Push) -> bool:
    """Delete a push that was read and lock its feed's row; return whether nobody else did so meanwhile."""
    lock_feeds(session, {push.feed.id})
    taken = session.execute(delete(PushRow).where(PushRow.id == push.id).returning(PushRow.id)).first()
    return taken is not None


def record_pushed(session: Session, push: Push, record: PollRecord) -> None:
    """Write what a push brought: news restores the trust in its hub."""
    if record.new:
        kept = and_(SubscriptionRow.feed_id == push.feed.id, SubscriptionRow.state == SubscriptionState.ACTIVE)
        session.execute(update(SubscriptionRow).where(kept).values(missed=0))


def distrust(session: Session, push: Push, now: datetime) -> None:
    """Make the feed of a push due that could not be read."""
    _make_due(session, [push.feed.id], now)


# ---------------------------------------------------------------- for people


def subscriptions(session: Session) -> tuple[Subscription, ...]:
    """Return all subscriptions in order of their feeds."""
    chosen = select(SubscriptionRow, FeedRow.url).join(FeedRow, FeedRow.id == SubscriptionRow.feed_id)
    return tuple(
        _subscription(*found) for found in session.execute(chosen.order_by(SubscriptionRow.feed_id, SubscriptionRow.id))
    )


def _subscription(row: SubscriptionRow, feed_url: str) -> Subscription:
    return Subscription(
        id=row.id,
        feed_id=row.feed_id,
        feed_url=feed_url,
        hub=Hub(row.hub_url, row.topic_url),
        token=row.token,
        secret=row.secret,
        callback_url=row.callback_url,
        state=SubscriptionState(row.state),
        next_try_at=row.next_try_at,
        active_until=row.active_until,
        rest=timedelta(seconds=row.rest_seconds),
        failures=row.failures,
        missed=row.missed,
        last_error=row.last_error,
        last_push_at=row.last_push_at,
    )
