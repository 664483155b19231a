"""The reporting views: their columns are public, and the same day gives the same rows on both databases."""

import pytest

from extractors.ontology import Status
from extractors.types import Actor
from storage import migrations
from storage.store import Store
from storage.types import Attempt, Change, FieldChange, NewDevelopment, PollOutcome
from tests.builders import GUTERRES, KYIV, PUTIN, ZELENSKY, a_mention, a_new_delivery, a_polled_feed, days, later
from tests.storage.filling import LEASE, enqueue, read_items, settle

COLUMNS = {
    "v_feeds": "feed_id, url, publisher, state, last_success_at, last_error, failures, next_poll_at, items, "
    "trouble, last_new_at",
    "v_items": "item_id, feed_id, guid, url, title, published_at, seen_at, story_id, outcome",
    "v_mentions": "mention_id, item_id, guid, event_id, type, kind, actors, recipients, place_country, place_name,"
    " date_start, date_end, status, attribution, background, confidence, evidence, evidence_start, evidence_end,"
    " seen_at",
    "v_events": "event_id, type, kind, actors, recipients, place_country, place_name, date_start, date_end, status,"
    " first_seen_at, last_seen_at, mentions, publishers, developments",
    "v_developments": "development_id, event_id, change, old_value, new_value, reason, seen_at, mention_id, item_id,"
    " guid, evidence",
    "v_alerts": "delivery_id, rule, channel, event_id, development_id, state, attempts, key, created_at, sent_at",
}

EVIDENCE = "Guterres will visit Putin in Moscow on Tuesday"


def _rows(store: Store, view: str) -> tuple[tuple[object, ...], ...]:
    return store.table(view, f"SELECT * FROM {view} ORDER BY 1, 5").rows


@pytest.fixture
def day(store: Store) -> Store:
    """A visit is announced; another publisher tells that it moves to Kyiv and that a third party joins; one alert."""
    (first,) = read_items(store, "a")
    (second,) = read_items(store, "b", publisher="other.example")
    event = settle(store, first, a_mention(actors=(PUTIN, GUTERRES, Actor("RUS", "Sergei Lavrov")))).event
    changes = (FieldChange(Change.PLACE, "Moscow", "Kyiv"), FieldChange(Change.PARTY, "RUS+UN", "RUS+UKR+UN"))
    moved = a_mention(recipients=(ZELENSKY,), place=KYIV, date=days("2022-04-26", "2022-04-28"), attribution=None)
    settled = settle(store, second, moved, NewDevelopment(event, changes, "it moves"), at=later(1))
    enqueue(store, a_new_delivery(*(development.id for development in settled.developments), key="k"), at=later(1))
    store.due_deliveries(later(1), 1, LEASE, channel="desk")
    store.record_delivery(Attempt(1, later(2)))
    return store


@pytest.mark.parametrize("view", COLUMNS)
def test_columns_are_the_published_ones_in_their_order(store: Store, view: str) -> None:
    assert ", ".join(store.table(view, f"SELECT * FROM {view}").columns) == COLUMNS[view]


def test_every_view_file_is_a_published_view() -> None:
    assert set(migrations.view_definitions()) == set(COLUMNS)


@pytest.mark.parametrize("view", COLUMNS)
def test_every_view_says_what_it_answers(view: str) -> None:
    header = migrations.view_definitions()[view].split("SELECT")[0]

    assert [line for line in ("-- Question:", "-- Grain:", "-- Units:") if line not in header] == []


def test_feeds(day: Store) -> None:
    day.record_poll(a_polled_feed(feed_id=2, outcome=PollOutcome.FAILED, failure="timeout"), later(1))

    first = (1, "https://www.example.org/world.rss", "example.org", "active", "2022-04-22T09:00:00Z", "", 0)
    second = (2, "https://other.example/world.rss", "other.example", "active", "2022-04-22T09:00:00Z", "timeout", 1)
    due = ("2022-04-22T09:10:00Z", 1, "", "2022-04-22T09:00:00Z")
    assert _rows(day, "v_feeds") == ((*first, *due), (*second, *due))


