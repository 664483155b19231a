"""A classifier: what it knows counts, what it does not know is left out, and the network has its say."""

import numpy as np
import pytest

from extractors.judge.classifier import Classifier

NONE = np.zeros(0, dtype=np.float32)
ROWS = {"cloud": 0, "sun": 1}
WEATHER = Classifier(
    ("dry", "wet"), ROWS, np.array([[0.0, 2.0], [1.0, -1.0], [0.0, 0.0]], dtype=np.float16), NONE, NONE, NONE
)
# Its hidden unit is open only where there are both, and then says that it is wet.
RAINBOW = Classifier(
    ("dry", "wet"),
    ROWS,
    np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]], dtype=np.float16),
    bias=np.array([-1.5], dtype=np.float32),
    out=np.array([[0.0, 20.0]], dtype=np.float32),
    offset=np.zeros(2, dtype=np.float32),
)


def test_probabilities_sum_to_one_and_follow_the_weights() -> None:
    (row,) = WEATHER.probabilities([["cloud"]])
    assert row.sum() == pytest.approx(1)
    assert row[1] == pytest.approx(1 / (1 + np.exp(-2)))


def test_unknown_feature_counts_nothing_and_a_repeated_one_once() -> None:
    rows = WEATHER.probabilities([["sun"], ["sun", "sun", "wind"], []])
    assert rows[0].tolist() == rows[1].tolist()
    assert rows[2].tolist() == [0.5, 0.5]


def test_network_says_what_features_say_together() -> None:
    alone, together = RAINBOW.probabilities([["sun"], ["sun", "cloud"]])
    assert alone[1] == pytest.approx(0.5)
    assert together[1] == pytest.approx(0.75, abs=0.01)  # the mean with a linear one that knows nothing


def test_no_samples_give_no_rows() -> None:
    assert WEATHER.probabilities([]).shape == (0, 2)
