"""The door to the database: engine, transactions, column types, errors, and the little in which the dialects differ.

SQLite is opened in WAL mode with synchronous=FULL, so that what was committed survives a power cut; every writing
transaction begins with BEGIN IMMEDIATE, so that it waits for the lock at its start and never fails half-way. The
driver's own implicit BEGIN is switched off, as it would commit before each DDL statement of a migration
(https://docs.sqlalchemy.org/en/20/dialects/sqlite.html, "Transactions with SQLite and the sqlite3 driver").
"""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Insert,
    Select,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from storage.errors import Conflict, SchemaMismatch, StorageError, StorageUnavailable

# How long a transaction waits for another process's lock. A poll or a settled article writes for milliseconds; only
# an online backup or a migration holds the lock for seconds.
LOCK_WAIT = timedelta(seconds=20)
CONNECT_WAIT = timedelta(seconds=10)

# Keys of PostgreSQL's advisory locks (any constant that no other program in the same database uses): settling and
# migrating happen one at a time.
SETTLE_LOCK = 0x44_45_4D_01
MIGRATE_LOCK = 0x44_45_4D_02

# PostgreSQL's documentation, appendix A "Error Codes".
_UNDEFINED_TABLE, _UNDEFINED_COLUMN, _UNIQUE_VIOLATION = "42P01", "42703", "23505"

# SQLite's primary result codes that are no fault of the statement (https://www.sqlite.org/rescode.html).
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


# ---------------------------------------------------------------- column types


class Instant(TypeDecorator[datetime]):
    """An aware instant, always UTC: timestamptz on PostgreSQL; on SQLite text that sorts by time."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the dialect's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware instant into what the driver takes; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone: {value}")
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the driver gives into an aware UTC instant."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        instant: datetime = value
        return instant.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text that every database takes: NUL characters (PostgreSQL has none) and half surrogates are dropped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Drop what cannot be stored."""
        return usable_text(value)


def usable_text(value: str | None) -> str | None:
    """Return a text without what cannot be stored: NUL characters and half surrogates."""
    if value is None or (value.isascii() and "\x00" not in value):
        return value
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


class Tuples(TypeDecorator[tuple[tuple[Any, ...], ...]]):
    """A tuple of tuples of plain values, kept as JSON text; nothing is ever asked about its inside."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: Sequence[Sequence[Any]] | None, dialect: Dialect) -> str:
        """Write JSON."""
        return json.dumps(value or (), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[tuple[Any, ...], ...]:
        """Read JSON."""
        return tuple(tuple(row) for row in json.loads(value or "[]"))


def instant_text(value: datetime) -> str:
    """Return an aware instant as SQLite keeps it: `YYYY-MM-DD HH:MM:SS.ffffff`, UTC."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


# ---------------------------------------------------------------- engine and transactions


