"""What all commands share: their two options, exit statuses, and how faults reach people."""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from monitor.config import Config, load_config
from monitor.config.values import check_database_url
from monitor.errors import ConfigError, MonitorError
from storage.errors import SchemaMismatch, StorageError
from storage.store import Store
from storage.types import Table

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z")

DONE, FAILED, WRONG_USAGE = 0, 1, 2

DEFAULT_CONFIG = "config.yaml"


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --config and --database."""
    for option in (
        click.option(
            "--database",
            metavar="URL",
            envvar="DEMARCHE_DATABASE",
            help="The database to use instead of the configuration's, as sqlite:///FILE or postgresql://….",
        ),
        click.option(
            "--config",
            default=DEFAULT_CONFIG,
            show_default=True,
            metavar="FILE",
            envvar="DEMARCHE_CONFIG",
            help="The configuration.",
        ),
    ):
        command = option(command)
    return _faults_named(command)


def _faults_named(command: Callable[..., Any]) -> Callable[..., Any]:
    """End the command with one readable line, and the right exit status, on an expected error."""

    @functools.wraps(command)
    def named(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            click.echo(str(error), err=True)
            sys.exit(WRONG_USAGE)
        except SchemaMismatch as error:
            fail(str(error), WRONG_USAGE)
        except (MonitorError, StorageError) as error:
            fail(str(error))
        except BrokenPipeError:  # `demarche report … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(DONE)

    return named


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Say what failed on standard error and exit."""
    click.echo(f"demarche: {message}", err=True)
    sys.exit(status)


def read_config(config: str, database: str | None) -> Config:
    """Return the configuration. The default file may be missing: then the defaults hold, with no feed and no rule.

    Raises ConfigError with all faults of the file, or for a database URL of another kind.
    """
    path = Path(config)
    loaded = Config() if config == DEFAULT_CONFIG and not path.exists() else load_config(path, environ=os.environ)
    return loaded.with_database(_database(database)) if database else loaded


def _database(url: str) -> str:
    try:
        return check_database_url(url)
    except ValueError as error:
        raise ConfigError((f"--database: {error}",)) from error


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """Give the configured database, checked to be of this version's schema; closes it afterwards."""
    with Store.open(config.database) as store:
        store.require_current()
        yield store


def console() -> Console:
    """Return the console for human output: honours NO_COLOR, and is not cut to a width where nobody looks."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=200)


def show_table(table: Table, out: Console) -> None:
    """Print a table for people."""
    if not table.rows:
        out.print(f"{table.name}: nothing yet", style="dim")
        return
    shown = RichTable(box=None, header_style="bold", pad_edge=False)
    for column in table.columns:
        shown.add_column(column.replace("_", " "), overflow="fold")
    for row in table.rows:  # as Text: no markup of Rich's in what strangers write
        shown.add_row(*(Text(printable(cell(value))) for value in row))
    out.print(shown)


def printable(text: str) -> str:
    """Return what strangers write without any sequence that a terminal obeys."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def cell(value: object) -> str:
    """Return a value as people read it: nothing for None, instants to the minute without their letters."""
    if value is None:
        return ""
    instant = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    return f"{instant[1]} {instant[2]}" if instant else str(value)
