"""A linear classifier over named features: softmax of the sum of the features' weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """`weights` has a row for each feature of `rows` and a column for each label."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Floats

    def probabilities(self, samples: Sequence[Sequence[str]]) -> Floats:
        """Return a row of probabilities (0..1, sum 1) for each sample; features that are not known count nothing."""
        scores = np.zeros((len(samples), len(self.labels)), dtype=np.float32)
        for row, features in enumerate(samples):
            known = {self.rows[feature] for feature in features if feature in self.rows}
            if known:
                scores[row] = self.weights[list(known)].sum(axis=0)
        return softmax(scores)


def softmax(scores: Floats) -> Floats:
    """Return scores as probabilities, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True)) if len(scores) else scores
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares
