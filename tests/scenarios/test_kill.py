"""The daemon, backups and migrations are killed at random moments of a recorded week: nothing is lost or told twice.

The long form, with as many kills as one likes, is benchmarks/kills.py.
"""

import random
from pathlib import Path

import pytest

from monitor.delivery import SENDERS
from tests.killing import a_week, outcome_of, shots_at, unharmed

KILLS = 50


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_what_is_killed_at_random_moments_loses_nothing_and_tells_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(20220422)
    with a_week(tmp_path, chance) as week:
        expected = unharmed(week.config, tmp_path)

        week.tell(shots_at(chance, KILLS))

        outcome = outcome_of(week, expected)
        assert outcome.is_good, outcome
        assert sum(outcome.kills.values()) == KILLS
        assert outcome.resent <= KILLS * 2 * SENDERS  # two channels, each with its senders
