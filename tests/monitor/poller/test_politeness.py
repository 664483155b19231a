"""One request at a time per host, a pause between them, other hosts side by side, and bounded memory."""

import asyncio
import threading
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from monitor.errors import FetchError
from monitor.poller.fetch import Fetcher
from monitor.poller.politeness import HostGate, HostPauses
from tests.monitor.poller.fetching import NOW, with_fetcher
from tests.webserver import Answer, WebServer, serving


class Time:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def all_at_once(urls: list[str]) -> None:
    async def work(fetcher: Fetcher) -> None:
        tasks: list[Awaitable[object]] = [fetcher.fetch(url) for url in urls]
        await asyncio.gather(*tasks)

    with_fetcher(work)


def test_one_host_is_asked_one_thing_at_a_time(server: WebServer) -> None:
    urls = [server.answer(f"/{number}", Answer(b"news")) for number in range(12)]

    all_at_once(urls)

    assert len(server.asked) == 12
    assert server.peak["127.0.0.1"] == 1


def test_different_hosts_are_asked_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=10)  # broken, and the fetch failed, unless all three are under way at once
    here = Answer(b"news", before=meeting.wait)
    with serving("127.0.0.1") as first, serving("127.0.0.2") as second, serving("127.0.0.3") as third:
        all_at_once([web.answer("/feed", here) for web in (first, second, third)])

    assert not meeting.broken


def test_one_server_under_two_names_is_two_hosts(server: WebServer) -> None:
    meeting = threading.Barrier(2, timeout=10)
    server.answer("/feed", Answer(b"news", before=meeting.wait))

    all_at_once([server.url("/feed"), server.url("/feed", host="localhost")])

    assert server.peak == {"127.0.0.1": 1, "localhost": 1}


def test_redirects_between_two_hosts_never_wait_for_each_other() -> None:
    with serving("127.0.0.1") as one, serving("127.0.0.2") as other:
        for web, target in ((one, other), (other, one)):
            web.answer("/news", Answer(b"news"))
            web.answer("/away", Answer(status=302, headers={"Location": target.url("/news")}))

        all_at_once([one.url("/away"), other.url("/away")] * 5)

        assert one.count("/news") == other.count("/news") == 5


def test_failed_request_gives_its_turn_back(server: WebServer) -> None:
    server.answer("/bad", Answer(status=500))
    server.answer("/good", Answer(b"news"))

    async def work(fetcher: Fetcher) -> None:
        with pytest.raises(FetchError):
            await fetcher.fetch(server.url("/bad"))
        await fetcher.fetch(server.url("/good"))

    with_fetcher(work)

    assert server.count("/good") == 1


def test_next_turn_comes_the_gap_after_the_last_one_ended() -> None:
    time = Time()

    async def turns() -> None:
        gate = HostGate(2.0, clock=time, sleep=time.sleep)
        for _ in range(3):
            async with gate.turn("example.org"):
                time.seconds += 0.5

    asyncio.run(turns())

    assert time.slept == [2.0, 2.0]


def test_host_that_was_left_alone_long_enough_is_asked_at_once() -> None:
    time = Time()

    async def turns() -> None:
        gate = HostGate(2.0, clock=time, sleep=time.sleep)
        async with gate.turn("example.org"):
            pass
        time.seconds += 5
        async with gate.turn("example.org"):
            pass

    asyncio.run(turns())

    assert time.slept == []


def test_idle_hosts_are_forgotten_and_busy_ones_kept() -> None:
    time = Time()

    async def turns() -> int:
        gate = HostGate(2.0, clock=time, sleep=time.sleep, remembered=10)
        async with gate.turn("busy.example"):
            for number in range(200):
                time.seconds += 5
                async with gate.turn(f"{number}.example"):
                    pass
            assert "busy.example" in gate
            return len(gate)

    assert asyncio.run(turns()) <= 10


def test_host_that_asked_for_a_pause_is_left_alone_by_all_its_feeds(server: WebServer) -> None:
    server.answer("/first", Answer(status=429, headers={"Retry-After": "600"}))
    server.answer("/second", Answer(b"news"))

    async def work(fetcher: Fetcher) -> FetchError:
        with pytest.raises(FetchError, match="http-429"):
            await fetcher.fetch(server.url("/first"))
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(server.url("/second"))
        return caught.value

    error = with_fetcher(work)

    assert (error.reason, error.retry_at) == ("host-paused", NOW + timedelta(seconds=600))
    assert server.count("/second") == 0


def test_refusal_of_one_address_says_nothing_about_the_host(server: WebServer) -> None:
    server.answer("/first", Answer(status=404, headers={"Retry-After": "600"}))
    server.answer("/second", Answer(b"news"))

    async def work(fetcher: Fetcher) -> None:
        with pytest.raises(FetchError, match="http-404"):
            await fetcher.fetch(server.url("/first"))
        await fetcher.fetch(server.url("/second"))

    with_fetcher(work)

    assert server.count("/second") == 1


def test_pause_ends_and_is_forgotten() -> None:
    pauses, minute = HostPauses(), timedelta(minutes=1)
    pauses.ask("a.example", NOW + 5 * minute, NOW)
    pauses.ask("a.example", NOW + 2 * minute, NOW)

    assert pauses.until("a.example", NOW + 4 * minute) == NOW + 5 * minute
    assert pauses.until("a.example", NOW + 5 * minute) is None
    pauses.ask("b.example", NOW + 9 * minute, NOW + 6 * minute)
    assert len(pauses) == 1
