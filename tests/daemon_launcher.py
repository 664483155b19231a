"""Starts processes quickly for the kill tests: all is imported once, and each of them is a fork of this one.

Run as `python -m tests.daemon_launcher CONFIG CLOCK`. A line on standard input asks for something, a line answers:

    daemon              start the daemon of `demarche run`, with a clock that stands where the file CLOCK says
    backup FILE         start a process that backs the configured database up
    upgrade FILE        start a process that brings an SQLite file up to date
    wait PROCESS        wait until it has ended, and answer with its status (below 0: the signal that ended it)

A started process is answered for with its number.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.chain import ChainSettings
from monitor.app import Outside
from monitor.config import Config, load_config
from monitor.daemon import Daemon, Ticks, run_until_stopped
from monitor.logs import set_up_logs
from monitor.tagging import chain_of
from storage.store import Store

# The jobs look often, so that a kill at a random moment hits one of them; polling less often than the others, so that
# on a busy machine its claims leave them room.
TICKS = Ticks(poll=0.5, read=0.1, tag=0.1, deliver=0.1)


@dataclass(frozen=True, slots=True)
class FileClock:
    """A clock that stands at the instant that a file holds."""

    path: Path

    def __call__(self) -> datetime:
        """Return the instant."""
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))


def main(config_file: Path, clock_file: Path) -> None:
    """Do what each line of standard input asks for, until its end."""
    chain_of(ChainSettings())
    _say("ready")
    for line in sys.stdin:
        asked, _, what = line.strip().partition(" ")
        match asked:
            case "daemon":
                _say(_forked(lambda: _run(config_file, FileClock(clock_file))))
            case "backup":
                _say(_forked(lambda: _back_up(config_file, Path(what))))  # noqa: B023  called in this turn
            case "upgrade":
                _say(_forked(lambda: _upgrade(Path(what))))  # noqa: B023  likewise
            case "wait":
                _say(os.waitstatus_to_exitcode(os.waitpid(int(what), 0)[1]))


def _say(told: object) -> None:
    print(told, flush=True)  # noqa: T201  the protocol with the test


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        os.close(0)  # so that no line meant for the launcher is read here
        try:
            work()
        except BaseException as error:  # noqa: BLE001  the child must not go on as a second launcher
            print(f"{error!r}", file=sys.stderr, flush=True)  # noqa: T201  for whoever runs the test
            os._exit(1)
        os._exit(0)
    return child


def _config(file: Path) -> Config:
    return load_config(file, environ=os.environ)


def _run(config_file: Path, clock: FileClock) -> None:
    config = _config(config_file)
    set_up_logs("error", as_json=False)
    with Store.open(config.database) as store:
        daemon = Daemon(config, store, outside=Outside(now=clock), ticks=TICKS)
        run_until_stopped(daemon, lambda: _config(config_file))


def _back_up(config_file: Path, target: Path) -> None:
    with Store.open(_config(config_file).database) as store:
        store.back_up(target)


def _upgrade(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store:
        store.upgrade()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
