"""One poll of one feed: fetch, parse, and say what to write down. Expected failures are values."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from monitor.errors import FeedParseError, FetchError
from monitor.poller.cadence import CadenceSettings, Wishes, asks_for_whole, next_poll
from monitor.poller.fetch import NOT_ASKED, retry_instant
from monitor.poller.hubs import declared_hubs
from monitor.poller.items import new_items
from monitor.poller.moving import move
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
    ("parser-timeout", "the document keeps our parser too busy; look at it by hand"),
    ("parser-memory", "the document needs too much memory; look at it by hand"),
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


class Parses(Protocol):
    """What polling needs of a parser."""

    async def parse(self, body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
        """Return the feed that a document is; raises FeedParseError."""
        ...


class InThreads:
    """Parses in threads of this process, which nothing can stop: for replays and single looks, not for the daemon."""

    async def parse(self, body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
        """Return the feed that a document is; raises FeedParseError."""
        return await asyncio.to_thread(parse_feed, body, headers, url)

    async def aclose(self) -> None:
        """There is nothing to close."""


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How polling goes. After `gone_after` answers of 410 (Gone) in a row a feed is no longer polled."""

    cadence: CadenceSettings = field(default_factory=CadenceSettings)
    gone_after: int = 3


@dataclass(frozen=True, slots=True)
class _Poll:
    """A poll under way: the feed as it was before, the instant of its answer, and where permanent redirects led."""

    feed: Feed
    now: datetime
    settings: PollSettings
    led_to: str | None = None

    def ended(self, outcome: PollOutcome, wishes: Wishes) -> PolledFeed:
        """Return what is written down in any case; what the feed had otherwise stays."""
        schedule = next_poll(outcome, self.feed, wishes, self.now, self.settings.cadence)
        moved = move(self.feed, self.led_to, good=outcome is not PollOutcome.FAILED)
        return replace(
            unchanged(self.feed, outcome, self.now, schedule.next_poll_at),
            interval=schedule.interval,
            moved_to=moved.moved_to,
            moving_to=moved.moving_to,
            moving_polls=moved.moving_polls,
        )


async def poll_feed(
    feed: Feed,
    fetcher: Fetches,
    *,
    now: Callable[[], datetime],
    settings: PollSettings,
    parser: Parses = InThreads(),  # noqa: B008  it holds nothing
) -> PolledFeed:
    """Return what one poll gave; a failed one is an outcome, and no exception.

    The validators of a document are kept whether it can be read or not, so that one that cannot is neither fetched nor
    parsed again until it changes; the poll fails as before meanwhile. Now and then all of it is asked for and looked at
    anew (`cadence.asks_for_whole`), since some servers say "not modified" for ever.
    """
    whole = asks_for_whole(feed)
    try:
        answer = await fetcher.fetch(
            feed.address, etag=None if whole else feed.etag, last_modified=None if whole else feed.last_modified
        )
    except FetchError as error:
        return _unfetched(_Poll(feed, now(), settings), error)
    poll = _Poll(feed, now(), settings, answer.permanent_url)
    if isinstance(answer, NotModified):
        return replace(_as_before(poll, PollOutcome.NOT_MODIFIED, answer), unmodified=feed.unmodified + 1)
    body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
    if body_hash == feed.body_hash and not (whole and feed.document_failure):
        return _as_before(poll, PollOutcome.SAME_BODY, answer)
    try:
        parsed = await parser.parse(answer.body, answer.headers, answer.url)
    except FeedParseError as error:
        return _unreadable(replace(poll, now=now()), answer, body_hash, error)
    return _read(replace(poll, now=now()), answer, parsed, body_hash)


def unchanged(feed: Feed, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> PolledFeed:
    """Return a poll after which the feed is asked next at that time, and all else is as before."""
    return PolledFeed(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        next_poll_at=next_poll_at,
        interval=feed.interval,
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        state=feed.state,
        unmodified=feed.unmodified,
        document_failure=feed.document_failure,
        moved_to=feed.moved_to,
        moving_to=feed.moving_to,
        moving_polls=feed.moving_polls,
    )


def _unfetched(poll: _Poll, error: FetchError) -> PolledFeed:
    if error.reason in NOT_ASKED:
        later = error.retry_at or poll.now + poll.feed.interval
        return unchanged(poll.feed, PollOutcome.PUT_OFF, poll.now, later)
    polled = poll.ended(PollOutcome.FAILED, Wishes(retry_at=error.retry_at, permanent=error.permanent))
    state = FeedState.GONE if _is_gone(poll.feed, error, poll.settings) else poll.feed.state
    return replace(polled, failure=failure_text(poll.feed, error), state=state)


def _as_before(poll: _Poll, outcome: PollOutcome, answer: Fetched | NotModified) -> PolledFeed:
    """Return the end of a poll that met the document we know: good, or failed as it was."""
    failure = poll.feed.document_failure
    wishes = Wishes(headers=answer.headers)
    return replace(
        poll.ended(PollOutcome.FAILED if failure else outcome, wishes),
        failure=failure,
        unmodified=0,
        etag=answer.headers.get("etag", poll.feed.etag),
        last_modified=answer.headers.get("last-modified", poll.feed.last_modified),
    )


def _unreadable(poll: _Poll, fetched: Fetched, body_hash: str, error: FeedParseError) -> PolledFeed:
    retry_at = retry_instant(fetched.headers.get("retry-after", ""), poll.now)
    failure = failure_text(poll.feed, error)
    ended = poll.ended(PollOutcome.FAILED, Wishes(headers=fetched.headers, retry_at=retry_at))
    return replace(ended, failure=failure, document_failure=failure, **_validators(fetched, body_hash))


def _read(poll: _Poll, fetched: Fetched, parsed: ParsedFeed, body_hash: str) -> PolledFeed:
    hub, *others = declared_hubs(fetched.body, fetched.headers, fetched.url) or (None,)
    return replace(
        poll.ended(PollOutcome.READ, Wishes(ttl=parsed.ttl, headers=fetched.headers)),
        document_failure="",
        title=parsed.title,
        items=new_items(parsed, poll.now),
        skipped=parsed.skipped,
        hub=hub,
        other_hubs=tuple(others),
        **_validators(fetched, body_hash),
    )


def _validators(fetched: Fetched, body_hash: str) -> dict[str, Any]:
    return {
        "etag": fetched.headers.get("etag"),
        "last_modified": fetched.headers.get("last-modified"),
        "body_hash": body_hash,
        "unmodified": 0,
    }


def failure_text(feed: Feed, error: FetchError | FeedParseError) -> str:
    """Return the reason and what to do, to be shown beside the feed's address; passwords in addresses are left out."""
    cause = str(error)
    for url in (feed.url, feed.address):
        cause = cause.replace(url, redacted(url)).removeprefix(f"{redacted(url)}: ")
    advice = next(advice for reason, advice in ADVICE if error.reason.startswith(reason))
    return f"{cause}; {advice}"


def _is_gone(feed: Feed, error: FetchError, settings: PollSettings) -> bool:
    """Say so only when the failures before this one ended the same way: `failures` alone counts all kinds."""
    if error.reason != GONE:
        return False
    in_a_row = feed.failures + 1 if GONE in feed.last_error else 1
    return in_a_row >= settings.gone_after
