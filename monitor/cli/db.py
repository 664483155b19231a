"""`demarche db`: the database's schema and health."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from monitor.cli.common import FAILED, config_options, open_store, read_config
from storage.store import Store


@click.group()
def db() -> None:
    """Migrate, check, back up and restore the database."""


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


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_options
def backup(file: Path, config: str, database: str | None) -> None:
    """Copy everything into FILE, a new SQLite file, while the database is in use.

    From PostgreSQL as well: a backup can be put back onto either.
    """
    with open_store(read_config(config, database)) as store:
        rows = store.back_up(file)
    click.echo(f"{file}: {rows_in_words(rows)}.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@config_options
def restore(file: Path, replace: bool, config: str, database: str | None) -> None:
    """Put the backup FILE in place, all or nothing; stop the daemon first.

    A database that has feeds is left alone unless --replace is given.
    """
    with Store.open(read_config(config, database).database) as store:
        rows = store.restore(file, replace=replace)
    click.echo(f"Restored {rows_in_words(rows)}.")


def rows_in_words(rows: Mapping[str, int]) -> str:
    """Return how much there is of what an operator knows by name."""
    return ", ".join(f"{rows.get(table, 0)} {table}" for table in ("feeds", "items", "events", "deliveries"))
