"""`db upgrade` and `db check`, and what other commands say of a database that is not ready."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.monitor.cli.calling import demarche

URL = ("--database", "sqlite:///some.db")


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def test_upgrade_makes_the_database_and_a_second_one_changes_nothing(folder: Path) -> None:
    first, second = demarche("db", "upgrade", *URL), demarche("db", "upgrade", *URL)

    assert first.exit_code == second.exit_code == 0
    assert first.stdout.startswith("Applied: 0001")
    assert second.stdout == "The schema is this version's already.\n"
    assert demarche("db", "check", *URL).stdout == "The database is in order.\n"


def test_upgrade_leaves_a_newer_database_alone_with_status_2(folder: Path) -> None:
    demarche("db", "upgrade", *URL)
    execute(folder / "some.db", "UPDATE alembic_version SET version_num = '9999'")

    result = demarche("db", "upgrade", *URL)

    assert result.exit_code == 2
    assert "newer" in result.stderr


def test_check_names_each_fault_on_standard_error_with_status_1(folder: Path) -> None:
    demarche("db", "upgrade", *URL)
    execute(folder / "some.db", "DROP VIEW v_events")

    result = demarche("db", "check", *URL)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "v_events" in result.stderr


def test_check_of_a_missing_database_makes_none(folder: Path) -> None:
    result = demarche("db", "check", *URL)

    assert result.exit_code == 1
    assert "run `demarche db upgrade`" in result.stderr
    assert not (folder / "some.db").exists()


@pytest.mark.parametrize("command", ["report events", "feeds list", "feeds export"])
def test_a_database_without_tables_is_status_2_with_what_to_do(folder: Path, command: str) -> None:
    result = demarche(*command.split(), *URL)

    assert result.exit_code == 2
    assert "run `demarche db upgrade`" in result.stderr
    assert not (folder / "some.db").exists()


def test_a_file_that_is_no_database_is_named(folder: Path) -> None:
    (folder / "some.db").write_text("This is a letter, and no database.\n" * 40)

    result = demarche("report", "events", *URL)

    assert result.exit_code == 1
    assert "some.db" in result.stderr


def test_a_backup_has_all_rows_and_can_be_put_back(folder: Path) -> None:
    demarche("feeds", "add", "https://post.example/world.rss", *URL)

    saved = demarche("db", "backup", "copy.db", *URL)
    restored = demarche("db", "restore", "copy.db", "--database", "sqlite:///other.db")

    assert saved.exit_code == restored.exit_code == 0
    assert "post.example" in demarche("feeds", "list", "--database", "sqlite:///other.db").stdout


def test_a_backup_is_never_written_over(folder: Path) -> None:
    demarche("db", "upgrade", *URL)
    (folder / "copy.db").write_text("precious")

    result = demarche("db", "backup", "copy.db", *URL)

    assert result.exit_code == 1
    assert "copy.db is there already" in result.stderr
    assert (folder / "copy.db").read_text() == "precious"


def test_a_restore_replaces_feeds_only_when_told_to(folder: Path) -> None:
    demarche("db", "upgrade", *URL)
    demarche("db", "backup", "copy.db", *URL)
    demarche("feeds", "add", "https://post.example/world.rss", *URL)

    refused = demarche("db", "restore", "copy.db", *URL)
    replaced = demarche("db", "restore", "copy.db", "--replace", *URL)

    assert (refused.exit_code, replaced.exit_code) == (1, 0)
    assert "--replace" in refused.stderr
    assert demarche("feeds", "list", *URL).stdout == "feeds: nothing yet\n"


def test_a_backup_that_is_not_there_is_named(folder: Path) -> None:
    result = demarche("db", "restore", "gone.db", *URL)

    assert result.exit_code == 1
    assert "gone.db" in result.stderr


def test_commands_are_the_same_on_both_databases(database_url: str, folder: Path) -> None:
    on = ("--database", database_url)

    added = demarche("feeds", "add", "https://post.example/world.rss", *on)
    reported = demarche("report", "feeds", "--format", "csv", *on)

    assert added.exit_code == 0
    assert "post.example,https://post.example/world.rss,active,0," in reported.stdout
    assert demarche("report", "events", "--format", "json", *on).stdout == "[]\n"
    assert demarche("db", "check", *on).stdout == "The database is in order.\n"
    assert demarche("db", "backup", "copy.db", *on).stdout == "copy.db: 1 feeds, 0 items, 0 events, 0 deliveries.\n"
