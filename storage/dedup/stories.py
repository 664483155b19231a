"""Which story an item belongs to: the affair that it and others tell of, whatever happens in it.

An item is a vector of its weightiest words, a story the sum of its items'. How far an item bears on a story is a small
logistic function of a few comparisons, each with a reason in words; its weights are in `story_weights`, learned by
`python -m storage.training`. How many items a story has is none of them: it says more about a feed than about a story.
Decisions are final, and look at nothing but what is handed in.
"""

import heapq
import math
import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.dedup.commonness import BACKGROUND_ITEMS, COMMON
from storage.dedup.story_weights import BIAS, WEIGHTS
from storage.dedup.words import Wording

# How long a story waits for its next item: verdicts and inquiries follow within two months (gva).
ALIVE = timedelta(days=60)
# From this probability on an item joins the story that it bears on most.
JOINS = 0.4
# From this one on a story that it opens continues the affair of that other: a later turn of the same matter. On
# diplomacy_lifecycle (11 affairs of days to months) 0.03 gives an F1 over pairs of 0.86, 0.06 0.77, 0.1 0.56.
CONTINUES = 0.03

# How many words of an item are kept, of which so many are looked up, and how many of a story.
ITEM_TERMS, LOOKED_UP, STORY_TERMS = 40, 12, 80
# How many of the nearest items are compared, and of how many stories at most.
NEAR_ITEMS, NEAR_STORIES = 24, 6
# A word of the headline counts so many times.
_TITLE_WEIGHT = 2.0
# A headline alone is told from a text by its words: of so many, half is text.
_SHORT_WORDS = 20
# A burst of reports fades within days.
_BURST_DAYS = 2.0

_HEAD, _TERM, _STORY_HEAD, _STORY_TERM = (
    struct.Struct("<dI"),
    struct.Struct("<IffB"),
    struct.Struct("<qddI"),
    struct.Struct("<If"),
)
_NAME, _TITLE = 1, 2
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Commonness:
    """How common words are: in news at large, and in `items` lately seen items, of which `counts` had a word."""

    items: float = 0.0
    counts: Mapping[int, float] = field(default_factory=dict)

    def rarity(self, term: int) -> float:
        """Return the logarithm of how many items there are to one that has the word; above 0."""
        having = BACKGROUND_ITEMS * COMMON.get(term, 0.0) + self.counts.get(term, 0.0) + 0.5
        return max(0.01, math.log((BACKGROUND_ITEMS + self.items + 1) / having))

    def seen_in(self, items: int, words: Mapping[int, float]) -> "Commonness":
        """Return how common words are after so many items more; `words` says how many of those have each."""
        more = {word: self.counts.get(word, 0.0) + number for word, number in words.items()}
        return Commonness(self.items + items, {**self.counts, **more})


@dataclass(frozen=True, slots=True)
class Profile:
    """What an item is compared by. `weights` has length 1; `rarities` has the same words; `words` counts its text's."""

    at: datetime
    words: int
    weights: Mapping[int, float]
    rarities: Mapping[int, float]
    names: frozenset[int]
    title: frozenset[int]

    @property
    def looked_up(self) -> tuple[int, ...]:
        """Its weightiest words, under which it is found."""
        return tuple(self.weights)[:LOOKED_UP]

    def packed(self) -> bytes:
        """Return the profile as bytes; `unpacked` reads them."""
        marks = {term: _NAME * (term in self.names) + _TITLE * (term in self.title) for term in self.weights}
        terms = (_TERM.pack(term, one, self.rarities[term], marks[term]) for term, one in self.weights.items())
        return _HEAD.pack(self.at.timestamp(), self.words) + b"".join(terms)

    @classmethod
    def unpacked(cls, data: bytes) -> "Profile":
        """Read what `packed` wrote."""
        at, words = _HEAD.unpack_from(data)
        terms = list(_TERM.iter_unpack(data[_HEAD.size :]))
        return cls(
            at=datetime.fromtimestamp(at, UTC),
            words=words,
            weights={term: weight for term, weight, _, _ in terms},
            rarities={term: rarity for term, _, rarity, _ in terms},
            names=frozenset(term for term, _, _, mark in terms if mark & _NAME),
            title=frozenset(term for term, _, _, mark in terms if mark & _TITLE),
        )


