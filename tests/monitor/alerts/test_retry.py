"""When a message that was not taken is tried again, and when it is given up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.retry import FIRST_DISTANCE, JITTER, LONGEST_DISTANCE, attempt, next_try, retry_after
from monitor.errors import DeliveryError
from storage.types import Delivery
from tests.builders import NOW, later

DAY = timedelta(hours=24)


def a_delivery(*, attempts: int = 0) -> Delivery:
    """Return a message from 09:00 that failed so many times before."""
    return Delivery(1, "key", "visits", "desk", 7, (2,), "title", "body", attempts, NOW, NOW)


class Refusing:
    """A channel that takes nothing."""

    def __init__(self, error: DeliveryError) -> None:
        self.error = error

    def send(self, delivery: Delivery) -> None:
        raise self.error


class Taking:
    """A channel that takes everything."""

    def send(self, delivery: Delivery) -> None:
        """Take it."""


LOST = DeliveryError("desk", "the connection was refused")


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 640), (8, 900), (9, 900), (100_000, 900)],
)
def test_the_distance_doubles_up_to_a_quarter_of_an_hour(attempts: int, longest: int) -> None:
    seconds = (retry_after(attempts, NOW, "key") - NOW).total_seconds()

    assert longest * (1 - JITTER) <= seconds <= longest


@given(attempts=st.integers(1, 10**9), key=st.text())
def test_the_distance_depends_on_key_and_attempts_alone(attempts: int, key: str) -> None:
    distance = retry_after(attempts, NOW, key) - NOW

    assert retry_after(attempts, later(5), key) - later(5) == distance
    assert FIRST_DISTANCE * (1 - JITTER) <= distance <= LONGEST_DISTANCE


def test_messages_that_failed_together_come_back_apart() -> None:
    times = {retry_after(8, NOW, f"key {number}") for number in range(100)}

    assert len(times) == 100
    assert max(times) - min(times) > LONGEST_DISTANCE * JITTER / 2


def test_a_message_that_was_taken_is_sent() -> None:
    made = attempt({"desk": Taking()}, a_delivery(), NOW, DAY)

    assert (made.delivery_id, made.tried_at, made.error, made.retry_at) == (1, NOW, "", None)


def test_a_message_that_was_not_taken_is_tried_again_later() -> None:
    made = attempt({"desk": Refusing(LOST)}, a_delivery(attempts=2), NOW, DAY)

    assert made.error == "channel desk: the connection was refused"
    assert made.retry_at == retry_after(3, NOW, "key")


def test_a_message_that_will_never_be_taken_is_given_up_at_once() -> None:
    hopeless = DeliveryError("desk", "there is no such address", permanent=True)

    assert attempt({"desk": Refusing(hopeless)}, a_delivery(), NOW, DAY).retry_at is None


def test_a_message_is_given_up_when_its_time_is_over() -> None:
    assert next_try(a_delivery(attempts=99), LOST, later(23), DAY) is not None
    assert next_try(a_delivery(attempts=99), LOST, later(23.9), DAY) is None


def test_a_service_that_says_when_is_asked_then() -> None:
    busy = DeliveryError("desk", "too many requests", retry_at=later(2))

    assert next_try(a_delivery(), busy, NOW, DAY) == later(2)
    assert next_try(a_delivery(), busy, NOW, timedelta(hours=1)) is None
