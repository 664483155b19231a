"""Real receivers of messages on loopback: the web for webhooks, and a mail server that answers as it is told."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.alerts.channels import Answer, Channel, Post, open_channels
from monitor.alerts.secret import Secret
from monitor.clock import Clock, SetClock
from monitor.engine import LoopExecutor
from monitor.poller.fetch import FetchSettings
from monitor.poller.post import Poster
from tests.builders import NOW

LOOPBACK = ("127.0.0.0/8", "::1/128")
SECRET = "the two of us"
CLOCK = SetClock(NOW)


@contextmanager
def posting(*, allow: tuple[str, ...] = LOOPBACK, now: Clock = CLOCK, deadline_seconds: float = 20.0) -> Iterator[Post]:
    """Give what posts to the web, from a loop of its own, as monitor.app joins it."""
    loop = LoopExecutor("test-web")
    poster = Poster(FetchSettings(allow_networks=allow), now=now, deadline_seconds=deadline_seconds)
    try:
        yield lambda url, headers, body: Answer(*loop.run(poster.post(url, headers, body)))
    finally:
        loop.run(poster.aclose())
        loop.shutdown()


def no_web(url: str, headers: object, body: bytes) -> Answer:
    """Post nothing: for channels that need no web."""
    raise AssertionError("this channel posts nothing")


def a_channel(url: str, *, folder: Path = Path(), post: Post = no_web, name: str = "desk") -> Channel:
    """Return the channel of a URL."""
    return open_channels({name: Secret(url)}, folder=folder, post=post, now=SetClock(NOW))[name]


@dataclass(slots=True)
class MailServer:
    """A mail server: `replies` are what it says to the next messages, in order; then it takes all.

    With `login`, it takes mail only from who gives this user and password. `at_rcpt` answers at the recipient already.
    """

    replies: list[str] = field(default_factory=list)
    login: tuple[str, str] | None = None
    at_rcpt: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    asked: int = 0
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Say whether a recipient is one."""
        if self.at_rcpt and self.replies:
            self.asked += 1
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  likewise
        """Take a message, or say what was told to be said."""
        with self.lock:
            self.asked += 1
            if self.login and not session.authenticated:
                return "530 5.7.0 who are you"
            if self.replies and not self.at_rcpt:
                return self.replies.pop(0)
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append(mail)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Say whether user and password are the right ones."""
        good = isinstance(data, LoginPassword) and self.login == (data.login.decode(), data.password.decode())
        return AuthResult(success=good, handled=good, message=None if good else f"535 5.7.8 not you, {data.login!r}")

    def url(self, *, login: str = "", query: str = "from=demarche@desk.example&to=reader@desk.example") -> str:
        """Return the channel URL that leads here."""
        return f"smtp://{login}127.0.0.1:{self.port}?{query}&tls=none"


@contextmanager
def mail_server(*replies: str, login: tuple[str, str] | None = None, at_rcpt: bool = False) -> Iterator[MailServer]:
    """Run a mail server for the length of a `with` block."""
    server = MailServer(list(replies), login, at_rcpt)
    settings: dict[str, Any] = {"authenticator": server.authenticate, "auth_require_tls": False} if login else {}
    loop = LoopExecutor("test-mail")

    async def listen() -> asyncio.Server:
        running = asyncio.get_running_loop()
        return await running.create_server(
            lambda: SMTP(server, hostname="mail.example", loop=running, **settings),
            "127.0.0.1",
            0,
        )

    listening = loop.run(listen())
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        loop.run(closed(listening))
        loop.shutdown()


async def closed(server: asyncio.Server) -> None:
    """Close a server."""
    server.close()
