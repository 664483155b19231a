"""The outbox: messages that wait to be sent, were sent, or were given up; and how each channel fares."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.database import insert_new
from storage.errors import NotFound
from storage.models import ChannelStateRow, DeliveryDevelopmentRow, DeliveryRow
from storage.types import Attempt, ChannelState, Delivery, DeliveryState, NewDelivery

Told = tuple[str, str, int]  # rule, channel, development


def delivered(session: Session, development_ids: Sequence[int]) -> frozenset[Told]:
    """Return which rule told which channel of these developments, sent or waiting to be."""
    told = select(
        DeliveryDevelopmentRow.rule, DeliveryDevelopmentRow.channel, DeliveryDevelopmentRow.development_id
    ).where(DeliveryDevelopmentRow.development_id.in_(development_ids))
    return frozenset((rule, channel, development_id) for rule, channel, development_id in session.execute(told))


def enqueue(session: Session, deliveries: Iterable[NewDelivery], now: datetime) -> int:
    """Put messages into the outbox and return how many were new.

    A key that is there already is left alone, and so is what tells nothing that its rule did not tell its channel.
    """
    return sum(_enqueue(session, delivery, now) for delivery in deliveries)


def _enqueue(session: Session, new: NewDelivery, now: datetime) -> bool:
    delivery_id = session.scalar(
        insert_new(DeliveryRow, session)
        .values(
            key=new.key,
            rule=new.rule,
            channel=new.channel,
            event_id=new.event_id,
            title=new.title,
            body=new.body,
            details=new.details,
            reason=new.reason,
            state=DeliveryState.PENDING.value,
            attempts=0,
            created_at=now,
            next_attempt_at=now,
            last_error="",
        )
        .returning(DeliveryRow.id)
    )
    if delivery_id is None:
        return False
    if new.event_id is None:
        return True
    return _tells_something(session, delivery_id, new)


def _tells_something(session: Session, delivery_id: int, new: NewDelivery) -> bool:
    """Write which developments a message tells; a message that is left without any is taken back."""
    rows = [
        {
            "delivery_id": delivery_id,
            "development_id": development_id,
            "rule": new.rule,
            "channel": new.channel,
            "purpose": new.purpose,
        }
        for development_id in new.development_ids
    ]
    if rows:
        session.execute(insert_new(DeliveryDevelopmentRow, session), rows)
    kept = session.scalar(select(exists().where(DeliveryDevelopmentRow.delivery_id == delivery_id)))
    if not kept:
        session.execute(delete(DeliveryRow).where(DeliveryRow.id == delivery_id))
    return bool(kept)


# After a failure messages go out one at a time, and each that arrives allows one more at once, so that a channel that
# comes back with a day's messages waiting is not overrun (the slow start of RFC 5681, section 3.1). From here on the
# number of senders is the limit, which is lower (monitor.engine.SENDERS).
FULL_ALLOWANCE = 32


def due_channels(session: Session, now: datetime) -> frozenset[str]:
    """Return the names of the channels that a message may be sent to now."""
    due = select(DeliveryRow.channel).where(*_may_be_tried(now)).distinct()
    return frozenset(session.scalars(due)) - _paused(session, now)


def _may_be_tried(now: datetime) -> tuple[Any, ...]:
    return (
        DeliveryRow.state == DeliveryState.PENDING,
        DeliveryRow.next_attempt_at <= now,
        or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
    )


def _paused(session: Session, now: datetime) -> frozenset[str]:
    return frozenset(session.scalars(select(ChannelStateRow.name).where(ChannelStateRow.retry_at > now)))


def due_deliveries(session: Session, now: datetime, limit: int, lease: timedelta, channel: str) -> tuple[Delivery, ...]:
    """Claim messages that may be sent to a channel now, those first that are due the longest.

    Of the messages about one event to one channel only the oldest that is not sent yet is ever given out, so that
    they arrive in order. A message that failed goes behind those that were not tried yet: a text that its receiver
    stumbles over holds up no other.
    """
    allowed = min(limit, _allowance(session, channel, now))
    if allowed <= 0:
        return ()
    older = aliased(DeliveryRow)
    waits = exists().where(
        older.event_id == DeliveryRow.event_id,
        older.channel == DeliveryRow.channel,
        older.state == DeliveryState.PENDING,
        older.id < DeliveryRow.id,
    )
    due = (
        select(DeliveryRow)
        .where(DeliveryRow.channel == channel, *_may_be_tried(now), ~waits)
        .order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
        .limit(allowed)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    rows = session.scalars(due).all()
    claimed = update(DeliveryRow).where(DeliveryRow.id.in_([row.id for row in rows])).values(leased_until=now + lease)
    session.execute(claimed, execution_options={"synchronize_session": False})
    return _with_developments(session, rows, threaded=True)


def _allowance(session: Session, channel: str, now: datetime) -> int:
    """Return how many more messages a channel may get now."""
    state = session.get(ChannelStateRow, channel)
    if state is None or (state.allowance is None and state.retry_at is None):
        return FULL_ALLOWANCE
    if state.retry_at is not None and state.retry_at > now:
        return 0
    under_way = select(func.count()).where(DeliveryRow.channel == channel, DeliveryRow.leased_until > now)
    return (state.allowance or 1) - (session.scalar(under_way) or 0)


def record_delivery(session: Session, attempt: Attempt) -> DeliveryState:
    """Write how a try to send ended, and return where the message stands now; raises NotFound."""
    row = session.scalar(select(DeliveryRow).where(DeliveryRow.id == attempt.delivery_id).with_for_update())
    if row is None:
        raise NotFound(f"no delivery {attempt.delivery_id}")
    row.attempts += 1
    row.leased_until = None
    row.last_error = attempt.error
    if not attempt.error:
        row.state, row.sent_at = DeliveryState.SENT.value, attempt.tried_at
    elif attempt.retry_at is not None:
        row.next_attempt_at = attempt.retry_at
    else:
        row.state = DeliveryState.DEAD.value
    _note_attempt(_channel_row(session, row.channel), attempt)
    return DeliveryState(row.state)


def _channel_row(session: Session, channel: str) -> ChannelStateRow:
    session.execute(insert_new(ChannelStateRow, session).values(name=channel, failures=0, last_error=""))
    return session.scalars(select(ChannelStateRow).where(ChannelStateRow.name == channel).with_for_update()).one()


def _note_attempt(channel: ChannelStateRow, attempt: Attempt) -> None:
    if attempt.error:
        channel.failures += 1
        channel.failing_since = channel.failing_since or attempt.tried_at
        channel.last_error = attempt.error
        channel.allowance = 1
        channel.retry_at = max(filter(None, (channel.retry_at, attempt.pause_until)), default=None)
        return
    channel.failures, channel.failing_since, channel.last_error = 0, None, ""
    channel.retry_at, channel.told_at = None, None
    channel.last_success_at = attempt.tried_at
    if channel.allowance is not None:
        channel.allowance = channel.allowance + 1 if channel.allowance < FULL_ALLOWANCE else None


def retry_delivery(session: Session, delivery_id: int, now: datetime) -> Delivery:
    """Make a message due again that was given up; one that waits is due at once. Raises NotFound.

    A message that was sent is left alone.
    """
    row = session.scalar(select(DeliveryRow).where(DeliveryRow.id == delivery_id).with_for_update())
    if row is None:
        raise NotFound(f"no delivery {delivery_id}")
    if row.state != DeliveryState.SENT:
        _resume_channel(session, row.channel)
        row.state, row.next_attempt_at, row.leased_until = DeliveryState.PENDING.value, now, None
        row.attempts, row.retried_at = 0, now
    return _with_developments(session, [row])[0]


def retry_dead(session: Session, now: datetime, channel: str, rule: str) -> int:
    """Make all messages due again that were given up (of one channel or rule), and return how many."""
    wanted = [DeliveryRow.state == DeliveryState.DEAD]
    wanted += [DeliveryRow.channel == channel] if channel else []
    wanted += [DeliveryRow.rule == rule] if rule else []
    for name in session.scalars(select(DeliveryRow.channel).where(*wanted).distinct()).all():
        _resume_channel(session, name)
    due_again = (
        update(DeliveryRow)
        .where(*wanted)
        .values(state=DeliveryState.PENDING.value, next_attempt_at=now, leased_until=None, attempts=0, retried_at=now)
        .returning(DeliveryRow.id)
    )
    return len(session.scalars(due_again, execution_options={"synchronize_session": False}).all())


def _resume_channel(session: Session, channel: str) -> None:
    session.execute(update(ChannelStateRow).where(ChannelStateRow.name == channel).values(retry_at=None))


def resume_channels(session: Session, channels: Collection[str]) -> None:
    """Let channels be tried at once that wait after a failure: what made them fail may have been mended."""
    for channel in channels:
        _resume_channel(session, channel)


def channel_states(session: Session) -> tuple[ChannelState, ...]:
    """Return how each channel fares that was ever tried, by name."""
    rows = session.scalars(select(ChannelStateRow).order_by(ChannelStateRow.name))
    return tuple(_channel_state(row) for row in rows)


def _channel_state(row: ChannelStateRow) -> ChannelState:
    return ChannelState(
        name=row.name,
        failures=row.failures,
        failing_since=row.failing_since,
        retry_at=row.retry_at,
        allowance=row.allowance,
        last_error=row.last_error,
        last_success_at=row.last_success_at,
        told_at=row.told_at,
    )


def waiting(session: Session, channel: str) -> int:
    """Return how many messages wait for a channel."""
    pending = select(func.count()).where(DeliveryRow.state == DeliveryState.PENDING, DeliveryRow.channel == channel)
    return session.scalar(pending) or 0


def tell_failing(session: Session, channel: str, messages: Iterable[NewDelivery], now: datetime) -> bool:
    """Queue messages to other channels about one that fails, once while it fails; return whether that was now."""
    told = (
        update(ChannelStateRow)
        .where(
            ChannelStateRow.name == channel,
            ChannelStateRow.told_at.is_(None),
            ChannelStateRow.failing_since.is_not(None),
        )
        .values(told_at=now)
        .returning(ChannelStateRow.name)
    )
    if session.scalar(told) is None:
        return False
    enqueue(session, messages, now)
    return True


def deliveries(session: Session, state: DeliveryState | None, limit: int) -> tuple[Delivery, ...]:
    """Return the newest messages, of one state or of any."""
    newest = select(DeliveryRow).order_by(DeliveryRow.id.desc()).limit(limit)
    if state is not None:
        newest = newest.where(DeliveryRow.state == state)
    return _with_developments(session, session.scalars(newest).all())


def delivery(session: Session, delivery_id: int) -> Delivery:
    """Return one message; raises NotFound."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFound(f"no delivery {delivery_id}")
    return _with_developments(session, [row])[0]


