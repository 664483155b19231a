"""A rule tested on history tells what it told live: the same messages, at the same instants, silences and all."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.ontology import Kind, Status
from monitor.alerting import Alerting
from monitor.alerts.cron import parse_cron, parse_hours
from monitor.alerts.history import backtest
from monitor.alerts.rules import AlertRule, Conditions, Escalation, GroupBy, Throttle, Timing
from monitor.alerts.select import Limits
from storage.matches import Message, MessageKind, Silence
from storage.store import Store
from tests.alerting import Desk
from tests.builders import HOUR, NOW, days

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LIMITS = Limits(max_age=timedelta(hours=20))
MINUTE = timedelta(minutes=1)


# ---------------------------------------------------------------- what happens


@dataclass(frozen=True, slots=True)
class Step:
    """What happens so many minutes after the step before: a report about one of three events, or something else."""

    minutes: int
    what: str  # report, look, ack, silence
    event: int = 0
    publisher: str = "post"
    status: Status = Status.PLANNED


STEPS = st.lists(
    st.builds(
        Step,
        minutes=st.integers(0, 420),
        what=st.sampled_from(["report"] * 5 + ["look", "ack", "silence"]),
        event=st.integers(0, 2),
        publisher=st.sampled_from(["post", "wire", "ledger"]),
        status=st.sampled_from([Status.PLANNED, Status.PLANNED, Status.POSTPONED, Status.CANCELLED]),
    ),
    min_size=1,
    max_size=8,
)
LENGTHS = st.integers(1, 40).map(lambda quarters: quarters * 15 * MINUTE)
RULES = st.builds(
    AlertRule,
    st.just("rule"),
    st.just(("desk",)),
    st.builds(
        Conditions,
        statuses=st.just(frozenset()) | st.just(frozenset({Status.PLANNED})),
        min_publishers=st.integers(1, 2),
    ),
    timing=st.builds(
        Timing,
        corroborated=st.integers(1, 3),
        group_by=st.sampled_from(GroupBy),
        group_wait=st.none() | LENGTHS,
        digest=st.none() | st.just(parse_cron("0 7,19 * * * Europe/Berlin")),
        quiet_hours=st.none() | st.just(parse_hours("22:00-07:00 Europe/Berlin")),
        throttle=st.none() | st.builds(Throttle, st.integers(1, 2), LENGTHS),
        repeat=st.none() | st.sampled_from([2 * HOUR, 5 * HOUR, 9 * HOUR]),
        escalate=st.just(()) | st.builds(Escalation, LENGTHS, st.just(("boss",))).map(lambda step: (step,)),
    ),
)


class Live(Desk):
    """A desk at which everything happens as the steps say."""

    def run(self, steps: Iterable[Step]) -> None:
        """Let everything happen, and look once more half a day later."""
        for step in steps:
            self.now += step.minutes * MINUTE
            HAPPENS[step.what](self, step)
        self.now += 12 * HOUR
        self.look()

    def ack(self) -> None:
        """Acknowledge the last alert."""
        latest = self.store.deliveries(limit=1)
        with self.store.begin() as tx:
            for one in latest:
                tx.alerts.acknowledge(one.id, self.now + timedelta(seconds=30), "seen")

    def silence(self, event: int) -> None:
        """Silence one event for six hours."""
        about = self.events.get(event)
        begin = self.now + timedelta(seconds=30)
        if about is not None:
            with self.store.begin() as tx:
                tx.alerts.add_silence(Silence(0, begin, begin + 6 * HOUR, event_id=about))


HAPPENS: dict[str, Callable[[Live, Step], object]] = {
    "report": lambda live, step: live.report(step.event, step.publisher, step.status, date=days("2022-04-26")),
    "look": lambda live, step: live.look(),
    "ack": lambda live, step: live.ack(),
    "silence": lambda live, step: live.silence(step.event),
}


Shown = tuple[datetime, str, tuple[int, ...], list[int]]


def shown(messages: Iterable[Message]) -> list[Shown]:
    """Return what tells two messages apart."""
    return sorted(
        (one.at, one.kind.value, one.development_ids, [each.match.development.id for each in one.silenced])
        for one in messages
        if one.kind is not MessageKind.EXPIRED
    )


def both_told(store: Store, asked: Alerting, now: datetime) -> tuple[list[Shown], list[Shown]]:
    """Return what was told live, and what the test on history tells."""
    (rule,) = asked.rules.values()
    with store.alert_book() as book:
        live = book.messages_since(LONG_AGO)
        settlements = book.settlements_since(LONG_AGO)
        made = backtest(
            rule,
            settlements,
            now,
            limits=asked.limits,
            silences=book.silences(),
            acknowledged=book.acknowledged(LONG_AGO),
        )
    return shown(live), shown(made.messages)


@given(steps=STEPS, rule=RULES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_test_on_history_equals_what_was_told_live(
    sqlite_template: Path, steps: list[Step], rule: AlertRule
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "live.db")
        with Store.open(f"sqlite:///{folder}/live.db") as store:
            live = Live(store, rule, limits=LIMITS)
            live.run(steps)
            told, history = both_told(store, live.asked, live.now)

    assert history == told


@given(steps=STEPS, rule=RULES)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_each_match_ends_in_one_message_or_has_a_reason_why_not(
    sqlite_template: Path, steps: list[Step], rule: AlertRule
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "live.db")
        with Store.open(f"sqlite:///{folder}/live.db") as store:
            live = Live(store, rule, limits=LIMITS)
            live.run(steps)
            states = store.table("x", "SELECT development_id, state FROM alert_matches").rows
            with store.alert_book() as book:
                messages = [
                    one for one in book.messages_since(LONG_AGO) if one.kind.value not in ("reminder", "escalation")
                ]

    told = sorted(number for one in messages for number in one.development_ids)
    silenced = sorted(each.match.development.id for one in messages for each in one.silenced)
    assert told == sorted(int(str(number)) for number, state in states if state == "told")
    assert silenced == sorted(int(str(number)) for number, state in states if state == "silenced")


# ---------------------------------------------------------------- by example


def test_a_whole_day_is_told_again_from_history(sqlite_store: Store) -> None:
    timing = Timing(group_wait=HOUR, repeat=6 * HOUR, escalate=(Escalation(2 * HOUR, ("boss",)),))
    rule = AlertRule("visits", ("desk",), Conditions(kinds=frozenset({Kind.VISIT})), timing=timing)
    live = Live(sqlite_store, rule, limits=LIMITS)
    live.run(
        [Step(0, "report"), Step(30, "report", 0, "wire", Status.POSTPONED), Step(60, "report", 1), Step(90, "ack")]
    )
    told, history = both_told(sqlite_store, live.asked, live.now)

    assert history == told
    assert [one[1] for one in told][:4] == ["group", "group", "escalation", "escalation"]
    assert {one[1] for one in told[4:]} == {"reminder"}


@pytest.mark.parametrize("late", [False, True])
def test_another_rule_is_tested_on_the_same_history(sqlite_store: Store, late: bool) -> None:
    live = Live(sqlite_store, AlertRule("none", ("desk",), Conditions(kinds=frozenset({Kind.CALL}))), limits=LIMITS)
    live.run([Step(0, "report"), Step(30, "report", 1)])
    other = AlertRule("visits", ("desk",), timing=Timing(group_by=GroupBy.RULE, group_wait=HOUR))
    with sqlite_store.alert_book() as book:
        made = backtest(other, book.settlements_since(LONG_AGO), NOW + (2 if late else 0.9) * HOUR, limits=LIMITS)

    assert [one.development_ids for one in made.told] == ([(1, 2)] if late else [])
    assert [one.development.id for one in made.open] == ([] if late else [1, 2])
