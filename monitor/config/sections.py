"""What config.yaml says, as frozen values: one type per section, each default beside its field.

Lengths of time are written `30m` and sizes `10MB`; the annotations say how a text becomes the value and what is
allowed. Reading the file is monitor.config.load's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from monitor.alerts.rules import AlertRule
from monitor.alerts.secret import Secret
from monitor.alerts.select import Limits
from monitor.config.values import Duration, Listen, Network, Pause, PublicUrl, Size
from storage.types import FeedSpec


@dataclass(frozen=True, slots=True)
class PollerConfig:
    """How feeds and articles are fetched.

    `interval` is how long a feed is left alone at first; from then on that adapts to how often it brings something
    new, between `min_interval` and `max_interval`. `deadline` is for a whole answer, redirects included; `min_gap` lies
    between two requests to one host, or the crawl-delay of its `robots` file where that is longer; `parallel` requests
    are under way at once; `tick` is how often the daemon looks for feeds that are due. `contact` is put into the
    User-Agent, so that a publisher can ask.
    """

    interval: Duration = timedelta(minutes=30)
    min_interval: Duration = timedelta(minutes=5)
    max_interval: Duration = timedelta(days=1)
    user_agent: str = "demarche"
    contact: str = ""
    deadline: Duration = timedelta(seconds=30)
    max_body: Size = 10_000_000
    min_gap: Pause = timedelta(seconds=1)
    robots: bool = True
    parallel: Annotated[int, Field(ge=1, le=1000)] = 64
    allow_networks: tuple[Network, ...] = ()
    tick: Duration = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class WebSubConfig:
    """News that hubs push for the feeds that name one (W3C WebSub); off without a `public_url`.

    `public_url` is the address under which hubs reach `listen`, where the daemon waits for them. It asks hubs to push
    for as long as `lease`, and polls each feed every `poll_interval` meanwhile.
    """

    public_url: PublicUrl = ""
    listen: Listen = "127.0.0.1:8021"
    lease: Duration = timedelta(days=10)
    poll_interval: Duration = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class ArticlesConfig:
    """Whether the article behind an item is read, or what came with the feed is used alone.

    A text of `min_chars` characters that came with the feed is taken for the article (monitor.poller.article).
    """

    read: bool = True
    min_chars: Annotated[int, Field(ge=0)] = 600
    tick: Duration = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ExtractorsConfig:
    """The chain: which spaCy model (empty: the built-in rules alone), in how many processes (0: the daemon's own)."""

    model: str = ""
    workers: Annotated[int, Field(ge=0, le=256)] = 0


@dataclass(frozen=True, slots=True)
class AlertsConfig:
    """What is told, to whom. Channels have a name and a URL, which stays secret.

    `operators` are the channels that hear when another one has been failing; all others where none is named. `groups`
    are those that the file names, with the codes and groups in them.
    """

    limits: Limits = field(default_factory=Limits)
    channels: Mapping[str, Secret] = field(default_factory=dict)
    rules: tuple[AlertRule, ...] = ()
    operators: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggingConfig:
    """How much the daemon says, and whether for people or for programs."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


DATABASE = "sqlite:///demarche.db"


@dataclass(frozen=True, slots=True)
class Config:
    """All of config.yaml; without any argument, what holds without a file.

    Paths are absolute or relative to the working directory, no longer to the file. `database` is a URL that may hold
    a password, so it stays out of the representation.
    """

    path: Path = Path("config.yaml")
    database: str = field(default=DATABASE, repr=False)
    poller: PollerConfig = field(default_factory=PollerConfig)
    websub: WebSubConfig = field(default_factory=WebSubConfig)
    articles: ArticlesConfig = field(default_factory=ArticlesConfig)
    extractors: ExtractorsConfig = field(default_factory=ExtractorsConfig)
    feeds: tuple[FeedSpec, ...] = ()
    alerts: AlertsConfig = field(default_factory=AlertsConfig)
    reports: Mapping[str, Path] = field(default_factory=dict)
    logging: LoggingConfig = field(default_factory=LoggingConfig)

    def with_database(self, url: str) -> "Config":
        """Return the same configuration with another database; a relative SQLite file is taken as it is."""
        return replace(self, database=url)
