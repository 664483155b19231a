"""The outbox: messages that wait to be sent, were sent, or were given up."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.database import insert_new
from storage.errors import NotFound
from storage.models import DeliveryDevelopmentRow, DeliveryRow
from storage.types import Attempt, Delivery, DeliveryState, NewDelivery

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
    return _tells_something(session, delivery_id, new)


def _tells_something(session: Session, delivery_id: int, new: NewDelivery) -> bool:
    """Write which developments a message tells; a message that is left without any is taken back."""
    rows = [
        {"delivery_id": delivery_id, "development_id": development_id, "rule": new.rule, "channel": new.channel}
        for development_id in new.development_ids
    ]
    if rows:
        session.execute(insert_new(DeliveryDevelopmentRow, session), rows)
    kept = session.scalar(select(exists().where(DeliveryDevelopmentRow.delivery_id == delivery_id)))
    if not kept:
        session.execute(delete(DeliveryRow).where(DeliveryRow.id == delivery_id))
    return bool(kept)


def due_deliveries(session: Session, now: datetime, limit: int, lease: timedelta) -> tuple[Delivery, ...]:
    """Claim messages that may be sent now, the oldest first.

    Of the messages about one event to one channel only the oldest that is not sent yet is ever given out, so that
    they arrive in order.
    """
    older = aliased(DeliveryRow)
    waits = exists().where(
        older.event_id == DeliveryRow.event_id,
        older.channel == DeliveryRow.channel,
        older.state == DeliveryState.PENDING,
        older.id < DeliveryRow.id,
    )
    due = (
        select(DeliveryRow)
        .where(DeliveryRow.state == DeliveryState.PENDING, DeliveryRow.next_attempt_at <= now, ~waits)
        .where(or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now))
        .order_by(DeliveryRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    rows = session.scalars(due).all()
    claimed = update(DeliveryRow).where(DeliveryRow.id.in_([row.id for row in rows])).values(leased_until=now + lease)
    session.execute(claimed, execution_options={"synchronize_session": False})
    return _with_developments(session, rows)


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
    return DeliveryState(row.state)


def retry_delivery(session: Session, delivery_id: int, now: datetime) -> Delivery:
    """Make a message due again that was given up; one that waits is due at once. Raises NotFound.

    A message that was sent is left alone.
    """
    row = session.scalar(select(DeliveryRow).where(DeliveryRow.id == delivery_id).with_for_update())
    if row is None:
        raise NotFound(f"no delivery {delivery_id}")
    if row.state != DeliveryState.SENT:
        row.state, row.next_attempt_at, row.leased_until = DeliveryState.PENDING.value, now, None
    return _with_developments(session, [row])[0]


def deliveries(session: Session, state: DeliveryState | None, limit: int) -> tuple[Delivery, ...]:
    """Return the newest messages, of one state or of any."""
    newest = select(DeliveryRow).order_by(DeliveryRow.id.desc()).limit(limit)
    if state is not None:
        newest = newest.where(DeliveryRow.state == state)
    return _with_developments(session, session.scalars(newest).all())


def delivery_counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many messages there are of each state, 0 included."""
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    counts = dict(session.execute(counted).all())
    return {state: counts.get(state.value, 0) for state in DeliveryState}


def _with_developments(session: Session, rows: Sequence[DeliveryRow]) -> tuple[Delivery, ...]:
    told: dict[int, list[int]] = {row.id: [] for row in rows}
    links = (
        select(DeliveryDevelopmentRow.delivery_id, DeliveryDevelopmentRow.development_id)
        .where(DeliveryDevelopmentRow.delivery_id.in_(told))
        .order_by(DeliveryDevelopmentRow.development_id)
    )
    for delivery_id, development_id in session.execute(links):
        told[delivery_id].append(development_id)
    return tuple(_delivery(row, tuple(told[row.id])) for row in rows)


def _delivery(row: DeliveryRow, development_ids: tuple[int, ...]) -> Delivery:
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
    )
