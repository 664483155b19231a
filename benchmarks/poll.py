"""What polling costs: our poller, the package `reader` and bare GETs ask the same feeds of one load server.

    python benchmarks/poll.py [--feeds 500] [--reader PYTHON] [--many 5000]

500 feeds of 100 kB and 40 entries on 50 hosts, all answered by one process on loopback (tests/loadserver.py), whose
time is not counted. Seconds of the processor are those of the contestant and of its own processes. `reader` runs in
the Python that has it (default: this one); without it, its column is empty. No text is read, so that no model is
loaded. Memory is the peak beyond that of the idle poller, its parsing processes included. `--many` feeds of 5 kB fall
due in the same second while a settling transaction is tried every 20 ms: how long it waited at most is told.

Seen on 2026-11-24 on a machine with two idle cores (seconds of CPU, ours and those of reader 3.26): first poll 6.13 and
25.1, unchanged 0.35 and 0.95, 5 % changed 0.63 and 2.11; with 100 ms of latency 1.10 and 5.34 seconds of wall time.
Bare GETs took 0.06 and unchanged 0.04. Memory rose by 78 MB, its two parsing processes counted whole.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

HOSTS = 50
LATENCY = 0.1
EVERY = 20  # one feed in so many changes
Row = dict[str, Any]


# ---------------------------------------------------------------- measuring


def _processes() -> Iterator[int]:
    """Yield this process and its children."""
    me = os.getpid()
    yield me
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == me:
            yield int(path.parent.name)


def cpu_seconds() -> float:
    """Return the processor's seconds of this process and its children, ended ones included."""
    ticks = 0
    for number in _processes():
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        ticks += int(fields[13]) + int(fields[14]) if number == os.getpid() else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(field: str) -> float:
    """Return megabytes of this process and its children: VmRSS at present, or VmHWM at most."""
    total = 0
    for number in _processes():
        for line in Path(f"/proc/{number}/status").read_text().splitlines():
            total += int(line.split()[1]) if line.startswith(f"{field}:") else 0
    return total / 1000


def measured(name: str, work: Callable[[], object], server: Any) -> Row:
    """Do the work and return what it took and what the server counted."""
    server.control("counts")
    server.control("set")
    cpu, wall = cpu_seconds(), time.perf_counter()
    told = work()
    row = {"case": name, "cpu": cpu_seconds() - cpu, "wall": time.perf_counter() - wall, "told": told}
    return row | {"server": server.control("counts"), "peak": memory("VmHWM")}


# ---------------------------------------------------------------- contestants


@contextmanager
def our_poller(server: Any, feeds: int, hosts: int, folder: str) -> Iterator[tuple[Callable[[], Any], Any]]:
    """Give a pass of our poller over feeds that are all due, and its store."""
    from monitor import pipeline
    from monitor.alerting import alerting
    from monitor.alerts.select import Limits
    from monitor.clock import SetClock
    from monitor.config import Config, PollerConfig
    from monitor.polling import open_polling
    from storage.store import Store
    from storage.types import FeedSpec

    poller = PollerConfig(min_gap=timedelta(), allow_networks=(ip_network("127.0.0.0/8"),))
    clock = SetClock(datetime(2026, 3, 3, tzinfo=UTC))
    with Store.open(f"sqlite:///{folder}/poll.db") as store, open_polling(Config(poller=poller), now=clock) as polling:
        store.upgrade()
        store.sync_feeds([FeedSpec(server.url(number, hosts)) for number in range(feeds)], clock(), poller.interval)
        monitor = SimpleNamespace(
            store=store,
            now=clock,
            loop=polling.loop,
            poll_feed=lambda feed: polling.poll(feed, polling.fetcher),
            stopping=threading.Event(),
            parallel=poller.parallel,
            alerting=alerting((), Limits()),
        )

        def once() -> Any:
            ends = pipeline.poll(cast(pipeline.Monitor, monitor))
            clock.at += timedelta(days=2)
            return ends

        yield once, store


def ours(server: Any, feeds: int) -> Iterator[Row]:
    """Yield the rows of our poller."""
    with tempfile.TemporaryDirectory() as folder, our_poller(server, feeds, HOSTS, folder) as (once, _):
        idle = memory("VmRSS")
        for row in _cases(once, server, feeds):
            yield row | {"idle": idle}


def reader(server: Any, feeds: int) -> Iterator[Row]:
    """Yield the rows of the package `reader`."""
    from reader import make_reader

    with tempfile.TemporaryDirectory() as folder:
        made = make_reader(f"{folder}/reader.db")
        for number in range(feeds):
            made.add_feed(server.url(number, HOSTS))
        yield from _cases(lambda: made.update_feeds(workers=10, scheduled=False), server, feeds)


def bare(server: Any, feeds: int) -> Iterator[Row]:
    """Yield the rows of GETs that do nothing with their answers."""
    known: dict[int, bytes] = {}
    yield from _cases(lambda: asyncio.run(_bare_gets(server, feeds, known)), server, feeds)


