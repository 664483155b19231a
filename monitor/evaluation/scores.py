"""Event mentions against annotated passages: what was told, what was missed, and how sure the chain was.

Gold and told events of a passage are paired one to one so that their agreement is greatest; a pair needs the same type.
Levels, each with precision, recall and F1 over all passages:

detected  a passage has an event at all
type      paired by type
who       type, and the same parties: the union for symmetric kinds, else actors and recipients apart
who~      type, and at least half of the parties in common (Jaccard on the union)
full      who, and status, and date and place where gold has them

A background event of the gold is optional: neither required nor wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from extractors.ontology import SYMMETRIC_KINDS
from extractors.types import Actor, EventMention
from monitor.evaluation.figures import Counts, Figure, Share, tally
from monitor.evaluation.gold import GoldEvent, Passage

# All ways to pair are tried up to this many events on the longer side (8! = 40,320); beyond, the best pair goes first.
MOST_EVENTS = 8
BINS = 10
# Of fewer pairs or mentions an accuracy or a calibration error says more of chance than of the chain: no floor.
LEAST_CASES = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold event and the mention that tells it."""

    gold: GoldEvent
    told: EventMention

    @property
    def overlap(self) -> float:
        """The share of all parties that both name."""
        gold, told = self.gold.actors | self.gold.recipients, self.told.parties
        return len(gold & told) / len(gold | told) if gold | told else 1.0

    @property
    def who(self) -> bool:
        """Whether the parties are the same."""
        gold, told = self.gold, self.told
        if gold.kind in SYMMETRIC_KINDS:
            return gold.actors | gold.recipients == told.parties
        return gold.actors == _codes(told.actors) and gold.recipients == _codes(told.recipients)

    @property
    def kind(self) -> bool:
        """Whether the kind is right."""
        return self.gold.accepts("kind", self.told.kind)

    @property
    def status(self) -> bool:
        """Whether the status is right."""
        return self.gold.accepts("status", self.told.status)

    @property
    def date(self) -> bool | None:
        """Whether the days are the same; None where gold has none."""
        return self.told.date == self.gold.date if self.gold.date else None

    @property
    def place(self) -> bool | None:
        """Whether the country is the same; None where gold has none."""
        if not self.gold.country:
            return None
        return self.told.place is not None and self.told.place.country == self.gold.country

    @property
    def full(self) -> bool:
        """Whether everything that gold has is right."""
        return self.who and self.status and self.date is not False and self.place is not False

    @property
    def agreement(self) -> float:
        """How well the two fit: 0 when the types differ, else 1 and a little for what else agrees."""
        if not self.gold.accepts("type", self.told.type):
            return 0.0
        return 1 + 0.5 * self.overlap + 0.1 * self.kind + 0.05 * self.status


