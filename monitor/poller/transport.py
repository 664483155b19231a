"""The way to the network: HTTP/1.1 to addresses that are checked at the moment of connecting. The door to h11.

The name is resolved here, the addresses are checked, and the connection goes to an address that was checked, so that
a name which resolves differently a second time gains nothing. Host header and TLS server name stay the URL's own.

Why not a client library: 500 answers of 304 cost httpx 1.5 seconds of CPU and httpcore 1.2, of which the network needs
0.04 (benchmarks/poll.py); a poller needs one method, no cookies, no proxies, and follows redirects by itself.
"""

import asyncio
import base64
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import unquote_to_bytes, urlsplit

import certifi
import h11

from monitor.poller.addresses import Network, is_refused
from monitor.poller.urls import authority, request_target

KEEPALIVE_SECONDS = 5.0
MOST_IDLE = 64
READ_BYTES = 65_536
# Real responses carry policies of many kilobytes in their headers; none that we met carried this much.
MOST_HEADER_BYTES = 65_536
# Look-ups block a thread each, and a name server that does not answer keeps it for half a minute.
RESOLVERS = 16
CONNECT_SECONDS = 10.0
# A body in pieces of some bytes costs a thousand times its reading: no server means it.
MOST_TINY_PIECES = 10_000
TINY_BYTES = 16

_DIGITS_AND_DOTS = re.compile(r"[0-9a-fA-F.:]+")


class RefusedAddress(Exception):
    """The host leads to addresses that feeds may not reach."""


class NameNotFound(Exception):
    """The host's name leads to no address."""


class ConnectionFailed(Exception):
    """No connection, or it broke."""


class TlsFailed(Exception):
    """The server's certificate or TLS is faulty."""


class ProtocolBroken(Exception):
    """What came over the connection is no HTTP, or ends early."""


@dataclass(frozen=True, slots=True)
class Response:
    """The head of an answer, and its body as it comes, still packed. Header names are in lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]


class Transport(Protocol):
    """What fetching needs of a way to the web, or to what stands in for it."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Response]:
        """Ask for an address; the response's body is read inside of the `with` block."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection leads to."""

    scheme: str
    host: str
    port: int


