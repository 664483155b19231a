"""What the channels share: their protocol, what a webhook needs of the web, what a message is for programs, masks."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import unquote

from storage.types import Delivery

# For one message to one service, all its requests included. Far below the lease of a claimed message (5 min), so that
# nobody else takes it up while it is still being sent, and short enough for a daemon that is asked to stop.
SEND_DEADLINE_SECONDS = 30.0


class Channel(Protocol):
    """A place that messages are delivered to. Channels are used from several threads at once."""

    def send(self, delivery: Delivery) -> None:
        """Hand one message over; raises DeliveryError when it was not taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web server said to a request; `retry_at` is when it asks us back, if it does."""

    status: int
    retry_at: datetime | None = None


# Posts a body to an address and returns the answer; raises FetchError where there is none. Redirects are not followed.
Post = Callable[[str, Mapping[str, str], bytes], Answer]


def record(delivery: Delivery) -> dict[str, Any]:
    """Return a message as programs read it: the same in a file and in a webhook."""
    details = json.loads(delivery.details) if delivery.details else {}
    return {
        "key": delivery.key,
        "rule": delivery.rule,
        "channel": delivery.channel,
        "event_id": delivery.event_id,
        "development_ids": list(delivery.development_ids),
        "title": delivery.title,
        "body": delivery.body,
        "created_at": delivery.created_at.isoformat(),
        "in_reply_to": delivery.thread[0] if delivery.thread else None,
        **details,
    }


@dataclass(frozen=True, slots=True)
class Masker:
    """Hides every part of a URL in a text: services put tokens in any place, the host's included."""

    parts: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """Return the text with each part replaced."""
        for part in self.parts:
            text = text.replace(part, "***")
        return " ".join(text.split())


def masker(url: str) -> Masker:
    """Take a URL apart at everything that separates; parts of up to two characters say nothing and stay readable."""
    pieces = [piece for piece in re.split(r"[:/?&=@,;#\s]+", url.partition("://")[2]) if len(piece) > 2]
    parts = {*pieces, *(unquote(piece) for piece in pieces)}
    return Masker(tuple(sorted(parts, key=lambda part: (-len(part), part))))
