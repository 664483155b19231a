"""Whatever stands in the file: it is a configuration, or it gives faults that point into it."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import Config, load_config
from monitor.errors import ConfigError

SHIPPED = (Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8")
# Without most of its feeds, which are all alike.
KEPT = [line for line in SHIPPED.splitlines() if not line.startswith("  - {url:") or "un.org" in line]
LINES = [line for line in KEPT if line.strip() and not line.lstrip().startswith("#")]
WORDS = [
    "poller",
    "alerts",
    "rules",
    "feeds",
    "interval",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "  ",
    "no",
    "036",
    "&a",
]
WORDS += [
    "*a",
    "!!int",
    "<<",
    "${X}",
    "${X:-y}",
    '"',
    "'",
    "#",
    "|",
    ">",
    "~",
    "\t",
    "x",
    "\x00",
    "é",
    "https://e.org/f",
]

lenient = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# What YAML 1.1 and 1.2 readers count as the end of a line.
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def loads_or_explains(path: Path, text: str) -> Config | tuple[str, ...]:
    """Load a text; returns the configuration, or its faults after a look at their form and place."""
    path.write_text(text, encoding="utf-8")
    try:
        return load_config(path, environ={})
    except ConfigError as error:
        for fault in error.faults:
            found = re.match(rf"{re.escape(str(path))}:(\d+):(\d+) \S", fault)
            assert found, fault
            assert 1 <= int(found[1]) <= len(LINE_BREAK.split(text))
        return error.faults


@lenient
@given(st.text())
def test_any_text_loads_or_explains(tmp_path: Path, text: str) -> None:
    assert loads_or_explains(tmp_path / "config.yaml", text.encode("utf-8", "ignore").decode())


@lenient
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_any_yaml_like_text_loads_or_explains(tmp_path: Path, text: str) -> None:
    assert loads_or_explains(tmp_path / "config.yaml", text)


@pytest.mark.parametrize("value", ["", "no", "036", "[]", "{}", "[[]]", "{x: y}", "- x", "https://www.example.org/f"])
def test_any_value_in_the_place_of_any_other_loads_or_explains(tmp_path: Path, value: str) -> None:
    for number, line in enumerate(LINES):
        name, colon, _ = line.partition(": ")
        changed = [*LINES[:number], f"{name}{colon}{value}", *LINES[number + 1 :]]

        assert loads_or_explains(tmp_path / "config.yaml", "\n".join(changed))


def test_a_file_short_of_any_of_its_lines_loads_or_explains(tmp_path: Path) -> None:
    for number in range(len(LINES)):
        assert loads_or_explains(tmp_path / "config.yaml", "\n".join(LINES[:number] + LINES[number + 1 :]))
