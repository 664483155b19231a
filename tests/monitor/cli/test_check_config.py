"""`check-config`: every fault on its line, and a status that a script can ask for."""

from pathlib import Path

import pytest

from tests.monitor.cli.calling import ROOT, demarche, program

GOOD = "feeds:\n  - https://www.example.org/world.rss\n"
BAD = "feeds:\n  - www.example.org\npoller:\n  interval: 30\n  intervall: 30m\n"


def test_a_good_configuration_is_counted_and_gives_status_0(folder: Path) -> None:
    (folder / "config.yaml").write_text(GOOD)

    result = demarche("check-config")

    assert result.exit_code == 0
    assert result.stdout == "config.yaml: good. 1 feeds, 0 alert rules, 0 channels, 0 saved reports.\n"


def test_every_fault_is_a_line_on_standard_error_with_file_line_and_column(folder: Path) -> None:
    (folder / "bad.yaml").write_text(BAD)

    result = demarche("check-config", "--config", "bad.yaml")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == [
        "bad.yaml:2:5",
        "bad.yaml:4:13",
        "bad.yaml:5:3",
    ]
    assert result.stderr.splitlines()[2] == "bad.yaml:5:3 poller.intervall: unknown setting (did you mean interval?)"


def test_the_shipped_configuration_is_good() -> None:
    assert demarche("check-config", "--config", ROOT / "config.yaml").exit_code == 0


def test_without_the_default_file_the_defaults_hold(folder: Path) -> None:
    result = demarche("check-config")

    assert result.exit_code == 0
    assert result.stdout.startswith("config.yaml: good. 0 feeds")


def test_a_file_that_was_asked_for_and_is_missing_is_a_fault(folder: Path) -> None:
    result = demarche("check-config", "--config", "missing.yaml")

    assert result.exit_code == 2
    assert result.stderr == "missing.yaml:1:1 cannot be read: No such file or directory\n"


@pytest.mark.parametrize("url", ["mysql://host/name", "demarche.db"])
def test_a_database_of_another_kind_is_refused_without_quoting_it(folder: Path, url: str) -> None:
    result = demarche("check-config", "--database", url)

    assert result.exit_code == 2
    assert result.stderr == "--database: wants sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME\n"


def test_configuration_and_database_may_come_from_the_environment(folder: Path) -> None:
    (folder / "other.yaml").write_text(GOOD)

    good = demarche("check-config", env={"DEMARCHE_CONFIG": "other.yaml"})
    bad = demarche("check-config", env={"DEMARCHE_DATABASE": "mysql://host/name"})

    assert good.stdout.startswith("other.yaml: good. 1 feeds")
    assert bad.exit_code == 2


def test_the_program_ends_with_the_same_status(folder: Path) -> None:
    (folder / "config.yaml").write_text(BAD)

    done = program("check-config", cwd=folder)

    assert done.returncode == 2
    assert done.stderr.decode().startswith("config.yaml:2:5 feeds[0]")
