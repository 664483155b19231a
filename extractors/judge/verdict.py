"""A text → the events that it tells, by the judge: each with its word, type, kind, parties, status and confidence."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.judge.acts import act_features
from extractors.judge.model import Judge
from extractors.judge.roles import parties_near, role_features
from extractors.judge.sides import SIDES, by_code, nearest, ranks, side_numbers
from extractors.judge.sights import TYPES, Sight, look, odds, type_scores
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


def verdicts(text: Text, judge: Judge) -> tuple[Verdict, ...]:
    """Return the events of a text in the order of their words."""
    sights = look(text, judge)
    found = [verdict(text, act, judge) for act in acts_of(text, sights, judge)]
    return tuple(sorted(without_doubles(found), key=lambda one: one.act.token))


def acts_of(text: Text, sights: Sequence[Sight], judge: Judge) -> list[Act]:
    """Return the acts that the sentences tell."""
    scores = type_scores(text, sights, judge)
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


def verdict(text: Text, act: Act, judge: Judge) -> Verdict:
    """Return what an act is in full."""
    kind = kind_of(text, act, judge)
    sides, sureness = sides_of(text, act, kind, judge)
    actors = tuple(party for party, side in sides if side == "actor")
    recipients = tuple(party for party, side in sides if side == "recipient")
    if kind in SYMMETRIC_KINDS:
        actors, recipients = (*actors, *recipients), ()
    statuses = judge.statuses.probabilities([status_features(text, act.token, kind)])[0]
    status = Status(judge.statuses.labels[int(statuses.argmax())])
    return Verdict(act, kind, actors, recipients, status, confidence(act.score, sureness, judge.right), sureness)


def kind_of(text: Text, act: Act, judge: Judge) -> Kind:
    """Return the likeliest kind of the act's type."""
    kinds = KINDS[act.type]
    if len(kinds) == 1:
        return kinds[0]
    chances = judge.kinds.probabilities([act_features(text, act.token)])[0]
    return max(kinds, key=lambda kind: chances[judge.kinds.labels.index(kind)])


def sides_of(text: Text, act: Act, kind: Kind, judge: Judge) -> tuple[list[tuple[Party, str]], float]:
    """Return each party's side, by code, and how sure all of them together are (0..1)."""
    parties = parties_near(text, act.token)
    if not parties:
        return [], 0.0
    order = ranks(parties)
    chances = judge.roles.probabilities([role_features(text, act.token, party, kind, order) for party in parties])
    grouped = by_code(parties, chances)
    sides = judge.sides.probabilities(side_numbers(text, act.token, kind, grouped))
    chosen = [
        (nearest(group, act.token), SIDES[int(side.argmax())])
        for (group, _), side in zip(grouped.values(), sides, strict=True)
    ]
    return chosen, float(sides.max(axis=1).prod())


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
