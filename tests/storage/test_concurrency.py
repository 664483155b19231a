"""Two processes on one database: claims are not given out twice, and who waits too long is told so."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import database
from storage.errors import StorageUnavailable
from storage.store import Store
from storage.types import NewEvent
from tests.builders import NOW, a_mention, a_new_item, a_report, later
from tests.storage.filling import CHAIN, LEASE, add_feed, poll, read_items


@pytest.fixture
def other(store: Store, database_url: str) -> Iterator[Store]:
    """A second process's store on the same database."""
    with Store.open(database_url) as opened:
        yield opened


def test_two_daemons_never_get_the_same_feed(store: Store, other: Store) -> None:
    for number in range(12):
        add_feed(store, f"https://{number}.example/rss")
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda one: one.due_feeds(NOW, 4, LEASE), [store, other] * 4))

    ids = [feed.id for claim in claims for feed in claim]
    assert sorted(ids) == list(range(1, 13))


def test_two_daemons_that_poll_one_feed_keep_each_entry_once(store: Store, other: Store) -> None:
    add_feed(store)
    entries = [a_new_item(f"visit-{number}") for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        records = list(pool.map(lambda one: poll(one, *entries), [store, other] * 2))

    assert sum(record.new for record in records) == 20
    assert store.feed(1).items == 20


def test_settling_waits_for_the_settling_of_another_process(store: Store, other: Store) -> None:
    (item,) = read_items(store, "a")
    found: list[int] = []

    def look() -> None:
        with other.begin() as tx:
            found.append(len(tx.candidate_events(a_mention(), NOW)))

    with store.begin() as tx:
        tx.apply(a_report(item_id=item.id), NewEvent("nothing is near"), NOW, CHAIN)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(0.2)
        assert found == []
    thread.join()
    assert found == [1]


def test_reading_goes_on_while_somebody_writes(store: Store, other: Store) -> None:
    add_feed(store)
    with store.begin():
        assert len(other.feeds()) == 1


def test_lock_that_is_held_too_long_is_worth_trying_again(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT", timedelta(milliseconds=100))
    with Store.open(database_url) as one, Store.open(database_url) as two, one.begin():
        second = two.begin()
        with pytest.raises(StorageUnavailable):
            second.__enter__()


def test_expired_claim_can_be_recorded_by_both(store: Store, other: Store) -> None:
    add_feed(store)
    store.due_feeds(NOW, 1, LEASE)
    other.due_feeds(later(1), 1, LEASE)

    assert poll(store, a_new_item("a")).new == 1
    assert poll(other, a_new_item("a"), at=later(1)).known == 1
