"""What the real web does to a poller: each fault ends in a named outcome, soon, in little memory, and harms no other.

All cases run against real servers on loopback, through the parts that the daemon has: one fetcher, one pair of parsing
processes, small limits. The neighbour is a good feed on another host that is polled at the same time.
"""

import asyncio
import gzip
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.engine import LoopExecutor
from monitor.poller.addresses import networks
from monitor.poller.fetch import Fetcher, FetchSettings
from monitor.poller.parsing import ParseSettings, ParseWorkers
from monitor.poller.poll import PollSettings, poll_feed
from monitor.poller.transport import CheckedTransport
from storage.types import PolledFeed, PollOutcome
from tests.builders import a_feed
from tests.monitor.poller.fetching import NOW
from tests.webserver import Answer, WebServer, serving

# Machines under load are slow: the neighbour has to come through within the deadline, the faults may take as long.
DEADLINE = 4.0
PARSER_SECONDS = 4.0
MOST_MEGABYTES = 60
RSS = b"""<rss version="2.0"><channel><title>Courier</title>
<item><guid>1</guid><title>Ministers meet</title><description>For an hour.</description></item></channel></rss>"""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


@dataclass(slots=True)
class World:
    """A daemon's polling, a server whose feeds are at fault, a good one, and one that nobody may reach."""

    loop: LoopExecutor
    fetcher: Fetcher
    parser: ParseWorkers
    faulty: WebServer
    good: WebServer
    canary: WebServer
    over: threading.Event  # set at the end: what waits for it goes on

    def poll(self, *urls: str) -> list[PolledFeed]:
        """Poll these feeds and the good one, all at once; the good one has to be read."""
        *polls, neighbour = self.loop.run(self._all([*urls, self.good.url("/feed")]))
        assert neighbour.outcome is PollOutcome.READ, neighbour.failure
        return polls

    async def _all(self, urls: list[str]) -> list[PolledFeed]:
        return await asyncio.gather(*(self._one(number, url) for number, url in enumerate(urls)))

    async def _one(self, number: int, url: str) -> PolledFeed:
        feed = a_feed(id=number + 1, url=url, interval=timedelta(minutes=10))
        return await poll_feed(feed, self.fetcher, now=lambda: NOW, settings=PollSettings(), parser=self.parser)

    def end_of(self, answer: Answer) -> str:
        """Return how polling a feed that answers so ends: its outcome, or the reason of its failure."""
        (polled,) = self.poll(self.faulty.answer("/feed", answer))
        return polled.failure.partition(" ")[0].rstrip(";:,") or polled.outcome.value


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with serving("127.0.0.2") as faulty, serving("127.0.0.3") as good, serving("127.0.0.1") as canary:
        good.answer("/feed", Answer(RSS))
        settings = FetchSettings(
            deadline_seconds=DEADLINE,
            max_body_bytes=5_500_000,
            min_gap_seconds=0.0,
            robots=False,
            allow_networks=("127.0.0.2", "127.0.0.3"),
        )
        loop = LoopExecutor()
        fetcher = Fetcher(settings, now=lambda: NOW)
        parser = ParseWorkers(ParseSettings(seconds=PARSER_SECONDS))
        over = threading.Event()
        world = World(loop, fetcher, parser, faulty, good, canary, over)
        world.poll(good.url("/feed"), good.url("/feed"))  # the parsing processes are there
        yield world
        over.set()
        loop.run(fetcher.aclose())
        loop.run(parser.aclose())
        loop.shutdown()