async def _bare_gets(server: Any, feeds: int, known: dict[int, bytes]) -> None:
    async def host(first: int) -> None:
        address = server.url(first, HOSTS).split("/")[2].partition(":")[0]
        source, target = await asyncio.open_connection(address, server.port, limit=1 << 20)
        for number in range(first, feeds, HOSTS):
            etag = b"If-None-Match: " + known[number] + b"\r\n" if number in known else b""
            target.write(b"GET /feed/%d HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n%s\r\n" % (number, etag))
            head = await source.readuntil(b"\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
            known[number] = fields[b"ETag"]
            await source.readexactly(int(fields.get(b"Content-Length", b"0")))
        target.close()

    await asyncio.gather(*(host(number) for number in range(HOSTS)))


def _cases(once: Callable[[], object], server: Any, feeds: int) -> Iterator[Row]:
    yield measured("first poll", once, server)
    yield measured("unchanged", once, server)
    server.control("set", latency=LATENCY)
    yield measured("unchanged, 100 ms", once, server)
    server.control("set", latency=0)
    server.control("change", first=0, last=feeds, step=EVERY)
    yield measured("5 % changed", once, server)


def many(server: Any, feeds: int) -> Iterator[Row]:
    """Yield what it takes to poll many feeds that fall due in the same second, and how long a writer waited."""
    server.control("set", size=5_000, entries=3)
    with tempfile.TemporaryDirectory() as folder, our_poller(server, feeds, feeds // 10, folder) as (once, store):
        idle = memory("VmRSS")
        server.control("set", latency=LATENCY)
        with settling(store) as waits:
            yield measured(f"first poll of {feeds:,}", once, server) | {"idle": idle, "waited": max(waits)}
        server.control("change", first=0, last=feeds, step=EVERY)
        with settling(store) as waits:
            row = measured(f"{feeds:,}, 5 % changed", once, server)
            yield row | {"idle": idle, "waited": max(waits)}


@contextmanager
def settling(store: Any) -> Iterator[list[float]]:
    """Try a settling transaction every 20 ms, and keep how long each took to begin and end."""
    waits, over = [0.0], threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            started = time.perf_counter()
            with store.begin():
                pass
            waits.append(time.perf_counter() - started)

    thread = threading.Thread(target=work)
    thread.start()
    yield waits
    over.set()
    thread.join()


CONTESTANTS: dict[str, Callable[[Any, int], Iterator[Row]]] = {
    "ours": ours,
    "reader": reader,
    "bare": bare,
    "many": many,
}


def contest(name: str, port: int, feeds: int) -> None:
    """Run one contestant and print its rows as JSON lines."""
    from tests.loadserver import LoadServer

    for row in CONTESTANTS[name](LoadServer(port), feeds):
        sys.stdout.write(json.dumps(row, default=str) + "\n")
        sys.stdout.flush()


# ---------------------------------------------------------------- the table


def rows_of(name: str, feeds: int, python: str) -> list[Row]:
    """Run a contestant against a server of its own; no rows when it cannot run there."""
    from tests.loadserver import load_server

    with load_server() as server:
        command = [python, __file__, "--contestant", name, "--port", str(server.port), "--feeds", str(feeds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=name != "reader")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def has_reader(python: str) -> bool:
    """Return whether this Python has the package."""
    return subprocess.run([python, "-c", "import reader"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def show(feeds: int, python: str, number: int) -> None:
    """Run all contestants and print the tables."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=130)
    rows = {name: rows_of(name, feeds, sys.executable) for name in ("bare", "ours")}
    rows["reader"] = rows_of("reader", feeds, python) if has_reader(python) else []
    titles = ("case", "ours: CPU s", "wall s", "reader: CPU s", "wall s", "bare: CPU s", "ours / reader", "ours / bare")
    table = Table(*titles, title=f"{feeds} feeds of 100 kB on {HOSTS} hosts")
    for place, our in enumerate(rows["ours"]):
        other, limit = (rows[name][place] if rows[name] else None for name in ("reader", "bare"))
        table.add_row(
            our["case"], *_seconds(our), *_seconds(other), _cpu(limit), _ratio(our, other), _ratio(our, limit)
        )
    console.print(table)
    for name, told in rows.items():
        for row in told:
            above = f", {row['peak'] - row['idle']:.0f} MB above idle" if "idle" in row else ""
            console.print(f"{name}, {row['case']}: server {row['server']}, told {row['told']}{above}")
    for row in rows_of("many", number, sys.executable) if number else ():
        took = f"CPU {row['cpu']:.1f} s, wall {row['wall']:.1f} s, {row['peak'] - row['idle']:.0f} MB above idle"
        waited = f"a settling transaction waited {row['waited']:.2f} s at most"
        console.print(f"{row['case']}: {took}, {waited}, server {row['server']}, told {row['told']}")


def _cpu(row: Row | None) -> str:
    return f"{row['cpu']:.2f}" if row else ""


def _seconds(row: Row | None) -> tuple[str, str]:
    return (_cpu(row), f"{row['wall']:.2f}") if row else ("", "")


def _ratio(one: Row, other: Row | None) -> str:
    return f"{one['cpu'] / other['cpu']:.2f}" if other and other["cpu"] else ""


def main() -> None:
    """Run the benchmark, or one contestant of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--many", type=int, default=5_000)
    parser.add_argument("--reader", default=sys.executable, help="a Python that has the package `reader`")
    parser.add_argument("--contestant", choices=tuple(CONTESTANTS), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.contestant:
        contest(asked.contestant, asked.port, asked.feeds)
    else:
        show(asked.feeds, asked.reader, asked.many)


if __name__ == "__main__":
    main()
