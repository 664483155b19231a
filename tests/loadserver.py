"""A web server for many feeds at once, in a process of its own: what the polling benchmark and load tests ask.

Every address of loopback (127.0.0.0/8) leads to it, so each is a host of its own. `/feed/N` is a feed document with
ETag and Last-Modified, packed where the client takes gzip; `/robots.txt` is there and asks for nothing. `/control/…`
changes what it does, and `/control/counts` tells what it did.
"""

import asyncio
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from urllib.request import ProxyHandler, build_opener

EPOCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SENTENCES = (
    "The foreign ministers of both countries met for two hours on the sidelines of the conference.",
    "A spokesman said that the talks on the border crossing would be continued in the coming weeks.",
    "Observers expect that an agreement on grain exports will be signed before the end of the month.",
    "The delegation left the capital in the evening without a statement to the waiting reporters.",
    "The embassy confirmed the visit and named no date for the return of the special envoy.",
)


def entry(feed: int, number: int, length: int) -> str:
    """Return one RSS item of about `length` bytes; the same for the same numbers."""
    body = ""
    while len(body) < length - 800:
        at = len(body) // 450 + number + feed
        text = " ".join(SENTENCES[(at + turn) % len(SENTENCES)] for turn in range(4))
        body += f'<p>{text} <a href="/topic/{at}">More &amp; more</a></p>'
    published = format_datetime(EPOCH + timedelta(minutes=number), usegmt=True)
    return (
        f"<item><title>Report {number} of desk {feed}: ministers meet again</title>"
        f"<link>https://desk{feed}.example/world/{number}?utm_source=rss</link>"
        f'<guid isPermaLink="false">desk-{feed}-{number}</guid><pubDate>{published}</pubDate>'
        f"<category>World</category><description><![CDATA[{body}]]></description></item>"
    )


@lru_cache(maxsize=4096)
def document(feed: int, version: int, size: int, entries: int) -> bytes:
    """Return a feed of about `size` bytes whose newest of `entries` items has the number of its version."""
    numbers = range(version + entries - 1, version - 1, -1)
    items = "".join(entry(feed, number, size // entries) for number in numbers)
    head = f"<title>Desk {feed}</title><link>https://desk{feed}.example/</link><description>News</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


@lru_cache(maxsize=4096)
def packed(feed: int, version: int, size: int, entries: int) -> bytes:
    """Return the same, packed by gzip."""
    return gzip.compress(document(feed, version, size, entries), 6, mtime=0)


@dataclass(slots=True)
class State:
    """What the server does at present, and what it did: answers by status, bytes sent, most requests at once."""

    latency: float = 0.0
    size: int = 100_000
    entries: int = 40
    versions: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    active: Counter[str] = field(default_factory=Counter)

    def control(self, action: str, values: Mapping[str, str]) -> dict[str, int]:
        """Do what a control address asks for, and return the counts until then."""
        counts = dict(self.counts)
        if action == "set":
            self.latency = float(values.get("latency", self.latency))
            self.size = int(values.get("size", self.size))
            self.entries = int(values.get("entries", self.entries))
        if action == "change":
            for feed in range(int(values["first"]), int(values["last"]), int(values["step"])):
                self.versions[feed] = self.versions.get(feed, 0) + 1
        if action != "counts":
            self.counts.clear()
        return counts


class Connection(asyncio.Protocol):
    """One client: requests come one after the other, answers go out in order."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        line, *fields = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
        target = line.split(" ")[1]
        host = headers.get("host", "")
        self._state.active[host] += 1
        self._state.counts["peak"] = max(self._state.counts["peak"], self._state.active[host])
        if target.startswith("/feed/") and self._state.latency:
            asyncio.get_running_loop().call_later(self._state.latency, self._send, host, target, headers)
        else:
            self._send(host, target, headers)

    def _send(self, host: str, target: str, headers: Mapping[str, str]) -> None:
        self._state.active[host] -= 1
        answer = self._response(target, headers)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)

    def _response(self, target: str, headers: Mapping[str, str]) -> bytes:
        if target.startswith("/feed/"):
            return self._feed(int(target.rpartition("/")[2]), headers)
        parts = urlsplit(target)
        if parts.path.startswith("/control/"):
            told = self._state.control(parts.path.rpartition("/")[2], dict(parse_qsl(parts.query)))
            return _response("200 OK", {"Content-Type": "application/json"}, json.dumps(told).encode())
        self._state.counts["other"] += 1
        return _response("404 Not Found", {}, b"")

    def _feed(self, number: int, headers: Mapping[str, str]) -> bytes:
        version = self._state.versions.get(number, 0)
        etag = f'"{number}-{version}"'
        changed = format_datetime(EPOCH + timedelta(hours=version), usegmt=True)
        validators = {"ETag": etag, "Last-Modified": changed}
        if headers.get("if-none-match") == etag:
            self._state.counts["304"] += 1
            return _response("304 Not Modified", validators, b"")
        self._state.counts["200"] += 1
        key = (number, version, self._state.size, self._state.entries)
        is_packed = "gzip" in headers.get("accept-encoding", "")
        body = packed(*key) if is_packed else document(*key)
        kind = {"Content-Type": "application/rss+xml; charset=utf-8"}
        return _response("200 OK", validators | kind | ({"Content-Encoding": "gzip"} if is_packed else {}), body)


def _response(status: str, headers: Mapping[str, str], body: bytes) -> bytes:
    fields = dict(headers) if status.startswith("304") else {**headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


class LoadServer:
    """The server as its parent sees it."""

    def __init__(self, port: int) -> None:
        self.port = port
        # Without a proxy that the environment may name.
        self._opener = build_opener(ProxyHandler({}))

    def url(self, feed: int, hosts: int) -> str:
        """Return the address of a feed, on one of so many hosts."""
        number = feed % hosts + 1
        return f"http://127.0.{number // 250}.{number % 250 + 1}:{self.port}/feed/{feed}"

    def control(self, action: str, **values: float) -> dict[str, int]:
        """Have the server `set`, `change` or tell `counts`; returns what it counted until then."""
        query = "&".join(f"{name}={value:g}" for name, value in values.items())
        with self._opener.open(f"http://127.0.0.1:{self.port}/control/{action}?{query}", timeout=30) as answer:
            counts: dict[str, int] = json.loads(answer.read())
        return counts


@contextmanager
def load_server() -> Iterator[LoadServer]:
    """Run the server in a process of its own for the length of a `with` block."""
    command = [sys.executable, "-m", "tests.loadserver"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield LoadServer(int(process.stdout.readline()))
        process.stdin.close()  # its end of work


async def _serve() -> None:
    state, loop = State(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(state), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  the protocol with the parent
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