@pytest.fixture
def memory() -> Callable[[], float]:
    """Tell by how many megabytes this process grew at most since the test began."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # begins the peak anew
    except OSError:
        pytest.skip("the system does not tell a process's peak")
    before = megabytes("VmRSS")
    return lambda: megabytes("VmHWM") - before


def megabytes(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1000


# ---------------------------------------------------------------- the connection


def sent(*pieces: bytes) -> Answer:
    return Answer(raw=lambda: pieces)


def chunks(*pieces: bytes) -> bytes:
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(pieces)


def of_length(number: int, body: bytes) -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % number + body


CONNECTIONS = {
    "reset": (Answer(raw=lambda: (HEAD,), reset=True), "connect"),
    "closed without an answer": (sent(), "protocol"),
    "no http": (sent(b"220 mail.example ESMTP\r\n"), "protocol"),
    "truncated": (sent(of_length(1_000, RSS[:100])), "protocol"),
    "chunk of no length": (sent(chunks(b"zz\r\nabc\r\n")), "protocol"),
    "chunk cut short": (sent(chunks(b"40\r\n" + RSS[:20])), "protocol"),
    "chunk without its end": (sent(chunks(b"5\r\nabcdefg\r\n0\r\n\r\n")), "protocol"),
    "two lengths": (sent(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), "protocol"),
    "length of no number": (sent(HEAD + b"Content-Length: many\r\n\r\nabcdef"), "protocol"),
    "less than it sends": (sent(of_length(4, RSS)), "not-a-feed"),
    "endless header": (sent(b"HTTP/1.1 200 OK\r\n", b"X-Filler: %s\r\n" % (b"x" * 8_000) * 20), "protocol"),
    "body of tiny chunks": (sent(chunks(b"1\r\nx\r\n" * 50_000, b"0\r\n\r\n")), "protocol"),
}


@pytest.mark.parametrize(("answer", "reason"), CONNECTIONS.values(), ids=CONNECTIONS)
def test_faulty_connection_is_named(world: World, answer: Answer, reason: str) -> None:
    assert world.end_of(answer) == reason


def test_slow_ones_end_at_the_deadline_all_at_once(world: World) -> None:
    def slowly(*pieces: bytes) -> Callable[[], Iterable[bytes]]:
        def dripping() -> Iterator[bytes]:
            yield from pieces
            while not world.over.wait(0.2):
                yield b"x"

        return dripping

    slow = {
        "hang": Answer(before=world.over.wait),
        "slow-header": Answer(raw=slowly(b"HTTP/1.1 200 OK\r\nX-Slow: ")),
        "slow-body": Answer(raw=slowly(of_length(10_000, RSS[:10]))),
        "endless-body": Answer(raw=slowly(HEAD, b"\r\n")),
    }
    servers = [f"127.0.1.{number}" for number in range(1, len(slow) + 1)]
    with (
        serving(servers[0]) as one,
        serving(servers[1]) as two,
        serving(servers[2]) as three,
        serving("127.0.1.4") as four,
    ):
        settings = FetchSettings(
            deadline_seconds=DEADLINE, min_gap_seconds=0, robots=False, allow_networks=("127.0.0.0/8",)
        )
        fetcher = world.fetcher
        world.fetcher = Fetcher(settings, now=lambda: NOW)
        started = time.monotonic()
        urls = [web.answer("/feed", answer) for web, answer in zip((one, two, three, four), slow.values(), strict=True)]
        polls = world.poll(*urls)
        took = time.monotonic() - started
        world.loop.run(world.fetcher.aclose())
        world.fetcher = fetcher

    assert [polled.failure.partition(" ")[0] for polled in polls] == ["timeout"] * len(slow)
    assert took < 2 * DEADLINE


def bomb(wbits: int) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        packer = zlib.compressobj(wbits=wbits)
        for _ in range(300):  # 300 megabytes, decoded
            yield packer.compress(b"\0" * 1_000_000)
        yield packer.flush()

    return pieces


BODIES = {
    "endless body": (Answer(pieces=lambda: iter(lambda: b"x" * 65_536, b"")), "too-large"),
    "60 megabytes": (Answer(pieces=lambda: [b"x" * 1_000_000] * 60), "too-large"),
    "gzip bomb": (Answer(headers={"Content-Encoding": "gzip"}, pieces=bomb(31)), "too-large"),
    "deflate bomb": (Answer(headers={"Content-Encoding": "deflate"}, pieces=bomb(-15)), "too-large"),
    "gzip in gzip, said": (
        Answer(gzip.compress(gzip.compress(RSS)), headers={"Content-Encoding": "gzip, gzip"}),
        "bad-encoding",
    ),
    "gzip in gzip": (Answer(gzip.compress(gzip.compress(RSS)), headers={"Content-Encoding": "gzip"}), "not-a-feed"),
}


@pytest.mark.parametrize(("answer", "reason"), BODIES.values(), ids=BODIES)
def test_huge_body_is_stopped_in_little_memory(
    world: World, memory: Callable[[], float], answer: Answer, reason: str
) -> None:
    assert world.end_of(answer) == reason
    assert memory() < MOST_MEGABYTES


# ---------------------------------------------------------------- addresses

FORBIDDEN = (
    *("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0"),
    *(
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
    ),
    *(
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "240.0.0.1",
    ),
)


@pytest.mark.parametrize("host", FORBIDDEN)
def test_redirect_to_a_forbidden_address_reaches_nobody(world: World, host: str) -> None:
    away = Answer(status=302, headers={"Location": f"http://{host}:{world.canary.port}/secret"})

    assert world.end_of(away) == "refused-address"
    assert not world.canary.asked


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "javascript:x"])
def test_redirect_to_what_is_no_web_address_is_not_followed(world: World, target: str) -> None:
    assert world.end_of(Answer(status=301, headers={"Location": target})) == "bad-url"
    assert not world.canary.asked


def test_redirect_loop_ends(world: World) -> None:
    assert world.end_of(Answer(status=301, headers={"Location": "/feed"})) == "too-many-redirects"
    assert world.end_of(Answer(status=301)) == "bad-redirect"


def test_name_that_changes_between_look_ups_gains_nothing(world: World) -> None:
    told = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]])
    world.faulty.answer("/feed", Answer(RSS, headers={"Connection": "close"}))
    world.canary.answer("/feed", Answer(RSS))
    transport = CheckedTransport(networks(["127.0.0.2"]), look_up=lambda host, port: next(told))
    fetcher = Fetcher(FetchSettings(min_gap_seconds=0.0, robots=False), now=lambda: NOW, transport=transport)
    feed = a_feed(url=f"http://rebind.example:{world.faulty.port}/feed")

    async def polls() -> list[str]:
        ends = []
        for _ in range(3):
            polled = await poll_feed(feed, fetcher, now=lambda: NOW, settings=PollSettings(), parser=world.parser)
            ends.append(polled.failure.partition(" ")[0] or polled.outcome.value)
        await fetcher.aclose()
        return ends

    assert world.loop.run(polls()) == ["read", "refused-address", "read"]
    assert not world.canary.asked


# ---------------------------------------------------------------- statuses

LATER = NOW + timedelta(hours=2)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
@pytest.mark.parametrize("retry_after", ["7200", format_datetime(LATER, usegmt=True)], ids=["seconds", "date"])
def test_retry_after_is_respected_on_any_refusal(world: World, status: int, retry_after: str) -> None:
    with serving("127.0.2.1") as other:
        url = other.answer("/feed", Answer(status=status, headers={"Retry-After": retry_after}))
        settings = FetchSettings(min_gap_seconds=0.0, robots=False, allow_networks=("127.0.2.1",))
        fetcher = Fetcher(settings, now=lambda: NOW)
        feed = a_feed(url=url, interval=timedelta(minutes=10))
        polled = world.loop.run(poll_feed(feed, fetcher, now=lambda: NOW, settings=PollSettings(), parser=world.parser))
        world.loop.run(fetcher.aclose())

    assert polled.failure.startswith(f"http-{status}")
    assert polled.next_poll_at == LATER


# ---------------------------------------------------------------- documents


def rss(items: bytes, prolog: bytes = b"") -> bytes:
    return prolog + b"<rss version='2.0'><channel><title>Courier</title>" + items + b"</channel></rss>"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
DOCUMENTS = {
    "web page": (b"<!DOCTYPE html><html><body>moved</body></html>", {"html-page"}),
    "empty": (b"", {"empty"}),
    "wrong charset": (rss("<item><title>Señor</title></item>".encode("cp1252"), b"<?xml version='1.0'?>"), {"read"}),
    "byte order mark": (b"\xef\xbb\xbf" + RSS, {"read"}),
    "null bytes": (RSS.replace(b"Ministers", b"Mini\0sters"), {"read"}),
    "billion laughs": (
        rss(b"<item><title>&l9;</title></item>", b'<!DOCTYPE rss [<!ENTITY l0 "ha">%s]>' % LAUGHS),
        {"read"},
    ),
    "external entity": (
        rss(b"<item><title>a &x; b</title></item>", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        {"read"},
    ),
    "nested 200,000 deep": (
        rss(b"<item>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</item>"),
        {"parser-timeout", "read"},
    ),
    "nested and never closed": (rss(b"<item><title>x</title>" + b"<a>" * 200_000), {"unclosed"}),
    "5 MB of unfinished tags": (
        rss(b"<item><title>x</title><description><![CDATA[" + b"<a " * 1_700_000 + b"]]></description></item>"),
        {"read"},
    ),
    "50,000 items": (rss(b"".join(b"<item><title>%d</title></item>" % n for n in range(50_000))), {"read"}),
}


@pytest.mark.parametrize(("body", "ends"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_faulty_document_is_read_or_named(
    world: World, memory: Callable[[], float], body: bytes, ends: set[str]
) -> None:
    assert world.end_of(Answer(body, headers={"Content-Type": "application/rss+xml"})) in ends
    assert memory() < MOST_MEGABYTES


def test_entries_beyond_two_thousand_are_left_and_told(world: World) -> None:
    (polled,) = world.poll(world.faulty.answer("/feed", Answer(DOCUMENTS["50,000 items"][0])))

    assert len(polled.items) == 2_000
    assert polled.skipped == ("entries after the first 2,000: more than one poll takes",)


def test_no_file_of_ours_is_read_into_an_entry(world: World) -> None:
    (polled,) = world.poll(world.faulty.answer("/feed", Answer(DOCUMENTS["external entity"][0])))

    assert "root" not in polled.items[0].title


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 03 Mar 2099 10:30:00 GMT"])
def test_date_that_cannot_be_is_dropped(world: World, date: str) -> None:
    body = rss(b"<item><title>x</title><pubDate>%s</pubDate></item>" % date.encode())

    (polled,) = world.poll(world.faulty.answer("/feed", Answer(body)))

    assert polled.items[0].published_at is None
