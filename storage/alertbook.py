"""What alert rules have on their mind, row by row. Nothing is decided here: that is pure and lives in monitor.alerts.

An `AlertBook` works in the transaction that it was made with, so that a development, the matches it gave and the
messages they made are written together or not at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from storage import events, snapshots
from storage.database import insert_or, run_many
from storage.errors import NotFound
from storage.matches import Match, MatchState, Message, MessageKind, Settlement, Silence, Silenced
from storage.models import (
    AlertAgendaRow,
    AlertMatchRow,
    AlertMessageDevelopmentRow,
    AlertMessageRow,
    DeliveryDevelopmentRow,
    DeliveryRow,
    DevelopmentRow,
    SettlementRow,
    SilenceRow,
)
from storage.types import Delivery, Development, Event, Settled

# Values bound in one statement, as in items.py.
_CHUNK = 500

# Messages about what was told before; they leave where it stands.
AGAIN = frozenset({MessageKind.REMINDER, MessageKind.ESCALATION})

OPEN = (MatchState.WAITING.value, MatchState.HELD.value)


class AlertBook:
    """The tables of matches, messages and silences, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ------------------------------------------------------------ settlements

    def record_settlement(self, settled: Settled, now: datetime, *, edited: bool = False) -> Settlement:
        """Keep what a report settled, for the rules of today and for rules tested on history."""
        row = SettlementRow(
            event_id=settled.event.id,
            at=now,
            corroborated=settled.corroborated,
            edited=edited,
            snapshot=snapshots.to_text(settled),
        )
        self._session.add(row)
        self._session.flush()
        return Settlement(row.id, now, settled, edited)

    def settlements_since(self, since: datetime) -> tuple[Settlement, ...]:
        """Return what was settled since an instant, oldest first, each with its event as it stood then.

        Developments of earlier versions, which kept no settlements, come with their event as it stands today.
        """
        rows = self._session.scalars(select(SettlementRow).where(SettlementRow.at >= since).order_by(SettlementRow.id))
        kept = [_settlement(row) for row in rows]
        told = {one.id for settlement in kept for one in settlement.settled.developments}
        older = [pair for pair in events.developments_since(self._session, since) if pair[1].id not in told]
        return _with_earlier([*(_bare(event, one) for event, one in older), *kept])

    def settlement_of(self, development_id: int) -> Settlement:
        """Return what settled a development; raises NotFound."""
        row = self._session.get(DevelopmentRow, development_id)
        if row is None:
            raise NotFound(f"no development {development_id}")
        rows = self._session.scalars(
            select(SettlementRow).where(SettlementRow.event_id == row.event_id).order_by(SettlementRow.id)
        )
        for settlement in map(_settlement, rows):
            if any(one.id == development_id for one in settlement.settled.developments):
                return settlement
        (development,) = events.developments_of(self._session, [development_id])
        return _bare(events.event(self._session, row.event_id), development)

    # ------------------------------------------------------------ matches

    def known_matches(self, development_ids: Collection[int]) -> frozenset[tuple[str, int]]:
        """Return (rule, development) of all that was matched of these developments, or told by an earlier version."""
        if not development_ids:
            return frozenset()
        matched = select(AlertMatchRow.rule, AlertMatchRow.development_id).where(
            AlertMatchRow.development_id.in_(development_ids)
        )
        told = select(DeliveryDevelopmentRow.rule, DeliveryDevelopmentRow.development_id).where(
            DeliveryDevelopmentRow.development_id.in_(development_ids)
        )
        return frozenset((rule, number) for query in (matched, told) for rule, number in self._session.execute(query))

    def waiting(self, event_id: int) -> tuple[Match, ...]:
        """Return the matches of an event that wait for more publishers."""
        found = _matches().where(DevelopmentRow.event_id == event_id, AlertMatchRow.state == MatchState.WAITING.value)
        return self._read(found)

    def open_matches(self, rule: str) -> tuple[Match, ...]:
        """Return what a rule has not told yet."""
        return self._read(_matches().where(AlertMatchRow.rule == rule, AlertMatchRow.state.in_(OPEN)))

    def add_matches(self, matches: Iterable[Match], settlement_id: int) -> None:
        """Keep new matches."""
        rows = [
            {
                "rule": one.rule,
                "development_id": one.development.id,
                "settlement_id": settlement_id,
                "reason": one.reason,
                "matched_at": one.matched_at,
                "state": (MatchState.HELD if one.ready_at else MatchState.WAITING).value,
                "ready_at": one.ready_at,
                "ready_by": one.ready_by,
                "acked_at": None,
                "acked_by": "",
            }
            for one in matches
        ]
        run_many(self._session, insert(AlertMatchRow), rows)

    def make_ready(self, matches: Iterable[Match]) -> None:
        """Write that matches wait for publishers no more."""
        for one in matches:
            self._session.execute(
                update(AlertMatchRow)
                .where(AlertMatchRow.rule == one.rule, AlertMatchRow.development_id == one.development.id)
                .values(state=MatchState.HELD.value, ready_at=one.ready_at, ready_by=one.ready_by)
            )

    def states(self, matches: Iterable[Match]) -> Mapping[tuple[str, int], MatchState]:
        """Return where matches stand, by rule and development."""
        ids = {one.development.id for one in matches}
        found = select(AlertMatchRow.rule, AlertMatchRow.development_id, AlertMatchRow.state).where(
            AlertMatchRow.development_id.in_(ids)
        )
        return {(rule, number): MatchState(state) for rule, number, state in self._session.execute(found)}

    def events(self, event_ids: Collection[int]) -> Mapping[int, Event]:
        """Return events as they stand now."""
        return events.events_of(self._session, sorted(event_ids))

    def _read(self, found: Select[AlertMatchRow, SettlementRow]) -> tuple[Match, ...]:
        rows = self._session.execute(found.order_by(AlertMatchRow.development_id)).all()
        ids = [match.development_id for match, _ in rows]
        developments = self._developments(ids)
        return tuple(_match(match, kept, developments[match.development_id]) for match, kept in rows)

    def _developments(self, ids: Sequence[int]) -> dict[int, Development]:
        found: dict[int, Development] = {}
        for start in range(0, len(ids), _CHUNK):
            found |= {one.id: one for one in events.developments_of(self._session, ids[start : start + _CHUNK])}
        return found

    # ------------------------------------------------------------ messages

    def told_since(self, rule: str, since: datetime) -> tuple[Message, ...]:
        """Return the messages of a rule that were due after an instant, oldest first."""
        rows = self._session.scalars(
            select(AlertMessageRow)
            .where(AlertMessageRow.rule == rule, AlertMessageRow.at > since)
            .order_by(AlertMessageRow.at, AlertMessageRow.id)
        ).all()
        return self._messages(rows)

    def messages_about(self, development_id: int) -> tuple[Message, ...]:
        """Return all messages of all rules that tell a development, or would have without a silence."""
        told = select(AlertMessageDevelopmentRow.message_id).where(
            AlertMessageDevelopmentRow.development_id == development_id
        )
        rows = self._session.scalars(
            select(AlertMessageRow).where(AlertMessageRow.id.in_(told)).order_by(AlertMessageRow.at, AlertMessageRow.id)
        ).all()
        return self._messages(rows)

    def messages_since(self, since: datetime) -> tuple[Message, ...]:
        """Return the messages of all rules that were due since an instant, in order."""
        rows = self._session.scalars(
            select(AlertMessageRow).where(AlertMessageRow.at >= since).order_by(AlertMessageRow.at, AlertMessageRow.id)
        ).all()
        return self._messages(rows)

    def _messages(self, rows: Sequence[AlertMessageRow]) -> tuple[Message, ...]:
        links: dict[int, list[AlertMessageDevelopmentRow]] = {row.id: [] for row in rows}
        for ids in _chunks(list(links)):
            found = select(AlertMessageDevelopmentRow).where(AlertMessageDevelopmentRow.message_id.in_(ids))
            for link in self._session.scalars(found.order_by(AlertMessageDevelopmentRow.development_id)):
                links[link.message_id].append(link)
        matches = self._matches_of({(row.rule, link.development_id) for row in rows for link in links[row.id]})
        return tuple(_told(row, links[row.id], matches) for row in rows)

    def _matches_of(self, keys: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], Match]:
        ids = sorted({number for _, number in keys})
        found = [
            match
            for chunk in _chunks(ids)
            for match in self._read(_matches().where(AlertMatchRow.development_id.in_(chunk)))
        ]
        return {(one.rule, one.development.id): one for one in found}

    def record_message(self, message: Message) -> None:
        """Write what a rule told, and where its matches stand after it."""
        for state, matches in _ended(message).items() if message.kind not in AGAIN else ():
            self._set_state(message.rule, [one.development.id for one in matches], state)
        if message.kind is MessageKind.EXPIRED:
            return
        row = AlertMessageRow(rule=message.rule, kind=message.kind.value, at=message.at)
        self._session.add(row)
        self._session.flush()
        links: list[tuple[int, int | None]] = [(one.development.id, None) for one in message.matches]
        links += [(one.match.development.id, one.silence_id) for one in message.silenced]
        rows = [{"message_id": row.id, "development_id": told, "silence_id": silence} for told, silence in links]
        run_many(self._session, insert(AlertMessageDevelopmentRow), rows)

    def _set_state(self, rule: str, development_ids: Sequence[int], state: MatchState) -> None:
        for ids in _chunks(development_ids):
            self._session.execute(
                update(AlertMatchRow)
                .where(AlertMatchRow.rule == rule, AlertMatchRow.development_id.in_(ids), AlertMatchRow.state.in_(OPEN))
                .values(state=state.value)
            )

    # ------------------------------------------------------------ agenda

    def due_rules(self, now: datetime) -> tuple[str, ...]:
        """Return the rules that are to be looked at now."""
        due = select(AlertAgendaRow.rule).where(AlertAgendaRow.next_at <= now).order_by(AlertAgendaRow.rule)
        return tuple(self._session.scalars(due))

    def through(self, rule: str) -> datetime | None:
        """Return until when a rule's reminders and escalations are done with; None if it was never looked at."""
        return self._session.scalar(select(AlertAgendaRow.through).where(AlertAgendaRow.rule == rule))

    def wake(self, rule: str, at: datetime, settings: str) -> None:
        """Have a rule looked at at an instant, or before."""
        new = insert_or(AlertAgendaRow, self._session)
        row = new.values(rule=rule, next_at=at, through=None, settings=settings)
        before = or_(AlertAgendaRow.next_at.is_(None), AlertAgendaRow.next_at > at)
        self._session.execute(row.on_conflict_do_update(index_elements=["rule"], set_={"next_at": at}, where=before))

    def looked_at(self, rule: str, through: datetime | None, next_at: datetime | None) -> None:
        """Write until when a rule is done with, and when it is to be looked at again."""
        self._session.execute(
            update(AlertAgendaRow).where(AlertAgendaRow.rule == rule).values(through=through, next_at=next_at)
        )

    def put_in_force(self, settings: Mapping[str, str], now: datetime) -> None:
        """Have the rules looked at whose settings are others than before, and give up what those that are gone held.

        What a changed rule would have told again before now is not made up for.
        """
        gone = (AlertMatchRow.rule.not_in(settings), AlertMatchRow.state.in_(OPEN))
        self._session.execute(update(AlertMatchRow).where(*gone).values(state=MatchState.EXPIRED.value))
        for row in self._session.scalars(select(AlertAgendaRow)).all():
            if row.rule not in settings:
                row.next_at, row.settings = None, ""
            elif row.settings != settings[row.rule]:
                row.next_at, row.through, row.settings = now, now, settings[row.rule]

    # ------------------------------------------------------------ silences

    def silences(self, since: datetime | None = None) -> tuple[Silence, ...]:
        """Return the silences that were in force at an instant or later (None: all), oldest first."""
        found = select(SilenceRow).order_by(SilenceRow.id)
        if since is not None:
            lasted = or_(SilenceRow.lifted_at.is_(None), SilenceRow.lifted_at > since)
            found = found.where(and_(SilenceRow.until > since, lasted))
        return tuple(_silence(row) for row in self._session.scalars(found))

    def add_silence(self, silence: Silence) -> Silence:
        """Keep a silence, and return it with its number; raises NotFound for an unknown event."""
        if silence.event_id is not None:
            events.event(self._session, silence.event_id)
        row = SilenceRow(
            created_at=silence.created_at,
            until=silence.until,
            lifted_at=None,
            rule=silence.rule,
            event_id=silence.event_id,
            kind=silence.kind,
            actors="+".join(sorted(silence.actors)),
            place=silence.place,
            comment=silence.comment,
        )
        self._session.add(row)
        self._session.flush()
        return replace(silence, id=row.id)

    def lift_silence(self, silence_id: int, now: datetime) -> Silence:
        """End a silence before its time and return it; raises NotFound. One that is over stays as it is."""
        row = self._session.get(SilenceRow, silence_id)
        if row is None:
            raise NotFound(f"no silence {silence_id}")
        if _silence(row).is_in_force(now):
            row.lifted_at = now
        return _silence(row)

    # ------------------------------------------------------------ acknowledgements

    def acknowledge(self, delivery_id: int, now: datetime, words: str) -> tuple[Match, ...]:
        """Write that somebody knows of what a delivery tells, and return that; raises NotFound.

        What was acknowledged before keeps its time.
        """
        rule = self._session.scalar(select(DeliveryRow.rule).where(DeliveryRow.id == delivery_id))
        if rule is None:
            raise NotFound(f"no delivery {delivery_id}")
        told = select(DeliveryDevelopmentRow.development_id).where(DeliveryDevelopmentRow.delivery_id == delivery_id)
        ids = list(self._session.scalars(told))
        mine = (AlertMatchRow.rule == rule, AlertMatchRow.development_id.in_(ids))
        self._session.execute(
            update(AlertMatchRow).where(*mine, AlertMatchRow.acked_at.is_(None)).values(acked_at=now, acked_by=words)
        )
        return self._read(_matches().where(*mine))

    def acknowledged(self, since: datetime) -> Mapping[tuple[str, int], datetime]:
        """Return when what rules told of developments was acknowledged, of those matched since an instant."""
        found = select(AlertMatchRow.rule, AlertMatchRow.development_id, AlertMatchRow.acked_at).where(
            AlertMatchRow.matched_at >= since, AlertMatchRow.acked_at.is_not(None)
        )
        return {(rule, number): at for rule, number, at in self._session.execute(found) if at}

    def acknowledged_of(self, deliveries: Sequence[Delivery]) -> Mapping[int, datetime]:
        """Return when deliveries were acknowledged first, by their ids; those that were not are left out."""
        found: dict[int, datetime] = {}
        for ids in _chunks([one.id for one in deliveries]):
            first = (
                select(DeliveryDevelopmentRow.delivery_id, func.min(AlertMatchRow.acked_at))
                .join(
                    AlertMatchRow,
                    and_(
                        AlertMatchRow.rule == DeliveryDevelopmentRow.rule,
                        AlertMatchRow.development_id == DeliveryDevelopmentRow.development_id,
                    ),
                )
                .where(DeliveryDevelopmentRow.delivery_id.in_(ids), AlertMatchRow.acked_at.is_not(None))
                .group_by(DeliveryDevelopmentRow.delivery_id)
            )
            found |= {number: at for number, at in self._session.execute(first) if at}
        return found

    def all_open(self) -> tuple[Match, ...]:
        """Return what all rules have not told yet, by rule."""
        found = _matches().where(AlertMatchRow.state.in_(OPEN))
        return tuple(sorted(self._read(found), key=lambda one: (one.rule, one.development.id)))


