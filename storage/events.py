"""Events: the candidates that a mention may belong to, and what a decision about it writes.

Whether a mention is news is decided in `storage.dedup.lifecycle`; here nothing is decided, only found and written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place, Span
from storage.database import insert_new, run_many
from storage.dedup import lifecycle
from storage.dedup.accounts import Claim
from storage.errors import Conflict, NotFound
from storage.models import (
    CorrectionRow,
    DevelopmentRow,
    EventPartyRow,
    EventPublisherRow,
    EventRow,
    FeedRow,
    ItemRow,
    MentionPartyRow,
    MentionRow,
    StoryRow,
)
from storage.types import (
    Change,
    Correction,
    Decision,
    Development,
    Event,
    FieldChange,
    NewDevelopment,
    NewEvent,
    RepeatedMention,
    Report,
    Settled,
)

# How long an event that nobody mentions any more, or whose day has passed, can still be meant. Of the repeats in the
# news most come within days; negotiations are taken up again after weeks.
MEMORY = timedelta(days=90)

# How long ago a day may have passed for its event to be told as overdue: after an outage nobody wants last year's.
OVERDUE_MEMORY = timedelta(days=30)

# How many candidates a decision looks at: it scores each, and the best match has hardly ever been further down when
# those with the most parties in common come first.
CANDIDATES = 50

# How many reports of an event are heard when they contradict each other.
CLAIMS = 100

# How many earlier developments a confirmation brings up again.
EARLIER = 50

ACTOR, RECIPIENT = "actor", "recipient"


# ---------------------------------------------------------------- candidates


def candidate_events(session: Session, mention: EventMention, now: datetime) -> tuple[Event, ...]:
    """Return the events that a mention may be about, newest first, at most `CANDIDATES`.

    They share a party with it; a mention without parties is compared by kind and place. They were seen within
    `MEMORY`, or their day lies ahead or not longer ago than that. When there are more, those go first that share
    more parties, then those of the same type, then the newest.
    """
    nearest = _sharing_a_party(mention) if mention.parties else _at_the_same_place(mention)
    alive = or_(EventRow.last_seen_at >= now - MEMORY, EventRow.date_end >= (now - MEMORY).date())
    rows = session.scalars(nearest.where(alive).limit(CANDIDATES)).all()
    newest_first = sorted(rows, key=lambda row: (row.last_seen_at, row.id), reverse=True)
    found = _events(session, newest_first)
    corrected = {number for one in found for number in (one.same_as, *one.different_from) if number}
    elsewhere = corrected - {one.id for one in found}
    return (*found, *(event(session, number) for number in sorted(elsewhere)))


def _sharing_a_party(mention: EventMention) -> Select[EventRow]:
    shared = (
        select(EventPartyRow.event_id, func.count(EventPartyRow.code.distinct()).label("parties"))
        .where(EventPartyRow.code.in_(mention.parties))
        .group_by(EventPartyRow.event_id)
        .subquery()
    )
    same_type = case((EventRow.type == mention.type.value, 0), else_=1)
    return (
        select(EventRow)
        .join(shared, shared.c.event_id == EventRow.id)
        .order_by(shared.c.parties.desc(), same_type, EventRow.last_seen_at.desc(), EventRow.id.desc())
    )


def _at_the_same_place(mention: EventMention) -> Select[EventRow]:
    country, name = _place(mention.place)
    return (
        select(EventRow)
        .where(EventRow.kind == mention.kind.value)
        .where(EventRow.place_country.is_not_distinct_from(country), EventRow.place_name.is_not_distinct_from(name))
        .order_by(EventRow.last_seen_at.desc(), EventRow.id.desc())
    )


def passed_events(session: Session, today: date, limit: int) -> tuple[Event, ...]:
    """Return planned events whose last day is before `today` and that were not told to be overdue, oldest first.

    Only those of the last `OVERDUE_MEMORY`. One that got a new day since it was told may be overdue again.
    """
    told = exists().where(
        DevelopmentRow.event_id == EventRow.id,
        DevelopmentRow.change == Change.OVERDUE,
        DevelopmentRow.seen_at > EventRow.date_end,
    )
    passed = (
        select(EventRow)
        .where(EventRow.status == Status.PLANNED, EventRow.date_end < today, ~EventRow.background)
        .where(EventRow.date_end >= today - OVERDUE_MEMORY, ~told)
        .order_by(EventRow.date_end, EventRow.id)
        .limit(limit)
    )
    return _events(session, session.scalars(passed).all())


def event(session: Session, event_id: int) -> Event:
    """Return one event; raises NotFound."""
    row = session.get(EventRow, event_id)
    if row is None:
        raise NotFound(f"no event {event_id}")
    return _events(session, [row])[0]


def mentions_of(session: Session, item_id: int) -> tuple[RepeatedMention, ...]:
    """Return what an item says of which events, in order of its passages."""
    rows = session.scalars(
        select(MentionRow).where(MentionRow.item_id == item_id).order_by(MentionRow.evidence_start, MentionRow.id)
    ).all()
    parties: dict[tuple[int, str], list[Actor]] = {}
    told = (
        select(MentionPartyRow)
        .where(MentionPartyRow.mention_id.in_([row.id for row in rows]))
        .order_by(MentionPartyRow.mention_id, MentionPartyRow.role, MentionPartyRow.position)
    )
    for party in session.scalars(told):
        parties.setdefault((party.mention_id, party.role), []).append(Actor(party.code, party.name))
    return tuple(RepeatedMention(row.event_id, _mention(row, parties)) for row in rows)


def _mention(row: MentionRow, parties: Mapping[tuple[int, str], Sequence[Actor]]) -> EventMention:
    return EventMention(
        type=EventType(row.type),
        kind=Kind(row.kind),
        actors=tuple(parties.get((row.id, ACTOR), ())),
        recipients=tuple(parties.get((row.id, RECIPIENT), ())),
        place=Place(row.place_country, row.place_name) if row.place_name is not None else None,
        date=DateRange(row.date_start, row.date_end) if row.date_start and row.date_end else None,
        status=Status(row.status),
        attribution=row.attribution,
        evidence=Span(row.evidence_start, row.evidence_end, row.evidence),
        counts=row.counts,
        confidence=row.confidence,
        background=row.background,
        passages=tuple(Span(*span) for span in row.passages),
        reason=row.reason,
    )


# ---------------------------------------------------------------- applying a decision


def apply(session: Session, report: Report, decision: Decision, now: datetime, chain_version: str) -> Settled:
    """Write what a decision says about a report: the event, its mention, parties, publishers and developments.

    Raises NotFound when the report's item is unknown.
    """
    item = session.scalar(select(ItemRow).where(ItemRow.id == report.item_id))
    if item is None:
        raise NotFound(f"no item {report.item_id}")
    if isinstance(decision, NewEvent):
        changed = _insert_event(session, report, item, now, silent=decision.silent)
    else:
        changed = _update_event(session, report, decision, now)
    item.story_id = item.story_id or changed.story_id
    mention_id = _write_mention(session, report, changed.id, decision.reason, now, chain_version, item.revision)
    confirmed = _add_publisher(session, changed.id, report.publisher, now) and not isinstance(decision, NewEvent)
    written = _insert_developments(session, report, changed.id, mention_id, decision, now)
    return _settled(session, changed.id, written, confirmed)


def record_overdue(session: Session, event_id: int, change: FieldChange, reason: str, now: datetime) -> Settled:
    """Write that an event's day passed without a report; raises NotFound."""
    known = event(session, event_id)
    row = DevelopmentRow(
        event_id=known.id,
        change=change.change.value,
        old_value=change.old,
        new_value=change.new,
        reason=reason,
        seen_at=now,
        evidence="",
        confidence=1.0,
        background=False,
    )
    session.add(row)
    session.flush()
    return _settled(session, event_id, [row.id], confirmed=False)


