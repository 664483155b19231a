"""The list of commands, their help texts, and those that are announced."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import COMMANDS, cli
from tests.monitor.cli.calling import demarche, program


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield each command with its words, those of groups included."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_help_lists_every_command_with_its_line() -> None:
    listed = " ".join(demarche("--help").stdout.split())

    for name, (_, line) in COMMANDS.items():
        assert f"{name} {line}" in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    assert (command.short_help or command.help or "").splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize("words", [words for words, _ in commands()], ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        result = demarche(*words, flag)

        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: demarche {' '.join(words)} ")


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda one: str(one))
def test_every_option_says_what_it_does(words: tuple[str, ...], command: click.Command) -> None:
    options = [one for one in command.params if isinstance(one, click.Option)]

    assert [one.name for one in options if not one.help and not isinstance(one.type, click.Choice)] == []


@pytest.mark.parametrize("words", ["check-config", "run", "once", "tag", "report", "feeds list", "db check"])
def test_commands_share_the_two_options(words: str) -> None:
    shown = demarche(*words.split(), "--help").stdout

    assert "--config FILE" in shown
    assert "--database URL" in shown


@pytest.mark.parametrize("line", ["nonsense", "report --format xml", "feeds nonsense", "run --nonsense", "replay"])
def test_wrong_usage_is_status_2_and_names_the_help(line: str) -> None:
    result = demarche(*line.split())

    assert result.exit_code == 2
    assert "--help" in result.stderr


def test_version_is_that_of_the_distribution() -> None:
    assert demarche("--version").stdout == "demarche 0.1.0\n"


def test_the_module_is_the_command(folder: Path) -> None:
    done = program("--help", cwd=folder)

    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: demarche ")
