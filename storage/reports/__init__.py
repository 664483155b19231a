"""Reports: questions in SQL over the reporting views, built in (the .sql files beside this) or somebody's own.

A report's file opens with a header of comments, `-- title:`, `-- question:` and `-- parameters:`. Its SQL is run as it
stands, in a transaction that cannot write; values are bound, never put into the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import bindparam, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database, Instant
from storage.errors import NotFound, StorageError
from storage.types import Table

_FOLDER = Path(__file__).parent
_HEADER = re.compile(r"--\s*(title|question|parameters):\s*(.*)")
# An instant as SQLite keeps it (database.instant_text): nothing that people write has six digits behind the second.
_SQLITE_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")

PARAMETERS = frozenset({"since"})


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report as its file has it. `parameters` are the names its SQL takes, of `PARAMETERS`."""

    name: str
    title: str
    question: str
    parameters: tuple[str, ...]
    sql: str


class TableReader(Protocol):
    """What runs a report: the store."""

    def table(self, name: str, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Return what the SQL gives."""
        ...


def list_reports() -> tuple[SavedReport, ...]:
    """Return the built-in reports in order of their names."""
    return tuple(read_report(path) for path in sorted(_FOLDER.glob("*.sql")))


def find_report(name: str | Path) -> SavedReport:
    """Return a built-in report by its name, or somebody's own by the path of its file; raises NotFound."""
    built_in = {report.name: report for report in list_reports()}
    if str(name) in built_in:
        return built_in[str(name)]
    if Path(name).suffix == ".sql" and Path(name).is_file():
        return read_report(Path(name))
    raise NotFound(f"no report {name}; there are {', '.join(built_in)}, or give the path of an .sql file")


def read_report(path: Path) -> SavedReport:
    """Return the report that a file holds; raises StorageError when it cannot be read or asks for other parameters."""
    try:
        sql = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"report {path}: {error}") from error
    header = {key: value.strip() for key, value in _HEADER.findall(sql)}
    parameters = tuple(header.get("parameters", "").replace(",", " ").split())
    unknown = sorted(set(parameters) - PARAMETERS)
    if unknown:
        raise StorageError(f"report {path.name}: unknown parameters {', '.join(unknown)}; there is `since`")
    return SavedReport(path.stem, header.get("title", path.stem), header.get("question", ""), parameters, sql)


def run_report(store: TableReader, name: str | Path, *, since: datetime) -> Table:
    """Return the answer of a report; `since` bounds what is looked at, where the report takes it.

    Raises NotFound for an unknown report, StorageError with the report's name when its SQL fails or would write.
    """
    report = find_report(name)
    given = {"since": since}
    return store.table(report.name, report.sql, {key: given[key] for key in report.parameters})


def table(database: Database, name: str, sql: str, params: Mapping[str, Any]) -> Table:
    """Run one query in a transaction that cannot write, and return its answer.

    The same on both databases: instants and days are ISO text (`2022-04-22T09:00:00Z`, `2022-04-26`), booleans 0 or
    1, exact numbers int or float. Raises StorageError with the report's name and the database's message.
    """
    values = [
        bindparam(key, value, type_=Instant() if isinstance(value, datetime) else None) for key, value in params.items()
    ]
    with database.read_only() as connection:
        try:
            result = connection.execute(text(sql).bindparams(*values))
            if not result.returns_rows:
                raise StorageError(f"report {name}: this is no query")
            return Table(name, tuple(result.keys()), tuple(tuple(map(_plain, row)) for row in result))
        except SQLAlchemyError as error:
            raise StorageError(f"report {name}: {getattr(error, 'orig', error)}") from error


def _plain(value: object) -> object:
    """Return a value in the form that both databases share."""
    if isinstance(value, str):
        return f"{_iso(datetime.fromisoformat(value))}" if _SQLITE_INSTANT.fullmatch(value) else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return _iso(value if value.tzinfo is None else value.astimezone(UTC))
    return value.isoformat() if isinstance(value, date) else value


def _iso(instant: datetime) -> str:
    return f"{instant.replace(tzinfo=None).isoformat()}Z"
