"""When matches are told, and together with what: a rule's timing, step by step."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from extractors.ontology import Status
from monitor.alerts.cron import parse_cron, parse_hours
from monitor.alerts.rules import AlertRule, Escalation, GroupBy, Throttle, Timing
from monitor.alerts.schedule import Plan, RuleState, plan, wake_at
from storage.matches import Match, Message, MessageKind, Silence
from storage.types import Event
from tests.builders import HOUR, NOW, a_match, an_event, days, later

PATIENCE = timedelta(hours=48)


def planned(
    timing: Timing,
    *matches: Match,
    hours: float = 0,
    silences: Iterable[Silence] = (),
    told: tuple[Message, ...] = (),
    events: Iterable[Event] = (),
) -> Plan:
    """Plan so many hours after NOW."""
    rule = AlertRule("visits", ("desk",), timing=timing)
    state = RuleState(through=NOW - HOUR, open=matches, told=told, events={one.id: one for one in events})
    return plan(rule, state, tuple(silences), later(hours), patience=PATIENCE)


def shown(made: Plan) -> list[tuple[str, float, list[int]]]:
    """Return each message's kind, when it was due in hours after NOW, and the numbers of its developments."""
    return [(one.kind.value, (one.at - NOW) / HOUR, list(one.development_ids)) for one in made.messages]


def match(number: int, hours: float, **changes: Any) -> Match:
    return a_match(number, later(hours), **changes)


# ---------------------------------------------------------------- at once


def test_without_any_timing_a_match_is_told_at_once() -> None:
    made = planned(Timing(), match(1, 0))

    assert shown(made) == [("alert", 0, [1])]
    assert (made.state.open, made.next_at) == ((), None)


def test_what_one_report_brought_is_one_message() -> None:
    made = planned(Timing(), match(1, 0, ready_by=7), match(2, 0, ready_by=7), match(3, 0, ready_by=8))

    assert shown(made) == [("alert", 0, [1, 2]), ("alert", 0, [3])]


def test_late_looking_changes_neither_the_messages_nor_when_they_were_due() -> None:
    timing = Timing(group_wait=2 * HOUR, throttle=Throttle(1, 3 * HOUR))
    matches = [match(number, hours, event=an_event(id=number)) for number, hours in ((1, 0), (2, 1), (3, 1.5), (4, 9))]
    rule, state, told = AlertRule("visits", ("desk",), timing=timing), RuleState(), list[Message]()
    for minutes in range(0, 1441, 7):
        now = NOW + timedelta(minutes=minutes)
        seen = [one for one in matches if one.matched_at <= now and one not in state.open]
        state = replace(state, open=(*state.open, *seen))
        matches = [one for one in matches if one not in seen]
        made = plan(rule, state, (), now, patience=PATIENCE)
        state, told = made.state, [*told, *made.messages]
    late = planned(
        timing, *[match(n, h, event=an_event(id=n)) for n, h in ((1, 0), (2, 1), (3, 1.5), (4, 9))], hours=24
    )

    assert [(one.kind, one.at, one.development_ids) for one in told] == [
        (one.kind, one.at, one.development_ids) for one in late.messages
    ]


# ---------------------------------------------------------------- corroborated


def test_what_waits_for_publishers_is_not_told_and_is_given_up_in_the_end() -> None:
    waiting = match(1, 0, ready_at=None, ready_by=0)

    assert planned(Timing(corroborated=2), waiting, hours=47).messages == ()
    assert shown(planned(Timing(corroborated=2), waiting, hours=48)) == [("expired", 48, [1])]


# ---------------------------------------------------------------- group


def test_developments_of_one_story_in_a_window_are_one_message() -> None:
    story = an_event(story_id=5), an_event(id=2, story_id=5)
    made = planned(Timing(group_wait=HOUR), match(1, 0, event=story[0]), match(2, 0.9, event=story[1]), hours=2)

    assert shown(made) == [("group", 1, [1, 2])]


def test_what_comes_when_the_window_is_over_opens_the_next() -> None:
    made = planned(Timing(group_wait=HOUR), match(1, 0), match(2, 1), match(3, 1.5), hours=9)

    assert shown(made) == [("group", 1, [1]), ("group", 2, [2, 3])]


def test_other_stories_have_windows_of_their_own() -> None:
    made = planned(Timing(group_wait=HOUR), match(1, 0), match(2, 0.5, event=an_event(id=2)), hours=9)

    assert shown(made) == [("group", 1, [1]), ("group", 1.5, [2])]


@pytest.mark.parametrize(
    ("group_by", "together"),
    [
        (GroupBy.EVENT, False),
        (GroupBy.STORY, True),
        (GroupBy.KIND, True),
        (GroupBy.PLACE, False),
        (GroupBy.PARTIES, True),
        (GroupBy.RULE, True),
    ],
)
def test_what_is_grouped_is_what_group_by_says(group_by: GroupBy, together: bool) -> None:
    one, other = an_event(id=1, story_id=5), an_event(id=2, story_id=5, place=None)
    made = planned(
        Timing(group_by=group_by, group_wait=HOUR), match(1, 0, event=one), match(2, 0.5, event=other), hours=9
    )

    assert len(made.messages) == (1 if together else 2)


