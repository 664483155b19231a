"""From what a report developed to the messages it is worth, and for all others the reason why they stay silent. Pure.

One message per rule and channel tells all that one report changed, so that "postponed, and the new date is …" arrives
as one. Nothing is told twice to the same channel by the same rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.alerts.rules import Alertable, AlertRule, Verdict, matches
from storage.types import Development, Settled

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
    give_up_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is due: to whom, about which developments (oldest first), and which clauses matched."""

    key: str
    rule: AlertRule
    channel: str
    developments: tuple[Development, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A development that a rule sends no message about, and why."""

    rule: str
    development_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """All that was decided about one settled report; each rule and development ends in one of the two."""

    deliveries: tuple[Pending, ...] = ()
    silent: tuple[Silent, ...] = ()


def select(
    rules: Iterable[AlertRule],
    settled: Settled,
    delivered: Delivered,
    now: datetime,
    *,
    limits: Limits,
    instance: str = "",
    edited: bool = False,
) -> Selection:
    """Decide which messages a settled report is worth; every development that makes none is listed with its reason.

    Developments told before (`settled.earlier`) are looked at again only where a further publisher confirms the event
    and the rule waits for that. `instance` keeps the keys of two installations apart that write to one channel.
    `edited` tells that the report is a new wording of an item that we had: it is as new as the edit, whatever day its
    publisher gives it.
    """
    deliveries: list[Pending] = []
    silent: list[Silent] = []
    fresh = frozenset(one.id for one in settled.developments) if edited else frozenset()
    for rule in rules:
        candidates = _candidates(rule, settled)
        verdicts = [(one, _verdict(rule, settled, one, _age(one, now, fresh), limits)) for one in candidates]
        matched = [(one, verdict) for one, verdict in verdicts if verdict.matched]
        new = {channel: _untold(rule, channel, matched, delivered) for channel in dict.fromkeys(rule.channels)}
        deliveries += [_pending(rule, channel, told, instance) for channel, told in new.items() if told]
        silent += _refused(rule, verdicts)
        silent += _told_before(rule, matched, new.values())
    return Selection(tuple(deliveries), tuple(silent))


Judged = tuple[Development, Verdict]


def _candidates(rule: AlertRule, settled: Settled) -> list[Development]:
    """Return what the rule has to look at, oldest first."""
    waits_for_others = rule.when.min_publishers > 1
    earlier = settled.earlier if settled.corroborated and waits_for_others else ()
    own = {one.id for one in settled.developments}
    return sorted((*(one for one in earlier if one.id not in own), *settled.developments), key=lambda one: one.id)


def _age(development: Development, now: datetime, fresh: frozenset[int]) -> timedelta:
    """Return how old the report of a development is; no age at all for what was seen just now."""
    if development.id in fresh:
        return timedelta()
    return now - (development.published_at or development.seen_at)


def _verdict(rule: AlertRule, settled: Settled, development: Development, age: timedelta, limits: Limits) -> Verdict:
    refusal = _refusal(rule, development, age, limits)
    if refusal:
        return Verdict(False, refusal)
    return matches(rule, Alertable(settled.event, development))


def _refusal(rule: AlertRule, development: Development, age: timedelta, limits: Limits) -> str:
    """Return why no rule at all would tell this, empty if one might."""
    if development.background:
        return "told as background"
    if age > limits.max_age:
        told_at = development.published_at or development.seen_at
        return f"too old: published {told_at:%Y-%m-%d %H:%M} UTC, more than {limits.max_age / HOUR:g} hours ago"
    if rule.when.min_confidence is None and development.confidence < limits.min_confidence:
        return f"confidence {development.confidence:.2f} is below {limits.min_confidence:.2f}"
    return ""


def _untold(rule: AlertRule, channel: str, matched: Iterable[Judged], delivered: Delivered) -> list[Judged]:
    return [(one, verdict) for one, verdict in matched if (rule.name, channel, one.id) not in delivered]


def _pending(rule: AlertRule, channel: str, told: list[Judged], instance: str) -> Pending:
    reasons = dict.fromkeys(verdict.reason for _, verdict in told)
    developments = tuple(one for one, _ in told)
    key = delivery_key(rule.name, channel, (one.id for one in developments), instance=instance)
    return Pending(key, rule, channel, developments, "; ".join(reasons))


def _refused(rule: AlertRule, verdicts: Iterable[Judged]) -> Iterator[Silent]:
    return (Silent(rule.name, one.id, verdict.reason) for one, verdict in verdicts if not verdict.matched)


def _told_before(rule: AlertRule, matched: Iterable[Judged], new: Iterable[list[Judged]]) -> Iterator[Silent]:
    telling = {one.id for told in new for one, _ in told}
    return (Silent(rule.name, one.id, "already delivered") for one, _ in matched if one.id not in telling)


def delivery_key(rule: str, channel: str, development_ids: Iterable[int], *, instance: str = "") -> str:
    """Return a key of 16 hexadecimal digits: the same rule, channel and developments always give the same.

    Sixty-four bits: among a million messages two different ones meet with a chance of about 1 in 37 million
    (n²/2 ÷ 2⁶⁴), and a person can still read the key out on the telephone.
    """
    told = (instance, rule, channel, *(str(one) for one in sorted(development_ids)))
    return blake2b("\0".join(told).encode(), digest_size=8).hexdigest()
