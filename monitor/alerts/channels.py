"""Where messages go: the terminal, a file of JSON lines, or any service that Apprise knows. The door to Apprise.

A channel is one URL: `console:`, `file:PATH`, or an Apprise URL. A message that a channel does not take is tried again
at growing distances (`retry_after`) until its time is over; `attempt` is what the main loop calls.
"""

import json
import logging
import os
import re
import socket
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import unquote

from rich.console import Console, Group
from rich.rule import Rule
from rich.text import Text

from monitor.alerts.secret import Secret
from monitor.errors import DeliveryError
from storage.types import Attempt, Delivery

Network = IPv4Network | IPv6Network

# The first retry comes soon, because most failures are a lost connection; the distance doubles up to a quarter of an
# hour, so that a service that was down for a night is not asked thousands of times and hears of it soon afterwards.
FIRST_DISTANCE = timedelta(seconds=10)
LONGEST_DISTANCE = timedelta(minutes=15)
# Up to this part of the distance is taken off, so that messages that failed together do not come back together.
JITTER = 0.2
# For one message to one service, all its requests included. Far below the lease of a claimed message (5 min), so that
# nobody else takes it up while it is still being sent.
SEND_DEADLINE = timedelta(seconds=60)


class Channel(Protocol):
    """A place that messages are delivered to. Channels are used from several threads at once."""

    def send(self, delivery: Delivery) -> None:
        """Hand one message over; raises DeliveryError when it was not taken."""


class Terminal(Console):
    """Standard output, or another file; a reader that has gone is an error and not, as in Rich, the program's end."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError that is being handled."""
        raise


def open_channels(
    urls: Mapping[str, Secret],
    *,
    folder: Path,
    allow_networks: Iterable[Network] = (),
    console: Terminal | None = None,
) -> Mapping[str, Channel]:
    """Return a channel for each name. Nothing is sent or connected yet.

    Relative paths of `file:` are below `folder`. Webhooks (json, xml, form) reach private addresses only in
    `allow_networks`. Raises DeliveryError for a URL that `channel_problem` finds fault with.
    """
    networks = tuple(allow_networks)
    return {name: _open(name, url.reveal(), folder, networks, console or Terminal()) for name, url in urls.items()}


def _open(name: str, url: str, folder: Path, networks: tuple[Network, ...], console: Terminal) -> Channel:
    if problem := channel_problem(url):
        raise DeliveryError(name, problem, permanent=True)
    scheme, rest = _split(url)
    if scheme == "console":
        return ConsoleChannel(name, console)
    if scheme == "file":
        return FileChannel(name, folder / rest)
    return AppriseChannel(name, scheme, _service(url), _masker(url), networks)


def channel_problem(url: str) -> str:
    """Return what is wrong with a channel's URL, empty if nothing; never quotes more of it than the scheme."""
    scheme, rest = _split(url)
    if scheme == "console":
        return "write `console:` alone" if rest else ""
    if scheme == "file":
        return "" if rest else "a path is missing after `file:`"
    if not url.partition("://")[1]:
        return "wants `console:`, `file:PATH` or an Apprise URL such as mailto://… or slack://…"
    return _apprise_problem(scheme, url)


