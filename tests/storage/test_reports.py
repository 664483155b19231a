"""Reports: each built-in one answers on an empty and on a filled database, and nobody's SQL can write."""

from pathlib import Path

import pytest

from extractors.ontology import Kind, Status
from storage.errors import NotFound, StorageError
from storage.reports import SavedReport, list_reports, read_report, run_report, run_saved_report
from storage.store import Store
from storage.types import Change, FieldChange, NewDevelopment, Repetition
from tests.builders import NOW, a_mention, a_new_delivery, days, later
from tests.storage.filling import enqueue, read_items, settle

NAMES = [report.name for report in list_reports()]


@pytest.fixture
def week(store: Store) -> Store:
    """Two publishers, a visit that moves and an attack, one alert."""
    first, second = read_items(store, "a", "b")
    (third,) = read_items(store, "c", publisher="other.example")
    visit = settle(store, first).event
    settle(store, second, a_mention(Kind.ATTACK, status=Status.OCCURRED, date=days("2022-04-20")), at=later(1))
    moved = NewDevelopment(visit, (FieldChange(Change.DATE, "2022-04-26", "2022-04-28"),), "moved")
    settled = settle(store, third, a_mention(date=days("2022-04-28")), moved, at=later(2))
    enqueue(store, a_new_delivery(settled.developments[0].id), at=later(2))
    return store


def _column(store: Store, report: str, column: str, since: float = 0) -> list[object]:
    table = run_report(store, report, since=later(since))
    return [row[table.columns.index(column)] for row in table.rows]


def test_there_is_a_report_for_every_question_of_the_day() -> None:
    assert NAMES == ["alerts", "coverage", "developments", "events", "feeds", "publishers", "upcoming", "who"]


@pytest.mark.parametrize("report", list_reports(), ids=NAMES)
def test_report_says_what_it_answers_and_takes(report: SavedReport) -> None:
    assert report.title
    assert report.question.count("?") >= 1
    assert report.parameters == ("since",)
    assert ":since" in report.sql.split("\n", 3)[3]


@pytest.mark.parametrize("name", NAMES)
def test_report_of_an_empty_store_has_columns_and_no_rows(store: Store, name: str) -> None:
    table = run_report(store, name, since=NOW)

    assert table.name == name
    assert len(table.columns) >= 5
    assert table.rows == ()


@pytest.mark.parametrize("name", NAMES)
def test_report_of_a_filled_store_has_rows(week: Store, name: str) -> None:
    assert run_report(week, name, since=NOW).rows


@pytest.mark.parametrize("name", sorted({*NAMES} - {"feeds", "upcoming"}))
def test_report_leaves_out_what_is_older_than_asked_for(week: Store, name: str) -> None:
    assert run_report(week, name, since=later(3)).rows == ()


def test_events_are_listed_newest_first(week: Store) -> None:
    assert _column(week, "events", "kind") == ["visit", "attack"]


def test_developments_are_listed_newest_first(week: Store) -> None:
    assert _column(week, "developments", "change") == ["date", "first_report", "first_report"]


def test_alerts_tell_what_was_told(week: Store) -> None:
    assert _column(week, "alerts", "new_value") == ["2022-04-28"]


def test_feeds_in_trouble_come_first(week: Store) -> None:
    assert _column(week, "feeds", "items_lately") == [2, 1]
    assert _column(week, "feeds", "items_lately", since=9) == [0, 0]


def test_coverage_counts_mentions_and_events_by_week_and_kind(week: Store) -> None:
    table = run_report(week, "coverage", since=NOW)

    monday = "2022-04-18"
    assert table.rows == ((monday, "CONSULT", "visit", 2, 1, 2), (monday, "ASSAULT", "attack", 1, 1, 1))


def test_publishers_are_ranked_by_what_they_told_first(week: Store) -> None:
    table = run_report(week, "publishers", since=NOW)

    assert table.rows == (("example.org", 2, 2, 2, 2), ("other.example", 1, 1, 0, 1))


@pytest.mark.parametrize(("hours", "expected"), [(0, ["2022-04-28"]), (24 * 6, ["2022-04-28"]), (24 * 7, [])])
def test_upcoming_are_planned_events_whose_day_has_not_passed(week: Store, hours: int, expected: list[str]) -> None:
    assert _column(week, "upcoming", "date_start", since=hours) == expected


