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

from sqlalchemy import TextClause, bindparam, text

from storage.database import Database, Instant
from storage.errors import NotFound, StorageError, StorageUnavailable
from storage.types import Table

_FOLDER = Path(__file__).parent
_HEADER = re.compile(r"--\s*(title|question|parameters):\s*(.*)")
# An instant as SQLite keeps it (database.instant_text): nothing that people write has six digits behind the second.
_SQLITE_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report as its file has it. `parameters` are the names of the values its SQL takes."""

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


def read_report(path: Path) -> SavedReport:
    """Return the report that a file holds; raises StorageError when it cannot be read."""
    try:
        sql = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"report {path}: {error}") from error
    header = {key: value.strip() for key, value in _HEADER.findall(sql)}
    parameters = tuple(header.get("parameters", "").replace(",", " ").split())
    return SavedReport(path.stem, header.get("title", path.stem), header.get("question", ""), parameters, sql)


def run_report(store: TableReader, name: str, *, since: datetime) -> Table:
    """Return the answer of a built-in report; `since` bounds what it looks at.

    Raises NotFound, which lists the reports there are, StorageError with the report's name when its SQL fails.
    """
    reports = {report.name: report for report in list_reports()}
    if name not in reports:
        raise NotFound(f"no report {name}; there are {', '.join(reports)}")
    return store.table(name, reports[name].sql, {"since": since})


def run_saved_report(store: TableReader, path: str | Path, *, since: datetime, name: str = "") -> Table:
    """Return the answer of somebody's own report, the SQL file at `path`; `:since` in it takes the instant given.

    Raises StorageError with the report's name (`name`, or that of the file) and the database's message.
    """
    report = read_report(Path(path))
    return store.table(name or report.name, report.sql, {"since": since})


def table(database: Database, name: str, sql: str, params: Mapping[str, Any]) -> Table:
    """Run one query in a transaction that cannot write, and return its answer.

    The same on both databases: instants and days are ISO text (`2022-04-22T09:00:00Z`, `2022-04-26`), booleans 0 or
    1, exact numbers int or float. Raises StorageError with the report's name and the database's message.
    """
    query = _query(name, sql, params)
    try:
        with database.read_only() as connection:
            result = connection.execute(query)
            if not result.returns_rows:
                raise StorageError(f"report {name}: this is no query")
            return Table(name, tuple(result.keys()), tuple(tuple(map(_plain, row)) for row in result))
    except StorageUnavailable as error:
        raise StorageUnavailable(_named(name, error)) from error
    except StorageError as error:
        raise StorageError(_named(name, error)) from error


def _query(name: str, sql: str, params: Mapping[str, Any]) -> TextClause:
    """Return the SQL with the values bound that it takes; comments are left out, as a colon there binds nothing."""
    query = text(_COMMENT.sub("", sql))
    taken = query.compile().params
    missing = sorted(set(taken) - set(params))
    if missing:
        raise StorageError(f"report {name}: no value for :{missing[0]}; there is {_list(params)}")
    return query.bindparams(*(bindparam(key, params[key], type_=_type_of(params[key])) for key in taken))


def _type_of(value: object) -> Instant | None:
    return Instant() if isinstance(value, datetime) else None


def _list(params: Mapping[str, Any]) -> str:
    return ", ".join(f":{key}" for key in params) or "none"


def _named(name: str, error: StorageError) -> str:
    return str(error) if str(error).startswith("report ") else f"report {name}: {error}"


def _plain(value: object) -> object:
    """Return a value in the form that both databases share."""
    if isinstance(value, str):
        return _iso(datetime.fromisoformat(value)) if _SQLITE_INSTANT.fullmatch(value) else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return _iso(value if value.tzinfo is None else value.astimezone(UTC))
    return value.isoformat() if isinstance(value, date) else value


def _iso(instant: datetime) -> str:
    return f"{instant.replace(tzinfo=None).isoformat()}Z"
