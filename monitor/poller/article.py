"""The article behind an item: its own text where the feed carries it, else its page. Failures are values."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from extractors.errors import FullTextError
from extractors.fulltext import extract
from monitor.errors import FetchError
from monitor.poller.poll import Fetches
from monitor.poller.types import Fetched
from storage.types import Item, ReadArticle

PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/plain")


@dataclass(frozen=True, slots=True)
class ArticleSettings:
    """How articles are read.

    A text of `min_chars` characters that came with the feed is taken for the article. A page that cannot be had for
    the moment is tried `attempts` times, the first time again after `retry_after`, then after twice as long each time.
    """

    min_chars: int = 600
    attempts: int = 3
    retry_after: timedelta = timedelta(minutes=5)


async def read_item(
    item: Item, fetcher: Fetches, *, now: Callable[[], datetime], settings: ArticleSettings
) -> ReadArticle:
    """Return the article's text, or why it cannot be had, or when to try again; raises nothing that is expected.

    With a failure the item's summary is what there is. A page that says less than the summary counts as a failure.
    """
    carried = max(item.text, item.summary, key=len)
    if len(carried) >= settings.min_chars:
        return ReadArticle(item.id, text=carried)
    if not item.url:
        return ReadArticle(item.id, failure="no-url: the feed gives no address for it")
    try:
        answer = await fetcher.fetch(item.url)
    except FetchError as error:
        return _unfetched(item, error, now(), settings)
    return await _from_page(item, answer) if isinstance(answer, Fetched) else _failure(item, "no-page: status 304")


async def _from_page(item: Item, page: Fetched) -> ReadArticle:
    kind = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in PAGE_TYPES:
        return _failure(item, f"not-a-page: {kind}")
    try:
        full = await asyncio.to_thread(extract, page.body, url=page.url)
    except FullTextError as error:
        return _failure(item, f"no-text: {error}")
    carried = max(item.text, item.summary, key=len)
    if len(full.text) <= len(carried):
        return _failure(item, "no-text: the page says no more than the feed")
    return ReadArticle(item.id, text=full.text)


def _unfetched(item: Item, error: FetchError, now: datetime, settings: ArticleSettings) -> ReadArticle:
    if error.permanent or item.read_attempts + 1 >= settings.attempts:
        return _failure(item, str(error))
    usual = now + settings.retry_after * 2**item.read_attempts
    return ReadArticle(item.id, failure=str(error), retry_at=max(usual, error.retry_at or usual))


def _failure(item: Item, reason: str) -> ReadArticle:
    return ReadArticle(item.id, failure=reason)