def test_parties_that_act_toward_each_other_are_counted_with_their_conflicts(week: Store) -> None:
    table = run_report(week, "who", since=NOW)

    assert table.rows == (("UN", "RUS", 2, 1, 3, "2022-04-22T11:00:00Z"),)


def test_unknown_report_is_answered_with_those_there_are(store: Store) -> None:
    with pytest.raises(NotFound, match="no report weather; there are alerts, coverage"):
        run_report(store, "weather", since=NOW)


# ---------------------------------------------------------------- somebody's own


def _saved(folder: Path, sql: str) -> Path:
    path = folder / "mine.sql"
    path.write_text(sql)
    return path


def test_saved_report_is_run_as_it_stands(week: Store, tmp_path: Path) -> None:
    path = _saved(tmp_path, "-- at 10:30, by :nobody\nSELECT kind AS what FROM v_events WHERE last_seen_at > :since;\n")

    table = run_saved_report(week, path, since=later(1))
    assert (table.name, table.columns, table.rows) == ("mine", ("what",), (("visit",),))


def test_saved_report_needs_no_parameter(week: Store, tmp_path: Path) -> None:
    table = run_saved_report(week, _saved(tmp_path, "SELECT 100 % 7 AS rest, 'a%' AS text"), since=NOW, name="rest")

    assert (table.name, table.rows) == ("rest", ((2, "a%"),))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM items",
        "INSERT INTO stories (first_seen_at) VALUES (NULL)",
        "CREATE TABLE notes (id INTEGER)",
        "DROP VIEW v_items",
        "SELECT 1; DELETE FROM item_keys",
        "ROLLBACK; DELETE FROM item_keys",
    ],
)
def test_saved_report_cannot_write(week: Store, tmp_path: Path, sql: str) -> None:
    before = [week.table(name, f"SELECT count(*) FROM {name}").rows for name in ("items", "item_keys", "stories")]

    with pytest.raises(StorageError, match="report mine: "):
        run_saved_report(week, _saved(tmp_path, sql), since=NOW)
    assert [
        week.table(name, f"SELECT count(*) FROM {name}").rows for name in ("items", "item_keys", "stories")
    ] == before
    assert week.check() == ()


def test_store_writes_as_before_after_a_report(week: Store) -> None:
    run_report(week, "events", since=NOW)

    (item,) = read_items(week, "d", publisher="third.example")
    assert settle(week, item, None, Repetition(week.event(1), "the same")).corroborated


@pytest.mark.parametrize(("sql", "said"), [("SELECT * FROM nowhere", "nowhere"), ("SELEKT 1", "SELEKT")])
def test_error_names_the_report_and_what_the_database_said(store: Store, tmp_path: Path, sql: str, said: str) -> None:
    with pytest.raises(StorageError, match=f"report mine: .*{said}") as caught:
        run_saved_report(store, _saved(tmp_path, sql), since=NOW)
    assert type(caught.value) is StorageError  # trying again would not help


def test_unknown_parameter_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="report mine: no value for :until; there is :since"):
        run_saved_report(store, _saved(tmp_path, "SELECT :until"), since=NOW)


def test_missing_file_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"none\.sql"):
        run_saved_report(store, tmp_path / "none.sql", since=NOW)


def test_header_tells_title_and_question(tmp_path: Path) -> None:
    report = read_report(_saved(tmp_path, "-- title: Ours\n-- question: Who?\n-- parameters: since\nSELECT 1"))

    assert (report.name, report.title, report.question, report.parameters) == ("mine", "Ours", "Who?", ("since",))


def test_values_come_back_in_one_form_from_both_databases(store: Store) -> None:
    (item,) = read_items(store, "a")
    settle(store, item)

    table = store.table(
        "forms",
        "SELECT seen_at, date_start, background, confidence, avg(mention_id) AS mean, sum(mention_id) AS total,"
        " NULL AS unknown FROM v_mentions GROUP BY seen_at, date_start, background, confidence",
    )
    assert table.rows == (("2022-04-22T09:00:00Z", "2022-04-26", 0, 0.8, 1, 1, None),)
    assert [type(value) for value in table.rows[0]][:4] == [str, str, int, float]
