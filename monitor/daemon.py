"""The daemon: a bell for polling, reading, tagging and each channel; three signals, an orderly stop.

SIGTERM and SIGINT stop it: work under way is finished and recorded, nothing new is begun. SIGHUP reads the
configuration again; one with faults is named in the log, and the old one stays in force.
"""

import functools
import logging
import queue
import signal
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import FrameType

from extractors.errors import ExtractionError
from monitor.app import Outside, open_monitor
from monitor.config import Config
from monitor.config.values import host_and_port
from monitor.delivery import deliver_to, deliver_to_strangers
from monitor.errors import ConfigError, MonitorError
from monitor.pipeline import READING, TAGGING, Monitor, Observed, delivering_to, poll, read, tag
from monitor.poller.urls import redacted
from monitor.polling import fetch_settings, prepare
from monitor.scheduler import Scheduler
from monitor.websub.opening import open_websub
from monitor.websub.settings import WebSubSettings
from storage.errors import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

# Tagging and sending ask the local database alone, so they can look often. What one job leaves for the next one rings
# its bell too; this is for what was held until now, and for a ring that found its job at the end of a run.
LOCAL_TICK_SECONDS = 1.0
# A pass lasts as long as its slowest feed: waiting for the host's turn, the answer and its parsing take 160 s at most.
# What falls due meanwhile is polled by the next ones, and a claim keeps each feed to one of them.
POLL_PASSES = 12


@dataclass(frozen=True, slots=True)
class Ticks:
    """How often each job looks for what is due, in seconds."""

    poll: float
    read: float
    tag: float = LOCAL_TICK_SECONDS
    deliver: float = LOCAL_TICK_SECONDS


class Daemon:
    """A monitor at work, from `start` to `stop`; `reload` puts another configuration in force."""

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        outside: Outside = Outside(),  # noqa: B008  frozen
        observe: Callable[[Observed], None] | None = None,
        ticks: Ticks | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._outside = outside
        self._observe = observe
        self._ticks = ticks
        self._running = ExitStack()

    def start(self) -> None:
        """Prepare the database, open the monitor and ring the bells.

        Raises SchemaMismatch, ChainError, DeliveryError, or Conflict when another daemon is at work on an SQLite file;
        nothing stays open then.
        """
        prepare(self._config, self._store, self._outside.now)
        with ExitStack() as opened:
            opened.enter_context(self._store.alone())
            monitor = opened.enter_context(
                open_monitor(self._config, self._store, outside=self._outside, observe=self._observe)
            )
            scheduler = Scheduler()
            monitor = replace(monitor, ring=scheduler.ring)
            self._schedule(scheduler, monitor)
            self._listen_to_hubs(monitor, scheduler, opened)
            scheduler.start()
            opened.callback(scheduler.stop)
            opened.callback(monitor.stopping.set)  # called first: what runs begins nothing new
            self._running = opened.pop_all()
        log.info(
            "started: %d feeds, %d alert rules, chain %s, database %s",
            len(self._config.feeds),
            len(self._config.alerts.rules),
            monitor.chain_version,
            self._store.url,
        )

    def _listen_to_hubs(self, monitor: Monitor, scheduler: Scheduler, opened: ExitStack) -> None:
        """Serve hubs where the configuration says how they reach us; what other addresses were told is forgotten."""
        config = self._config.websub
        settings = websub_settings(self._config) if config.public_url else None
        self._store.keep_subscriptions(settings.callback if settings else "", self._outside.now())
        if settings is None:
            return
        websub = opened.enter_context(open_websub(settings, fetch_settings(self._config), monitor))
        scheduler.every(self._config.poller.tick.total_seconds(), "hubs", websub.ask)
        scheduler.every(LOCAL_TICK_SECONDS, "pushes", websub.read)
        log.info("hubs reach us as %s, port %d", config.public_url, websub.port)

    def stop(self) -> None:
        """Begin nothing new, finish and record what is under way, close everything but the store."""
        self._running.close()

    def reload(self, config: Config) -> None:
        """Stop, and start with another configuration. What is due stays due meanwhile.

        The database stays the one that the daemon was started with.
        """
        self.stop()
        old, self._config = self._config, replace(config, database=self._config.database)
        try:
            self.start()
        except (MonitorError, ExtractionError, StorageError) as error:
            log.error("the new configuration cannot be put in force, the old one stays: %s", error)
            self._config = old
            self.start()
        else:
            self._store.resume_channels(changed_channels(old, config))
            log.info("configuration in force: %s", "; ".join(config_changes(old, config)) or "nothing has changed")

    def _schedule(self, scheduler: Scheduler, monitor: Monitor) -> None:
        ticks = self._ticks or Ticks(
            poll=self._config.poller.tick.total_seconds(), read=self._config.articles.tick.total_seconds()
        )
        scheduler.every(ticks.poll, "poll", lambda: poll(monitor), instances=POLL_PASSES)
        scheduler.every(ticks.read, READING, lambda: read(monitor))
        scheduler.every(ticks.tag, TAGGING, lambda: tag(monitor))
        for channel in monitor.sending.channels:
            scheduler.every(
                ticks.deliver, delivering_to(channel), functools.partial(deliver_to, monitor.sending, channel)
            )
        scheduler.every(ticks.deliver, "deliver the rest", lambda: deliver_to_strangers(monitor.sending))


