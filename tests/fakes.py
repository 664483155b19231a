"""What stands in for the outside world in tests: a channel that remembers, feeds written on the spot, a told week."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from monitor.alerts.rules import AlertRule
from monitor.alerts.secret import Secret
from monitor.app import Outside, open_monitor
from monitor.clock import SetClock
from monitor.config import AlertsConfig, ArticlesConfig, Config, PollerConfig
from monitor.errors import DeliveryError
from monitor.pipeline import Monitor, once
from monitor.poller.recorded import RecordedTransport
from monitor.polling import prepare
from storage.store import Store
from storage.types import Delivery, FeedSpec
from tests.builders import NOW


@dataclass(slots=True)
class RecordingChannel:
    """Remembers what was sent; refuses while `failing` is set."""

    sent: list[Delivery] = field(default_factory=list)
    failing: DeliveryError | None = None

    def send(self, delivery: Delivery) -> None:
        """Take or refuse a message."""
        if self.failing:
            raise self.failing
        self.sent.append(delivery)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed as a test writes it."""

    guid: str
    title: str
    text: str
    published_at: datetime = NOW


def rss(*entries: Entry) -> bytes:
    """Return an RSS document with these entries."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(one.guid)}</guid><link>https://news.example/{escape(one.guid)}</link>"
        f"<title>{escape(one.title)}</title><description>{escape(one.text)}</description>"
        f"<pubDate>{one.published_at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for one in entries
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


@dataclass(slots=True)
class World:
    """A web of feeds, a clock and a monitor that watches them."""

    monitor: Monitor
    clock: SetClock
    documents: dict[str, bytes]
    channel: RecordingChannel

    def publish(self, publisher: str, *entries: Entry) -> None:
        """Put a document at a publisher's feed."""
        self.documents[feed_url(publisher)] = rss(*entries)

    def pass_by(self, at: datetime) -> None:
        """Let the monitor do one pass of all that is due at an instant."""
        self.clock.at = at
        once(self.monitor)


def feed_url(publisher: str) -> str:
    """Return the address of a publisher's feed."""
    return f"https://{publisher}.example/feed.xml"


@contextmanager
def a_world(
    store: Store, publishers: Sequence[str], rules: tuple[AlertRule, ...], *, read_articles: bool = False
) -> Iterator[World]:
    """Give a world in which these publishers are polled and these rules ask; all messages go to one channel."""
    config = Config(
        path=Path("config.yaml"),
        poller=PollerConfig(interval=timedelta(minutes=10), min_gap=timedelta()),
        articles=ArticlesConfig(read=read_articles),
        feeds=tuple(FeedSpec(feed_url(name), publisher=name) for name in publishers),
        alerts=AlertsConfig(channels={"desk": Secret("console:")}, rules=rules),
    )
    clock, channel = SetClock(NOW), RecordingChannel()
    documents: dict[str, bytes] = {}
    outside = Outside(now=clock, transport=RecordedTransport(documents.get), channels={"desk": channel})
    prepare(config, store, clock)
    with open_monitor(config, store, outside=outside) as monitor:
        yield World(monitor, clock, documents, channel)
