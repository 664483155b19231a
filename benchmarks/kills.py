"""Kill -9 at random moments, and what is lost by it: items, alerts, and what a reader would see twice.

    python benchmarks/kills.py [--kills 1000] [--seed 1]

A recorded week is told to a daemon over loopback, round after round, on a new database each; after each snapshot the
daemon (polling, tagging, sending, or just told to reload), a backup or a migration is killed some random time after it
began. A webhook's receiver on loopback keeps what it is sent, and drops what comes with a key that it has; a second
channel is a file. At the end of a round all tables are compared with those of a week that nobody disturbed.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.delivery import SENDERS
from tests.killing import Outcome, Target, a_week, outcome_of, shots_at, unharmed

ROUND = 100  # kills in a round: some three after each snapshot


def main() -> None:
    """Run the rounds and print what was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, console = random.Random(arguments.seed), Console()
    outcomes: list[Outcome] = []
    left = arguments.kills
    while left > 0:
        outcomes.append(_round(chance, min(left, ROUND)))
        left -= ROUND
        console.print(
            f"{sum(_kills(outcomes).values())} kills: {'nothing lost' if outcomes[-1].is_good else outcomes[-1]}"
        )
    console.print(_table(outcomes))
    sys.exit(0 if all(one.is_good for one in outcomes) else 1)


def _round(chance: random.Random, kills: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="demarche-kills-") as folder, a_week(Path(folder), chance) as week:
        expected = unharmed(week.config, Path(folder))
        week.tell(shots_at(chance, kills))
        return outcome_of(week, expected)


def _kills(outcomes: list[Outcome]) -> Counter[Target]:
    return sum((Counter(one.kills) for one in outcomes), Counter())


def _table(outcomes: list[Outcome]) -> Table:
    kills = _kills(outcomes)
    table = Table("what", "number", title=f"{sum(kills.values())} kills in {len(outcomes)} rounds")
    for target, number in kills.items():
        table.add_row(f"kills: {target.value}", str(number))
    table.add_row("items lost", str(sum(one.items_lost for one in outcomes)))
    table.add_row("alerts", str(sum(one.alerts for one in outcomes)))
    table.add_row("alerts lost", str(sum(one.alerts_lost for one in outcomes)))
    table.add_row("shown twice", str(sum(one.shown_twice for one in outcomes)))
    table.add_row("tables that differ", str(sum(len(one.differing) for one in outcomes)))
    table.add_row("faults in databases and backups", str(sum(len(one.faults) for one in outcomes)))
    bound = 2 * SENDERS * sum(kills.values())
    table.add_row("resent with the same key", f"{sum(one.resent for one in outcomes)} (of at most {bound})")
    return table


if __name__ == "__main__":
    main()
