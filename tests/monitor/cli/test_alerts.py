"""`demarche alerts`: what was sent and what waits; acknowledge, silence, try again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import wall_clock
from monitor.config import load_config
from storage.store import Store
from storage.types import Attempt
from tests.alerting import Desk
from tests.monitor.cli.calling import demarche

RULES = """
alerts:
  channels: {desk: "console:", boss: "console:"}
  groups: {HOSTS: [GCC-members, RUS]}
  rules:
    - {name: visits, kinds: visit, escalate: {after: 2h, to: boss}, channels: desk}
    - {name: yearly, digest: 0 7 1 jan * UTC, channels: desk}
"""


@pytest.fixture
def desk(sqlite_store: Store, folder: Path) -> Desk:
    """An hour ago a planned visit was told, and another rule holds it."""
    (folder / "config.yaml").write_text(RULES, encoding="utf-8")
    config = load_config(folder / "config.yaml", environ={})
    now = wall_clock()
    desk = Desk(sqlite_store, *config.alerts.rules, now=now - timedelta(hours=1))
    desk.report()
    desk.now = now
    return desk


def alerts(desk: Desk, *words: str, code: int = 0) -> str:
    result = demarche("alerts", *words, "--database", desk.store.url)

    assert (result.exit_code, result.stderr if code == 0 else "") == (code, "")
    return result.stdout + result.stderr


def rows(desk: Desk, *words: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(alerts(desk, "list", "--json", *words))
    return listed


def given_up(desk: Desk) -> None:
    desk.store.record_delivery(Attempt(1, desk.now, "550 no such mailbox"))


# ---------------------------------------------------------------- list, show


def test_alerts_are_listed_with_what_rules_hold(desk: Desk) -> None:
    shown = alerts(desk, "list")

    assert "visits → desk" in shown
    assert "Visit announced: Antonio Guterres (UN) → Vladimir Putin (RUS), Moscow" in shown
    assert "Held by their rules: 1 development" in shown
    assert "1 pending, 0 sent, 0 dead in all." in shown


@pytest.mark.parametrize(("state", "found"), [("pending", ["visits"]), ("dead", []), ("held", ["yearly"])])
def test_alerts_are_listed_by_state(desk: Desk, state: str, found: list[str]) -> None:
    assert [one["rule"] for one in rows(desk, "--state", state)] == found


def test_what_is_held_says_until_when(desk: Desk) -> None:
    assert f"yearly, until {desk.now.year + 1}-01-01 07:00 at the earliest" in alerts(desk, "list", "--state", "held")


def test_an_alert_is_shown_with_its_words_and_what_is_to_come(desk: Desk) -> None:
    shown = alerts(desk, "show", "1")

    assert "pending, 0 attempts, next now" in shown
    assert "to boss at" in shown
    assert "“Guterres will visit Putin in Moscow on Tuesday”" in shown
    assert "Rule visits: kind visit" in shown


def test_an_alert_that_was_given_up_says_why_and_what_to_do(desk: Desk) -> None:
    given_up(desk)

    assert "550 no such mailbox" in alerts(desk, "list")
    assert "dead after 1 attempt; `demarche alerts retry 1` sends it again" in alerts(desk, "show", "1")


@pytest.mark.parametrize("words", [("show", "9"), ("ack", "9"), ("retry", "9")])
def test_an_alert_that_is_not_there_is_status_1(desk: Desk, words: tuple[str, ...]) -> None:
    assert "no delivery 9" in alerts(desk, *words, code=1)


# ---------------------------------------------------------------- ack


def test_an_acknowledged_alert_is_not_escalated(desk: Desk) -> None:
    assert "Acknowledged 1: Visit announced" in alerts(desk, "ack", "1", "--comment", "seen")
    desk.wait(9).look()

    assert [channel for _, channel, _ in desk.told()] == ["desk"]
    assert "visits → desk, acknowledged" in alerts(desk, "list")


def test_an_alert_that_nobody_acknowledges_is_escalated(desk: Desk) -> None:
    desk.wait(9).look()

    assert [channel for _, channel, _ in desk.told()] == ["desk", "boss"]


# ---------------------------------------------------------------- silence


def test_a_silence_shows_what_it_hides_and_holds_at_once(desk: Desk) -> None:
    shown = alerts(desk, "silence", "--kind", "visit", "--actor", "P5", "--for", "4h", "--comment", "known")
    desk.wait(0.1).report("another", publisher="wire")

    assert "Silence 1: kind visit, with P5, until" in shown
    assert "Of what rules hold at present it hides 1:" in shown
    assert "Of the 1 told in the last 7 days it would have hidden 1:" in shown
    assert len(desk.told()) == 1


@pytest.mark.parametrize(
    ("actors", "about"),
    [(("HOSTS",), "with HOSTS, "), (("p5", "EU27"), "with EU27 or CHN or GBR or RUS or USA, "), (("UN",), "with UN, ")],
)
def test_a_silence_takes_groups_of_the_configuration_and_built_in_ones(
    desk: Desk, actors: tuple[str, ...], about: str
) -> None:
    options = [word for actor in actors for word in ("--actor", actor)]
    alerts(desk, "silence", *options, "--for", "4h")
    desk.wait(0.1).report("another", publisher="wire")

    assert about in f"{alerts(desk, 'silence').splitlines()[-1].strip()}, "
    assert len(desk.told()) == 1


def test_a_dry_run_shows_the_same_and_does_nothing(desk: Desk) -> None:
    shown = alerts(desk, "silence", "--rule", "visits", "--for", "4h", "--dry-run")

    assert "Would silence rule visits, until" in shown
    assert "No silence is in force." in alerts(desk, "silence")


def test_silences_in_force_are_listed_and_lifted(desk: Desk) -> None:
    alerts(desk, "silence", "--event", "1", "--for", "90m", "--comment", "known")
    listed = alerts(desk, "silence")
    lifted = alerts(desk, "silence", "--lift", "1")

    assert "event 1 — known" in listed
    assert "Lifted silence 1: event 1." in lifted
    assert "No silence is in force." in alerts(desk, "silence")
    assert "was over already" in alerts(desk, "silence", "--lift", "1")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--for", "4h"), "name what shall be silent"),
        (("--rule", "visits"), "say how long"),
        (("--rule", "visits", "--for", "4h", "--until", "2090-01-01"), "say how long"),
        (("--rule", "visit", "--for", "4h"), "there is no rule visit (did you mean visits?)"),
        (("--kind", "vist", "--for", "4h"), "there is no kind vist (did you mean visit?)"),
        (("--actor", "Russia", "--for", "4h"), "did you mean the code RUS?"),
        (("--place", "Moscow", "--for", "4"), "wants a length of time"),
        (("--place", "Moscow", "--until", "2020-01-01"), "is over"),
        (("--place", "Moscow", "--until", "tomorrow"), "tomorrow is no instant: write 2026-12-24"),
    ],
)
def test_a_silence_that_cannot_be_meant_is_wrong_usage(desk: Desk, words: tuple[str, ...], problem: str) -> None:
    assert problem in " ".join(alerts(desk, "silence", *words, code=2).split())


def test_a_silence_about_an_unknown_event_is_status_1(desk: Desk) -> None:
    assert "no event 9" in alerts(desk, "silence", "--event", "9", "--for", "4h", code=1)
    assert "no event 9" in alerts(desk, "silence", "--event", "9", "--for", "4h", "--dry-run", code=1)


# ---------------------------------------------------------------- retry


def test_what_was_given_up_is_sent_again(desk: Desk) -> None:
    given_up(desk)
    shown = alerts(desk, "retry", "1")

    assert "Will be sent again: 1 Visit announced" in shown
    assert [one["state"] for one in rows(desk, "--state", "pending")] == ["pending"]


def test_all_that_was_given_up_is_sent_again(desk: Desk) -> None:
    given_up(desk)

    assert "0 alerts will be sent again." in alerts(desk, "retry", "--dead", "--channel", "boss")
    assert "1 alert will be sent again." in alerts(desk, "retry", "--dead", "--rule", "visits")


def test_what_was_sent_is_not_sent_twice(desk: Desk) -> None:
    desk.store.record_delivery(Attempt(1, desk.now))

    assert "nothing is sent twice" in alerts(desk, "retry", "1", code=1)


@pytest.mark.parametrize("words", [(), ("1", "--dead"), ("1", "--rule", "visits")])
def test_retry_wants_alerts_or_all_that_are_dead(desk: Desk, words: tuple[str, ...]) -> None:
    alerts(desk, "retry", *words, code=2)
