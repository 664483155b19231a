"""Messages on their way: receivers that fail in every way, on loopback and on a clock of the test's own."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor.alerts.channels import Channel
from monitor.alerts.retry import LONGEST_DISTANCE
from monitor.clock import SetClock
from monitor.delivery import SENDERS, TELL_AFTER, Sending, deliver, deliver_to
from monitor.engine import Lanes
from monitor.errors import DeliveryError
from storage.store import Store
from storage.types import Delivery, DeliveryState
from tests.builders import NOW, a_new_delivery
from tests.fakes import RecordingChannel
from tests.receivers import MailServer, a_channel, mail_server, posting
from tests.storage.filling import enqueue, read_items, settle
from tests.webserver import Answer, Asked, serving

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
AWAY_UNTIL = NOW + DAY


@dataclass(slots=True)
class Desk:
    """A store whose messages are delivered on a clock that stands until it is set."""

    store: Store
    clock: SetClock
    sending: Sending
    events: dict[int, int] = field(default_factory=dict)  # event to its development
    queued: int = 0

    def queue(self, event: int, *, channel: str = "desk") -> str:
        """Queue the next message about an event, and return its key."""
        self.queued += 1
        key = f"{event}-{self.queued:04}-{channel}"
        new = a_new_delivery(
            self.events[event], key=key, event_id=event, channel=channel, rule=f"rule {self.queued}", title=key
        )
        enqueue(self.store, new, at=self.clock.at)
        return key

    def pass_by(self, at: datetime) -> None:
        """Let all that is due at an instant be sent."""
        self.clock.at = at
        deliver(self.sending)

    def until(self, end: datetime, step: timedelta = MINUTE) -> None:
        """Let time go by."""
        while self.clock.at < end:
            self.pass_by(min(self.clock.at + step, end))

    def lead_to(self, channels: Mapping[str, Channel]) -> None:
        """Put other channels in place."""
        self.sending = replace(self.sending, channels=channels)

    def states(self) -> dict[str, DeliveryState]:
        return {one.key: one.state for one in self.store.deliveries(limit=10_000)}


@contextmanager
def a_desk(
    store: Store, channels: Mapping[str, Channel], *, events: int = 3, operators: tuple[str, ...] = ()
) -> Iterator[Desk]:
    lanes = Lanes(SENDERS)
    clock = SetClock(NOW)
    sending = Sending(store, clock, channels, lanes, threading.Event(), WEEK, "test", operators)
    desk = Desk(store, clock, sending)
    for item in read_items(store, *(f"item-{number}" for number in range(events))):
        settled = settle(store, item)
        desk.events[settled.event.id] = settled.developments[0].id
    try:
        yield desk
    finally:
        lanes.shutdown()


def order_by_event(keys: list[str]) -> dict[str, list[str]]:
    by_event: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_event[key.partition("-")[0]].append(key)
    return dict(by_event)


# ---------------------------------------------------------------- away for a day


@dataclass(slots=True)
class Receiver:
    """A webhook's receiver that fails in one way until a day has passed, and remembers what it was asked when."""

    clock: SetClock
    failing: Callable[[], Answer]
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append((self.clock.at, asked.headers["idempotency-key"]))
        if self.clock.at < AWAY_UNTIL:
            return self.failing()
        self.taken.append(asked.headers["idempotency-key"])
        return Answer()


def cut() -> None:
    raise ConnectionResetError


FAILINGS: dict[str, Callable[[], Answer]] = {
    "500": lambda: Answer(status=500),
    "429 with Retry-After": lambda: Answer(status=429, headers={"Retry-After": "600"}),
    "hang": lambda: Answer(before=lambda: threading.Event().wait(0.2)),
    "reset": lambda: Answer(before=cut),
}


