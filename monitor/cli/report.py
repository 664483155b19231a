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
from storage.store import Store
from storage.types import Table

_AGE = re.compile(r"(\d{1,5})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@click.command()
@click.argument("name", required=False)
@click.option(
    "--since", metavar="WHEN", default="30d", show_default=True, help="A day (YYYY-MM-DD) or an age (12h, 7d, 2w)."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "html"]), default="table", show_default=True
)
@config_options
def report(name: str | None, since: str, form: str, config: str, database: str | None) -> None:
    """Answer a saved or built-in report; without a name, list them.

    Saved reports are SQL files that the configuration names under `reports:`; NAME may also be the path of one. They
    run in a transaction that cannot write. `:since` in their SQL is the instant of --since.
    """
    configured = read_config(config, database)
    if name is None:
        show_table(_list(configured.reports), console())
        return
    with open_store(configured) as store:
        table = _answer(store, name, configured.reports, since_instant(since, wall_clock()))
    if form == "table":
        show_table(table, console())
    else:
        click.echo(FORMS[form](table), nl=False)


def _answer(store: Store, name: str, saved: Mapping[str, Path], since: datetime) -> Table:
    if name in saved:
        return run_saved_report(store, saved[name], since=since, name=name)
    if name.endswith(".sql"):
        return run_saved_report(store, name, since=since)
    return run_report(store, name, since=since)


def since_instant(text: str, now: datetime) -> datetime:
    """Return the instant that a day or an age names; a day begins at midnight UTC."""
    age = _AGE.fullmatch(text)
    try:
        if age:
            return now - int(age[1]) * _UNITS[age[2]]
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{text!r} is neither a day (2022-04-22) nor an age (12h, 7d, 2w)", param_hint="--since"
        ) from error


def _list(saved: Mapping[str, Path]) -> Table:
    built_in = [(one.name, one.title, one.question) for one in list_reports()]
    own = [(name, "saved", str(path)) for name, path in saved.items()]
    return Table("reports", ("name", "title", "question"), (*built_in, *own))


# ---------------------------------------------------------------- forms for programs and pages


def as_csv(table: Table) -> str:
    """Return a table as CSV with a header (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def as_json(table: Table) -> str:
    """Return a table as a JSON array of objects, one a line."""
    rows = [
        json.dumps(dict(zip(table.columns, row, strict=True)), ensure_ascii=False, default=str) for row in table.rows
    ]
    return "[" + ",\n ".join(rows) + "]\n"


def as_html(table: Table) -> str:
    """Return a table as a small HTML page that needs nothing else."""
    head = "".join(f"<th>{html.escape(column.replace('_', ' '))}</th>" for column in table.columns)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{html.escape(cell(value))}</td>' for value in row)}</tr>" for row in table.rows
    )
    return PAGE.format(title=html.escape(table.name), head=head, rows=rows)


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Démarche</title>
<style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1c2733 }}
div {{ overflow-x: auto }} table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .8rem; border-bottom: 1px solid #d7dee5 }}
th {{ color: #4a5b6c; font-weight: 600; white-space: nowrap }}
</style>
<h1>{title}</h1>
<div><table><thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
</html>
"""

FORMS: Mapping[str, Callable[[Table], str]] = {"csv": as_csv, "json": as_json, "html": as_html}