def test_a_group_that_waits_says_when_to_look_again() -> None:
    assert planned(Timing(group_wait=HOUR), match(1, 0)).next_at == later(1)


# ---------------------------------------------------------------- digest


DAILY = Timing(digest=parse_cron("0 7 * * * Europe/Berlin"))  # 05:00 UTC, twenty hours after NOW


def test_a_digest_tells_all_since_the_last_one() -> None:
    made = planned(DAILY, match(1, 0), match(2, 19.9), match(3, 20), hours=44)

    assert shown(made) == [("digest", 20, [1, 2]), ("digest", 44, [3])]


def test_a_digest_of_nothing_is_not_sent() -> None:
    assert planned(DAILY, hours=100).messages == ()


def test_a_digest_at_half_past_two_comes_once_on_the_days_that_clocks_change() -> None:
    nightly = Timing(digest=parse_cron("30 2 * * * Europe/Berlin"))
    rule = AlertRule("nightly", ("desk",), timing=nightly)
    for day in ("2026-03-29", "2026-10-25"):
        begin = days(day).start
        minutes = [
            NOW.replace(year=begin.year, month=begin.month, day=begin.day, hour=0) + timedelta(minutes=n)
            for n in range(240)
        ]
        state = RuleState(open=tuple(a_match(number, at) for number, at in enumerate(minutes, 1)))

        told = plan(rule, state, (), minutes[-1], patience=PATIENCE).messages

        assert len(told) == 1


# ---------------------------------------------------------------- quiet hours


NIGHT = parse_hours("22:00-07:00 UTC")  # from 13 hours after NOW to 22


def test_what_comes_in_quiet_hours_is_told_as_one_at_their_end() -> None:
    made = planned(Timing(quiet_hours=NIGHT), match(1, 12.9), match(2, 13), match(3, 21), match(4, 22), hours=30)

    assert shown(made) == [("alert", 12.9, [1]), ("held", 22, [2, 3]), ("alert", 22, [4])]


def test_a_group_that_ends_in_quiet_hours_is_held_too() -> None:
    made = planned(Timing(quiet_hours=NIGHT, group_wait=HOUR), match(1, 12.5), hours=30)

    assert shown(made) == [("held", 22, [1])]


def test_a_held_match_need_not_be_looked_at_before() -> None:
    rule = AlertRule("visits", ("desk",), timing=Timing(quiet_hours=NIGHT))

    assert wake_at(rule, match(1, 14), PATIENCE) == later(22)


# ---------------------------------------------------------------- throttle


def test_what_is_too_much_comes_as_one_more_message() -> None:
    matches = [match(number, number / 10) for number in range(1, 8)]
    made = planned(Timing(throttle=Throttle(2, 3 * HOUR)), *matches, hours=9)

    assert shown(made) == [("alert", 0.1, [1]), ("alert", 0.2, [2]), ("more", 3.1, [3, 4, 5, 6, 7])]


def test_no_span_has_more_messages_than_the_throttle_allows() -> None:
    matches = [match(number, number / 4) for number in range(1, 80)]
    told = planned(Timing(throttle=Throttle(3, 2 * HOUR)), *matches, hours=40).messages

    for message in told:
        assert sum(message.at - 2 * HOUR < one.at <= message.at for one in told) <= 3
    assert sum(len(one.matches) for one in told) == len(matches)


def test_messages_of_before_count_for_the_throttle() -> None:
    before = Message("visits", MessageKind.ALERT, later(-0.5), (match(9, -0.5),))
    made = planned(Timing(throttle=Throttle(1, HOUR)), match(1, 0), told=(before,), hours=0.4)

    assert (made.messages, made.next_at) == ((), later(0.5))


# ---------------------------------------------------------------- repeat

DAILY_REMINDER = Timing(repeat=24 * HOUR)


def told_at(hours: float, *numbers: int, kind: MessageKind = MessageKind.ALERT, **changes: Any) -> Message:
    return Message("visits", kind, later(hours), tuple(match(number, hours, **changes) for number in numbers))


def test_what_is_still_planned_is_told_again_until_its_day_is_over() -> None:
    made = planned(DAILY_REMINDER, told=(told_at(0, 1),), events=[an_event()], hours=24 * 30)

    assert shown(made) == [("reminder", 24 * day, [1]) for day in (1, 2, 3, 4)]  # until Tuesday 26 April


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.OCCURRED, Status.POSTPONED])
def test_what_is_planned_no_more_is_not_told_again(status: Status) -> None:
    made = planned(DAILY_REMINDER, told=(told_at(0, 1),), events=[an_event(status=status)], hours=24)

    assert made.messages == ()


