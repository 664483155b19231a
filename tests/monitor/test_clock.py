"""Clocks that tests and recordings set."""

from datetime import timedelta

from monitor.clock import SetClock, TimeLapse
from tests.builders import HOUR, NOW


def test_a_time_lapse_stands_until_it_runs_and_ends_at_its_end() -> None:
    watched = SetClock(NOW)
    lapse = TimeLapse(start=NOW, end=NOW + 10 * HOUR, speed=3600.0, watched=watched)
    watched.at = NOW + timedelta(seconds=5)
    assert lapse() == NOW

    lapse.run()
    watched.at += timedelta(seconds=2)
    assert lapse() == NOW + 2 * HOUR

    watched.at += timedelta(minutes=5)
    assert lapse() == NOW + 10 * HOUR