@dataclass(frozen=True, slots=True)
class StoryProfile:
    """The words of a story: the sum of its items' weights. `length` is that of the sum.

    `affair_id` is the first story of the affair that it continues; its own number where it continues none.
    """

    affair_id: int
    first_at: datetime
    last_at: datetime
    items: int
    weights: Mapping[int, float]

    @property
    def length(self) -> float:
        """Return the length of the vector, which is above 0."""
        return math.sqrt(sum(weight * weight for weight in self.weights.values())) or 1.0

    def joined_by(self, item: Profile) -> "StoryProfile":
        """Return the story with one more item."""
        weights = Counter(dict(self.weights))
        weights.update(item.weights)
        kept = dict(weights.most_common(STORY_TERMS)) if len(weights) > STORY_TERMS else dict(weights)
        first, last = min(self.first_at, item.at), max(self.last_at, item.at)
        return StoryProfile(self.affair_id, first, last, self.items + 1, kept)

    @classmethod
    def of(cls, item: Profile, affair_id: int) -> "StoryProfile":
        """Return the story of one item."""
        return cls(affair_id, item.at, item.at, 1, dict(item.weights))

    def packed(self) -> bytes:
        """Return the story as bytes; `unpacked` reads them."""
        head = _STORY_HEAD.pack(self.affair_id, self.first_at.timestamp(), self.last_at.timestamp(), self.items)
        return head + b"".join(_STORY_TERM.pack(term, weight) for term, weight in self.weights.items())

    @classmethod
    def unpacked(cls, data: bytes) -> "StoryProfile":
        """Read what `packed` wrote."""
        affair, first, last, items = _STORY_HEAD.unpack_from(data)
        weights = dict(_STORY_TERM.iter_unpack(data[_STORY_HEAD.size :]))
        return cls(affair, datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC), items, weights)


@dataclass(frozen=True, slots=True)
class Bearing:
    """How far an item bears on a story: a probability 0..1, with what speaks for it and against it."""

    story_id: int
    probability: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]

    @property
    def joins(self) -> bool:
        """Whether it is enough for the item to be of the story."""
        return self.probability >= JOINS

    @property
    def continues(self) -> bool:
        """Whether it is enough for a story that the item opens to continue the story's affair."""
        return self.probability >= CONTINUES


# ---------------------------------------------------------------- an item's profile


def profile(words: Wording, common: Commonness, at: datetime) -> Profile:
    """Return what an item of these words is compared by."""
    times: dict[int, float] = dict(Counter(words.body))
    for word in words.title:
        times[word] = times.get(word, 0) + _TITLE_WEIGHT
    rarities = {word: common.rarity(word) for word in times}
    weights = {word: (1 + math.log(number)) * rarities[word] for word, number in times.items()}
    kept = heapq.nsmallest(ITEM_TERMS, weights, key=lambda word: (-weights[word], word))
    length = math.sqrt(sum(weights[word] ** 2 for word in kept)) or 1.0
    return Profile(
        at=at,
        words=len(words.body),
        weights={word: weights[word] / length for word in kept},
        rarities={word: rarities[word] for word in kept},
        names=words.names.intersection(kept),
        title=frozenset(words.title).intersection(kept),
    )


# ---------------------------------------------------------------- an item and a story


def bearing(item: Profile, story_id: int, story: StoryProfile, near: Sequence[Profile]) -> Bearing:
    """Return how far an item bears on a story; `near` are items of the story that share words with it, at least one."""
    found = comparisons(item, story, near)
    shares = {name: WEIGHTS[name].of(value) for name, value in found.items() if name in WEIGHTS}
    total = BIAS + sum(WEIGHTS[name].weight * found[name] for name in shares)
    ordered = sorted(shares.items(), key=lambda pair: -abs(pair[1]))[:_REASONS]
    told = [(f"{_MEANING.get(name, name)} {found[name]:.2f}", share) for name, share in ordered]
    return Bearing(
        story_id=story_id,
        probability=1 / (1 + math.exp(-max(-30.0, min(30.0, total)))),
        reasons_for=tuple(reason for reason, share in told if share > 0),
        reasons_against=tuple(reason for reason, share in told if share < 0),
    )


