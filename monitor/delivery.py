"""From the outbox to the channels, each channel by itself: one that is slow or dead delays no other.

At least once: a message is recorded as sent after its channel took it, and carries the same key when a crash between
the two sends it again. When to try again is decided in monitor.alerts.retry.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.channels import Channel
from monitor.alerts.render import render_trouble
from monitor.alerts.retry import attempt, paused, retry_after
from monitor.clock import Clock
from monitor.engine import completed, drained
from storage.store import Store
from storage.types import Attempt, ChannelState, Delivery, DeliveryState

log = logging.getLogger(__name__)

# How many messages are under way to one channel at once. Also what a crash may send twice.
SENDERS = 4
# How long a claimed message stays with its sender. Longer than all that were claimed together may take
# (twice SENDERS, each within its 30 s), so that a claim comes back only after its process died.
LEASE = timedelta(minutes=2)
# How long a channel fails before the others are told: a restart of a mail server is none of their business.
TELL_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sending:
    """All that delivery needs. `lanes` gives each channel threads of its own.

    `operators` are the channels that are told when another one fails; all others where none is named.
    """

    store: Store
    now: Clock
    channels: Mapping[str, Channel]
    lanes: Callable[[str], Executor]
    stopping: threading.Event
    give_up_after: timedelta
    instance: str  # of this database: keeps the keys of two installations apart
    operators: Sequence[str] = ()


def deliver(s: Sending) -> Counter[str]:
    """Send every message that is due, to all channels side by side; returns how many ended in which way."""
    ends: Counter[str] = Counter()
    due = sorted(s.store.due_channels(s.now()))
    with ThreadPoolExecutor(max(1, len(due)), "deliver") as pool:
        for _, sent in completed(pool, lambda channel: deliver_to(s, channel), due, window=len(due) or 1):
            if isinstance(sent, Exception):
                raise sent
            ends.update(sent)
    tell_failing(s)
    return ends


def deliver_to(s: Sending, channel: str) -> Counter[str]:
    """Send every message that is due for one channel; returns how many were sent, are tried again, or are dead.

    Passes follow each other until one finds nothing: a message that follows another one, or waits because its channel
    failed before, is due as soon as the one before it has arrived.
    """
    ends: Counter[str] = Counter()
    if channel not in s.store.due_channels(s.now()):
        return ends
    while made := _pass(s, channel):
        ends.update(made)
    return ends


def deliver_to_strangers(s: Sending) -> Counter[str]:
    """Give up what waits for channels that are no longer configured, and tell of channels that fail."""
    ends: Counter[str] = Counter()
    for channel in sorted(s.store.due_channels(s.now()) - set(s.channels)):
        ends.update(deliver_to(s, channel))
    tell_failing(s)
    return ends


def _pass(s: Sending, channel: str) -> Counter[str]:
    ends: Counter[str] = Counter()
    failures = _state(s, channel).failures
    due = drained(
        lambda: s.store.due_deliveries(s.now(), SENDERS, LEASE, channel=channel),
        by=lambda delivery: delivery.id,
        stopping=s.stopping,
    )
    for delivery, outcome in completed(s.lanes(channel), lambda one: _send(s, one), due, window=SENDERS):
        made = outcome if isinstance(outcome, Attempt) else _faulty(s, delivery, outcome)
        failures = failures + 1 if made.error else 0
        made = paused(made, channel, failures)
        stands = s.store.record_delivery(made)
        ends["retry" if stands is DeliveryState.PENDING else stands.value] += 1
        _log(delivery, made)
    return ends


def _state(s: Sending, channel: str) -> ChannelState:
    return next((one for one in s.store.channel_states() if one.name == channel), ChannelState(channel))


def _send(s: Sending, delivery: Delivery) -> Attempt:
    return attempt(s.channels, delivery, s.now(), s.give_up_after)


def _faulty(s: Sending, delivery: Delivery, error: Exception) -> Attempt:
    """Take a fault of our own for a failure that may pass: the message stays, and others go on."""
    log.error("delivery %s: sending to %s crashed", delivery.key, delivery.channel, exc_info=error)
    told = f"a fault in Démarche itself, please report it: {type(error).__name__}"
    return Attempt(delivery.id, s.now(), told, retry_after(delivery.attempts + 1, s.now(), delivery.key))


# ---------------------------------------------------------------- channels that fail


def tell_failing(s: Sending) -> None:
    """Tell the operators' channels, once, of each channel that has failed for TELL_AFTER."""
    now = s.now()
    for state in s.store.channel_states():
        if _is_to_be_told(state, now):
            _tell(s, state, now)


def _is_to_be_told(state: ChannelState, now: datetime) -> bool:
    return state.told_at is None and state.failing_since is not None and state.failing_since <= now - TELL_AFTER


def _tell(s: Sending, state: ChannelState, now: datetime) -> None:
    waiting = s.store.waiting(state.name)
    others = [name for name in s.operators or s.channels if name != state.name]
    messages = [render_trouble(state, waiting, name, s.instance) for name in others]
    if s.store.tell_failing(state.name, messages, now):
        log.error(
            "channel %s: failing since %s, %d tries: %s; told to: %s",
            state.name,
            _shown(state.failing_since or now),
            state.failures,
            state.last_error,
            ", ".join(others) or "nobody, there is no other channel",
        )


# ---------------------------------------------------------------- log lines, one for each end


def _log(delivery: Delivery, made: Attempt) -> None:
    if not made.error:
        log.info("delivery %s: sent to %s (%s)", delivery.key, delivery.channel, delivery.title)
    elif made.retry_at:
        log.warning("delivery %s: %s; next try %s", delivery.key, made.error, _shown(made.retry_at))
    else:
        log.error("delivery %s: given up: %s", delivery.key, made.error)


def _shown(instant: datetime) -> str:
    return instant.isoformat(sep=" ", timespec="seconds")
