"""Local times: every day has each of them once, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.cron import parse_cron, parse_hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(cron: str, begin: str, end: str) -> list[str]:
    """Return when a cron line comes in a span, as UTC to the minute."""
    parsed, now, found = parse_cron(cron), at(begin), list[str]()
    while (now := parsed.after(now)) < at(end):
        found.append(f"{now:%d %H:%M}")
    return found


def test_a_digest_comes_each_day_by_local_time() -> None:
    assert times("0 7 * * * Europe/Berlin", "2026-01-05", "2026-01-08") == ["05 06:00", "06 06:00", "07 06:00"]


def test_a_time_that_the_clocks_skip_in_spring_comes_once() -> None:
    found = times("30 2 * * * Europe/Berlin", "2026-03-28", "2026-03-31")

    assert found == ["28 01:30", "29 01:30", "30 00:30"]


def test_a_time_that_comes_twice_in_autumn_comes_once() -> None:
    found = times("30 2 * * * Europe/Berlin", "2026-10-24", "2026-10-27")

    assert found == ["24 00:30", "25 00:30", "26 01:30"]


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_each_local_day_has_each_time_once(day: date, hour: int, minute: int, zone: str) -> None:
    cron = parse_cron(f"{minute} {hour} * * * {zone}")
    now = datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC) - timedelta(seconds=1)
    found = []
    for _ in range(400):
        now = cron.after(now)
        found.append(now.astimezone(ZoneInfo(zone)).date())

    assert found == [day + timedelta(days=number) for number in range(400)]


def test_what_comes_next_is_later_than_now() -> None:
    assert parse_cron("0 7 * * * UTC").after(at("2026-01-05T07:00")) == at("2026-01-06T07:00")


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 7 * * mon-fri UTC", ["05", "06", "07", "08", "09", "12", "13"]),
        ("0 7 * * sat,sun UTC", ["10", "11"]),
        ("0 7 * * fri-mon UTC", ["05", "09", "10", "11", "12"]),
        ("0 7 */5 * * UTC", ["06", "11"]),
        ("0 7 13 jan * UTC", ["13"]),
    ],
)
def test_days_are_those_that_are_named(cron: str, days: list[str]) -> None:
    found = times(cron, "2026-01-05", "2026-01-14")

    assert [one[:2] for one in found] == days


def test_steps_lists_and_ranges_of_times() -> None:
    assert times("*/30 8-9,12 * * * UTC", "2026-01-05", "2026-01-06") == [
        *("05 08:00", "05 08:30", "05 09:00", "05 09:30", "05 12:00", "05 12:30")
    ]


def test_the_leap_day_comes_round() -> None:
    assert parse_cron("0 0 29 2 * UTC").after(at("2026-01-01")) == at("2028-02-29")


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("0 7 * * *", "wants `MINUTE HOUR DAY MONTH WEEKDAY ZONE`"),
        ("0 7 * * 1 UTC", "wants weekdays by name (mon, tue, wed, thu, fri, sat, sun), found `1`"),
        ("0 7 * * monday UTC", "wants weekdays by name"),
        ("60 7 * * * UTC", "has no minute `60`: wants 0 to 59"),
        ("0 7 31 2 * UTC", "never comes"),
        ("0 7 1 * mon UTC", "wants a day of the month or a weekday, not both"),
        ("*/0 7 * * * UTC", "a step is a number"),
        ("0 7 * * * Europe/Atlantis", "knows no time zone `Europe/Atlantis`"),
        ("0 7 * * * ../../etc", "knows no time zone"),
        ("٣ 7 * * * UTC", "has no minute"),
    ],
)
def test_a_cron_line_that_cannot_be_meant_is_told(cron: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        parse_cron(cron)

    assert problem in str(told.value)


# ---------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        ("2026-01-05T20:59", None),
        ("2026-01-05T21:00", "2026-01-06T06:00"),
        ("2026-01-06T05:59", "2026-01-06T06:00"),
        ("2026-01-06T06:00", None),
    ],
)
def test_hours_last_until_the_next_morning(instant: str, end: str | None) -> None:
    hours = parse_hours("22:00-07:00 Europe/Berlin")

    assert hours.end_of(at(instant)) == (end and at(end))


def test_hours_within_a_day() -> None:
    hours = parse_hours("12:00-13:30 UTC")

    assert hours.end_of(at("2026-01-05T13:29")) == at("2026-01-05T13:30")
    assert hours.end_of(at("2026-01-05T13:30")) is None


def test_hours_that_end_in_the_skipped_hour_end_once() -> None:
    hours = parse_hours("22:00-02:30 Europe/Berlin")

    assert hours.end_of(at("2026-03-29T01:29")) == at("2026-03-29T01:30")
    assert hours.end_of(at("2026-03-29T01:30")) is None


@pytest.mark.parametrize(
    "text", ["22:00-07:00", "22-07 UTC", "24:00-07:00 UTC", "07:00-07:00 UTC", "22:00-07:00 Berlin"]
)
def test_hours_that_cannot_be_meant_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"wants|knows"):
        parse_hours(text)