# ---------------------------------------------------------------- rows into values


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _matches() -> Select[AlertMatchRow, SettlementRow]:
    return (
        select(AlertMatchRow, SettlementRow)
        .join(SettlementRow, SettlementRow.id == AlertMatchRow.settlement_id)
        .join(DevelopmentRow, DevelopmentRow.id == AlertMatchRow.development_id)
    )


def _match(row: AlertMatchRow, kept: SettlementRow, development: Development) -> Match:
    return Match(
        rule=row.rule,
        event=_settlement(kept).settled.event,
        development=development,
        reason=row.reason,
        matched_at=row.matched_at,
        ready_at=row.ready_at,
        ready_by=row.ready_by,
        acked_at=row.acked_at,
    )


def _settlement(row: SettlementRow) -> Settlement:
    settled = snapshots.from_text(row.snapshot, corroborated=row.corroborated)
    return Settlement(row.id, row.at, settled, row.edited)


def _bare(event: Event, development: Development) -> Settlement:
    """Return a settlement of a version that kept none; its number is below all others."""
    return Settlement(-development.id, development.seen_at, Settled(event, (development,), corroborated=False))


def _with_earlier(settlements: Iterable[Settlement]) -> tuple[Settlement, ...]:
    """Return settlements in order of time, each with what was told of its event before, newest first."""
    told: dict[int, list[Development]] = {}
    complete: list[Settlement] = []
    for one in sorted(settlements, key=lambda one: (one.at, one.id)):
        of_event = told.setdefault(one.settled.event.id, [])
        if one.settled.corroborated:
            settled = replace(one.settled, earlier=tuple(reversed(of_event[-events.EARLIER :])))
            one = replace(one, settled=settled)
        complete.append(one)
        of_event += one.settled.developments
    return tuple(complete)


def _told(
    row: AlertMessageRow, links: Iterable[AlertMessageDevelopmentRow], matches: Mapping[tuple[str, int], Match]
) -> Message:
    told: list[Match] = []
    silenced: list[Silenced] = []
    for link in links:
        match = matches[row.rule, link.development_id]
        if link.silence_id is None:
            told.append(match)
        else:
            silenced.append(Silenced(match, link.silence_id))
    return Message(row.rule, MessageKind(row.kind), row.at, tuple(told), tuple(silenced))


def _ended(message: Message) -> dict[MatchState, Sequence[Match]]:
    told = MatchState.EXPIRED if message.kind is MessageKind.EXPIRED else MatchState.TOLD
    return {told: message.matches, MatchState.SILENCED: [one.match for one in message.silenced]}


def _silence(row: SilenceRow) -> Silence:
    return Silence(
        id=row.id,
        created_at=row.created_at,
        until=row.until,
        rule=row.rule,
        event_id=row.event_id,
        kind=row.kind,
        actors=tuple(code for code in row.actors.split("+") if code),
        place=row.place,
        comment=row.comment,
        lifted_at=row.lifted_at,
    )
