"""The process in which documents are parsed, so that one that keeps the parser busy can be stopped.

Both directions carry frames, four bytes of length and a pickle: the first is None, when the process is ready; then each
Request is followed by an Answer. Both ends are our own, so that no pickle comes from outside.
"""

import pickle
import resource
import socket
import struct
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BufferedRWPair
from pathlib import Path

from monitor.errors import FeedParseError
from monitor.poller.parse import parse_feed
from monitor.poller.types import ParsedEntry, ParsedFeed

LENGTH = struct.Struct("!I")
# A process that has grown to this size gives its last answer, and another takes its place. One that has read the 785
# collected documents, feedparser's reading of 5 MB among them, has 120 MB.
SPENT_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """A document to parse."""

    body: bytes
    headers: dict[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed without its entries, and these as plain tuples, which travel five times as fast."""

    feed: ParsedFeed
    entries: tuple[tuple[object, ...], ...]

    def whole(self) -> ParsedFeed:
        """Return the feed with its entries."""
        return replace(self.feed, entries=tuple(ParsedEntry(*entry) for entry in self.entries))  # type: ignore[arg-type]  # as they came


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document could not be read."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request; after the last one, the process is to be ended."""

    told: Reading | Refusal
    is_last: bool


def framed(value: object) -> bytes:
    """Return a value as it travels."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def answer(request: Request) -> Reading | Refusal:
    """Return what a document holds, or why it cannot be read."""
    try:
        feed = parse_feed(request.body, request.headers, request.url)
    except FeedParseError as error:
        return Refusal(error.reason, error.detail)
    return Reading(replace(feed, entries=()), tuple(_plain(entry) for entry in feed.entries))


def _plain(entry: ParsedEntry) -> tuple[object, ...]:
    return (entry.guid, entry.url, entry.title, entry.summary, entry.text, entry.published_at)


def _read(stream: BufferedRWPair) -> Request | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    request: Request = pickle.loads(stream.read(*LENGTH.unpack(head)))
    return request


def _limit_seconds(seconds: int) -> None:
    """Have the system end this process when it computes for longer: its parent may be gone, and ask for nothing."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _is_spent() -> bool:
    """Return whether this process has grown too large; where the system has no /proc, it never has."""
    # Not ru_maxrss, which after a fork begins with the size of the parent.
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return False
    return pages * resource.getpagesize() > SPENT_BYTES


def main(number: int, memory: int, seconds: int) -> None:
    """Answer what comes over the socket of this number, until it ends; at most so many bytes and seconds for each."""
    warnings.simplefilter("ignore")  # feedparser's, about its own fallbacks
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(ConnectionError), socket.socket(fileno=number) as connection, connection.makefile("rwb") as stream:
        _send(stream, None)
        try:
            while request := _read(stream):
                _limit_seconds(seconds)
                _send(stream, Answer(answer(request), is_last=_is_spent()))
        except MemoryError:  # perhaps half-way through a request, so that the next one would not be understood
            refusal = Refusal("parser-memory", "reading it takes more memory than a document may")
            _send(stream, Answer(refusal, is_last=True))


def _send(stream: BufferedRWPair, value: object) -> None:
    stream.write(framed(value))
    stream.flush()
