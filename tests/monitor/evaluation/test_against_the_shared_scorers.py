"""Our scores are those of the scorers that come with the shared data: both score the same mentions of all of it.

The mentions are drawn by chance from the gold, with parts exchanged, so that every rule of the scorers meets cases.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.ontology import TYPE_OF, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place
from monitor.cli.tag import event_of
from monitor.evaluation import coded, scores, stories
from monitor.evaluation.figures import Counts
from monitor.evaluation.gold import CodedRecord, GoldEvent, Passage, read_articles, read_coded, read_sentences
from monitor.evaluation.stories import Checkpoint, StoryMention, read_stories
from tests.builders import a_mention
from tests.shared import SHARED, shared

pytestmark = pytest.mark.shared

CODES = tuple("RUS UKR USA CHN UN EU NATO HAMAS PSE XKX ARABL WBK IGO ISIS FRA".split())
A_DAY = DateRange(date(2015, 3, 1), date(2015, 3, 1))


def figures(scorer: str, *arguments: str | Path) -> dict[str, Any]:
    """Return what a shared scorer prints as JSON."""
    command = [sys.executable, str(shared("eval", scorer)), *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def written(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def told(event: GoldEvent, chance: random.Random) -> EventMention:
    """Return a mention like a gold event, with some of its fields exchanged."""
    right = chance.random() < 0.6
    kind = event.kind if right else chance.choice(list(Kind))
    return a_mention(
        kind,
        type=event.type if right else TYPE_OF[kind],
        actors=parties(event.actors, chance),
        recipients=parties(event.recipients, chance),
        place=Place(event.country, "") if event.country and chance.random() < 0.8 else None,
        date=event.date if chance.random() < 0.8 else A_DAY,
        status=event.status if chance.random() < 0.8 else chance.choice(list(Status)),
        confidence=chance.random(),
    )


def parties(codes: Iterable[str], chance: random.Random) -> tuple[Actor, ...]:
    kept = {code for code in sorted(codes) if chance.random() < 0.9}
    added = {chance.choice(CODES)} if chance.random() < 0.15 else set()
    return tuple(Actor(code, code) for code in sorted(kept | added))


def read_by_chance(passages: Sequence[Passage]) -> list[tuple[Passage, list[EventMention]]]:
    chance = random.Random(1)
    pool = [event for passage in passages for event in passage.events]
    drawn = []
    for passage in passages:
        kept = [event for event in passage.events if chance.random() < 0.8]
        wrong = [chance.choice(pool)] if chance.random() < 0.15 else []
        drawn.append((passage, [told(event, chance) for event in (*kept, *wrong)]))
    return drawn


@pytest.mark.parametrize(("file", "read"), [("sentences", read_sentences), ("articles", read_articles)])
def test_mentions_score_as_by_the_shared_scorer(file: str, read: Any, tmp_path: Path) -> None:
    gold = shared("gold", f"{file}.jsonl")
    drawn = read_by_chance(read(SHARED))
    lines = [{"id": one.id, "events": [event_of(mention) for mention in mentions]} for one, mentions in drawn]
    theirs = figures("score_mentions.py", "--gold", gold, "--pred", written(tmp_path / "told.jsonl", lines))

    ours = scores.score([scores.compare(passage, mentions) for passage, mentions in drawn])

    assert (ours.passages, ours.gold, ours.told) == (
        theirs["records"],
        theirs["gold_events"],
        theirs["predicted_events"],
    )
    assert {name: prf(counts) for name, counts in ours.levels.items()} == {name: theirs[name] for name in ours.levels}
    assert {name: rounded(share.value) for name, share in ours.accuracy.items()} == theirs["accuracy"]
    assert rounded(ours.false_alarms.value) == theirs["false_alarm_rate"]


def prf(counts: Counts) -> dict[str, float]:
    return {"p": round(counts.precision, 4), "r": round(counts.recall, 4), "f1": round(counts.f1, 4)}


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


# ---------------------------------------------------------------- coded records


def coded_by_chance(records: Sequence[CodedRecord]) -> list[tuple[CodedRecord, list[EventMention]]]:
    chance = random.Random(2)
    kinds = list(Kind)
    return [(record, list(coded_mentions(record, kinds, chance))) for record in records]


def coded_mentions(record: CodedRecord, kinds: Sequence[Kind], chance: random.Random) -> Iterable[EventMention]:
    for event in record.events:
        fitting = [kind for kind in kinds if coded.folded(TYPE_OF[kind]) == coded.folded(event.type)]
        kind = chance.choice(fitting) if fitting and chance.random() < 0.6 else chance.choice(kinds)
        if chance.random() < 0.85:
            yield a_mention(
                kind,
                actors=parties(event.actors, chance),
                recipients=parties(event.recipients, chance),
                status=chance.choice(list(Status)),
            )
    if chance.random() < 0.1:
        yield a_mention(chance.choice(kinds), actors=parties(CODES[:2], chance), recipients=())


VIEWS: dict[str, Callable[[CodedRecord], bool]] = {
    "all": lambda one: True,
    "exhaustive": lambda one: one.exhaustive,
    "diplomacy": lambda one: one.diplomacy,
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("tier", ["A", "A,B,C,P"])
def test_coded_records_score_as_by_the_shared_scorer(view: str, tier: str, tmp_path: Path) -> None:
    gold = shared("gold", "coded", "records.jsonl")
    drawn = [(record, mentions) for record, mentions in coded_by_chance(read_coded(SHARED)) if record.tier in tier]
    lines = [{"id": one.id, "events": [plain_codes(mention) for mention in mentions]} for one, mentions in drawn]
    pred = written(tmp_path / "told.jsonl", lines)
    theirs = figures("score_events.py", "--gold", gold, "--tier", tier, "--pred", pred)[view]

    held = [coded.score_record(record, mentions) for record, mentions in drawn if VIEWS[view](record)]
    ours = coded.score_records(held)

    for name, counts in (("type", ours.type), ("type+actor", ours.actor), ("type+dyad", ours.dyad)):
        missed = {"tp": counts.right, "fp": counts.told - counts.right, "fn": counts.gold - counts.right}
        assert missed == {key: theirs[name][key] for key in missed}
        assert [rounded(counts.precision), rounded(counts.recall)] == [theirs[name]["P"], theirs[name]["R"]]
        assert rounded(counts.f1) == theirs[name]["F1"]
    assert rounded(ours.hit.value) == theirs["hit"]
    assert rounded(ours.false_alarms.value) == theirs.get("false_alarm_rate")


def plain_codes(mention: EventMention) -> dict[str, Any]:
    event = event_of(mention)
    return event | {role: [one["code"] for one in event[role]] for role in ("actors", "recipients")}


def test_coded_types_score_as_by_the_shared_scorer(tmp_path: Path) -> None:
    drawn = coded_by_chance(read_coded(SHARED))
    lines = [{"id": one.id, "events": [plain_codes(mention) for mention in mentions]} for one, mentions in drawn]
    pred = written(tmp_path / "told.jsonl", lines)
    theirs = figures("score_events.py", "--gold", shared("gold", "coded", "records.jsonl"), "--pred", pred)["per_type"]

    ours = coded.score_records([coded.score_record(record, mentions) for record, mentions in drawn]).types

    assert {name: (one.right, one.told - one.right, one.gold - one.right) for name, one in ours.items()} == {
        name: (one["tp"], one["fp"], one["fn"]) for name, one in theirs.items()
    }


# ---------------------------------------------------------------- stories


def followed_by_chance(story: stories.Story, chance: random.Random) -> Iterable[StoryMention]:
    for point in story.checkpoints:
        if chance.random() < 0.85:
            yield story_mention(story, point, chance)
        if chance.random() < 0.3:
            yield story_mention(story, chance.choice(story.checkpoints), chance)


def story_mention(story: stories.Story, point: Checkpoint, chance: random.Random) -> StoryMention:
    type_, kind = chance.choice(point.readings)
    return StoryMention(
        item=point.item,
        event=f"{story.id}/{point.event if chance.random() < 0.8 else 'another'}",
        type=type_,
        kind=kind or "visit",
        actors=frozenset(point.participants[:1]),
        recipients=frozenset(one for one in point.participants[1:] if chance.random() < 0.8),
        status=chance.choice(sorted(point.statuses)) if chance.random() < 0.8 else "denied",
        days=point.days if chance.random() < 0.8 else None,
        country=point.country,
        development=chance.random() < 0.7,
    )


def test_stories_score_as_by_the_shared_scorer(tmp_path: Path) -> None:
    gold, chance = shared("stories", "stories.json"), random.Random(3)
    read = read_stories(SHARED)
    drawn = {story.id: list(followed_by_chance(story, chance)) for story in read}
    lines = [story_line(story, one) for story, mentions in drawn.items() for one in mentions]
    theirs = figures("score_stories.py", gold, written(tmp_path / "told.jsonl", lines))

    ours = stories.score_stories(read, drawn)

    assert ours.found.value == pytest.approx(theirs["mention_recall"])
    assert ours.kind.value == pytest.approx(theirs["kind"]["all"])
    assert ours.status.value == pytest.approx(theirs["status"]["all"])
    assert ours.days.value == pytest.approx(theirs["date_exact"]["all"])
    assert ours.country.value == pytest.approx(theirs["place"]["all"])
    assert ours.participants == pytest.approx(theirs["participants_f1"]["all"])
    assert ours.identity.f1 == pytest.approx(theirs["event_identity"]["f1"])
    assert ours.merged.right == theirs["event_identity"]["lookalikes"]["merged"]
    assert ours.development.f1 == pytest.approx(theirs["development"]["f1"])
    assert ours.silence.value == pytest.approx(theirs["development"]["repeat_silence"])
    assert {change: (pytest.approx(share.value), share.of) for change, share in ours.changes.items()} == {
        change: (one["r"], one["n"]) for change, one in theirs["development"]["recall_by"].items()
    }


def story_line(story: str, mention: StoryMention) -> dict[str, Any]:
    return {
        "item": mention.item,
        "story": story,
        "event": mention.event,
        "type": mention.type,
        "kind": mention.kind,
        "actors": sorted(mention.actors),
        "recipients": sorted(mention.recipients),
        "status": mention.status,
        "date": {"start": mention.days[0], "end": mention.days[1]} if mention.days else None,
        "place": mention.country,
        "development": mention.development,
    }
