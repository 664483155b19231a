"""What scores are made of: counts with precision and recall, shares, and the halves of the gold data."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Half(StrEnum):
    """A part of the gold data, by the SHA-256 of a record's id: even is for development, odd is held out."""

    ALL = "all"
    EVEN = "even"
    ODD = "odd"

    def holds(self, key: str) -> bool:
        """Say whether a record is in this half."""
        return self is Half.ALL or self is (Half.ODD if fold_of(key, 2) else Half.EVEN)


def fold_of(key: str, folds: int) -> int:
    """Return the fold of a record, from 0 to `folds` - 1, that only its id decides."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % folds


@dataclass(frozen=True, slots=True)
class Figure:
    """A score from 0 to 1, the higher the better, and of how many cases it is. None: of no case at all."""

    value: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.right / self.of if self.of else None

    @property
    def figure(self) -> Figure:
        """The share as a score."""
        return Figure(self.value, self.of)

    @property
    def rest(self) -> Figure:
        """What is left to the whole as a score, for shares of what should not be."""
        return Figure(None if self.value is None else 1 - self.value, self.of)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, of how many that were told and how many that were to be told."""

    right: int
    told: int
    gold: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.told + other.told, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """The share of the told that is right; 0 where nothing was told."""
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was told; 0 where there is none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def figure(self) -> Figure:
        """The F1 as a score of as many cases as there is gold."""
        return Figure(self.f1 if self.gold else None, self.gold)


def tally(cases: "list[bool]") -> Share:
    """Return how many of the cases hold."""
    return Share(sum(cases), len(cases))
