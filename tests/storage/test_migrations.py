"""The schema: up from nothing, all or nothing, and the same as the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import migrations
from storage.database import Database
from storage.errors import SchemaMismatch, StorageError, StorageUnavailable
from storage.models import Base, EventRow
from storage.store import Store
from tests.builders import INTERVAL, NOW, a_feed_spec
from tests.storage.filling import add_feed, read_items, settle

# The newest of our own migrations.
HEAD = max(path.stem[:4] for path in Path(migrations.__file__).parent.glob("versions/0*.py"))

# Two steps: the first makes a table and fills it, the second adds to the schema and then fails.
GOOD = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "HEAD", None
def upgrade():
    op.create_table("monitor_meta", sa.Column("key", sa.Text(), primary_key=True), sa.Column("value", sa.Text()))
"""
BROKEN = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "broken", "HEAD"
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half (id) VALUES (1)")
    op.add_column("monitor_meta", sa.Column("extra", sa.Text()))
    op.create_index("ix_half", "half", ["id"])
    op.execute("INSERT INTO half (id) VALUES (1)")
"""


def _schema(database: Database) -> dict[str, list[str]]:
    """Every table and view with its columns."""
    with database.connected() as connection:
        found = inspect(connection)
        names = [*found.get_table_names(), *found.get_view_names()]
        return {name: [column["name"] for column in found.get_columns(name)] for name in names}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A history of migrations whose second step fails half-way."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(Path(migrations.__file__).with_name("env.py").read_text())
    (folder / "versions" / "good.py").write_text(GOOD.replace("HEAD", HEAD))
    (folder / "versions" / "broken.py").write_text(BROKEN.replace("HEAD", HEAD))
    return folder


@pytest.fixture
def database_url(own_database_url: str) -> str:
    """A database of the test's own: the tests here change its schema."""
    return own_database_url


def test_empty_database_is_brought_up_to_date(empty_database_url: str) -> None:
    with Store.open(empty_database_url) as store:
        assert store.revision() is None
        assert store.upgrade()[-1] == HEAD
        store.require_current()
        assert store.check() == ()


def test_second_upgrade_has_nothing_to_do(store: Store) -> None:
    before = store.instance_id()

    assert store.upgrade() == ()
    assert store.instance_id() == before


def test_every_database_has_an_identifier_of_its_own(empty_database_url: str, tmp_path: Path) -> None:
    with Store.open(empty_database_url) as one, Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        one.upgrade()
        other.upgrade()
        assert len({one.instance_id(), other.instance_id(), ""}) == 3


def test_upgrade_keeps_what_is_there(store: Store) -> None:
    add_feed(store)

    store.upgrade()
    assert len(store.feeds()) == 1


A_FEED_OF_OLD = """
INSERT INTO feeds (url, title, publisher, state, origin, paused_by, interval_seconds, wanted_interval_seconds,
    next_poll_at, last_error, failures, id)
VALUES ('https://old.example/rss', '', 'Old', 'active', 'config', '', 600, 600, :now, '', 0, 1)
"""


@pytest.mark.parametrize("at", ["0001", "0002", "0003"])
def test_database_of_every_earlier_revision_is_brought_up_to_date(
    empty_database_url: str, tmp_path: Path, at: str
) -> None:
    folder, here = tmp_path / "earlier", Path(migrations.__file__).parent
    (folder / "versions").mkdir(parents=True)
    for path in (here / "env.py", *sorted((here / "versions").glob("0*.py"))):
        if path.stem[:4] <= at or path.stem == "env":
            (folder / path.relative_to(here)).write_text(path.read_text())
    database = Database(empty_database_url)
    migrations.upgrade(database, migrations=folder)
    with database.writing() as session:
        session.execute(text(A_FEED_OF_OLD), {"now": NOW.isoformat()})
    database.close()

    with Store.open(empty_database_url) as store:
        assert store.revision() == at
        assert store.upgrade()
        assert len(store.feeds()) == 1
        assert store.check() == ()


def test_failed_migration_leaves_the_schema_as_it_was(store: Store, database_url: str, broken: Path) -> None:
    add_feed(store)
    database = Database(database_url)
    before = _schema(database)

    with pytest.raises(StorageError):
        migrations.upgrade(database, migrations=broken)
    assert _schema(database) == before
    assert store.revision() == HEAD
    assert len(store.feeds()) == 1
    database.close()


