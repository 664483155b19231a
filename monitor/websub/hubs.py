"""What is due with hubs: they are asked to push, to go on and to stop, and what they pushed is read."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from monitor.engine import completed
from monitor.errors import FetchError
from monitor.pipeline import LEASE, Monitor
from monitor.poller.types import Fetched
from monitor.poller.urls import redacted
from monitor.websub.settings import WebSubSettings
from storage.types import PolledFeed, PollOutcome, Push, Subscription, SubscriptionState

log = logging.getLogger(__name__)

Post = Callable[[str, Mapping[str, str], bytes], Awaitable[tuple[int, datetime | None]]]

BATCH = 100
PARALLEL = 8
# Documents that were pushed are up to 10 MB each, so few are in memory at a time.
PUSHES = 8
# A hub verifies within seconds, and may take hours: it is asked again after this, and then ever more rarely.
VERIFIED_WITHIN = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=1)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a hub took a request: an empty `error` means that it will verify; it names a time to come back or None."""

    error: str = ""
    retry_at: datetime | None = None


def ask_hubs(m: Monitor, post: Post, settings: WebSubSettings) -> Counter[str]:
    """Ask hubs for what is due; returns how many took it and how many failed."""
    ends: Counter[str] = Counter()
    due = m.store.due_subscriptions(m.now(), BATCH, LEASE, settings.callback)
    for one, asked in completed(m.loop, lambda one: ask(one, post, settings.lease), due, window=PARALLEL):
        if isinstance(asked, Exception):
            raise asked
        m.store.record_asked(one, m.now(), next_try_at(one, asked, m.now()), asked.error)
        ends["failed" if asked.error else "asked"] += 1
        _log_asked(one, asked)
    return ends


async def ask(one: Subscription, post: Post, lease: timedelta) -> Asked:
    """Return how the hub of a subscription took our request (section 5.1); one that cannot be asked is a value."""
    try:
        status, retry_at = await post(one.hub.url, FORM, form(one, lease))
    except FetchError as error:
        return Asked(f"the hub cannot be asked: {error.reason}", error.retry_at)
    if status // 100 == 2:
        return Asked()
    return Asked(f"the hub answers {status} {_phrase(status)}", retry_at)


def form(one: Subscription, lease: timedelta) -> bytes:
    """Return the request's body. The secret is sent to hubs without TLS too: a push that nobody signs is not taken."""
    fields = {
        "hub.mode": "unsubscribe" if one.state is SubscriptionState.ENDING else "subscribe",
        "hub.topic": one.hub.topic,
        "hub.callback": one.callback_url,
    }
    if one.state is not SubscriptionState.ENDING:
        fields |= {"hub.lease_seconds": str(round(lease.total_seconds())), "hub.secret": one.secret}
    return urlencode(fields).encode()


def next_try_at(one: Subscription, asked: Asked, now: datetime) -> datetime:
    """Return when to ask a hub again that does not verify: after twice as long each time, a day at most."""
    pause = min(VERIFIED_WITHIN * (1 << min(one.failures, 10)), LONGEST_PAUSE)
    return min(max(now + pause, asked.retry_at or now), now + LONGEST_PAUSE)


def read_pushes(m: Monitor) -> Counter[str]:
    """Read every document that was pushed; returns how many ended how, and how many items they brought."""
    ends: Counter[str] = Counter()
    while not m.stopping.is_set() and (due := m.store.due_pushes(m.now(), PUSHES, LEASE)):
        for push, polled in completed(m.loop, lambda push: _read(m, push), due, window=PUSHES):
            if isinstance(polled, Exception):
                raise polled
            record = m.store.record_push(push, polled, m.now())
            ends.update({polled.outcome.value: 1, "new": record.new, "revised": record.revised})
            _log_push(push, polled, new=record.new, revised=record.revised)
    return ends


async def _read(m: Monitor, push: Push) -> PolledFeed:
    return await m.poll_with(push.feed, Pushed(push))


class Pushed:
    """A fetcher that has one document, which is there already."""

    def __init__(self, push: Push) -> None:
        self._push = push

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what was pushed, as if the feed's server had just sent it."""
        headers = {"content-type": self._push.content_type} if self._push.content_type else {}
        return Fetched(url, HTTPStatus.OK, headers, self._push.body)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _log_asked(one: Subscription, asked: Asked) -> None:
    what = "to stop" if one.state is SubscriptionState.ENDING else "to push"
    feed, hub = redacted(one.feed_url), redacted(one.hub.url)
    if asked.error:
        log.warning("feed %s: hub %s was asked %s: %s; polls go on as usual", feed, hub, what, asked.error)
    else:
        log.info("feed %s: hub %s was asked %s", feed, hub, what)


def _log_push(push: Push, polled: PolledFeed, *, new: int, revised: int) -> None:
    feed = redacted(push.feed.url)
    if polled.outcome is PollOutcome.FAILED:
        log.warning("feed %s: what was pushed cannot be read: %s; it is polled now", feed, polled.failure)
    else:
        log.info("feed %s: pushed, %d new, %d revised", feed, new, revised)
