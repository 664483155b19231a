"""A text → the events that it tells, by the judge: each with its word, type, kind, parties, status and confidence."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from extractors.judge.acts import act_features
from extractors.judge.classifier import Floats
from extractors.judge.gists import gist_features
from extractors.judge.model import Judge
from extractors.judge.roles import parties_near, role_features
from extractors.judge.statuses import status_features
from extractors.judge.text import Party, Text
from extractors.ontology import KINDS, SYMMETRIC_KINDS, TYPE_OF, EventType, Kind, Status

TYPES = tuple(EventType)
# Where a text surely tells one event, others are likely: this share of the threshold is enough for them. Of 14
# annotated articles the F1 of types is 0.53 instead of 0.40; a passage without an event raises no more alarms by it
# (2026-11).
FURTHER = 0.55
# A second word of a sentence tells another event of the same type only where the judge has hardly a doubt.
SECOND = 0.6
FLOOR = 1e-4  # of probabilities, before their odds are taken
SIDES = ("none", "actor", "recipient")


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


@dataclass(frozen=True, slots=True)
class Sight:
    """A sentence after the first look: its candidates with what each may tell, and what the whole may tell."""

    candidates: tuple[int, ...]
    acts: Floats
    gist: Floats


def verdicts(text: Text, judge: Judge) -> tuple[Verdict, ...]:
    """Return the events of a text in the order of their words."""
    sights = look(text, judge)
    found = [verdict(text, act, judge) for act in acts_of(text, sights, judge)]
    return tuple(sorted(without_doubles(found), key=lambda one: one.act.token))


def look(text: Text, judge: Judge) -> list[Sight]:
    """Return what each sentence may tell."""
    sights = []
    for sentence in range(len(text.sentences)):
        candidates = text.candidates(sentence)
        acts = judge.acts.probabilities([act_features(text, token) for token in candidates])
        gist = judge.gists.probabilities([gist_features(text, sentence)])[0]
        sights.append(Sight(tuple(candidates), acts, gist))
    return sights


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


def type_scores(text: Text, sights: Sequence[Sight], judge: Judge) -> dict[tuple[int, EventType], float]:
    """Return how sure it is (0..1) that a sentence tells an event of a type, for all of both that may be."""
    keys = type_keys(sights)
    if not keys:
        return {}
    rows = type_rows(text, sights)
    likely = np.flatnonzero(rows[:, LOOKS].max(axis=1) >= odds(IDLE))
    scores = judge.types.probabilities(rows[likely])[:, 1]
    return {keys[place]: score for place, score in zip(likely.tolist(), scores.tolist(), strict=True)}


def type_keys(sights: Sequence[Sight]) -> list[tuple[int, EventType]]:
    """Return what the rows of `type_rows` are about."""
    return [(sentence, type_of) for sentence, sight in enumerate(sights) if sight.candidates for type_of in TYPES]


def words_of_type(sight: Sight, type_of: EventType) -> list[int]:
    """Return the word that tells an event of a type best, and others that tell one beyond doubt."""
    column = sight.acts[:, 1 + TYPES.index(type_of)]
    best = int(column.argmax())
    return [token for n, token in enumerate(sight.candidates) if n == best or column[n] >= SECOND]


def type_rows(text: Text, sights: Sequence[Sight]) -> Floats:
    """Return the numbers by which it is decided whether a sentence tells an event of a type: a row for each of both."""
    read = [sentence for sentence, sight in enumerate(sights) if sight.candidates]
    looks = [look_of(sights[sentence]) for sentence in read]
    return np.vstack(
        [
            np.column_stack(
                [
                    looks[place].numbers,
                    elsewhere_of([other for other in looks if other is not looks[place]]),
                    proposal_numbers(text, sentence),
                    sentence_numbers(text, sentence, len(sights)),
                    looks[place].together,
                ]
            )
            for place, sentence in enumerate(read)
        ]
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What acts and gist say of a sentence, type by type: the best word, the gist, these and others as odds, and how
    likely any of its words tells the type.
    """

    best: Floats
    gist: Floats
    numbers: Floats
    together: Floats


def look_of(sight: Sight) -> Look:
    """Return a sentence's numbers that need no other sentence."""
    acts, gist = sight.acts[:, 1:], sight.gist[1:]
    ranked = np.sort(acts, axis=0)
    best = ranked[-1]
    second = ranked[-2] if len(ranked) > 1 else np.zeros_like(best)
    top = np.sort(best)
    others = np.where(best == top[-1], top[-2], top[-1])
    acting, telling = 1 - sight.acts[:, 0].min(), 1 - sight.gist[0]
    chances = [best, second, gist, np.full_like(best, acting), others, np.full_like(best, telling)]
    together = 1 - (1 - acts).prod(axis=0)
    return Look(best, gist, np.column_stack([all_odds(chance) for chance in chances]), together)


