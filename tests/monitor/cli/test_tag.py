"""`tag`: an answer for each line, in order, whatever the line is; the cases are in tag_lines.yaml."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.monitor.cli.calling import demarche, program

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parent / "tag_lines.yaml")
SAID: list[dict[str, Any]] = [case for case in CASES if "error" not in case]
VISIT = json.dumps({"id": "v", "date": "2022-04-22", "text": "Antonio Guterres will visit Moscow on Tuesday."})
# The fields of the event model (docs/reference/events.md), in its order.
FIELDS = (
    "type kind actors recipients place date status attribution evidence evidence_start evidence_end counts confidence"
    " background passages"
).split()


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """The answer to each case, by the case's name; all cases are one input, with empty lines between them."""
    result = demarche("tag", given="\n\n".join(case["line"] for case in CASES))
    assert result.exit_code == 1
    return dict(zip((case["name"] for case in CASES), map(json.loads, result.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_each_line_has_its_answer(answers: dict[str, dict[str, Any]], case: dict[str, Any]) -> None:
    answer = answers[case["name"]]

    assert answer["id"] == case["id"]
    assert case.get("error", "") in answer.get("error", "")
    assert ("error" in answer) == ("error" in case)
    assert [event["kind"] for event in answer.get("events", ())] == case.get("kinds", [])


@pytest.mark.parametrize("case", SAID, ids=lambda case: str(case["name"]))
def test_offsets_cut_the_evidence_out_of_title_line_break_and_text(
    answers: dict[str, dict[str, Any]], case: dict[str, Any]
) -> None:
    given = json.loads(case["line"])
    whole = f"{given['title']}\n{given['text']}" if given.get("title") else given["text"]

    for event in answers[case["name"]]["events"]:
        assert whole[event["evidence_start"] : event["evidence_end"]] == event["evidence"]
        for passage in event["passages"]:
            assert whole[passage["start"] : passage["end"]] == passage["text"]


def test_an_event_has_the_fields_of_the_event_model(answers: dict[str, dict[str, Any]]) -> None:
    (event,) = answers["text alone"]["events"]

    assert list(event) == FIELDS
    assert event["actors"] == [{"code": "UN", "name": "Antonio Guterres"}]
    assert event["date"] == {"start": "2022-04-26", "end": "2022-04-26"}
    assert event["status"] == "planned"
    assert 0 <= event["confidence"] <= 1


def test_all_lines_read_is_status_0() -> None:
    assert demarche("tag", given=f"{VISIT}\n").exit_code == 0


def test_no_line_is_no_answer_and_status_0() -> None:
    result = demarche("tag", given="\n \n")

    assert (result.exit_code, result.stdout) == (0, "")


def test_the_day_may_be_given_for_lines_without_one() -> None:
    result = demarche(
        "tag", "--date", "2022-04-22", given='{"id": 1, "text": "Guterres will visit Moscow on Tuesday."}'
    )

    (event,) = json.loads(result.stdout)["events"]
    assert event["date"]["start"] == "2022-04-26"


def test_a_day_that_is_none_is_wrong_usage() -> None:
    result = demarche("tag", "--date", "yesterday")

    assert result.exit_code == 2
    assert "'yesterday' is not a day as YYYY-MM-DD" in result.stderr


def test_a_model_that_is_not_installed_is_named_with_what_to_do(folder: Path) -> None:
    (folder / "config.yaml").write_text("extractors: {model: en_made_up_lg}\n")

    result = demarche("tag", given=VISIT)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "'en_made_up_lg' is not installed" in result.stderr
    assert "leave `model` empty" in result.stderr


def test_bytes_that_are_no_utf8_fail_their_line_alone(folder: Path) -> None:
    broken = '{"id": "latin", "date": "2022-04-22", "text": "café"}'.encode("latin-1")

    done = program("tag", cwd=folder, given=b"\n".join([broken, VISIT.encode()]))

    first, second = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert first == {"id": None, "error": "line 1: not UTF-8"}
    assert len(second["events"]) == 1
    assert done.stderr == b""
