"""A report that is reprinted, and a plan of which nobody tells what became of it: from feeds to messages."""

from datetime import UTC, datetime, timedelta

from monitor.alerts.rules import AlertRule, Conditions
from storage.store import Store
from storage.types import Change
from tests.fakes import Entry, World, a_world

EVERYTHING = AlertRule("everything", ("desk",), Conditions())
OVERDUE = AlertRule("overdue", ("desk",), Conditions(changes=frozenset({Change.OVERDUE})))
DAY = timedelta(days=1)
MONDAY = datetime(2023, 5, 1, 10, 0, tzinfo=UTC)

WIRE = (
    "Italian Foreign Minister Antonio Tajani will visit Tunisia on May 9, the ministry said on Monday. The ministry "
    "gave no further details of the programme, but said that the delegation would travel with several businesspeople "
    "and stay for two nights at the residence of the embassy near the old harbour of the capital."
)
ANNOUNCED = Entry("w-1", "Italian foreign minister to visit Tunisia", WIRE, MONDAY)
REPRINTED = Entry("p-9", "Tajani heads for Tunisia next week", WIRE, MONDAY + DAY)
HELD = Entry(
    "w-2",
    "Italian foreign minister visits Tunisia",
    "Italian Foreign Minister Antonio Tajani visited Tunisia on May 9, the ministry said.",
    MONDAY + 12 * DAY,
)


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    return list(store.table("rows", sql).rows)


def told_at(world: World, at: datetime, publisher: str, *entries: Entry) -> None:
    world.publish(publisher, *entries)
    world.pass_by(at)


def test_a_reprint_corroborates_and_tells_nobody(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["wire", "post"], (EVERYTHING,)) as world:
        world.publish("post")
        told_at(world, MONDAY, "wire", ANNOUNCED)
        told_at(world, MONDAY + DAY, "post", REPRINTED)

    assert rows(sqlite_store, "SELECT publishers, mentions, developments FROM v_events WHERE kind = 'visit'") == [
        (2, 2, 1)
    ]
    assert len(world.channel.sent) == 1


def test_a_reprint_is_told_of_by_what_its_source_says(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["wire", "post"], (EVERYTHING,)) as world:
        world.publish("post")
        told_at(world, MONDAY, "wire", ANNOUNCED)
        told_at(world, MONDAY + DAY, "post", REPRINTED)

    first, copied = rows(sqlite_store, "SELECT kind, status, actors, date_start FROM v_mentions ORDER BY mention_id")
    assert first == copied


def test_a_plan_overdue_is_told_to_who_asks_and_closed_by_the_next_report(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["wire"], (EVERYTHING, OVERDUE)) as world:
        told_at(world, MONDAY, "wire", ANNOUNCED)
        told_at(world, MONDAY + 9 * DAY, "wire", ANNOUNCED)
        told_at(world, MONDAY + 10 * DAY, "wire", ANNOUNCED)
        told_at(world, MONDAY + 12 * DAY, "wire", ANNOUNCED, HELD)

    changes = rows(sqlite_store, "SELECT change FROM v_developments ORDER BY development_id")
    assert changes == [("first_report",), ("overdue",), ("outcome",)]
    fired = rows(
        sqlite_store,
        "SELECT a.rule, d.change FROM v_alerts a JOIN v_developments d USING (development_id) ORDER BY a.delivery_id",
    )
    assert fired == [("everything", "first_report"), ("overdue", "overdue"), ("everything", "outcome")]
    assert rows(sqlite_store, "SELECT status FROM v_events") == [("occurred",)]
