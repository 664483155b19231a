"""From streams to weights: how common words are, and what each comparison of an item with a story counts for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression

from storage.dedup import stories
from storage.dedup.shelf import Placed, Shelf, Unplaced
from storage.dedup.stories import Profile, StoryProfile
from storage.dedup.story_weights import Weight
from storage.dedup.words import wording
from storage.training.streams import Told, batches, is_for_learning

# What is told apart; left out are comparisons that made no difference to any stream.
COMPARED = (
    "whole",
    "names",
    "rare",
    "gained",
    "gap",
    "burst",
    "length",
    "covered",
    "short",
    "short whole",
    "short best",
    "short titles",
    "short gained",
    "gap names",
    "gap rare",
    "gap gained",
    "gap short",
    "burst whole",
)
# A word that fewer of the items have is rare enough to be told by the monitor's own counts.
LEAST_SHARE = 0.004
# Rounds in which the stories are those that the weights of the round before would make.
ROUNDS = 2

Weights = Mapping[str, Weight]


@dataclass(frozen=True, slots=True)
class Learned:
    """A logistic function of comparisons."""

    bias: float
    weights: Weights

    def probability(self, found: Mapping[str, float]) -> float:
        """Return how probably an item is of a story, 0..1."""
        total = self.bias + sum(one.weight * found[name] for name, one in self.weights.items())
        return float(1 / (1 + np.exp(-total)))


@dataclass(slots=True)
class Lesson:
    """Pairs of an item and a story, and whether they belong together; each stream weighs what it is given."""

    rows: list[list[float]] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    importance: list[float] = field(default_factory=list)

    def add(self, pairs: Sequence[tuple[Mapping[str, float], bool]], weight: float) -> None:
        """Add the pairs of a stream, which weigh as much together as `weight` thousand."""
        for found, same in pairs:
            self.rows.append([found[name] for name in COMPARED])
            self.labels.append(same)
            self.importance.append(1000 * weight / len(pairs))


def common_words(streams: Iterable[Sequence[Told]]) -> dict[int, float]:
    """Return the share of items that have a word, by its number, for words that are common; streams count alike."""
    shares: dict[int, float] = {}
    number = 0
    for told in streams:
        number += 1
        for word, times in Counter(word for one in told for word in wording(one.title, one.text).words).items():
            shares[word] = shares.get(word, 0.0) + times / len(told)
    return {word: share / number for word, share in shares.items() if share / number >= LEAST_SHARE}


def learn(streams: Mapping[str, Sequence[Told]], weights: Mapping[str, float]) -> Learned:
    """Return the weights learned from streams; `weights` says what each of them counts for, 1 where it says nothing.

    The first round looks at stories as they should be, the next at those that the weights so far make of the streams:
    a story that was split or joined wrongly is what the monitor will have to deal with.
    """
    lesson, learned = Lesson(), None
    for _ in range(ROUNDS):
        for name, told in streams.items():
            lesson.add(list(pairs(told, learned)), weights.get(name, 1.0))
        learned = _fitted(lesson)
    assert learned is not None
    return learned


def _fitted(lesson: Lesson) -> Learned:
    rows = np.array(lesson.rows)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=3000)
    model.fit((rows - mean) / spread, np.array(lesson.labels), sample_weight=np.array(lesson.importance))
    slopes = model.coef_[0] / spread
    weights = {
        name: Weight(round(float(slope), 4), round(float(usual), 4))
        for name, slope, usual in zip(COMPARED, slopes, mean, strict=True)
    }
    return Learned(round(float(model.intercept_[0] - (slopes * mean).sum()), 4), weights)


Pair = tuple[Mapping[str, float], bool]


def pairs(told: Sequence[Told], learned: Learned | None) -> Iterator[Pair]:
    """Yield every comparison that placing a stream makes, and whether to join is right; without weights, as labelled.

    Only of items whose story is learned from: the others are there to be mistaken for them.
    """
    shelf, labels = Shelf(), dict[int, Counter[str]]()
    number = 0
    for batch in batches(told):
        fresh = [Unplaced.of(number + place, one.title, one.text, one.at) for place, one in enumerate(batch)]
        number += len(batch)
        shelf.count([fresh])
        for new, one in zip(fresh, batch, strict=True):
            found = list(_placed(shelf, new, one.story, labels, learned))
            yield from found if is_for_learning(one.story) else ()


def _placed(
    shelf: Shelf, new: Unplaced, label: str, labels: dict[int, Counter[str]], learned: Learned | None
) -> Iterator[Pair]:
    profile = shelf.profile(new)
    near = [shelf.items[number] for number in shelf.neighbours(profile)]
    near.sort(key=lambda one: (-stories.likeness(profile, one.profile), one.item_id))
    near = [one for one in near if profile.at - shelf.stories[one.story_id].last_at <= stories.ALIVE]
    chosen, best = None, stories.JOINS
    for number, members in _by_story(near).items():
        found = stories.comparisons(profile, shelf.stories[number], members)
        yield found, labels[number].most_common(1)[0][0] == label
        if learned and learned.probability(found) >= best:
            chosen, best = number, learned.probability(found)
    if learned is None:
        chosen = next((number for number, names in labels.items() if label in names), None)
    _put(shelf, new, profile, len(labels) + 1 if chosen is None else chosen)
    labels.setdefault(shelf.items[new.item_id].story_id, Counter())[label] += 1


def _by_story(near: Iterable[Placed]) -> dict[int, list[Profile]]:
    found: dict[int, list[Profile]] = {}
    for one in near:
        if one.story_id in found or len(found) < stories.NEAR_STORIES:
            found.setdefault(one.story_id, []).append(one.profile)
    return found


def _put(shelf: Shelf, new: Unplaced, profile: Profile, story: int) -> None:
    shelf.add(Placed(new.item_id, new.item_id, None, story, story, new.signature, profile, ""))
    known = shelf.stories.get(story)
    shelf.stories[story] = known.joined_by(profile) if known else StoryProfile.of(profile, story)