def websub_settings(config: Config) -> WebSubSettings:
    """Return how hubs reach us under a configuration that says so."""
    host, port = host_and_port(config.websub.listen)
    return WebSubSettings(
        public_url=config.websub.public_url,
        host=host,
        port=port,
        lease=config.websub.lease,
        rest=config.websub.poll_interval,
        max_body_bytes=config.poller.max_body,
    )


def run_until_stopped(daemon: Daemon, load: Callable[[], Config]) -> None:
    """Run the daemon in the foreground until SIGTERM or SIGINT; `load` reads the configuration again on SIGHUP."""
    received: queue.SimpleQueue[int] = queue.SimpleQueue()

    def note(number: int, frame: FrameType | None) -> None:
        received.put(number)  # SimpleQueue may be put to from a signal handler, Queue may not

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, note)
    daemon.start()
    try:
        while received.get() == signal.SIGHUP:
            _reload(daemon, load)
        log.info("stopping: finishing what is under way")
    finally:
        daemon.stop()
    log.info("stopped")


def _reload(daemon: Daemon, load: Callable[[], Config]) -> None:
    try:
        config = load()
    except ConfigError as error:
        for fault in error.faults:
            log.error("configuration not reloaded: %s", fault)
        return
    daemon.reload(config)


def config_changes(old: Config, new: Config) -> tuple[str, ...]:
    """Return what differs between two configurations, a phrase each; channel addresses are never shown."""
    changes = [
        *_added_and_removed("feed", _shown_urls(old), _shown_urls(new)),
        *_added_and_removed("rule", [r.name for r in old.alerts.rules], [r.name for r in new.alerts.rules]),
        *_added_and_removed("channel", old.alerts.channels, new.alerts.channels),
    ]
    changes += [f"channel {name} changed" for name in changed_channels(old, new)]
    kept = {rule.name: rule for rule in old.alerts.rules}
    changes += [f"rule {r.name} changed" for r in new.alerts.rules if r.name in kept and kept[r.name] != r]
    sections = ("poller", "websub", "articles", "extractors", "reports", "logging")
    changes += [f"{name} changed" for name in sections if getattr(old, name) != getattr(new, name)]
    changes += ["limits of alerts changed"] if old.alerts.limits != new.alerts.limits else []
    changes += ["operators changed"] if old.alerts.operators != new.alerts.operators else []
    return tuple(changes)


def changed_channels(old: Config, new: Config) -> tuple[str, ...]:
    """Return the names of the channels that lead elsewhere, or by another password."""
    kept = old.alerts.channels
    return tuple(name for name, url in new.alerts.channels.items() if name in kept and kept[name] != url)


def _shown_urls(config: Config) -> list[str]:
    return [redacted(feed.url) for feed in config.feeds]


def _added_and_removed(noun: str, old: Collection[str], new: Collection[str]) -> list[str]:
    added = [f"{noun} {name} added" for name in new if name not in old]
    return added + [f"{noun} {name} removed" for name in old if name not in new]
