"""`demarche replay`: recorded feeds through the very same pipeline."""

import json
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from monitor import chronicle
from monitor.cli.common import config_options, console, read_config
from monitor.pipeline import Observed
from monitor.recording import read_recording
from monitor.replay import replay as replay_snapshots
from storage.store import Store
from storage.types import NewEvent

# What a replay counts, in the order of the way that an entry goes.
COUNTED = ("snapshots", "new", "revised", "known", "mentions", "events", "developments", "messages")


class _Observer:
    """Counts what is settled, and tells it where there is somebody to tell."""

    def __init__(self, counts: "Counter[str]", out: Console | None) -> None:
        self._counts = counts
        self._out = out

    def __call__(self, observed: Observed) -> None:
        """Take one settled report."""
        self._counts["mentions"] += 1
        self._counts["events"] += isinstance(observed.decision, NewEvent)
        self._counts["developments"] += len(observed.settled.developments)
        self._counts["messages"] += len(observed.selection.deliveries)
        if self._out:
            for line in chronicle.lines(observed):
                self._out.print(line)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--show", is_flag=True, help="Tell each development and repeat, a line each.")
@click.option("--send", is_flag=True, help="Send the messages to the configured channels; without it they are kept.")
@click.option("--json", "as_json", is_flag=True, help="The counts as one JSON object.")
@config_options
def replay(folder: Path, show: bool, send: bool, as_json: bool, config: str, database: str | None) -> None:
    """Tell recorded feeds again in time order, on their own clock.

    DIR holds INSTANT.xml (one feed) or FEED/INSTANT.xml; INSTANT begins, after an optional NNNN__, with YYYY-MM-DD or
    YYYYMMDDTHHMMSSZ. Events, developments and messages are made as the daemon would have made them then, and are in
    the database afterwards. A second replay of the same folder adds nothing.
    """
    read = read_config(config, database)
    snapshots = read_recording(folder)
    out = console()
    counts = Counter(snapshots=len(snapshots))
    observe = _Observer(counts, out if show else None)
    with Store.open(read.database) as store, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"replaying {folder.name}", total=len(snapshots))
        for ends in replay_snapshots(read, store, snapshots, send=send, observe=observe):
            counts.update({name: ends[name] for name in ("new", "revised", "known", "failed")})
            bar.advance(task)
    if as_json:
        click.echo(json.dumps({name: counts[name] for name in COUNTED}))
    else:
        out.print(", ".join(f"{counts[name]} {name}" for name in COUNTED))
    if counts["failed"]:
        raise click.exceptions.Exit(1)
