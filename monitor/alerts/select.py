"""From a settled report to what it means for each rule, and from a rule's message to what each channel gets. Pure;
whatever stays silent has its reason.

Which developments a rule asks for, of those that one report brought or that its publisher confirmed, is `take`; when
they are told is monitor.alerts.schedule. Nothing is told twice to the same channel by the same rule.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.alerts.rules import Alertable, AlertRule, Finding, Verdict, findings
from storage.matches import Match, Message, MessageKind, Settlement
from storage.types import Development

HOUR = timedelta(hours=1)
Delivered = frozenset[tuple[str, str, int]]  # (rule, channel, development id)


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for all rules.

    `min_confidence` is 0..1, by default where a report is more often right than wrong (confidence is calibrated, see
    docs/reference/events.md); a rule that names its own goes by that one. `max_age` is the age of a report, counted
    from its publication, beyond which it makes no message. `give_up_after` is how long a message is tried.
    """

    min_confidence: float = 0.5
    max_age: timedelta = timedelta(hours=48)
    give_up_after: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is due: to whom, about which developments (oldest first), and which clauses matched.

    `matches` are what it tells, with the events as they stood when the rule matched (as they stand now, in a reminder).
    `purpose` is empty where it tells something for the first time.
    """

    key: str
    rule: AlertRule
    channel: str
    developments: tuple[Development, ...]
    reason: str
    matches: tuple[Match, ...] = ()
    kind: MessageKind = MessageKind.ALERT
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """A development that a rule sends no message about, and why."""

    rule: str
    development_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A development that a rule tells later; `until` None where that depends on further publishers."""

    rule: str
    development_id: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Selection:
    """All that was decided about one settled report; each rule and development ends in one of the three.

    Among the deliveries may be what was held before and left with it.
    """

    deliveries: tuple[Pending, ...] = ()
    silent: tuple[Silent, ...] = ()
    held: tuple[Held, ...] = ()


# ---------------------------------------------------------------- what a rule asks for


@dataclass(frozen=True, slots=True)
class Taken:
    """What a settled report means for one rule: new matches, waiting ones that became ready, and what is silent."""

    new: tuple[Match, ...] = ()
    ready: tuple[Match, ...] = ()
    silent: tuple[Silent, ...] = ()


def take(
    rule: AlertRule, settlement: Settlement, known: Set[int], waiting: Iterable[Match], *, limits: Limits
) -> Taken:
    """Decide what a settled report means for a rule; every development that it does not take has its reason.

    Developments told before (`settled.earlier`) are looked at again only where a further publisher confirms the event
    and the rule waits for that. `known` are developments that the rule matched before, `waiting` its matches of this
    event that wait for more publishers.
    """
    verdicts = [(one, judge(rule, settlement, one, limits)) for one in _candidates(rule, settlement)]
    matched = [(one, verdict) for one, verdict in verdicts if verdict.matched]
    return Taken(
        new=tuple(_match(rule, settlement, one, verdict) for one, verdict in matched if one.id not in known),
        ready=_made_ready(rule, settlement, waiting),
        silent=(
            *(Silent(rule.name, one.id, verdict.reason) for one, verdict in verdicts if not verdict.matched),
            *(Silent(rule.name, one.id, "matched before") for one, _ in matched if one.id in known),
        ),
    )


def judge(rule: AlertRule, settlement: Settlement, development: Development, limits: Limits) -> Verdict:
    """Decide whether a rule asks for a development, limits included; the reason names the clauses in words."""
    passed: list[str] = []
    for found in explained(rule, settlement, development, limits):
        if not found.verdict.matched:
            return found.verdict
        passed.append(found.verdict.reason)
    return Verdict(True, ", ".join(passed) or "every development")


def explained(rule: AlertRule, settlement: Settlement, development: Development, limits: Limits) -> Iterator[Finding]:
    """Yield what each limit that refuses a development, and each clause of the rule, says about it."""
    age = _age(development, settlement)
    yield from _refusals(rule, development, age, limits)
    yield from findings(rule, Alertable(settlement.settled.event, development, settlement.at))


