"""What a host's robots.txt asks for between two requests is found, bounded, and asked for once a day."""

import asyncio

import pytest

from monitor.errors import FetchError
from monitor.poller.fetch import Fetcher
from monitor.poller.robots import KEPT_SECONDS, LONGEST_DELAY_SECONDS, CrawlDelays, crawl_delay, robots_url
from tests.monitor.poller.fetching import open_with, with_fetcher
from tests.webserver import Answer, WebServer

AGENT = "demarche/0.1 (+https://desk.example/contact)"


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b"User-agent: *\nCrawl-delay: 7\n", 7.0),
        (b"User-agent: demarche\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 30\n", 3.0),
        (b"User-agent: otherbot\nCrawl-delay: 30\n", 0.0),
        (b"User-agent: *\nDisallow: /\n", 0.0),
        (b"User-agent: *\nCrawl-delay: soon\n", 0.0),
        (b"\xff\xfe not a text at all \x00", 0.0),
        (b"", 0.0),
    ],
)
def test_crawl_delay_is_that_of_our_agent(body: bytes, seconds: float) -> None:
    assert crawl_delay(body, AGENT) == seconds


def test_delay_beyond_reason_is_cut() -> None:
    assert crawl_delay(b"User-agent: *\nCrawl-delay: 86400\n", AGENT) == LONGEST_DELAY_SECONDS


def test_robots_address_has_no_credentials() -> None:
    assert robots_url("https://me:secret@news.example:8443/a/feed?x=1") == "https://news.example:8443/robots.txt"


def test_host_is_asked_once_a_day_even_by_two_at_once() -> None:
    asked: list[str] = []
    now = [0.0]

    async def ask(url: str) -> float:
        asked.append(url)
        return 5.0

    async def twice(delays: CrawlDelays) -> list[float]:
        return await asyncio.gather(*(delays.of("news.example", f"https://news.example/{n}") for n in range(2)))

    async def two_days() -> None:
        delays = CrawlDelays(ask, clock=lambda: now[0])
        assert await twice(delays) == [5.0, 5.0]
        assert len(asked) == 1
        now[0] = KEPT_SECONDS
        await twice(delays)

    asyncio.run(two_days())

    assert len(asked) == 2


def test_feed_waits_for_the_delay_that_its_host_asks_for(server: WebServer) -> None:
    server.answer("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 60\n"))
    urls = [server.answer(f"/{name}", Answer(b"news")) for name in ("first", "second")]

    async def both(fetcher: Fetcher) -> str:
        await fetcher.fetch(urls[0])
        with pytest.raises(FetchError) as caught:  # instead of waiting for a minute
            await fetcher.fetch(urls[1])
        return caught.value.reason

    assert with_fetcher(both, open_with(robots=True, longest_wait_seconds=1.0)) == "host-busy"
    assert [asked.path for asked in server.asked] == ["/robots.txt", "/first"]
