"""Alert rules: which developments somebody wants to hear of. `matches` is pure and says which clause decided.

A rule is a list of clauses that must all hold, and optionally a second list (`unless`) that must not hold as a whole.
A clause that is left out holds for everything. When a message about it leaves is monitor.alerts.schedule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import re2

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, DateRange
from monitor.alerts.cron import Cron, Hours
from storage.types import Change, Development, Event


class Severity(StrEnum):
    """How urgent a rule's messages are; channels may show it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that stand under one name: `EU27` and its members, or one party under its own code."""

    name: str
    codes: frozenset[str]


def party(code: str) -> Group:
    """Return a single party as a group of one."""
    return Group(code, frozenset({code}))


Groups = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who must be in the event. Codes as in the event model (`RUS`, `UN`); an empty field asks nothing.

    Of `any` one, of `all` each must be represented, a group by any of its codes. `between` holds two lists of groups:
    somebody of the one acts, and somebody of the other is a party too, either way round.
    """

    any: Groups = ()
    all: Groups = ()
    between: tuple[Groups, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Clauses about one development of one event; those that are set must all hold.

    `places` are country codes or place names. `within`: the event's day begins no later than so long after today, and
    is not over. `texts` are patterns (`pattern_problem`) of which one must be found in the title or the evidence, as
    whole words, whatever their case. `min_confidence` is 0..1, None where the rule does not say.
    """

    types: frozenset[EventType] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    changes: frozenset[Change] = frozenset()
    actors: Parties = Parties()
    places: tuple[str, ...] = ()
    within: timedelta | None = None
    min_publishers: int = 1
    min_confidence: float | None = None
    texts: tuple[str, ...] = ()


class GroupBy(StrEnum):
    """What the developments of one message have in common."""

    EVENT = "event"
    STORY = "story"
    KIND = "kind"
    PLACE = "place"
    PARTIES = "parties"
    RULE = "rule"  # nothing but their rule


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most so many messages in any span of this length; what is more comes as one when there is room again."""

    most: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Escalation:
    """Further channels for a message that nobody acknowledged in time."""

    after: timedelta
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """When the messages of a rule leave; without any of these, at once. How is told in monitor.alerts.schedule.

    `corroborated` is how many publishers have to report the event first.
    """

    corroborated: int = 1
    group_by: GroupBy = GroupBy.STORY
    group_wait: timedelta | None = None
    digest: Cron | None = None
    quiet_hours: Hours | None = None
    throttle: Throttle | None = None
    repeat: timedelta | None = None
    escalate: tuple[Escalation, ...] = ()


class FeedTrouble(StrEnum):
    """What may be wrong with a feed for longer than a hiccup (`storage.types.Feed.trouble`), or that it has gone."""

    FAILING = "failing"
    SILENT = "silent"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Which developments go to which channels: where `when` holds, and `unless` (if given) does not.

    `template` is the text of a template for its messages; empty takes the built-in one. A rule with `feeds` hears of
    such trouble with feeds, and of no development.
    """

    name: str
    channels: tuple[str, ...]
    when: Conditions = Conditions()
    unless: Conditions | None = None
    severity: Severity = Severity.NORMAL
    template: str = ""
    timing: Timing = Timing()
    feeds: frozenset[FeedTrouble] = frozenset()


@dataclass(frozen=True, slots=True)
class Alertable:
    """What a rule looks at: one development, its event as it stands after it, and when that is judged.

    `at` None: when the development was seen.
    """

    event: Event
    development: Development
    at: datetime | None = None

    @property
    def today(self) -> datetime:
        """The instant that the rule is asked at."""
        return self.at or self.development.seen_at


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something matched, and why: the clauses that held, or the one that did not."""

    matched: bool
    reason: str


Clause = Callable[[Conditions, Alertable], Verdict | None]  # None: the conditions do not ask


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clause of a rule said; `clause` is its name in config.yaml, such as `actors.any`."""

    clause: str
    verdict: Verdict


def matches(rule: AlertRule, alertable: Alertable) -> Verdict:
    """Decide whether a development is what the rule asks for; the reason names the clauses in words for people."""
    passed: list[str] = []
    for found in findings(rule, alertable):
        if not found.verdict.matched:
            return found.verdict
        if found.clause != NOT:
            passed.append(found.verdict.reason)
    return Verdict(True, ", ".join(passed) or "every development")


