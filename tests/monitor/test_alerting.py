"""What rules hold is in the database: written with the report that brought it, and still there after a crash."""

from dataclasses import replace

import pytest

from extractors.ontology import Kind, Status
from monitor.alerting import alerting, is_due, put_in_force, tell
from monitor.alerts.rules import AlertRule, Conditions, Escalation, GroupBy, Throttle, Timing
from monitor.alerts.select import Held
from storage.matches import Silence
from storage.store import Store
from storage.types import Settled
from tests.alerting import Desk, rule
from tests.builders import HOUR, NOW, later
from tests.storage.filling import settle

GROUPED = rule(timing=Timing(group_by=GroupBy.RULE, group_wait=HOUR))


def reopened(desk: Desk, *rules: AlertRule) -> Desk:
    """Return the desk of a program that begins anew on the same database, knowing nothing else."""
    again = object.__new__(Desk)
    again.store, again.now, again.events, again.item = desk.store, desk.now, desk.events, desk.item
    again.asked = alerting(rules or desk.asked.rules.values(), desk.asked.limits)
    put_in_force(again.store, again.asked, again.now)
    return again


def test_a_rule_without_timing_tells_at_once(store: Store) -> None:
    desk = Desk(store, rule("visits", "desk", "screen"))
    selection = desk.report()

    assert desk.told() == [("visits", "desk", (1,)), ("visits", "screen", (1,))]
    assert [one.channel for one in selection.deliveries] == ["desk", "screen"]


def test_what_a_rule_holds_is_told_when_its_time_has_come(store: Store) -> None:
    desk = Desk(store, GROUPED)
    selection = desk.report("one")
    desk.wait(0.5).report("other")
    before = desk.told()
    desk.wait(0.5).look()

    assert selection.held == (Held("visits", 1, later(1)),)
    assert before == []
    assert desk.told() == [("visits", "desk", (1, 2))]
    assert desk.titles() == ["visits: 2 developments of 2 events"]


def test_what_a_rule_holds_survives_the_end_of_the_program(store: Store) -> None:
    desk = Desk(store, GROUPED)
    desk.report()
    again = reopened(desk).wait(3)
    again.look()

    assert again.told() == [("visits", "desk", (1,))]


class Killed(Exception):
    """The program ends in the midst of a transaction."""


def test_a_report_that_fails_half_way_leaves_nothing_of_its_alerts(store: Store) -> None:
    desk = Desk(store, GROUPED, rule("all"))
    settled = settle(store, desk.item)
    with pytest.raises(Killed):
        die_telling(desk, settled)

    for table in ("settlements", "alert_matches", "alert_messages", "deliveries"):
        assert store.table("x", f"SELECT * FROM {table}").rows == ()


def die_telling(desk: Desk, settled: Settled) -> None:
    with desk.store.begin() as tx:
        assert tell(tx, desk.asked, settled, desk.now, edited=False).deliveries
        raise Killed


def test_looking_twice_tells_nothing_twice(store: Store) -> None:
    desk = Desk(store, GROUPED, rule("reminding", timing=Timing(repeat=2 * HOUR)))
    desk.report()
    desk.wait(2).look()
    once = desk.told()
    desk.look()

    assert desk.told() == once
    assert once == [("reminding", "desk", (1,)), ("reminding", "desk", (1,)), ("visits", "desk", (1,))]


def test_a_rule_says_when_it_is_to_be_looked_at(store: Store) -> None:
    desk = Desk(store, GROUPED)
    desk.report()

    assert not is_due(store, later(0.9))
    assert is_due(store, later(1))


def test_a_third_publisher_lets_a_rule_tell_what_waited(store: Store) -> None:
    desk = Desk(store, rule(timing=Timing(corroborated=3)))
    desk.report(publisher="post")
    desk.wait(1).report(publisher="wire")
    before = desk.told()
    desk.wait(1).report(publisher="ledger")

    assert before == []
    assert desk.told() == [("visits", "desk", (1,))]


def test_what_too_few_publishers_report_is_given_up(store: Store) -> None:
    desk = Desk(store, rule(timing=Timing(corroborated=2)))
    desk.report(publisher="post")
    desk.wait(48).look()
    desk.report(publisher="wire")

    assert desk.told() == []
    assert store.table("x", "SELECT state FROM alert_matches").rows == (("expired",),)