def _settled(session: Session, event_id: int, written: Sequence[int], confirmed: bool) -> Settled:
    earlier = _earlier(session, event_id, written) if confirmed else ()
    return Settled(event(session, event_id), developments_of(session, written), confirmed, earlier)


def _insert_event(session: Session, report: Report, item: ItemRow, now: datetime, *, silent: bool) -> Event:
    mention = report.mention
    values = Event(
        id=0,
        type=mention.type,
        kind=mention.kind,
        actors=mention.actors,
        recipients=mention.recipients,
        place=mention.place,
        date=mention.date,
        status=mention.status,
        status_at=report.published_at,
        first_seen_at=now,
        last_seen_at=now,
        counts=lifecycle.counts_of(mention),
        background=mention.background or silent,
        story_id=report.story_id or item.story_id or _open_story(session, now),
    )
    row = EventRow(**_event_values(values), first_seen_at=now)
    session.add(row)
    session.flush()
    _insert_event_parties(session, row.id, values)
    return replace(values, id=row.id)


def _open_story(session: Session, now: datetime) -> int:
    story = StoryRow(first_seen_at=now)
    session.add(story)
    session.flush()
    return story.id


def _update_event(session: Session, report: Report, decision: Any, now: datetime) -> Event:
    known: Event = decision.event
    changed = lifecycle.apply(known, report, decision) if isinstance(decision, NewDevelopment) else known
    changed = replace(
        changed,
        last_seen_at=max(known.last_seen_at, now),
        background=known.background and report.mention.background,
        story_id=report.story_id or known.story_id,
    )
    _write_over(session, known, changed)
    return changed


