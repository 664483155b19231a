"""`events`: what a person says of events."""

import pytest

from extractors.ontology import Status
from storage.store import Store
from storage.types import Repetition
from tests.builders import a_mention, days
from tests.monitor.cli.calling import demarche
from tests.storage.filling import read_items, settle


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """A database that read of one visit twice, and of it as of another a third time."""
    first, second, third = read_items(sqlite_store, "a", "b", "c")
    told = settle(sqlite_store, first).event
    settle(sqlite_store, second, a_mention(status=Status.CANCELLED), Repetition(told, "the same"))
    settle(sqlite_store, third, a_mention(date=days("2022-05-26")))
    return sqlite_store


def mentions(store: Store) -> list[tuple[object, ...]]:
    return list(store.table("m", "SELECT item_id, event_id FROM v_mentions ORDER BY item_id").rows)


def test_what_an_item_tells_is_split_off(store: Store) -> None:
    done = demarche("events", "split", "1", "--item", "2", "--note", "another visit", "--database", store.url)

    assert (
        done.stdout == "What item 2 tells is event 3 (visit cancelled 2022-04-26 in Moscow) now, and no more event 1.\n"
    )
    assert mentions(store) == [(1, 1), (2, 3), (3, 2)]
    assert store.event(3).different_from == (1,)


def test_what_was_reported_of_a_merged_event_moves(store: Store) -> None:
    done = demarche("events", "merge", "2", "--into", "1", "--database", store.url)

    assert done.stdout.startswith("Event 2 is event 1 (visit planned")
    assert mentions(store) == [(1, 1), (2, 1), (3, 1)]
    rows = store.table("d", "SELECT event_id, change FROM v_developments").rows
    assert rows == ((1, "first_report"), (1, "first_report"))
    assert store.check() == ()


def test_an_event_that_is_none_is_said_to_be(store: Store) -> None:
    assert "Nobody is told of event 2" in demarche("events", "wrong", "2", "--database", store.url).stdout
    assert store.event(2).is_wrong


def test_an_event_that_is_not_there_is_named(store: Store) -> None:
    failed = demarche("events", "wrong", "9", "--database", store.url)
    assert (failed.exit_code, "no event 9" in failed.stderr) == (1, True)
