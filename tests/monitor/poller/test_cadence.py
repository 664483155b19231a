"""When a feed is asked again, and why."""

from datetime import timedelta

import pytest

from monitor.poller.cadence import CadenceSettings, Schedule, Wishes, max_age, next_poll
from storage.types import PollOutcome
from tests.builders import NOW, a_feed

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STEADY = CadenceSettings(jitter=0.0)
FEED = a_feed(interval=10 * MINUTE)


def after(outcome: PollOutcome, wishes: Wishes | None = None, *, failures: int = 0) -> Schedule:
    return next_poll(outcome, a_feed(interval=10 * MINUTE, failures=failures), wishes or Wishes(), NOW, STEADY)


@pytest.mark.parametrize("outcome", [PollOutcome.READ, PollOutcome.NOT_MODIFIED, PollOutcome.SAME_BODY])
def test_feed_is_asked_again_after_its_interval(outcome: PollOutcome) -> None:
    assert after(outcome) == Schedule(NOW + 10 * MINUTE, 10 * MINUTE, "its interval")


@pytest.mark.parametrize(
    ("wishes", "minutes", "reason"),
    [
        (Wishes(ttl=30 * MINUTE), 30, "the feed's ttl"),
        (Wishes(ttl=5 * MINUTE), 10, "its interval"),
        (Wishes(headers={"cache-control": "public, max-age=1200"}), 20, "the response's max-age"),
        (Wishes(ttl=30 * MINUTE, headers={"cache-control": "max-age=3600"}), 60, "the response's max-age"),
        (Wishes(ttl=timedelta(days=7)), 180, "the feed's ttl"),
        (Wishes(headers={"cache-control": "max-age=31536000"}), 180, "the response's max-age"),
    ],
)
def test_publisher_may_put_a_poll_off_for_some_hours(wishes: Wishes, minutes: int, reason: str) -> None:
    assert after(PollOutcome.READ, wishes) == Schedule(NOW + minutes * MINUTE, minutes * MINUTE, reason)


def test_first_failure_is_tried_again_at_the_usual_time() -> None:
    assert after(PollOutcome.FAILED).next_poll_at == NOW + 10 * MINUTE


@pytest.mark.parametrize(("failures", "minutes"), [(1, 20), (2, 40), (5, 320), (8, 1440), (500, 1440)])
def test_pause_doubles_with_each_failure_up_to_a_day(failures: int, minutes: int) -> None:
    schedule = after(PollOutcome.FAILED, failures=failures)

    assert schedule.next_poll_at == NOW + minutes * MINUTE
    assert schedule.reason == f"failed {failures + 1} times in a row"


def test_lasting_failure_is_tried_less_soon() -> None:
    assert after(PollOutcome.FAILED, Wishes(permanent=True)).next_poll_at == NOW + 40 * MINUTE


def test_feed_of_a_long_interval_is_never_asked_sooner_for_failing() -> None:
    feed = a_feed(interval=timedelta(days=7), failures=3)

    assert next_poll(PollOutcome.FAILED, feed, Wishes(), NOW, STEADY).next_poll_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(("asked", "given"), [(2 * HOUR, 2 * HOUR), (MINUTE, 10 * MINUTE), (72 * HOUR, 24 * HOUR)])
def test_retry_after_is_honoured_between_the_interval_and_a_day(asked: timedelta, given: timedelta) -> None:
    assert after(PollOutcome.FAILED, Wishes(retry_at=NOW + asked)).next_poll_at == NOW + given


def test_feeds_of_one_interval_are_spread_each_always_by_the_same() -> None:
    polls = [
        next_poll(PollOutcome.READ, a_feed(id=n, interval=HOUR), Wishes(), NOW, CadenceSettings(jitter=0.1))
        for n in [*range(200), *range(200)]
    ]

    instants = [poll.next_poll_at for poll in polls]
    assert instants[:200] == instants[200:]
    assert len(set(instants[:200])) == 200
    assert NOW + HOUR <= min(instants) < NOW + 61 * MINUTE
    assert NOW + 65 * MINUTE < max(instants) <= NOW + 66 * MINUTE


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=60", 60),
        ("public, s-maxage=300, max-age=60", 300),
        ('max-age="60"', 60),
        ("MAX-AGE = 60", 60),
        ("max-age=0", None),
        ("no-store, max-age=60", None),
        ("no-cache", None),
        ("stale-while-revalidate=60", None),
        ("max-age=soon", None),
        ("", None),
    ],
)
def test_max_age_is_read_from_cache_control(control: str, seconds: int | None) -> None:
    assert max_age({"cache-control": control}) == (timedelta(seconds=seconds) if seconds else None)
