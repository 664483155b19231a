"""A small real hub on loopback (W3C WebSub): it verifies whoever subscribes, and pushes, signed with their secret."""

import http.client
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from monitor.websub.signature import signature
from tests.webserver import Answer, Asked, WebServer

PUBLIC = "https://monitor.example/news"


@dataclass(frozen=True, slots=True)
class Told:
    """What the subscriber answered."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Hub:
    """Serves `/hub` of a web server. `port` is where the subscriber listens, whom the world knows as `PUBLIC`."""

    web: WebServer
    port: int = 0
    lease_seconds: int = 86_400
    requests: list[dict[str, str]] = field(default_factory=list)
    verifications: list[Told] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: Answer(status=202))
    denies: str = ""

    def __post_init__(self) -> None:
        self.web.answer("/hub", self._asked)

    @property
    def url(self) -> str:
        return self.web.url("/hub")

    @property
    def last(self) -> dict[str, str]:
        """The latest request of the subscriber."""
        return self.requests[-1]

    def _asked(self, asked: Asked) -> Answer:
        self.requests.append({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        if self.answer.status == 202:
            self.verifications.append(self.deny(self.denies) if self.denies else self.verify())
        return self.answer

    def verify(self, **changes: str) -> Told:
        """Ask the subscriber whether it wants what was asked for last, and return what it says."""
        query = {"hub.mode": self.last["hub.mode"], "hub.topic": self.last["hub.topic"], "hub.challenge": "<b>7"}
        query["hub.lease_seconds"] = str(self.lease_seconds)
        return self.call("GET", self.last["hub.callback"] + "?" + urlencode(query | changes))

    def deny(self, reason: str) -> Told:
        """Tell the subscriber that it is refused."""
        query = {"hub.mode": "denied", "hub.topic": self.last["hub.topic"], "hub.reason": reason}
        return self.call("GET", self.last["hub.callback"] + "?" + urlencode(query))

    def push(self, body: bytes, *, method: str = "sha256", **headers: str) -> Told:
        """Push a document to whoever subscribed last; a header given takes the place of the right one."""
        signed = {"X-Hub-Signature": signature(method, self.last["hub.secret"], body)}
        right = {"Content-Type": "application/rss+xml"} | signed
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", self.last["hub.callback"], body, right | named)

    def call(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Told:
        """Call the subscriber by its public address, as its proxy passes that on."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
            answer = connection.getresponse()
            return Told(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()