def test_a_reminder_tells_the_event_as_it_stands() -> None:
    moved = an_event(date=days("2022-05-03"))
    (reminder,) = planned(DAILY_REMINDER, told=(told_at(0, 1),), events=[moved], hours=24).messages

    assert reminder.matches[0].event == moved


def test_what_was_acknowledged_is_not_told_again() -> None:
    made = planned(DAILY_REMINDER, told=(told_at(0, 1, acked_at=later(1)),), events=[an_event()], hours=24)

    assert made.messages == ()


def test_news_of_an_event_puts_off_its_reminder() -> None:
    made = planned(DAILY_REMINDER, match(2, 20), told=(told_at(0, 1),), events=[an_event()], hours=45)

    assert shown(made) == [("alert", 20, [2]), ("reminder", 44, [2])]


# ---------------------------------------------------------------- escalate

ESCALATED = Timing(escalate=(Escalation(HOUR, ("boss",)), Escalation(2 * HOUR, ("minister",))))


def test_what_nobody_acknowledges_is_told_to_others_step_by_step() -> None:
    made = planned(ESCALATED, match(1, 0), hours=9)

    assert shown(made) == [("alert", 0, [1]), ("escalation", 1, [1]), ("escalation", 2, [1])]
    assert [one.to for one in made.messages] == [(), ("boss",), ("minister",)]


def test_an_acknowledgement_stops_the_steps_that_are_still_to_come() -> None:
    made = planned(ESCALATED, match(1, 0, acked_at=later(1.5)), hours=9)

    assert shown(made) == [("alert", 0, [1]), ("escalation", 1, [1])]


def test_steps_that_were_taken_are_not_taken_again() -> None:
    first = planned(ESCALATED, match(1, 0), hours=1)
    rule = AlertRule("visits", ("desk",), timing=ESCALATED)
    second = plan(rule, first.state, (), later(1), patience=PATIENCE)

    assert second.messages == ()
    assert second.next_at == later(2)


def test_two_alerts_of_one_instant_are_both_escalated() -> None:
    made = planned(ESCALATED, match(1, 0), match(2, 0), hours=1)

    assert shown(made)[2:] == [("escalation", 1, [1]), ("escalation", 1, [2])]


# ---------------------------------------------------------------- silences


def silence(begin: float, end: float, **about: Any) -> Silence:
    return Silence(3, later(begin), later(end), **about)


def test_what_is_silenced_is_taken_out_of_a_message() -> None:
    other = match(2, 0, ready_by=1, event=an_event(id=2))
    (message,) = planned(Timing(), match(1, 0), other, silences=[silence(-1, 1, event_id=2)]).messages

    assert message.development_ids == (1,)
    assert [(one.match.development.id, one.silence_id) for one in message.silenced] == [(2, 3)]


@pytest.mark.parametrize(
    ("about", "is_silent"),
    [
        ({"rule": "visits"}, True),
        ({"rule": "others"}, False),
        ({"event_id": 1}, True),
        ({"kind": "visit"}, True),
        ({"kind": "talks"}, False),
        ({"actors": ("UKR", "UN")}, True),
        ({"actors": ("UKR",)}, False),
        ({"place": "RUS", "kind": "visit"}, True),
        ({"place": "UKR", "kind": "visit"}, False),
    ],
)
def test_a_silence_is_about_what_fits_all_of_it(about: dict[str, Any], is_silent: bool) -> None:
    (message,) = planned(Timing(), match(1, 0), silences=[silence(-1, 1, **about)]).messages

    assert (message.matches == ()) is is_silent


@pytest.mark.parametrize(("begin", "end"), [(-2, 0), (0.1, 2)], ids=["over", "not yet"])
def test_a_silence_holds_while_it_is_in_force(begin: float, end: float) -> None:
    (message,) = planned(Timing(), match(1, 0), silences=[silence(begin, end, rule="visits")]).messages

    assert message.development_ids == (1,)


def test_a_lifted_silence_is_not_in_force() -> None:
    lifted = replace(silence(-2, 2, rule="visits"), lifted_at=later(-1))
    (message,) = planned(Timing(), match(1, 0), silences=[lifted]).messages

    assert message.development_ids == (1,)


def test_what_was_silenced_is_neither_told_later_nor_escalated() -> None:
    made = planned(ESCALATED, match(1, 0), silences=[silence(-1, 0.5, rule="visits")], hours=9)

    assert [one.matches for one in made.messages] == [()]
    assert made.state.open == ()


def test_what_was_silenced_leaves_room_in_the_throttle() -> None:
    made = planned(
        Timing(throttle=Throttle(1, 9 * HOUR)),
        match(1, 0),
        match(2, 1),
        silences=[silence(-1, 0.5, rule="visits")],
        hours=2,
    )

    assert shown(made) == [("alert", 0, []), ("alert", 1, [2])]