def test_items(day: Store) -> None:
    instants = ("2022-04-22T08:00:00Z", "2022-04-22T09:00:00Z")
    assert _rows(day, "v_items") == tuple(
        (
            number,
            number,
            guid,
            f"https://www.example.org/{guid}?utm_source=rss",
            f"Guterres will visit Moscow ({guid})",
            *instants,
            1,
            "tagged",
        )
        for number, guid in ((1, "a"), (2, "b"))
    )


def test_mentions(day: Store) -> None:
    first = (1, 1, "a", 1, "CONSULT", "visit", "RUS+UN", "RUS", "RUS", "Moscow", "2022-04-26", "2022-04-26")
    second = (2, 2, "b", 1, "CONSULT", "visit", "UN", "UKR", "UKR", "Kyiv", "2022-04-26", "2022-04-28")
    told = (0, 0.8, EVIDENCE, 0, len(EVIDENCE))
    assert _rows(day, "v_mentions") == (
        (*first, "planned", "a spokeswoman", *told, "2022-04-22T09:00:00Z"),
        (*second, "planned", None, *told, "2022-04-22T10:00:00Z"),
    )


def test_events(day: Store) -> None:
    what = (1, "CONSULT", "visit", "RUS+UN", "RUS+UKR", "UKR", "Kyiv", "2022-04-26", "2022-04-26", "planned")
    assert _rows(day, "v_events") == ((*what, "2022-04-22T09:00:00Z", "2022-04-22T10:00:00Z", 2, 2, 3),)


def test_developments(day: Store) -> None:
    first = "visit planned 2022-04-26 in Moscow"
    at = "2022-04-22T10:00:00Z"
    assert _rows(day, "v_developments") == (
        (1, 1, "first_report", "", first, "nothing is near", "2022-04-22T09:00:00Z", 1, 1, "a", EVIDENCE),
        (2, 1, "place", "Moscow", "Kyiv", "it moves", at, 2, 2, "b", EVIDENCE),
        (3, 1, "party", "RUS+UN", "RUS+UKR+UN", "it moves", at, 2, 2, "b", EVIDENCE),
    )


def test_overdue_development_has_no_item(day: Store) -> None:
    with day.begin() as tx:
        tx.record_overdue(1, FieldChange(Change.OVERDUE, "planned", "no report"), "its day passed", later(200))

    assert _rows(day, "v_developments")[-1][-4:] == (None, None, None, "")


def test_alert_that_tells_two_developments_has_two_rows(day: Store) -> None:
    rest = ("sent", 1, "k", "2022-04-22T10:00:00Z", "2022-04-22T11:00:00Z")
    assert _rows(day, "v_alerts") == ((1, "visits", "desk", 1, 2, *rest), (1, "visits", "desk", 1, 3, *rest))


def test_codes_are_sorted_and_each_named_once(store: Store) -> None:
    (item,) = read_items(store, "a")
    settle(store, item, a_mention(actors=(ZELENSKY, Actor("CHN", "Xi"), ZELENSKY), recipients=()))

    codes = store.table(
        "codes", "SELECT actors, recipients FROM v_mentions UNION SELECT actors, recipients FROM v_events"
    )
    assert codes.rows == (("CHN+UKR", ""),)


def test_background_is_a_condition_on_both_databases(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    settle(store, first, a_mention(background=True))
    settle(store, second, a_mention(status=Status.OCCURRED))

    assert store.table("told", "SELECT item_id FROM v_mentions WHERE NOT background").rows == ((second.id,),)


def test_views_compare_with_instants(day: Store) -> None:
    sql = "SELECT event_id FROM v_events WHERE last_seen_at >= :since"

    assert day.table("late", sql, {"since": later(1)}).rows == ((1,),)
    assert day.table("later", sql, {"since": later(1.01)}).rows == ()
