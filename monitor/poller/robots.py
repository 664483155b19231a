"""How long a host wants to rest between two requests: the Crawl-delay of its robots.txt. The door to Protego.

Nothing else of robots.txt is asked: a feed is made for programs to fetch, and whoever lists it means to read it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

# RFC 9309, section 2.5, wants 500 KiB read; what a crawl-delay needs stands far ahead of that.
MOST_BYTES = 100_000
# Delays of an hour are for crawlers of whole sites; a feed is one document. What is asked for beyond is cut to this.
LONGEST_DELAY_SECONDS = 300.0
# RFC 9309, section 2.4: no copy is used for longer than a day.
KEPT_SECONDS = 86_400.0
# Hosts remembered before those whose copy is too old are forgotten.
REMEMBERED = 1_000


def robots_url(url: str) -> str:
    """Return where the robots.txt of an address's host is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def crawl_delay(body: bytes, user_agent: str) -> float:
    """Return the seconds that a robots.txt asks this agent to rest between requests; 0 where it does not say."""
    rules = Protego.parse(body[:MOST_BYTES].decode("utf-8", "replace"))
    asked = rules.crawl_delay(user_agent)
    return min(max(asked or 0.0, 0.0), LONGEST_DELAY_SECONDS)


@dataclass(frozen=True, slots=True)
class _Copy:
    delay: asyncio.Future[float]
    old_at: float


class CrawlDelays:
    """Remembers for a day what each host asked for; `ask(url)` reads it. Belongs to one event loop."""

    def __init__(self, ask: Callable[[str], Awaitable[float]], *, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._copies: dict[str, _Copy] = {}

    async def of(self, host: str, url: str) -> float:
        """Return the delay of an address's host; whoever asks for it meanwhile waits for the same answer."""
        copy = self._copies.get(host)
        if copy is None or copy.old_at <= self._clock():
            self._forget()
            copy = _Copy(asyncio.ensure_future(self._ask(url)), self._clock() + KEPT_SECONDS)
            self._copies[host] = copy
        return await asyncio.shield(copy.delay)

    def _forget(self) -> None:
        if len(self._copies) >= REMEMBERED:
            now = self._clock()
            self._copies = {host: copy for host, copy in self._copies.items() if copy.old_at > now}