@pytest.mark.slow
@pytest.mark.parametrize("failing", FAILINGS.values(), ids=list(FAILINGS))
def test_a_receiver_that_was_away_for_a_day_gets_everything_in_order(
    sqlite_store: Store, failing: Callable[[], Answer]
) -> None:
    with ExitStack() as opened:
        web = opened.enter_context(serving())
        post = opened.enter_context(posting(deadline_seconds=0.1))
        desk = opened.enter_context(a_desk(sqlite_store, {}, events=30))
        receiver = Receiver(desk.clock, failing)
        hook = a_channel(f"{web.answer('/hook', receiver)}#secret", post=post)
        desk.lead_to({"desk": hook})

        keys = []
        for quarter in range(96):
            keys += [desk.queue(1 + (quarter + more) % 30) for more in range(2)]
            desk.until(NOW + (quarter + 1) * 15 * MINUTE, step=3 * MINUTE)
        asked_while_away = sum(at < AWAY_UNTIL for at, _ in receiver.asked)
        desk.until(AWAY_UNTIL + 2 * LONGEST_DISTANCE)

    assert sorted(receiver.taken) == sorted(keys)
    assert set(desk.states().values()) == {DeliveryState.SENT}
    assert order_by_event(receiver.taken) == order_by_event(keys)
    assert asked_while_away < 200  # a try each quarter of an hour, and those at the beginning; not one for each message
    assert max(web.peak.values()) <= SENDERS


@pytest.mark.parametrize(("reply", "state"), [("451 4.3.0 later", "sent"), ("550 5.1.1 nobody", "dead")])
def test_what_a_mail_server_says_decides(sqlite_store: Store, reply: str, state: str) -> None:
    with mail_server(*[reply] * 5) as server, a_desk(sqlite_store, {"desk": a_channel(server.url())}) as desk:
        keys = [desk.queue(event) for event in (1, 2, 3, 1, 2)]
        desk.until(NOW + 60 * MINUTE)

        assert desk.states() == dict.fromkeys(keys, DeliveryState(state))
        assert server_keys(server) == (keys if state == "sent" else [])


def server_keys(server: MailServer) -> list[str]:
    return sorted((str(mail["Subject"]) for mail in server.taken), key=lambda key: key.split("-")[1])


# ---------------------------------------------------------------- one channel and the others


def test_a_channel_that_hangs_delays_no_other(sqlite_store: Store) -> None:
    hanging = Hanging()
    with a_desk(sqlite_store, {"slow": hanging, "desk": (fast := RecordingChannel())}) as desk:
        slow = [desk.queue(event, channel="slow") for event in (1, 2, 3)]
        lane = threading.Thread(target=deliver_to, args=(desk.sending, "slow"))
        lane.start()
        hanging.begun.wait(20)
        sent = [desk.queue(event) for event in (1, 2, 3)]
        deliver_to(desk.sending, "desk")

        assert sorted(one.key for one in fast.sent) == sent
        assert {desk.states()[key] for key in slow} == {DeliveryState.PENDING}
        hanging.released.set()
        lane.join()
        assert {desk.states()[key] for key in slow} == {DeliveryState.SENT}


@dataclass(slots=True)
class Hanging:
    """A channel that does not answer until it is released."""

    begun: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def send(self, delivery: Delivery) -> None:
        """Take a message, some day."""
        self.begun.set()
        assert self.released.wait(60)


def test_a_text_that_its_receiver_stumbles_over_holds_up_no_other(sqlite_store: Store) -> None:
    with a_desk(sqlite_store, {}) as desk, serving() as web, posting() as post:
        poison = desk.queue(1)

        def receive(asked: Asked) -> Answer:
            return Answer(status=500 if asked.headers["idempotency-key"] == poison else 200)

        hook = a_channel(f"{web.answer('/hook', receive)}#secret", post=post)
        desk.lead_to({"desk": hook})
        desk.until(NOW + 5 * MINUTE)
        others = [desk.queue(event) for event in (2, 3, 2, 3)]
        desk.until(desk.clock.at + 20 * MINUTE)

        assert {desk.states()[key] for key in others} == {DeliveryState.SENT}
        assert desk.states()[poison] is DeliveryState.PENDING


def test_a_message_for_a_channel_that_is_no_longer_there_is_given_up_and_can_be_sent_later(
    sqlite_store: Store,
) -> None:
    with a_desk(sqlite_store, {"desk": (channel := RecordingChannel())}) as desk:
        key = desk.queue(1, channel="gone")
        desk.pass_by(NOW)
        assert desk.states() == {key: DeliveryState.DEAD}

        desk.lead_to({"gone": channel})
        assert desk.store.retry_dead(NOW + DAY, channel="gone") == 1
        desk.pass_by(NOW + DAY)

        assert [one.key for one in channel.sent] == [key]


