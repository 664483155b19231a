"""What a message says."""

from typing import Any

import pytest

from extractors.ontology import Kind, Status
from extractors.types import Actor, DateRange, Place
from monitor.alerts.render import STATUS_NAMES, TITLE_LENGTH, render, title, when, who
from monitor.alerts.rules import AlertRule, Severity
from monitor.alerts.select import Pending
from storage.types import Change, Development, NewDelivery
from tests.builders import GUTERRES, PUTIN, ZELENSKY, a_development, an_event, days

PUT_OFF = a_development(
    Change.STATUS,
    id=2,
    old="planned",
    new="postponed",
    evidence="The trip\n has been put off by a week, the spokeswoman said.",
    title="Guterres puts off Moscow trip",
)
NEW_DATE = a_development(
    Change.DATE, id=3, old="2022-04-26", new="2022-05-03", evidence=PUT_OFF.evidence, title=PUT_OFF.title
)


def rendered(*developments: Development, severity: Severity = Severity.NORMAL, **event: Any) -> NewDelivery:
    """Put a message about these developments of the planned visit into words."""
    rule = AlertRule("visits", ("desk",), severity=severity)
    return render(Pending("0123456789abcdef", rule, "desk", developments, "kind visit"), an_event(**event))


def titled(change: Change, old: str = "", new: str = "", **event: Any) -> str:
    """Return the beginning of a title, up to the parties."""
    return title(an_event(**event), [a_development(change, old=old, new=new)]).partition(":")[0]


def line_of(change: Change, old: str = "", new: str = "", **event: Any) -> str:
    """Return the line of a body that tells what changed."""
    body = rendered(a_development(change, old=old, new=new), **event).body
    return next(line for line in body.splitlines() if line.startswith("* ")).removeprefix("* ")


# ---------------------------------------------------------------- the whole


def test_a_message_tells_what_changed_and_who_says_so() -> None:
    message = rendered(PUT_OFF, NEW_DATE, status=Status.POSTPONED, date=days("2022-05-03"), publishers=3)

    assert message.title == "Visit postponed, new date: Antonio Guterres (UN) → Vladimir Putin (RUS), Moscow"
    assert message.body == (
        "Visit (postponed): Antonio Guterres (UN) → Vladimir Putin (RUS)\n"
        "\n"
        "* Status: planned → postponed\n"
        "* Date: 26 April 2022 → 3 May 2022\n"
        "\n"
        "When: Tuesday 3 May 2022\n"
        "Where: Moscow (RUS)\n"
        "\n"
        "“The trip has been put off by a week, the spokeswoman said.”\n"
        "— example.org, Guterres puts off Moscow trip\n"
        "https://www.example.org/visit-1\n"
        "\n"
        "Reported by 3 publishers.\n"
        "Rule visits: kind visit\n"
        "Message 0123456789abcdef"
    )


def test_a_message_keeps_what_the_outbox_needs() -> None:
    message = rendered(PUT_OFF, NEW_DATE)

    assert (message.key, message.rule, message.channel) == ("0123456789abcdef", "visits", "desk")
    assert (message.event_id, message.development_ids, message.reason) == (1, (2, 3), "kind visit")


def test_what_is_unusual_is_said_and_what_is_unknown_too() -> None:
    body = rendered(a_development(), severity=Severity.HIGH, date=None, place=None).body

    assert "When: not known yet\nWhere: not known yet\n" in body
    assert "Reported by 1 publisher.\nRule visits (high): kind visit\n" in body


def test_an_overdue_event_has_no_passage_to_quote() -> None:
    overdue = a_development(Change.OVERDUE, evidence="", publisher="", title="", url="", item_id=None)
    body = rendered(overdue).body

    assert "“" not in body
    assert "* Overdue: its date has passed without a report" in body


def test_different_passages_are_all_quoted() -> None:
    body = rendered(PUT_OFF, a_development(evidence="It was to be on Tuesday.", publisher="other.example")).body

    assert body.count("“") == 2
    assert "— other.example, Guterres will visit Moscow" in body


