"""Fetch one document politely: conditional, bounded in time and size.

Redirects are followed by hand, so that each hop waits for the turn of its host and has its address checked.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from monitor.errors import FetchError
from monitor.poller.addresses import networks
from monitor.poller.cadence import http_date
from monitor.poller.decode import ACCEPT_ENCODING, Body, BodyBroken, BodyTooLarge
from monitor.poller.politeness import HostBusy, HostGate, HostPauses, TaskSlots
from monitor.poller.robots import MOST_BYTES, CrawlDelays, crawl_delay, robots_url
from monitor.poller.transport import (
    CheckedTransport,
    ConnectionFailed,
    NameNotFound,
    ProtocolBroken,
    RefusedAddress,
    Response,
    TlsFailed,
    Transport,
)
from monitor.poller.types import Fetched, NotModified
from monitor.poller.urls import host_key, is_web_url, redacted, without_user

FEED_TYPES = "application/atom+xml, application/rss+xml, application/feed+json"
ACCEPT = f"{FEED_TYPES}, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
OK, NOT_MODIFIED = 200, 304
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
# Answers that another try soon does not change: refused, not there, no longer there, not for us.
PERMANENT_STATUSES = frozenset({400, 401, 403, 404, 405, 406, 410, 414, 451})
# Answers that speak for the whole host, and not for the one address.
PAUSING_STATUSES = frozenset({429, 503})
# No server is left alone for longer because it said so; a mistyped Retry-After must not silence a feed for a year.
LONGEST_RETRY_AFTER = timedelta(days=1)
# Reasons that say nothing about what was asked for: its host was not asked at all.
NOT_ASKED = frozenset({"host-paused", "host-busy"})
# Whether a host asks for a delay is not worth waiting for long.
ROBOTS_SECONDS = 5.0
# Bodies beyond this size are read, and parsed, some at a time: 200 polls of 10 MB would be 2 GB. Of 785 collected feeds
# three are longer.
LARGE_BYTES = 1_000_000
LARGE_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How we fetch. `user_agent` names us and how to reach us; `max_body_bytes` counts decoded bytes.

    `deadline_seconds` is for everything a fetch does on the network, redirects included, but not for waiting for the
    turn of a host; who would wait for that longer than `longest_wait_seconds` is told to come back later. At most
    `parallel` requests are under way at once. `robots` asks each host for its crawl-delay. `allow_networks` are the
    private networks that may be reached all the same.
    """

    user_agent: str = "demarche/0.1 (news monitor; contact address not configured)"
    deadline_seconds: float = 30.0
    max_body_bytes: int = 10_000_000
    max_redirects: int = 5
    min_gap_seconds: float = 1.0
    longest_wait_seconds: float = 120.0
    parallel: int = 64
    robots: bool = True
    allow_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Redirect:
    url: str
    is_permanent: bool


