"""Post a body to an address: for webhooks, which may reach what feeds may reach and nothing else."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime

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
from monitor.poller.urls import redacted

# For one request, connecting included: a receiver that takes longer gets it again, with the same key.
DEADLINE_SECONDS = 20.0


class Poster:
    """Posts over connections that stay open for some seconds. Belongs to one event loop; redirects are not followed."""

    def __init__(
        self, settings: FetchSettings, *, now: Callable[[], datetime], deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self._user_agent = settings.user_agent
        self._now = now
        self._deadline = deadline_seconds
        self._transport = CheckedTransport(networks(settings.allow_networks))

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, datetime | None]:
        """Return the status of the answer, and when it asks us back (Retry-After), if it does.

        Raises FetchError; its `reason` is one of dns, refused-address, connect, tls, timeout, protocol.
        """
        try:
            async with asyncio.timeout(self._deadline):
                return await self._exchange(url, {"User-Agent": self._user_agent, "Accept": "*/*", **headers}, body)
        except _ERRORS as error:
            raise FetchError(redacted(url), _reason(error)) from error

    async def _exchange(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, datetime | None]:
        async with self._transport.request("POST", url, headers, body) as response:
            return response.status, retry_instant(response.headers.get("retry-after", ""), self._now())

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


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
