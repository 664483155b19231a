"""Run a piece of work with a fetcher of its own, on a loop of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from monitor.errors import FetchError
from monitor.poller.fetch import Fetcher, FetchSettings
from monitor.poller.types import Fetched, NotModified

T = TypeVar("T")

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
# Loopback may be reached, and nothing waits, unless a test is about just that.
OPEN = FetchSettings(
    allow_networks=("127.0.0.0/8", "::1/128"), min_gap_seconds=0.0, deadline_seconds=10.0, robots=False
)


def with_fetcher(work: Callable[[Fetcher], Awaitable[T]], settings: FetchSettings = OPEN) -> T:
    """Return what `work` gives."""
    return run(_with_fetcher(work, settings))


def run(work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine gives, on a loop of its own."""
    return asyncio.run(work)


async def _with_fetcher(work: Callable[[Fetcher], Awaitable[T]], settings: FetchSettings) -> T:
    fetcher = Fetcher(settings, now=lambda: NOW)
    try:
        return await work(fetcher)
    finally:
        await fetcher.aclose()


def fetch(url: str, settings: FetchSettings = OPEN, **validators: str) -> Fetched | NotModified:
    """Fetch one address."""
    return with_fetcher(lambda fetcher: fetcher.fetch(url, **validators), settings)


def document(url: str, settings: FetchSettings = OPEN) -> Fetched:
    """Fetch one address that gives a document."""
    fetched = fetch(url, settings)
    assert isinstance(fetched, Fetched)
    return fetched


def refused(url: str, settings: FetchSettings = OPEN) -> FetchError:
    """Fetch one address that gives none, and return why."""
    with pytest.raises(FetchError) as caught:
        fetch(url, settings)
    return caught.value


def open_with(**changes: object) -> FetchSettings:
    """Return the open settings with some of them changed."""
    return replace(OPEN, **changes)  # type: ignore[arg-type]  # by name