def _write_over(session: Session, known: Event, changed: Event) -> None:
    session.execute(update(EventRow).where(EventRow.id == known.id).values(**_event_values(changed)))
    if (changed.actors, changed.recipients) != (known.actors, known.recipients):
        session.execute(delete(EventPartyRow).where(EventPartyRow.event_id == known.id))
        _insert_event_parties(session, known.id, changed)


def _event_values(event_: Event) -> dict[str, Any]:
    return {
        **_told(event_),
        "story_id": event_.story_id,
        "status_at": event_.status_at,
        "last_seen_at": event_.last_seen_at,
    }


def _told(what: Event | EventMention) -> dict[str, Any]:
    """The columns that events and mentions have in common."""
    country, name = _place(what.place)
    return {
        "type": what.type.value,
        "kind": what.kind.value,
        "actors": codes(what.actors),
        "recipients": codes(what.recipients),
        "place_country": country,
        "place_name": name,
        "date_start": what.date and what.date.start,
        "date_end": what.date and what.date.end,
        "status": what.status.value,
        "counts": what.counts,
        "background": what.background,
    }


def codes(parties: Iterable[Actor]) -> str:
    """Return the parties' codes as the views show them: each once, sorted, joined by `+`."""
    return "+".join(sorted({party.code for party in parties}))


def _place(place: Place | None) -> tuple[str | None, str | None]:
    return (place.country, place.name) if place else (None, None)


def _insert_event_parties(session: Session, event_id: int, event_: Event) -> None:
    rows = [{"event_id": event_id, **party} for party in _parties(event_)]
    run_many(session, insert(EventPartyRow), rows)


def _parties(what: Event | EventMention) -> list[dict[str, Any]]:
    return [
        {"role": role, "position": position, "code": party.code, "name": party.name}
        for role, parties in ((ACTOR, what.actors), (RECIPIENT, what.recipients))
        for position, party in enumerate(parties)
    ]


def _add_publisher(session: Session, event_id: int, publisher: str, now: datetime) -> bool:
    """Note that a publisher told of an event; return whether it had not before."""
    row = {"event_id": event_id, "publisher": publisher, "first_seen_at": now}
    added = session.scalar(insert_new(EventPublisherRow, session).values(row).returning(EventPublisherRow.event_id))
    return added is not None


