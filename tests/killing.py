"""A recorded week told to a daemon that is killed again and again, under a receiver that keeps what it was sent.

For tests/scenarios/test_kill.py and benchmarks/kills.py. What is killed: the daemon at any moment (polling, tagging,
sending), the daemon just told to reload, a process that backs the database up, one that migrates an older database.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import monitor.demo
from monitor.clock import SetClock
from monitor.config import Config, load_config
from monitor.demo.server import RecordedSite, etag_of
from monitor.pipeline import A_DAY
from monitor.recording import Snapshot, read_recording
from monitor.replay import replay
from storage import migrations
from storage.database import Database
from storage.store import Store
from storage.types import DeliveryState, ItemOutcome

SNAPSHOTS = read_recording(Path(monitor.demo.__file__).parent / "recording")
FEEDS = sorted({snapshot.feed for snapshot in SNAPSHOTS})
# A daemon that is not killed has told a snapshot within this time on the machines it was tried on (2 cores).
LONGEST_WORK_SECONDS = 1.5
LONGEST_SIDE_WORK_SECONDS = 0.4  # a backup or migration, likewise
PATIENCE_SECONDS = 240.0
# The receiver answers after up to this time, so that kills hit messages under way.
LONGEST_ANSWER_SECONDS = 0.05

CONFIG = """
database: sqlite:///{folder}/demarche.db
poller: {{interval: 1s, max_interval: 1s, min_gap: 0s, allow_networks: [127.0.0.0/8]}}
articles: {{read: false}}
feeds:
{feeds}
alerts:
  min_confidence: 0
  channels: {{file: "file:alerts.jsonl", hook: "http://127.0.0.1:{port}/hook#secret"}}
  rules:
    - {{name: everything, channels: [file, hook]}}
    - {{name: confirmed, min_publishers: 2, channels: hook}}
"""

# All that the recording leaves behind, but for what belongs to one database: its keys and the addresses of its feeds.
TABLES = {
    "items": "SELECT item_id, guid, title, published_at, seen_at, story_id, outcome FROM v_items ORDER BY item_id",
    "mentions": "SELECT * FROM v_mentions ORDER BY mention_id",
    "events": "SELECT * FROM v_events ORDER BY event_id",
    "developments": "SELECT * FROM v_developments ORDER BY development_id",
    "alerts": "SELECT rule, channel, event_id, development_id, state FROM v_alerts ORDER BY 4, 1, 2",
}

# Developments that the rule `everything`, which names no change, did not tell to both channels. That a plan's day has
# passed without a report is told to those rules alone that ask for it.
UNTOLD = """
SELECT developments.id FROM developments
LEFT JOIN v_alerts ON v_alerts.development_id = developments.id AND v_alerts.rule = 'everything'
WHERE NOT developments.background AND developments.change <> 'overdue'
GROUP BY developments.id HAVING count(v_alerts.channel) <> 2
"""


class Target(StrEnum):
    """What is killed."""

    DAEMON = "daemon"
    RELOAD = "reload"
    BACKUP = "backup"
    MIGRATION = "migration"


@dataclass(frozen=True, slots=True)
class Shot:
    """A kill: of what, and how many seconds after it began."""

    target: Target
    seconds: float


# ---------------------------------------------------------------- who receives


@dataclass(slots=True)
class Receiver:
    """A webhook's receiver: keeps each message that it was sent, by key."""

    chance: random.Random
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    times: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    pause: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def take(self, key: str, body: bytes) -> None:
        """Keep a message; answers a little later."""
        with self.lock:
            told = json.loads(body)
            told.pop("in_reply_to")  # says which messages before it had been sent by then
            self.bodies[key].add(json.dumps(told, sort_keys=True).encode())
            self.times[key] += 1
            seconds = self.chance.uniform(0, LONGEST_ANSWER_SECONDS)
        self.pause.wait(seconds)

    @property
    def resent(self) -> int:
        """How many messages came that had come before."""
        return sum(self.times.values()) - len(self.times)


