"""A folder that is the working directory of the command, and databases for it."""

from pathlib import Path

import pytest

from storage.store import Store
from tests.builders import a_mention, a_new_delivery
from tests.storage.filling import enqueue, read_items, settle


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that commands work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def empty_url(sqlite_store: Store, folder: Path) -> str:
    """A database with tables and no rows."""
    return sqlite_store.url


@pytest.fixture
def filled_url(sqlite_store: Store, folder: Path) -> str:
    """A database with one feed, one item, its planned visit, and a message about that."""
    (item,) = read_items(sqlite_store, "visit-1", publisher="post.example")
    settled = settle(sqlite_store, item, a_mention())
    enqueue(sqlite_store, a_new_delivery(*(one.id for one in settled.developments)))
    return sqlite_store.url
