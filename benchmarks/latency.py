"""How long an alert takes from the fetched feed to the outbox and to its receiver, at a steady rate of new items.

    python benchmarks/latency.py [--rate 50] [--seconds 30] [--telling 0.2] [--workers 0] [--hanging]

A daemon with its default settings polls ten feeds on loopback, each with a few new items a second; `--telling` of the
items announce a visit of their own, the others are everyday news. Each visit is one alert to a webhook's receiver on
loopback. With `--hanging` a second channel never answers, which should change nothing. Fetched is when the poll that
brought the item was recorded, read when what stands for its article was (nothing is fetched here), taken up when it
was placed among stories, queued when its message was written, sent when the receiver's answer was recorded.

The last lines say what part of the processor time is the chain alone, as measured afterwards on the same texts.

Seen on 2026-11-24 (2 cores), 1,500 items and 317 alerts, p99 to queued and to sent: 1.2 and 1.2 s, 1.6 and 1.7 s with
nothing else running; 4.0 and 4.6 s, 2.4 and 2.6 s on a busy machine. 13 to 23 ms of processor time an item, of which
the chain takes 2 to 3.
"""

import argparse
import random
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from extractors.chain import ChainSettings, build_chain
from extractors.types import Article
from monitor.clock import wall_clock
from monitor.config import load_config
from monitor.daemon import Daemon
from storage.database import Database
from storage.store import Store
from storage.types import Item, ItemOutcome, ReadArticle

FEEDS = 10
IN_A_DOCUMENT = 60  # items that a feed carries at once
DRAIN_SECONDS = 120  # how long the daemon may take for the rest after the last item

CONFIG = """
database: sqlite:///latency.db
poller: {{min_gap: 0s, robots: false, tick: 1s, allow_networks: [127.0.0.0/8]}}
articles: {{read: false}}
extractors: {{workers: {workers}}}
feeds:
{feeds}
alerts:
  min_confidence: 0
  channels:
    hook: "http://127.0.0.1:{port}/hook#secret"
    hanging: "http://127.0.0.1:{port}/hang#secret"
  rules:
    - {{name: visits, kinds: visit, channels: {channels}}}
"""

COUNTRIES = (
    "France Germany Italy Spain Poland Austria Greece Turkey Egypt Jordan Israel Iran Iraq India Pakistan China Japan"
    " Vietnam Thailand Indonesia Australia Canada Mexico Brazil Argentina Chile Peru Colombia Nigeria Kenya Ethiopia"
    " Ghana Morocco Algeria Tunisia Norway Sweden Finland Denmark Hungary Romania Bulgaria Serbia Croatia Ukraine"
).split()
OFFICES = ("president", "prime minister", "foreign minister", "defence minister")
EVERYDAY = (
    "The city council approved a new budget for its parks and libraries after a long debate on Monday evening.",
    "A storm left thousands of homes without power along the coast, and schools stayed closed for a second day.",
    "The striker scored twice in the second half as the home side won the derby in front of a full stadium.",
    "Shares of the carmaker fell after it lowered its forecast for the year, citing weak demand for large models.",
)


