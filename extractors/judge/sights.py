"""The first look at a text: what its words and sentences may tell, and the numbers by which that is decided."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from extractors.judge.acts import act_features
from extractors.judge.classifier import Floats, parted
from extractors.judge.gists import gist_features
from extractors.judge.model import Judge
from extractors.judge.text import Text
from extractors.ontology import EventType

TYPES = tuple(EventType)
FLOOR = 1e-4  # of probabilities, before their odds are taken


@dataclass(frozen=True, slots=True)
class Sight:
    """A sentence after the first look: its candidates with what each may tell, and what the whole may tell."""

    candidates: tuple[int, ...]
    acts: Floats
    gist: Floats


Scores = dict[tuple[int, EventType], float]


def look(texts: Sequence[Text], judge: Judge) -> list[list[Sight]]:
    """Return what each sentence of each text may tell."""
    sentences = [(text, sentence) for text in texts for sentence in range(len(text.sentences))]
    words = [judge.candidates(text, sentence) for text, sentence in sentences]
    acts = judge.acts.probabilities(
        [act_features(text, token) for (text, _), tokens in zip(sentences, words, strict=True) for token in tokens]
    )
    gists = judge.gists.probabilities([gist_features(text, sentence) for text, sentence in sentences])
    sights = map(Sight, words, parted(acts, words), gists)
    return [list(islice(sights, len(text.sentences))) for text in texts]


def type_scores(texts: Sequence[Text], sights: Sequence[Sequence[Sight]], judge: Judge) -> list[Scores]:
    """Return for each text how sure it is (0..1) that a sentence tells an event of a type, for all that may be."""
    keys = [(place, key) for place, found in enumerate(sights) for key in type_keys(found)]
    scores: list[Scores] = [{} for _ in texts]
    if not keys:
        return scores
    rows = np.vstack([type_rows(text, found) for text, found in zip(texts, sights, strict=True) if type_keys(found)])
    likely = np.flatnonzero(rows[:, LOOKS].max(axis=1) >= odds(IDLE))
    found = judge.types.probabilities(rows[likely])[:, 1]
    for row, score in zip(likely.tolist(), found.tolist(), strict=True):
        place, key = keys[row]
        scores[place][key] = score
    return scores


def type_keys(sights: Sequence[Sight]) -> list[tuple[int, EventType]]:
    """Return what the rows of `type_rows` are about."""
    return [(sentence, type_of) for sentence, sight in enumerate(sights) if sight.candidates for type_of in TYPES]


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
