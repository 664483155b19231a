"""What config.yaml may say, for pydantic: the sections of monitor.config.sections, and where a person writes more
freely than the program wants it, a type of the file's own (`…Entry`) that becomes one of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, with_config

from extractors.ontology import EventType, Kind, Status
from monitor.alerts.rules import AlertRule, Conditions, Parties, Severity
from monitor.alerts.select import Limits
from monitor.config.sections import (
    DATABASE,
    AlertsConfig,
    ArticlesConfig,
    ExtractorsConfig,
    LoggingConfig,
    PollerConfig,
)
from monitor.config.values import ChannelUrl, Code, DatabaseUrl, Duration, FeedUrl, Phrase, PlaceName
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


Listed = BeforeValidator(_listed)
Codes = Annotated[tuple[Code, ...], Listed, Field(min_length=1)]
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

    def parties(self) -> Parties:
        """Return the parties as rules know them."""
        groups = tuple(frozenset(group) for group in self.between or ())
        return Parties(any=frozenset(self.any or ()), all=frozenset(self.all or ()), between=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsEntry:
    """The clauses of a rule, and of its `not`."""

    types: Annotated[tuple[EventType, ...], Listed] = ()
    kinds: Annotated[tuple[Kind, ...], Listed] = ()
    status: Annotated[tuple[Status, ...], Listed] = ()
    change: Annotated[tuple[Change, ...], Listed] = ()
    actors: Annotated[PartiesEntry, BeforeValidator(_parties)] = PartiesEntry()
    place: Annotated[tuple[PlaceName, ...], Listed] = ()
    min_publishers: Annotated[int, Field(ge=1)] = 1
    min_confidence: Share | None = None
    text: Annotated[tuple[Phrase, ...], Listed] = ()

    def conditions(self) -> Conditions:
        """Return the clauses as rules know them."""
        return Conditions(
            types=frozenset(self.types),
            kinds=frozenset(self.kinds),
            statuses=frozenset(self.status),
            changes=frozenset(self.change),
            actors=self.actors.parties(),
            places=self.place,
            min_publishers=self.min_publishers,
            min_confidence=self.min_confidence,
            texts=self.text,
        )


def _says_something(entry: ConditionsEntry) -> ConditionsEntry:
    if entry.conditions() == Conditions():
        raise ValueError("wants at least one condition; without any it would silence the whole rule")
    return entry


Exception_ = Annotated[ConditionsEntry, AfterValidator(_says_something)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry(ConditionsEntry):
    """An alert rule as the file words it."""

    name: Phrase
    channels: Annotated[tuple[str, ...], Listed, Field(min_length=1)]
    unless: Annotated[Exception_ | None, Field(alias="not")] = None
    severity: Severity = Severity.NORMAL

    def rule(self) -> AlertRule:
        """Return the rule as it is applied."""
        return AlertRule(
            name=self.name,
            channels=tuple(dict.fromkeys(self.channels)),
            when=self.conditions(),
            unless=self.unless.conditions() if self.unless else None,
            severity=self.severity,
        )


@dataclass(frozen=True, slots=True)
class AlertsEntry:
    """The section `alerts:`. The first three are the limits of monitor.alerts.select."""

    min_confidence: Share = Limits().min_confidence
    max_age: Duration = Limits().max_age
    give_up_after: Duration = Limits().give_up_after
    channels: Mapping[str, ChannelUrl] = field(default_factory=dict)
    rules: tuple[RuleEntry, ...] = ()

    def alerts(self) -> AlertsConfig:
        """Return the section as the rest of the program knows it."""
        limits = Limits(self.min_confidence, self.max_age, self.give_up_after)
        return AlertsConfig(limits, dict(self.channels), tuple(entry.rule() for entry in self.rules))


# ---------------------------------------------------------------- the whole file


@with_config(ConfigDict(extra="forbid"))  # holds for all types inside, which are plain dataclasses
@dataclass(frozen=True, slots=True)
class ConfigFile:
    """All that the file may say."""

    database: DatabaseUrl = DATABASE
    poller: PollerConfig = field(default_factory=PollerConfig)
    articles: ArticlesConfig = field(default_factory=ArticlesConfig)
    extractors: ExtractorsConfig = field(default_factory=ExtractorsConfig)
    feeds: tuple[Annotated[FeedEntry, BeforeValidator(_feed)], ...] = ()
    alerts: AlertsEntry = AlertsEntry()
    reports: Mapping[str, Path] = field(default_factory=dict)
    logging: LoggingConfig = field(default_factory=LoggingConfig)


CONFIG_FILE = TypeAdapter(ConfigFile)