@dataclass(slots=True)
class Site:
    """Feeds that grow at a steady rate, and a receiver of webhooks, on one port."""

    rate: float
    telling: float
    chance: random.Random
    started: float = 0.0
    seconds: float = 0.0
    texts: list[tuple[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def written(self) -> int:
        """Return how many items there are by now."""
        passed = min(time.monotonic() - self.started, self.seconds) if self.started else 0.0
        return int(passed * self.rate)

    def document(self, feed: int) -> bytes:
        """Return a feed as it stands now: every tenth item is its own."""
        own = range(feed, self.written(), FEEDS)[-IN_A_DOCUMENT:]
        items = "".join(self._item(number) for number in reversed(own))
        return f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>".encode()

    def _item(self, number: int) -> str:
        title, text = self.texts[number]
        return (
            f"<item><guid isPermaLink='false'>{number}</guid><link>https://news.example/{number}</link>"
            f"<title>{escape(title)}</title><description>{escape(text)}</description></item>"
        )

    def write(self, number: int) -> None:
        """Think up so many items; no visit stands twice among them."""
        visits = [(office, *pair) for office in OFFICES for pair in permutations(COUNTRIES, 2)]
        self.chance.shuffle(visits)
        for count in range(number):
            if self.chance.random() < self.telling:
                office, guest, host = visits.pop()
                title = f"{office.capitalize()} of {guest} to visit {host}"
                self.texts.append((title, f"The {office} of {guest} will visit {host} next week, a spokesman said."))
            else:
                self.texts.append((f"Local news {count}", f"{self.chance.choice(EVERYDAY)} Report {count}."))


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, site.document(int(self.path.strip("/").partition(".")[0])))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/hang":
                site.released.wait()
            self._answer(200, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
            """Say nothing."""

    return Handler


class Server(ThreadingHTTPServer):
    """Serves the site; a client that goes is none of its business."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Watched(Store):
    """A store that notes when an item was read, and when it was taken up to be tagged."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.read_at: dict[int, datetime] = {}
        self.taken_at: dict[int, datetime] = {}

    def record_articles(self, reads: Sequence[ReadArticle], now: datetime) -> tuple[ItemOutcome, ...]:
        """Write and note it."""
        outcomes = super().record_articles(reads, now)
        self.read_at |= {read.item_id: wall_clock() for read in reads}
        return outcomes

    def place_items(self, waiting: Sequence[Item], now: datetime) -> tuple[Item, ...]:
        """Place and note it."""
        placed = super().place_items(waiting, now)
        self.taken_at |= {item.id: self.taken_at.get(item.id, wall_clock()) for item in placed}
        return placed


@dataclass(frozen=True, slots=True)
class Way:
    """The instants of one alert on its way."""

    fetched: datetime
    read: datetime
    taken: datetime
    queued: datetime
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took: `left` seconds for the rest after the last item, `processor` seconds in all."""

    items: int
    ways: tuple[Way, ...]
    left: float
    processor: float


WAYS = """
SELECT min(items.id), min(items.seen_at), deliveries.created_at, deliveries.sent_at
FROM deliveries
JOIN delivery_developments ON delivery_developments.delivery_id = deliveries.id
JOIN developments ON developments.id = delivery_developments.development_id
JOIN mentions ON mentions.id = developments.mention_id
JOIN items ON items.id = mentions.item_id
WHERE deliveries.channel = 'hook'
GROUP BY deliveries.id
"""


def main() -> None:
    """Run the daemon under load and print how long its alerts took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--telling", type=float, default=0.2)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--hanging", action="store_true")
    asked = parser.parse_args()
    site = Site(asked.rate, asked.telling, random.Random(1), seconds=asked.seconds)
    site.write(int(asked.rate * asked.seconds) + 1)
    with tempfile.TemporaryDirectory(prefix="demarche-latency-") as folder:
        run = _run(Path(folder), site, hanging=asked.hanging, workers=asked.workers)
    out = Console()
    out.print(_table(asked.rate, run))
    alone = _chain_alone(site.texts[: run.items])
    out.print(
        f"processor time: {run.processor:.1f} s, {run.processor / run.items * 1000:.1f} ms an item; the chain alone"
        f" {alone:.1f} s, {alone / run.items * 1000:.1f} ms an item ({alone / run.processor:.0%})"
    )


def _run(folder: Path, site: Site, *, hanging: bool, workers: int) -> Run:
    with Server(("127.0.0.1", 0), _handler(site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        feeds = "\n".join(f"  - {{url: 'http://127.0.0.1:{port}/{n}.xml', interval: 1s}}" for n in range(FEEDS))
        channels = "[hook, hanging]" if hanging else "hook"
        written = CONFIG.format(feeds=feeds, port=port, channels=channels, workers=workers)
        (folder / "config.yaml").write_text(written, encoding="utf-8")
        config = load_config(folder / "config.yaml", environ={})
        with Watched.open(config.database) as store:
            daemon = Daemon(config, store)
            daemon.start()
            before = _processor()
            site.started = time.monotonic()
            threading.Event().wait(site.seconds)
            left = _drained(folder / "latency.db", len(site.texts) - 1)
            site.released.set()
            daemon.stop()
        server.shutdown()
        items = _items(folder / "latency.db")
        return Run(items, tuple(_ways(folder / "latency.db", store)), left, _processor() - before)


def _processor() -> float:
    """Return the processor time of this process and those that it waited for, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _chain_alone(texts: Sequence[tuple[str, str]]) -> float:
    """Return the processor seconds that the chain takes for these texts, and nothing else."""
    chain, today = build_chain(ChainSettings()), wall_clock().date()
    began = time.process_time()
    for number, (title, text) in enumerate(texts):
        chain.read(Article(str(number), text, today, title))
    return time.process_time() - began


def _drained(database: Path, items: int) -> float:
    """Wait until all is read and sent; returns how many seconds that took after the last item."""
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_SECONDS:
        with closing(sqlite3.connect(database)) as connection:
            query = "SELECT (SELECT count(*) FROM items WHERE outcome NOT IN ('unread', 'read', 'summary-only'))"
            (settled,) = connection.execute(query).fetchone()
            (waiting,) = connection.execute(
                "SELECT count(*) FROM deliveries WHERE state = 'pending' AND channel = 'hook'"
            ).fetchone()
        if settled >= items - 1 and not waiting:
            break
        threading.Event().wait(0.5)
    return time.monotonic() - began


def _items(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])


def _ways(database: Path, store: Watched) -> Iterator[Way]:
    with closing(sqlite3.connect(database)) as connection:
        for item, fetched, queued, sent in connection.execute(WAYS):
            read, taken = store.read_at[item], store.taken_at[item]
            yield Way(_instant(fetched), read, taken, _instant(queued), _instant(sent) if sent else None)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _table(rate: float, run: Run) -> Table:
    table = Table("stage", "median", "p99", "longest", "aim (p99)")
    table.title = f"{rate:g} items a second, {run.items} items, {len(run.ways)} alerts, {wall_clock():%Y-%m-%d}"
    table.caption = f"all sent {run.left:.0f} s after the last item"
    ways, sent = run.ways, [(way, way.sent) for way in run.ways if way.sent]
    table.add_row("fetched to read", *_figures([way.read - way.fetched for way in ways]), "")
    table.add_row("read to taken up", *_figures([way.taken - way.read for way in ways]), "")
    table.add_row("taken up to queued", *_figures([way.queued - way.taken for way in ways]), "")
    table.add_row("queued to sent", *_figures([at - way.queued for way, at in sent]), "")
    table.add_section()
    table.add_row("fetched to queued", *_figures([way.queued - way.fetched for way in ways]), "5 s")
    table.add_row("fetched to sent", *_figures([at - way.fetched for way, at in sent]), "10 s")
    return table


def _figures(lengths: Sequence[timedelta]) -> tuple[str, str, str]:
    seconds = sorted(length.total_seconds() for length in lengths) or [float("nan")]
    return tuple(f"{seconds[min(int(len(seconds) * part), len(seconds) - 1)]:.2f} s" for part in (0.5, 0.99, 1.0))  # type: ignore[return-value]  # three parts


if __name__ == "__main__":
    main()
