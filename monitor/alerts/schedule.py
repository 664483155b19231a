"""When what rules asked for is told, and together with what. Pure: rule, matches and the present instant in, messages
out.

A match passes these steps, of which a rule sets those that it wants:

    corroborated  it waits until enough publishers report its event (monitor.alerts.select)
    digest        all matches are told at the next of the digest's times, or
    group_wait    those with something in common are told so long after the first of them, or
                  those that one report brought are told at once
    quiet_hours   messages that fall into them are told as one at their end
    throttle      messages that are too many are told as one when there is room again
    silences      what they are about is taken out
    repeat        what is still planned is told again
    escalate      what nobody acknowledged is told to others

Each message has the instant at which it was due, which follows from the matches alone. So it does not matter when
somebody looks: a daemon that was away for an hour, and a test on history, come to the same messages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from extractors.ontology import Kind, Status
from monitor.alerts.rules import Alertable, AlertRule, Conditions, GroupBy, Parties, Timing, holds, party
from storage.matches import Match, Message, MessageKind, Silence, Silenced
from storage.types import Event

# A plan without a day is taken for one so long after the report that set its status, as in storage.dedup.matching.
PLANS_WAIT = timedelta(days=45)

# Messages that the throttle counts: not those that tell something again.
COUNTED = frozenset({MessageKind.ALERT, MessageKind.GROUP, MessageKind.DIGEST, MessageKind.HELD, MessageKind.MORE})


@dataclass(frozen=True, slots=True)
class RuleState:
    """What a rule has on its mind.

    `open` are its matches that were not told yet; `told` its messages, oldest first, as far back as `span` asks for;
    `events` those of told messages as they stand now. Reminders and escalations that were due at `through` or before
    are done with; None is a rule that was never looked at.
    """

    through: datetime | None = None
    open: tuple[Match, ...] = ()
    told: tuple[Message, ...] = ()
    events: Mapping[int, Event] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The messages that are due, in order; the rule's state after them; and when to look again (None: no need)."""

    messages: tuple[Message, ...]
    state: RuleState
    next_at: datetime | None


def plan(rule: AlertRule, state: RuleState, silences: Sequence[Silence], now: datetime, *, patience: timedelta) -> Plan:
    """Return the messages of a rule that are due at `now`, and when the next one will be if nothing happens.

    `patience` is how long a match waits for more publishers.
    """
    messages: list[Message] = []
    coming = upcoming(rule, state, patience)
    while coming and coming[0].at <= now:
        coming = tuple(_muted(message, silences) for message in coming)
        messages += coming
        state = after(state, coming)
        coming = upcoming(rule, state, patience)
    told = tuple(one for one in state.told if one.at > now - span(rule.timing))
    return Plan(tuple(messages), replace(state, through=now, told=told), coming[0].at if coming else None)


def upcoming(rule: AlertRule, state: RuleState, patience: timedelta) -> tuple[Message, ...]:
    """Return the messages that are due next, all at the same instant; nothing if none ever will be."""
    first = _next_batch(rule, state)
    candidates = [
        *([first] if first else []),
        *_expiring(rule, state, patience),
        *_reminders(rule, state),
        *_escalations(rule, state),
    ]
    at = min((one.at for one in candidates), default=None)
    return tuple(one for one in candidates if one.at == at)


def after(state: RuleState, messages: Sequence[Message]) -> RuleState:
    """Return a rule's state after messages that were due at one instant."""
    ended = {_id(one) for message in messages for one in _all(message)}
    return replace(
        state,
        open=tuple(one for one in state.open if _id(one) not in ended),
        told=(*state.told, *(one for one in messages if one.kind is not MessageKind.EXPIRED)),
        through=max(filter(None, (state.through, messages[0].at))),
    )


def span(timing: Timing) -> timedelta:
    """Return how far back messages matter for those to come."""
    lengths = [step.after for step in timing.escalate]
    lengths += [timing.throttle.per] if timing.throttle else []
    lengths += [timing.repeat] if timing.repeat else []
    return max(lengths, default=timedelta())


def wake_at(rule: AlertRule, match: Match, patience: timedelta) -> datetime:
    """Return when a new match may first have an effect: nothing has to be looked at before."""
    if match.ready_at is None:
        return match.matched_at + patience
    return _after_quiet(rule.timing, _due(rule.timing, match.ready_at))