class Turns:
    """A lock that threads get in the order in which they asked for it.

    SQLite's own is not fair: who waits for it looks again after a tenth of a second, and a thread that writes one
    transaction after the other takes it every time in between. So a settled report would wait for the end of a poll.
    """

    def __init__(self, patience: timedelta = LOCK_WAIT) -> None:
        self._patience = patience.total_seconds()
        self._guard = threading.Lock()
        self._is_held = False
        self.waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and hold it; raises StorageUnavailable when it does not come in time."""
        mine = threading.Event()
        with self._guard:
            self.waiting.append(mine)
            self._hand_on()
        try:
            if not mine.wait(self._patience) and not self._given_up(mine):
                raise StorageUnavailable(f"the database was written by others for {self._patience:g} s")
            yield
        finally:
            if mine.is_set():
                with self._guard:
                    self._is_held = False
                    self._hand_on()

    def _hand_on(self) -> None:
        if self.waiting and not self._is_held:
            self._is_held = True
            self.waiting.popleft().set()

    def _given_up(self, mine: threading.Event) -> bool:
        """Leave the queue; return whether the turn came at the last moment all the same."""
        with self._guard:
            if not mine.is_set():
                self.waiting.remove(mine)
            return mine.is_set()


class Database:
    """An engine with two kinds of transaction. Opening it connects to nothing yet."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.engine = _engine(self.url)
        self._writing_engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._turns = Turns()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; else it is PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The database's file, None for PostgreSQL."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @property
    def is_missing(self) -> bool:
        """Whether this is an SQLite file that is not there; connecting would make an empty one."""
        return self.file is not None and not self.file.exists()

    @property
    def shown(self) -> str:
        """The URL without its password, for messages."""
        return self.url.set(drivername=self.url.get_backend_name()).render_as_string(hide_password=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that sees one state of the database; what it writes is rolled back."""
        with self._translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end, rolled back on any exception."""
        turn = self._turns.turn() if self.is_sqlite else nullcontext()
        with (
            turn,
            self._translated(),
            Session(self._writing_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.connection()  # begins now, not with the first statement: whoever waits, waits here
            yield session

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A bare connection for the checks and reports, rolled back at the end."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction for a migration, alone: nothing of it stays when it fails.

        SQLite's foreign keys are off meanwhile, since rebuilding a table there drops the old one; the caller checks
        them before the end.
        """
        with (
            self._translated(),
            self._writing_engine.connect() as connection,
            _foreign_keys_off(connection),
            connection.begin(),
        ):
            lock(connection, MIGRATE_LOCK)
            yield connection

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """A transaction in which the database itself refuses to write, for SQL that is not ours."""
        guard = _sqlite_read_only if self.is_sqlite else _postgresql_read_only
        with self._translated(), self.engine.connect() as connection, guard(connection):
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise translate(error, self.shown) from error


def parse_url(url: str) -> URL:
    """Return the URL with our driver filled in; raises StorageError for other databases and what is no URL."""
    expected = "expected sqlite:///FILE or postgresql://USER@HOST/NAME"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(f"not a database URL; {expected}") from error
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite") and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise StorageError(f"database {parsed.render_as_string(hide_password=True)}: {expected}")


def _engine(url: URL) -> Engine:
    return _sqlite_engine(url) if url.drivername.startswith("sqlite") else _postgresql_engine(url)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT.total_seconds()})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("date_trunc", 2, _date_trunc, deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _date_trunc(unit: str, instant: str | None) -> str | None:
    """PostgreSQL's function of that name, so that one SQL text does for both; units: day, week, month, year."""
    if instant is None:
        return None
    day = date.fromisoformat(instant[:10])
    starts = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    return f"{starts[unit].isoformat()} 00:00:00.000000"


def _postgresql_engine(url: URL) -> Engine:
    connect_args = {"connect_timeout": int(CONNECT_WAIT.total_seconds()), "application_name": "demarche"}
    engine = create_engine(url, connect_args=connect_args, pool_pre_ping=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute(f"SET lock_timeout = {int(LOCK_WAIT.total_seconds() * 1000)}")
    connection.commit()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    with _pragma(connection, "foreign_keys", inside="OFF", after="ON"):
        yield


@contextmanager
def _sqlite_read_only(connection: Connection) -> Iterator[None]:
    with _pragma(connection, "query_only", inside="ON", after="OFF"):
        yield
        connection.rollback()


@contextmanager
def _pragma(connection: Connection, name: str, *, inside: str, after: str) -> Iterator[None]:
    """Set a pragma outside of any transaction (inside one it would have no effect), and set it back."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA {name}={inside}")
    try:
        yield
    finally:
        driver.rollback()
        driver.execute(f"PRAGMA {name}={after}")


@contextmanager
def _postgresql_read_only(connection: Connection) -> Iterator[None]:
    """Refuse writes, and refuse more than one statement: a prepared statement is one, so no COMMIT can slip in."""
    driver: Any = connection.connection.driver_connection
    threshold = driver.prepare_threshold
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    driver.prepare_threshold = 0
    try:
        yield
    finally:
        driver.prepare_threshold = threshold


# ---------------------------------------------------------------- where the dialects differ


def insert_or(table: Any, session: Session) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT for this session's database, to be told what is done with rows whose key is there already."""
    target: Table = table.__table__
    return sqlite.insert(target) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(target)


def insert_new(table: Any, session: Session) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT for this session's database that leaves rows alone whose key is there already."""
    return insert_or(table, session).on_conflict_do_nothing()


def bound_instant(session: Session, instant: datetime) -> Any:
    """Return an instant as this session's driver takes it."""
    return Instant().process_bind_param(instant, session.get_bind().dialect)


def write_over(session: Session, table: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, over those whose key is there already; values are as the driver takes them, in order of `columns`.

    For many small rows: they go to the driver as they are, which costs a third of what SQLAlchemy's binding does.
    """
    if not rows:
        return
    sql, order = _upsert(table.__table__, tuple(columns), session.get_bind().dialect)
    if order is None:
        bound: list[Any] = [dict(zip(columns, row, strict=True)) for row in rows]
    else:
        bound = [tuple(row[place] for place in order) for row in rows]
    session.connection().exec_driver_sql(sql, bound)


@lru_cache(maxsize=64)
def _upsert(target: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[int, ...] | None]:
    """Return an INSERT that writes over, and the places of its values; None for a driver that takes them by name."""
    keys = [column.name for column in target.primary_key]
    written = (sqlite.insert if dialect.name == "sqlite" else postgresql.insert)(target)
    others = {name: written.excluded[name] for name in columns if name not in keys}
    statement = written.on_conflict_do_update(index_elements=keys, set_=others)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = compiled.positiontup
    return str(compiled), None if names is None else tuple(map(columns.index, names))


def insert_rows(
    session: Session, table: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, known_stay: bool = False
) -> None:
    """Insert rows, their values in order of `columns`; with `known_stay`, leave those alone whose key is there already.

    For many rows: 40 items of a feed and what belongs to them cost 4 ms by SQLAlchemy's binding, and 1.5 by this.
    """
    if not rows:
        return
    insert = _insert(table.__table__, tuple(columns), session.get_bind().dialect, known_stay)
    try:
        bound = insert.bound(rows)
    except ValueError as error:
        raise StorageError(f"{table.__tablename__}: {error}") from error
    session.connection().exec_driver_sql(insert.sql, bound)


@dataclass(frozen=True, slots=True)
class _Insert:
    """An INSERT in the words of a dialect, and what its driver is given for each value: from which place, made how.

    `names` is None for a driver that takes values by their order.
    """

    sql: str
    places: tuple[int, ...]
    bind: tuple[Callable[[Any], Any] | None, ...]
    names: tuple[str, ...] | None

    def bound(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return rows as the driver takes them, column by column; raises ValueError for a value."""
        columns = list(zip(*rows, strict=True))
        values = (
            columns[place] if bind is None else map(bind, columns[place])
            for place, bind in zip(self.places, self.bind, strict=True)
        )
        bound = zip(*values, strict=True)
        return list(bound) if self.names is None else [dict(zip(self.names, row, strict=True)) for row in bound]


@lru_cache(maxsize=64)
def _insert(target: Table, columns: tuple[str, ...], dialect: Dialect, known_stay: bool) -> _Insert:
    statement = (sqlite.insert if dialect.name == "sqlite" else postgresql.insert)(target)
    if known_stay:
        statement = statement.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = tuple(compiled.positiontup or columns)
    bind = tuple(_binder(target.c[name].type, dialect) for name in names)
    return _Insert(str(compiled), tuple(map(columns.index, names)), bind, None if compiled.positiontup else names)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what makes a value of a column one of the driver's, None where it takes it as it is."""
    if isinstance(kind, PlainText):
        return usable_text
    bind: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=256)(bind) if bind and isinstance(kind, Instant) else bind  # rows share their instants


def new_ids(session: Session, table: Any, number: int) -> Sequence[int]:
    """Return identifiers for so many new rows, so that they can be written together and referred to at once.

    On SQLite the transaction, which writes alone, takes those that come next; rows that were ever there are kept.
    """
    if session.get_bind().dialect.name == "sqlite":
        last = session.connection().scalar(_last_id(table.__table__)) or 0
        return range(last + 1, last + number + 1)
    sequence = f"{table.__tablename__}_id_seq"
    taken = select(func.nextval(sequence)).select_from(func.generate_series(1, number))
    return session.scalars(taken).all()


@lru_cache(maxsize=64)
def _last_id(target: Table) -> Select[Any]:
    return select(func.max(target.c.id))


def lock(session: Session | Connection, key: int) -> None:
    """Wait until no other transaction holds this lock. On SQLite, BEGIN IMMEDIATE has done so already."""
    dialect = session.get_bind().dialect if isinstance(session, Session) else session.dialect
    if dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def run_many(session: Session, statement: Insert, rows: Sequence[dict[str, Any]]) -> None:
    """Run an INSERT once for all rows; nothing for none."""
    if rows:
        session.execute(statement, rows)


def translate(error: SQLAlchemyError, shown: str) -> StorageError:
    """Return our error for one of SQLAlchemy's."""
    if isinstance(error, IntegrityError) and _is_duplicate(error):
        return Conflict(f"database {shown}: {str(error.orig).strip()}")
    if isinstance(error, PoolTimeout):
        return StorageUnavailable(f"database {shown}: {error}")
    if not isinstance(error, DBAPIError):
        return StorageError(f"database {shown}: {error}")
    if _is_missing_table(error):
        return SchemaMismatch(f"database {shown}: {error.orig}; run `demarche db upgrade`")
    kind = StorageUnavailable if _is_passing(error) else StorageError
    return kind(f"database {shown}: {str(error.orig).strip()}")


def _is_duplicate(error: IntegrityError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION


def _is_passing(error: DBAPIError) -> bool:
    """Whether trying again later makes sense; SQLite's driver calls a syntax error an operational one, too."""
    if isinstance(error.orig, sqlite3.Error):
        code: int = getattr(error.orig, "sqlite_errorcode", 0)  # the driver's own complaints have none
        return code & 0xFF in _PASSING
    return isinstance(error, OperationalError | InterfaceError)


def _is_missing_table(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in (_UNDEFINED_TABLE, _UNDEFINED_COLUMN):
        return True
    return str(error.orig).startswith(("no such table", "no such column"))
