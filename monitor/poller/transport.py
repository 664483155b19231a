"""The way to the network: an httpx transport that checks each address at the moment of connecting.

The name is resolved here, the addresses are checked, and the connection goes to an address that was checked, so that
a name which resolves differently a second time gains nothing. Host header and TLS server name stay the URL's own.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from types import TracebackType

import httpcore
import httpx

from monitor.poller.addresses import Network, is_refused

MAX_CONNECTIONS = 100
KEEPALIVE_SECONDS = 5.0


class RefusedAddress(Exception):
    """The host leads to addresses that feeds may not reach."""


class NameNotFound(Exception):
    """The host's name leads to no address."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses of a host that are public or in `allowed`, one after the other."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream to the first address that answers; `timeout` (seconds) is shared out among them."""
        addresses = self._permitted(host, await _resolve(host, port))
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, share, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait; the pool does so between retries."""
        await asyncio.sleep(seconds)

    def _permitted(self, host: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        permitted = tuple(address for address in addresses if not is_refused(address, self._allowed))
        if not permitted:
            raise RefusedAddress(f"{host} is {', '.join(addresses)}, and not in poller.allow_networks")
        return permitted


class CheckedTransport(httpx.AsyncBaseTransport):
    """Sends httpx requests over a connection pool of its own; errors are those of httpcore, or of this module."""

    def __init__(self, allowed: tuple[Network, ...], *, tls: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS // 2,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=CheckedBackend(allowed),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response, its body still to be read."""
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


async def _resolve(host: str, port: int) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameNotFound(f"no address for {host}") from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
