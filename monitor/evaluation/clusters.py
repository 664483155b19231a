"""Whether items that belong together are kept together: reports, stories and events, told in one pass in time order.

Decisions are those that the monitor takes (`storage.dedup.shelf`), final, with one setting for all sets. A figure over
pairs counts two items of a cluster as one case, so a cluster weighs by the square of its size; B³ is the mean over the
items (Bagga and Baldwin 1998).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median_low
from typing import Any

from monitor.errors import GoldError
from monitor.evaluation.figures import Counts, Figure, Half
from storage.dedup.shelf import Placed, Shelf, Unplaced

# What the clusters of a set are; of all others stories.
LEVELS: Mapping[str, Callable[[Placed], int]] = {
    "syndication_synth": lambda placed: placed.report_id,
    "diplomacy_lifecycle": lambda placed: placed.affair_id,
}
# As many items come with one poll.
_POLLED = 20


@dataclass(frozen=True, slots=True)
class Clustered:
    """An item of a set, the cluster that people put it in, and the one that it was put in."""

    id: str
    gold: str
    told: int


@dataclass(frozen=True, slots=True)
class ClusterScores:
    """How well clusters agree: over pairs of items, and B³ as precision and recall from 0 to 1."""

    items: int
    clusters: int
    pairs: Counts
    b3_precision: float
    b3_recall: float

    @property
    def b3(self) -> float:
        """The harmonic mean of B³ precision and recall."""
        both = self.b3_precision + self.b3_recall
        return 2 * self.b3_precision * self.b3_recall / both if both else 0.0

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield what has a floor, by name."""
        yield "pairs F1", self.pairs.figure
        yield "B3 F1", Figure(self.b3 if self.items else None, self.items)


def _story(placed: Placed) -> int:
    return placed.story_id


def read_clusters(data: Path, name: str) -> tuple[Clustered, ...]:
    """Return the items of a set, each placed after those before it; raises GoldError naming the file."""
    path = data / "dedup" / name / "dev.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        told = _in_order(rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{path}: {error!r}") from error
    placed, level = place(told), LEVELS.get(name, _story)
    return tuple(
        Clustered(str(row["id"]), str(row["cluster"]), level(one)) for (_, row), one in zip(told, placed, strict=True)
    )


Dated = tuple[datetime, Mapping[str, Any]]


def _in_order(rows: Sequence[Mapping[str, Any]]) -> list[Dated]:
    """The items in order of time; one without a date stands in the middle of its set."""
    middle = median_low([row["date"] for row in rows if row["date"]])
    dated = [(_instant(row["date"] or middle), row) for row in rows]
    return sorted(dated, key=lambda one: (one[0], str(one[1]["id"])))


def _instant(date: str) -> datetime:
    return datetime.fromisoformat(date if "T" in date else f"{date}T12:00:00Z").astimezone(UTC)


def place(told: Sequence[Dated]) -> list[Placed]:
    """Return the items in their places, in order."""
    shelf, placed = Shelf(), list[Placed]()
    for start in range(0, len(told), _POLLED):
        batch = told[start : start + _POLLED]
        fresh = [Unplaced.of(start + at, row["title"], row["text"], when) for at, (when, row) in enumerate(batch)]
        placed += shelf.take(fresh)
    return placed


def score_clusters(items: Sequence[Clustered], half: Half) -> ClusterScores:
    """Return the figures of a half of the clusters; items of the other half count neither as right nor as wrong."""
    held = [one for one in items if half.holds(one.gold)]
    cells = Counter((one.gold, one.told) for one in held)
    gold, told = Counter(one.gold for one in held), Counter(one.told for one in held)
    pairs = Counts(*(sum(number * (number - 1) // 2 for number in sizes.values()) for sizes in (cells, told, gold)))
    number = len(held) or 1
    precision = sum(both * both / told[name] for (_, name), both in cells.items()) / number
    recall = sum(both * both / gold[name] for (name, _), both in cells.items()) / number
    return ClusterScores(len(held), len(gold), pairs, precision, recall)
