"""The only place where things are joined: a configuration in, a working monitor out."""

import functools
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from extractors.chain import ChainSettings, build_chain
from monitor.alerts.channels import Channel, open_channels
from monitor.clock import Clock, wall_clock
from monitor.config import Config
from monitor.engine import InlineExecutor, LoopExecutor, process_pool
from monitor.pipeline import Monitor, Observed
from monitor.poller.article import ArticleSettings, read_item
from monitor.poller.fetch import Fetcher, FetchSettings
from monitor.poller.poll import PollSettings, poll_feed
from monitor.poller.recorded import RecordedTransport
from monitor.tagging import Tagged, start_worker, tag_in_worker, tag_item
from storage.store import Store
from storage.types import Item, ReadArticle

log = logging.getLogger(__name__)

SENDERS = 8  # messages under way at once; each waits for its service


@dataclass(frozen=True, slots=True)
class Outside:
    """What a monitor meets outside; the daemon leaves all as it is, replays and tests put their own in place.

    `transport` None is the network, `channels` None those of the configuration.
    """

    now: Clock = wall_clock
    transport: RecordedTransport | None = None
    channels: Mapping[str, Channel] | None = None


@contextmanager
def open_monitor(
    config: Config,
    store: Store,
    *,
    outside: Outside = Outside(),
    observe: Callable[[Observed], None] | None = None,
) -> Iterator[Monitor]:
    """Give a monitor over a store of the current schema; closes all that it opened afterwards, the store apart.

    Raises ChainError when the configured model is not there, DeliveryError for a channel that cannot be opened.
    """
    with ExitStack() as opened:
        loop = LoopExecutor("web")
        opened.callback(loop.shutdown)
        fetcher = Fetcher(fetch_settings(config), now=outside.now, transport=outside.transport)
        opened.callback(lambda: loop.run(fetcher.aclose()))
        threads = opened.enter_context(ThreadPoolExecutor(SENDERS, "send"))
        workers, tag, version = _tagging(config, opened)
        yield Monitor(
            store=store,
            now=outside.now,
            loop=loop,
            workers=workers,
            threads=threads,
            poll_feed=functools.partial(poll_feed, fetcher=fetcher, now=outside.now, settings=PollSettings()),
            read_item=_reader(config, fetcher, outside.now),
            tag_item=tag,
            chain_version=version,
            rules=config.alerts.rules,
            limits=config.alerts.limits,
            channels=_channels(config) if outside.channels is None else outside.channels,
            observe=observe or log_observed,
            instance=store.instance_id(),
            stopping=threading.Event(),
            parallel=config.poller.parallel,
        )


def fetch_settings(config: Config) -> FetchSettings:
    """Return how feeds and articles are fetched under a configuration."""
    poller = config.poller
    return FetchSettings(
        user_agent=f"{poller.user_agent} ({poller.contact})" if poller.contact else poller.user_agent,
        deadline_seconds=poller.deadline.total_seconds(),
        max_body_bytes=poller.max_body,
        min_gap_seconds=poller.min_gap.total_seconds(),
        allow_networks=tuple(str(network) for network in poller.allow_networks),
    )


def prepare(config: Config, store: Store, now: Clock) -> None:
    """Make a new database where there is none, and bring its feeds in line with the configuration.

    Raises SchemaMismatch for a database of another version: to migrate one is the operator's decision.
    """
    if store.revision() is None:
        store.upgrade()
    store.require_current()
    synced = store.sync_feeds(config.feeds, now(), config.poller.interval)
    log.info("feeds: %d added, %d resumed, %d paused", synced.added, synced.resumed, synced.paused)


def _tagging(config: Config, opened: ExitStack) -> tuple[Executor, Callable[[Item], Tagged], str]:
    settings = ChainSettings(model=config.extractors.model)
    chain = build_chain(settings)  # with workers too: a model that is not there fails here, and the version is known
    if config.extractors.workers == 0:
        return InlineExecutor(), functools.partial(tag_item, chain), chain.version
    pool = opened.enter_context(process_pool(config.extractors.workers, start_worker, settings))
    return pool, tag_in_worker, chain.version


def _reader(config: Config, fetcher: Fetcher, now: Clock) -> Callable[[Item], Coroutine[Any, Any, ReadArticle]]:
    if not config.articles.read:
        return _carried_text
    settings = ArticleSettings(min_chars=config.articles.min_chars)
    return functools.partial(read_item, fetcher=fetcher, now=now, settings=settings)


async def _carried_text(item: Item) -> ReadArticle:
    """Take what came with the feed for the article; nothing is fetched."""
    if item.text:
        return ReadArticle(item.id, text=item.text)
    return ReadArticle(item.id, failure="not-fetched: articles.read is false")


def _channels(config: Config) -> Mapping[str, Channel]:
    return open_channels(config.alerts.channels, folder=config.path.parent, allow_networks=config.poller.allow_networks)


def log_observed(observed: Observed) -> None:
    """Write one line about a report that was settled: what it was about, what was decided and why."""
    event = observed.settled.event
    changes = ", ".join(one.change.value for one in observed.settled.developments) or "repetition"
    log.info(
        "event %d (%s %s): %s by item %d of %s; %d messages; %s",
        event.id,
        event.kind.value,
        "+".join(sorted(event.parties)),
        changes,
        observed.item.id,
        observed.item.publisher,
        len(observed.selection.deliveries),
        observed.decision.reason,
    )
