"""`https://…#SECRET` posts messages as signed JSON.

Headers and signature are those of Standard Webhooks (https://www.standardwebhooks.com, version 1), so that receivers
can check them with a library of their language; the same key stands in `Idempotency-Key`
(draft-ietf-httpapi-idempotency-key-header).
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag

from monitor.alerts.channels.parts import Masker, Post, masker, record
from monitor.alerts.channels.services import is_refusal
from monitor.alerts.secret import Secret
from monitor.clock import Clock
from monitor.errors import DeliveryError, FetchError
from storage.types import Delivery

# A secret that begins so is the rest of it in Base64, as Standard Webhooks writes them.
ENCODED = "whsec_"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts each message to one address. Whatever it answers but 2xx is a failure, redirects included."""

    name: str
    url: Secret
    secret: Secret
    post: Post = field(repr=False)
    now: Clock = field(repr=False)
    mask: Masker = field(repr=False)

    def send(self, delivery: Delivery) -> None:
        """Post the message; raises DeliveryError when there is no answer, or one that is no 2xx."""
        body = json.dumps(record(delivery), ensure_ascii=False).encode()
        stamp = str(int(self.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": delivery.key,
            "webhook-id": delivery.key,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self.secret.reveal(), delivery.key, stamp, body),
        }
        try:
            answer = self.post(self.url.reveal(), headers, body)
        except FetchError as error:
            raise DeliveryError(self.name, self._reason(error), retry_at=error.retry_at) from error
        if not 200 <= answer.status < 300:
            permanent = is_refusal(answer.status)
            raise DeliveryError(self.name, f"HTTP {answer.status}", permanent=permanent, retry_at=answer.retry_at)

    def _reason(self, error: FetchError) -> str:
        return _REASONS.get(error.reason) or self.mask(error.reason)


_REASONS = {
    "refused-address": "its host is in a private network that poller.allow_networks does not list",
    "dns": "its host cannot be found",
    "timeout": "it did not answer in time",
    "connect": "it cannot be reached, or cut the connection",
    "tls": "its certificate cannot be verified",
    "protocol": "it does not answer in HTTP",
}


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """Return `v1,` and the HMAC-SHA256 of identifier, instant (seconds since 1970) and body, in Base64."""
    signed = f"{message_id}.{stamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()}"


def _key(secret: str) -> bytes:
    if not secret.startswith(ENCODED):
        return secret.encode()
    return base64.b64decode(secret.removeprefix(ENCODED), validate=True)


def webhook_problem(url: str) -> str:
    """Return what is wrong with a webhook's URL, empty if nothing."""
    address, secret = urldefrag(url)
    if not address.partition("://")[2].strip("/"):
        return "a host is missing"
    if not secret:
        return "wants a secret to sign with: `{url: https://…, secret: …}`, or `#SECRET` behind the URL"
    try:
        _key(unquote(secret))
    except binascii.Error:
        return f"its secret begins with {ENCODED} and is not Base64 behind that"
    return ""


def open_webhook(name: str, url: str, post: Post, now: Clock) -> WebhookChannel:
    """Return the channel of a URL that `webhook_problem` finds no fault with."""
    address, secret = urldefrag(url)
    return WebhookChannel(name, Secret(address), Secret(unquote(secret)), post, now, masker(url))
