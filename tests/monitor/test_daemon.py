"""The daemon in the foreground: it starts, takes signals, and ends in order. Real processes, real signals."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.alerts.rules import AlertRule, Conditions
from monitor.alerts.secret import Secret
from monitor.alerts.select import Limits
from monitor.config import AlertsConfig, Config, PollerConfig
from monitor.daemon import config_changes
from monitor.poller.urls import redacted
from storage.store import Store
from storage.types import FeedSpec
from tests.builders import HOUR, INTERVAL, NOW, a_feed_spec

ROOT = Path(__file__).parents[2]
CONFIG = """
database: sqlite:///{folder}/demarche.db
feeds: [{feeds}]
alerts:
  channels: {{console: "console:"}}
  rules: []
"""


@dataclass(slots=True)
class Process:
    """A daemon, and what it has logged so far."""

    popen: "subprocess.Popen[str]"
    folder: Path

    def configure(self, text: str) -> None:
        """Write config.yaml."""
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def log_until(self, wanted: str) -> list[str]:
        """Return the log lines up to the first that contains `wanted`; fails when the log ends before."""
        assert self.popen.stderr is not None
        lines: list[str] = []
        for line in self.popen.stderr:
            lines.append(line)
            if wanted in line:
                return lines
        raise AssertionError(f"{wanted!r} is not in the log:\n{''.join(lines)}")


@contextmanager
def a_daemon(folder: Path, config: str) -> Iterator[Process]:
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "run", "--config", str(folder / "config.yaml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as popen:
        watchdog = threading.Timer(120, popen.kill)
        watchdog.start()
        try:
            yield Process(popen, folder)
        finally:
            popen.kill()
            watchdog.cancel()


def plain(folder: Path, *feeds: str) -> str:
    return CONFIG.format(folder=folder, feeds=", ".join(f'"{feed}"' for feed in feeds))


def test_a_daemon_makes_its_database_and_ends_in_order_on_sigterm(tmp_path: Path) -> None:
    with a_daemon(tmp_path, plain(tmp_path)) as daemon:
        daemon.log_until("started")
        daemon.popen.send_signal(signal.SIGTERM)
        daemon.log_until("stopped")
        status = daemon.popen.wait()

    assert status == 0
    with Store.open(f"sqlite:///{tmp_path / 'demarche.db'}") as store:
        assert store.check() == ()


def test_a_broken_configuration_is_named_and_the_old_one_stays_in_force(tmp_path: Path) -> None:
    with a_daemon(tmp_path, plain(tmp_path)) as daemon:
        daemon.log_until("started")
        daemon.configure(plain(tmp_path) + "polller: {}\n")
        daemon.popen.send_signal(signal.SIGHUP)
        fault = daemon.log_until("polller")[-1]
        daemon.configure(plain(tmp_path, "https://news.example/feed.xml"))
        daemon.popen.send_signal(signal.SIGHUP)
        changed = daemon.log_until("in force")[-1]
        daemon.popen.send_signal(signal.SIGINT)
        daemon.log_until("stopped")

    assert "config.yaml:7:1 polller" in fault
    assert "did you mean poller" in fault
    assert "feed https://news.example/feed.xml added" in changed


def test_a_second_daemon_on_the_same_sqlite_file_does_not_start(tmp_path: Path) -> None:
    with a_daemon(tmp_path, plain(tmp_path)) as first:
        first.log_until("started")
        with a_daemon(tmp_path, plain(tmp_path)) as second:
            second.log_until("another daemon is at work")
            status = second.popen.wait()

    assert status == 1


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'demarche.db'}") as store:
        store.upgrade()
        store.sync_feeds([a_feed_spec()], NOW, INTERVAL)
    _set_revision(tmp_path / "demarche.db", "9999")

    with a_daemon(tmp_path, plain(tmp_path)) as daemon:
        daemon.log_until("9999")
        status = daemon.popen.wait()

    assert status == 2


def _set_revision(database: Path, revision: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_what_changed_between_configurations_is_said_without_addresses_of_channels() -> None:
    old_rule = AlertRule("visits", ("desk",), Conditions())
    new_rule = AlertRule("visits", ("desk",), Conditions(min_publishers=2))
    old = Config(
        feeds=(FeedSpec("https://a.example/"),),
        alerts=AlertsConfig(rules=(old_rule,), channels={"desk": Secret("file:a"), "hook": Secret("https://a#b")}),
    )
    new = Config(
        feeds=(FeedSpec("https://reader:canary@b.example/"),),
        alerts=AlertsConfig(
            limits=Limits(max_age=HOUR),
            rules=(new_rule, AlertRule("talks", ("desk",), Conditions())),
            channels={"desk": Secret("file:a"), "hook": Secret("https://canary#b")},
            operators=("desk",),
        ),
        poller=PollerConfig(parallel=2),
    )

    changes = config_changes(old, new)

    assert "canary" not in " ".join(changes)
    assert changes == (
        f"feed {redacted('https://reader:canary@b.example/')} added",
        "feed https://a.example/ removed",
        "rule talks added",
        "channel hook changed",
        "rule visits changed",
        "poller changed",
        "limits of alerts changed",
        "operators changed",
    )
