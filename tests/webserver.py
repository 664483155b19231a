"""A small real web server on loopback: scripted answers, and a record of what was asked and how many at once."""

import socket
import ssl
import struct
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in; `headers` have lower-cased names."""

    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say. `before` runs ahead of it (to wait for an event); `pieces`, if given, are sent instead of `body`.

    Pieces go out one by one without a Content-Length, until they end or the client has gone. `raw` pieces are all that
    is sent, without any head, and the connection is closed after them; with `reset` it is broken off.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None
    pieces: Callable[[], Iterable[bytes]] | None = None
    raw: Callable[[], Iterable[bytes]] | None = None
    reset: bool = False


Script = Answer | Callable[[Asked], Answer]


class WebServer:
    """Answers by path; the last answer of a path is repeated, an unknown path is 404. With `tls` it speaks https."""

    def __init__(self, host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> None:
        self._scripts: dict[str, list[Script]] = defaultdict(list)
        self._lock = threading.Lock()
        self._active: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()  # most requests at once, by Host header without port
        self.asked: list[Asked] = []
        self._server = _Server((host, 0), self)
        if tls is not None:
            # The handshake is left to the connection's own thread, so that a failing client stops no other.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "https" if tls else "http"
        self.host, self.port = host, self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, *, host: str = "") -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def answer(self, path: str, *scripts: Script) -> str:
        """Set what a path says, one answer after the other; returns its address."""
        self._scripts[path] = list(scripts)
        return self.url(path)

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(one.path == path for one in self.asked)

    def next_answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            scripts = self._scripts.get(asked.path) or [Answer(status=404)]
            script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        return script(asked) if callable(script) else script

    @contextmanager
    def counted(self, host: str) -> Iterator[None]:
        with self._lock:
            self._active[host] += 1
            self.peak[host] = max(self.peak[host], self._active[host])
        try:
            yield
        finally:
            with self._lock:
                self._active[host] -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], web: WebServer) -> None:
        super().__init__(address, _Handler)
        self.web = web

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: a client that hangs up early is what several tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rpartition(":")[0]
        with self.server.web.counted(host):
            self._send(self.server.web.next_answer(self._asked()))

    do_POST = do_GET  # noqa: N815  the name is http.server's

    def _asked(self) -> Asked:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(self.path, headers, self.rfile.read(length), self.command)

    def _send(self, answer: Answer) -> None:
        answer.before()
        if answer.raw is not None:
            self._send_raw(answer.raw(), reset=answer.reset)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.pieces is None:
            self._send_whole(answer)
        else:
            self._send_pieces(answer.pieces())

    def _send_raw(self, pieces: Iterable[bytes], *, reset: bool) -> None:
        self.close_connection = True
        for piece in pieces:
            self.connection.sendall(piece)
        if reset:  # closing with what lingers thrown away sends RST in place of FIN
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _send_whole(self, answer: Answer) -> None:
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _send_pieces(self, pieces: Iterable[bytes]) -> None:
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Stay quiet: what was asked is in `WebServer.asked`."""


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[WebServer]:
    """Run a server for the length of a `with` block."""
    server = WebServer(host)
    server.start()
    try:
        yield server
    finally:
        server.stop()
