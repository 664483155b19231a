"""Starts daemons quickly for the kill tests: all is imported once, and each daemon is a fork of this process.

Run as `python -m tests.daemon_launcher CONFIG CLOCK`. A line on standard input starts a daemon; its process id is
printed, and `ended` when it has ended. The daemon is that of `demarche run`, with a clock that stands where the file
CLOCK says.
"""

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.chain import ChainSettings, build_chain
from monitor.app import Outside
from monitor.config import load_config
from monitor.daemon import Daemon, Ticks, run_until_stopped
from monitor.logs import set_up_logs
from storage.store import Store

# The jobs look often, so that a kill at a random moment hits one of them.
TICKS = Ticks(poll=0.1, read=0.1, tag=0.1, deliver=0.1)


@dataclass(frozen=True, slots=True)
class FileClock:
    """A clock that stands at the instant that a file holds."""

    path: Path

    def __call__(self) -> datetime:
        """Return the instant."""
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))


def main(config_file: Path, clock_file: Path) -> None:
    """Start a daemon for each line of standard input, until its end."""
    build_chain(ChainSettings())
    print("ready", flush=True)  # noqa: T201  the protocol with the test
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(config_file, FileClock(clock_file))
            os._exit(0)
        print(child, flush=True)  # noqa: T201  the protocol with the test
        os.waitpid(child, 0)
        print("ended", flush=True)  # noqa: T201  the protocol with the test


def _run(config_file: Path, clock: FileClock) -> None:
    config = load_config(config_file, environ=os.environ)
    set_up_logs("warning", as_json=False)
    with Store.open(config.database) as store:
        run_until_stopped(Daemon(config, store, outside=Outside(now=clock), ticks=TICKS), lambda: config)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