def _id(match: Match) -> int:
    return match.development.id


def _all(message: Message) -> Iterator[Match]:
    yield from message.matches
    yield from (one.match for one in message.silenced)


# ---------------------------------------------------------------- batches


def _due(timing: Timing, ready_at: datetime) -> datetime:
    """Return when a match that nobody joined is due, quiet hours apart."""
    if timing.digest:
        return timing.digest.after(ready_at)
    return ready_at + (timing.group_wait or timedelta())


def _after_quiet(timing: Timing, at: datetime) -> datetime:
    return (timing.quiet_hours.end_of(at) if timing.quiet_hours else None) or at


def _next_batch(rule: AlertRule, state: RuleState) -> Message | None:
    batches = _batches(rule, state.open)
    throttle = rule.timing.throttle
    if not batches or not throttle:
        return batches[0] if batches else None
    times = [one.at for one in state.told if one.kind in COUNTED and one.matches]
    at = _free(times, batches[0].at, throttle.most, throttle.per)
    if at == batches[0].at:
        return batches[0]
    at = _after_quiet(rule.timing, at)
    # Only what was due before: what comes at the very instant may not have been seen yet by whoever looks then.
    held = [match for batch in batches if batch.at < at for match in batch.matches]
    return _message(rule, MessageKind.MORE, at, held)


def _free(times: Sequence[datetime], at: datetime, most: int, per: timedelta) -> datetime:
    """Return the first instant from `at` on at which fewer than `most` of the times lie within `per` before it."""
    while len(recent := [one for one in times if at - per < one <= at]) >= most:
        at = min(recent) + per
    return at


def _batches(rule: AlertRule, matches: Iterable[Match]) -> list[Message]:
    """Return the messages that ready matches make, in the order in which they are due, the throttle apart."""
    ready = sorted((one for one in matches if one.ready_at), key=lambda one: (one.ready_at, _id(one)))
    made = _digests(rule, ready) if rule.timing.digest else _groups(rule, ready)
    return sorted(_quieted(rule, made), key=lambda one: (one.at, one.development_ids))


def _digests(rule: AlertRule, ready: Iterable[Match]) -> list[Message]:
    by_time: dict[datetime, list[Match]] = {}
    due: datetime | None = None
    for match in ready:  # in order: what was ready before a digest's time is told then
        if due is None or _ready(match) >= due:
            due = _due(rule.timing, _ready(match))
        by_time.setdefault(due, []).append(match)
    return [_message(rule, MessageKind.DIGEST, at, told) for at, told in by_time.items()]


def _groups(rule: AlertRule, ready: Iterable[Match]) -> list[Message]:
    """Group in order of readiness: the first of a group opens its window, what comes at its end opens the next."""
    wait = rule.timing.group_wait
    windows: dict[object, list[list[Match]]] = {}
    for match in ready:
        of_key = windows.setdefault(GROUP_KEYS[rule.timing.group_by](match) if wait else match.ready_by, [])
        is_open = of_key and _ready(match) < _ready(of_key[-1][0]) + (wait or timedelta())
        if is_open or (of_key and not wait):
            of_key[-1].append(match)
        else:
            of_key.append([match])
    kind = MessageKind.GROUP if wait else MessageKind.ALERT
    return [
        _message(rule, kind, _due(rule.timing, _ready(told[0])), told) for of_key in windows.values() for told in of_key
    ]


def _quieted(rule: AlertRule, batches: Iterable[Message]) -> Iterator[Message]:
    held: dict[datetime, list[Match]] = {}
    for batch in batches:
        at = _after_quiet(rule.timing, batch.at)
        if at == batch.at:
            yield batch
        else:
            held.setdefault(at, []).extend(batch.matches)
    yield from (_message(rule, MessageKind.HELD, at, told) for at, told in held.items())


def _message(rule: AlertRule, kind: MessageKind, at: datetime, matches: Iterable[Match]) -> Message:
    return Message(rule.name, kind, at, tuple(sorted(matches, key=_id)))


def _ready(match: Match) -> datetime:
    assert match.ready_at is not None
    return match.ready_at


