"""When a feed is asked again, and why."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.poller.cadence import CadenceSettings, Schedule, Wishes, asks_for_whole, expires, max_age, next_poll
from storage.types import PollOutcome
from tests.builders import NOW, a_feed

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STEADY = CadenceSettings(jitter=0.0)
FEED = a_feed(interval=10 * MINUTE)


def in_http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


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
        (Wishes(headers={"expires": in_http(NOW + HOUR)}), 60, "the response's Expires"),
        (Wishes(ttl=timedelta(days=7)), 1440, "the feed's ttl"),
        (Wishes(headers={"cache-control": "max-age=31536000"}), 1440, "the response's max-age"),
    ],
)
@pytest.mark.parametrize("outcome", [PollOutcome.READ, PollOutcome.FAILED])
def test_feed_is_never_asked_sooner_than_its_publisher_wishes_up_to_a_day(
    outcome: PollOutcome, wishes: Wishes, minutes: int, reason: str
) -> None:
    schedule = after(outcome, wishes)

    assert schedule.next_poll_at == NOW + minutes * MINUTE
    assert outcome is PollOutcome.FAILED or schedule.reason == reason
    assert schedule.interval == 10 * MINUTE


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"expires": in_http(NOW + HOUR)}, 60),
        ({"expires": in_http(NOW + 5 * HOUR), "date": in_http(NOW + 4 * HOUR)}, 60),
        ({"expires": in_http(NOW - HOUR)}, None),
        ({"expires": in_http(NOW + HOUR), "cache-control": "max-age=0"}, None),
        ({"expires": in_http(NOW + HOUR), "cache-control": "no-cache"}, None),
        ({"expires": "0"}, None),
        ({}, None),
    ],
)
def test_expires_counts_from_the_servers_own_clock_and_only_without_cache_control(
    headers: dict[str, str], minutes: int | None
) -> None:
    assert expires(headers, NOW) == (minutes * MINUTE if minutes else None)


@pytest.mark.parametrize(
    ("rhythm", "silence", "minutes", "reason"),
    [
        (None, None, 10, "its interval"),
        (None, 19 * MINUTE, 10, "its interval"),
        (None, 2 * HOUR, 60, "half the time since it brought something"),
        (30 * MINUTE, 5 * MINUTE, 15, "half its usual gap"),
        (MINUTE, MINUTE, 5, "half its usual gap"),
        (6 * HOUR, HOUR, 180, "half its usual gap"),
        (6 * HOUR, 10 * HOUR, 300, "half the time since it brought something"),
        (timedelta(days=30), HOUR, 1440, "half its usual gap"),
    ],
)
def test_interval_adapts_to_how_often_the_feed_brings_something_new(
    rhythm: timedelta | None, silence: timedelta | None, minutes: int, reason: str
) -> None:
    last_new_at = None if silence is None else NOW - silence
    feed = a_feed(interval=77 * MINUTE, wanted_interval=10 * MINUTE, rhythm=rhythm, last_new_at=last_new_at)

    assert next_poll(PollOutcome.READ, feed, Wishes(), NOW, STEADY) == Schedule(
        NOW + minutes * MINUTE, minutes * MINUTE, reason
    )


def test_interval_that_a_person_named_is_kept_whatever_the_feed_brings() -> None:
    feed = a_feed(interval=2 * MINUTE, interval_fixed=True, rhythm=HOUR, last_new_at=NOW - 100 * HOUR)

    assert next_poll(PollOutcome.READ, feed, Wishes(), NOW, STEADY).interval == 2 * MINUTE


def test_about_one_poll_in_a_hundred_asks_for_the_whole_document_each_feed_at_its_own() -> None:
    def polls_until_whole(number: int) -> int:
        return next(n for n in range(1000) if asks_for_whole(a_feed(id=number, unmodified=n)))

    lengths = [polls_until_whole(number) for number in range(400)]

    assert 75 <= min(lengths) < 80
    assert 120 < max(lengths) <= 125
    assert 97 < sum(lengths) / 400 < 104


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
    feed = a_feed(interval=timedelta(days=7), interval_fixed=True, failures=3)

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