def findings(rule: AlertRule, alertable: Alertable) -> Iterator[Finding]:
    """Yield what each clause that the rule sets says, `not` last; the rule matches where all of them do."""
    if rule.feeds:
        yield Finding("feeds", Verdict(False, "a rule about feeds, which hears of no development"))
    yield from _asked(rule.when, alertable)
    if rule.unless is not None:
        yield Finding(NOT, _negated(holds(rule.unless, alertable)))


NOT = "not"


def _asked(conditions: Conditions, alertable: Alertable) -> Iterator[Finding]:
    for name, clause in CLAUSES.items():
        verdict = clause(conditions, alertable)
        if verdict is not None:
            yield Finding(name, verdict)


def holds(conditions: Conditions, alertable: Alertable) -> Verdict:
    """Decide whether all clauses hold; the reason names those that did, or the first that did not."""
    passed: list[str] = []
    for found in _asked(conditions, alertable):
        if not found.verdict.matched:
            return found.verdict
        passed.append(found.verdict.reason)
    return Verdict(True, ", ".join(passed) or "every development")


def _negated(exception: Verdict) -> Verdict:
    if exception.matched:
        return Verdict(False, f"excepted by `not`: {exception.reason}")
    return Verdict(True, f"`not` does not hold: {exception.reason}")


# ---------------------------------------------------------------- clauses


