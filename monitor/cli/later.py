"""Commands that are announced and not in this version: they say so, and exit with status 1."""

import click

from monitor.cli.common import fail


def not_yet(name: str, purpose: str) -> click.Command:
    """Return a command that says that it is not in this version, whatever its arguments."""

    @click.command(
        name,
        short_help=f"{purpose} (not in this version).",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    @click.argument("anything", nargs=-1, type=click.UNPROCESSED)
    def command(anything: tuple[str, ...]) -> None:
        path = click.get_current_context().command_path.removeprefix("demarche ")
        fail(f"`{path}` is not in this version yet; see CHANGELOG.md for what is")

    command.help = f"{purpose}. Not in this version yet."
    return command


rules = not_yet("rules", "Test alert rules on the stored history")
alerts = not_yet("alerts", "List, acknowledge and silence alerts")
