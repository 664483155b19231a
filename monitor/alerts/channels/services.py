"""Any service that Apprise knows. The only door to Apprise.

Mail and webhooks are not sent through it: its mail waits 5.5 s between two messages and writes a second Message-ID, and
its webhooks are neither signed nor kept out of private networks at the moment of connecting.
"""

import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from types import ModuleType
from typing import Any

from monitor.alerts.channels.parts import SEND_DEADLINE_SECONDS, Masker, masker
from monitor.errors import DeliveryError
from storage.types import Delivery

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
    service: Any = field(repr=False)  # apprise.Apprise, which has no complete types
    mask: Masker = field(repr=False)

    def send(self, delivery: Delivery) -> None:
        """Send the message; raises DeliveryError with Apprise's own reason, secrets masked."""
        logging.getLogger("apprise").setLevel(logging.DEBUG)  # for the causes; goes nowhere but into the result
        result = self.service.notify(
            title=delivery.title,
            body=delivery.body,
            body_format="text",
            timeout=SEND_DEADLINE_SECONDS,
            log_level=logging.DEBUG,
        )
        if not result:
            raise self._failure([(entry.level, entry.message) for entry in result.logs()])

    def _failure(self, said: Sequence[tuple[str, str]]) -> DeliveryError:
        told = " ".join(message for level, message in said if level in ("WARNING", "ERROR", "CRITICAL"))
        reason = self.mask(told) or "the service did not take it and Apprise gives no reason"
        cause = _cause(" ".join(message for _, message in said))
        detail = f"{reason} ({cause})" if cause else reason
        return DeliveryError(self.name, detail, permanent=is_refusal(_status(told)))


def is_refusal(status: int | None) -> bool:
    """Return whether an HTTP status says that the same request will never be taken (RFC 9110, section 15.5)."""
    return status is not None and 400 <= status < 500 and status not in (408, 429)


def _cause(said: str) -> str:
    return next((plain for phrase, plain in _CAUSES if phrase in said.lower()), "")


def _status(told: str) -> int | None:
    found = re.search(r"error=(\d{3})\b", told)
    return int(found[1]) if found else None


def service_problem(scheme: str, url: str, *, ours: Sequence[str] = ()) -> str:
    """Return what is wrong with an Apprise URL, empty if nothing; never quotes more of it than the scheme.

    `ours` are schemes that are not Apprise's, and may be what was meant.
    """
    services = _apprise().Apprise()
    if services.add(url):
        # One call tells one result for all destinations, so a resend would reach those again that took it.
        number = sum(len(service) for service in services)
        return f"names {number} destinations: give each a URL of its own, as a list" if number > 1 else ""
    if scheme in _schemes():
        return f"Apprise cannot use this {scheme}:// URL: a part is missing or malformed"
    close = get_close_matches(scheme, (*ours, *_schemes()), n=1)
    return f"Apprise knows no service {scheme}://" + (f" (did you mean {close[0]}://?)" if close else "")


@lru_cache(maxsize=1)
def _schemes() -> tuple[str, ...]:
    plugins = _apprise().Apprise().details()["schemas"]
    named = (plugin[field] or () for plugin in plugins for field in ("protocols", "secure_protocols"))
    return tuple(sorted({scheme for schemes in named for scheme in schemes}))


def open_service(name: str, url: str) -> AppriseChannel:
    """Return the channel of a URL that `service_problem` finds no fault with."""
    service = _apprise().Apprise(asset=_apprise().AppriseAsset(async_mode=False))
    service.add(url)
    return AppriseChannel(name, service, masker(url))


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
