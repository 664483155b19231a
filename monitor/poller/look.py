"""A look at a feed before it is ours: one poll by the very code that polls, timed, and nothing written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import FetchError
from monitor.poller.discover import Candidate, declared_feeds, linked_feeds, usual_places
from monitor.poller.poll import ADVICE, Fetches
from monitor.poller.types import Fetched, NotModified
from storage.types import Feed, FeedState, PolledFeed, PollOutcome

Poll = Callable[[Feed, Fetches], Awaitable[PolledFeed]]

HTML_PAGE, NO_FEED = "html-page", "not-a-feed"
# How many places are asked where a page declares no feed: with a second between two requests to a host, this is as
# long as somebody waits for an answer.
MOST_LINKED, MOST_USUAL = 5, 9
# What the other side says for good: another look tomorrow would find the same.
LASTING = frozenset({"http-400", "http-404", "http-410", "bad-url"})


@dataclass(frozen=True, slots=True)
class Look:
    """What one poll of an address gave.

    `fetched` is None where no document came. `fetch_seconds` has the waiting for the host's turn in it,
    `parse_seconds` is all the rest of the poll.
    """

    url: str
    polled: PolledFeed
    fetched: Fetched | None
    fetch_seconds: float
    parse_seconds: float

    @property
    def is_feed(self) -> bool:
        """Whether a document came and could be read."""
        return self.polled.outcome is PollOutcome.READ

    @property
    def reason(self) -> str:
        """The short stable word of the failure, `html-page` or `http-404`; empty for a feed."""
        return self.polled.failure.partition(";")[0].partition(" ")[0]

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, on which its feed may be named; XHTML is told from XML of any kind by its root."""
        if self.reason == NO_FEED and self.fetched is not None:
            return b"<html" in self.fetched.body[:4096].lower()
        return self.reason == HTML_PAGE

    @property
    def advice(self) -> str:
        """What to do about the failure."""
        return next(advice for reason, advice in ADVICE if self.reason.startswith(reason))

    @property
    def cause(self) -> str:
        """The failure without the advice; empty for a feed."""
        return self.polled.failure.removesuffix(f"; {self.advice}")

    @property
    def is_lasting(self) -> bool:
        """Whether the failure is what the address says for good, or may have passed at the next poll."""
        return not self.is_feed and (self.fetched is not None or self.reason in LASTING)

    @property
    def wait(self) -> timedelta:
        """How long the feed would be left alone now."""
        return self.polled.next_poll_at - self.polled.polled_at


class Watched:
    """A fetcher that remembers what the one behind it gave, and how long that took."""

    def __init__(self, fetcher: Fetches, clock: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self.fetched: Fetched | None = None
        self.seconds = 0.0

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | NotModified:
        """Return what the fetcher behind gives; raises FetchError."""
        started = self._clock()
        try:
            answer = await self._fetcher.fetch(url, etag=etag, last_modified=last_modified)
        finally:
            self.seconds += self._clock() - started
        self.fetched = answer if isinstance(answer, Fetched) else self.fetched
        return answer


class _Blank:
    """A fetcher that has one feed without an entry."""

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        return Fetched(url, 200, {}, b"<rss version='2.0'><channel><title>Blank</title></channel></rss>")


async def warm_up(poll: Poll, now: datetime) -> None:
    """Let what parses start before anything is timed; the daemon starts it once, and not for each feed."""
    await poll(unstored("https://blank.invalid/", now, timedelta(hours=1)), _Blank())


async def look(feed: Feed, fetcher: Fetches, poll: Poll, *, clock: Callable[[], float]) -> Look:
    """Return what a poll of the feed gives; `clock` counts seconds and never goes back."""
    watched = Watched(fetcher, clock)
    started = clock()
    polled = await poll(feed, watched)
    return Look(feed.url, polled, watched.fetched, watched.seconds, clock() - started - watched.seconds)


async def discover(page: Look, glance: Callable[[str], Awaitable[Look]]) -> tuple[tuple[Candidate, ...], Look | None]:
    """Return the feeds of a web page, and a look at the feed where it took one to know that it is there.

    Those that the page declares are taken at its word. Where it declares none, `glance` is asked for what it links to
    and for the usual places, until one of them is a feed.
    """
    if page.fetched is None:
        return (), None
    document = (page.fetched.body, page.fetched.headers, page.fetched.url)
    if declared := declared_feeds(*document):
        return declared, None
    for candidate in (*linked_feeds(*document)[:MOST_LINKED], *usual_places(page.fetched.url)[:MOST_USUAL]):
        seen = await glance(candidate.url)
        if seen.is_feed:
            return (candidate,), seen
    return (), None


async def revalidates(seen: Look, fetcher: Fetches) -> bool | None:
    """Return whether the server answers 304 to the validators that it gave; None where it gave none, or fails now."""
    if not seen.polled.etag and not seen.polled.last_modified:
        return None
    try:
        answer = await fetcher.fetch(seen.url, etag=seen.polled.etag, last_modified=seen.polled.last_modified)
    except FetchError:
        return None
    return isinstance(answer, NotModified)


def unstored(url: str, now: datetime, interval: timedelta) -> Feed:
    """Return a feed as it would be polled first, and that no database knows."""
    return Feed(id=0, url=url, title="", publisher="", state=FeedState.ACTIVE, interval=interval, next_poll_at=now)
