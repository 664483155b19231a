"""One poll of one feed: fetch, parse, and say what to write down. Expected failures are values."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.errors import FeedParseError, FetchError
from monitor.poller.cadence import CadenceSettings, Wishes, next_poll
from monitor.poller.entries import new_items
from monitor.poller.parse import parse_feed
from monitor.poller.types import Fetched, NotModified, ParsedFeed
from monitor.poller.urls import redacted
from storage.types import Feed, FeedState, PolledFeed, PollOutcome

GONE = "http-410"

# What an operator can do about a failure, by the first words of its reason; the first that fits is said.
ADVICE = (
    ("http-401", "the feed wants a login; put user and password into its URL, or remove it"),
    ("http-403", "the server refuses us; check poller.user_agent, or ask the publisher"),
    ("http-404", "there is no such page; look up the feed's present address"),
    (GONE, "the publisher has ended this feed; look for its successor, or remove it"),
    ("http-429", "we ask too often; raise the feed's interval"),
    ("http-4", "the server refuses the request; open the address in a browser"),
    ("http-", "a fault of the server; nothing to do unless it lasts"),
    ("host-paused", "another request to this host was answered so; nothing to do unless it lasts"),
    ("timeout", "the server is slow or unreachable; nothing to do unless it lasts"),
    ("dns", "the host has no address; check the feed's URL and this machine's name server"),
    ("connect", "no connection; nothing to do unless it lasts"),
    ("tls", "the server's certificate or TLS is faulty; nothing to do unless it lasts"),
    ("protocol", "the server breaks HTTP; nothing to do unless it lasts"),
    ("too-large", "raise poller.max_body if this feed is meant to be so large"),
    ("too-many-redirects", "open the address in a browser and use the one it ends at"),
    ("bad-redirect", "open the address in a browser and use the one it ends at"),
    ("bad-url", "correct the feed's URL; it has to begin with http:// or https://"),
    ("bad-encoding", "a fault of the server; nothing to do unless it lasts"),
    ("refused-address", "a private address; list its network in poller.allow_networks if that is intended"),
    ("html-page", "look on that page for the address of its feed"),
    ("", "open the address in a browser and check that it is a feed"),
)


class Fetches(Protocol):
    """What polling needs of a fetcher."""

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | NotModified:
        """Return the document, or NotModified; raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How polling goes. After `gone_after` answers of 410 (Gone) in a row a feed is no longer polled."""

    cadence: CadenceSettings = field(default_factory=CadenceSettings)
    gone_after: int = 3


async def poll_feed(feed: Feed, fetcher: Fetches, *, now: Callable[[], datetime], settings: PollSettings) -> PolledFeed:
    """Return what one poll gave; a failed one is an outcome, and no exception.

    The validators of the feed's last good document are kept when this one cannot be read, so that it is asked for
    again, and not passed over as known. `interval` stays the feed's own: what a publisher asks for puts off a single
    poll, and is asked anew each time.
    """
    try:
        answer = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    except FetchError as error:
        wishes = Wishes(retry_at=error.retry_at, permanent=error.permanent)
        return _failed(feed, error, wishes, now(), settings)
    if isinstance(answer, NotModified):
        return _unchanged(feed, PollOutcome.NOT_MODIFIED, answer.headers, now(), settings)
    body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
    if body_hash == feed.body_hash:
        return _unchanged(feed, PollOutcome.SAME_BODY, answer.headers, now(), settings)
    try:
        parsed = await asyncio.to_thread(parse_feed, answer.body, answer.headers, answer.url)
    except FeedParseError as error:
        return _failed(feed, error, Wishes(headers=answer.headers), now(), settings)
    return _read(feed, answer, parsed, body_hash, now(), settings)


def _read(
    feed: Feed, fetched: Fetched, parsed: ParsedFeed, body_hash: str, now: datetime, settings: PollSettings
) -> PolledFeed:
    wishes = Wishes(ttl=parsed.ttl, headers=fetched.headers)
    schedule = next_poll(PollOutcome.READ, feed, wishes, now, settings.cadence)
    return PolledFeed(
        feed_id=feed.id,
        polled_at=now,
        outcome=PollOutcome.READ,
        next_poll_at=schedule.next_poll_at,
        interval=feed.interval,
        etag=fetched.headers.get("etag"),
        last_modified=fetched.headers.get("last-modified"),
        body_hash=body_hash,
        title=parsed.title,
        items=new_items(parsed, now),
        skipped=parsed.skipped,
    )


def _unchanged(
    feed: Feed, outcome: PollOutcome, headers: Mapping[str, str], now: datetime, settings: PollSettings
) -> PolledFeed:
    schedule = next_poll(outcome, feed, Wishes(headers=headers), now, settings.cadence)
    return PolledFeed(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        next_poll_at=schedule.next_poll_at,
        interval=feed.interval,
        etag=headers.get("etag", feed.etag),
        last_modified=headers.get("last-modified", feed.last_modified),
        body_hash=feed.body_hash,
    )


def _failed(
    feed: Feed, error: FetchError | FeedParseError, wishes: Wishes, now: datetime, settings: PollSettings
) -> PolledFeed:
    schedule = next_poll(PollOutcome.FAILED, feed, wishes, now, settings.cadence)
    return PolledFeed(
        feed_id=feed.id,
        polled_at=now,
        outcome=PollOutcome.FAILED,
        next_poll_at=schedule.next_poll_at,
        interval=feed.interval,
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        failure=failure_text(feed, error),
        state=FeedState.GONE if _is_gone(feed, error, settings) else feed.state,
    )


def failure_text(feed: Feed, error: FetchError | FeedParseError) -> str:
    """Return the reason and what to do, to be shown beside the feed's address; passwords in addresses are left out."""
    cause = str(error).replace(feed.url, redacted(feed.url)).removeprefix(f"{redacted(feed.url)}: ")
    advice = next(advice for reason, advice in ADVICE if error.reason.startswith(reason))
    return f"{cause}; {advice}"


def _is_gone(feed: Feed, error: FetchError | FeedParseError, settings: PollSettings) -> bool:
    """Say so only when the failures before this one ended the same way: `failures` alone counts all kinds."""
    if error.reason != GONE:
        return False
    in_a_row = feed.failures + 1 if GONE in feed.last_error else 1
    return in_a_row >= settings.gone_after
