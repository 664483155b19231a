"""Alert rules: which developments somebody wants to hear of. `matches` is pure and says which clause decided.

A rule is a list of clauses that must all hold, and optionally a second list (`unless`) that must not hold as a whole.
A clause that is left out holds for everything. How many messages that makes, and why not, is monitor.alerts.select.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor
from storage.types import Change, Development, Event


class Severity(StrEnum):
    """How urgent a rule's messages are; channels may show it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who must be in the event. Codes as in the event model (`RUS`, `UN`); an empty field asks nothing.

    `between` holds two groups: somebody of the one acts, and somebody of the other is a party too, either way round.
    """

    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    between: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Clauses about one development of one event; those that are set must all hold.

    `places` are country codes or place names, `texts` words or phrases of which one must occur in the title or the
    evidence, whole words, whatever their case. `min_confidence` is 0..1, None where the rule does not say.
    """

    types: frozenset[EventType] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    changes: frozenset[Change] = frozenset()
    actors: Parties = Parties()
    places: tuple[str, ...] = ()
    min_publishers: int = 1
    min_confidence: float | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Which developments go to which channels: where `when` holds, and `unless` (if given) does not."""

    name: str
    channels: tuple[str, ...]
    when: Conditions = Conditions()
    unless: Conditions | None = None
    severity: Severity = Severity.NORMAL


@dataclass(frozen=True, slots=True)
class Alertable:
    """What a rule looks at: one development, and its event as it stands after it."""

    event: Event
    development: Development


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something matched, and why: the clauses that held, or the one that did not."""

    matched: bool
    reason: str


Clause = Callable[[Conditions, Alertable], Verdict | None]  # None: the conditions do not ask


def matches(rule: AlertRule, alertable: Alertable) -> Verdict:
    """Decide whether a development is what the rule asks for; the reason names the clauses in words for people."""
    verdict = _holds(rule.when, alertable)
    if not verdict.matched or rule.unless is None:
        return verdict
    exception = _holds(rule.unless, alertable)
    if exception.matched:
        return Verdict(False, f"excepted by `not`: {exception.reason}")
    return verdict


def _holds(conditions: Conditions, alertable: Alertable) -> Verdict:
    passed: list[str] = []
    for clause in CLAUSES:
        verdict = clause(conditions, alertable)
        if verdict is None:
            continue
        if not verdict.matched:
            return verdict
        passed.append(verdict.reason)
    return Verdict(True, ", ".join(passed) or "every development")


# ---------------------------------------------------------------- clauses


def _types(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("type", alertable.event.type, conditions.types)


def _kinds(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("kind", alertable.event.kind, conditions.kinds)


def _statuses(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    return _one_of("status", alertable.event.status, conditions.statuses)


def _changes(conditions: Conditions, alertable: Alertable) -> Verdict | None:
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
    if present := wanted & alertable.event.parties:
        return Verdict(True, f"actors {_both(present)}")
    return Verdict(False, f"none of the parties ({_parties(alertable.event)}) is {_either(wanted)}")


def _all_actors(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    wanted = conditions.actors.all
    if not wanted:
        return None
    if missing := wanted - alertable.event.parties:
        return Verdict(False, f"{_both(missing)} not among the parties ({_parties(alertable.event)})")
    return Verdict(True, f"actors {_both(wanted)}")


def _between(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if not conditions.actors.between:
        return None
    one, other = conditions.actors.between
    for acting, opposite in ((one, other), (other, one)):
        if pair := _pair(alertable.event, acting, opposite):
            return Verdict(True, f"between {pair[0]} and {pair[1]}")
    return Verdict(False, f"not between {_either(one)} and {_either(other)} (parties: {_parties(alertable.event)})")


def _pair(event: Event, acting: frozenset[str], opposite: frozenset[str]) -> tuple[str, str] | None:
    """Return an actor of the one group and another party of the other group, in the order of the event."""
    for actor in _codes(event.actors):
        for party in (*_codes(event.actors), *_codes(event.recipients)):
            if actor in acting and party in opposite and actor != party:
                return actor, party
    return None


def _places(conditions: Conditions, alertable: Alertable) -> Verdict | None:
    if not conditions.places:
        return None
    place = alertable.event.place
    if place is None:
        return Verdict(False, f"no place is known, wanted {_either(conditions.places)}")
    for wanted in conditions.places:
        if wanted == place.country or _mentions(wanted, place.name):
            return Verdict(True, f"place {wanted}")
    return Verdict(False, f"place is {place.name} ({place.country or 'no country'}), not {_either(conditions.places)}")


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
    told = f"{alertable.development.title}\n{alertable.development.evidence}"
    for phrase in conditions.texts:
        if _mentions(phrase, told):
            return Verdict(True, f"text “{phrase}”")
    return Verdict(False, f"the text has none of {_either(f'“{phrase}”' for phrase in conditions.texts)}")


# In this order a refusal names what a person would name first: what it is, then who, where, how sure.
CLAUSES: tuple[Clause, ...] = (
    _types,
    _kinds,
    _statuses,
    _changes,
    _any_actor,
    _all_actors,
    _between,
    _places,
    _min_publishers,
    _min_confidence,
    _texts,
)


# ---------------------------------------------------------------- words


def _mentions(phrase: str, text: str) -> bool:
    return _pattern(phrase).search(text) is not None


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    """Compile a phrase to whole words with any white space between; no part of it is read as an expression.

    The pattern has no repetition but single runs of white space, so that its time grows with the text alone.
    """
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _codes(actors: Iterable[Actor]) -> list[str]:
    return [actor.code for actor in actors]


def _parties(event: Event) -> str:
    return ", ".join(sorted(event.parties)) or "none"


def _both(words: Iterable[str]) -> str:
    return " and ".join(sorted(words))


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))
