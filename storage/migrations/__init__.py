"""The schema: which revision a database is at, bringing it up to date, and the faults that a check finds.

The reporting views are not versioned step by step: after the migrations they are dropped and created anew from
`views/*.sql` whenever those files differ from what the database has (a digest of them is kept in `monitor_meta`).
"""

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.errors import IntegrityFault, SchemaMismatch
from storage.models import Base, MetaRow

VIEWS = Path(__file__).parents[1] / "views"
_HERE = Path(__file__).parent
NO_TABLES = "the database has no tables yet; run `demarche db upgrade`"

_VIEWS_KEY, _INSTANCE_KEY = "views", "instance_id"


def upgrade(database: Database, *, migrations: Path = _HERE) -> tuple[str, ...]:
    """Bring the schema up to date and return the revisions applied, in order.

    All of it is one transaction: when a migration fails, the schema is as it was. Raises SchemaMismatch for a
    database newer than this code.
    """
    if database.file is not None:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    with database.migrating() as connection:
        pending = _pending(connection, migrations)
        if pending:
            _run_migrations(connection, migrations)
        _note_instance(connection)
        if not _pending(connection, _HERE):  # the views are of the newest tables
            _refresh_views(connection)
        _refuse_faults(connection)
    return pending


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(connection: Connection) -> None:
    """Raise SchemaMismatch unless the database has exactly this code's tables and views."""
    at = revision(connection)
    if at is None:
        raise SchemaMismatch(NO_TABLES)
    if _pending(connection, _HERE) or _meta(connection, _VIEWS_KEY) != _views_digest():
        raise SchemaMismatch(f"the database is at revision {at}, this code needs another; run `demarche db upgrade`")


def check(connection: Connection) -> tuple[str, ...]:
    """Return every fault found in the database, as lines for people; none for a sound one."""
    faults = [*_engine_faults(connection), *_schema_faults(connection)]
    if faults:
        return tuple(faults)
    return (*_orphans(connection), *_view_faults(connection))


def _script(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(migrations))


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _pending(connection: Connection, migrations: Path) -> tuple[str, ...]:
    at, script = revision(connection), _script(migrations)
    try:
        steps = [step.revision for step in script.iterate_revisions("heads", at or "base")]
    except (CommandError, RevisionError) as error:
        raise SchemaMismatch(f"the database is at revision {at}, which this code does not know; it is newer") from error
    return tuple(reversed(steps))


def _run_migrations(connection: Connection, migrations: Path) -> None:
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")


def _note_instance(connection: Connection) -> None:
    if _meta(connection, _INSTANCE_KEY) is None:
        connection.execute(insert(MetaRow).values(key=_INSTANCE_KEY, value=str(uuid.uuid4())))


def instance_id(connection: Connection) -> str:
    """Return the identifier that this database was given with its first migration."""
    return _meta(connection, _INSTANCE_KEY) or ""


def _meta(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(MetaRow.value).where(MetaRow.key == key))


# ---------------------------------------------------------------- views


def view_definitions() -> dict[str, str]:
    """Return the reporting views: name to the query that its file holds."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(VIEWS.glob("v_*.sql"))}


def _views_digest() -> str:
    return hashlib.sha256(repr(view_definitions()).encode()).hexdigest()


def _refresh_views(connection: Connection) -> None:
    digest, kept = _views_digest(), _meta(connection, _VIEWS_KEY)
    if digest == kept:
        return
    for name in inspect(connection).get_view_names():
        if name.startswith("v_"):
            connection.exec_driver_sql(f"DROP VIEW {connection.dialect.identifier_preparer.quote(name)}")
    for name, query in view_definitions().items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS\n{query}")
    note = insert(MetaRow) if kept is None else update(MetaRow).where(MetaRow.key == _VIEWS_KEY)
    connection.execute(note.values(key=_VIEWS_KEY, value=digest))


# ---------------------------------------------------------------- faults


def _refuse_faults(connection: Connection) -> None:
    """Foreign keys were off during the migration on SQLite, so it is asked now whether they hold."""
    faults = tuple(_engine_faults(connection))
    if faults:
        raise IntegrityFault("; ".join(faults))


def _engine_faults(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"integrity: {line}"
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table}: row {row} points to a missing row of {parent}"


def _schema_faults(connection: Connection) -> Iterator[str]:
    try:
        require_current(connection)
    except SchemaMismatch as error:
        yield str(error)
        return
    missing = set(Base.metadata.tables) - set(inspect(connection).get_table_names())
    yield from (f"table {name} is missing" for name in sorted(missing))


# What no constraint can say, each as: what is wrong, and the query that counts it. An event that a person merged into
# another has handed over all that was reported of it.
_ORPHANS = (
    (
        "events without a mention",
        "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM mentions) "
        "AND id NOT IN (SELECT event_id FROM corrections WHERE verdict = 'same')",
    ),
    (
        "events without a development",
        "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM developments) "
        "AND id NOT IN (SELECT event_id FROM corrections WHERE verdict = 'same')",
    ),
    (
        "events without a publisher",
        "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_publishers) "
        "AND id NOT IN (SELECT event_id FROM corrections WHERE verdict = 'same')",
    ),
    (
        "stories without an item",
        "SELECT count(*) FROM stories WHERE NOT EXISTS (SELECT 1 FROM items WHERE story_id = stories.id) "
        "AND NOT EXISTS (SELECT 1 FROM events WHERE story_id = stories.id)",
    ),
    ("items without a wording", "SELECT count(*) FROM items WHERE id NOT IN (SELECT item_id FROM item_revisions)"),
    (
        "deliveries that tell nothing",
        "SELECT count(*) FROM deliveries WHERE event_id IS NOT NULL"
        " AND id NOT IN (SELECT delivery_id FROM delivery_developments)",
    ),
)


def _orphans(connection: Connection) -> Iterator[str]:
    for what, query in _ORPHANS:
        number = connection.scalar(text(query))
        if number:
            yield f"{number} {what}"


def _view_faults(connection: Connection) -> Iterator[str]:
    """Select from each view; a savepoint keeps PostgreSQL's transaction usable after one that fails."""
    for name in view_definitions():
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"SELECT * FROM {name} LIMIT 1").all()  # noqa: S608 (our own file's name)
        except DBAPIError as error:
            yield f"view {name}: {str(error.orig).strip()}"
