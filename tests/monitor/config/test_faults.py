"""What people are told about a wrong configuration: every fault at once, with its place, in plain words.

The cases are data: each tests/data/config/bad/NAME.yaml has its faults, line by line, in NAME.faults beside it.
"""

from pathlib import Path

import pytest

from monitor.config import load_config
from monitor.errors import ConfigError

DATA = Path(__file__).parents[2] / "data" / "config"
BAD = sorted((DATA / "bad").glob("*.yaml"))
ENVIRON = {"DESK": "desk", "EMPTY": ""}


def faults_of(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    """Return the faults of a file, each without the names of the file and its folder."""
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ=environ or ENVIRON)
    return [fault.removeprefix(f"{path}:").replace(f"{path.parent}/", "") for fault in caught.value.faults]


def written(tmp_path: Path, content: str | bytes) -> Path:
    """Return a configuration file with this content."""
    path = tmp_path / "config.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_faults_are_told_all_at_once_in_the_order_of_the_file(path: Path) -> None:
    expected = path.with_suffix(".faults").read_text(encoding="utf-8").splitlines()

    assert faults_of(path) == expected


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_fault_quotes_no_password_and_no_word_of_pydantic(path: Path) -> None:
    told = "\n".join(faults_of(path)).lower()

    assert "hunter2" not in told
    assert not any(jargon in told for jargon in ("pydantic", "input should", "validation", "dict", "tuple", "str "))


def test_a_fault_names_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = written(tmp_path, "poler: {}")

    with pytest.raises(ConfigError) as caught:
        load_config(path, environ={})

    assert caught.value.faults == (f"{path}:1:1 poler: unknown setting (did you mean poller?)",)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "config.yaml") == ["1:1 cannot be read: No such file or directory"]


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["1:1 cannot be read: Is a directory"]


@pytest.mark.parametrize("content", ["", "\n\n", "---\n", "~\n"])
def test_an_empty_file_is_a_fault(tmp_path: Path, content: str) -> None:
    (fault,) = faults_of(written(tmp_path, content))

    assert fault.startswith("1:1 ")


def test_a_file_that_is_not_utf_8_is_named_with_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, "poller:\n  contact: Büro\n".encode("latin-1"))

    assert faults_of(path) == ["2:1 is not UTF-8: save the file in that encoding"]


def test_a_control_character_is_named_with_line_and_column(tmp_path: Path) -> None:
    path = written(tmp_path, "poller:\n  contact: a\x07b\n")

    assert faults_of(path) == ["2:13 a control character, which YAML does not allow"]


def test_aliases_that_multiply_are_stopped(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    faults = faults_of(written(tmp_path, "\n".join(lines)))

    assert any("too large" in fault for fault in faults)


def test_a_value_of_the_environment_is_not_quoted(tmp_path: Path) -> None:
    path = written(tmp_path, "poller:\n  parallel: ${MANY}\n")

    assert faults_of(path, {"MANY": "hunter2"}) == ["2:13 poller.parallel: wants a whole number, found `${MANY}`"]


@pytest.mark.parametrize("beside", ["kinds: visit", "digest: '0 8 * * * Europe/Berlin'", "not: {kinds: visit}"])
def test_a_rule_about_feeds_has_no_condition_on_events_and_no_time(tmp_path: Path, beside: str) -> None:
    rule = f"{{name: feeds, feeds: failing, channels: desk, {beside}}}"
    text = f"alerts: {{channels: {{desk: 'console:'}}, rules: [{rule}]}}\n"

    (fault,) = faults_of(written(tmp_path, text))

    assert "alerts.rules[0]: is about feeds" in fault
