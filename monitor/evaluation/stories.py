"""Replayed stories against their checkpoints: are the mentions of one event kept as one, and is only news alerted?

A checkpoint is one mention that one item of a story must give. Told mentions of an item are matched one to one with
the item's checkpoints, for the greatest likeness; a checkpoint without a mention counts as wrong everywhere.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path

from monitor.errors import GoldError
from monitor.evaluation.figures import Counts, Figure, Share, tally
from monitor.evaluation.gold import FILES, Gold, Row

Days = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StoryMention:
    """A mention of a replayed story. `development`: it was told to somebody who asked for everything new."""

    item: str
    event: str
    type: str
    kind: str
    actors: frozenset[str]
    recipients: frozenset[str]
    status: str
    days: Days | None
    country: str | None
    development: bool

    @property
    def parties(self) -> frozenset[str]:
        """Everybody concerned."""
        return self.actors | self.recipients


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A mention that an item must give. `readings`: (type, kind or None) that are right, the first before others.

    `also` are parties that may be named or not. `change`: what is new of an event, "new" for its first report; None
    for a repeat, which nobody may be told of.
    """

    item: str
    event: str
    readings: tuple[tuple[str, str | None], ...]
    statuses: frozenset[str]
    participants: tuple[str, ...]
    also: frozenset[str]
    days: Days | None
    country: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """A story by its name, with its checkpoints in order of time."""

    id: str
    checkpoints: tuple[Checkpoint, ...]


Match = tuple[Checkpoint, StoryMention | None]


