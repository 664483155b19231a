"""A web of recorded documents: what a replay's fetcher reads instead of the network."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from monitor.poller.transport import Response


class RecordedTransport:
    """Answers each request with what `document(url)` gives: 200 and the bytes, or 404 for None."""

    def __init__(self, document: Callable[[str], bytes | None]) -> None:
        self._document = document

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Response]:
        """Return the recorded answer."""
        body = self._document(url)
        yield Response(404, "Not Found", {}, _pieces(b"")) if body is None else Response(200, "OK", {}, _pieces(body))

    async def aclose(self) -> None:
        """There is nothing to close."""


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body
