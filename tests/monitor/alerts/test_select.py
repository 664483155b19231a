"""From what a report developed to messages: who hears of it once, and why everybody else hears nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from extractors.ontology import Kind
from monitor.alerts.rules import AlertRule, Conditions, Timing
from monitor.alerts.schedule import RuleState, plan
from monitor.alerts.select import Limits, Selection, Silent, delivery_key, pending, take
from storage.matches import Settlement
from storage.types import Change, Development, Settled
from tests.builders import NOW, a_development, a_match, an_event, later

LIMITS = Limits()
VISITS = AlertRule("visits", ("desk",), Conditions(kinds=frozenset({Kind.VISIT})))
CONFIRMED = AlertRule("confirmed", ("desk",), Conditions(min_publishers=2))
FIRST = a_development(id=1)
STATUS = a_development(Change.STATUS, id=2, old="planned", new="postponed")
DATE = a_development(Change.DATE, id=3, old="2022-04-26", new="2022-05-03")


def selected(
    rules: Iterable[AlertRule],
    *developments: Development,
    earlier: tuple[Development, ...] = (),
    corroborated: bool = False,
    delivered: Iterable[tuple[str, str, int]] = (),
    known: Iterable[int] = (),
    limits: Limits = LIMITS,
    edited: bool = False,
    **event: Any,
) -> Selection:
    """Select for an event that one report developed in this way."""
    settlement = Settlement(1, NOW, Settled(an_event(**event), developments, corroborated, earlier), edited)
    asked = {rule: take(rule, settlement, frozenset(known), (), limits=limits) for rule in rules}
    plans = [
        (rule, plan(rule, RuleState(open=taken.new), (), NOW, patience=limits.max_age)) for rule, taken in asked.items()
    ]
    deliveries = (
        one for rule, made in plans for message in made.messages for one in pending(message, rule, frozenset(delivered))
    )
    return Selection(tuple(deliveries), tuple(one for taken in asked.values() for one in taken.silent))


def told(selection: Selection) -> list[tuple[str, str, list[int]]]:
    """Return who is told what: rule, channel, ids of the developments."""
    return [(one.rule.name, one.channel, [each.id for each in one.developments]) for one in selection.deliveries]


# ---------------------------------------------------------------- messages


def test_a_matching_development_makes_one_message_for_each_channel() -> None:
    rule = AlertRule("visits", ("desk", "screen"))

    assert told(selected([rule], FIRST)) == [("visits", "desk", [1]), ("visits", "screen", [1])]


def test_all_that_one_report_changed_is_told_in_one_message() -> None:
    assert told(selected([VISITS], DATE, STATUS)) == [("visits", "desk", [2, 3])]


def test_each_rule_has_its_own_message() -> None:
    other = AlertRule("all", ("desk",))

    assert told(selected([VISITS, other], FIRST)) == [("visits", "desk", [1]), ("all", "desk", [1])]


def test_a_repetition_makes_no_message_and_needs_no_reason() -> None:
    assert selected([VISITS]) == Selection()


def test_a_channel_named_twice_is_told_once() -> None:
    assert len(selected([AlertRule("visits", ("desk", "desk"))], FIRST).deliveries) == 1


def test_a_message_says_which_clauses_matched() -> None:
    rule = AlertRule("changes", ("desk",), Conditions(changes=frozenset({Change.STATUS, Change.DATE})))
    (pending,) = selected([rule], STATUS, DATE).deliveries

    assert pending.reason == "change status; change date"


# ---------------------------------------------------------------- silence


@pytest.mark.parametrize(
    ("development", "reason"),
    [
        (a_development(background=True), "told as background"),
        (a_development(confidence=0.4), "confidence 0.40 is below 0.50"),
        (
            a_development(published_at=later(-48.5)),
            "too old: published 2022-04-20 08:30 UTC, more than 48 hours ago",
        ),
        (a_development(seen_at=later(-49), published_at=None), "too old: published 2022-04-20 08:00 UTC, "),
    ],
    ids=["background", "unsure", "old", "old without a date"],
)
def test_what_stays_silent_has_its_reason(development: Development, reason: str) -> None:
    selection = selected([VISITS], development)

    assert told(selection) == []
    assert selection.silent[0].reason.startswith(reason)


def test_what_no_rule_asks_for_has_the_clause_as_its_reason() -> None:
    selection = selected([VISITS], FIRST, kind=Kind.TALKS)

    assert selection.silent == (Silent("visits", 1, "kind is talks, not visit"),)


def test_an_age_just_within_the_limit_is_told() -> None:
    assert selected([VISITS], a_development(published_at=later(-48))).deliveries


def test_the_age_is_that_of_the_report_and_not_of_our_seeing_it() -> None:
    late_find = a_development(published_at=later(-72), seen_at=NOW)

    assert not selected([VISITS], late_find).deliveries


def test_an_edit_of_an_old_report_is_as_new_as_the_edit() -> None:
    assert selected([VISITS], a_development(published_at=later(-72)), edited=True).deliveries


def test_a_limit_is_the_operators_choice() -> None:
    limits = Limits(min_confidence=0.9, max_age=timedelta(days=10))

    assert not selected([VISITS], FIRST, limits=limits).deliveries
    assert selected([VISITS], a_development(published_at=later(-200), confidence=0.95), limits=limits).deliveries


def test_a_rule_with_its_own_confidence_goes_by_that_one() -> None:
    bold = AlertRule("bold", ("desk",), Conditions(min_confidence=0.2))

    assert selected([bold], a_development(confidence=0.3)).deliveries
    assert not selected([bold], a_development(confidence=0.1)).deliveries


def test_one_part_of_a_report_may_be_told_and_the_other_stay_silent() -> None:
    dates = AlertRule("dates", ("desk",), Conditions(changes=frozenset({Change.DATE})))
    selection = selected([dates], STATUS, DATE)

    assert told(selection) == [("dates", "desk", [3])]
    assert selection.silent == (Silent("dates", 2, "change is status, not date"),)


# ---------------------------------------------------------------- nothing twice


def test_what_was_delivered_is_not_told_again() -> None:
    assert told(selected([VISITS], FIRST, delivered=[("visits", "desk", 1)])) == []


def test_what_a_rule_matched_before_is_not_matched_again() -> None:
    selection = selected([VISITS], FIRST, known=[1])

    assert told(selection) == []
    assert selection.silent == (Silent("visits", 1, "matched before"),)


def test_a_channel_that_was_not_told_yet_is_told_alone() -> None:
    rule = AlertRule("visits", ("desk", "screen"))

    assert told(selected([rule], FIRST, delivered=[("visits", "desk", 1)])) == [("visits", "screen", [1])]


def test_what_another_rule_told_does_not_count() -> None:
    assert selected([VISITS], FIRST, delivered=[("others", "desk", 1)]).deliveries


# ---------------------------------------------------------------- several publishers


def test_a_rule_that_waits_for_a_second_publisher_is_told_what_was_said_before() -> None:
    selection = selected([CONFIRMED], earlier=(STATUS, FIRST), corroborated=True, publishers=2)

    assert told(selection) == [("confirmed", "desk", [1, 2])]


def test_what_was_said_before_is_told_together_with_the_news() -> None:
    selection = selected([CONFIRMED], DATE, earlier=(STATUS, FIRST), corroborated=True, publishers=2)

    assert told(selection) == [("confirmed", "desk", [1, 2, 3])]


def test_a_rule_that_waits_for_nobody_does_not_look_back() -> None:
    assert selected([VISITS], earlier=(FIRST,), corroborated=True, publishers=2) == Selection()


def test_a_second_report_of_the_same_publisher_confirms_nothing() -> None:
    assert selected([CONFIRMED], earlier=(FIRST,), corroborated=False, publishers=2) == Selection()


def test_what_was_confirmed_and_delivered_before_stays_silent_at_the_third_publisher() -> None:
    selection = selected([CONFIRMED], earlier=(FIRST,), corroborated=True, known=[1], publishers=3)

    assert selection.silent == (Silent("confirmed", 1, "matched before"),)


def test_too_few_publishers_are_a_reason() -> None:
    selection = selected([CONFIRMED], FIRST)

    assert selection.silent == (Silent("confirmed", 1, "publishers so far: 1, wanted 2"),)


# ---------------------------------------------------------------- corroborated

WAITS = AlertRule("waits", ("desk",), timing=Timing(corroborated=3))


def settled_by(publishers: int) -> Settlement:
    """Return that a further publisher told of the event."""
    return Settlement(7, later(2), Settled(an_event(publishers=publishers), (), corroborated=True))


def test_a_rule_that_waits_for_the_third_publisher_keeps_what_it_matched() -> None:
    settlement = Settlement(1, NOW, Settled(an_event(publishers=2), (FIRST,), corroborated=False))
    (match,) = take(WAITS, settlement, frozenset(), (), limits=LIMITS).new

    assert match.ready_at is None


def test_the_third_publisher_makes_ready_what_waits() -> None:
    waiting = a_match(rule="waits", ready_at=None)
    (ready,) = take(WAITS, settled_by(3), frozenset(), [waiting], limits=LIMITS).ready

    assert (ready.ready_at, ready.ready_by) == (later(2), 7)


def test_the_second_publisher_of_three_makes_nothing_ready() -> None:
    assert take(WAITS, settled_by(2), frozenset(), [a_match(ready_at=None)], limits=LIMITS).ready == ()


def test_what_is_told_by_three_at_once_does_not_wait() -> None:
    settlement = Settlement(1, NOW, Settled(an_event(publishers=3), (FIRST,), corroborated=False))
    (match,) = take(WAITS, settlement, frozenset(), (), limits=LIMITS).new

    assert match.ready_at == NOW


# ---------------------------------------------------------------- keys


def test_the_same_message_has_the_same_key() -> None:
    first, again = selected([VISITS], STATUS, DATE), selected([VISITS], DATE, STATUS)

    assert first.deliveries[0].key == again.deliveries[0].key == delivery_key("visits", "desk", [2, 3])


def test_every_part_of_a_message_counts_for_its_key() -> None:
    keys = {
        delivery_key("visits", "desk", [2, 3]),
        delivery_key("visits", "desk", [23]),
        delivery_key("visits", "screen", [2, 3]),
        delivery_key("visit", "sdesk", [2, 3]),
        delivery_key("visits", "desk", [2, 3], instance="other"),
    }

    assert len(keys) == 5


def test_two_installations_have_different_keys() -> None:
    (message,) = plan(VISITS, RuleState(open=(a_match(),)), (), NOW, patience=LIMITS.max_age).messages
    one, other = (pending(message, VISITS, frozenset(), instance=name)[0].key for name in ("here", "there"))

    assert one != other


def test_each_rule_and_development_ends_in_exactly_one_way() -> None:
    rules = [VISITS, CONFIRMED, AlertRule("all", ("desk", "screen"))]
    selection = selected(rules, FIRST, STATUS, a_development(id=4, background=True))
    ends = [(one.rule, one.development_id) for one in selection.silent]
    ends += {(one.rule.name, each.id) for one in selection.deliveries for each in one.developments}

    assert sorted(ends) == sorted((rule.name, number) for rule in rules for number in (1, 2, 4))
