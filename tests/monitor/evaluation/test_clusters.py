"""Scores of clusters, on examples counted by hand, and as the scorer of the shared data counts them."""

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from monitor.errors import GoldError
from monitor.evaluation.clusters import Clustered, read_clusters, score_clusters
from monitor.evaluation.figures import Half
from tests.shared import shared


def clustered(gold: str, told: str) -> list[Clustered]:
    return [Clustered(str(at), one, int(two)) for at, (one, two) in enumerate(zip(gold, told, strict=True))]


def test_a_cluster_that_is_split_loses_recall() -> None:
    scores = score_clusters(clustered("aaab", "1123"), Half.ALL)
    assert (scores.pairs.precision, round(scores.pairs.recall, 3)) == (1.0, 0.333)
    assert (scores.b3_precision, round(scores.b3_recall, 3)) == (1.0, 0.667)


def test_clusters_that_are_joined_lose_precision() -> None:
    scores = score_clusters(clustered("aabb", "1111"), Half.ALL)
    assert (round(scores.pairs.precision, 3), scores.pairs.recall) == (0.333, 1.0)
    assert (scores.b3_precision, scores.b3_recall) == (0.5, 1.0)


def test_each_cluster_is_in_one_half() -> None:
    items = clustered("abcdefgh" * 2, "12345678" * 2)
    halves = [score_clusters(items, half).clusters for half in (Half.EVEN, Half.ODD)]
    assert sum(halves) == score_clusters(items, Half.ALL).clusters == 8


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="gva"):
        read_clusters(tmp_path, "gva")


@pytest.mark.shared
def test_scores_are_those_of_the_shared_scorer() -> None:
    scorer, chance = shared_scorer(), random.Random(4)
    items = [Clustered(str(at), str(chance.randrange(12)), chance.randrange(15)) for at in range(120)]
    theirs = scorer.score({one.id: one.gold for one in items}, {one.id: one.told for one in items})
    ours = score_clusters(items, Half.ALL)
    assert ours.pairs.f1 == pytest.approx(theirs["pairwise"]["f1"])
    assert ours.b3 == pytest.approx(theirs["b_cubed"]["f1"])


def shared_scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_clusters", shared("eval", "score_clusters.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