def _split(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition(":")
    return scheme.strip().lower(), rest.strip()


# ---------------------------------------------------------------- sending


def attempt(channels: Mapping[str, Channel], delivery: Delivery, now: datetime, give_up_after: timedelta) -> Attempt:
    """Try to send a message once; returns how it ended: sent, to try again at an instant, or given up."""
    try:
        _channel(channels, delivery).send(delivery)
    except DeliveryError as error:
        return Attempt(delivery.id, now, str(error), next_try(delivery, error, now, give_up_after))
    return Attempt(delivery.id, now)


def _channel(channels: Mapping[str, Channel], delivery: Delivery) -> Channel:
    try:
        return channels[delivery.channel]
    except KeyError:
        raise DeliveryError(delivery.channel, "is no longer in the configuration", permanent=True) from None


def next_try(delivery: Delivery, error: DeliveryError, now: datetime, give_up_after: timedelta) -> datetime | None:
    """Return when a message that failed at `now` is tried again; None gives it up."""
    if error.permanent:
        return None
    retry_at = error.retry_at or retry_after(delivery.attempts + 1, now, delivery.key)
    return retry_at if retry_at <= delivery.created_at + give_up_after else None


def retry_after(attempts: int, now: datetime, key: str) -> datetime:
    """Return when to try again after `attempts` failed tries (1 or more); the same message always waits the same."""
    doublings: int = min(attempts - 1, 16)  # past the longest distance anyway, and no overflow after years
    distance = min(FIRST_DISTANCE * (1 << doublings), LONGEST_DISTANCE)
    return now + distance * (1 - JITTER * _fraction(f"{key} {attempts}"))


def _fraction(text: str) -> float:
    """Return a number from 0 up to 1 that looks random and depends on the text alone."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32


# ---------------------------------------------------------------- console


@dataclass(frozen=True, slots=True)
class ConsoleChannel:
    """Shows a message between two rules on the terminal. Lines are left whole, so that links can be followed."""

    name: str
    console: Terminal

    def send(self, delivery: Delivery) -> None:
        """Print the message; raises DeliveryError when the output is closed or full."""
        told = Text.assemble((_printable(delivery.title), "bold"), "\n\n", _printable(delivery.body))
        block = Group(Rule(Text(delivery.rule), align="left", style="cyan"), told, Rule(style="cyan"))
        try:
            self.console.print(block, soft_wrap=True)
        except OSError as error:
            raise DeliveryError(self.name, f"cannot write to the terminal: {error.strerror}") from error


# News comes from strangers: an escape sequence in a headline must not reach the operator's terminal.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _printable(text: str) -> str:
    return _CONTROL.sub(" ", text)


# ---------------------------------------------------------------- file


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Appends each message as one line of JSON.

    A line is written by one call and is on the disk before it counts as sent. A crash between the two writes it again
    after the restart: readers drop lines whose `key` they know.
    """

    name: str
    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def send(self, delivery: Delivery) -> None:
        """Append the message; raises DeliveryError when the file cannot be written."""
        line = json.dumps(_record(delivery), ensure_ascii=False).encode() + b"\n"
        try:
            with self.lock:
                _append(self.path, line)
        except OSError as error:
            raise DeliveryError(self.name, f"cannot write {self.path}: {error.strerror}") from error


def _record(delivery: Delivery) -> dict[str, object]:
    return {
        "key": delivery.key,
        "rule": delivery.rule,
        "channel": delivery.channel,
        "event_id": delivery.event_id,
        "development_ids": delivery.development_ids,
        "title": delivery.title,
        "body": delivery.body,
        "created_at": delivery.created_at.isoformat(),
    }


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        # A line cut short by a crash or a full disk must not swallow the next one.
        whole = line if _ends_a_line(descriptor) else b"\n" + line
        if os.write(descriptor, whole) < len(whole):
            raise OSError(0, "the disk took only a part of the line")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


# ---------------------------------------------------------------- Apprise

# Answers after which the same request never succeeds (RFC 9110, section 15.5). 401 and 403 are not among them: an
# operator mends a password, and the message should then still arrive.
_HOPELESS = frozenset({400, 404, 405, 410, 411, 413, 414, 415, 422})

# Webhooks go to an address of the operator's choice with a body of the feeds' choice, so they stay out of private
# networks unless those are listed. Mail and chat servers in the house are the usual case and are not asked.
_WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})

