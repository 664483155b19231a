"""What config.yaml may say, for pydantic: the sections of monitor.config.sections, and where a person writes more
freely than the program wants it, a type of the file's own (`…Entry`) that becomes one of ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, with_config

from extractors.ontology import EventType, Kind, Status
from monitor.alerts.rules import AlertRule, Conditions, Escalation, FeedTrouble, GroupBy, Parties, Severity, Timing
from monitor.alerts.rules import Groups as PartyGroups
from monitor.alerts.secret import Secret
from monitor.alerts.select import Limits
from monitor.config.channels import channel_urls
from monitor.config.groups import group_of
from monitor.config.sections import (
    DATABASE,
    AlertsConfig,
    ArticlesConfig,
    ExtractorsConfig,
    LoggingConfig,
    PollerConfig,
    WebSubConfig,
)
from monitor.config.values import (
    DatabaseUrl,
    DigestText,
    Duration,
    FeedUrl,
    PartyName,
    Pattern,
    Phrase,
    PlaceName,
    QuietText,
    ThrottleText,
)
from storage.types import Change, FeedSpec

# ---------------------------------------------------------------- what a person may leave out


def _listed(value: Any) -> Any:
    """Take a single text for a list of one: `kinds: visit`."""
    return [value] if isinstance(value, str) else value


def _feed(value: Any) -> Any:
    """Take a plain text for a feed's address."""
    return {"url": value} if isinstance(value, str) else value


def _parties(value: Any) -> Any:
    """Take a text or a list for parties of which one must be there: `actors: [RUS, UKR]`."""
    return {"any": value} if isinstance(value, str | list) else value


def _steps(value: Any) -> Any:
    """Take one step for a list of one: `escalate: {after: 30m, to: boss}`."""
    return [value] if isinstance(value, dict) else value


Listed = BeforeValidator(_listed)
Codes = Annotated[tuple[PartyName, ...], Listed, Field(min_length=1)]
Members = Mapping[str, tuple[str, ...]]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed as the file names it."""

    url: FeedUrl
    title: str = ""
    publisher: str = ""
    interval: Duration | None = None

    def spec(self) -> FeedSpec:
        """Return the feed as the rest of the program knows it."""
        return FeedSpec(self.url, self.title, self.publisher, self.interval)


# ---------------------------------------------------------------- alerts


def _two_groups(groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    if len(groups) != 2:
        raise ValueError("wants two groups, such as [[RUS, BLR], [UKR]]")
    return groups


@dataclass(frozen=True, slots=True)
class PartiesEntry:
    """Who must be in the event."""

    any: Codes | None = None
    all: Codes | None = None
    between: Annotated[tuple[Codes, ...], AfterValidator(_two_groups)] | None = None

    def parties(self, groups: Members) -> Parties:
        """Return the parties as rules know them, each name of a group with its members."""
        return Parties(
            any=_groups(self.any, groups),
            all=_groups(self.all, groups),
            between=tuple(_groups(side, groups) for side in self.between or ()),
        )


def _groups(names: tuple[str, ...] | None, groups: Members) -> PartyGroups:
    return tuple(group_of(name, groups) for name in dict.fromkeys(names or ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsEntry:
    """The clauses of a rule, and of its `not`."""

    types: Annotated[tuple[EventType, ...], Listed] = ()
    kinds: Annotated[tuple[Kind, ...], Listed] = ()
    status: Annotated[tuple[Status, ...], Listed] = ()
    change: Annotated[tuple[Change, ...], Listed] = ()
    actors: Annotated[PartiesEntry, BeforeValidator(_parties)] = PartiesEntry()
    place: Annotated[tuple[PlaceName, ...], Listed] = ()
    within: Duration | None = None
    min_publishers: Annotated[int, Field(ge=1)] = 1
    min_confidence: Share | None = None
    text: Annotated[tuple[Pattern, ...], Listed] = ()

    def conditions(self, groups: Members) -> Conditions:
        """Return the clauses as rules know them."""
        return Conditions(
            types=frozenset(self.types),
            kinds=frozenset(self.kinds),
            statuses=frozenset(self.status),
            changes=frozenset(self.change),
            actors=self.actors.parties(groups),
            places=self.place,
            within=self.within,
            min_publishers=self.min_publishers,
            min_confidence=self.min_confidence,
            texts=self.text,
        )


def _says_something(entry: ConditionsEntry) -> ConditionsEntry:
    if entry.conditions({}) == Conditions():
        raise ValueError("wants at least one condition; without any it would silence the whole rule")
    return entry


Exception_ = Annotated[ConditionsEntry, AfterValidator(_says_something)]


@dataclass(frozen=True, slots=True)
class EscalationEntry:
    """Whom else a message goes to when nobody acknowledged it in time."""

    after: Duration
    to: Annotated[tuple[str, ...], Listed, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry(ConditionsEntry):
    """An alert rule as the file words it."""

    name: Phrase
    channels: Annotated[tuple[str, ...], Listed, Field(min_length=1)]
    unless: Annotated[Exception_ | None, Field(alias="not")] = None
    severity: Severity = Severity.NORMAL
    template: str = ""
    corroborated: Annotated[int, Field(ge=1)] = 1
    group_by: GroupBy = GroupBy.STORY
    group_wait: Duration | None = None
    digest: DigestText | None = None
    quiet_hours: QuietText | None = None
    throttle: ThrottleText | None = None
    repeat: Duration | None = None
    escalate: Annotated[tuple[EscalationEntry, ...], BeforeValidator(_steps)] = ()
    feeds: Annotated[tuple[FeedTrouble, ...], Listed] = ()

    def rule(self, groups: Members, template: str) -> AlertRule:
        """Return the rule as it is applied; `template` is the text of the file that it names."""
        return AlertRule(
            name=self.name,
            channels=tuple(dict.fromkeys(self.channels)),
            when=self.conditions(groups),
            unless=self.unless.conditions(groups) if self.unless else None,
            severity=self.severity,
            template=template,
            timing=self.timing(),
            feeds=frozenset(self.feeds),
        )

    def timing(self) -> Timing:
        """Return when the rule's messages leave."""
        return Timing(
            corroborated=self.corroborated,
            group_by=self.group_by,
            group_wait=self.group_wait,
            digest=self.digest,
            quiet_hours=self.quiet_hours,
            throttle=self.throttle,
            repeat=self.repeat,
            escalate=tuple(Escalation(step.after, tuple(dict.fromkeys(step.to))) for step in self.escalate),
        )


