"""Instants, lengths of time and sizes as people say them."""

from datetime import timedelta

import pytest

from monitor.cli.words import ago, ahead, count, length, seconds, size
from tests.builders import NOW, later


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (5400, "90 min"),
        (7200, "2 h"),
        (172_800, "2 days"),
        (-7200, "2 h"),
        (63_115_200, "2 years"),
    ],
)
def test_a_length_is_told_in_its_largest_unit(seconds: float, said: str) -> None:
    assert length(timedelta(seconds=seconds)) == said


def test_instants_are_told_from_now() -> None:
    assert ago(later(-3), NOW) == "3 h ago"
    assert ago(later(3), NOW) == "in 3 h"
    assert ago(None, NOW) == "never"
    assert ahead(later(3), NOW) == "in 3 h"
    assert ahead(later(-3), NOW) == "now"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 bytes"), (999, "999 bytes"), (98_400, "98 kB"), (999_600, "1.0 MB")]
)
def test_sizes_are_told_in_decimal_units(number: int, said: str) -> None:
    assert size(number) == said


def test_what_is_timed_is_told_in_milliseconds_below_a_second() -> None:
    assert [seconds(0.0042), seconds(0.9994), seconds(0.9996), seconds(12.34)] == ["4 ms", "999 ms", "1.0 s", "12.3 s"]


def test_nouns_follow_their_number() -> None:
    assert [count(1, "entry"), count(2000, "entry"), count(0, "feed")] == ["1 entry", "2,000 entries", "0 feeds"]
