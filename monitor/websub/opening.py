"""Joins what WebSub needs: the endpoint on its server, and the jobs that ask hubs and read what they push."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from monitor.pipeline import Monitor
from monitor.poller.fetch import FetchSettings
from monitor.poller.post import Poster
from monitor.websub.endpoint import Endpoint, make_app
from monitor.websub.hubs import ask_hubs, read_pushes
from monitor.websub.server import serving
from monitor.websub.settings import WebSubSettings

# A hub may send us on to another address (W3C WebSub wants 307 and 308 to be followed).
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class WebSub:
    """The two jobs, to be called now and then, and the port that hubs are listened to at."""

    ask: Callable[[], object]
    read: Callable[[], object]
    port: int


@contextmanager
def open_websub(settings: WebSubSettings, fetch: FetchSettings, monitor: Monitor) -> Iterator[WebSub]:
    """Listen to hubs until the end. Raises MonitorError when the address cannot be listened at."""
    poster = Poster(fetch, now=monitor.now, redirects=MOST_REDIRECTS)
    app = make_app(Endpoint(monitor.store, settings, now=monitor.now))
    try:
        with serving(app, settings.host, settings.port) as port:
            yield WebSub(
                ask=lambda: ask_hubs(monitor, poster.post, settings), read=lambda: read_pushes(monitor), port=port
            )
    finally:
        closed: Future[Any] = monitor.loop.submit(poster.aclose)
        closed.result()
