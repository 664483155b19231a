"""Boosted decision trees over a few numbers, read without the library that trained them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extractors.judge.classifier import Floats, softmax


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees in one row each; `roots` are (round, class) → first node.

    A leaf has itself as left and right, so that walking `depth` steps ends in a leaf from wherever it was reached.
    """

    start: Floats  # by class
    roots: NDArray[np.int32]  # rounds × classes (one column for two classes)
    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    depth: int

    @cached_property
    def below(self) -> NDArray[np.intp]:
        """What is right of each node, and what is left of it, in turn."""
        return np.column_stack((self.right, self.left)).ravel().astype(np.intp)

    def probabilities(self, rows: Sequence[Sequence[float]] | Floats) -> Floats:
        """Return a row of probabilities for each row of numbers."""
        if not len(rows):
            return np.zeros((0, max(2, self.roots.shape[1])), dtype=np.float32)
        table = np.asarray(rows, dtype=np.float32)
        nodes = np.tile(self.roots.ravel().astype(np.intp), (len(table), 1))
        begins = np.arange(0, table.size, table.shape[1])[:, None]  # of each row in the flattened table
        for _ in range(self.depth):
            goes_left = table.take(begins + self.feature.take(nodes)) <= self.threshold.take(nodes)
            nodes = self.below.take(nodes + nodes + goes_left)
        values = self.value.take(nodes).reshape(len(table), *self.roots.shape)
        scores = self.start + values.sum(axis=1)
        if scores.shape[1] == 1:  # two classes share one tree a round: the odds of the second
            scores = np.hstack([np.zeros_like(scores), scores])
        return softmax(scores)