def _candidates(rule: AlertRule, settlement: Settlement) -> list[Development]:
    """Return what the rule has to look at, oldest first."""
    settled = settlement.settled
    waits_for_others = rule.when.min_publishers > 1
    earlier = settled.earlier if settled.corroborated and waits_for_others else ()
    own = {one.id for one in settled.developments}
    return sorted((*(one for one in earlier if one.id not in own), *settled.developments), key=lambda one: one.id)


def _match(rule: AlertRule, settlement: Settlement, development: Development, verdict: Verdict) -> Match:
    event = settlement.settled.event
    ready = event.publishers >= rule.timing.corroborated
    return Match(
        rule=rule.name,
        event=event,
        development=development,
        reason=verdict.reason,
        matched_at=settlement.at,
        ready_at=settlement.at if ready else None,
        ready_by=settlement.id if ready else 0,
    )


def _made_ready(rule: AlertRule, settlement: Settlement, waiting: Iterable[Match]) -> tuple[Match, ...]:
    if settlement.settled.event.publishers < rule.timing.corroborated:
        return ()
    return tuple(
        replace(one, ready_at=settlement.at, ready_by=settlement.id)
        for one in waiting
        if one.event.id == settlement.settled.event.id
    )


def _age(development: Development, settlement: Settlement) -> timedelta:
    """Return how old the report of a development is; an edit is as new as it is, whatever day its publisher gives."""
    if settlement.edited and development in settlement.settled.developments:
        return timedelta()
    return settlement.at - (development.published_at or development.seen_at)


def _refusals(rule: AlertRule, development: Development, age: timedelta, limits: Limits) -> Iterator[Finding]:
    """Yield why no rule at all, or none without a confidence of its own, would tell this."""
    if development.background:
        yield Finding("background", Verdict(False, "told as background"))
    if age > limits.max_age:
        told_at = development.published_at or development.seen_at
        hours = f"{limits.max_age / HOUR:g} hours"
        too_old = f"too old: published {told_at:%Y-%m-%d %H:%M} UTC, more than {hours} ago"
        yield Finding("max_age", Verdict(False, too_old))
    if rule.when.min_confidence is None and development.confidence < limits.min_confidence:
        unsure = f"confidence {development.confidence:.2f} is below {limits.min_confidence:.2f}"
        yield Finding("min_confidence", Verdict(False, unsure))


# ---------------------------------------------------------------- what each channel gets


def pending(message: Message, rule: AlertRule, delivered: Delivered, *, instance: str = "") -> tuple[Pending, ...]:
    """Return what each channel gets of a rule's message, without what it was told already; reminders apart.

    What is given up is no message, and goes to nobody. `instance` keeps the keys of two installations apart that
    write to one channel.
    """
    purpose = f"{message.kind.value} {message.at:%Y-%m-%dT%H:%M:%SZ}" if message.kind is MessageKind.REMINDER else ""
    made: list[Pending] = []
    channels = () if message.kind is MessageKind.EXPIRED else message.to or rule.channels
    for channel in dict.fromkeys(channels):
        new = [one for one in message.matches if purpose or (rule.name, channel, one.development.id) not in delivered]
        if new:
            made.append(_pending(message.kind, rule, channel, new, purpose, instance))
    return tuple(made)


def _pending(
    kind: MessageKind, rule: AlertRule, channel: str, told: Sequence[Match], purpose: str, instance: str
) -> Pending:
    developments = tuple(one.development for one in told)
    key = delivery_key(rule.name, channel, (one.id for one in developments), instance=instance, purpose=purpose)
    reason = "; ".join(dict.fromkeys(one.reason for one in told))
    return Pending(key, rule, channel, developments, reason, tuple(told), kind, purpose)


def delivery_key(
    rule: str, channel: str, development_ids: Iterable[int], *, instance: str = "", purpose: str = ""
) -> str:
    """Return a key of 16 hexadecimal digits: the same rule, channel and developments always give the same.

    Sixty-four bits: among a million messages two different ones meet with a chance of about 1 in 37 million
    (n²/2 ÷ 2⁶⁴), and a person can still read the key out on the telephone. `purpose` tells reminders apart.
    """
    told = (instance, rule, channel, *(str(one) for one in sorted(development_ids)), *((purpose,) if purpose else ()))
    return blake2b("\0".join(told).encode(), digest_size=8).hexdigest()