# Apprise tells the cause of a broken connection in its debug log only, together with the whole URL. These phrases of
# requests, urllib3, ssl and smtplib are the part of it that may be shown.
_CAUSES: tuple[tuple[str, str], ...] = (
    ("timed out", "it did not answer in time"),
    ("timeout", "it did not answer in time"),
    ("refused", "the connection was refused"),
    ("name or service not known", "the host is unknown"),
    ("name resolution", "the host is unknown"),
    ("failed to resolve", "the host is unknown"),
    ("certificate", "its certificate cannot be verified"),
    ("reset by peer", "the connection was cut"),
    ("connection aborted", "the connection was cut"),
    ("unreachable", "the network is unreachable"),
)


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Hands messages to one service through Apprise, which waits by default 4 s for a connection or an answer."""

    name: str
    scheme: str
    service: Any = field(repr=False)  # apprise.Apprise, which has no complete types
    mask: "Masker" = field(repr=False)
    allow_networks: tuple[Network, ...] = ()

    def send(self, delivery: Delivery) -> None:
        """Send the message; raises DeliveryError with Apprise's own reason, secrets masked."""
        self._refuse_private_address()
        logging.getLogger("apprise").setLevel(logging.DEBUG)  # for the causes; goes nowhere but into the result
        result = self.service.notify(
            title=delivery.title,
            body=delivery.body,
            body_format="text",
            timeout=SEND_DEADLINE.total_seconds(),
            log_level=logging.DEBUG,
        )
        if not result:
            raise self._failure([(entry.level, entry.message) for entry in result.logs()])

    def _refuse_private_address(self) -> None:
        if self.scheme in _WEBHOOKS:
            _refuse_private(self.name, self.service[0].host, self.allow_networks)

    def _failure(self, said: Sequence[tuple[str, str]]) -> DeliveryError:
        told = " ".join(message for level, message in said if level in ("WARNING", "ERROR", "CRITICAL"))
        reason = self.mask(told) or "the service did not take it and Apprise gives no reason"
        cause = _cause(" ".join(message for _, message in said))
        detail = f"{reason} ({cause})" if cause else reason
        return DeliveryError(self.name, detail, permanent=_status(told) in _HOPELESS)


def _cause(said: str) -> str:
    return next((plain for phrase, plain in _CAUSES if phrase in said.lower()), "")


def _status(told: str) -> int | None:
    found = re.search(r"error=(\d{3})\b", told)
    return int(found[1]) if found else None


def _refuse_private(channel: str, host: str, allowed: tuple[Network, ...]) -> None:
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise DeliveryError(channel, "its host cannot be found") from error
    for *_, sockaddr in found:
        address = ip_address(str(sockaddr[0]).partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address  # ::ffff:127.0.0.1 is this machine too
        if not address.is_global and not any(address in network for network in allowed):
            raise DeliveryError(channel, "its host is in a private network that poller.allow_networks does not list")


def _apprise_problem(scheme: str, url: str) -> str:
    if _apprise().Apprise().add(url):
        return ""
    if scheme in _schemes():
        return f"Apprise cannot use this {scheme}:// URL: a part is missing or malformed"
    close = get_close_matches(scheme, _schemes(), n=1)
    return f"Apprise knows no service {scheme}://" + (f" (did you mean {close[0]}://?)" if close else "")


@lru_cache(maxsize=1)
def _schemes() -> tuple[str, ...]:
    plugins = _apprise().Apprise().details()["schemas"]
    named = (plugin[field] or () for plugin in plugins for field in ("protocols", "secure_protocols"))
    return tuple(sorted({scheme for schemes in named for scheme in schemes}))


def _service(url: str) -> Any:
    # A webhook that redirects could lead into a private network after all.
    follows = _split(url)[0] not in _WEBHOOKS
    service = _apprise().Apprise(asset=_apprise().AppriseAsset(async_mode=False, http_redirects=follows))
    service.add(url)
    return service


@lru_cache(maxsize=1)
def _apprise() -> ModuleType:
    """Import Apprise when a channel needs it (0.4 s), and keep what it and its HTTP library log to ourselves.

    They write whole URLs into their debug logs.
    """
    for name in ("apprise", "urllib3", "requests", "requests_oauthlib"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # one of its services imports imghdr on Python 3.11
        import apprise

        apprise.Apprise().add("json://localhost")  # what it loads with its first service, it loads here
    return apprise


@dataclass(frozen=True, slots=True)
class Masker:
    """Hides every part of a URL in a text: Apprise puts tokens in any place, the host's included."""

    parts: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """Return the text with each part replaced."""
        for part in self.parts:
            text = text.replace(part, "***")
        return " ".join(text.split())


def _masker(url: str) -> Masker:
    """Take a URL apart at everything that separates; parts of up to two characters say nothing and stay readable."""
    pieces = [piece for piece in re.split(r"[:/?&=@,;#\s]+", url.partition("://")[2]) if len(piece) > 2]
    parts = {*pieces, *(unquote(piece) for piece in pieces)}
    return Masker(tuple(sorted(parts, key=lambda part: (-len(part), part))))
