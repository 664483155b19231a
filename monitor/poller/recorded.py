"""A web of recorded documents: what a replay's fetcher reads instead of the network."""

from collections.abc import Callable

import httpx


class RecordedTransport(httpx.AsyncBaseTransport):
    """Answers each request with what `document(url)` gives: 200 and the bytes, or 404 for None."""

    def __init__(self, document: Callable[[str], bytes | None]) -> None:
        self._document = document

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the recorded answer."""
        body = self._document(str(request.url))
        if body is None:
            return httpx.Response(404, stream=httpx.ByteStream(b""), request=request)
        return httpx.Response(200, stream=httpx.ByteStream(body), request=request)
