"""Backups: taken while the store is in use, checked, and put back on either database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import Conflict, NotFound, StorageError
from storage.store import Store
from storage.types import Attempt, Correction, Table
from tests.builders import NOW, a_new_delivery, an_introduction, later
from tests.storage.filling import (
    add_feed,
    enqueue,
    match,
    read_items,
    record_settlement,
    settle,
    silence,
    subscribe,
    tell,
)

VIEWS = ("v_feeds", "v_items", "v_mentions", "v_events", "v_developments", "v_alerts")


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a row or more in every table."""
    first, second = read_items(store, "a", "b")
    store.place_items(
        [replace(first, text="The envoys of both states will meet in the old town hall on Monday. " * 3)], NOW
    )
    settled = settle(store, first)
    development = settled.developments[0]
    settle(store, second, at=later(1))
    tell(store, match(store, record_settlement(store, settled)))
    silence(store)
    enqueue(store, a_new_delivery(development.id))
    store.record_delivery(Attempt(1, NOW))
    with store.begin() as tx:
        tx.introduce(first, [an_introduction()], NOW)
    store.correct_event(settled.event.id, Correction.WRONG, NOW)
    store.receive_push(subscribe(store).token, "", b"<rss/>\x00", NOW)
    return store


@pytest.fixture
def other(own_database_url: str) -> Iterator[Store]:
    """Another, empty store."""
    with Store.open(own_database_url) as opened:
        yield opened


def _all(store: Store) -> list[Table]:
    return [store.table(view, f"SELECT * FROM {view} ORDER BY 1") for view in VIEWS]


def test_backup_put_back_on_either_database_is_the_same_store(filled: Store, other: Store, tmp_path: Path) -> None:
    counts = filled.back_up(tmp_path / "backup.db")

    assert other.restore(tmp_path / "backup.db") == counts
    assert _all(other) == _all(filled)
    assert other.instance_id() == filled.instance_id()
    assert other.check() == ()


def test_every_table_is_in_the_backup(filled: Store, tmp_path: Path) -> None:
    counts = filled.back_up(tmp_path / "backup.db")

    assert [table for table, rows in counts.items() if rows == 0] == []


def test_restored_store_goes_on_counting(filled: Store, other: Store, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "backup.db")
    other.restore(tmp_path / "backup.db")

    assert add_feed(other, "https://new.example/rss").id == 2
    (item,) = read_items(other, "c", publisher="third.example")
    assert settle(other, item).event.id == 3


def test_backup_is_one_file(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    filled.back_up(folder / "backup.db")

    assert [path.name for path in folder.iterdir()] == ["backup.db"]


def test_backup_is_taken_while_somebody_writes(filled: Store, tmp_path: Path) -> None:
    with filled.begin() as tx:
        tx.enqueue([a_new_delivery(2, key="unfinished")], later(1))
        counts = filled.back_up(tmp_path / "backup.db")

    assert counts["deliveries"] == 1


def test_backup_is_never_written_over(filled: Store, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "backup.db")

    with pytest.raises(Conflict, match=r"backup\.db is there already"):
        filled.back_up(tmp_path / "backup.db")


def test_filled_store_is_replaced_only_when_asked_to(filled: Store, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "backup.db")
    before = _all(filled)
    add_feed(filled, "https://new.example/rss")

    with pytest.raises(Conflict, match="has 2 feeds already"):
        filled.restore(tmp_path / "backup.db")
    filled.restore(tmp_path / "backup.db", replace=True)
    assert _all(filled) == before


def test_damaged_backup_leaves_the_store_alone(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    filled.back_up(path)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    before = _all(filled)

    with pytest.raises(StorageError):
        filled.restore(path, replace=True)
    assert _all(filled) == before


@pytest.mark.parametrize("content", [b"", b"these are notes\n" * 500])
def test_file_that_is_no_backup_is_refused(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)

    with pytest.raises(StorageError, match=r"notes\.db"):
        store.restore(path)


def test_store_that_a_daemon_works_on_is_not_replaced(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.back_up(tmp_path / "backup.db")

    with sqlite_store.alone(), pytest.raises(Conflict, match="another daemon"):
        sqlite_store.restore(tmp_path / "backup.db")


def test_missing_backup_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.db"):
        store.restore(tmp_path / "none.db")
