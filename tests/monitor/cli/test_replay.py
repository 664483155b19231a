"""`replay` as a command: what it prints, its status, and what is in the database afterwards."""

import json
import re
from pathlib import Path

import pytest

from tests.fakes import Entry, rss
from tests.monitor.cli.calling import demarche, program

URL = ("--database", "sqlite:///replay.db")
VISIT = Entry("v", "UN chief to visit Moscow", "Antonio Guterres will visit Moscow on Tuesday, a spokeswoman said.")
CALM = Entry("w", "Fine weather ahead", "The sun stays out over the weekend, forecasters say.")
RULES = """
alerts:
  min_confidence: 0
  channels: {desk: "file:alerts.jsonl"}
  rules: [{name: visits, kinds: visit, channels: desk}]
"""


@pytest.fixture
def recording(folder: Path) -> Path:
    """Two snapshots of one feed, and rules that want to hear of visits."""
    (folder / "config.yaml").write_text(RULES)
    recorded = folder / "post"
    recorded.mkdir()
    (recorded / "20220422T160000Z.xml").write_bytes(rss(VISIT))
    (recorded / "20220423T160000Z.xml").write_bytes(rss(VISIT, CALM))
    return recorded


def test_counts_are_one_json_object_for_programs(recording: Path) -> None:
    result = demarche("replay", recording, "--json", *URL)

    counts = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(counts) == "snapshots new revised known mentions events developments messages".split()
    assert (counts["snapshots"], counts["new"], counts["known"]) == (2, 2, 1)
    assert counts["events"] == counts["messages"] == 1


def test_counts_are_one_line_for_people(recording: Path) -> None:
    assert demarche("replay", recording, *URL).stdout.startswith("2 snapshots, 2 new, 0 revised, 1 known, ")


def test_a_second_replay_adds_nothing(recording: Path) -> None:
    demarche("replay", recording, *URL)
    result = demarche("replay", recording, "--json", *URL)

    counts = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {name: counts[name] for name in ("new", "revised", "mentions", "events", "developments", "messages")} == {
        "new": 0, "revised": 0, "mentions": 0, "events": 0, "developments": 0, "messages": 0,
    }  # fmt: skip


def test_what_was_told_is_in_the_reports_at_its_own_instant(recording: Path) -> None:
    demarche("replay", recording, *URL)

    shown = demarche("report", "alerts", "--since", "2022-04-01", "--format", "json", *URL).stdout

    (alert,) = json.loads(shown)
    assert (alert["rule"], alert["channel"], alert["change"]) == ("visits", "desk", "first_report")
    assert alert["created_at"] == "2022-04-22T16:00:00Z"


def test_messages_leave_only_when_asked_to(recording: Path, folder: Path) -> None:
    demarche("replay", recording, *URL)
    kept = (folder / "alerts.jsonl").exists()
    demarche("replay", recording, "--send", "--database", "sqlite:///other.db")

    assert not kept
    assert len((folder / "alerts.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_show_tells_each_development_with_its_evidence_and_alerts(recording: Path) -> None:
    shown = demarche("replay", recording, "--show", *URL).stdout

    assert "22 Apr 16:00  new      visit" in shown
    assert "“Antonio Guterres will visit Moscow on Tuesday" in shown
    assert "alert: visits → desk" in shown


def test_colours_are_for_terminals_that_want_them(recording: Path) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9]")

    coloured = demarche("replay", recording, "--show", *URL, env=terminal).stdout
    without = demarche(
        "replay", recording, "--show", "--database", "sqlite:///2.db", env=terminal | {"NO_COLOR": "1"}
    ).stdout
    piped = demarche("replay", recording, "--show", "--database", "sqlite:///3.db").stdout

    assert colour.search(coloured)
    assert not colour.search(without)
    assert "\x1b" not in piped


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (None, "is not a folder; a recording is a folder of INSTANT.xml files"),
        ([], "holds no snapshot"),
        (["monday.xml"], "no instant in the name of"),
    ],
)
def test_what_is_no_recording_is_status_1_with_the_reason(folder: Path, files: list[str] | None, said: str) -> None:
    if files is not None:
        (folder / "told").mkdir()
        for name in files:
            (folder / "told" / name).write_bytes(rss(VISIT))

    result = demarche("replay", "told", *URL)

    assert result.exit_code == 1
    assert said in result.stderr
    assert not (folder / "replay.db").exists()


def test_a_database_that_watches_the_real_web_is_refused(recording: Path) -> None:
    demarche("feeds", "add", "https://post.example/world.rss", *URL)

    result = demarche("replay", recording, *URL)

    assert result.exit_code == 1
    assert "Give it a database of its own" in result.stderr


def test_the_program_keeps_its_progress_out_of_the_answer(recording: Path, folder: Path) -> None:
    done = program("replay", recording, "--json", *URL, cwd=folder)

    assert done.returncode == 0
    assert json.loads(done.stdout)["snapshots"] == 2