def _types(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("type", alertable.event.type, conditions.types)


def _kinds(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("kind", alertable.event.kind, conditions.kinds)


def _statuses(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("status", alertable.event.status, conditions.statuses)


def _changes(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if alertable.development.change is Change.OVERDUE and not conditions.changes:
        return Verdict(False, "overdue, which only a rule hears of that asks for it")
    return _one_of("change", alertable.development.change, conditions.changes)


def _one_of(name: str, value: StrEnum, wanted: Iterable[StrEnum]) -> Verdict | None:
    if not wanted:
        return None
    if value in wanted:
        return Verdict(True, f"{name} {value.value}")
    return Verdict(False, f"{name} is {value.value}, not {_either(one.value for one in wanted)}")


def _any_actor(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    wanted = conditions.actors.any
    if not wanted:
        return None
    if present := [told for group in wanted if (told := _represented(group, alertable.event))]:
        return Verdict(True, f"actors {_both(present)}")
    return Verdict(False, f"none of the parties ({_parties(alertable.event)}) is {_either(_names(wanted))}")


def _all_actors(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    wanted = conditions.actors.all
    if not wanted:
        return None
    told = {group.name: _represented(group, alertable.event) for group in wanted}
    if missing := [name for name, present in told.items() if not present]:
        return Verdict(False, f"{_both(missing)} not among the parties ({_parties(alertable.event)})")
    return Verdict(True, f"actors {_both(told.values())}")


def _represented(group: Group, event: Event) -> str:
    """Return who of a group is a party, such as `FRA of EU27`, or nothing."""
    present = _both(group.codes & event.parties)
    return present if not present or present == group.name else f"{present} of {group.name}"


def _between(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if not conditions.actors.between:
        return None
    one, other = conditions.actors.between
    for acting, opposite in ((one, other), (other, one)):
        if pair := _pair(alertable.event, _members(acting), _members(opposite)):
            return Verdict(True, f"between {pair[0]} and {pair[1]}")
    sides = f"{_either(_names(one))} and {_either(_names(other))}"
    return Verdict(False, f"not between {sides} (parties: {_parties(alertable.event)})")


def _pair(event: Event, acting: frozenset[str], opposite: frozenset[str]) -> tuple[str, str] | None:
    """Return an actor of the one group and another party of the other group, in the order of the event."""
    for actor in _codes(event.actors):
        for other in (*_codes(event.actors), *_codes(event.recipients)):
            if actor in acting and other in opposite and actor != other:
                return actor, other
    return None


def _members(groups: Groups) -> frozenset[str]:
    return frozenset(code for group in groups for code in group.codes)


def _names(groups: Groups) -> list[str]:
    return [group.name for group in groups]


def _places(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if not conditions.places:
        return None
    place = alertable.event.place
    if place is None:
        return Verdict(False, f"no place is known, wanted {_either(conditions.places)}")
    for wanted in conditions.places:
        if wanted == place.country or _mentions(re2.escape(wanted), place.name):
            return Verdict(True, f"place {wanted}")
    return Verdict(False, f"place is {place.name} ({place.country or 'no country'}), not {_either(conditions.places)}")


def _within(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if conditions.within is None:
        return None
    days, date = alertable.event.date, alertable.today.date()
    span = f"the next {_shown(conditions.within)}"
    if days is None:
        return Verdict(False, f"its day is not known, wanted within {span}")
    if days.start <= (alertable.today + conditions.within).date() and days.end >= date:
        return Verdict(True, f"{_days(days)} is within {span}")
    return Verdict(False, f"{_days(days)} is {'over' if days.end < date else f'not within {span}'}")


def _min_publishers(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if conditions.min_publishers <= 1:
        return None
    count = alertable.event.publishers
    if count >= conditions.min_publishers:
        return Verdict(True, f"{count} publishers")
    return Verdict(False, f"publishers so far: {count}, wanted {conditions.min_publishers}")


def _min_confidence(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if conditions.min_confidence is None:
        return None
    confidence = alertable.development.confidence
    if confidence >= conditions.min_confidence:
        return Verdict(True, f"confidence {confidence:.2f}")
    return Verdict(False, f"confidence {confidence:.2f} is below {conditions.min_confidence:.2f}")


def _texts(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if not conditions.texts:
        return None
    for pattern in conditions.texts:
        if any(_mentions(pattern, told) for told in (alertable.development.title, alertable.development.evidence)):
            return Verdict(True, f"text “{pattern}”")
    return Verdict(False, f"the text has none of {_either(f'“{pattern}”' for pattern in conditions.texts)}")


# By their names in config.yaml, and in this order, so that a refusal names what a person would name first: what it is,
# then who, where, when, how sure.
CLAUSES: Mapping[str, Clause] = {
    "types": _types,
    "kinds": _kinds,
    "status": _statuses,
    "change": _changes,
    "actors.any": _any_actor,
    "actors.all": _all_actors,
    "actors.between": _between,
    "place": _places,
    "within": _within,
    "min_publishers": _min_publishers,
    "min_confidence": _min_confidence,
    "text": _texts,
}


# ---------------------------------------------------------------- words

# RE2 finds matches in time that grows with the text alone (https://github.com/google/re2/wiki/WhyRE2), whatever a
# pattern says; what its automata may take of memory is bounded, too.
PATTERN_MEMORY = 1 << 20
LONGEST_PATTERN = 1000


def pattern_problem(pattern: str) -> str:
    """Return what is wrong with a pattern in the syntax of RE2, nothing for a good one."""
    if len(pattern) > LONGEST_PATTERN:
        return f"is longer than {LONGEST_PATTERN} characters"
    try:
        _compiled(pattern)
    except re2.error as error:
        return f"is no pattern of RE2: {_told_by_re2(error)}"
    return ""


def _told_by_re2(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


def _mentions(pattern: str, text: str) -> bool:
    return _compiled(pattern).search(" ".join(text.split())) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    r"""Compile a pattern to find it as whole words; `\b` of RE2 knows ASCII alone, hence the classes."""
    options = re2.Options()
    options.log_errors, options.max_mem, options.case_sensitive = False, PATTERN_MEMORY, False
    re2.compile(pattern, options)  # alone first: `)(` would be made good by the brackets around it
    return re2.compile(rf"(?:^|[^\pL\pN_])(?:{pattern})(?:$|[^\pL\pN_])", options)


def _codes(actors: Iterable[Actor]) -> list[str]:
    return [actor.code for actor in actors]


def _parties(event: Event) -> str:
    return ", ".join(sorted(event.parties)) or "none"


def _both(words: Iterable[str]) -> str:
    return " and ".join(sorted(words))


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))


def _days(days: DateRange) -> str:
    return str(days.start) if days.start == days.end else f"{days.start} to {days.end}"


def _shown(length: timedelta) -> str:
    hours = round(length / timedelta(hours=1))
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"