LOOKS = (0, 2)  # the columns of the best word and the gist
# A type that neither a word nor the gist finds likelier than this is not decided about: of 5,571 annotated passages
# none changed by it.
IDLE = 0.01


def elsewhere_of(others: Sequence[Look]) -> Floats:
    """Return what the best of the other sentences says, type by type."""
    if not others:
        return np.full((len(TYPES), 2), odds(0), dtype=np.float32)
    best = np.max([other.best for other in others], axis=0)
    gist = np.max([other.gist for other in others], axis=0)
    return np.column_stack([all_odds(best), all_odds(gist)])


def proposal_numbers(text: Text, sentence: int) -> Floats:
    """Return what frames propose in a sentence, type by type: how reliably, with how many parties; and of how many."""
    start, end, _ = text.sentences[sentence]
    found = np.zeros((len(TYPES), 3), dtype=np.float32)
    proposals = [p for place in range(start, end) for p in text.proposals.get(place, ()) if not p.refers]
    for proposal in proposals:
        row = found[TYPES.index(proposal.type)]
        row[:2] = np.maximum(row[:2], (proposal.reliability, len(proposal.actors | proposal.recipients)))
    found[:, 2] = len({proposal.type for proposal in proposals})
    return found


def sentence_numbers(text: Text, sentence: int, count: int) -> Floats:
    """Return what is the same for all types, but for the last column: which type it is."""
    start, end, headline = text.sentences[sentence]
    same = (min(len(text.codes(sentence)), 5), min(count, 6), headline, min(end - start, 60))
    return np.column_stack([np.tile(np.array(same, dtype=np.float32), (len(TYPES), 1)), np.arange(len(TYPES))])


def all_odds(probabilities: Floats) -> Floats:
    """Return log odds of an array, bounded."""
    raised: Floats = np.log((probabilities + FLOOR) / (1 - probabilities + FLOOR))
    return raised


def odds(probability: float) -> float:
    """Return log odds, bounded."""
    return math.log((probability + FLOOR) / (1 - probability + FLOOR))


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


def ranks(parties: Iterable[Party]) -> dict[str, int]:
    """Return the rank of each code by first appearance."""
    order: dict[str, int] = {}
    for party in sorted(parties, key=lambda party: party.start):
        order.setdefault(party.code, len(order))
    return order


def nearest(parties: Sequence[Party], token: int) -> Party:
    """Return the party's name that stands nearest to the act."""
    return min(parties, key=lambda party: abs(party.start - token))


Grouped = dict[str, tuple[list[Party], Floats]]


def by_code(parties: Sequence[Party], chances: Floats) -> Grouped:
    """Return parties and their chances by code."""
    places: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        places.setdefault(party.code, []).append(place)
    return {code: ([parties[n] for n in found], chances[found]) for code, found in places.items()}


def side_numbers(text: Text, token: int, kind: Kind, grouped: Grouped) -> list[list[float]]:
    """Return the numbers by which a code's side is decided, a row for each code; all codes are looked at together."""
    best = {code: chances_of(found) for code, (_, found) in grouped.items()}
    return [
        [
            *best[code],
            *rivals([other for name, other in best.items() if name != code], best[code]),
            len(grouped),
            len(group),
            kind in SYMMETRIC_KINDS,
            float(TYPES.index(TYPE_OF[kind])),
            min(min(abs(party.start - token) for party in group), 30),
            nearest(group, token).start < token,
            *proposed_sides(text, token, code),
            all(text.sentence_at[party.start] != text.sentence_at[token] for party in group),
            text.tags[token].startswith("V"),
            any(party.part == "acting" for party in group),
            group[0].sort == "S",
        ]
        for code, (group, _) in grouped.items()
    ]


def chances_of(found: Floats) -> tuple[float, float, float, float, float]:
    """Return a code's least chance of none, its greatest of either side, and both of its most telling name."""
    telling = found[int(found[:, 0].argmin())]
    return (
        float(found[:, 0].min()),
        float(found[:, 1].max()),
        float(found[:, 2].max()),
        float(telling[1]),
        float(telling[2]),
    )


def rivals(others: Sequence[tuple[float, ...]], own: tuple[float, ...]) -> list[float]:
    """Return the two best chances of other codes on either side, and how many are better than this code."""
    actors = sorted((other[1] for other in others), reverse=True)
    recipients = sorted((other[2] for other in others), reverse=True)
    ahead = (sum(chance > own[1] for chance in actors), sum(chance > own[2] for chance in recipients))
    return [*[*actors, 0.0, 0.0][:2], *[*recipients, 0.0, 0.0][:2], *ahead]


def proposed_sides(text: Text, token: int, code: str) -> tuple[bool, bool, bool]:
    """Return whether frames propose anything at a word, and a code as actor or as recipient."""
    proposals = text.proposals.get(token, ())
    return bool(proposals), any(code in p.actors for p in proposals), any(code in p.recipients for p in proposals)


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
