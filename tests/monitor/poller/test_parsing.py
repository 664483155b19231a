"""Documents are parsed in processes of their own: one that is too much for them fails alone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from monitor.errors import FeedParseError
from monitor.poller.parse import parse_feed
from monitor.poller.parsing import ParseSettings, ParseWorkers
from tests.monitor.poller.fetching import run

T = TypeVar("T")
URL = "https://courier.example/feed"
GOOD = b"<rss version='2.0'><channel><title>Courier</title><item><title>Ministers meet</title></item></channel></rss>"
# feedparser takes time with the square of the depth at which a document nests.
DEEP = b"<rss version='2.0'><channel><item>" + b"<a>" * 60_000 + b"</a>" * 60_000 + b"</item></channel></rss>"


def with_workers(work: Callable[[ParseWorkers], Awaitable[T]], **settings: float) -> T:
    async def working() -> T:
        workers = ParseWorkers(ParseSettings(**settings))  # type: ignore[arg-type]  # by name
        try:
            return await work(workers)
        finally:
            await workers.aclose()

    return run(working())


async def refused(workers: ParseWorkers, body: bytes) -> FeedParseError:
    with pytest.raises(FeedParseError) as caught:
        await workers.parse(body, {}, URL)
    return caught.value


def test_worker_gives_what_the_parser_gives() -> None:
    feeds = with_workers(lambda workers: asyncio.gather(*(workers.parse(GOOD, {}, URL) for _ in range(5))))

    assert feeds == [parse_feed(GOOD, {}, URL)] * 5


def test_refusal_comes_with_its_reason_and_the_worker_goes_on() -> None:
    async def work(workers: ParseWorkers) -> tuple[FeedParseError, str]:
        error = await refused(workers, b"<html></html>")
        return error, (await workers.parse(GOOD, {}, URL)).title

    error, title = with_workers(work, workers=1)

    assert (error.reason, error.url, title) == ("html-page", URL, "Courier")


def test_document_that_takes_too_long_fails_alone() -> None:
    async def work(workers: ParseWorkers) -> tuple[FeedParseError, str]:
        await workers.parse(GOOD, {}, URL)  # both are there before time is counted
        error = await refused(workers, DEEP)
        return error, (await workers.parse(GOOD, {}, URL)).title

    error, title = with_workers(work, workers=1, seconds=0.3)

    assert (error.reason, title) == ("parser-timeout", "Courier")


def test_document_that_takes_too_much_memory_fails_alone() -> None:
    async def work(workers: ParseWorkers) -> tuple[FeedParseError, str]:
        error = await refused(workers, GOOD.replace(b"Courier", b"x" * 60_000_000))
        return error, (await workers.parse(GOOD, {}, URL)).title

    error, title = with_workers(work, workers=1, memory=250_000_000)

    assert (error.reason, title) == ("parser-memory", "Courier")


def test_process_that_was_killed_is_replaced() -> None:
    async def work(workers: ParseWorkers) -> str:
        await workers.parse(GOOD, {}, URL)
        workers._idle[0]._process.kill()
        workers._idle[0]._process.wait()
        return (await workers.parse(GOOD, {}, URL)).title

    assert with_workers(work, workers=1) == "Courier"
