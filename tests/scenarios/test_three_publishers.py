"""A visit, told by three publishers on three days: one event, its developments, one alert for each."""

from datetime import UTC, datetime

from extractors.ontology import Kind
from monitor.alerts.rules import AlertRule, Conditions
from storage.store import Store
from tests.fakes import Entry, World, a_world

ALL_VISITS = AlertRule("visits", ("desk",), Conditions(kinds=frozenset({Kind.VISIT})))
PUBLISHERS = ("harbour", "wire", "ledger")

FRIDAY = datetime(2022, 4, 22, 16, 0, tzinfo=UTC)
SATURDAY = datetime(2022, 4, 23, 9, 0, tzinfo=UTC)
SUNDAY = datetime(2022, 4, 24, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2022, 4, 26, 18, 0, tzinfo=UTC)


def told_over_three_days(world: World) -> None:
    announced = Entry(
        "guterres-moscow",
        "UN chief to visit Moscow next week",
        "UN Secretary-General Antonio Guterres will visit Russian President Vladimir Putin in Moscow on Tuesday, a "
        "spokeswoman said on Friday.",
        FRIDAY,
    )
    rewritten = Entry(
        "w-101",
        "Guterres to travel to Moscow",
        "United Nations Secretary-General Antonio Guterres will travel to Moscow on Tuesday to meet Russian President "
        "Vladimir Putin.",
        SATURDAY,
    )
    repeated = Entry(
        "l-7",
        "Guterres will visit Putin in Moscow",
        "Secretary-General Antonio Guterres of the United Nations will visit Russian President Vladimir Putin in "
        "Moscow on Tuesday, April 26.",
        SUNDAY,
    )
    done = Entry(
        "guterres-in-moscow",
        "Guterres visits Putin in Moscow",
        "UN Secretary-General Antonio Guterres visited Russian President Vladimir Putin in Moscow on Tuesday.",
        TUESDAY,
    )
    world.publish("harbour", announced)
    world.publish("wire")
    world.publish("ledger")
    world.pass_by(FRIDAY)
    world.publish("wire", rewritten)
    world.pass_by(SATURDAY)
    world.publish("ledger", repeated)
    world.pass_by(SUNDAY)
    world.publish("harbour", announced, done)
    world.pass_by(TUESDAY)


def visits(store: Store) -> list[tuple[object, ...]]:
    sql = "SELECT event_id, status, place_name, date_start, publishers FROM v_events WHERE kind = 'visit'"
    return list(store.table("visits", sql).rows)


def changes(store: Store) -> list[object]:
    sql = (
        "SELECT d.change FROM v_developments d JOIN v_events e USING (event_id) WHERE e.kind = 'visit' "
        "ORDER BY d.development_id"
    )
    return [row[0] for row in store.table("changes", sql).rows]


def test_three_publishers_tell_one_event(store: Store) -> None:
    with a_world(store, PUBLISHERS, (ALL_VISITS,)) as world:
        told_over_three_days(world)

    assert [row[1:] for row in visits(store)] == [("occurred", "Moscow", "2022-04-26", 3)]
    assert changes(store) == ["first_report", "outcome"]


def test_each_development_fires_exactly_one_alert(store: Store) -> None:
    with a_world(store, PUBLISHERS, (ALL_VISITS,)) as world:
        told_over_three_days(world)

    fired = store.table("alerts", "SELECT development_id, count(*) FROM v_alerts GROUP BY development_id").rows
    assert [count for _, count in fired] == [1, 1]
    assert len(world.channel.sent) == len({delivery.key for delivery in world.channel.sent}) == 2
    assert {row[0] for row in store.table("states", "SELECT state FROM v_alerts").rows} == {"sent"}


def test_the_same_documents_polled_again_say_nothing_new(store: Store) -> None:
    with a_world(store, PUBLISHERS, (ALL_VISITS,)) as world:
        told_over_three_days(world)
        before = store.table("all", "SELECT count(*) FROM v_developments").rows
        told_over_three_days(world)

    assert store.table("all", "SELECT count(*) FROM v_developments").rows == before
    assert len(world.channel.sent) == 2