def _write_mention(
    session: Session,
    report: Report,
    event_id: int,
    reason: str,
    now: datetime,
    chain_version: str,
    revision: int,
) -> int:
    """Write what the item says about the event, over what an earlier reading of it gave."""
    values = _mention_values(report.mention) | {
        "decision": reason,
        "chain_version": chain_version,
        "revision": revision,
    }
    is_same = (MentionRow.item_id == report.item_id, MentionRow.event_id == event_id)
    row = session.scalar(select(MentionRow).where(*is_same))
    if row is None:
        row = MentionRow(item_id=report.item_id, event_id=event_id, seen_at=now)
        session.add(row)
    else:
        session.execute(delete(MentionPartyRow).where(MentionPartyRow.mention_id == row.id))
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    parties = [{"mention_id": row.id, **party} for party in _parties(report.mention)]
    run_many(session, insert(MentionPartyRow), parties)
    return row.id


def _mention_values(mention: EventMention) -> dict[str, Any]:
    return {
        **_told(mention),
        "attribution": mention.attribution,
        "confidence": mention.confidence,
        "evidence": mention.evidence.text,
        "evidence_start": mention.evidence.start,
        "evidence_end": mention.evidence.end,
        "passages": tuple((span.start, span.end, span.text) for span in mention.passages),
        "reason": mention.reason,
    }


