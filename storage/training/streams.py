"""Labelled streams of news: items in order of time, each with the story that people gave it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median_low
from typing import Any

# Their stories are learned from; a part of each is kept aside.
LEARNED = ("allsides_full", "allsides2021", "gva", "uci_news_sample", "wikinews_sources")
# Of these only the words are counted.
COUNTED = ("basil", "diplomacy_lifecycle", "ecbplus")


@dataclass(frozen=True, slots=True)
class Told:
    """An item of a stream: what it says, when, and its story."""

    id: str
    title: str
    text: str
    at: datetime
    story: str


def read_stream(path: Path) -> tuple[Told, ...]:
    """Return the items of a JSON Lines file in order of time; one without a date stands in the middle of the file's."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    dates = [row["date"] for row in rows if row["date"]]
    middle = median_low(dates)
    return tuple(sorted((_told(row, row["date"] or middle) for row in rows), key=lambda one: (one.at, one.id)))


def _told(row: dict[str, Any], date: str) -> Told:
    at = datetime.fromisoformat(date if "T" in date else f"{date}T12:00:00Z")
    return Told(str(row["id"]), row["title"], row["text"], at.astimezone(UTC), str(row["cluster"]))


def is_for_learning(story: str) -> bool:
    """Tell whether a story is one that is learned from: every second one, by a hash of its name."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % 2 == 0


def batches(told: Sequence[Told], size: int = 20) -> Iterator[Sequence[Told]]:
    """Yield the items as polls would bring them: some at a time."""
    return (told[start : start + size] for start in range(0, len(told), size))
