"""`once` against a real server on loopback: what it prints, and when it wants an operator."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import wall_clock
from tests.fakes import Entry, rss
from tests.monitor.cli.calling import program
from tests.webserver import Answer, WebServer, serving

CONFIG = """
database: sqlite:///once.db
poller: {{allow_networks: [127.0.0.0/8], min_gap: 0s}}
articles: {{read: false}}
logging: {{level: error}}
feeds: ["{url}"]
alerts:
  min_confidence: 0
  channels: {{desk: "{channel}"}}
  rules: [{{name: visits, kinds: visit, channels: desk}}]
"""


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server on loopback."""
    with serving() as server:
        yield server


def a_feed() -> Answer:
    """Return a feed that announced a visit an hour ago."""
    text = "Antonio Guterres will visit Moscow next week, a spokeswoman said."
    visit = Entry("v", "UN chief to visit Moscow", text, wall_clock() - timedelta(hours=1))
    return Answer(rss(visit), headers={"Content-Type": "application/rss+xml"})


def configure(folder: Path, url: str, channel: str = "file:alerts.jsonl") -> None:
    """Write a configuration of one feed and one rule."""
    (folder / "config.yaml").write_text(CONFIG.format(url=url, channel=channel))


def test_one_pass_takes_an_entry_all_the_way_to_its_alert(web: WebServer, folder: Path) -> None:
    configure(folder, web.answer("/feed.xml", a_feed()))

    done = program("once", cwd=folder)

    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        "poll: 1 read, 1 new",
        "read: 1 summary-only",
        "tag: 1 tagged-summary",
        "deliver: 1 sent",
    ]
    assert json.loads((folder / "alerts.jsonl").read_text(encoding="utf-8"))["rule"] == "visits"


def test_a_second_pass_has_nothing_to_do(web: WebServer, folder: Path) -> None:
    configure(folder, web.answer("/feed.xml", a_feed()))
    program("once", cwd=folder)

    done = program("once", cwd=folder)

    assert done.returncode == 0
    assert set(done.stdout.decode().split("\n")) == {f"{job}: nothing due" for job in JOBS} | {""}


JOBS = ("poll", "read", "tag", "deliver")


def test_one_job_alone_leaves_the_rest_due(web: WebServer, folder: Path) -> None:
    configure(folder, web.answer("/feed.xml", a_feed()))

    polled = program("once", "--only", "poll", cwd=folder)
    delivered = program("once", "--only", "deliver", cwd=folder)

    assert polled.stdout == b"poll: 1 read, 1 new\n"
    assert delivered.stdout == b"deliver: nothing due\n"


def test_a_feed_that_fails_is_named_and_gives_status_1(web: WebServer, folder: Path) -> None:
    configure(folder, web.answer("/gone.xml", Answer(status=404)))

    done = program("once", cwd=folder)

    assert done.returncode == 1
    assert b"poll: 1 failed" in done.stdout


def test_a_message_that_is_given_up_gives_status_1(web: WebServer, folder: Path) -> None:
    hook = web.answer("/hook", Answer(status=404))
    configure(folder, web.answer("/feed.xml", a_feed()), channel=f"{hook}#secret")

    done = program("once", cwd=folder)

    assert done.returncode == 1
    assert b"deliver: 1 dead" in done.stdout
    assert b"given up" in done.stderr


def test_a_message_that_is_tried_again_later_is_no_alarm(web: WebServer, folder: Path) -> None:
    hook = web.answer("/hook", Answer(status=503))
    configure(folder, web.answer("/feed.xml", a_feed()), channel=f"{hook}#secret")

    done = program("once", cwd=folder)

    assert done.returncode == 0
    assert b"deliver: 1 retry" in done.stdout
