"""How a configuration polls: its fetcher on a loop of its own, its feeds in the database.

Apart from monitor.app, so that commands about feeds start without the extractor chain.
"""

import functools
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from monitor.clock import Clock
from monitor.config import Config
from monitor.engine import LoopExecutor
from monitor.poller.cadence import CadenceSettings
from monitor.poller.fetch import Fetcher, FetchSettings
from monitor.poller.parsing import ParseSettings, ParseWorkers
from monitor.poller.poll import Fetches, InThreads, PollSettings, poll_feed
from monitor.poller.recorded import RecordedTransport
from storage.store import Store
from storage.types import Feed, PolledFeed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Polling:
    """What polls: the loop that it runs on, the fetcher, and one poll of one feed with that or another fetcher."""

    loop: LoopExecutor
    fetcher: Fetcher
    poll: Callable[[Feed, Fetches], Coroutine[Any, Any, PolledFeed]]


@contextmanager
def open_polling(config: Config, *, now: Clock, transport: RecordedTransport | None = None) -> Iterator[Polling]:
    """Give what polls under a configuration; closes its connections afterwards. `transport` None is the network."""
    loop = LoopExecutor("web")
    fetcher = Fetcher(fetch_settings(config), now=now, transport=transport)
    # What was recorded is parsed in this process: it was read before, and a replay ends with its last document.
    parser = ParseWorkers(ParseSettings()) if transport is None else InThreads()
    try:
        settings = poll_settings(config)
        yield Polling(loop, fetcher, functools.partial(poll_feed, now=now, settings=settings, parser=parser))
    finally:
        loop.run(fetcher.aclose())
        loop.run(parser.aclose())
        loop.shutdown()


def fetch_settings(config: Config) -> FetchSettings:
    """Return how feeds and articles are fetched under a configuration."""
    poller = config.poller
    return FetchSettings(
        user_agent=f"{poller.user_agent} ({poller.contact})" if poller.contact else poller.user_agent,
        deadline_seconds=poller.deadline.total_seconds(),
        max_body_bytes=poller.max_body,
        min_gap_seconds=poller.min_gap.total_seconds(),
        parallel=poller.parallel,
        robots=poller.robots,
        allow_networks=tuple(str(network) for network in poller.allow_networks),
    )


def poll_settings(config: Config) -> PollSettings:
    """Return how feeds are scheduled under a configuration."""
    poller = config.poller
    return PollSettings(CadenceSettings(shortest=poller.min_interval, longest=poller.max_interval))


def prepare(config: Config, store: Store, now: Clock) -> None:
    """Make a new database where there is none, and bring its feeds in line with the configuration.

    Raises SchemaMismatch for a database of another version: to migrate one is the operator's decision.
    """
    if store.revision() is None:
        store.upgrade()
    store.require_current()
    synced = store.sync_feeds(config.feeds, now(), config.poller.interval)
    log.info("feeds: %d added, %d resumed, %d paused", synced.added, synced.resumed, synced.paused)
