"""Boosted trees are read as the library that grew them reads them."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from extractors.training.judge import trees_of


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_those_of_the_library(classes: int) -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(400, 5)).astype(np.float32)
    labels = (rows[:, 0] > 0).astype(int) + ((rows[:, 1] > 0.5).astype(int) if classes == 3 else 0)
    model = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6, early_stopping=False).fit(rows, labels)
    unseen = random.normal(size=(50, 5)).astype(np.float32)
    assert np.allclose(trees_of(model).probabilities(unseen.tolist()), model.predict_proba(unseen), atol=1e-4)