class Fetcher:
    """Fetches documents over connections that stay open for a while. Belongs to one event loop.

    `now` gives the aware UTC instant that a Retry-After counts from; `clock` counts seconds and never goes back. With
    a `transport` of the caller's, checking addresses is the transport's business; `tls` is for private authorities.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        now: Callable[[], datetime],
        transport: Transport | None = None,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._clock = clock
        self._gate = HostGate(settings.min_gap_seconds, clock=clock)
        self._delays = CrawlDelays(self._robots_delay, clock=clock)
        self._pauses = HostPauses()
        self._slots = asyncio.Semaphore(settings.parallel)
        self._large = TaskSlots(LARGE_AT_ONCE)
        self._transport: Transport = transport or CheckedTransport(networks(settings.allow_networks), tls=tls)
        self._headers = {
            "User-Agent": settings.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | NotModified:
        """Return the document at this address, or NotModified when the validators still hold.

        Raises FetchError; its `reason` is one of bad-url, dns, refused-address, connect, tls, timeout, protocol,
        too-large, bad-encoding, too-many-redirects, bad-redirect, http-STATUS, or one of two that say that the host
        was not asked this time: host-paused (it wanted to be left alone, with a 429 or 503 and a Retry-After) and
        host-busy (too many wait for its turn).
        """
        validators = _validators(etag, last_modified)
        left = self._settings.deadline_seconds
        permanent_url: str | None = None
        is_permanent = True
        hop = url
        for _ in range(self._settings.max_redirects + 1):
            if not is_web_url(hop):
                raise FetchError(redacted(url), "bad-url", f"not a web address: {redacted(hop)}", permanent=True)
            answer, left = await self._timed(url, hop, validators, left)
            if not isinstance(answer, _Redirect):
                return replace(answer, permanent_url=permanent_url)
            hop = answer.url
            is_permanent = is_permanent and answer.is_permanent
            permanent_url = hop if is_permanent else permanent_url
        detail = f"more than {self._settings.max_redirects}, the last to {redacted(hop)}"
        raise FetchError(redacted(url), "too-many-redirects", detail)

    async def aclose(self) -> None:
        """Close all connections; the fetcher cannot be used afterwards."""
        await self._transport.aclose()

    async def _timed(
        self, url: str, hop: str, validators: Mapping[str, str], left: float
    ) -> tuple[Fetched | NotModified | _Redirect, float]:
        host = host_key(hop)
        delay = await self._delays.of(host, hop) if self._settings.robots else 0.0
        try:
            async with self._gate.turn(host, gap=delay, at_most=self._settings.longest_wait_seconds):
                self._respect_pause(url, hop)
                async with self._slots:
                    return await self._within(url, hop, validators, left)
        except HostBusy as busy:
            back_at = self._now() + timedelta(seconds=busy.seconds)
            detail = f"{host} is asked one thing at a time, and many wait"
            raise FetchError(redacted(url), "host-busy", detail, retry_at=back_at) from busy

    async def _within(
        self, url: str, hop: str, validators: Mapping[str, str], left: float
    ) -> tuple[Fetched | NotModified | _Redirect, float]:
        started = self._clock()
        try:
            async with asyncio.timeout(left):
                answer = await self._exchange(url, hop, validators)
        except TimeoutError as error:
            detail = f"not done within {self._settings.deadline_seconds:g} s"
            raise FetchError(redacted(url), "timeout", detail) from error
        return answer, max(0.0, left - (self._clock() - started))

    def _respect_pause(self, url: str, hop: str) -> None:
        until = self._pauses.until(host_key(hop), self._now())
        if until:
            detail = f"{host_key(hop)} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC"
            raise FetchError(redacted(url), "host-paused", detail, retry_at=until)

    async def _robots_delay(self, url: str) -> float:
        """Return the crawl-delay of an address's host; whatever goes wrong with its robots.txt, none."""
        try:
            async with (
                self._gate.turn(host_key(url)),
                self._slots,
                asyncio.timeout(ROBOTS_SECONDS),
                self._transport.get(robots_url(url), self._headers) as response,
            ):
                body = await self._body(response, MOST_BYTES) if response.status == OK else b""
        except _NO_ROBOTS:
            return 0.0
        return crawl_delay(body, self._settings.user_agent)

    async def _exchange(self, url: str, hop: str, validators: Mapping[str, str]) -> Fetched | NotModified | _Redirect:
        try:
            async with self._transport.get(hop, {**self._headers, **validators}) as response:
                return await self._answer(url, hop, response)
        except _ERRORS as error:
            reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
            raise FetchError(redacted(url), reason, str(error), permanent=reason in _PERMANENT_REASONS) from error

    async def _answer(self, url: str, hop: str, response: Response) -> Fetched | NotModified | _Redirect:
        if response.status == NOT_MODIFIED:
            await anext(response.body, b"")  # there is none; its end leaves the connection free
            return NotModified(response.headers)
        if response.status in REDIRECTS:
            return _redirect(url, hop, response)
        if response.status != OK:
            raise self._refusal(url, hop, response)
        body = await self._body(response, self._settings.max_body_bytes)
        return Fetched(without_user(hop), response.status, response.headers, body)

    async def _body(self, response: Response, limit: int) -> bytes:
        body = Body(response.headers.get("content-encoding", ""), limit)
        async for raw in response.body:
            body.add(raw)
            if len(body) > LARGE_BYTES:
                await self._large.take()
        return body.finish()

    def _refusal(self, url: str, hop: str, response: Response) -> FetchError:
        status, now = response.status, self._now()
        retry_at = retry_instant(response.headers.get("retry-after", ""), now)
        if retry_at and status in PAUSING_STATUSES:
            self._pauses.ask(host_key(hop), retry_at, now)
        permanent = status in PERMANENT_STATUSES and retry_at is None
        return FetchError(redacted(url), f"http-{status}", response.reason, retry_at=retry_at, permanent=permanent)


def retry_instant(retry_after: str, now: datetime) -> datetime | None:
    """Return when a Retry-After header (seconds or a date, RFC 9110 section 10.2.3) asks us back.

    None for none that can be read or that lies in the past; at most a day from `now`.
    """
    value = retry_after.strip()
    asked = _seconds_from(value, now) if value.isdecimal() else http_date(value)
    if asked is None or asked <= now:
        return None
    return min(asked, now + LONGEST_RETRY_AFTER)


def _seconds_from(value: str, now: datetime) -> datetime:
    longest = int(LONGEST_RETRY_AFTER.total_seconds())
    return now + timedelta(seconds=min(int(value[:9]), longest))


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in pairs.items() if value and value.isascii() and value.isprintable()}


def _redirect(url: str, hop: str, response: Response) -> _Redirect:
    location = response.headers.get("location", "")
    if not location:
        raise FetchError(redacted(url), "bad-redirect", f"status {response.status} without a Location")
    try:
        target = urljoin(without_user(hop), location.strip())
    except ValueError as error:
        raise FetchError(redacted(url), "bad-redirect", "its Location is no address") from error
    return _Redirect(target, response.status in PERMANENT_REDIRECTS)


# What can go wrong on the way.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (RefusedAddress, "refused-address"),
    (NameNotFound, "dns"),
    (ConnectionFailed, "connect"),
    (TlsFailed, "tls"),
    (ProtocolBroken, "protocol"),
    (BodyTooLarge, "too-large"),
    (BodyBroken, "bad-encoding"),
)
_ERRORS = tuple(kind for kind, _ in _REASONS)
_NO_ROBOTS: tuple[type[Exception], ...] = (*_ERRORS, TimeoutError)
_PERMANENT_REASONS = frozenset({"refused-address", "bad-url"})
