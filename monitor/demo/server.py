"""A small web server on loopback that carries the recorded feeds, each as it stood at the demo's present instant."""

import threading
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from monitor.clock import Clock
from monitor.recording import Snapshot


class RecordedSite:
    """Serves `/FEED/feed.xml` on 127.0.0.1, with ETags, so that an unchanged feed costs a 304. A context manager."""

    def __init__(self, snapshots: Sequence[Snapshot], now: Clock) -> None:
        self._now = now
        self._snapshots: dict[str, list[Snapshot]] = {}
        for snapshot in sorted(snapshots, key=lambda one: one.at):
            self._snapshots.setdefault(snapshot.feed, []).append(snapshot)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, name="recorded-site", daemon=True)

    @property
    def port(self) -> int:
        """The port that the site listens on."""
        return int(self._server.server_address[1])

    def document(self, feed: str) -> bytes | None:
        """Return the feed's newest snapshot so far; None for no such feed, or before its first."""
        snapshots = self._snapshots.get(feed, [])
        count = bisect_right(snapshots, self._now(), key=lambda one: one.at)
        return snapshots[count - 1].path.read_bytes() if count else None

    def __enter__(self) -> "RecordedSite":
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def etag_of(body: bytes) -> str:
    """Return the entity tag that the site gives a document."""
    return f'"{sha256(body).hexdigest()[:16]}"'


def _handler(site: RecordedSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            feed = self.path.strip("/").partition("/")[0]
            body = site.document(feed)
            if body is None:
                self._answer(HTTPStatus.NOT_FOUND, b"", "")
                return
            etag = etag_of(body)
            if self.headers.get("If-None-Match") == etag:
                self._answer(HTTPStatus.NOT_MODIFIED, b"", etag)
                return
            self._answer(HTTPStatus.OK, body, etag)

        def _answer(self, status: HTTPStatus, body: bytes, etag: str) -> None:
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            self.send_header("Content-Type", "application/xml")
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
            """Say nothing: the daemon tells of its polls."""

    return Handler
