"""Floors: a score below one is named, pinning raises them, and lowers one only when asked to."""

from pathlib import Path

import pytest

from monitor.errors import GoldError
from monitor.evaluation.detect import DetectScores
from monitor.evaluation.figures import Figure, Half, Share
from monitor.evaluation.gate import NOISE, Floors, allowance, breaches, outdated, pinned, read_floors, write_floors
from monitor.evaluation.gold import Gold
from monitor.evaluation.report import Column

TITLE = "lines to detect, all"
DIGESTS = {Gold.DETECT: "d1"}
NAME = "gate recall"


def a_column(kept: int = 900) -> Column:
    """Return scores of a gate that keeps so many of a thousand lines."""
    rest = Share(0, 1000)
    return Column(Gold.DETECT, "lines to detect", Half.ALL, DetectScores(Share(kept, 1000), rest, rest, rest))


def floors_at(value: float) -> Floors:
    return Floors({"detect": "d1"}, {"detect": {TITLE: {NAME: value}}})


def test_a_score_at_its_floor_is_good() -> None:
    assert breaches(floors_at(0.9), [a_column(900)]) == ()


def test_noise_below_a_floor_is_good() -> None:
    assert breaches(floors_at(0.9 + NOISE / 2), [a_column(900)]) == ()


def test_a_score_below_its_floor_is_named_with_both_numbers() -> None:
    (breach,) = breaches(floors_at(0.95), [a_column(900)])

    assert str(breach) == f"{TITLE}: {NAME} is 0.9000, its floor 0.9500"


def test_a_score_that_is_not_measured_any_more_is_named() -> None:
    held = Floors({}, {"detect": {TITLE: {"of old": 0.5}}})

    (breach,) = breaches(held, [a_column()])

    assert str(breach) == f"{TITLE}: of old is not measured any more, its floor 0.5000"


def test_of_a_column_that_was_not_measured_nothing_is_said() -> None:
    assert breaches(Floors({}, {"detect": {"lines to detect, odd": {NAME: 1.0}}}), [a_column(0)]) == ()


def test_a_small_set_may_lose_one_case() -> None:
    assert allowance(Figure(0.5, 20)) == pytest.approx(0.05)
    assert allowance(Figure(0.5, 100_000)) == NOISE


def test_pinning_raises_a_floor() -> None:
    floors, kept = pinned(floors_at(0.8), [a_column(900)], DIGESTS)

    assert floors.values["detect"][TITLE][NAME] == 0.9
    assert kept == ()


def test_pinning_does_not_lower_a_floor() -> None:
    floors, kept = pinned(floors_at(0.95), [a_column(900)], DIGESTS)

    assert floors.values["detect"][TITLE][NAME] == 0.95
    assert [(one.name, one.value, one.floor) for one in kept] == [(NAME, 0.9, 0.95)]


def test_pinning_lowers_a_floor_when_asked_to() -> None:
    floors, kept = pinned(floors_at(0.95), [a_column(900)], DIGESTS, lower=True)

    assert floors.values["detect"][TITLE][NAME] == 0.9
    assert kept == ()


def test_pinning_leaves_what_was_not_measured() -> None:
    held = Floors({"seed": "s1"}, {"seed": {"seed, all": {"type F1": 0.9}}})

    floors, _ = pinned(held, [a_column()], DIGESTS)

    assert floors.values["seed"] == {"seed, all": {"type F1": 0.9}}
    assert floors.digests == {"seed": "s1", "detect": "d1"}


def test_floors_of_other_data_are_outdated() -> None:
    assert outdated(Floors({"detect": "d0", "seed": "s0"}, {}), DIGESTS) == (Gold.DETECT,)
    assert outdated(Floors(), DIGESTS) == ()


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_floors(tmp_path / "floors.json", floors_at(0.9))

    assert read_floors(tmp_path / "floors.json") == floors_at(0.9)


def test_no_file_is_no_floor(tmp_path: Path) -> None:
    assert read_floors(tmp_path / "floors.json") == Floors()


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"gold": {}, "floors": {"seed": {"all": {"x": "high"}}}}'])
def test_a_file_that_holds_no_floors_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content)

    with pytest.raises(GoldError, match=r"floors\.json: expected"):
        read_floors(path)
