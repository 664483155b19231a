"""Where hubs reach us: they verify subscriptions by GET and push by POST. The door to Starlette.

An address that nobody has a subscription at gives nothing away. Whatever is pushed is stored before it is
acknowledged, and read afterwards by the same code as a polled document.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.poller.urls import redacted
from monitor.websub.settings import WebSubSettings
from monitor.websub.signature import is_signed
from storage.store import Store
from storage.subscriptions import Received

log = logging.getLogger(__name__)

T = TypeVar("T")

# What a hub gives as lease: none is taken for the one that we asked for, and none counts for longer than this.
LONGEST_LEASE = timedelta(days=30)
SHORTEST_LEASE = timedelta(minutes=1)
STATUSES = {Received.TAKEN: 202, Received.BUSY: 503, Received.UNKNOWN: 410}
RETRY_AFTER_SECONDS = "60"


class Endpoint:
    """Answers hubs on behalf of a store."""

    def __init__(self, store: Store, settings: WebSubSettings, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    async def verify(self, request: Request) -> Response:
        """Answer a hub that asks whether we want what it was asked for (section 5.3), or says that it does not push."""
        token, query = request.path_params["token"], request.query_params
        mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
        if mode == "denied":
            reason = query.get("hub.reason", "") or "no reason given"
            agreed = await self._ask(self._store.refuse_subscription, token, topic, f"the hub refuses: {reason[:500]}")
        elif mode == "subscribe":
            lease = self._lease(query.get("hub.lease_seconds", ""))
            agreed = await self._ask(self._store.confirm_subscription, token, topic, lease, self._settings.rest)
        elif mode == "unsubscribe":
            agreed = await self._ask(self._store.confirm_unsubscription, token, topic)
        else:
            agreed = False
        log.info("hub: %s of %s %s", mode[:20] or "?", redacted(topic)[:500], "confirmed" if agreed else "not ours")
        # As plain text, and not sniffed: a challenge is whatever a stranger wrote.
        plain = {"X-Content-Type-Options": "nosniff"}
        return PlainTextResponse(query.get("hub.challenge", ""), headers=plain) if agreed else _nothing(404)

    async def receive(self, request: Request) -> Response:
        """Take a document that a hub pushes (section 7).

        One that is not signed by the hub is acknowledged like any other and dropped, as the specification wants it: who
        forges it learns nothing.
        """
        token = request.path_params["token"]
        subscription = await run_in_threadpool(self._store.subscription, token)
        if subscription is None:
            return _nothing(410)
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            return _nothing(415)
        body = await self._body(request)
        if body is None:
            return _nothing(413)
        if not is_signed(request.headers.get("x-hub-signature", ""), subscription.secret, body):
            log.warning("feed %s: a push without the hub's signature was dropped", redacted(subscription.feed_url))
            return _nothing(202)
        kind = request.headers.get("content-type", "")
        received = await self._ask(self._store.receive_push, token, kind[:500], body)
        log.info("feed %s: %d bytes pushed, %s", redacted(subscription.feed_url), len(body), received.value)
        return Response(status_code=STATUSES[received], headers={"Retry-After": RETRY_AFTER_SECONDS})

    async def _ask(self, question: Callable[..., T], *values: object) -> T:
        return await run_in_threadpool(question, *values, self._now())

    async def _body(self, request: Request) -> bytes | None:
        """Return the whole body; None for one that is too long, too slow or cut short."""
        parts: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(self._settings.deadline_seconds):
                async for part in request.stream():
                    length += len(part)
                    if length > self._settings.max_body_bytes:
                        return None
                    parts.append(part)
        except (TimeoutError, ClientDisconnect):
            return None
        return b"".join(parts)

    def _lease(self, seconds: str) -> timedelta:
        if not seconds.isdecimal() or len(seconds) > 12 or not int(seconds):
            return self._settings.lease
        return min(max(timedelta(seconds=min(int(seconds), 10**9)), SHORTEST_LEASE), LONGEST_LEASE)


def _nothing(status: int) -> Response:
    return Response(status_code=status)


def make_app(endpoint: Endpoint) -> Starlette:
    """Return the application; whatever a proxy leaves of the path before `websub/` is passed over."""
    return Starlette(
        routes=[
            Route("/{before:path}websub/{token:str}", endpoint.verify, methods=["GET"]),
            Route("/{before:path}websub/{token:str}", endpoint.receive, methods=["POST"]),
        ]
    )
