"""Log lines for programs."""

import json
import logging

from monitor.logs import JsonFormatter


def test_a_line_is_one_json_object_with_its_traceback() -> None:
    try:
        raise ValueError("no such feed")
    except ValueError as error:
        record = logging.LogRecord(
            "monitor", logging.ERROR, "x.py", 1, "feed %s: crashed", ("a",), (type(error), error, error.__traceback__)
        )

    line = JsonFormatter().format(record)

    parsed = json.loads(line)
    assert "\n" not in line
    assert (parsed["level"], parsed["message"]) == ("error", "feed a: crashed")
    assert parsed["traceback"].endswith("ValueError: no such feed")
