"""`evaluate`: scores of a small folder of gold data, its floors, and what is said where there is none."""

import json
from pathlib import Path

import pytest

from monitor.cli.evaluate import FLOORS
from monitor.evaluation import gold
from monitor.evaluation.gate import outdated, read_floors
from tests.monitor.cli.calling import demarche
from tests.monitor.evaluation.small import PASSAGE, QUIET, gold_folder
from tests.shared import SHARED, shared

DETECT = [
    {"id": "d1", "date": "2022-04-22", "stratum": "ir", "text": PASSAGE["text"]},
    {"id": "d2", "date": "2022-04-22", "stratum": "neg", "text": QUIET["text"]},
]


@pytest.fixture
def data(folder: Path) -> Path:
    return gold_folder(folder / "gold-data", sentences=[PASSAGE, QUIET], detect=DETECT)


@pytest.fixture
def floors(folder: Path) -> Path:
    return folder / "floors.json"


def test_scores_are_tables_for_people(data: Path, floors: Path) -> None:
    result = demarche("evaluate", "--data", data, "--floors", floors)

    assert result.exit_code == 0
    assert "lines: 2 passages, 1 events, 1 told" in result.stdout
    assert "international: gate open" in result.stdout
    assert "not there, and left out: articles, coded, seed, stories" in result.stderr


def test_scores_are_json_for_programs(data: Path, floors: Path) -> None:
    result = demarche("evaluate", "--data", data, "--floors", floors, "--only", "sentences", "--json")

    scores = json.loads(result.stdout)["scores"]["sentences"]["lines"]["all"]
    assert scores["levels"]["full"]["f1"] == 1.0
    assert scores["false_alarms"] == {"share": 0.0, "right": 0, "of": 1}
    assert scores["bins"][0]["right"]["of"] == 1


def test_one_half_is_shown_alone(data: Path, floors: Path) -> None:
    result = demarche("evaluate", "--data", data, "--floors", floors, "--half", "odd", "--json")

    assert list(json.loads(result.stdout)["scores"]["detect"]["lines to detect"]) == ["odd"]


def test_a_score_below_its_floor_is_status_1_and_named(data: Path, floors: Path) -> None:
    demarche("evaluate", "--data", data, "--floors", floors, "--pin")
    held = json.loads(floors.read_text())
    held["floors"]["detect"]["lines to detect, all"]["events in international lines"] = 2.5
    floors.write_text(json.dumps(held))

    result = demarche("evaluate", "--data", data, "--floors", floors, "--only", "detect")

    assert result.exit_code == 1
    assert "below its floor: lines to detect, all: events in international lines is 1.0000" in result.stderr


def test_pinned_scores_are_at_their_floors(data: Path, floors: Path) -> None:
    pinned = demarche("evaluate", "--data", data, "--floors", floors, "--pin")
    again = demarche("evaluate", "--data", data, "--floors", floors)

    assert (pinned.exit_code, again.exit_code) == (0, 0)
    assert json.loads(floors.read_text())["floors"]["sentences"]["lines, all"]["type F1"] == 1.0


def test_other_data_than_the_floors_were_pinned_on_are_status_1(data: Path, floors: Path) -> None:
    demarche("evaluate", "--data", data, "--floors", floors, "--only", "sentences", "--pin")
    gold_folder(data, sentences=[PASSAGE])

    result = demarche("evaluate", "--data", data, "--floors", floors, "--only", "sentences")

    assert result.exit_code == 1
    assert "the floors of sentences were pinned on other data" in result.stderr


def test_lowering_without_pinning_is_wrong_usage(data: Path) -> None:
    result = demarche("evaluate", "--data", data, "--lower")

    assert result.exit_code == 2
    assert "--lower says what --pin may do" in result.stderr


def test_no_folder_is_wrong_usage_and_says_what_to_give(folder: Path) -> None:
    result = demarche("evaluate", "--data", folder / "nowhere")

    assert result.exit_code == 2
    assert "nowhere; give the folder of gold data with --data" in result.stderr


def test_a_folder_without_gold_data_is_wrong_usage(folder: Path) -> None:
    result = demarche("evaluate", "--data", folder)

    assert result.exit_code == 2
    assert "holds no gold data: expected gold/sentences.jsonl" in result.stderr


def test_a_set_that_is_not_there_is_named_when_asked_for(data: Path) -> None:
    result = demarche("evaluate", "--data", data, "--only", "coded")

    assert result.exit_code == 2
    assert "has no gold/coded/records.jsonl, which `coded` is read from" in result.stderr


def test_a_fault_in_the_data_names_file_and_line(data: Path) -> None:
    gold_folder(data, sentences=[PASSAGE, {**PASSAGE, "date": "soon"}])

    result = demarche("evaluate", "--data", data, "--only", "sentences")

    assert result.exit_code == 1
    assert "sentences.jsonl:2: date: expected a day as YYYY-MM-DD, not 'soon'" in result.stderr


@pytest.mark.shared
def test_the_shipped_floors_were_pinned_on_the_shared_data() -> None:
    sets = [one for one in gold.Gold if not gold.missing(shared("gold").parent, one)]

    held = read_floors(FLOORS)

    assert set(held.digests) >= set(sets)
    assert outdated(held, {one: gold.digest(SHARED, one) for one in sets}) == ()


@pytest.mark.shared
def test_what_is_quickly_scored_is_at_its_floors() -> None:
    result = demarche("evaluate", "--data", shared("gold").parent, "--only", "articles", "--only", "seed", "--json")

    assert json.loads(result.stdout)["below"] == []
    assert result.exit_code == 0
