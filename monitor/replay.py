"""Recorded feeds told again in time order through the very same pipeline, the clock set to each snapshot's instant."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor.alerts.channels import Channel
from monitor.app import Outside, open_monitor
from monitor.clock import SetClock
from monitor.config import Config
from monitor.errors import RecordingError
from monitor.pipeline import Monitor, Observed, once
from monitor.poller.recorded import RecordedTransport
from monitor.recording import Snapshot, is_recorded
from storage.errors import NotFound
from storage.store import Store
from storage.types import Delivery, FeedSpec

# A recorded feed is polled when its next snapshot's instant has come, never by its own schedule.
REST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel that sends nothing: what a rule would have sent is in the database, the replay shows it."""

    def send(self, delivery: Delivery) -> None:
        """Take the message."""


@dataclass(slots=True)
class Recording:
    """The snapshots of a replay, and which of them each feed shows at the moment."""

    snapshots: Sequence[Snapshot]
    shown: dict[str, Snapshot] = field(default_factory=dict)

    def document(self, url: str) -> bytes | None:
        """Return the document that stands at an address at the moment."""
        snapshot = self.shown.get(url)
        return snapshot.path.read_bytes() if snapshot else None


def replay(
    config: Config,
    store: Store,
    snapshots: Sequence[Snapshot],
    *,
    send: bool = False,
    observe: Callable[[Observed], None] | None = None,
) -> Iterator[Counter[str]]:
    """Tell the snapshots in order and yield the counts of each pass of the main loop.

    Messages are made by the configuration's rules and kept; only with `send` do they leave for its channels. Raises
    RecordingError for a database in which feeds of the real web are monitored.
    """
    if not snapshots:
        return
    recording = Recording(snapshots)
    clock = SetClock(snapshots[0].at)
    if store.revision() is None:
        store.upgrade()
    store.require_current()
    _refuse_live(store)
    with _opened(config, store, recording, clock, send=send, observe=observe) as monitor:
        for snapshot in snapshots:
            clock.at = snapshot.at
            recording.shown[snapshot.url] = snapshot
            _make_due(store, snapshot)
            yield once(monitor)


@contextmanager
def _opened(
    config: Config,
    store: Store,
    recording: Recording,
    clock: SetClock,
    *,
    send: bool,
    observe: Callable[[Observed], None] | None,
) -> Iterator[Monitor]:
    # The recorded web has feeds and no articles, and no host that wants to be left alone.
    told = replace(
        config,
        articles=replace(config.articles, read=False),
        poller=replace(config.poller, min_gap=config.poller.min_gap * 0),
    )
    channels: Mapping[str, Channel] | None = None if send else dict.fromkeys(config.alerts.channels, Kept())
    outside = Outside(now=clock, transport=RecordedTransport(recording.document), channels=channels)
    with open_monitor(told, store, outside=outside, observe=observe) as monitor:
        yield monitor


def _refuse_live(store: Store) -> None:
    live = [feed.url for feed in store.feeds() if not is_recorded(feed.url)]
    if live:
        raise RecordingError(
            f"database {store.url} monitors {len(live)} feeds of the real web; a replay would mix the past into it. "
            "Give it a database of its own: --database sqlite:///replay.db"
        )


def _make_due(store: Store, snapshot: Snapshot) -> None:
    """Make the snapshot's feed due; a feed is added with its first snapshot, before which there is nothing to poll."""
    try:
        feed = store.feed(snapshot.url)
    except NotFound:
        feed = store.add_feed(FeedSpec(snapshot.url, title=snapshot.feed, publisher=snapshot.feed), snapshot.at, REST)
    store.make_due(feed.id, snapshot.at)
