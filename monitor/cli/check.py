"""`demarche check-config`."""

import click

from monitor.cli.common import config_options, read_config


@click.command("check-config")
@config_options
def check_config(config: str, database: str | None) -> None:
    """Name every fault of the configuration.

    Each is one line: file:line:column, path, what is wrong and what was expected. Nothing is polled or sent. Exit
    status 0 without a fault, else 2.
    """
    read = read_config(config, database)
    click.echo(
        f"{config}: good. {len(read.feeds)} feeds, {len(read.alerts.rules)} alert rules, "
        f"{len(read.alerts.channels)} channels, {len(read.reports)} saved reports."
    )
