"""A minister whom no roster knows: introduced by one item, understood in the next, corrected by a person."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.store import Store
from tests.fakes import Entry, World, a_world
from tests.monitor.cli.calling import demarche

MONDAY = datetime(2022, 5, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

INTRODUCED = Entry(
    "one",
    "Norway backs talks",
    "Norwegian Foreign Minister Liv Aasen said on Monday that Norway supports the talks between Russia and Ukraine.",
    MONDAY,
)
NAMED = Entry("two", "Trip this week", "Aasen will visit Warsaw on Friday, her office said.", MONDAY + DAY)
AGAIN = Entry("three", "Another trip", "Aasen will visit Madrid on Saturday, her office said.", MONDAY + 2 * DAY)
FOOTBALLER = Entry("four", "Trip this week", "Erik Aasen will visit Warsaw on Friday, his club said.", MONDAY + DAY)


def publish(world: World, *entries: Entry) -> None:
    world.publish("post", *entries)
    world.pass_by(max(one.published_at for one in entries))


def visits(store: Store) -> list[tuple[object, ...]]:
    sql = "SELECT actors, place_name FROM v_mentions WHERE kind = 'visit' ORDER BY mention_id"
    return list(store.table("visits", sql).rows)


def test_a_minister_is_known_the_day_after_she_was_introduced(store: Store) -> None:
    with a_world(store, ["post"], ()) as world:
        publish(world, INTRODUCED)
        publish(world, INTRODUCED, NAMED)

    assert visits(store) == [("NOR", "Warsaw")]


def test_without_an_introduction_nobody_is_meant(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        publish(world, NAMED)

    assert "NOR" not in {actors for actors, _ in visits(sqlite_store)}


def test_an_item_of_the_same_document_is_read_with_what_the_one_before_it_said(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        publish(world, INTRODUCED, NAMED)

    assert visits(sqlite_store) == [("NOR", "Warsaw")]


def test_somebody_else_of_that_surname_is_not_taken_for_her(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        publish(world, INTRODUCED)
        publish(world, INTRODUCED, FOOTBALLER)

    assert "NOR" not in {actors for actors, _ in visits(sqlite_store)}


def test_the_next_item_follows_a_persons_correction(store: Store, database_url: str) -> None:
    with a_world(store, ["post"], ()) as world:
        publish(world, INTRODUCED)
        publish(world, INTRODUCED, NAMED)
        result = demarche("roster", "correct", "Liv Aasen", "--code", "DNK", "--database", database_url)
        publish(world, INTRODUCED, NAMED, AGAIN)

    assert result.exit_code == 0
    assert visits(store) == [("NOR", "Warsaw"), ("DNK", "Madrid")]


@pytest.mark.parametrize("verdict", ["--wrong"])
def test_what_was_called_wrong_is_not_followed(sqlite_store: Store, verdict: str) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        publish(world, INTRODUCED)
        demarche("roster", "correct", "Liv Aasen", verdict, "--database", sqlite_store.url)
        publish(world, INTRODUCED, NAMED)

    assert "NOR" not in {actors for actors, _ in visits(sqlite_store)}


def test_told_twice_from_the_start_it_comes_to_the_same(sqlite_store: Store, store: Store) -> None:
    for one in (sqlite_store, store):
        with a_world(one, ["post"], ()) as world:
            publish(world, INTRODUCED)
            publish(world, INTRODUCED, NAMED, AGAIN)

    assert sqlite_store.office_holders() == store.office_holders()
    assert visits(sqlite_store) == visits(store)