# What the matches of one group have in common.
GROUP_KEYS: Mapping[GroupBy, Callable[[Match], object]] = {
    GroupBy.EVENT: lambda match: match.event.id,
    GroupBy.STORY: lambda match: ("story", match.event.story_id) if match.event.story_id else match.event.id,
    GroupBy.KIND: lambda match: match.event.kind,
    GroupBy.PLACE: lambda match: match.event.place and (match.event.place.country or match.event.place.name),
    GroupBy.PARTIES: lambda match: match.event.parties,
    GroupBy.RULE: lambda match: None,
}


def _expiring(rule: AlertRule, state: RuleState, patience: timedelta) -> Iterator[Message]:
    for match in state.open:
        if match.ready_at is None:
            yield _message(rule, MessageKind.EXPIRED, match.matched_at + patience, [match])


# ---------------------------------------------------------------- what is told again


def _is_ahead(state: RuleState, at: datetime) -> bool:
    return state.through is not None and at > state.through


def _reminders(rule: AlertRule, state: RuleState) -> Iterator[Message]:
    """Yield what is told again, for each event from the last message about it on, a silenced reminder included."""
    if rule.timing.repeat is None:
        return
    last: dict[int, Message] = {}
    for message in state.told:
        if message.kind is not MessageKind.ESCALATION:
            last |= dict.fromkeys((one.event.id for one in _reminding(message)), message)
    for event_id, message in last.items():
        at = _after_quiet(rule.timing, message.at + rule.timing.repeat)
        told = [one for one in _reminding(message) if one.event.id == event_id]
        event = (state.events or {}).get(event_id)
        if _is_ahead(state, at) and event and is_still_planned(event, at) and not _is_acked(told, at):
            yield _message(rule, MessageKind.REMINDER, at, (replace(one, event=event) for one in told))


def _reminding(message: Message) -> Iterable[Match]:
    return _all(message) if message.kind is MessageKind.REMINDER else message.matches


def is_still_planned(event: Event, at: datetime) -> bool:
    """Return whether an event is to come, as far as anybody has told: planned, and its day not over."""
    if event.status is not Status.PLANNED:
        return False
    if event.date is None:
        return at < event.status_at + PLANS_WAIT
    return event.date.end >= at.date()


def _escalations(rule: AlertRule, state: RuleState) -> Iterator[Message]:
    for message in state.told if rule.timing.escalate else ():
        if message.kind not in COUNTED or not message.matches:
            continue
        for step in rule.timing.escalate:
            at = message.at + step.after
            if _is_ahead(state, at) and not _is_acked(message.matches, at):
                yield replace(message, kind=MessageKind.ESCALATION, at=at, silenced=(), to=step.to)


def _is_acked(matches: Iterable[Match], at: datetime) -> bool:
    """Return whether somebody acknowledged one of these matches by then."""
    return any(one.acked_at is not None and one.acked_at <= at for one in matches)


# ---------------------------------------------------------------- silences


def _muted(message: Message, silences: Sequence[Silence]) -> Message:
    """Take out of a message what is silenced at its instant."""
    if message.kind is MessageKind.EXPIRED:
        return message
    muting = [(one, silence_of(one, silences, message.at)) for one in message.matches]
    return replace(
        message,
        matches=tuple(one for one, silence in muting if silence is None),
        silenced=tuple(Silenced(one, silence.id) for one, silence in muting if silence is not None),
    )


def silence_of(match: Match, silences: Iterable[Silence], at: datetime) -> Silence | None:
    """Return the first silence in force at an instant that a match falls under."""
    return next((one for one in silences if one.is_in_force(at) and falls_under(match, one)), None)


def falls_under(match: Match, silence: Silence) -> bool:
    """Return whether a silence is about a match, whenever it is in force."""
    if silence.rule and silence.rule != match.rule:
        return False
    if silence.event_id is not None and silence.event_id != match.event.id:
        return False
    about = Conditions(
        kinds=frozenset({Kind(silence.kind)} if silence.kind else ()),
        actors=Parties(any=tuple(party(code) for code in silence.actors)),
        places=(silence.place,) if silence.place else (),
    )
    return holds(about, Alertable(match.event, match.development, match.matched_at)).matched
