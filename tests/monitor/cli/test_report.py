"""`report`: built-in and saved questions, in each form, and nothing that writes."""

import csv
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from extractors.types import Span
from monitor.cli.report import since_instant
from storage.reports import list_reports
from storage.store import Store
from tests.builders import NOW, a_mention
from tests.monitor.cli.calling import demarche, environment, program
from tests.storage.filling import read_items, settle

BUILT_IN = [one.name for one in list_reports()]
LONG_AGO = ("--since", "2022-04-01")
ROWS_OF_FILLED = {"coverage": 1, "developments": 1, "events": 1, "feeds": 1, "publishers": 1, "upcoming": 1, "who": 1}


class Cells(HTMLParser):
    """Collects what is in the cells of a page's table."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.heads: list[str] = []
        self.cells: list[str] = []
        self._into: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._into = {"th": self.heads, "td": self.cells}.get(tag)
        if self._into is not None:
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


def test_without_a_name_the_reports_are_listed_with_their_questions(folder: Path) -> None:
    (folder / "mine.sql").write_text("SELECT 1 AS one")
    (folder / "config.yaml").write_text("reports: {mine: mine.sql}\n")

    result = demarche("report")

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == [*BUILT_IN, "mine"]
    for one in list_reports():
        assert one.question in result.stdout


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_report_answers_alike_in_all_forms(filled_url: str, name: str) -> None:
    table, as_csv, as_json, as_html = (
        demarche("report", name, *LONG_AGO, "--format", form, "--database", filled_url).stdout
        for form in ("table", "csv", "json", "html")
    )

    header, *rows = csv.reader(io.StringIO(as_csv))
    objects = json.loads(as_json)
    page = Cells(as_html)
    assert len(rows) == len(objects) == ROWS_OF_FILLED.get(name, 1)
    assert [list(one) for one in objects] == [header] * len(rows)
    assert page.heads == [column.replace("_", " ") for column in header]
    assert len(page.cells) == len(header) * len(rows)
    assert table.count("\n") > len(rows)


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_empty_database_gives_empty_answers_that_programs_can_read(empty_url: str, name: str) -> None:
    answers = {form: demarche("report", name, "--format", form, "--database", empty_url) for form in ("csv", "json")}
    table = demarche("report", name, "--database", empty_url)

    assert len(answers["csv"].stdout.splitlines()) == 1
    assert json.loads(answers["json"].stdout) == []
    assert table.stdout == f"{name}: nothing yet\n"


def test_since_leaves_out_what_was_seen_before(filled_url: str) -> None:
    def count(*since: str) -> int:
        shown = demarche("report", "events", *since, "--format", "json", "--database", filled_url).stdout
        return len(json.loads(shown))

    assert count("--since", "2022-04-22") == 1
    assert count("--since", "2022-04-23") == 0
    assert count("--since", "2022-04-22T09:00:01Z") == 0
    assert count() == 0  # thirty days, and it was seen in 2022


@pytest.mark.parametrize(
    ("text", "hours_before"), [("12h", 12), ("7d", 168), ("2w", 336), ("2022-04-22", 9), ("2022-04-22T08:00:00Z", 1)]
)
def test_since_is_a_day_an_instant_or_an_age(text: str, hours_before: int) -> None:
    assert (NOW - since_instant(text, NOW)).total_seconds() == hours_before * 3600


@pytest.mark.parametrize("text", ["yesterday", "12", "7 d", "2022-13-01", "", "-1d", "2m", "999999w"])
def test_any_other_since_is_wrong_usage(filled_url: str, text: str) -> None:
    result = demarche("report", "events", "--since", text, "--database", filled_url)

    assert result.exit_code == 2
    assert "is neither a day (2022-04-22) nor an age (12h, 7d, 2w)" in result.stderr


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00"])
def test_a_since_before_all_calendars_is_wrong_usage(filled_url: str, text: str) -> None:
    result = demarche("report", "events", "--since", text, "--format", "json", "--database", filled_url)

    assert result.exit_code == 2
    assert "is neither a day" in result.stderr


def test_a_saved_report_of_the_configuration_takes_since(filled_url: str, folder: Path) -> None:
    (folder / "mine.sql").write_text("-- question: which?\nSELECT kind, :since AS since FROM v_events")
    (folder / "config.yaml").write_text("reports: {kinds: mine.sql}\n")

    named = demarche("report", "kinds", *LONG_AGO, "--format", "json", "--database", filled_url)
    by_path = demarche("report", "mine.sql", *LONG_AGO, "--format", "json", "--database", filled_url)

    assert json.loads(named.stdout) == [{"kind": "visit", "since": "2022-04-01T00:00:00Z"}]
    assert by_path.stdout == named.stdout


def test_an_unknown_report_lists_those_there_are(filled_url: str) -> None:
    result = demarche("report", "evnts", "--database", filled_url)

    assert result.exit_code == 1
    assert result.stderr == f"demarche: no report evnts; there are {', '.join(BUILT_IN)}\n"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM deliveries",
        "UPDATE events SET kind = 'call'",
        "DROP VIEW v_events",
        "CREATE TABLE mine (one integer)",
        "INSERT INTO monitor_meta VALUES ('a', 'b') RETURNING key",
        "SELECT 1; DELETE FROM deliveries",
    ],
)
def test_a_report_that_would_write_is_refused(sqlite_store: Store, filled_url: str, folder: Path, sql: str) -> None:
    (folder / "bad.sql").write_text(sql)

    result = demarche("report", "bad.sql", "--database", filled_url)

    assert result.exit_code == 1
    assert result.stderr.startswith("demarche: report bad: ")
    assert sqlite_store.check() == ()
    assert len(sqlite_store.table("left", "SELECT * FROM v_alerts").rows) == 1


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nonsense FROM v_events", "nonsense"),
        ("SELECT :until", "no value for :until; there is :since"),
    ],
)
def test_a_report_that_is_wrong_is_named_with_the_reason(filled_url: str, folder: Path, sql: str, said: str) -> None:
    (folder / "wrong.sql").write_text(sql)

    result = demarche("report", "wrong.sql", "--database", filled_url)

    assert result.exit_code == 1
    assert result.stderr.startswith("demarche: report wrong")
    assert said in result.stderr


def test_a_file_that_is_not_there_is_named(filled_url: str) -> None:
    result = demarche("report", "gone.sql", "--database", filled_url)

    assert result.exit_code == 1
    assert "gone.sql" in result.stderr


def test_what_strangers_write_is_shown_and_not_obeyed(sqlite_store: Store, empty_url: str) -> None:
    (item,) = read_items(sqlite_store, "visit-1")
    hostile = "[/bold] said <b>Guterres</b>, \x1b[2J =1+1"
    settle(sqlite_store, item, a_mention(evidence=Span(0, len(hostile), hostile)))

    forms = {
        form: demarche("report", "developments", *LONG_AGO, "--format", form, "--database", empty_url).stdout
        for form in ("table", "html")
    }

    assert "[/bold]" in forms["table"]
    assert "\x1b" not in forms["table"]
    assert "&lt;b&gt;Guterres&lt;/b&gt;" in forms["html"]


def test_output_that_is_no_terminal_has_no_colours(filled_url: str, folder: Path) -> None:
    done = program("report", "events", *LONG_AGO, "--database", filled_url, cwd=folder)

    assert done.returncode == 0
    assert b"visit" in done.stdout
    assert b"\x1b" not in done.stdout


def test_on_a_terminal_heads_are_bold_and_no_color_takes_the_colours(filled_url: str) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}

    shown = demarche("report", "events", *LONG_AGO, "--database", filled_url, env=terminal).stdout
    plain = demarche("report", "events", *LONG_AGO, "--database", filled_url, env=terminal | {"NO_COLOR": "1"}).stdout

    assert "\x1b[1m" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", plain)


def test_a_reader_that_has_seen_enough_is_no_failure(sqlite_store: Store, empty_url: str, folder: Path) -> None:
    (folder / "long.sql").write_text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n"
    )
    command = [sys.executable, "-m", "monitor", "report", "long.sql", "--format", "csv", "--database", empty_url]

    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        first = started.stdout.readline()
        started.stdout.close()
        said = started.stderr.read()
        status = started.wait(timeout=60)

    assert first == b"i\r\n"
    assert (status, said) == (0, b"")
