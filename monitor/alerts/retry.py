"""When a message that was not taken is tried again, and when its channel is left alone. Pure.

A message that a channel does not take is tried again at growing distances until its time is over; `attempt` is what
delivery calls.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.alerts.channels import Channel
from monitor.errors import DeliveryError
from storage.types import Attempt, Delivery

# The first retry comes soon, because most failures are a lost connection; the distance doubles up to a quarter of an
# hour, so that a service that was down for a night is not asked thousands of times and hears of it soon afterwards.
FIRST_DISTANCE = timedelta(seconds=10)
LONGEST_DISTANCE = timedelta(minutes=15)
# Up to this part of the distance is taken off, so that messages that failed together do not come back together.
JITTER = 0.2
# A channel that failed so often in a row is left alone as a whole, and asked with one message after that. Fewer may
# be one text that its receiver stumbles over, which is none of the others' business.
FAILURES_OF_A_CHANNEL = 3
# No channel is left alone for longer because it said so; a mistyped Retry-After must not silence it for a year.
LONGEST_RETRY_AFTER = timedelta(days=1)


def attempt(channels: Mapping[str, Channel], delivery: Delivery, now: datetime, give_up_after: timedelta) -> Attempt:
    """Try to send a message once; returns how it ended: sent, to try again at an instant, or given up.

    Where a service says itself when it may be asked again, its channel is left alone until then.
    """
    try:
        _channel(channels, delivery).send(delivery)
    except DeliveryError as error:
        return Attempt(
            delivery.id, now, str(error), next_try(delivery, error, now, give_up_after), _asked_for(error, now)
        )
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
    retry_at = _asked_for(error, now) or retry_after(delivery.attempts + 1, now, delivery.key)
    return retry_at if retry_at <= delivery.waits_since + give_up_after else None


def paused(made: Attempt, channel: str, failures: int) -> Attempt:
    """Return a try with the pause of its channel as a whole, after `failures` in a row, this one included.

    A refusal for good says nothing about others; nor do a few failures that may pass.
    """
    over = failures - FAILURES_OF_A_CHANNEL
    if made.retry_at is None or over < 0:
        return made
    pause = retry_after(over + 1, made.tried_at, channel)
    return replace(made, pause_until=max(pause, made.pause_until or pause))


def _asked_for(error: DeliveryError, now: datetime) -> datetime | None:
    if error.retry_at is None or error.permanent:
        return None
    return min(error.retry_at, now + LONGEST_RETRY_AFTER)


def retry_after(attempts: int, now: datetime, key: str) -> datetime:
    """Return when to try again after `attempts` failed tries (1 or more); the same message always waits the same."""
    doublings: int = min(attempts - 1, 16)  # past the longest distance anyway, and no overflow after years
    distance = min(FIRST_DISTANCE * (1 << doublings), LONGEST_DISTANCE)
    return now + distance * (1 - JITTER * _fraction(f"{key} {attempts}"))


def _fraction(text: str) -> float:
    """Return a number from 0 up to 1 that looks random and depends on the text alone."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32
