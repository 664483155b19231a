"""Bounds: bytes after decoding, seconds over everything, addresses that may be reached."""

import gzip
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.monitor.poller.fetching import document, open_with, refused
from tests.webserver import Answer, WebServer, serving

KILOBYTES = open_with(max_body_bytes=10_000)
TEXT = b"<rss>news</rss>" * 20


def test_body_over_the_limit_is_refused(server: WebServer) -> None:
    url = server.answer("/feed", Answer(b"x" * 10_001))

    assert refused(url, KILOBYTES).reason == "too-large"


def test_body_of_just_the_limit_is_taken(server: WebServer) -> None:
    url = server.answer("/feed", Answer(b"x" * 10_000))

    assert len(document(url, KILOBYTES).body) == 10_000


def test_limit_counts_decoded_bytes(server: WebServer) -> None:
    packed = gzip.compress(b"x" * 10_001)
    url = server.answer("/feed", Answer(packed, headers={"Content-Encoding": "gzip"}))

    assert len(packed) < 100
    assert refused(url, KILOBYTES).reason == "too-large"


def test_gzip_bomb_is_stopped_long_before_its_end(server: WebServer) -> None:
    sent = []

    def bomb() -> Iterator[bytes]:
        packer = zlib.compressobj(wbits=31)
        for _ in range(2_000):  # two gigabytes, decoded
            sent.append(packer.compress(b"\0" * 1_000_000))
            yield sent[-1]

    url = server.answer("/feed", Answer(headers={"Content-Encoding": "gzip"}, pieces=bomb))

    assert refused(url).reason == "too-large"
    assert len(sent) < 2_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT[:150]) + gzip.compress(TEXT[150:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 512),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT, wbits=-15)),
        ("identity", TEXT),
    ],
    ids=["gzip", "x-gzip", "two members", "padded", "zlib", "raw deflate", "identity"],
)
def test_every_encoding_that_servers_use_is_undone(server: WebServer, encoding: str, body: bytes) -> None:
    url = server.answer("/feed", Answer(body, headers={"Content-Encoding": encoding}))

    assert document(url).body == TEXT


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"not packed at all"), ("gzip", gzip.compress(TEXT)[:-12]), ("br", b"\x0b"), ("gzip, gzip", b"")],
    ids=["untrue", "cut short", "not asked for", "stacked"],
)
def test_body_that_cannot_be_decoded_is_named(server: WebServer, encoding: str, body: bytes) -> None:
    url = server.answer("/feed", Answer(body, headers={"Content-Encoding": encoding}))

    assert refused(url).reason == "bad-encoding"


@pytest.fixture
def drip() -> Iterator[Callable[[], Iterable[bytes]]]:
    """A body that never ends and never pauses long enough for a read timeout; it stops with the test."""
    over = threading.Event()

    def pieces() -> Iterator[bytes]:
        while not over.wait(0.02):
            yield b"."

    yield pieces
    over.set()


def test_dripping_server_meets_the_total_deadline(server: WebServer, drip: Callable[[], Iterable[bytes]]) -> None:
    url = server.answer("/feed", Answer(pieces=drip))

    error = refused(url, open_with(deadline_seconds=0.3))

    assert (error.reason, error.permanent) == ("timeout", False)


def test_deadline_spans_all_redirects(server: WebServer) -> None:
    over = threading.Event()
    slow = Answer(status=302, headers={"Location": "/feed"}, before=lambda: over.wait(0.1))
    url = server.answer("/feed", slow)

    error = refused(url, open_with(deadline_seconds=0.25, max_redirects=100))

    over.set()
    assert error.reason == "timeout"
    assert server.count("/feed") <= 4


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_private_address_is_refused_however_it_is_written(server: WebServer, host: str) -> None:
    url = server.answer("/feed", Answer(b"secret")).replace("127.0.0.1", host)

    error = refused(url, open_with(allow_networks=()))

    assert (error.reason, error.permanent) == ("refused-address", True)
    assert not server.asked


def test_redirect_to_a_private_address_is_refused() -> None:
    with serving("127.0.0.2") as inner, serving("127.0.0.1") as outer:
        inner.answer("/secret", Answer(b"secret"))
        url = outer.answer("/feed", Answer(status=302, headers={"Location": inner.url("/secret")}))

        assert refused(url, open_with(allow_networks=("127.0.0.1/32",))).reason == "refused-address"
        assert not inner.asked


def test_host_header_stays_that_of_the_address(server: WebServer) -> None:
    server.answer("/feed", Answer(b"news"))

    document(server.url("/feed", host="localhost"))

    assert server.asked[0].headers["host"] == f"localhost:{server.port}"