# How many comparisons a reason names: those that count most.
_REASONS = 4


def best_of(bearings: Iterable[Bearing]) -> Bearing | None:
    """Return the bearing on the story that the item is most likely of; None without any."""
    return max(bearings, key=lambda one: (one.probability, -one.story_id), default=None)


def comparisons(item: Profile, story: StoryProfile, near: Sequence[Profile]) -> dict[str, float]:
    """Return all that is compared, by name; values are 0 to about 10."""
    likenesses = [likeness(item, other) for other in near]
    nearest = near[likenesses.index(max(likenesses))]
    best = max(likenesses)
    shared = item.weights.keys() & story.weights.keys()
    whole = sum(item.weights[term] * story.weights[term] for term in shared) / story.length
    titles = max(_titles(item, other) for other in near)
    names, rare = _names(item, nearest)
    gained = _gained(item, story)
    days = max(0.0, (item.at - story.last_at) / _DAY)
    gap, burst = math.log1p(days), math.exp(-days / _BURST_DAYS)
    short = 1 / (1 + min(item.words, nearest.words) / _SHORT_WORDS)
    return {
        "whole": whole,
        "best": best,
        "titles": titles,
        "covered": _covered(item, story),
        "names": names,
        "rare": rare,
        "gained": gained,
        "gap": gap,
        "burst": burst,
        "length": math.log1p(min(item.words, nearest.words)),
        "short": short,
        "short whole": short * whole,
        "short best": short * best,
        "short titles": short * titles,
        "short gained": short * gained,
        "gap names": gap * names,
        "gap rare": gap * rare,
        "gap gained": gap * gained,
        "gap short": gap * short,
        "burst whole": burst * whole,
    }


_MEANING = {
    "whole": "likeness to the story",
    "best": "likeness to its nearest item",
    "titles": "likeness of headlines",
    "covered": "share of its words that the story has",
    "names": "share of names in common",
    "rare": "rarity of the names in common",
    "gained": "words more usual in the story than elsewhere",
    "gap": "days since its last item (log)",
    "burst": "closeness in time",
    "length": "length of both texts (log)",
    "short": "shortness of the texts",
}


def likeness(one: Profile, other: Profile) -> float:
    """Return the cosine 0..1 of two items."""
    theirs = other.weights
    return sum(one.weights[term] * theirs[term] for term in one.weights.keys() & theirs.keys())


def _titles(one: Profile, other: Profile) -> float:
    mine = sum(one.rarities[term] ** 2 for term in one.title)
    theirs = sum(other.rarities[term] ** 2 for term in other.title)
    common = sum(one.rarities[term] * other.rarities[term] for term in one.title & other.title)
    return common / math.sqrt(mine * theirs) if mine and theirs else 0.0


def _names(one: Profile, other: Profile) -> tuple[float, float]:
    """Share of names in common, of the item that has less; and how rare the second rarest of them is."""
    mine = sum(one.rarities[term] for term in one.names)
    theirs = sum(other.rarities[term] for term in other.names)
    common = sorted((one.rarities[term] for term in one.names & other.names), reverse=True)
    share = sum(common) / min(mine, theirs) if mine and theirs else 0.3
    return min(1.0, share), common[1] if len(common) > 1 else 0.0


def _covered(item: Profile, story: StoryProfile) -> float:
    common = item.weights.keys() & story.weights.keys()
    return sum(item.weights[term] for term in common) / (sum(item.weights.values()) or 1.0)


def _gained(item: Profile, story: StoryProfile) -> float:
    """How much likelier the item's words are in the story than anywhere, as a mean logarithm over its weight.

    Of a word's likelihood in the story half is that of news at large, so that one word alone cannot rule a story out.
    """
    common, total = item.weights.keys() & story.weights.keys(), 0.0
    unknown = 1.0
    for term in common:
        share = min(story.items, story.weights[term] / _USUAL_WEIGHT) / (story.items + 1)
        weight = item.weights[term] ** 2
        unknown -= weight
        total += weight * math.log(0.5 + 0.5 * share * math.exp(item.rarities[term]))
    return total + max(0.0, unknown) * math.log(0.5)


# The weight of a word that an item of forty equal words would give to each.
_USUAL_WEIGHT = 1 / math.sqrt(ITEM_TERMS)
