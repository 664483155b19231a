"""`demarche db`: the database's schema and health."""

import sys

import click

from monitor.cli.common import FAILED, config_options, read_config
from monitor.cli.later import not_yet
from storage.store import Store


@click.group()
def db() -> None:
    """Migrate and check the database."""


@db.command()
@config_options
def upgrade(config: str, database: str | None) -> None:
    """Bring the database to this version's schema; makes it where there is none. Nothing is half-applied."""
    with Store.open(read_config(config, database).database) as store:
        applied = store.upgrade()
    click.echo(f"Applied: {', '.join(applied)}." if applied else "The schema is this version's already.")


@db.command()
@config_options
def check(config: str, database: str | None) -> None:
    """Check the database's integrity; exit status 1 with each fault on a line."""
    with Store.open(read_config(config, database).database) as store:
        faults = store.check()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(FAILED)
    click.echo("The database is in order.")


db.add_command(not_yet("backup", "Copy the database while it is in use"))
db.add_command(not_yet("restore", "Put a copy back in place"))
