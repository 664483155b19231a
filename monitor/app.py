"""The only place where things are joined: a configuration in, a working monitor out."""

import functools
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from extractors.chain import ChainSettings
from monitor.alerting import alerting, put_in_force
from monitor.alerts.channels import Answer, Channel, open_channels
from monitor.clock import Clock, wall_clock
from monitor.config import Config
from monitor.delivery import SENDERS, Sending
from monitor.engine import InlineExecutor, Lanes, process_pool
from monitor.pipeline import SETTLED_TOGETHER, Monitor, Observed
from monitor.poller.article import ArticleSettings, read_item
from monitor.poller.fetch import Fetcher
from monitor.poller.post import Poster
from monitor.poller.recorded import RecordedTransport
from monitor.polling import Polling, fetch_settings, open_polling
from monitor.tagging import Tagged, chain_of, start_worker, tag_here, tag_in_worker
from storage.store import Store
from storage.types import Item, ReadArticle

log = logging.getLogger(__name__)


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
        polling = opened.enter_context(open_polling(config, now=outside.now, transport=outside.transport))
        workers, tag, version = _tagging(config, opened)
        stopping = threading.Event()
        sending = _sending(config, store, outside, polling, opened, stopping)
        put_in_force(store, alerting(config.alerts.rules, config.alerts.limits), outside.now())
        yield Monitor(
            store=store,
            now=outside.now,
            loop=polling.loop,
            workers=workers,
            poll_feed=lambda feed: polling.poll(feed, polling.fetcher),
            poll_with=polling.poll,
            read_item=_reader(config, polling.fetcher, outside.now),
            tag_item=tag,
            chain_version=version,
            rules=config.alerts.rules,
            limits=config.alerts.limits,
            sending=sending,
            observe=observe or log_observed,
            instance=sending.instance,
            stopping=stopping,
            parallel=config.poller.parallel,
            tagging=_window(config.extractors.workers),
        )


def _tagging(config: Config, opened: ExitStack) -> tuple[Executor, Callable[[Item], Tagged], str]:
    settings = ChainSettings(model=config.extractors.model)
    chain = chain_of(settings)  # with workers too: a model that is not there fails here, and the version is known
    if config.extractors.workers == 0:
        return InlineExecutor(), functools.partial(tag_here, settings), chain.version
    pool = opened.enter_context(process_pool(config.extractors.workers, start_worker, settings))
    return pool, tag_in_worker, chain.version


def _window(workers: int) -> int:
    """Return how many items are in the chain at once: without workers they are read one by one, and settled then."""
    return max(64, 4 * workers) if workers else SETTLED_TOGETHER


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


def _sending(
    config: Config, store: Store, outside: Outside, polling: Polling, opened: ExitStack, stopping: threading.Event
) -> Sending:
    lanes = Lanes(SENDERS)
    opened.callback(lanes.shutdown)
    return Sending(
        store=store,
        now=outside.now,
        channels=_channels(config, outside.now, polling, opened) if outside.channels is None else outside.channels,
        lanes=lanes,
        stopping=stopping,
        give_up_after=config.alerts.limits.give_up_after,
        instance=store.instance_id(),
        operators=config.alerts.operators,
    )


def _channels(config: Config, now: Clock, polling: Polling, opened: ExitStack) -> Mapping[str, Channel]:
    poster = Poster(fetch_settings(config), now=now)
    opened.callback(lambda: polling.loop.run(poster.aclose()))
    return open_channels(
        config.alerts.channels,
        folder=config.path.parent,
        post=lambda url, headers, body: Answer(*polling.loop.run(poster.post(url, headers, body))),
        now=now,
    )


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
