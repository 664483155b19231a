"""What the columns keep: instants as instants, on both databases alike, and text that any database takes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.database import Instant, PlainText, Tuples, instant_text
from storage.errors import StorageError
from storage.store import Store
from tests.builders import HOUR, NOW, a_new_item, later
from tests.storage.filling import add_feed, poll

SQLITE = sqlite.dialect()
INSTANTS = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the strategy adds UTC)


@given(INSTANTS, INSTANTS)
def test_instants_as_text_sort_as_instants(one: datetime, other: datetime) -> None:
    assert (instant_text(one) < instant_text(other)) == (one < other)


@given(INSTANTS)
def test_instant_as_text_comes_back_as_itself(instant: datetime) -> None:
    kept = Instant().process_bind_param(instant, SQLITE)
    assert Instant().process_result_value(kept, SQLITE) == instant


@given(st.text())
def test_text_that_can_be_stored_is_left_alone(value: str) -> None:
    kept = PlainText().process_bind_param(value, SQLITE)
    assert kept == value.replace("\x00", "")


@given(st.lists(st.tuples(st.text(), st.text())))
def test_pairs_come_back_as_themselves(pairs: list[tuple[str, str]]) -> None:
    kept = Tuples().process_bind_param(pairs, SQLITE)
    assert Tuples().process_result_value(kept, SQLITE) == tuple(pairs)


def test_instant_of_another_time_zone_is_the_same_in_utc(store: Store) -> None:
    add_feed(store)
    poll(store, a_new_item("a", published_at=NOW.astimezone(timezone(5.5 * HOUR))))

    published_at = store.item(1).published_at
    assert published_at is not None
    assert (published_at, published_at.utcoffset()) == (NOW, timedelta(0))


def test_instant_without_a_time_zone_is_refused(store: Store) -> None:
    add_feed(store)

    with pytest.raises(StorageError, match="without a time zone"):
        poll(store, a_new_item("a", published_at=NOW.replace(tzinfo=None)))
    assert store.feed(1).items == 0


@pytest.mark.parametrize(
    ("unit", "start"), [("day", "2022-04-22"), ("week", "2022-04-18"), ("month", "2022-04-01"), ("year", "2022-01-01")]
)
def test_periods_start_on_the_same_day_on_both_databases(store: Store, unit: str, start: str) -> None:
    add_feed(store)
    poll(store, a_new_item("a"), at=later(1))

    table = store.table(
        "period", f"SELECT date(date_trunc('{unit}', seen_at)), date_trunc('{unit}', seen_at) FROM v_items"
    )
    assert table.rows == ((start, f"{start}T00:00:00Z"),)
