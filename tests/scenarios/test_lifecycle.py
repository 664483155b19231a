"""What becomes of announced things, from the words of a feed to the message on a desk."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from extractors.ontology import Kind, Status
from monitor.alerts.rules import AlertRule, Conditions
from storage.store import Store
from tests.fakes import Entry, a_world

EVERYTHING = AlertRule("everything", ("desk",), Conditions())
DAY = timedelta(days=1)
MONDAY = datetime(2023, 5, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """A day's headline and text, and what they are expected to change."""

    title: str
    text: str
    changes: tuple[str, ...]


VISIT_PUT_OFF = (
    Told(
        "Italian foreign minister to visit Tunisia",
        "Italian Foreign Minister Antonio Tajani will visit Tunisia on May 9, the ministry said on Monday.",
        ("first_report",),
    ),
    Told(
        "Italy confirms minister's visit to Tunisia",
        "Italian Foreign Minister Antonio Tajani will travel to Tunisia on May 9, officials said.",
        (),
    ),
    Told(
        "Italian minister postpones visit to Tunisia",
        "Italian Foreign Minister Antonio Tajani has postponed his visit to Tunisia, the ministry said.",
        ("status",),
    ),
    Told(
        "Italian minister cancels visit to Tunisia",
        "Italian Foreign Minister Antonio Tajani has cancelled his visit to Tunisia, the ministry said.",
        ("status",),
    ),
)

TALKS_THAT_STALL = (
    Told(
        "Armenia and Azerbaijan begin talks in Brussels",
        "Armenia and Azerbaijan began peace talks in Brussels on Monday.",
        ("first_report",),
    ),
    Told(
        "Armenia, Azerbaijan suspend talks",
        "Peace talks between Armenia and Azerbaijan were suspended on Tuesday, officials said.",
        ("status",),
    ),
)


@pytest.mark.parametrize(
    "story", [pytest.param(VISIT_PUT_OFF, id="a visit put off"), pytest.param(TALKS_THAT_STALL, id="talks that stall")]
)
def test_each_day_tells_what_it_changed_and_no_more(story: tuple[Told, ...], sqlite_store: Store) -> None:
    told: list[tuple[str, ...]] = []
    with a_world(sqlite_store, ["post"], (EVERYTHING,)) as world:
        for number, day in enumerate(story):
            at = MONDAY + number * DAY
            world.publish("post", Entry(f"day-{number}", day.title, day.text, at))
            world.pass_by(at)
            told.append(changes_at(sqlite_store, at))

    assert told == [day.changes for day in story]
    assert len(world.channel.sent) == sum(bool(day.changes) for day in story)


def changes_at(store: Store, at: datetime) -> tuple[str, ...]:
    sql = "SELECT change, seen_at FROM v_developments ORDER BY development_id"
    return tuple(str(change) for change, seen in store.table("changes", sql).rows if seen == f"{at:%Y-%m-%dT%H:%M:%S}Z")


def test_a_rule_that_waits_for_two_publishers_tells_when_the_second_does(store: Store) -> None:
    rule = AlertRule("confirmed", ("desk",), Conditions(kinds=frozenset({Kind.VISIT}), min_publishers=2))
    entry = Entry("v", VISIT_PUT_OFF[0].title, VISIT_PUT_OFF[0].text, MONDAY)
    with a_world(store, ["post", "wire"], (rule,)) as world:
        world.publish("post", entry)
        world.publish("wire")
        world.pass_by(MONDAY)
        after_one = len(world.channel.sent)
        world.publish("wire", entry)
        world.pass_by(MONDAY + timedelta(hours=1))

    assert (after_one, len(world.channel.sent)) == (0, 1)
    assert "Reported by 2 publishers" in world.channel.sent[0].body


def test_an_edited_headline_can_be_a_development(store: Store) -> None:
    first = Entry("v", VISIT_PUT_OFF[0].title, VISIT_PUT_OFF[0].text, MONDAY)
    edited = Entry("v", VISIT_PUT_OFF[3].title, VISIT_PUT_OFF[3].text, MONDAY + timedelta(hours=2))
    cancelled = AlertRule("called-off", ("desk",), Conditions(statuses=frozenset({Status.CANCELLED})))
    with a_world(store, ["post"], (cancelled,)) as world:
        world.publish("post", first)
        world.pass_by(MONDAY)
        world.publish("post", edited)
        world.pass_by(MONDAY + timedelta(hours=3))

    assert len(store.table("items", "SELECT item_id FROM v_items").rows) == 1
    assert [delivery.title.split(":")[0] for delivery in world.channel.sent] == ["Visit cancelled"]