def test_words_of_the_news_are_no_template() -> None:
    body = rendered(a_development(evidence="{{ 7 * 7 }} {% for x in y %} <b>&amp;</b>")).body

    assert "“{{ 7 * 7 }} {% for x in y %} <b>&amp;</b>”" in body


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("change", "old", "new", "event", "expected"),
    [
        (Change.FIRST_REPORT, "", "visit planned", {}, "Visit announced"),
        (Change.FIRST_REPORT, "", "attack", {"kind": Kind.ATTACK, "status": Status.OCCURRED}, "Attack reported"),
        (Change.STATUS, "planned", "cancelled", {}, "Visit cancelled"),
        (Change.STATUS, "planned", "ongoing", {"kind": Kind.TALKS}, "Talks under way"),
        (Change.STATUS, "ongoing", "stalled", {"kind": Kind.TALKS}, "Talks stalled"),
        (Change.DENIAL, "planned", "denied", {}, "Visit denied"),
        (Change.DATE, "", "2022-04-26", {}, "Visit, date set"),
        (Change.DATE, "2022-04-26", "2022-05-03", {}, "Visit, new date"),
        (Change.PLACE, "", "Moscow", {}, "Visit, place known"),
        (Change.PLACE, "Moscow", "Geneva", {}, "Visit, new place"),
        (Change.PARTY, "RUS+UN", "RUS+UKR+UN", {}, "Visit, party joins"),
        (Change.PARTY, "RUS+UKR+UN", "RUS+UN", {}, "Visit, party leaves"),
        (Change.COUNT, "", "invited: 40", {"kind": Kind.SUMMIT}, "Summit, numbers known"),
        (Change.OUTCOME, "planned", "occurred", {}, "Visit took place"),
        (Change.OUTCOME, "planned", "occurred", {"kind": Kind.SANCTIONS}, "Sanctions imposed"),
        (Change.OUTCOME, "ongoing", "occurred", {"kind": Kind.TALKS}, "Talks ended"),
        (Change.OUTCOME, "talks ongoing", "agreement occurred", {"kind": Kind.TALKS}, "Talks led to agreement"),
        (Change.OVERDUE, "", "", {}, "Visit overdue"),
        (Change.STATUS, "planned", "cancelled", {"kind": Kind.AID_MILITARY}, "Military aid cancelled"),
    ],
)
def test_a_title_says_what_changed(change: Change, old: str, new: str, event: dict[str, Any], expected: str) -> None:
    assert titled(change, old, new, **event) == expected


def test_what_two_developments_share_is_said_once() -> None:
    earlier = a_development(id=1)
    event = an_event(status=Status.POSTPONED)

    assert title(event, [earlier, PUT_OFF, NEW_DATE]).startswith("Visit postponed, new date: ")


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("status", Status)
def test_every_change_and_status_has_its_words(change: Change, status: Status) -> None:
    message = rendered(a_development(change, old="", new=status.value), status=status)

    assert ": Antonio Guterres (UN)" in message.title
    assert f"Visit ({STATUS_NAMES[status]}): " in message.body


def test_a_title_is_one_line_of_bounded_length() -> None:
    crowd = tuple(Actor(f"C{number}", f"Minister\nNumber {number}") for number in range(40))
    line = title(an_event(actors=crowd), [a_development()])

    assert len(line) == TITLE_LENGTH
    assert line.endswith("…")
    assert "\n" not in line


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize(
    ("change", "old", "new", "expected"),
    [
        (
            Change.FIRST_REPORT,
            "",
            "visit planned 2022-04-26 in Moscow",
            "First report: visit planned 26 April 2022 in Moscow",
        ),
        (Change.STATUS, "planned", "occurred", "Status: planned → has happened"),
        (Change.DATE, "", "2022-04-26 to 2022-04-28", "Date: 26 April 2022 to 28 April 2022"),
        (Change.PLACE, "Moscow", "Geneva", "Place: Moscow → Geneva"),
        (Change.PARTY, "RUS", "RUS+UN", "Parties: Antonio Guterres (UN) joins"),
        (Change.PARTY, "RUS+UKR", "RUS", "Parties: UKR leaves"),
        (Change.COUNT, "invited: about 40", "invited: 45", "Invited: about 40 → 45"),
        (Change.COUNT, "", "attending: more than 20", "Attending: more than 20"),
        (Change.OUTCOME, "visit occurred", "agreement occurred", "Outcome: agreement"),
        (Change.DENIAL, "planned", "denied", "Status: planned → denied"),
    ],
)
def test_a_body_tells_the_old_and_the_new(change: Change, old: str, new: str, expected: str) -> None:
    assert line_of(change, old, new) == expected


@pytest.mark.parametrize(
    ("actors", "recipients", "expected"),
    [
        ((GUTERRES,), (PUTIN,), "Antonio Guterres (UN) → Vladimir Putin (RUS)"),
        ((PUTIN, ZELENSKY), (), "Vladimir Putin (RUS), Volodymyr Zelensky (UKR)"),
        ((Actor("NATO", "NATO"),), (), "NATO"),
        ((Actor("RUS", "Moscow"), PUTIN), (), "Moscow (RUS)"),
        ((Actor("RUS", ""),), (), "RUS"),
        ((), (PUTIN,), "Vladimir Putin (RUS)"),
        ((), (), "parties unknown"),
    ],
)
def test_parties_have_name_and_code_once(
    actors: tuple[Actor, ...], recipients: tuple[Actor, ...], expected: str
) -> None:
    assert who(an_event(actors=actors, recipients=recipients)) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (days("2022-04-26"), "Tuesday 26 April 2022"),
        (days("2022-04-26", "2022-05-01"), "26 April 2022 to 1 May 2022"),
        (None, "not known yet"),
    ],
)
def test_days_are_told_in_words(date: DateRange | None, expected: str) -> None:
    assert when(date) == expected


def test_a_place_in_no_country_has_no_code() -> None:
    assert "Where: the Black Sea\n" in rendered(a_development(), place=Place(None, "the Black Sea")).body
