"""What a killed daemon had claimed is due again, and one SQLite file has one daemon."""

from pathlib import Path

import pytest

from storage.errors import Conflict
from storage.store import Store
from tests.builders import HOUR, INTERVAL, NOW, a_feed_spec


def test_claims_of_a_killed_daemon_are_free_for_the_next(sqlite_store: Store) -> None:
    sqlite_store.sync_feeds([a_feed_spec()], NOW, INTERVAL)
    sqlite_store.due_feeds(NOW, 10, HOUR)
    assert sqlite_store.due_feeds(NOW, 10, HOUR) == ()

    with sqlite_store.alone():
        due = sqlite_store.due_feeds(NOW, 10, HOUR)

    assert [feed.url for feed in due] == [a_feed_spec().url]


def test_an_sqlite_file_has_one_daemon(sqlite_store: Store) -> None:
    with sqlite_store.alone(), pytest.raises(Conflict, match="another daemon"), sqlite_store.alone():
        pass


def test_the_lock_is_free_after_its_holder_ended(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.alone():
        pass

    with sqlite_store.alone():
        assert list(tmp_path.glob("*.db.lock"))