@contextmanager
def a_receiver(chance: random.Random) -> Iterator[Receiver]:
    receiver = Receiver(chance)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(self.headers["Idempotency-Key"], body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: a client that was killed does not wait for its answer."""

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


# ---------------------------------------------------------------- who is killed


@dataclass(slots=True)
class Launcher:
    """Starts processes, and ends them."""

    process: "subprocess.Popen[str]"
    daemon: int = 0

    def ask(self, line: str) -> int:
        """Ask for something, and return the number that answers it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(self) -> None:
        """Start a daemon."""
        self.daemon = self.ask("daemon")

    def end(self, number: int) -> None:
        """Send the daemon a signal and wait until it has ended."""
        os.kill(self.daemon, number)
        self.ask(f"wait {self.daemon}")
        self.daemon = 0

    def kill_after(self, line: str, seconds: float) -> None:
        """Start a process and kill it so many seconds later, unless it has ended by then."""
        process = self.ask(line)
        threading.Event().wait(seconds)
        os.kill(process, signal.SIGKILL)  # one that has ended is still there until it is waited for
        self.ask(f"wait {process}")


@contextmanager
def a_launcher(*arguments: Path) -> Iterator[Launcher]:
    command = [sys.executable, "-m", "tests.daemon_launcher", *map(str, arguments)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        launcher = Launcher(process)
        yield launcher
        if launcher.daemon:
            launcher.end(signal.SIGKILL)
        process.stdin.close()


# ---------------------------------------------------------------- the week


@dataclass(slots=True)
class Week:
    """The recorded week, told snapshot by snapshot to a daemon that is killed again and again."""

    folder: Path
    clock: SetClock
    site: RecordedSite
    store: Store
    config: Config
    receiver: Receiver
    launcher: Launcher
    older: Path
    faults: list[str] = field(default_factory=list)
    shots: Counter[Target] = field(default_factory=Counter)

    def tell(self, shots: Mapping[int, Sequence[Shot]]) -> None:
        """Tell all snapshots; `shots` are fired after each, by its number."""
        self.launcher.start()
        for number, snapshot in enumerate(SNAPSHOTS):
            self._show(snapshot)
            for shot in shots.get(number, ()):
                self._fire(shot)
            self._await(snapshot)
        self.launcher.end(signal.SIGTERM)

    def _show(self, snapshot: Snapshot) -> None:
        """Let the site and the daemon's clock reach a snapshot."""
        self.clock.at = snapshot.at
        clock_file = self.folder / "clock"
        clock_file.with_suffix(".new").write_text(snapshot.at.isoformat(), encoding="ascii")
        clock_file.with_suffix(".new").replace(clock_file)

    def _await(self, snapshot: Snapshot) -> None:
        left = PATIENCE_SECONDS
        while not self._is_told(snapshot):
            threading.Event().wait(0.05)
            left -= 0.05
            assert left > 0, f"snapshot {snapshot.path.name} of {snapshot.feed} is not told"

    def _is_told(self, snapshot: Snapshot) -> bool:
        """Say whether all that a snapshot brings has been stored, read and sent."""
        etags = {feed.publisher: feed.etag for feed in self.store.feeds()}
        if etags.get(snapshot.feed) != etag_of(self.site.document(snapshot.feed) or b""):
            return False
        items, messages = self.store.item_counts(), self.store.delivery_counts()
        waiting = (ItemOutcome.UNREAD, ItemOutcome.READ, ItemOutcome.SUMMARY_ONLY)
        if any(items[outcome] for outcome in waiting) or messages[DeliveryState.PENDING]:
            return False
        with self.store.begin() as tx:
            return not tx.passed_events((snapshot.at - A_DAY).date())

    def _fire(self, shot: Shot) -> None:
        self.shots[shot.target] += 1
        match shot.target:
            case Target.DAEMON | Target.RELOAD:
                self._kill_daemon(shot)
            case Target.BACKUP:
                self._kill_backup(shot)
            case Target.MIGRATION:
                self._kill_migration(shot)

    def _kill_daemon(self, shot: Shot) -> None:
        if shot.target is Target.RELOAD:
            os.kill(self.launcher.daemon, signal.SIGHUP)
        threading.Event().wait(shot.seconds)
        self.launcher.end(signal.SIGKILL)
        self.launcher.start()

    def _kill_backup(self, shot: Shot) -> None:
        """Kill a backup: there is none, or a whole one; and the next one goes well in any case.

        A daemon that was just started may not have listed its feeds yet, so the backup has those of the moment before.
        """
        target = self.folder / "backup.db"
        feeds = len(self.store.feeds())
        self.launcher.kill_after(f"backup {target}", shot.seconds)
        if target.exists():
            self._check(target, "a backup that was there after a kill", feeds)
            target.unlink()
        self.store.back_up(target)
        target.unlink()

    def _kill_migration(self, shot: Shot) -> None:
        """Kill a migration: the database is of the old revision or the new one, and brought up to date by the next."""
        file = self.folder / "older.db"
        shutil.copy(self.older, file)
        self.launcher.kill_after(f"upgrade {file}", shot.seconds)
        with Store.open(f"sqlite:///{file}") as store:
            store.upgrade()
        self._check(file, "a database whose migration was killed", 1)
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)

    def _check(self, file: Path, what: str, feeds: int) -> None:
        with Store.open(f"sqlite:///{file}") as store:
            self.faults += [f"{what}: {fault}" for fault in store.check()]
            if len(store.feeds()) < feeds:
                self.faults.append(f"{what}: its rows are gone")


@contextmanager
def a_week(folder: Path, chance: random.Random) -> Iterator[Week]:
    clock = SetClock(SNAPSHOTS[0].at)
    with RecordedSite(SNAPSHOTS, clock) as site, a_receiver(chance) as receiver:
        config = _configured(folder, site.port, receiver.port)
        (folder / "clock").write_text(clock.at.isoformat(), encoding="ascii")
        launching = a_launcher(folder / "config.yaml", folder / "clock")
        with Store.open(config.database) as store, launching as launcher:
            store.upgrade()
            yield Week(folder, clock, site, store, config, receiver, launcher, _older(folder))


def _configured(folder: Path, site_port: int, receiver_port: int) -> Config:
    feeds = "\n".join(
        f'  - {{url: "http://127.0.0.1:{site_port}/{feed}/feed.xml", publisher: {feed}}}' for feed in FEEDS
    )
    written = CONFIG.format(folder=folder, feeds=feeds, port=receiver_port)
    (folder / "config.yaml").write_text(written, encoding="utf-8")
    return load_config(folder / "config.yaml", environ={})


def _older(folder: Path) -> Path:
    """Return a database of the first revision, with a feed."""
    here, versions = Path(migrations.__file__).parent, folder / "first" / "versions"
    versions.mkdir(parents=True)
    shutil.copy(here / "env.py", folder / "first" / "env.py")
    shutil.copy(here / "versions" / "0001_first.py", versions)
    path = folder / "first.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database, migrations=folder / "first")
    database.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO feeds (url, title, publisher, state, origin, paused_by, interval_seconds,"
            " wanted_interval_seconds, next_poll_at, last_error, failures)"
            " VALUES ('https://a.example/', '', 'a', 'active', 'config', '', 600, 600, '2022-04-22 09:00:00.000000',"
            " '', 0)"
        )
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


# ---------------------------------------------------------------- what is left


def shots_at(chance: random.Random, kills: int) -> dict[int, list[Shot]]:
    """Return what is killed when, by the number of the snapshot: two thirds daemons, the others in equal parts."""
    shots: dict[int, list[Shot]] = defaultdict(list)
    for _ in range(kills):
        target = chance.choices(list(Target), weights=(6, 1, 1, 1))[0]
        side = target in (Target.BACKUP, Target.MIGRATION)
        longest = LONGEST_SIDE_WORK_SECONDS if side else LONGEST_WORK_SECONDS
        shots[chance.randrange(len(SNAPSHOTS))].append(Shot(target, chance.uniform(0, longest)))
    return shots


def everything(store: Store) -> dict[str, tuple[tuple[object, ...], ...]]:
    """Return all that the recording left behind."""
    return {name: store.table(name, sql).rows for name, sql in TABLES.items()}


def unharmed(config: Config, folder: Path) -> dict[str, tuple[tuple[object, ...], ...]]:
    """Return what the week leaves behind that is told to a daemon that nobody kills."""
    with Store.open(f"sqlite:///{folder / 'unharmed.db'}") as store:
        for _ in replay(config, store, SNAPSHOTS):
            pass
        return everything(store)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the items and alerts of a week under fire."""

    kills: Mapping[Target, int]
    differing: tuple[str, ...]  # tables that are not as without kills
    items_lost: int
    alerts: int
    alerts_lost: int
    shown_twice: int  # two keys for one development by one rule, or two texts for one key
    resent: int
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, shown twice or broken."""
        return not (self.differing or self.items_lost or self.alerts_lost or self.shown_twice or self.faults)


def outcome_of(week: Week, expected: Mapping[str, tuple[tuple[Any, ...], ...]]) -> Outcome:
    """Compare what a week under fire left behind, and what its receivers hold, with the same week unharmed."""
    found = everything(week.store)
    queued = {one.key: one for one in week.store.deliveries(limit=100_000)}
    hooked = {key for key, one in queued.items() if one.channel == "hook"}
    lines = [json.loads(line) for line in (week.folder / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
    received = {*week.receiver.bodies, *(line["key"] for line in lines)}
    return Outcome(
        kills=dict(week.shots),
        differing=tuple(name for name in TABLES if found[name] != expected[name]),
        items_lost=len({row[1] for row in expected["items"]} - {row[1] for row in found["items"]}),
        alerts=len(queued),
        alerts_lost=len(set(queued) - received)
        + len(set(week.receiver.bodies) ^ hooked)
        + len(week.store.table("untold", UNTOLD).rows),
        shown_twice=_shown_twice(week.receiver, lines),
        resent=week.receiver.resent + len(lines) - len({line["key"] for line in lines}),
        faults=(*week.faults, *week.store.check()),
    )


def _shown_twice(receiver: Receiver, lines: Sequence[Mapping[str, Any]]) -> int:
    """Count what a reader who drops known keys would see twice, or in two wordings."""
    wordings = sum(len(bodies) - 1 for bodies in receiver.bodies.values())
    once = [json.loads(next(iter(bodies))) for bodies in receiver.bodies.values()]
    once += list({line["key"]: line for line in lines}.values())
    told = Counter((one["channel"], one["rule"], number) for one in once for number in one["development_ids"])
    return wordings + sum(times - 1 for times in told.values())
