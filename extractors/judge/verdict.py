"""A text → the events that it tells, by the judge: each with its word, type, kind, parties, status and confidence."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.judge.acts import act_features
from extractors.judge.classifier import Floats, parted
from extractors.judge.model import Judge
from extractors.judge.roles import parties_near, role_features
from extractors.judge.sides import SIDES, Grouped, by_code, nearest, ranks, side_numbers
from extractors.judge.sights import TYPES, Scores, Sight, look, odds, type_scores
from extractors.judge.statuses import status_features
from extractors.judge.text import Party, Text
from extractors.ontology import KINDS, SYMMETRIC_KINDS, EventType, Kind, Status

# Where a text surely tells one event, others are likely: this share of the threshold is enough for them. Of 14
# annotated articles the F1 of types is 0.53 instead of 0.40; a passage without an event raises no more alarms by it
# (2026-11).
FURTHER = 0.55
# A second word of a sentence tells another event of the same type only where the judge has hardly a doubt.
SECOND = 0.6


@dataclass(frozen=True, slots=True)
class Act:
    """A word that tells an event of a type in a sentence; `score` 0..1 is how sure that is."""

    sentence: int
    token: int
    type: EventType
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """An event as the judge sees it. `confidence` 0..1: the share of such that are right in type and parties."""

    act: Act
    kind: Kind
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    status: Status
    confidence: float
    sureness: float

    @property
    def why(self) -> str:
        """How sure the judge is of the type and of the sides of all parties, in words."""
        return f"{self.act.type} {self.act.score:.2f}, parties {self.sureness:.2f}"

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all parties."""
        return frozenset(party.code for party in (*self.actors, *self.recipients))


# An act of a text, and its kind.
Told = tuple[Text, Act, Kind]
# Parties, each with "none", "actor" or "recipient".
Sides = list[tuple[Party, str]]


def verdicts(texts: Sequence[Text], judge: Judge) -> list[tuple[Verdict, ...]]:
    """Return the events of each text in the order of their words.

    Each classifier is asked once for all texts, which takes a fraction of the time of asking it for each.
    """
    sights = look(texts, judge)
    scores = type_scores(texts, sights, judge)
    acts = [acts_of(found, chances, judge) for found, chances in zip(sights, scores, strict=True)]
    full = iter(in_full([(text, act) for text, found in zip(texts, acts, strict=True) for act in found], judge))
    told = [without_doubles([next(full) for _ in found]) for found in acts]
    return [tuple(sorted(found, key=lambda one: one.act.token)) for found in told]


def acts_of(sights: Sequence[Sight], scores: Scores, judge: Judge) -> list[Act]:
    """Return the acts that the sentences of a text tell."""
    least = threshold(scores.values(), judge)
    return [
        Act(sentence, token, type_of, score)
        for (sentence, type_of), score in scores.items()
        if score >= least
        for token in words_of_type(sights[sentence], type_of)
    ]


def threshold(scores: Iterable[float], judge: Judge) -> float:
    """Return the score from which on a text tells an event: less than alone where it surely tells one."""
    return judge.least * FURTHER if max(scores, default=0.0) >= judge.least else judge.least


def words_of_type(sight: Sight, type_of: EventType) -> list[int]:
    """Return the word that tells an event of a type best, and others that tell one beyond doubt."""
    column = sight.acts[:, 1 + TYPES.index(type_of)]
    best = int(column.argmax())
    return [token for n, token in enumerate(sight.candidates) if n == best or column[n] >= SECOND]


def in_full(acts: Sequence[tuple[Text, Act]], judge: Judge) -> list[Verdict]:
    """Return what acts are in full."""
    told = [(text, act, kind) for (text, act), kind in zip(acts, kinds_of(acts, judge), strict=True)]
    sides, statuses = sides_of(told, judge), statuses_of(told, judge)
    return [
        verdict(act, kind, *chosen, status, judge)
        for (_, act, kind), chosen, status in zip(told, sides, statuses, strict=True)
    ]


def verdict(act: Act, kind: Kind, sides: Sides, sureness: float, status: Status, judge: Judge) -> Verdict:
    """Return what an act is, as all has been decided."""
    actors = tuple(party for party, side in sides if side == "actor")
    recipients = tuple(party for party, side in sides if side == "recipient")
    if kind in SYMMETRIC_KINDS:
        actors, recipients = (*actors, *recipients), ()
    return Verdict(act, kind, actors, recipients, status, confidence(act.score, sureness, judge.right), sureness)


def kinds_of(acts: Sequence[tuple[Text, Act]], judge: Judge) -> list[Kind]:
    """Return the likeliest kind of each act's type."""
    chances = judge.kinds.probabilities([act_features(text, act.token) for text, act in acts])
    column = {Kind(label): place for place, label in enumerate(judge.kinds.labels)}
    return [
        max(KINDS[act.type], key=lambda kind: row[column[kind]])
        for (_, act), row in zip(acts, chances.tolist(), strict=True)
    ]


def statuses_of(told: Sequence[Told], judge: Judge) -> list[Status]:
    """Return the likeliest status of each act."""
    chances = judge.statuses.probabilities([status_features(text, act.token, kind) for text, act, kind in told])
    return [Status(judge.statuses.labels[place]) for place in chances.argmax(axis=1).tolist()]


def sides_of(told: Sequence[Told], judge: Judge) -> list[tuple[Sides, float]]:
    """Return for each act each party's side, by code, and how sure all of them together are (0..1)."""
    near = [parties_near(text, act.token) for text, act, _ in told]
    features = [
        role_features(text, act.token, party, kind, order)
        for (text, act, kind), parties in zip(told, near, strict=True)
        for order in (ranks(parties),)
        for party in parties
    ]
    chances = parted(judge.roles.probabilities(features), near)
    grouped = [by_code(parties, found) for parties, found in zip(near, chances, strict=True)]
    numbers = [
        row
        for (text, act, kind), groups in zip(told, grouped, strict=True)
        for row in side_numbers(text, act.token, kind, groups)
    ]
    sides = parted(judge.sides.probabilities(numbers), grouped)
    return [
        chosen_sides(act.token, groups, found) for (_, act, _), groups, found in zip(told, grouped, sides, strict=True)
    ]


def chosen_sides(token: int, grouped: Grouped, chances: Floats) -> tuple[Sides, float]:
    """Return the likeliest side of each code, and how sure all of them together are (0..1; 0 without any)."""
    if not grouped:
        return [], 0.0
    sides = zip(grouped.values(), chances.argmax(axis=1).tolist(), strict=True)
    return [(nearest(parties, token), SIDES[side]) for (parties, _), side in sides], float(chances.max(axis=1).prod())


def confidence(score: float, sureness: float, right: Sequence[float]) -> float:
    """Return the share of right verdicts (type and parties) among those with such scores.

    `right` is fitted in training: how often the parties are all right when the sides are so sure.
    """
    parties = 1 / (1 + math.exp(-right[0] - right[1] * odds(sureness)))
    return score * parties


def without_doubles(found: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts without a second one of the same sentence and type that shares a party with a better one."""
    kept: list[Verdict] = []
    for one in sorted(found, key=lambda verdict: -verdict.act.score * verdict.confidence):
        twins = (k for k in kept if (k.act.sentence, k.act.type) == (one.act.sentence, one.act.type))
        if all(twin.codes and one.codes and not twin.codes & one.codes for twin in twins):
            kept.append(one)
    return kept