def test_failed_migration_of_an_empty_database_leaves_it_empty(empty_database_url: str, broken: Path) -> None:
    database = Database(empty_database_url)

    with pytest.raises(StorageError):
        migrations.upgrade(database, migrations=broken)
    assert {name for name in _schema(database) if name != "alembic_version"} == set()
    with database.connected() as connection:
        assert migrations.revision(connection) is None
    database.close()


def test_models_are_what_the_migrations_make(database_url: str) -> None:
    database = Database(database_url)
    with database.connected() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_every_index_is_made_by_the_migrations(database_url: str) -> None:
    database = Database(database_url)
    with database.connected() as connection:
        found = {index["name"] for table in Base.metadata.tables for index in inspect(connection).get_indexes(table)}
    expected = {index.name for table in Base.metadata.tables.values() for index in table.indexes}
    database.close()
    assert expected <= found


def test_database_without_tables_tells_which_command_helps(empty_database_url: str) -> None:
    with Store.open(empty_database_url) as store:
        with pytest.raises(SchemaMismatch, match="demarche db upgrade"):
            store.require_current()
        (fault,) = store.check()
    assert "demarche db upgrade" in fault


def test_question_to_a_database_without_tables_tells_which_command_helps(
    empty_database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()  # where the SQLite file goes, which only an upgrade makes by itself

    with Store.open(empty_database_url) as store, pytest.raises(SchemaMismatch, match="demarche db upgrade"):
        store.feeds()


def test_looking_at_a_missing_file_does_not_make_it(tmp_path: Path) -> None:
    path = tmp_path / "demarche.db"
    with Store.open(f"sqlite:///{path}") as store:
        assert (store.revision(), len(store.check())) == (None, 1)
    assert not path.exists()


def test_database_newer_than_the_code_is_refused(store: Store, database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    for use in (store.upgrade, store.require_current):
        with pytest.raises(SchemaMismatch, match="newer"):
            use()


def test_views_that_differ_from_the_code_are_made_anew(store: Store, database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("DROP VIEW v_items"))
        session.execute(text("UPDATE monitor_meta SET value = 'of an older version' WHERE key = 'views'"))
    database.close()

    with pytest.raises(SchemaMismatch, match="demarche db upgrade"):
        store.require_current()
    store.upgrade()
    store.require_current()
    assert store.check() == ()


def test_missing_view_is_found(store: Store, database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("DROP VIEW v_events"))
    database.close()

    (fault,) = store.check()
    assert fault.startswith("view v_events: ")


def test_rows_that_belong_to_nothing_are_found(store: Store, database_url: str) -> None:
    (item,) = read_items(store, "a")
    settle(store, item)
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("DELETE FROM event_publishers"))
    database.close()

    assert store.check() == ("1 events without a publisher",)


def test_filled_store_has_no_fault(store: Store) -> None:
    for item in read_items(store, "a", "b"):
        settle(store, item)

    assert store.check() == ()


def test_reference_to_a_missing_row_is_found(sqlite_store: Store) -> None:
    (item,) = read_items(sqlite_store, "a")
    settle(sqlite_store, item)
    database = sqlite_store._database
    with database.migrating() as connection:  # the one place without foreign keys
        connection.execute(text("DELETE FROM mentions"))

    assert any(fault.startswith("developments: row") for fault in sqlite_store.check())


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes, and no database at all\n" * 100)

    with Store.open(f"sqlite:///{path}") as store, pytest.raises(StorageError, match=r"notes\.db"):
        store.upgrade()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused_with_what_is_expected(url: str) -> None:
    with pytest.raises(StorageError, match="expected sqlite:///FILE or postgresql://"):
        Store.open(url)


def test_unreachable_server_is_worth_trying_again_and_its_password_is_not_shown(tmp_path: Path) -> None:
    with (
        Store.open(f"postgresql://me:secret@/news?host={tmp_path}") as store,
        pytest.raises(StorageUnavailable) as caught,
    ):
        store.feeds()
    assert "secret" not in str(caught.value)


def test_file_in_a_missing_folder_is_unavailable_until_an_upgrade_makes_it(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'new' / 'demarche.db'}") as store:
        with pytest.raises(StorageUnavailable):
            store.feeds()
        store.upgrade()
        assert store.sync_feeds([a_feed_spec()], NOW, INTERVAL) == (1, 0, 0)


def test_event_rows_are_never_left_without_a_story() -> None:
    assert not EventRow.__table__.c.story_id.nullable