def delivery_counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many messages there are of each state, 0 included."""
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    counts = dict(session.execute(counted).all())
    return {state: counts.get(state.value, 0) for state in DeliveryState}


def _with_developments(
    session: Session, rows: Sequence[DeliveryRow], *, threaded: bool = False
) -> tuple[Delivery, ...]:
    told: dict[int, list[int]] = {row.id: [] for row in rows}
    links = (
        select(DeliveryDevelopmentRow.delivery_id, DeliveryDevelopmentRow.development_id)
        .where(DeliveryDevelopmentRow.delivery_id.in_(told))
        .order_by(DeliveryDevelopmentRow.development_id)
    )
    for delivery_id, development_id in session.execute(links):
        told[delivery_id].append(development_id)
    return tuple(_delivery(row, tuple(told[row.id]), _thread(session, row) if threaded else ()) for row in rows)


def _thread(session: Session, row: DeliveryRow) -> tuple[str, ...]:
    """Return the keys of the first message about its event to its channel, and of the last one before it."""
    earlier = (
        select(DeliveryRow.key)
        .where(
            DeliveryRow.event_id == row.event_id,
            DeliveryRow.channel == row.channel,
            DeliveryRow.state == DeliveryState.SENT,
            DeliveryRow.id < row.id,
        )
        .order_by(DeliveryRow.id)
    )
    keys = session.scalars(earlier).all() if row.event_id is not None else []
    return (keys[0], keys[-1]) if keys else ()


def _delivery(row: DeliveryRow, development_ids: tuple[int, ...], thread: tuple[str, ...]) -> Delivery:
    return Delivery(
        id=row.id,
        key=row.key,
        rule=row.rule,
        channel=row.channel,
        event_id=row.event_id,
        development_ids=development_ids,
        title=row.title,
        body=row.body,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        state=DeliveryState(row.state),
        last_error=row.last_error,
        details=row.details,
        thread=thread,
        retried_at=row.retried_at,
    )
