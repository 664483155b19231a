"""When a feed is asked again, and whether for the whole document. Pure: outcome, what its publisher asks, and `now`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.types import Feed, PollOutcome

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_STORED = re.compile(r"no-store|no-cache", re.IGNORECASE)

# Some servers say "not modified" for ever. About one poll in so many asks for the whole document, at a place in the
# row that differs from feed to feed.
WHOLE_EVERY = 100
WHOLE_SPREAD = 50


@dataclass(frozen=True, slots=True)
class CadenceSettings:
    """Bounds of the schedule.

    A feed is asked every `shortest` to `longest`, unless a person named its interval; the latter also bounds what a
    publisher's ttl, max-age or Expires may ask for (some send a year). `longest_backoff` is the pause that failures
    grow to. `jitter` is the share of the interval (0..1) over which feeds of the same interval are spread.
    """

    shortest: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(days=1)
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
    """When to ask next, the interval that the feed has by itself, and why it is asked then."""

    next_poll_at: datetime
    interval: timedelta
    reason: str


def next_poll(outcome: PollOutcome, feed: Feed, wishes: Wishes, now: datetime, settings: CadenceSettings) -> Schedule:
    """Return when to poll the feed again; never sooner than its publisher asks, within the bounds.

    `feed` is as it was before this poll, so that `feed.failures` does not count a failure of this one.
    """
    interval, reason = adapted(feed, now, settings)
    pause = interval
    if outcome is PollOutcome.FAILED:
        pause, reason = _after_failure(feed, interval, wishes, settings)
    pause, reason = max((pause, reason), *_asked(wishes, now, settings), key=lambda candidate: candidate[0])
    due_at = now + pause + pause * settings.jitter * _share(feed)
    if wishes.retry_at is None or wishes.retry_at <= due_at:
        return Schedule(due_at, interval, reason)
    latest = now + settings.longest_backoff
    return Schedule(max(due_at, min(wishes.retry_at, latest)), interval, "the server named the time (Retry-After)")


def adapted(feed: Feed, now: datetime, settings: CadenceSettings) -> tuple[timedelta, str]:
    """Return the interval that suits how often the feed brings something new, and why.

    Half its usual gap, so that news waits for a quarter of that in the middle; a gap that is longer than usual counts
    as long as it is by now. Until the first gap is known, the configured interval stands for half of one.
    """
    wanted = feed.wanted_interval or feed.interval
    if feed.interval_fixed:
        return wanted, "the interval that was set for it"
    silence = now - feed.last_new_at if feed.last_new_at else timedelta()
    gap, reason = max(
        (feed.rhythm or 2 * wanted, "half its usual gap" if feed.rhythm else "its interval"),
        (silence, "half the time since it brought something"),
        key=lambda pair: pair[0],
    )
    return max(min(settings.shortest, wanted), min(gap / 2, max(settings.longest, settings.shortest))), reason


def asks_for_whole(feed: Feed) -> bool:
    """Return whether the next request is to be unconditional, after many that were answered by 304."""
    return feed.unmodified >= WHOLE_EVERY + WHOLE_SPREAD * (_share(feed) - 0.5)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Return for how long the response may be kept (RFC 9111, section 5.2.2); None where it does not say.

    `headers` have lower-cased names. Where both are given, the longer of max-age and s-maxage counts.
    """
    control = headers.get("cache-control", "")
    if _NEVER_STORED.search(control):
        return None
    longest = max(map(int, _MAX_AGE.findall(control)), default=0)
    return timedelta(seconds=longest) if longest else None


def expires(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return for how long the response may be kept by its Expires (RFC 9111, section 5.3); None where it does not say.

    It counts from the server's own Date, whose clock may be wrong. Cache-Control goes before it.
    """
    if "max-age" in headers.get("cache-control", "") or _NEVER_STORED.search(headers.get("cache-control", "")):
        return None
    until = http_date(headers.get("expires", ""))
    length = until - (http_date(headers.get("date", "")) or now) if until else timedelta()
    return length if length > timedelta() else None


def http_date(text: str) -> datetime | None:
    """Return the instant of a header's date; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _asked(wishes: Wishes, now: datetime, settings: CadenceSettings) -> tuple[tuple[timedelta, str], ...]:
    asked = (
        (wishes.ttl, "the feed's ttl"),
        (max_age(wishes.headers), "the response's max-age"),
        (expires(wishes.headers, now), "the response's Expires"),
    )
    return tuple((min(length or timedelta(), settings.longest), reason) for length, reason in asked)


def _after_failure(feed: Feed, interval: timedelta, wishes: Wishes, settings: CadenceSettings) -> tuple[timedelta, str]:
    # One failure may be a hiccup: the second try comes at the usual time. What the server calls lasting starts higher.
    doublings = min(feed.failures + (2 if wishes.permanent else 0), 20)
    longest = max(settings.longest_backoff, interval)
    pause = min(interval * 2**doublings, longest)
    return pause, f"failed {feed.failures + 1} times in a row" if feed.failures else "failed once"


def _share(feed: Feed) -> float:
    """Return the feed's place in 0..1: the same each time, and spread evenly over feeds."""
    digest = hashlib.blake2b(f"feed {feed.id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