def test_a_fault_of_our_own_costs_no_message(sqlite_store: Store) -> None:
    with a_desk(sqlite_store, {"desk": (channel := RecordingChannel())}) as desk:
        key = desk.queue(1)
        channel.failing = ZeroDivisionError("a fault")  # type: ignore[assignment]  # what no channel should raise
        desk.pass_by(NOW)
        channel.failing = None
        desk.until(NOW + 2 * MINUTE)

        assert [one.key for one in channel.sent] == [key]


# ---------------------------------------------------------------- pauses


def test_a_channel_that_asks_for_a_pause_is_left_alone(sqlite_store: Store) -> None:
    with a_desk(sqlite_store, {"desk": (channel := RecordingChannel())}) as desk:
        asked_until = NOW + 30 * MINUTE
        channel.failing = DeliveryError("desk", "HTTP 429", retry_at=asked_until)
        desk.queue(1)
        desk.pass_by(NOW)
        channel.failing = None
        desk.queue(2)
        desk.until(asked_until - MINUTE)
        assert channel.sent == []

        desk.pass_by(asked_until)
        assert len(channel.sent) == 2


def test_a_channel_that_refuses_for_good_is_not_paused(sqlite_store: Store) -> None:
    with a_desk(sqlite_store, {"desk": (channel := RecordingChannel())}) as desk:
        channel.failing = DeliveryError("desk", "HTTP 400", permanent=True)
        for event in (1, 2, 3, 1, 2, 3):
            desk.queue(event)
        desk.pass_by(NOW)
        assert desk.store.delivery_counts()[DeliveryState.DEAD] == 6
        channel.failing = None
        desk.queue(1)
        desk.pass_by(NOW)

        assert len(channel.sent) == 1


# ---------------------------------------------------------------- told


def test_the_other_channels_are_told_once_that_one_has_been_failing(sqlite_store: Store) -> None:
    desk_channel, other = RecordingChannel(), RecordingChannel()
    with a_desk(sqlite_store, {"desk": desk_channel, "other": other}) as desk:
        desk_channel.failing = DeliveryError("desk", "HTTP 503")
        desk.queue(1)
        desk.pass_by(NOW)
        desk.until(NOW + TELL_AFTER - MINUTE)
        assert other.sent == []
        desk.until(NOW + 4 * TELL_AFTER)

        (told,) = other.sent
        assert told.title == "Channel desk has been failing since 2022-04-22 09:00 UTC"
        assert "channel desk: HTTP 503" in told.body
        assert told.event_id is None


def test_the_next_failure_is_told_again(sqlite_store: Store) -> None:
    desk_channel, other = RecordingChannel(), RecordingChannel()
    with a_desk(sqlite_store, {"desk": desk_channel, "other": other}) as desk:
        for hour in (1, 3):
            desk_channel.failing = DeliveryError("desk", "HTTP 503")
            desk.queue(1)
            desk.until(NOW + hour * 60 * MINUTE)
            desk_channel.failing = None
            desk.until(NOW + (hour + 1) * 60 * MINUTE)

        assert len(other.sent) == 2
        assert len(desk_channel.sent) == 2


def test_only_the_operators_are_told_where_some_are_named(sqlite_store: Store) -> None:
    channels = {name: RecordingChannel() for name in ("desk", "public", "ops")}
    with a_desk(sqlite_store, channels, operators=("ops", "desk")) as desk:
        channels["desk"].failing = DeliveryError("desk", "HTTP 401", permanent=True)
        desk.queue(1)
        desk.until(NOW + 2 * TELL_AFTER)

        assert [len(one.sent) for one in channels.values()] == [0, 0, 1]


def test_follow_ups_name_the_first_message_and_the_one_before(sqlite_store: Store) -> None:
    with a_desk(sqlite_store, {"desk": (channel := RecordingChannel())}) as desk:
        first, second, third = (desk.queue(1) for _ in range(3))
        other = desk.queue(2)
        desk.pass_by(NOW)

        threads = {one.key: one.thread for one in channel.sent}
        assert threads == {first: (), second: (first, first), third: (first, second), other: ()}
