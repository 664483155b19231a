"""The daemon is killed at random moments while it polls a recorded week: nothing is lost, nothing is told twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import monitor.demo
from monitor.clock import SetClock
from monitor.config import Config, load_config
from monitor.demo.server import RecordedSite, etag_of
from monitor.recording import Snapshot, read_recording
from monitor.replay import replay
from storage.store import Store
from storage.types import DeliveryState, ItemOutcome

SNAPSHOTS = read_recording(Path(monitor.demo.__file__).parent / "recording")
FEEDS = sorted({snapshot.feed for snapshot in SNAPSHOTS})
KILLS = 20
# A daemon that is not killed has told a snapshot within this time on the machines it was tried on (2 cores).
LONGEST_WORK_SECONDS = 1.5
PATIENCE_SECONDS = 60.0

CONFIG = """
database: sqlite:///{folder}/demarche.db
poller: {{interval: 1s, max_interval: 1s, min_gap: 0s, allow_networks: [127.0.0.0/8]}}
articles: {{read: false}}
feeds:
{feeds}
alerts:
  min_confidence: 0
  channels: {{file: "file:alerts.jsonl"}}
  rules:
    - {{name: everything, channels: file}}
    - {{name: confirmed, min_publishers: 2, channels: file}}
"""

# All that the recording leaves behind, but for what belongs to one database: its keys and the addresses of its feeds.
TABLES = {
    "items": "SELECT item_id, guid, title, published_at, seen_at, outcome FROM v_items ORDER BY item_id",
    "mentions": "SELECT * FROM v_mentions ORDER BY mention_id",
    "events": "SELECT * FROM v_events ORDER BY event_id",
    "developments": "SELECT * FROM v_developments ORDER BY development_id",
    "alerts": "SELECT rule, channel, event_id, development_id, state FROM v_alerts ORDER BY development_id, rule",
}


@dataclass(slots=True)
class Launcher:
    """Starts one daemon after the other on a configuration, and ends them."""

    process: "subprocess.Popen[str]"
    running: int = 0

    def start(self) -> None:
        """Start a daemon; returns when its process is there."""
        assert self.process.stdin is not None
        self.process.stdin.write("start\n")
        self.process.stdin.flush()
        self.running = int(self.hear())

    def end(self, number: int) -> None:
        """Send the daemon a signal and wait until it has ended."""
        os.kill(self.running, number)
        assert self.hear() == "ended"
        self.running = 0

    def hear(self) -> str:
        """Return the launcher's next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def a_launcher(*arguments: Path) -> Iterator[Launcher]:
    command = [sys.executable, "-m", "tests.daemon_launcher", *map(str, arguments)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        launcher = Launcher(process)
        assert launcher.hear() == "ready"
        yield launcher
        if launcher.running:
            launcher.end(signal.SIGKILL)
        assert process.stdin is not None
        process.stdin.close()


@dataclass(slots=True)
class Week:
    """The recorded week, told snapshot by snapshot to a daemon that is killed again and again."""

    folder: Path
    clock: SetClock
    site: RecordedSite
    store: Store
    config: Config

    def show(self, snapshot: Snapshot) -> None:
        """Let the site and the daemon's clock reach a snapshot."""
        self.clock.at = snapshot.at
        clock_file = self.folder / "clock"
        clock_file.with_suffix(".new").write_text(snapshot.at.isoformat(), encoding="ascii")
        clock_file.with_suffix(".new").replace(clock_file)

    def is_told(self, snapshot: Snapshot) -> bool:
        """Say whether all that a snapshot brings has been stored, read and sent."""
        etags = {feed.publisher: feed.etag for feed in self.store.feeds()}
        if etags.get(snapshot.feed) != etag_of(self.site.document(snapshot.feed) or b""):
            return False
        items, messages = self.store.item_counts(), self.store.delivery_counts()
        waiting = (ItemOutcome.UNREAD, ItemOutcome.READ, ItemOutcome.SUMMARY_ONLY)
        return not any(items[outcome] for outcome in waiting) and not messages[DeliveryState.PENDING]


@contextmanager
def a_week(folder: Path) -> Iterator[Week]:
    clock = SetClock(SNAPSHOTS[0].at)
    with RecordedSite(SNAPSHOTS, clock) as site:
        feeds = "\n".join(
            f'  - {{url: "http://127.0.0.1:{site.port}/{feed}/feed.xml", publisher: {feed}}}' for feed in FEEDS
        )
        (folder / "config.yaml").write_text(CONFIG.format(folder=folder, feeds=feeds), encoding="utf-8")
        config = load_config(folder / "config.yaml", environ={})
        with Store.open(config.database) as store:
            store.upgrade()
            week = Week(folder, clock, site, store, config)
            week.show(SNAPSHOTS[0])
            yield week


def kill_moments(chance: random.Random) -> dict[int, list[float]]:
    """Return for each snapshot how long after it each daemon lives, in seconds; `KILLS` in all."""
    moments: dict[int, list[float]] = defaultdict(list)
    for _ in range(KILLS):
        moments[chance.randrange(len(SNAPSHOTS))].append(chance.uniform(0, LONGEST_WORK_SECONDS))
    return moments


def tell_under_fire(week: Week, moments: dict[int, list[float]]) -> None:
    pause = threading.Event()
    with a_launcher(week.folder / "config.yaml", week.folder / "clock") as launcher:
        launcher.start()
        for number, snapshot in enumerate(SNAPSHOTS):
            week.show(snapshot)
            for seconds in moments.get(number, []):
                pause.wait(seconds)
                launcher.end(signal.SIGKILL)
                launcher.start()
            left = PATIENCE_SECONDS
            while not week.is_told(snapshot):
                pause.wait(0.05)
                left -= 0.05
                assert left > 0, f"snapshot {snapshot.path.name} of {snapshot.feed} is not told"
        launcher.end(signal.SIGTERM)


def everything(store: Store) -> dict[str, tuple[tuple[object, ...], ...]]:
    return {name: store.table(name, sql).rows for name, sql in TABLES.items()}


@pytest.mark.slow
def test_a_daemon_killed_at_random_moments_loses_nothing_and_tells_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(20220422)
    with a_week(tmp_path) as week, Store.open(f"sqlite:///{tmp_path / 'unharmed.db'}") as unharmed:
        for _ in replay(week.config, unharmed, SNAPSHOTS):
            pass

        tell_under_fire(week, kill_moments(chance))

        assert everything(week.store) == everything(unharmed)
        queued = {delivery.key: delivery for delivery in week.store.deliveries(limit=10_000)}
        written = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {one["key"] for one in written} == set(queued)
        assert all(
            (one["title"], one["body"]) == (queued[one["key"]].title, queued[one["key"]].body) for one in written
        )
        assert len(written) - len(queued) <= KILLS
