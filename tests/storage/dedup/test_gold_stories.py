"""Event identity and developments on labelled stories: the labels are told as mentions, without an extractor."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from extractors.ontology import SYMMETRIC_KINDS, Kind, Status
from extractors.types import Actor, DateRange, Place
from storage.types import Repetition, Report
from tests.builders import a_mention, a_report
from tests.shared import shared
from tests.storage.dedup.remembered import Memory

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Told:
    """A labelled mention, and what was decided on it."""

    story: str
    label: str
    is_news: bool
    event: int
    alerted: bool


@pytest.fixture(scope="module")
def stories() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shared("stories", "stories.json").read_text())["stories"]
    return found


@pytest.fixture(scope="module")
def told(stories: list[dict[str, Any]]) -> list[Told]:
    return [mention for story in stories for mention in _tell(story)]


def test_mentions_of_one_event_meet_and_those_of_lookalikes_do_not(told: list[Told]) -> None:
    precision, recall = _identity(told)
    assert precision >= 0.97
    assert recall >= 0.94


def test_events_are_still_recognised_when_mentions_are_read_badly(stories: list[dict[str, Any]]) -> None:
    runs = [[told for story in stories for told in _tell(_blurred(story, random.Random(seed)))] for seed in range(10)]
    scores = [_identity(run) for run in runs]
    assert sum(precision for precision, _ in scores) / len(scores) >= 0.87
    assert sum(recall for _, recall in scores) / len(scores) >= 0.75


def test_news_alerts_and_repeats_stay_silent(told: list[Told]) -> None:
    alerts = [mention.is_news for mention in told if mention.alerted]
    news = [mention.alerted for mention in told if mention.is_news]
    assert sum(alerts) / len(alerts) >= 0.98
    assert sum(news) / len(news) >= 0.95


def _identity(told: list[Told]) -> tuple[float, float]:
    """Precision and recall of pairs of mentions within a story that are one event."""
    pairs = [pair for pair in combinations(told, 2) if pair[0].story == pair[1].story]
    joined = [one.label == other.label for one, other in pairs if one.event == other.event]
    right = [one.event == other.event for one, other in pairs if one.label == other.label]
    return sum(joined) / len(joined), sum(right) / len(right)


def _blurred(story: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The story as a middling reader gives it: other readings, days, places and parties missing."""
    return {**story, "checkpoints": [_blurred_checkpoint(one, chance) for one in story["checkpoints"]]}


def _blurred_checkpoint(checkpoint: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    lost = {name: None for name in ("event_date", "place") if chance.random() < 0.3}
    reading = chance.choice(checkpoint["alt"]) if checkpoint.get("alt") and chance.random() < 0.25 else {}
    parties = checkpoint["participants"]
    if checkpoint.get("also") and chance.random() < 0.3:
        parties = [*parties, chance.choice(checkpoint["also"])]
    elif len(parties) > 2 and chance.random() < 0.3:
        parties = parties[:-1]
    return {**checkpoint, **lost, **reading, "participants": parties}


def _tell(story: dict[str, Any]) -> Iterator[Told]:
    memory = Memory({})
    for number, checkpoint in enumerate(story["checkpoints"]):
        event, decision = memory.tell(_report(checkpoint, number))
        alerted = not isinstance(decision, Repetition)
        yield Told(story["id"], checkpoint["event"], checkpoint["expect"] != "repeat", event, alerted)


def _report(checkpoint: dict[str, Any], number: int) -> Report:
    kind = Kind(checkpoint["kind"])
    parties = tuple(Actor(code, code) for code in checkpoint["participants"])
    doers = len(parties) if kind in SYMMETRIC_KINDS | {Kind.MEDIATION} else 1
    mention = a_mention(
        kind,
        actors=parties[:doers],
        recipients=parties[doers:],
        status=Status(checkpoint["status"]),
        date=_range(checkpoint["event_date"]),
        place=Place(checkpoint["place"], "") if checkpoint["place"] else None,
    )
    at = datetime.fromisoformat(checkpoint["date"]).replace(tzinfo=UTC) + timedelta(minutes=number)
    return a_report(mention, published_at=at)


def _range(days: dict[str, str] | None) -> DateRange | None:
    return DateRange(date.fromisoformat(days["start"]), date.fromisoformat(days["end"])) if days else None