# In the order in which they ask for more.
LEVELS: Mapping[str, Callable[[Pair], bool]] = {
    "type": lambda pair: True,
    "who": lambda pair: pair.who,
    "who~": lambda pair: pair.overlap >= 0.5,
    "full": lambda pair: pair.full,
}
FIELDS: Mapping[str, Callable[[Pair], bool | None]] = {
    "kind": lambda pair: pair.kind,
    "who": lambda pair: pair.who,
    "status": lambda pair: pair.status,
    "date": lambda pair: pair.date,
    "place": lambda pair: pair.place,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a passage: pairs, gold events that nobody told, and mentions of what is no event there."""

    passage: Passage
    pairs: tuple[Pair, ...]
    missed: tuple[GoldEvent, ...]
    extra: tuple[EventMention, ...]

    @property
    def told(self) -> bool:
        """Whether the chain told anything."""
        return bool(self.pairs or self.extra)

    @property
    def required(self) -> tuple[Pair, ...]:
        """The pairs of events that had to be told."""
        return tuple(pair for pair in self.pairs if not pair.gold.background)

    @property
    def lost(self) -> tuple[GoldEvent, ...]:
        """The missed events that had to be told."""
        return tuple(event for event in self.missed if not event.background)


@dataclass(frozen=True, slots=True)
class Bin:
    """The mentions of a range of confidence: how sure the chain was of them on average, and how many were right."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True, slots=True)
class MentionScores:
    """All figures of some passages. `calibration_error`: the mean distance of confidence and share right, over bins."""

    passages: int
    gold: int
    told: int
    levels: Mapping[str, Counts]
    accuracy: Mapping[str, Share]
    false_alarms: Share
    types: Mapping[str, Counts]
    kinds: Mapping[str, Counts]
    bins: tuple[Bin, ...]
    calibration_error: float | None

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield what has a floor, by name; all of them the higher the better."""
        for name, counts in self.levels.items():
            yield f"{name} F1", counts.figure
        for name in ("kind", "status", "date", "place"):
            if self.accuracy[name].of >= LEAST_CASES:
                yield f"{name} accuracy", self.accuracy[name].figure
        yield "no false alarm", self.false_alarms.rest
        if self.calibration_error is not None and self.told >= LEAST_CASES:
            yield "calibration", Figure(1 - self.calibration_error, self.told)


def compare(passage: Passage, mentions: Sequence[EventMention]) -> Outcome:
    """Return which mention tells which event of a passage."""
    weights = [[Pair(event, mention).agreement for mention in mentions] for event in passage.events]
    chosen = pairing(weights, len(mentions))
    gold, told = {g for g, _ in chosen}, {t for _, t in chosen}
    return Outcome(
        passage,
        tuple(Pair(passage.events[g], mentions[t]) for g, t in chosen),
        tuple(event for index, event in enumerate(passage.events) if index not in gold),
        tuple(mention for index, mention in enumerate(mentions) if index not in told),
    )


def score(outcomes: Sequence[Outcome]) -> MentionScores:
    """Return all figures of some passages."""
    required = [pair for one in outcomes for pair in one.required]
    gold = len(required) + sum(len(one.lost) for one in outcomes)
    told = len(required) + sum(len(one.extra) for one in outcomes)
    levels = {name: Counts(sum(map(holds, required)), told, gold) for name, holds in LEVELS.items()}
    bins = reliability(outcomes)
    return MentionScores(
        passages=len(outcomes),
        gold=gold,
        told=told,
        levels={"detected": detected(outcomes), **levels},
        accuracy={name: _share(map(field, required)) for name, field in FIELDS.items()},
        false_alarms=tally([one.told for one in outcomes if not one.passage.events]),
        types=by_word(outcomes, "type"),
        kinds=by_word(outcomes, "kind"),
        bins=bins,
        calibration_error=calibration_error(bins),
    )


def detected(outcomes: Iterable[Outcome]) -> Counts:
    """Return how many passages with an event were told to have one; those with background alone count nowhere."""
    found = Counts(0, 0, 0)
    for one in outcomes:
        required = any(not event.background for event in one.passage.events)
        false_alarm = one.told and not one.passage.events
        found += Counts(required and one.told, (required and one.told) or false_alarm, required)
    return found


def by_word(outcomes: Iterable[Outcome], field: str) -> dict[str, Counts]:
    """Return the counts by type or by kind, in alphabetical order.

    A pair whose value is accepted is right under gold's word; else gold's word is missed, and the other wrongly told.
    """
    found: dict[str, Counts] = {}
    for word, counts in (one for outcome in outcomes for one in _words(outcome, field)):
        found[word] = found.get(word, Counts(0, 0, 0)) + counts
    return dict(sorted(found.items()))


def _words(outcome: Outcome, field: str) -> Iterator[tuple[str, Counts]]:
    for pair in outcome.required:
        gold, told = getattr(pair.gold, field), getattr(pair.told, field)
        if pair.gold.accepts(field, told):
            yield str(gold), Counts(1, 1, 1)
        else:
            yield str(gold), Counts(0, 0, 1)
            yield str(told), Counts(0, 1, 0)
    for event in outcome.lost:
        yield str(getattr(event, field)), Counts(0, 0, 1)
    for mention in outcome.extra:
        yield str(getattr(mention, field)), Counts(0, 1, 0)


# ---------------------------------------------------------------- confidence


def reliability(outcomes: Iterable[Outcome]) -> tuple[Bin, ...]:
    """Return by ranges of confidence how many mentions were right: type and parties. Ranges without any are left out.

    A background event that is told rightly is right here: it was no guess.
    """
    judged = [one for outcome in outcomes for one in _judged(outcome)]
    found = []
    for number in range(BINS):
        inside = [one for one in judged if min(int(one[0] * BINS), BINS - 1) == number]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            found.append(Bin(number / BINS, (number + 1) / BINS, mean, tally([right for _, right in inside])))
    return tuple(found)


def _judged(outcome: Outcome) -> Iterator[tuple[float, bool]]:
    yield from ((pair.told.confidence, pair.who) for pair in outcome.pairs)
    yield from ((mention.confidence, False) for mention in outcome.extra)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error (Naeini et al. 2015): the bins' distances, weighed by their mentions."""
    total = sum(one.right.of for one in bins)
    if not total:
        return None
    return sum(abs(one.confidence * one.right.of - one.right.right) for one in bins) / total


# ---------------------------------------------------------------- pairing


def pairing(weights: Sequence[Sequence[float]], columns: int) -> tuple[tuple[int, int], ...]:
    """Return (row, column) pairs of the greatest sum, each row and column once, none of weight 0."""
    if not weights or not columns:
        return ()
    if max(len(weights), columns) > MOST_EVENTS:
        return _greedy(weights)
    if len(weights) <= columns:
        return _best(weights, columns)
    turned = [list(column) for column in zip(*weights, strict=True)]
    return tuple((row, column) for column, row in _best(turned, len(weights)))


def _best(weights: Sequence[Sequence[float]], columns: int) -> tuple[tuple[int, int], ...]:
    """No more rows than columns: try all; of equal sums the first holds."""
    best = max(permutations(range(columns), len(weights)), key=lambda chosen: _sum(weights, chosen))
    return tuple((row, column) for row, column in enumerate(best) if weights[row][column] > 0)


def _sum(weights: Sequence[Sequence[float]], chosen: Sequence[int]) -> float:
    return sum(weights[row][column] for row, column in enumerate(chosen))


def _greedy(weights: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    ranked = sorted(((weight, r, c) for r, row in enumerate(weights) for c, weight in enumerate(row)), reverse=True)
    rows, columns = set[int](), set[int]()
    found = []
    for weight, row, column in ranked:
        if weight > 0 and row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            found.append((row, column))
    return tuple(found)


def _share(values: Iterable[bool | None]) -> Share:
    return tally([value for value in values if value is not None])


def _codes(parties: Iterable[Actor]) -> frozenset[str]:
    return frozenset(party.code for party in parties)
