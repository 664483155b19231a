"""`demarche rules`: what rules would have sent of the stored history, and why."""

import json
from pathlib import Path

import pytest

from extractors.ontology import Status
from monitor.config import load_config
from storage.store import Store
from tests.alerting import Desk
from tests.monitor.cli.calling import demarche

RULES = """
alerts:
  channels: {desk: "console:", boss: "console:"}
  rules:
    - {name: planned, status: planned, channels: desk}
    - {name: morning, digest: 0 7 * * mon-sun Europe/Berlin, channels: desk}
    - {name: calls, kinds: call, not: {place: RUS}, channels: desk}
    - {name: escalated, status: cancelled, escalate: {after: 1h, to: boss}, channels: desk}
"""


@pytest.fixture
def desk(sqlite_store: Store, folder: Path) -> Desk:
    """A history of three reports on 22 April 2022: a visit planned, another one, and the first cancelled."""
    (folder / "config.yaml").write_text(RULES, encoding="utf-8")
    config = load_config(folder / "config.yaml", environ={})
    desk = Desk(sqlite_store, *config.alerts.rules)
    desk.report("first")
    desk.wait(1).report("second", publisher="wire")
    desk.wait(1).report("first", status=Status.CANCELLED)
    return desk


def rules(desk: Desk, *words: str, code: int = 0) -> str:
    result = demarche("rules", *words, "--database", desk.store.url)

    assert (result.exit_code, result.stderr if code == 0 else "") == (code, "")
    return result.stdout + result.stderr


SINCE = ("--since", "2022-04-22")


def test_all_rules_are_counted(desk: Desk) -> None:
    lines = [line.split() for line in rules(desk, "test", *SINCE).splitlines()[1:5]]

    assert [line[:2] for line in lines] == [["2", "planned"], ["1", "morning"], ["0", "calls"], ["2", "escalated"]]


def test_a_rule_shows_its_messages_and_what_it_did_not_ask_for(desk: Desk) -> None:
    shown = rules(desk, "test", "planned", *SINCE)

    assert "planned: 2 messages about 2 developments of 2 events (2 alert)" in shown
    assert "2022-04-22 09:00  alert" in shown
    assert "Visit announced: Antonio Guterres (UN) → Vladimir Putin (RUS), Moscow" in shown
    assert "1  status is cancelled, not planned" in shown


def test_what_rules_test_shows_is_what_was_sent(desk: Desk) -> None:
    desk.wait(48).look()
    told = json.loads(rules(desk, "test", *SINCE, "--json"))
    shown = [(one["rule"], tuple(each["development_id"] for each in one["developments"])) for one in told]

    assert sorted(shown) == sorted((name, ids) for name, _, ids in desk.told())


def test_a_digest_is_one_message_at_its_time(desk: Desk) -> None:
    (message,) = json.loads(rules(desk, "test", "morning", *SINCE, "--json"))

    assert (message["kind"], message["at"]) == ("digest", "2022-04-23T05:00:00Z")
    assert [one["development_id"] for one in message["developments"]] == [1, 2, 3]


def test_an_escalation_says_to_whom_and_when(desk: Desk) -> None:
    assert "2022-04-22 12:00  escalation to boss, if nobody acknowledges" in rules(desk, "test", "escalated", *SINCE)


def test_nothing_is_sent_or_written(desk: Desk) -> None:
    before = desk.store.table("x", "SELECT * FROM deliveries").rows
    rules(desk, "test", *SINCE)

    assert desk.store.table("x", "SELECT * FROM deliveries").rows == before


def test_before_the_history_there_is_nothing_to_test_on(desk: Desk) -> None:
    assert "there is no history to test rules on" in rules(desk, "test", "--since", "1d")


def test_an_unknown_rule_is_status_1_with_the_one_that_was_meant(desk: Desk) -> None:
    assert "has no rule planed (did you mean planned?)" in rules(desk, "test", "planed", code=1)


# ---------------------------------------------------------------- against another configuration


@pytest.fixture
def old(folder: Path) -> str:
    """A configuration in which `planned` asked for more, `calls` was not there, and another rule was."""
    old = RULES.replace("status: planned, ", "").replace("name: calls", "name: summits")
    (folder / "old.yaml").write_text(old, encoding="utf-8")
    return "old.yaml"


def test_a_change_of_a_rule_says_what_it_drops_and_why(desk: Desk, old: str) -> None:
    shown = rules(desk, "test", "planned", *SINCE, "--against", old)

    assert "planned: 3 → 2 messages" in shown
    assert "- 2022-04-22 11:00  Visit cancelled" in shown
    assert "status is cancelled, not planned" in shown


def test_the_reverse_says_what_it_adds(desk: Desk, old: str) -> None:
    shown = rules(desk, "test", "planned", *SINCE, "--against", "config.yaml", "--config", old)

    assert "planned: 2 → 3 messages" in shown
    assert "+ 2022-04-22 11:00  Visit cancelled" in shown


def test_rules_that_come_and_go_are_named(desk: Desk, old: str) -> None:
    shown = rules(desk, "test", *SINCE, "--against", old)

    assert "calls (new rule): 0 → 0 messages" in shown
    assert "summits (no such rule any more): 0 → 0 messages" in shown
    assert "tells the same developments" in shown


def test_another_configuration_with_faults_is_wrong_usage(desk: Desk, folder: Path) -> None:
    (folder / "bad.yaml").write_text("alerts: {rules: [{name: x, channels: y}]}", encoding="utf-8")

    assert "bad.yaml:1:38 alerts.rules[0].channels: is no channel" in rules(
        desk, "test", *SINCE, "--against", "bad.yaml", code=2
    )


# ---------------------------------------------------------------- explain


def test_each_clause_that_passes_and_fails_is_shown(desk: Desk) -> None:
    answers = {one["rule"]: one for one in json.loads(rules(desk, "explain", "1", "--json"))["rules"]}

    assert answers["calls"]["matched"] is False
    assert [(one["clause"], one["passed"]) for one in answers["calls"]["clauses"]] == [("kinds", False), ("not", False)]
    assert answers["planned"]["clauses"] == [{"clause": "status", "passed": True, "reason": "status planned"}]


def test_what_became_of_a_development_is_told(desk: Desk) -> None:
    shown = rules(desk, "explain", "1")

    assert "✓ planned  told (alert) 2022-04-22 09:00" in shown
    assert "✓ morning  held until 2022-04-23 05:00" in shown
    assert "✗ calls  not asked for" in shown


def test_the_event_is_taken_as_it_stood_then(desk: Desk) -> None:
    assert "✓ status status planned" in rules(desk, "explain", "1")
    assert "✗ status status is cancelled, not planned" in rules(desk, "explain", "3")


def test_a_development_that_is_not_there_is_status_1(desk: Desk) -> None:
    assert "no development 99" in rules(desk, "explain", "99", code=1)
