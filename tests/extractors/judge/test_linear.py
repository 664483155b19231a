"""A linear classifier: what it knows counts, what it does not know is left out."""

import numpy as np
import pytest

from extractors.judge.linear import Linear

WEATHER = Linear(("dry", "wet"), {"cloud": 0, "sun": 1}, np.array([[0.0, 2.0], [1.0, -1.0]], dtype=np.float32))


def test_probabilities_sum_to_one_and_follow_the_weights() -> None:
    (row,) = WEATHER.probabilities([["cloud"]])
    assert row.sum() == pytest.approx(1)
    assert row[1] == pytest.approx(1 / (1 + np.exp(-2)))


def test_unknown_feature_counts_nothing_and_a_repeated_one_once() -> None:
    rows = WEATHER.probabilities([["sun"], ["sun", "sun", "wind"], []])
    assert rows[0].tolist() == rows[1].tolist()
    assert rows[2].tolist() == [0.5, 0.5]


def test_no_samples_give_no_rows() -> None:
    assert WEATHER.probabilities([]).shape == (0, 2)
