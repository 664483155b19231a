"""Recorded feeds told again: everything once, at its own instant, and nothing the second time."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alerts.rules import AlertRule, Conditions
from monitor.alerts.secret import Secret
from monitor.config import AlertsConfig, Config
from monitor.errors import RecordingError
from monitor.recording import read_recording
from monitor.replay import replay
from storage.store import Store
from tests.builders import INTERVAL, NOW, a_feed_spec
from tests.fakes import Entry, rss
from tests.shared import SHARED, shared

TEXT = "UN Secretary-General Antonio Guterres will visit Moscow on Tuesday, a spokeswoman said."
VISIT = Entry("v", "UN chief to visit Moscow", TEXT)
EDITED = replace(VISIT, title="UN chief to visit Moscow and Kyiv")
FILE_RULE = AlertsConfig(
    channels={"file": Secret("file:alerts.jsonl")}, rules=(AlertRule("all", ("file",), Conditions()),)
)

ALL_ROWS = (
    "SELECT (SELECT count(*) FROM v_items), (SELECT count(*) FROM v_mentions), (SELECT count(*) FROM v_events), "
    "(SELECT count(*) FROM v_developments), (SELECT count(*) FROM v_alerts)"
)


def record(folder: Path, instant: str, *entries: Entry) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{instant}.xml").write_bytes(rss(*entries))


def told(store: Store, folder: Path, config: Config | None = None, *, send: bool = False) -> Counter[str]:
    counts: Counter[str] = Counter()
    for ends in replay(config or Config(), store, read_recording(folder), send=send):
        counts.update(ends)
    return counts


def test_an_edit_is_a_revision_and_the_second_replay_adds_nothing(store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    record(tmp_path / "post", "20220423T160000Z", EDITED)

    first = told(store, tmp_path / "post")
    rows = store.table("rows", ALL_ROWS).rows
    second = told(store, tmp_path / "post")

    assert (first["new"], first["revised"]) == (1, 1)
    assert (second["new"], second["revised"], second["failed"]) == (0, 0, 0)
    assert store.table("rows", ALL_ROWS).rows == rows


def test_what_is_told_happens_at_the_instant_of_its_snapshot(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)

    told(sqlite_store, tmp_path / "post")

    seen = sqlite_store.table("seen", "SELECT seen_at FROM v_items UNION SELECT seen_at FROM v_developments").rows
    assert seen == (("2022-04-22T16:00:00Z",),)


def test_messages_are_kept_unless_they_are_to_be_sent(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    config = Config(path=tmp_path / "config.yaml", alerts=FILE_RULE)

    told(sqlite_store, tmp_path / "post", config)

    assert sqlite_store.table("kept", "SELECT count(*) FROM v_alerts").rows != ((0,),)
    assert not (tmp_path / "alerts.jsonl").exists()


def test_messages_leave_when_asked_to(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    config = Config(path=tmp_path / "config.yaml", alerts=FILE_RULE)

    told(sqlite_store, tmp_path / "post", config, send=True)

    lines = (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(sqlite_store.deliveries()) > 0


def test_a_database_that_monitors_the_real_web_is_left_alone(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    sqlite_store.sync_feeds([a_feed_spec()], NOW, INTERVAL)

    with pytest.raises(RecordingError, match="database of its own"):
        told(sqlite_store, tmp_path / "post")

    assert len(sqlite_store.feeds()) == 1


def test_a_snapshot_that_is_no_feed_is_named_and_the_others_are_told(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    (tmp_path / "post" / "20220422T180000Z.xml").write_text("<html><body>Moved</body></html>")
    record(tmp_path / "post", "20220423T160000Z", VISIT, Entry("w", "Rain ahead", "It will rain."))

    counts = told(sqlite_store, tmp_path / "post")

    assert (counts["failed"], counts["new"]) == (1, 2)


def test_a_feed_that_begins_later_is_not_asked_for_before(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "20220422T160000Z", VISIT)
    record(tmp_path / "wire", "20220424T160000Z", replace(VISIT, guid="w"))

    counts = told(sqlite_store, tmp_path)

    assert (counts["failed"], counts["new"]) == (0, 2)
    assert [feed.publisher for feed in sqlite_store.feeds()] == ["post", "wire"]


SERIES = sorted(path.name for path in SHARED.joinpath("feeds", "series").glob("*")) or ["none"]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("series", SERIES)
def test_a_series_of_real_snapshots_is_stored_once(series: str, sqlite_store: Store) -> None:
    folder = shared("feeds", "series", series)

    first = told(sqlite_store, folder)
    rows = sqlite_store.table("rows", ALL_ROWS).rows
    second = told(sqlite_store, folder)

    assert first["new"] > 0
    assert (first["failed"], first["chain-failed"]) == (0, 0)
    assert (second["new"], second["revised"]) == (0, 0)
    assert sqlite_store.table("rows", ALL_ROWS).rows == rows
    assert duplicates(sqlite_store) == ()


def duplicates(store: Store) -> tuple[tuple[object, ...], ...]:
    """Return what is stored twice: items of one feed that share an address and a headline."""
    sql = "SELECT url, title, count(*) FROM v_items WHERE url <> '' GROUP BY feed_id, url, title HAVING count(*) > 1"
    return store.table("twice", sql).rows


def test_the_clock_of_a_replay_is_the_recordings_own(sqlite_store: Store, tmp_path: Path) -> None:
    record(tmp_path / "post", "2022-04-22", VISIT)

    told(sqlite_store, tmp_path / "post")

    assert sqlite_store.feeds()[0].last_success_at == datetime(2022, 4, 22, 23, 59, tzinfo=UTC)
