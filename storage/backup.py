"""Backups: all rows of a store in one SQLite file, whichever database the store is on.

So a backup can be looked into with any SQLite tool, needs no other program, and moves a store from SQLite to
PostgreSQL or back. It is taken while the store is in use, and shows one state of it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from storage import migrations
from storage.database import LOCK_WAIT, Database
from storage.errors import Conflict, IntegrityFault, NotFound, StorageError
from storage.models import Base, FeedRow

# Rows that are read and written at a time: items carry whole articles, a thousand of them are some megabytes.
_ROWS = 1000


def back_up(database: Database, path: Path) -> dict[str, int]:
    """Write all rows into a new SQLite file and return how many there are of each table.

    The file appears under its name only when it is complete and was checked. Raises Conflict when there is a file of
    that name, SchemaMismatch when the store is not at this code's schema, IntegrityFault when the copy has a fault.
    """
    if path.exists():
        raise Conflict(f"{path} is there already; a backup is never written over")
    with database.connected() as connection:
        migrations.require_current(connection)
    with _unfinished(path) as part:
        if database.is_sqlite:
            _copy_file(_file(database), part)
        else:
            _copy_rows_to_file(database, part)
        counts = _sound_counts(part)
        part.rename(path)
    return counts


def restore(database: Database, path: Path, *, replace: bool) -> dict[str, int]:
    """Put the rows of a backup in place of those of the store, all or nothing, and return how many there are.

    The store is at this code's schema already; a backup of an older one is brought up to date on the way, without
    touching the file. Raises StorageError when it is no backup, IntegrityFault when it has a fault, and Conflict when
    the store has feeds and `replace` is not set.
    """
    _refuse_to_replace(database, replace=replace)
    with _unfinished(path) as part:
        _copy_file(path, part)
        _bring_up_to_date(part)
        counts = _sound_counts(part)
        if database.is_sqlite:
            _copy_file(part, _file(database))
        else:
            _copy_rows_from_file(part, database)
    return counts


def require_file(path: Path) -> None:
    """Raise NotFound when there is no such file."""
    if not path.is_file():
        raise NotFound(f"no backup {path}")


def _refuse_to_replace(database: Database, *, replace: bool) -> None:
    with database.reading() as session:
        feeds = session.scalar(select(func.count()).select_from(FeedRow))
    if feeds and not replace:
        raise Conflict(
            f"database {database.shown} has {feeds} feeds already; "
            "a restore would replace all it holds (--replace does so)"
        )


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file beside `path` to work on, gone afterwards unless it was given its name."""
    part = path.with_name(f"{path.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    _remove(part)
    try:
        yield part
    finally:
        _remove(part)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _file(database: Database) -> Path:
    if database.file is None:
        raise StorageError(f"database {database.shown} is no file")
    return database.file


# ---------------------------------------------------------------- SQLite to SQLite


def _copy_file(source: Path, target: Path) -> None:
    """Copy a database that may be in use, as one transaction of the target."""
    wait = LOCK_WAIT.total_seconds()
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=wait)) as other:
            one.backup(other)
    except sqlite3.Error as error:
        raise StorageError(f"{source}: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.close()


def _bring_up_to_date(path: Path) -> None:
    with _opened(path) as copy:
        with copy.connected() as connection:
            if migrations.revision(connection) is None:
                raise StorageError(f"{path.name.removesuffix('.part')} is no backup of a store: it has no tables")
        migrations.upgrade(copy)


def _sound_counts(path: Path) -> dict[str, int]:
    with _opened(path) as copy, copy.connected() as connection:
        faults = migrations.check(connection)
        if faults:
            raise IntegrityFault(f"{path.name.removesuffix('.part')}: {'; '.join(faults)}")
        return {table.name: _count(connection, table) for table in Base.metadata.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


# ---------------------------------------------------------------- PostgreSQL


def _copy_rows_to_file(database: Database, path: Path) -> None:
    with _opened(path) as copy:
        migrations.upgrade(copy)
        with database.connected() as source, copy.migrating() as target:
            source.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _copy_rows(source, target)


def _copy_rows_from_file(path: Path, database: Database) -> None:
    with _opened(path) as copy, copy.connected() as source, database.migrating() as target:
        _copy_rows(source, target)
        for table in Base.metadata.sorted_tables:
            _count_on(target, table)


def _copy_rows(source: Connection, target: Connection) -> None:
    """Replace all rows of the target; parents come before the rows that point to them."""
    for table in reversed(Base.metadata.sorted_tables):
        target.execute(delete(table))
    for table in Base.metadata.sorted_tables:
        for rows in _rows(source, table):
            target.execute(insert(table), rows)


def _rows(source: Connection, table: Table) -> Iterator[list[Mapping[str, Any]]]:
    streamed = source.execution_options(stream_results=True).execute(select(table))
    for rows in streamed.mappings().partitions(_ROWS):
        yield [dict(row) for row in rows]


def _count_on(connection: Connection, table: Table) -> None:
    """Let a PostgreSQL table count its ids on from the highest there is."""
    if "id" not in table.columns:
        return
    highest = connection.scalar(select(func.max(table.c.id)))
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
    connection.execute(
        text("SELECT setval(:sequence, :value, :used)"),
        {"sequence": sequence, "value": highest or 1, "used": highest is not None},
    )
