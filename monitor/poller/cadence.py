"""When a feed is asked again. Pure: the outcome of a poll, what its publisher asks for, and `now`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.types import Feed, PollOutcome

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_STORED = re.compile(r"no-store|no-cache", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CadenceSettings:
    """Bounds of the schedule.

    `longest_wish` is the most that a publisher's ttl or max-age may put off a poll: some send a day with a feed that
    changes by the minute. `longest_backoff` is the pause that failures grow to. `jitter` is the share of the interval
    (0..1) over which feeds of the same interval are spread.
    """

    longest_wish: timedelta = timedelta(hours=3)
    longest_backoff: timedelta = timedelta(days=1)
    jitter: float = 0.1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the other side asks for: the feed's own `ttl`, the response's headers, a Retry-After, or to go away."""

    ttl: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_at: datetime | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to ask next, the interval that led to it (before jitter), and why."""

    next_poll_at: datetime
    interval: timedelta
    reason: str


def next_poll(outcome: PollOutcome, feed: Feed, wishes: Wishes, now: datetime, settings: CadenceSettings) -> Schedule:
    """Return when to poll the feed again; never sooner than its interval from `now`.

    `feed` is as it was before this poll, so that `feed.failures` does not count a failure of this one.
    """
    interval, reason = _after_failure(feed, wishes, settings)
    if outcome is not PollOutcome.FAILED:
        interval, reason = _after_success(feed, wishes, settings)
    due_at = now + interval + interval * settings.jitter * _share(feed)
    if wishes.retry_at is None or wishes.retry_at <= due_at:
        return Schedule(due_at, interval, reason)
    latest = now + settings.longest_backoff
    return Schedule(max(due_at, min(wishes.retry_at, latest)), interval, "the server named the time (Retry-After)")


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Return for how long the response may be kept (RFC 9111, section 5.2.2); None where it does not say.

    `headers` have lower-cased names. Where both are given, the longer of max-age and s-maxage counts.
    """
    control = headers.get("cache-control", "")
    if _NEVER_STORED.search(control):
        return None
    longest = max(map(int, _MAX_AGE.findall(control)), default=0)
    return timedelta(seconds=longest) if longest else None


def _after_success(feed: Feed, wishes: Wishes, settings: CadenceSettings) -> tuple[timedelta, str]:
    candidates = (
        (feed.interval, "its interval"),
        (_bounded(wishes.ttl, settings), "the feed's ttl"),
        (_bounded(max_age(wishes.headers), settings), "the response's max-age"),
    )
    return max(candidates, key=lambda candidate: candidate[0])


def _bounded(wish: timedelta | None, settings: CadenceSettings) -> timedelta:
    return min(wish or timedelta(), settings.longest_wish)


def _after_failure(feed: Feed, wishes: Wishes, settings: CadenceSettings) -> tuple[timedelta, str]:
    # One failure may be a hiccup: the second try comes at the usual time. What the server calls lasting starts higher.
    doublings = min(feed.failures + (2 if wishes.permanent else 0), 20)
    longest = max(settings.longest_backoff, feed.interval)
    interval = min(feed.interval * 2**doublings, longest)
    return interval, f"failed {feed.failures + 1} times in a row" if feed.failures else "failed once"


def _share(feed: Feed) -> float:
    """Return the feed's place in 0..1: the same each time, and spread evenly over feeds."""
    digest = hashlib.blake2b(f"feed {feed.id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
