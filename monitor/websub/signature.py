"""Whether a push is its hub's own: W3C WebSub, section 8 "Authenticated Content Distribution". Pure."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

# The methods that the specification names; all of them count, since the hub chooses.
METHODS: Mapping[str, Callable[..., Any]] = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


def is_signed(header: str, secret: str, body: bytes) -> bool:
    """Return whether an X-Hub-Signature (`method=hexadecimal digits`) was made of this body with this secret."""
    method, separator, digits = header.strip().partition("=")
    digest = METHODS.get(method.strip().lower())
    if digest is None or not separator or not digits.isascii():
        return False
    expected = hmac.new(secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(expected, digits.strip().lower())


def signature(method: str, secret: str, body: bytes) -> str:
    """Return the header's value that a hub sends with a body."""
    return f"{method}={hmac.new(secret.encode(), body, METHODS[method]).hexdigest()}"
