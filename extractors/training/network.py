"""Fits the network of a classifier: sums of feature vectors, one hidden layer, by Adam with dropout.

Adam: Kingma and Ba 2015, with the constants they give. Nothing here is random between runs: the seed is fixed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from extractors.judge.classifier import Floats, softmax

# Chosen on one fold of the annotated passages (2026-11): half or twice of each changed the F1 of types by less than a
# point, more rounds than these made it worse.
HIDDEN = 32
EPOCHS = 8
BATCH = 512
RATE = 2e-3
SPREAD = 2e-6  # quadratic penalty
DROPPED_FEATURES = 0.45
DROPPED_UNITS = 0.2
MOMENTUM, FADING, TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Network:
    """`vectors` has a row for each feature, `bias` one number for each hidden unit; `out` and `offset` give labels."""

    vectors: Floats
    bias: Floats
    out: Floats
    offset: Floats

    @property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """All weights, in a fixed order."""
        return self.vectors, self.bias, self.out, self.offset

    def said_by(self, ones: csr_matrix) -> Floats:
        """Return probabilities, a row for each sample."""
        hidden = np.maximum(np.asarray(ones @ self.vectors) + self.bias, 0)
        return softmax(hidden @ self.out + self.offset)


def fit_network(ones: csr_matrix, targets: Floats, weights: Floats, *, epochs: int = EPOCHS) -> Network:
    """Return a network for samples with shares of labels as targets. Minutes on one core for 100,000 samples."""
    chance = np.random.default_rng(0)
    network = start(ones.shape[1], targets.shape[1], chance)
    vectors, others = Adam(network.parts[:1]), Adam(network.parts[1:])
    for epoch in range(epochs):
        rate = RATE * (1 - epoch / epochs)
        order = chance.permutation(ones.shape[0])
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            features, seen = seen_alone(ones[batch])
            near = replace(network, vectors=network.vectors[features])
            slopes = slopes_of(near, seen, targets[batch], weights[batch], chance)
            vectors.step(slopes[:1], rate=rate, rows=features)
            others.step(slopes[1:], rate=rate)
    return network


def seen_alone(ones: csr_matrix) -> tuple[NDArray[np.intp], csr_matrix]:
    """Return which features samples have, and the samples over these alone: few of all, so that steps are short."""
    features, places = np.unique(ones.indices, return_inverse=True)
    return features, csr_matrix((ones.data, places, ones.indptr), shape=(ones.shape[0], len(features)))


def start(features: int, labels: int, chance: np.random.Generator) -> Network:
    """Return a network that knows nothing."""
    return Network(
        vectors=chance.normal(scale=0.05, size=(features, HIDDEN)).astype(np.float32),
        bias=np.zeros(HIDDEN, dtype=np.float32),
        out=chance.normal(scale=0.1, size=(HIDDEN, labels)).astype(np.float32),
        offset=np.zeros(labels, dtype=np.float32),
    )


def slopes_of(
    network: Network, ones: csr_matrix, targets: Floats, weights: Floats, chance: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the slope of the loss in each weight, with features and units dropped by chance."""
    kept = ones.copy()
    kept.data = kept.data * (chance.random(len(kept.data)) >= DROPPED_FEATURES) / np.float32(1 - DROPPED_FEATURES)
    raw = np.asarray(kept @ network.vectors) + network.bias
    open_units = (raw > 0) * (chance.random(raw.shape) >= DROPPED_UNITS) / np.float32(1 - DROPPED_UNITS)
    hidden = (raw * open_units).astype(np.float32)
    said = softmax(hidden @ network.out + network.offset)
    error = ((said - targets) * weights[:, None] / len(weights)).astype(np.float32)
    back = ((error @ network.out.T) * open_units).astype(np.float32)
    vectors = np.asarray(kept.T.tocsr() @ back) + SPREAD * network.vectors
    return vectors, back.sum(axis=0), hidden.T @ error + SPREAD * network.out, error.sum(axis=0)


class Adam:
    """Moves weights in place down their slopes, each as fast as its slopes have been steady."""

    def __init__(self, parts: tuple[Floats, ...]) -> None:
        self._parts = parts
        self._means = tuple(np.zeros_like(part) for part in parts)
        self._squares = tuple(np.zeros_like(part) for part in parts)
        self._steps = 0

    def step(self, slopes: tuple[Floats, ...], *, rate: float, rows: NDArray[np.intp] | slice = slice(None)) -> None:
        """Move some rows of the weights once; the others keep their memory of slopes."""
        self._steps += 1
        pace = np.float32(rate * np.sqrt(1 - FADING**self._steps) / (1 - MOMENTUM**self._steps))
        for part, mean, square, slope in zip(self._parts, self._means, self._squares, slopes, strict=True):
            mean[rows] += (1 - MOMENTUM) * (slope - mean[rows])
            square[rows] += (1 - FADING) * (slope * slope - square[rows])
            part[rows] -= pace * mean[rows] / (np.sqrt(square[rows]) + np.float32(TINY))
