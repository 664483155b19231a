"""`demarche report`: saved and built-in SQL reports."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.common import cell, config_options, console, open_store, read_config, show_table
from monitor.clock import wall_clock
from storage.reports import list_reports, run_report, run_saved_report
from storage.types import Table

_AGE = re.compile(r"(\d+)([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@click.command()
@click.argument("name", required=False)
@click.option("--since", metavar="WHEN", default="30d", show_default=True, help="A day (YYYY-MM-DD) or an age: 12h, 7d, 2w.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "html"]), default="table", show_default=True)
@config_options
def report(name: str | None, since: str, form: str, config: str, database: str | None) -> None:
    """Answer a saved or built-in report; without a NAME, list them.

    Saved reports are SQL files that the configuration names under `reports:`; they run in a transaction that cannot
    write. `:since` in their SQL is the instant of --since.
    """
    read = read_config(config, database)
    if name is None:
        _show_list({saved: str(path) for saved, path in read.reports.items()})
        return
    with open_store(read) as store:
        table = _run(store, name, read.reports, since_instant(since, wall_clock()))
    if form == "table":
        show_table(table, console())
    else:
        click.echo(FORMATS[form](table), nl=False)
