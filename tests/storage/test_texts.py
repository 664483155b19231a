"""Items in the tables find the report and the story that they belong to, and nothing of it is kept for ever."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.store import Store
from storage.types import Item, NewItem, ReadArticle
from tests.builders import NOW, a_new_item, later
from tests.storage.dedup.test_copies import OTHER, WIRE
from tests.storage.filling import add_feed, poll

FLOOD = (
    "The river rose by two metres overnight and flooded the lower town of Grazova. Soldiers brought four hundred "
    "people to schools on the hill. The mayor of Grazova said the dam would hold, and rain is to end on Thursday."
)
FLOOD_LATER = (
    "The water in Grazova fell, but the dam has cracks, said the mayor. Soldiers closed the lower town of Grazova."
)
WINDOWED = ("item_texts", "text_bands", "item_terms", "story_profiles", "term_counts", "shared_texts")


def entry(guid: str, title: str, text_: str, at: datetime = NOW) -> NewItem:
    return a_new_item(guid, title=title, summary=text_, published_at=at)


def placed(store: Store, *entries: NewItem, at: datetime = NOW) -> dict[str, Item]:
    """Poll these entries and place them; items by guid."""
    poll(store, *entries, at=at)
    waiting = [item for item in store.unread_items(at, 1000) if item.guid in {one.guid for one in entries}]
    return {item.guid: item for item in store.place_items(waiting, at)}


def rows(url: str) -> dict[str, int]:
    database = Database(url)
    with database.connected() as connection:
        counts = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in WINDOWED}
    database.close()
    return counts


def test_a_copy_is_told_from_another_report(store: Store) -> None:
    add_feed(store)
    first = placed(store, entry("wire", "Ministers to meet in Vienna", WIRE))["wire"]
    found = placed(store, entry("copy", "Fishing talks", WIRE[:250]), entry("own", "Vienna offers rooms", OTHER))

    assert (first.copy_of, found["copy"].copy_of, found["own"].copy_of) == (None, first.id, None)
    assert found["copy"].story_id == first.story_id


def test_a_later_report_joins_the_story_and_another_affair_does_not(store: Store) -> None:
    add_feed(store)
    found = placed(store, entry("a", "Flood in Grazova", FLOOD), entry("b", "Ministers to meet in Vienna", WIRE))
    later = NOW + timedelta(days=1)
    found |= placed(store, entry("c", "Dam of Grazova has cracks", FLOOD_LATER, later), at=later)

    assert found["c"].story_id == found["a"].story_id != found["b"].story_id


def test_order_within_a_poll_makes_no_difference(tmp_path: Path) -> None:
    entries = (
        entry("a", "Flood in Grazova", FLOOD),
        entry("b", "Dam of Grazova has cracks", FLOOD_LATER),
        entry("c", "Ministers to meet in Vienna", WIRE),
        entry("d", "Fishing talks", WIRE[:250]),
    )
    answers = []
    for order in (entries, entries[::-1]):
        with Store.open(f"sqlite:///{tmp_path / order[0].guid}.db") as store:
            store.upgrade()
            add_feed(store)
            poll(store, *order)
            for item in store.unread_items(NOW, 10):
                store.record_article(ReadArticle(item.id, failure="not fetched"), NOW)
            answers.append(groups(store.place_items(store.untagged_items(NOW, 10), NOW)))
    assert answers[0] == answers[1]


def groups(items: tuple[Item, ...]) -> set[frozenset[str]]:
    by_story: dict[int | None, set[str]] = {}
    for item in items:
        by_story.setdefault(item.story_id, set()).add(item.guid)
    return {frozenset(guids) for guids in by_story.values()}


def test_with_whom_a_poll_waits_makes_no_difference(tmp_path: Path) -> None:
    answers = []
    for together in (True, False):
        with Store.open(f"sqlite:///{tmp_path / str(together)}.db") as store:
            store.upgrade()
            add_feed(store)
            polls = [("a", FLOOD, NOW), ("b", FLOOD_LATER, later(1)), ("c", WIRE, later(2))]
            for guid, words, at in polls:
                poll(store, entry(guid, f"News of {guid}", words, at), at=at)
            waiting = store.unread_items(later(2), 10)
            for batch in [waiting] if together else [[item] for item in waiting]:
                store.place_items(batch, later(2))
        answers.append(shelved(tmp_path / f"{together}.db"))
    assert answers[0] == answers[1]


def shelved(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT item_id, story_id, profile FROM item_texts ORDER BY 1").fetchall()


def test_what_was_placed_stays_where_it_is(store: Store) -> None:
    add_feed(store)
    once = placed(store, entry("a", "Flood in Grazova", FLOOD))["a"]

    assert store.place_items([once], NOW + timedelta(hours=1)) == (once,)


def test_a_revised_item_keeps_its_story(store: Store) -> None:
    add_feed(store)
    before = placed(store, entry("a", "Flood in Grazova", FLOOD))["a"]
    after = placed(store, entry("a", "Flood in Grazova: dam will hold", f"{FLOOD} The bridge is closed."))["a"]

    assert (after.revision, after.story_id) == (1, before.story_id)


def test_boilerplate_makes_no_report(store: Store) -> None:
    add_feed(store)
    titles = ("Harbour strike ends", "Museum buys a portrait", "Voters go to the polls", "Bridge is closed")
    found = [placed(store, entry(title, title, WIRE))[title] for title in titles]

    assert [item.copy_of is None for item in found[2:]] == [True, True]
    assert len({item.story_id for item in found[2:]}) == 2


def test_what_nobody_can_meet_any_more_is_deleted(store: Store, database_url: str) -> None:
    add_feed(store)
    for day in range(0, 600, 20):
        at = NOW + timedelta(days=day)
        placed(store, entry(f"{day}", f"Report {day}", WIRE.replace("Vienna", f"Town{day}"), at), at=at)
    kept = rows(database_url)

    assert kept["item_texts"] <= 4
    assert kept["story_profiles"] <= 4
    assert kept["item_terms"] <= 4 * 12
    assert kept["shared_texts"] <= 2
    assert kept["text_bands"] <= 2 * 32
    assert kept["term_counts"] <= 2 * 80
