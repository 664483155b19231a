"""`demarche tag --explain`: a tree a sentence, for people."""

import json

from tests.monitor.cli.calling import demarche

LINE = {"id": 1, "date": "2024-05-15", "text": "Rain fell all day.\nKenya condemned the raid on Somalia."}


def explained(*lines: str) -> tuple[int, str]:
    result = demarche("tag", "--explain", given="\n".join(lines))
    return result.exit_code, result.output


def test_each_sentence_is_shown_with_what_was_told_of_it() -> None:
    status, shown = explained(json.dumps(LINE))
    assert status == 0
    assert "Kenya condemned the raid on Somalia." in shown
    assert "gate: closed" in shown
    assert "events of the whole text" in shown


def test_bad_line_is_named_and_the_rest_goes_on() -> None:
    status, shown = explained("{", json.dumps(LINE))
    assert status == 1
    assert "line 1: not JSON" in shown
    assert "events of the whole text" in shown
