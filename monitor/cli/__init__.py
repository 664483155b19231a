"""The command line. Commands are loaded when they are called, so that `demarche --help` answers at once."""

import importlib
import sys
from collections.abc import Mapping

import click

# command → (module below monitor.cli, its help line). The help stands here as well so that the list of commands
# loads none of them; a test holds both together.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("daemon", "Run the daemon: poll, read, tag, store and alert until stopped."),
    "once": ("daemon", "Do one pass of all that is due, then exit."),
    "tag": ("tag", "Tag texts: JSON lines in, events out."),
    "replay": ("replay", "Tell recorded feeds again in time order, on their own clock."),
    "report": ("report", "Answer a saved or built-in report; without a name, list them."),
    "feeds": ("feeds", "List, add, remove, check, pause, import and export feeds."),
    "events": ("events", "Correct what was made of reports: split an event, merge two, or call one wrong."),
    "roster": ("roster", "Show and correct what was learned of who speaks for whom."),
    "check-config": ("check", "Name every fault of the configuration."),
    "db": ("db", "Migrate, check, back up and restore the database."),
    "rules": ("rules", "Test alert rules on the stored history, and ask them why; nothing is sent."),
    "alerts": ("alerts", "List and show alerts; acknowledge, silence and retry them."),
    "evaluate": ("evaluate", "Score the extractor chain on gold data, and hold it to its floors."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, importing its module; None for a name that is no command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"monitor.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="demarche", message="demarche %(version)s")
def cli() -> None:
    """Démarche watches the world's news for diplomacy: events, their developments, alerts and SQL reports."""


def main() -> None:
    """Run the command line; exit status 0 done, 1 something failed and is named, 2 wrong usage or configuration."""
    sys.exit(cli(prog_name="demarche"))
