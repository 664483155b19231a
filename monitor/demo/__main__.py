"""`make demo`: the recorded week runs by in half a minute, and the daemon tells what it makes of it."""

import json
import shutil
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from monitor import chronicle
from monitor.app import Outside
from monitor.cli.common import console, show_table
from monitor.clock import TimeLapse, wall_clock
from monitor.config import load_config
from monitor.daemon import Daemon, Ticks
from monitor.demo.picture import Picture
from monitor.demo.server import RecordedSite
from monitor.logs import set_up_logs
from monitor.pipeline import Observed
from monitor.recording import Snapshot, read_recording
from storage.reports import run_report
from storage.store import Store
from storage.types import NewEvent

HERE = Path(__file__).parent
RECORDING = HERE / "recording"
LENGTH = timedelta(seconds=30)
# Recorded hours after the last snapshot, so that the last polls see it.
MARGIN = timedelta(hours=3)
TICK_SECONDS = 0.2


@dataclass(slots=True)
class Narrator:
    """Prints what the daemon settles, as it happens, and keeps count."""

    out: Console
    picture: Picture
    counts: Counter[str] = field(default_factory=Counter)

    def __call__(self, observed: Observed) -> None:
        """Tell one settled report."""
        self.counts["mentions"] += 1
        self.counts["events"] += isinstance(observed.decision, NewEvent)
        self.counts["developments"] += len(observed.settled.developments)
        self.counts["repeats"] += not observed.settled.developments
        for line in chronicle.lines(observed):
            self.out.print(line)
            self.picture.add(line)


def main(arguments: Sequence[str] = (), *, length: timedelta = LENGTH) -> None:
    """Run the demo; with an argument, draw its first lines into the SVG file of that name."""
    set_up_logs("error", as_json=False)
    out = console()
    snapshots = read_recording(RECORDING)
    clock = time_lapse(snapshots, length)
    folder = Path(tempfile.mkdtemp(prefix="demarche-demo-"))
    narrator = Narrator(out, Picture())
    _introduce(out, snapshots)
    try:
        with RecordedSite(snapshots, clock) as site:
            _watch(narrator, folder, site, clock)
        _sum_up(out, folder, narrator.counts)
    finally:
        shutil.rmtree(folder)
    for file in arguments[:1]:
        narrator.picture.save(Path(file))


def time_lapse(snapshots: Sequence[Snapshot], length: timedelta) -> TimeLapse:
    """Return a clock that will run through the recording in `length`."""
    first: dict[str, datetime] = {}
    for snapshot in snapshots:
        first.setdefault(snapshot.feed, snapshot.at)
    start, end = max(first.values()), snapshots[-1].at + MARGIN  # from when on every feed is there
    return TimeLapse(start=start, end=end, speed=(end - start) / length, watched=wall_clock)


def _watch(narrator: Narrator, folder: Path, site: RecordedSite, clock: TimeLapse) -> None:
    """Let the daemon run until the clock has reached the recording's end."""
    environ = {"DEMO_DATABASE": f"sqlite:///{folder / 'demo.db'}", "DEMO_SITE": f"http://127.0.0.1:{site.port}"}
    config = load_config(HERE / "config.yaml", environ=environ)
    config = replace(
        config, path=folder / "config.yaml", poller=replace(config.poller, min_gap=timedelta(milliseconds=1))
    )
    with Store.open(config.database) as store:
        ticks = Ticks(poll=TICK_SECONDS, read=TICK_SECONDS, tag=TICK_SECONDS, deliver=TICK_SECONDS)
        daemon = Daemon(config, store, outside=Outside(now=clock), observe=narrator, ticks=ticks)
        daemon.start()
        clock.run()
        try:
            _wait_for_the_end(clock)
        finally:
            daemon.stop()
        narrator.counts["items"] = sum(store.item_counts().values())


def _wait_for_the_end(clock: TimeLapse) -> None:
    pause = threading.Event()
    while clock() < clock.end:
        pause.wait(TICK_SECONDS)
    pause.wait(5 * TICK_SECONDS)  # what was polled last is read, tagged and sent


def _introduce(out: Console, snapshots: Sequence[Snapshot]) -> None:
    feeds = {snapshot.feed for snapshot in snapshots}
    out.print(Rule(Text("Démarche: a week of diplomacy in half a minute", style="bold"), align="left"))
    out.print(
        f"The daemon polls {len(feeds)} recorded feeds from a server on this machine, {snapshots[0].at:%d %B} to "
        f"{snapshots[-1].at:%d %B %Y}.\nA line for each development, with the passage that tells it and the alerts it "
        "fired; a dim line for each repeat.\n"
    )


def _alerts(file: Path) -> list[dict[str, str]]:
    """Return what was delivered; nothing where the machine was too slow for the first alert."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _sum_up(out: Console, folder: Path, counts: Mapping[str, int]) -> None:
    alerts = _alerts(folder / "alerts.jsonl")
    repeated = len(alerts) - len({alert["key"] for alert in alerts})
    out.print()
    out.print(Rule(Text("What was made of it", style="bold"), align="left"))
    out.print(
        f"{counts['items']} items → {counts['mentions']} mentions → {counts['events']} events with "
        f"{counts['developments']} developments; {counts['repeats']} repeats stayed silent.\n"
        f"{len(alerts)} alerts were delivered, {repeated or 'none'} of them twice. One of them:\n"
    )
    if alerts:
        longest = max(alerts, key=lambda alert: len(alert["body"]))
        out.print(Text(f"{longest['title']}\n\n{longest['body']}\n", style="cyan"))
    out.print(Rule(Text("demarche report who", style="bold"), align="left"))
    with Store.open(f"sqlite:///{folder / 'demo.db'}") as store:
        show_table(run_report(store, "who", since=wall_clock() - timedelta(days=36500)), out)
    out.print("\nNext: edit config.yaml, then .venv/bin/demarche run. README.md has the first five minutes.")


if __name__ == "__main__":
    main(sys.argv[1:])
