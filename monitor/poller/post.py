"""Post a body to an address: for webhooks, which may reach what feeds may reach and nothing else."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urljoin

from monitor.errors import FetchError
from monitor.poller.addresses import networks
from monitor.poller.fetch import FetchSettings, retry_instant
from monitor.poller.transport import (
    CheckedTransport,
    ConnectionFailed,
    NameNotFound,
    ProtocolBroken,
    RefusedAddress,
    TlsFailed,
)
from monitor.poller.urls import is_web_url, redacted

# For one request, connecting included: a receiver that takes longer gets it again, with the same key.
DEADLINE_SECONDS = 20.0
KEEPS_METHOD = frozenset({307, 308})


class Poster:
    """Posts over connections that stay open for some seconds. Belongs to one event loop.

    Of redirects that keep method and body (307, 308) so many are followed as `redirects` says, never from TLS to none.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        now: Callable[[], datetime],
        deadline_seconds: float = DEADLINE_SECONDS,
        redirects: int = 0,
    ) -> None:
        self._user_agent = settings.user_agent
        self._now = now
        self._deadline = deadline_seconds
        self._redirects = redirects
        self._transport = CheckedTransport(networks(settings.allow_networks))

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, datetime | None]:
        """Return the status of the answer, and when it asks us back (Retry-After), if it does.

        Raises FetchError; its `reason` is one of dns, refused-address, connect, tls, timeout, protocol.
        """
        try:
            async with asyncio.timeout(self._deadline):
                sent = {"User-Agent": self._user_agent, "Accept": "*/*", **headers}
                return await self._exchange(url, sent, body, self._redirects)
        except _ERRORS as error:
            raise FetchError(redacted(url), _reason(error)) from error

    async def _exchange(
        self, url: str, headers: Mapping[str, str], body: bytes, redirects: int
    ) -> tuple[int, datetime | None]:
        async with self._transport.request("POST", url, headers, body) as response:
            status, target = response.status, response.headers.get("location", "")
            retry_at = retry_instant(response.headers.get("retry-after", ""), self._now())
        if redirects and status in KEEPS_METHOD and (further := _further(url, target)):
            return await self._exchange(further, headers, body, redirects - 1)
        return status, retry_at

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


def _further(url: str, target: str) -> str:
    """Return where a redirect leads; empty for nowhere that may be followed."""
    try:
        further = urljoin(url, target) if target else ""
    except ValueError:  # a broken IPv6 address
        return ""
    loses_tls = url.startswith("https:") and not further.startswith("https:")
    return further if is_web_url(further) and not loses_tls else ""


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (RefusedAddress, "refused-address"),
    (NameNotFound, "dns"),
    (TlsFailed, "tls"),
    (ssl.SSLError, "tls"),
    (ConnectionFailed, "connect"),
    (OSError, "connect"),
    (ProtocolBroken, "protocol"),
)
_ERRORS = tuple(kind for kind, _ in _REASONS)


def _reason(error: Exception) -> str:
    return next(reason for kind, reason in _REASONS if isinstance(error, kind))