class CheckedTransport:
    """Connections to hosts whose addresses are public or in `allowed`; they stay open for some seconds after use.

    Belongs to one event loop. `tls` is for private authorities; `look_up` gives the addresses of a name and port, and
    raises OSError or UnicodeError.
    """

    def __init__(
        self,
        allowed: tuple[Network, ...],
        *,
        tls: ssl.SSLContext | None = None,
        look_up: Callable[[str, int], list[str]] | None = None,
    ) -> None:
        self._allowed = allowed
        self._tls = tls
        self._look_up = look_up or _look_up
        self._idle: dict[Origin, _Connection] = {}
        self._resolvers = ThreadPoolExecutor(RESOLVERS, "dns")

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Response]:
        """Ask for an address; raises what `request` does."""
        return self.request("GET", url, headers)

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> AsyncIterator[Response]:
        """Ask an address; raises RefusedAddress, NameNotFound, ConnectionFailed, TlsFailed, ProtocolBroken.

        A connection whose answer was not read to its end is closed.
        """
        parts = urlsplit(url)
        origin = Origin(parts.scheme, (parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80))
        fields = {"Host": authority(url), **_credentials(parts.username, parts.password), **headers}
        connection, response = await self._ask(origin, _Asked(method, request_target(url), fields, body))
        try:
            yield response
        finally:
            self._release(origin, connection)

    async def aclose(self) -> None:
        """Close all connections."""
        for connection in self._idle.values():
            connection.close()
        self._idle.clear()
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, origin: Origin, asked: "_Asked") -> "tuple[_Connection, Response]":
        kept = self._idle.pop(origin, None)
        if kept is not None and kept.is_usable:
            try:
                return kept, await kept.ask(asked)
            except (ConnectionFailed, ProtocolBroken):  # the server had closed it meanwhile, or will not go on with it
                kept.close()
            except BaseException:
                kept.close()
                raise
        fresh = await self._connect(origin)
        try:
            return fresh, await fresh.ask(asked)
        except BaseException:
            fresh.close()
            raise

    def _release(self, origin: Origin, connection: "_Connection") -> None:
        if not connection.renew() or origin in self._idle:
            connection.close()
            return
        if len(self._idle) >= MOST_IDLE:
            self._idle.pop(next(iter(self._idle))).close()
        self._idle[origin] = connection
        connection.expiry = asyncio.get_running_loop().call_later(KEEPALIVE_SECONDS, self._expire, origin, connection)

    def _expire(self, origin: Origin, connection: "_Connection") -> None:
        if self._idle.get(origin) is connection:
            del self._idle[origin]
        connection.close()

    async def _connect(self, origin: Origin) -> "_Connection":
        """Return a connection to the first address that answers; the time for connecting is shared out among them."""
        addresses = self._permitted(origin.host, await self._resolve(origin))
        failure: OSError = ConnectionError("no address")
        for address in addresses:
            try:
                async with asyncio.timeout(CONNECT_SECONDS / len(addresses)):
                    return await self._open(origin, address)
            except ssl.SSLError as error:
                raise TlsFailed(_told(error)) from error
            except OSError as error:
                failure = error
        raise ConnectionFailed(_told(failure)) from failure

    async def _open(self, origin: Origin, address: str) -> "_Connection":
        secure = origin.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address,
            origin.port,
            limit=READ_BYTES,
            ssl=self._context() if secure else None,
            server_hostname=origin.host if secure else None,
        )
        return _Connection(reader, writer)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()  # the system's authorities, and those that browsers know
            self._tls.load_verify_locations(certifi.where())
        return self._tls

    def _permitted(self, host: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        permitted = tuple(address for address in addresses if not is_refused(address, self._allowed))
        if not permitted:
            raise RefusedAddress(f"{host} is {', '.join(addresses)}, and not in poller.allow_networks")
        return permitted

    async def _resolve(self, origin: Origin) -> tuple[str, ...]:
        if _is_address(origin.host):
            return (origin.host,)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._resolvers, self._look_up, origin.host, origin.port)
        except (OSError, UnicodeError) as error:
            raise NameNotFound(f"no address for {origin.host}") from error
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for over a connection."""

    method: str
    target: str
    fields: Mapping[str, str]
    body: bytes = b""

    def packed(self, http: h11.Connection) -> bytes:
        length = {"Content-Length": str(len(self.body))} if self.body else {}
        head = h11.Request(method=self.method, target=self.target, headers=list({**self.fields, **length}.items()))
        events = (head, *([h11.Data(self.body)] if self.body else []), h11.EndOfMessage())
        return b"".join(http.send(event) or b"" for event in events)


class _Connection:
    """One connection: asks for one thing after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADER_BYTES)
        self.expiry: asyncio.TimerHandle | None = None

    @property
    def is_usable(self) -> bool:
        return not self._reader.at_eof() and not self._writer.is_closing()

    async def ask(self, asked: "_Asked") -> Response:
        self._stop_expiry()
        self._writer.write(asked.packed(self._http))
        event = await self._event()
        while isinstance(event, h11.InformationalResponse):
            event = await self._event()
        if not isinstance(event, h11.Response):
            raise ProtocolBroken("the server closed the connection without an answer")
        return Response(event.status_code, event.reason.decode("latin-1"), _fields(event.headers), self._body())

    def renew(self) -> bool:
        """Make ready for the next request; return whether that goes."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        if self._http.trailing_data[0]:  # more than the answer said that it is
            return False
        self._http.start_next_cycle()
        return self.is_usable

    def close(self) -> None:
        self._stop_expiry()
        self._writer.transport.abort()

    async def _body(self) -> AsyncIterator[bytes]:
        pieces = length = 0
        while isinstance(event := await self._event(), h11.Data):
            pieces, length = pieces + 1, length + len(event.data)
            if pieces > MOST_TINY_PIECES and length < pieces * TINY_BYTES:
                raise ProtocolBroken("the body comes in pieces of some bytes")
            yield bytes(event.data)

    async def _event(self) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(READ_BYTES))
        except h11.RemoteProtocolError as error:
            raise ProtocolBroken(str(error)) from error
        except ssl.SSLError as error:
            raise TlsFailed(_told(error)) from error
        except OSError as error:
            raise ConnectionFailed(_told(error)) from error
        return event

    def _stop_expiry(self) -> None:
        if self.expiry is not None:
            self.expiry.cancel()
            self.expiry = None


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("ascii").lower(), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _credentials(user: str | None, password: str | None) -> dict[str, str]:
    if user is None and password is None:
        return {}
    pair = unquote_to_bytes(user or "") + b":" + unquote_to_bytes(password or "")
    return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}


def _look_up(host: str, port: int) -> list[str]:
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_address(host: str) -> bool:
    """Return whether the host is an address in its usual form; odd forms (127.1) are the resolver's to read."""
    try:
        return bool(_DIGITS_AND_DOTS.fullmatch(host)) and bool(ip_address(host))
    except ValueError:
        return False


def _told(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
