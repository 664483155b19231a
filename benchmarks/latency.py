"""How long an alert takes from the fetched feed to the outbox and to its receiver, at a steady rate of new items.

    python benchmarks/latency.py [--rate 50] [--seconds 30] [--telling 0.2] [--hanging]

A daemon with its default settings polls ten feeds on loopback, each with a few new items a second; `--telling` of the
items announce a visit of their own, the others are everyday news. Each visit is one alert to a webhook's receiver on
loopback. With `--hanging` a second channel never answers, which should change nothing. Fetched is when the poll that
brought the item was recorded, queued when its message was committed, sent when the receiver's answer was recorded.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.clock import wall_clock
from monitor.config import load_config
from monitor.daemon import Daemon
from storage.store import Store

FEEDS = 10
IN_A_DOCUMENT = 60  # items that a feed carries at once
DRAIN_SECONDS = 120  # how long the daemon may take for the rest after the last item

CONFIG = """
database: sqlite:///latency.db
poller: {{min_gap: 0s, robots: false, tick: 1s, allow_networks: [127.0.0.0/8]}}
articles: {{read: false}}
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


@dataclass(frozen=True, slots=True)
class Way:
    """The instants of one alert on its way."""

    fetched: datetime
    queued: datetime
    sent: datetime | None


WAYS = """
SELECT min(items.seen_at), deliveries.created_at, deliveries.sent_at
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
    parser.add_argument("--hanging", action="store_true")
    asked = parser.parse_args()
    site = Site(asked.rate, asked.telling, random.Random(1), seconds=asked.seconds)
    site.write(int(asked.rate * asked.seconds) + 1)
    with tempfile.TemporaryDirectory(prefix="demarche-latency-") as folder:
        items, ways, left = _run(Path(folder), site, hanging=asked.hanging)
    Console().print(_table(asked.rate, items, ways, left))


def _run(folder: Path, site: Site, *, hanging: bool) -> tuple[int, list[Way], float]:
    with Server(("127.0.0.1", 0), _handler(site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        feeds = "\n".join(f"  - {{url: 'http://127.0.0.1:{port}/{n}.xml', interval: 1s}}" for n in range(FEEDS))
        written = CONFIG.format(feeds=feeds, port=port, channels="[hook, hanging]" if hanging else "hook")
        (folder / "config.yaml").write_text(written, encoding="utf-8")
        config = load_config(folder / "config.yaml", environ={})
        with Store.open(config.database) as store:
            daemon = Daemon(config, store)
            daemon.start()
            site.started = time.monotonic()
            threading.Event().wait(site.seconds)
            left = _drained(folder / "latency.db", len(site.texts) - 1)
            site.released.set()
            daemon.stop()
        server.shutdown()
        return _items(folder / "latency.db"), _ways(folder / "latency.db"), left


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


def _ways(database: Path) -> list[Way]:
    with closing(sqlite3.connect(database)) as connection:
        return [Way(*map(_instant, row)) for row in connection.execute(WAYS)]  # type: ignore[arg-type]  # the first two are set


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _table(rate: float, items: int, ways: Sequence[Way], left: float) -> Table:
    table = Table("from fetched", "median", "p99", "longest", "aim (p99)")
    table.title = f"{rate:g} items a second, {items} items, {len(ways)} alerts, {wall_clock():%Y-%m-%d}"
    table.caption = f"all sent {left:.0f} s after the last item"
    table.add_row("to the outbox", *_figures([way.queued - way.fetched for way in ways]), "5 s")
    table.add_row("to the receiver", *_figures([way.sent - way.fetched for way in ways if way.sent]), "10 s")
    return table


def _figures(lengths: Sequence[timedelta]) -> tuple[str, str, str]:
    seconds = sorted(length.total_seconds() for length in lengths) or [float("nan")]
    return tuple(f"{seconds[min(int(len(seconds) * part), len(seconds) - 1)]:.2f} s" for part in (0.5, 0.99, 1.0))  # type: ignore[return-value]  # three parts


if __name__ == "__main__":
    main()