def _has_one_subject(entry: RuleEntry) -> RuleEntry:
    if entry.feeds and (entry.unless or entry.conditions({}) != Conditions() or entry.timing() != Timing()):
        raise ValueError("is about feeds, whose trouble is told at once: no condition on events and no time beside it")
    return entry


@dataclass(frozen=True, slots=True)
class AlertsEntry:
    """The section `alerts:`. The first three are the limits of monitor.alerts.select."""

    min_confidence: Share = Limits().min_confidence
    max_age: Duration = Limits().max_age
    give_up_after: Duration = Limits().give_up_after
    channels: Mapping[str, Annotated[tuple[Secret, ...], BeforeValidator(channel_urls)]] = field(default_factory=dict)
    operators: Annotated[tuple[str, ...], Listed] = ()
    groups: Mapping[str, Codes] = field(default_factory=dict)
    rules: tuple[Annotated[RuleEntry, AfterValidator(_has_one_subject)], ...] = ()

    def alerts(self, groups: Members, templates: Mapping[str, str]) -> AlertsConfig:
        """Return the section as the rest of the program knows it; `templates` are the texts of the files it names."""
        limits = Limits(self.min_confidence, self.max_age, self.give_up_after)
        named = {name: _destinations(name, len(urls)) for name, urls in self.channels.items()}
        channels = {
            one: url for name, urls in self.channels.items() for one, url in zip(named[name], urls, strict=True)
        }
        rules = (entry.rule(groups, templates.get(entry.template, "")) for entry in self.rules)
        addressed = tuple(_addressed(rule, named) for rule in rules)
        return AlertsConfig(limits, channels, addressed, _each(self.operators, named), self.groups)


def _destinations(name: str, number: int) -> tuple[str, ...]:
    """Return what the destinations of a channel are called: each has its own line in the outbox."""
    return (name,) if number == 1 else tuple(f"{name}/{count}" for count in range(1, number + 1))


def _each(channels: Iterable[str], named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for channel in channels for one in named.get(channel, ())))


def _addressed(rule: AlertRule, named: Mapping[str, tuple[str, ...]]) -> AlertRule:
    """Return a rule with the destinations of its channels in their place."""
    steps = tuple(replace(step, to=_each(step.to, named)) for step in rule.timing.escalate)
    return replace(rule, channels=_each(rule.channels, named), timing=replace(rule.timing, escalate=steps))


# ---------------------------------------------------------------- the whole file


@with_config(ConfigDict(extra="forbid"))  # holds for all types inside, which are plain dataclasses
@dataclass(frozen=True, slots=True)
class ConfigFile:
    """All that the file may say."""

    database: DatabaseUrl = DATABASE
    poller: PollerConfig = field(default_factory=PollerConfig)
    websub: WebSubConfig = field(default_factory=WebSubConfig)
    articles: ArticlesConfig = field(default_factory=ArticlesConfig)
    extractors: ExtractorsConfig = field(default_factory=ExtractorsConfig)
    feeds: tuple[Annotated[FeedEntry, BeforeValidator(_feed)], ...] = ()
    alerts: AlertsEntry = AlertsEntry()
    reports: Mapping[str, Path] = field(default_factory=dict)
    logging: LoggingConfig = field(default_factory=LoggingConfig)


CONFIG_FILE = TypeAdapter(ConfigFile)