@dataclass(frozen=True, slots=True)
class StoryScores:
    """The figures of some stories. `found`: checkpoints with a mention of the right type; `identity`: pairs of
    checkpoints of one event; `merged`: pairs of look-alikes that were taken for one event; `development`: alerts;
    `silence`: repeats that nobody was told of, among those found.
    """

    checkpoints: int
    found: Share
    kind: Share
    status: Share
    days: Share
    country: Share
    participants: float
    identity: Counts
    merged: Share
    development: Counts
    silence: Share
    changes: Mapping[str, Share]

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield what has a floor, by name; all of them the higher the better."""
        yield "mention recall", self.found.figure
        yield "kind", self.kind.figure
        yield "participants F1", Figure(self.participants, self.checkpoints)
        yield "status", self.status.figure
        yield "event identity F1", self.identity.figure
        yield "development F1", self.development.figure
        yield "repeats kept silent", self.silence.figure


def read_stories(data: Path) -> tuple[Story, ...]:
    """Return the stories with their checkpoints; raises GoldError naming the file and the place in it."""
    path = data / FILES[Gold.STORIES][0]
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GoldError(f"{path}: {error}") from error
    stories = Row(str(path), content if isinstance(content, dict) else {}).objects("stories")
    return tuple(Story(row.text("id"), tuple(map(_checkpoint, row.objects("checkpoints")))) for row in stories)


def _checkpoint(row: Row) -> Checkpoint:
    others = tuple(one.fields for one in row.objects("alt")) if row.fields.get("alt") else ()
    readings = tuple((one["type"], one.get("kind")) for one in others if "type" in one)
    days = row.days("event_date")
    return Checkpoint(
        item=row.text("sha"),
        event=row.text("event"),
        readings=((row.text("type"), row.text("kind")), *readings),
        statuses=frozenset({row.text("status"), *(one["status"] for one in others if "status" in one)}),
        participants=row.texts("participants"),
        also=frozenset(row.texts("also")),
        days=(days.start.isoformat(), days.end.isoformat()) if days else None,
        country=row.fields.get("place"),
        change=None if row.text("expect") == "repeat" else row.text("change", "new"),
    )


def score_stories(stories: Sequence[Story], mentions: Mapping[str, Iterable[StoryMention]]) -> StoryScores:
    """Return the figures; `mentions` are those of each replayed story, by its id."""
    matched = [match(story, mentions.get(story.id, ())) for story in stories]
    pairs = [pair for story in matched for pair in story]
    named = [party_f1(point, told) if told else 0.0 for point, told in pairs if point.participants]
    links = [link for story in matched for link in combinations(story, 2)]
    repeats = [not told.development for point, told in pairs if told and point.change is None]
    return StoryScores(
        checkpoints=len(pairs),
        found=_measure(pairs, right_type),
        kind=_measure(pairs, right_kind),
        status=_measure(pairs, lambda point, told: told.status in point.statuses),
        days=_measure((one for one in pairs if one[0].days), lambda point, told: told.days == point.days),
        country=_measure((one for one in pairs if one[0].country), lambda point, told: told.country == point.country),
        participants=sum(named) / len(named) if named else 0.0,
        identity=_identity(links),
        merged=tally([_linked(one, other) for one, other in links if _look_alike(one[0], other[0])]),
        development=_development(pairs),
        silence=tally(repeats),
        changes=_changes(pairs),
    )


def _measure(pairs: Iterable[Match], right: Callable[[Checkpoint, StoryMention], bool]) -> Share:
    return tally([told is not None and right(point, told) for point, told in pairs])


def _identity(links: Iterable[tuple[Match, Match]]) -> Counts:
    judged = [(one[0].event == other[0].event, _linked(one, other)) for one, other in links]
    return Counts(
        sum(same and linked for same, linked in judged),
        sum(linked for _, linked in judged),
        sum(same for same, _ in judged),
    )


def _linked(one: Match, other: Match) -> bool:
    return one[1] is not None and other[1] is not None and one[1].event == other[1].event


def _look_alike(one: Checkpoint, other: Checkpoint) -> bool:
    same_words = one.readings[0][0] == other.readings[0][0] and set(one.participants) == set(other.participants)
    return same_words and one.event != other.event


def _development(pairs: Sequence[Match]) -> Counts:
    judged = [(point.change is not None, told is not None and told.development) for point, told in pairs]
    return Counts(
        sum(wanted and alert for wanted, alert in judged),
        sum(alert for _, alert in judged),
        sum(wanted for wanted, _ in judged),
    )


def _changes(pairs: Sequence[Match]) -> dict[str, Share]:
    found = defaultdict[str, list[bool]](list)
    for point, told in pairs:
        if point.change is not None:
            found[point.change].append(told is not None and told.development)
    return {change: tally(alerts) for change, alerts in sorted(found.items())}


# ---------------------------------------------------------------- matching


def match(story: Story, mentions: Iterable[StoryMention]) -> list[Match]:
    """Return the mention of each checkpoint, None where no mention is like it, in order of the checkpoints."""
    told = defaultdict[str, list[StoryMention]](list)
    for mention in mentions:
        told[mention.item].append(mention)
    found: list[Match] = [(point, None) for point in story.checkpoints]
    for item in dict.fromkeys(point.item for point in story.checkpoints):
        places = [index for index, point in enumerate(story.checkpoints) if point.item == item]
        best = aligned([story.checkpoints[n] for n in places], told[item])
        for place, likest in zip(places, best, strict=True):
            found[place] = (story.checkpoints[place], likest)
    return found


def aligned(points: Sequence[Checkpoint], mentions: Sequence[StoryMention]) -> list[StoryMention | None]:
    """Return the best matching of one item. The best few mentions of each checkpoint are enough to look at."""
    like = [[likeness(point, mention) for mention in mentions] for point in points]
    pool = {column for row in like for column in _best(row, len(points))}
    slots: list[int | None] = [*sorted(pool), *[None] * len(points)]
    best = max(permutations(slots, len(points)), key=lambda chosen: _sum(like, chosen))
    return [mentions[n] if n is not None and row[n] is not None else None for row, n in zip(like, best, strict=True)]


def _best(row: Sequence[float | None], number: int) -> list[int]:
    ranked = sorted(((-value, column) for column, value in enumerate(row) if value is not None))
    return [column for _, column in ranked[:number]]


def _sum(like: Sequence[Sequence[float | None]], chosen: Sequence[int | None]) -> float:
    return sum(row[column] or 0.0 for row, column in zip(like, chosen, strict=True) if column is not None)


def likeness(point: Checkpoint, mention: StoryMention) -> float | None:
    """Return how like a mention is; None where it cannot be this one: no party in common, or no party and another type.

    The first participant acts: that tells "A expels B's envoys" from B's answer in the same line.
    """
    right = right_type(point, mention)
    if (not set(point.participants) & mention.parties) if point.participants else not right:
        return None
    acts = bool(set(point.participants[:1]) & mention.actors)
    parties, status = party_f1(point, mention), mention.status in point.statuses
    return 8 * right + 4 * parties + 2 * right_kind(point, mention) + status + 0.5 * acts


def right_type(point: Checkpoint, mention: StoryMention) -> bool:
    """Say whether the type is one of those that are right."""
    return any(type_ == mention.type for type_, _ in point.readings)


def right_kind(point: Checkpoint, mention: StoryMention) -> bool:
    """Say whether the kind is one of those that are right."""
    return any(type_ == mention.type and kind in (None, mention.kind) for type_, kind in point.readings)


def party_f1(point: Checkpoint, mention: StoryMention) -> float:
    """Return the F1 of the parties; those that may be named or not are no error."""
    wanted = set(point.participants)
    hit, extra = len(wanted & mention.parties), len(mention.parties - wanted - point.also)
    return 2 * hit / (len(wanted) + hit + extra) if hit else 0.0