def _insert_developments(
    session: Session, report: Report, event_id: int, mention_id: int, decision: Decision, now: datetime
) -> list[int]:
    rows = [
        DevelopmentRow(
            event_id=event_id,
            mention_id=mention_id,
            change=change.change.value,
            old_value=change.old,
            new_value=change.new,
            reason=decision.reason,
            seen_at=now,
            evidence=report.mention.evidence.text,
            confidence=report.mention.confidence,
            background=report.mention.background or (isinstance(decision, NewEvent) and decision.silent),
        )
        for change in _changes(report.mention, decision)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _changes(mention: EventMention, decision: Decision) -> tuple[FieldChange, ...]:
    if isinstance(decision, NewEvent):
        return (FieldChange(Change.FIRST_REPORT, "", lifecycle.describe(mention)),)
    return decision.changes if isinstance(decision, NewDevelopment) else ()


# ---------------------------------------------------------------- rows into values


def _events(session: Session, rows: Sequence[EventRow]) -> tuple[Event, ...]:
    ids = [row.id for row in rows]
    parties = _parties_of(session, ids)
    publishers = _publisher_counts(session, ids)
    said = _corrections(session, ids)
    return tuple(
        Event(
            id=row.id,
            type=EventType(row.type),
            kind=Kind(row.kind),
            actors=tuple(parties.get((row.id, ACTOR), ())),
            recipients=tuple(parties.get((row.id, RECIPIENT), ())),
            place=Place(row.place_country, row.place_name) if row.place_name is not None else None,
            date=DateRange(row.date_start, row.date_end) if row.date_start and row.date_end else None,
            status=Status(row.status),
            status_at=row.status_at,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            counts=row.counts,
            background=row.background,
            publishers=publishers.get(row.id, 0),
            story_id=row.story_id,
            is_wrong=(row.id, Correction.WRONG) in said.verdicts,
            same_as=said.verdicts.get((row.id, Correction.SAME)),
            different_from=tuple(sorted(said.apart.get(row.id, ()))),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What people said of events: the last word of each verdict with the other event, and which are told apart."""

    verdicts: Mapping[tuple[int, str], int | None]
    apart: Mapping[int, Collection[int]]


def _corrections(session: Session, event_ids: Sequence[int]) -> _Said:
    about = or_(CorrectionRow.event_id.in_(event_ids), CorrectionRow.other_id.in_(event_ids))
    rows = session.scalars(select(CorrectionRow).where(about).order_by(CorrectionRow.id)).all()
    apart: dict[int, set[int]] = {}
    for row in rows:
        if row.verdict == Correction.DIFFERENT and row.other_id is not None:
            apart.setdefault(row.event_id, set()).add(row.other_id)
            apart.setdefault(row.other_id, set()).add(row.event_id)
    return _Said({(row.event_id, row.verdict): row.other_id for row in rows}, apart)


# ---------------------------------------------------------------- corrections by people


def correct(
    session: Session, event_id: int, verdict: Correction, now: datetime, *, other_id: int | None = None, note: str = ""
) -> None:
    """Write what a person says of an event: that it is none, or the same as another. Raises NotFound, Conflict.

    It wins over whatever is read from then on. What was reported of an event that is the same as another moves to that
    one; what was told of either stays as it was told.
    """
    known = event(session, event_id)
    if verdict is Correction.SAME:
        other = event(session, other_id or 0)
        _refuse_circle(session, event_id, other)
        _move(session, known, other)
    session.add(CorrectionRow(verdict=verdict.value, event_id=event_id, other_id=other_id, note=note, made_at=now))
    session.flush()


def _move(session: Session, gone: Event, stays: Event) -> None:
    """Give all that was reported of one event to another; what it is then follows from both."""
    session.execute(update(DevelopmentRow).where(DevelopmentRow.event_id == gone.id).values(event_id=stays.id))
    _move_mentions(session, gone.id, stays.id)
    publishers = select(EventPublisherRow.publisher, EventPublisherRow.first_seen_at)
    for publisher, first_seen_at in session.execute(publishers.where(EventPublisherRow.event_id == gone.id)).all():
        _add_publisher(session, stays.id, publisher, first_seen_at)
    session.execute(delete(EventPublisherRow).where(EventPublisherRow.event_id == gone.id))
    _write_over(session, stays, lifecycle.merged(gone, stays))


def _move_mentions(session: Session, gone: int, stays: int) -> None:
    """Move the mentions; of an item that tells of both events the one of that which stays is kept."""
    moved = {row.item_id: row.id for row in session.scalars(select(MentionRow).where(MentionRow.event_id == gone))}
    kept = select(MentionRow).where(MentionRow.event_id == stays, MentionRow.item_id.in_(moved))
    for row in session.scalars(kept).all():
        twice = moved[row.item_id]
        of_it = update(DevelopmentRow).where(DevelopmentRow.mention_id == twice)
        session.execute(of_it.values(mention_id=row.id))
        session.execute(delete(MentionPartyRow).where(MentionPartyRow.mention_id == twice))
        session.execute(delete(MentionRow).where(MentionRow.id == twice))
    session.execute(update(MentionRow).where(MentionRow.event_id == gone).values(event_id=stays))


def _refuse_circle(session: Session, event_id: int, other: Event) -> None:
    if other.id == event_id or other.same_as is not None:
        raise Conflict(f"event {other.id} is itself said to be another; name the one that shall stay")


def split(session: Session, event_id: int, item_id: int, now: datetime, *, note: str = "") -> Event:
    """Make what an item says of an event an event of its own, and return that. Raises NotFound, Conflict.

    The item's mention moves; the event keeps its developments, as they were told. Conflict when the item is the only
    one that tells of the event.
    """
    known = event(session, event_id)
    told = session.scalars(select(MentionRow).where(MentionRow.event_id == event_id).limit(2)).all()
    row = session.scalar(select(MentionRow).where(MentionRow.event_id == event_id, MentionRow.item_id == item_id))
    item = session.get(ItemRow, item_id)
    if row is None or item is None:
        raise NotFound(f"item {item_id} says nothing of event {event_id}")
    if len(told) < 2:
        raise Conflict(f"item {item_id} is the only one that tells of event {event_id}")
    mention = next(one.mention for one in mentions_of(session, item_id) if one.event_id == event_id)
    publisher = session.scalar(select(FeedRow.publisher).where(FeedRow.id == item.feed_id)) or ""
    report = Report(mention, item_id, publisher, item.title, item.published_at or item.seen_at, item.story_id)
    own = _insert_event(session, report, item, now, silent=False)
    row.event_id, row.decision = own.id, f"a person said that it is not event {known.id}"
    _add_publisher(session, own.id, publisher, now)
    _insert_developments(session, report, own.id, row.id, NewEvent(row.decision), now)
    different = Correction.DIFFERENT.value
    session.add(CorrectionRow(verdict=different, event_id=event_id, other_id=own.id, note=note, made_at=now))
    session.flush()
    return event(session, own.id)


# ---------------------------------------------------------------- who says what


def claims(session: Session, event_id: int) -> tuple[Claim, ...]:
    """Return what the last `CLAIMS` reports of an event gave as its day, place and status, and who did."""
    told = (
        select(MentionRow, FeedRow.publisher, func.coalesce(ItemRow.published_at, ItemRow.seen_at))
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .where(MentionRow.event_id == event_id)
        .order_by(MentionRow.id.desc())
        .limit(CLAIMS)
    )
    rows = session.execute(told).all()
    return tuple(
        claim
        for row, publisher, told_at in rows
        for claim in lifecycle.claims_of(_mention(row, {}), publisher, told_at)
    )


def _parties_of(session: Session, event_ids: Sequence[int]) -> dict[tuple[int, str], list[Actor]]:
    found: dict[tuple[int, str], list[Actor]] = {}
    rows = (
        select(EventPartyRow.event_id, EventPartyRow.role, EventPartyRow.code, EventPartyRow.name)
        .where(EventPartyRow.event_id.in_(event_ids))
        .order_by(EventPartyRow.event_id, EventPartyRow.role, EventPartyRow.position)
    )
    for event_id, role, code, name in session.execute(rows):
        found.setdefault((event_id, role), []).append(Actor(code, name))
    return found


def _publisher_counts(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    counted = (
        select(EventPublisherRow.event_id, func.count())
        .where(EventPublisherRow.event_id.in_(event_ids))
        .group_by(EventPublisherRow.event_id)
    )
    return dict(session.execute(counted).all())


def _developments() -> Select[DevelopmentRow, ItemRow, str]:
    return (
        select(DevelopmentRow, ItemRow, FeedRow.publisher)
        .outerjoin(MentionRow, MentionRow.id == DevelopmentRow.mention_id)
        .outerjoin(ItemRow, ItemRow.id == MentionRow.item_id)
        .outerjoin(FeedRow, FeedRow.id == ItemRow.feed_id)
    )


def developments_of(session: Session, ids: Sequence[int]) -> tuple[Development, ...]:
    """Return developments by their ids, oldest first."""
    if not ids:
        return ()
    found = _developments().where(DevelopmentRow.id.in_(ids)).order_by(DevelopmentRow.id)
    return tuple(_development(*row) for row in session.execute(found))


def _earlier(session: Session, event_id: int, without: Sequence[int]) -> tuple[Development, ...]:
    found = (
        _developments()
        .where(DevelopmentRow.event_id == event_id, DevelopmentRow.id.not_in(without))
        .order_by(DevelopmentRow.id.desc())
        .limit(EARLIER)
    )
    return tuple(_development(*row) for row in session.execute(found))


def developments_since(session: Session, since: datetime) -> tuple[tuple[Event, Development], ...]:
    """Return the developments since an instant, oldest first, each with its event as it stands today."""
    found = _developments().where(DevelopmentRow.seen_at >= since).order_by(DevelopmentRow.id)
    developments = [_development(*row) for row in session.execute(found)]
    known = events_of(session, sorted({development.event_id for development in developments}))
    return tuple((known[development.event_id], development) for development in developments)


def events_of(session: Session, event_ids: Sequence[int]) -> dict[int, Event]:
    """Return events by their ids, as they stand now."""
    known: dict[int, Event] = {}
    for start in range(0, len(event_ids), 500):  # values bound in one statement, as in items.py
        rows = session.scalars(select(EventRow).where(EventRow.id.in_(event_ids[start : start + 500]))).all()
        known |= {found.id: found for found in _events(session, rows)}
    return known


def _development(row: DevelopmentRow, item: ItemRow | None, publisher: str | None) -> Development:
    return Development(
        id=row.id,
        event_id=row.event_id,
        change=Change(row.change),
        old=row.old_value,
        new=row.new_value,
        reason=row.reason,
        seen_at=row.seen_at,
        evidence=row.evidence,
        publisher=publisher or "",
        title=item.title if item else "",
        url=item.url if item else "",
        item_id=item.id if item else None,
        published_at=item.published_at if item else None,
        confidence=row.confidence,
        background=row.background,
    )