def test_a_reminder_tells_the_same_again_under_another_key(store: Store) -> None:
    desk = Desk(store, rule(timing=Timing(repeat=24 * HOUR)))
    desk.report()
    desk.wait(24).look()

    assert desk.told() == [("visits", "desk", (1,))] * 2
    assert desk.titles()[1].startswith("Reminder: Visit announced")
    assert len({one.key for one in store.deliveries()}) == 2


def test_an_escalation_goes_to_others_unless_somebody_acknowledges(store: Store) -> None:
    escalated = rule(timing=Timing(escalate=(Escalation(HOUR, ("boss",)), Escalation(2 * HOUR, ("minister",)))))
    desk = Desk(store, escalated)
    desk.report()
    desk.wait(1).look()
    with store.begin() as tx:
        tx.alerts.acknowledge(1, desk.now, "seen")
    desk.wait(5).look()

    assert desk.told() == [("visits", "desk", (1,)), ("visits", "boss", (1,))]
    assert desk.titles()[1].startswith("Not acknowledged: ")


def test_what_is_silenced_is_not_told_and_is_known_to_be(store: Store) -> None:
    desk = Desk(store, rule())
    with store.begin() as tx:
        tx.alerts.add_silence(Silence(0, NOW, later(4), kind="visit"))
    desk.report("one")
    desk.wait(4).report("other")

    assert desk.told() == [("visits", "desk", (2,))]
    assert store.table("x", "SELECT development_id, state FROM alert_matches ORDER BY 1").rows == (
        (1, "silenced"),
        (2, "told"),
    )


def test_the_throttle_remembers_what_was_told_before_the_end_of_the_program(store: Store) -> None:
    desk = Desk(store, rule(timing=Timing(throttle=Throttle(1, 2 * HOUR))))
    desk.report("one")
    again = reopened(desk).wait(0.5)
    again.report("two")
    again.report("three")
    again.wait(1.5).look()

    assert again.told() == [("visits", "desk", (1,)), ("visits", "desk", (2, 3))]
    assert again.titles()[1] == "And more of visits: 2 developments of 2 events"


# ---------------------------------------------------------------- another configuration


def test_a_rule_that_waits_no_more_tells_what_it_held(store: Store) -> None:
    desk = Desk(store, GROUPED)
    desk.report()
    again = reopened(desk, rule())
    again.look()

    assert again.told() == [("visits", "desk", (1,))]


def test_a_rule_that_is_gone_tells_nothing_more(store: Store) -> None:
    desk = Desk(store, GROUPED)
    desk.report()
    again = reopened(reopened(desk, rule("other")).wait(2), GROUPED)
    again.look()

    assert again.told() == []


def test_a_rule_that_begins_to_remind_does_not_make_up_for_the_past(store: Store) -> None:
    desk = Desk(store, rule())
    desk.report()
    again = reopened(desk.wait(10), rule(timing=Timing(repeat=2 * HOUR)))
    again.look()
    again.report(status=Status.POSTPONED)
    again.wait(1).report(status=Status.PLANNED)
    again.wait(2).look()

    assert [ids for _, _, ids in again.told()] == [(1,), (2,), (3,), (3,)]


def test_a_channel_that_a_rule_gains_is_told_from_then_on(store: Store) -> None:
    desk = Desk(store, rule())
    desk.report("one")
    again = reopened(desk, replace(rule(), channels=("desk", "screen")))
    again.report("two")

    assert again.told() == [("visits", "desk", (1,)), ("visits", "desk", (2,)), ("visits", "screen", (2,))]


def test_what_no_rule_asks_for_is_kept_for_tests_on_history_alone(store: Store) -> None:
    desk = Desk(store, rule(when=Conditions(kinds=frozenset({Kind.CALL}))))
    selection = desk.report()

    assert [one.reason for one in selection.silent] == ["kind is visit, not call"]
    assert len(store.table("x", "SELECT * FROM settlements").rows) == 1
    assert store.table("x", "SELECT * FROM alert_matches").rows == ()
